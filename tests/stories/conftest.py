"""The stories' own ground: a living installation for a browser."""

from tests.stories.live import earnest, live, peopled

__all__ = ["earnest", "live", "peopled"]
