"""The people who answer for a signatory: what a circulation declares about them before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

USUAL_WORD_HOURS = 24
MOST_WORD_HOURS = 24 * 14


@dataclass(frozen=True)
class People:
    """`domains_asked`: a colleague at another mail domain, to whom a contact hands over, waits for the lead's word.

    `word_hours`: how long a member can contradict an answer that the lead recorded on somebody's word.
    """

    domains_asked: bool = True
    word_hours: int = USUAL_WORD_HOURS


USUAL_PEOPLE = People()


@dataclass(frozen=True)
class Reach:
    """A living contact: whether it is an alternate, and until when it is away."""

    contact_id: int
    alternate: bool = False
    away_until: datetime | None = None

    def away(self, now: datetime) -> bool:
        return self.away_until is not None and now < self.away_until


def asked_first(contacts: Sequence[Reach], now: datetime) -> list[int]:
    """Who gets a link when an organisation is asked: all but the alternates.

    They too where somebody is away, or where there is nobody else. Who is away has a link as well, and may hand over.
    """
    first = [one for one in contacts if not one.alternate]
    if not first or any(one.away(now) for one in first):
        first = list(contacts)
    return [one.contact_id for one in first]


def half_way(opened_at: datetime, deadline_at: datetime) -> datetime:
    """When the alternates of those are asked who have not answered."""
    return opened_at + (deadline_at - opened_at) / 2
