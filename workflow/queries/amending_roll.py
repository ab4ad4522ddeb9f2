"""Looking at one place of a living roll, to amend it; and at what a letter about that says."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.queries.circulation import Place, open_for, roll, standings
from workflow.queries.coalition import Membership, memberships
from workflow.queries.desk import statement_by_public_id
from workflow.queries.quoting import QuoteLine, quote_lines, signatories_with_names
from workflow.rules.circulation import Standing
from workflow.rules.lifecycle import Move
from workflow.rules.refusals import NotFound


def on_roll(session: Session, circulation_id: int, organisation_id: int) -> bool:
    """Whether an organisation has a place on a roll, and was not taken off it."""
    its = (Signatory.circulation_id == circulation_id, Signatory.organisation_id == organisation_id)
    return bool(session.scalar(select(select(Signatory.id).where(*its, Signatory.dropped_at.is_(None)).exists())))


def invitations_of(session: Session, signatory_id: int) -> Sequence[Invitation]:
    """All invitations of a signatory, revoked ones too."""
    return session.scalars(select(Invitation).where(Invitation.signatory_id == signatory_id)).all()


def ownerless(session: Session, circulation: Circulation) -> list[QuoteLine]:
    """The quotes of the text in force that nobody on the roll can approve."""
    lines = quote_lines(circulation.revision.parsed, signatories_with_names(session, circulation.id))
    return [line for line in lines if line.owner_id is None]


@dataclass(frozen=True)
class AmendingPage:
    """A living roll, to be amended: the place at `index` (if one is meant), and the members who are not asked."""

    statement: Statement
    circulation: Circulation
    places: Sequence[Place]
    standings: Sequence[Standing]
    others: Sequence[Membership]
    index: int = 0

    @property
    def place(self) -> Place:
        return self.places[self.index]

    @property
    def standing(self) -> Standing:
        return self.standings[self.index]


def amending_page(session: Session, public_id: str, signatory_id: int | None = None) -> AmendingPage:
    """What the pages need. Raises WrongStage where nothing circulates, NotFound for a place that is not there."""
    statement = statement_by_public_id(session, public_id)
    circulation = open_for(session, statement, Move.AMEND_ASKING)
    places = roll(session, circulation.id)
    asked = {one.organisation_id for one in places}
    index = next((at for at, one in enumerate(places) if one.signatory_id == signatory_id), None)
    if signatory_id is not None and index is None:
        raise NotFound
    return AmendingPage(
        statement=statement,
        circulation=circulation,
        places=places,
        standings=standings(circulation, places),
        others=[one for one in memberships(session, statement.coalition_id) if one.organisation_id not in asked],
        index=index or 0,
    )
