"""The people who answer for a signatory: what a circulation declares about them before it begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow.rules.refusals import FormRefused, Message, NoContact, Refusal

LINK_LIFE_AFTER_DEADLINE = timedelta(days=14)
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


class TooFewContacts(NoContact):
    """An organisation needs more of its contacts to say the same than it has. Params: organisations (list of names)."""

    id = "too-few-contacts"


class NeedsSeveral(Refusal):
    """What several contacts have to say alike cannot be recorded on the word of one."""

    id = "needs-several"


def asked_first(contacts: Sequence[Reach], now: datetime, needed: int = 1) -> list[int]:
    """Who gets a link when an organisation is asked: all but the alternates.

    They too where somebody is away, or where there are not enough others. Who is away has a link as well, and may hand
    over.
    """
    first = [one for one in contacts if not one.alternate]
    if len(first) < needed or any(one.away(now) for one in first):
        first = list(contacts)
    return [one.contact_id for one in first]


def check_away(until: datetime, now: datetime) -> None:
    """Refuse to be away until an instant that is over. Raises FormRefused."""
    if until <= now:
        raise FormRefused({"away": Message("away-past")})


def half_way(opened_at: datetime, deadline_at: datetime) -> datetime:
    """When the alternates of those are asked who have not answered."""
    return opened_at + (deadline_at - opened_at) / 2


def check_contacts(roll: Iterable[tuple[str, int]]) -> None:
    """Refuse to ask organisations nobody can be written to. `roll`: (name, number of contacts) each."""
    without = [name for name, contacts in roll if not contacts]
    if without:
        raise NoContact(organisations=without)


def link_expiry(deadline_at: datetime, now: datetime) -> datetime:
    """When a link sent at `now` stops opening: well after the deadline, so that late answers can be given."""
    return max(deadline_at, now) + LINK_LIFE_AFTER_DEADLINE
