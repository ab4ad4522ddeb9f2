"""Previews for journalists: when such a link opens, and what is said where it does not."""

from dataclasses import dataclass
from datetime import datetime

from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import Refusal

# How long a link can be given for, in hours; none: until the instant.
HOURS = (None, 6, 24, 72)
MOST_AT_ONCE = 200
# Names and addresses are erased so many days after the instant.
KEPT_DAYS = 30


class PreviewClosed(Refusal):
    """Base of whatever closes a preview. `slug` leads to the public page, where there is one."""

    def __init__(self, slug: str = "") -> None:
        super().__init__()
        self.slug = slug


class PreviewPublished(PreviewClosed):
    """The statement is public: the reader is led to it."""

    id = "preview-published"


class PreviewOver(PreviewClosed):
    """The embargo is over, and the text is about to be public."""

    id = "preview-over"


class PreviewHeld(PreviewClosed):
    """The instant has come, and the text is not public: it is held, and nobody knows for how long."""

    id = "preview-held"


class PreviewExpired(PreviewClosed):
    """The hours for which this link was given are over."""

    id = "preview-expired"


class PreviewRevoked(PreviewClosed):
    """The lead has taken this link back."""

    id = "preview-revoked"


class PreviewReplaced(PreviewClosed):
    """A newer mail brought a fresh link."""

    id = "preview-replaced"


class PreviewEnded(PreviewClosed):
    """The text is not final any more."""

    id = "preview-ended"


class NotEmbargoed(Refusal):
    """Only a locked text with an embargo can be shown to journalists before it is public."""

    id = "not-embargoed"


@dataclass(frozen=True)
class Given:
    """A preview's link: `generation` is that of its token, `current` that of the row."""

    generation: int
    current: int
    stage: str
    complete: bool
    slug: str
    expires_at: datetime | None
    revoked: bool
    ended: bool
    held: bool = False


def expires(until: datetime | None, embargo_at: datetime | None) -> datetime | None:
    """When a link stops opening that was given `until` an instant: with the embargo at the latest."""
    return min((one for one in (until, embargo_at) if one is not None), default=None)


def check_preview(given: Given, now: datetime, embargo_at: datetime | None) -> None:
    """Refuse a link that does not open now. Raises a PreviewClosed, the most helpful one."""
    if given.stage in (Stage.PUBLISHED, Stage.RETRACTED) and not given.revoked:
        raise PreviewPublished(given.slug)
    if given.revoked:
        raise PreviewRevoked
    if given.ended or given.stage != Stage.LOCKED or not given.complete:
        raise PreviewEnded
    if given.generation != given.current:
        raise PreviewReplaced
    if embargo_at is None or now >= embargo_at:
        raise PreviewHeld if given.held else PreviewOver
    if given.expires_at is not None and now >= given.expires_at:
        raise PreviewExpired
