"""In whose name a publication stands, as far as that is public, and the pictures that go with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflow.formats.reading import Gettext
from workflow.formats.record import PublicStatement


@dataclass(frozen=True)
class Picture:
    """A logo: its bytes, what they are (`png`, `jpg`, `svg`), and whose."""

    content: bytes
    form: str
    whose: str


@dataclass(frozen=True)
class Artwork:
    """The logo of the letterhead, where there is one, and those of the signatories (PNG), by their digests."""

    head: Picture | None = None
    logos: Mapping[str, bytes] = field(default_factory=dict)


NO_ARTWORK = Artwork()


def logos_in_order(found: PublicStatement, artwork: Artwork) -> list[Picture]:
    """The logos that stand in the list of signatories, in its order, each with whose it is."""
    return [Picture(artwork.logos[one.logo], "png", one.name) for one in found.entries if one.logo in artwork.logos]


def issuer(found: PublicStatement, gettext: Gettext) -> tuple[str, str]:
    """Who speaks, and a line below it; both are empty where nobody chose to be named.

    The coalition under the name that it has in public, and the lead where it is a signatory that is named.
    """
    if not found.coalition:
        return found.lead, ""
    return found.coalition, gettext("Circulated by %(lead)s") % {"lead": found.lead} if found.lead else ""
