"""Looking at a locked text as the lead sees it: who signed, when it is published, whose sign-off is too old by then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.mail.previews import shown_to
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.queries.circulation import Place, roll, rule_of, standings
from workflow.queries.completion import confirmed_at, locked_for
from workflow.queries.desk import statement_by_public_id
from workflow.rules.completion import Completion, reconfirming_helps, too_old, when_published
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import Message


@dataclass(frozen=True)
class SignedLine:
    """One who signed: when that was given or last reconfirmed, and whether it will hold when the text is published."""

    place: Place
    confirmed_at: datetime
    too_old: bool


@dataclass(frozen=True)
class LockedPage:
    """A locked text. `due_at`: when it is published; none where the lead presses. `overdue`: it is held.

    `can_press`: the lead can publish now. `asked`: those whose sign-offs are too old can reconfirm already.
    `shown_to`: how many journalists were sent a preview, and are told of whatever becomes of it.
    """

    statement: Statement
    circulation: Circulation
    signed: Sequence[SignedLine]
    due_at: datetime | None
    overdue: bool
    can_press: bool
    asked: bool
    publishing: Message
    rule: Message
    shown_to: int = 0

    @property
    def embargoed(self) -> bool:
        return self.circulation.ending.how is Completion.EMBARGO

    @property
    def tired(self) -> Sequence[Place]:
        """Those whose sign-offs have to be reconfirmed."""
        return [line.place for line in self.signed if line.too_old]

    @property
    def own_is_tired(self) -> bool:
        """Whether the lead organisation's own sign-off is one of them."""
        return any(place.organisation_id == self.statement.lead_id for place in self.tired)


def locked_page(session: Session, public_id: str, now: datetime) -> LockedPage:
    """The page of a locked text. Raises WrongStage for any other."""
    statement = statement_by_public_id(session, public_id)
    circulation = locked_for(session, statement, Move.PUBLISH)
    ending, due = circulation.ending, circulation.due_at
    at = max(due or now, now)
    places = roll(session, circulation.id)
    found = zip(places, standings(circulation, places), strict=True)
    signed = [place for place, standing in found if standing.signed]
    confirmed = confirmed_at(session, signed, ending, at)
    tired = set(too_old(confirmed, ending, at))
    return LockedPage(
        statement=statement,
        circulation=circulation,
        signed=[
            SignedLine(one, confirmed[one.signatory_id], one.signatory_id in tired)
            for one in signed
            if one.signatory_id in confirmed
        ],
        due_at=due,
        overdue=due is not None and due <= now,
        can_press=due is None or due <= now,
        asked=reconfirming_helps(ending, now, at),
        publishing=when_published(ending),
        rule=rule_of(circulation, places),
        shown_to=len(shown_to(session, circulation.id)),
    )
