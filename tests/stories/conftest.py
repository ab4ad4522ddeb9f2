"""The stories' own ground: a living installation for a browser."""

from tests.stories.live import live

__all__ = ["live"]
