"""Looking at a text that is complete: its circulation, how old the sign-offs are, whom to ask again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.drafting import Statement
from workflow.models.signing import Reconfirmation
from workflow.queries.circulation import Place
from workflow.rules.circulation import Outcome
from workflow.rules.completion import Ending
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.refusals import NotFound
from workflow.text.instants import iso


def confirmed_at(session: Session, signed: Sequence[Place], ending: Ending, at: datetime) -> dict[int, datetime]:
    """When each of these sign-offs was given or last reconfirmed, by signatory.

    Only those that would not hold at an instant are looked up: mostly none, and then nothing is asked.
    """
    found = {place.signatory_id: place.answered_at for place in signed if place.answered_at is not None}
    old = [who for who, given in found.items() if not ending.holds(given, at)]
    if old:
        answers = {place.signatory_id: place.answer_id for place in signed}
        rows = session.execute(
            select(Reconfirmation.signatory_id, Reconfirmation.answer_id, func.max(Reconfirmation.reconfirmed_at))
            .where(Reconfirmation.signatory_id.in_(old))
            .group_by(Reconfirmation.signatory_id, Reconfirmation.answer_id)
        )
        found |= {who: newest for who, answer_id, newest in rows if answers[who] == answer_id}
    return found


def invitations_of(session: Session, signatory_ids: Sequence[int]) -> list[Invitation]:
    """The invitations of these signatories whose contacts are to be written to."""
    return list(
        session.scalars(
            select(Invitation)
            .join(Contact, Contact.id == Invitation.contact_id)
            .where(
                Invitation.signatory_id.in_(signatory_ids),
                Invitation.opens(),
                Contact.removed.is_(False),
            )
            .order_by(Invitation.id)
        )
    )


def complete_circulation(session: Session, statement_id: int) -> Circulation:
    """The circulation that was completed, with its text. Raises NotFound where there is none."""
    found = session.scalar(
        select(Circulation)
        .where(Circulation.statement_id == statement_id, Circulation.outcome == Outcome.COMPLETE)
        .options(joinedload(Circulation.revision))
    )
    if found is None:
        raise NotFound
    return found


def locked_for(session: Session, statement: Statement, move: Move) -> Circulation:
    """The circulation of a locked text, where `move` can be made. Raises WrongStage."""
    after(Stage(statement.stage), move)
    return complete_circulation(session, statement.id)


def signatory_of(session: Session, circulation_id: int, signatory_id: int) -> Signatory:
    """A place on the roll of a circulation. Raises NotFound."""
    found = session.scalar(
        select(Signatory)
        .where(Signatory.id == signatory_id, Signatory.circulation_id == circulation_id)
        .options(joinedload(Signatory.organisation))
    )
    if found is None:
        raise NotFound
    return found


def statement_of_circulation(session: Session, circulation_id: int) -> int | None:
    """The id of the statement that a circulation asks about."""
    return session.scalar(select(Circulation.statement_id).where(Circulation.id == circulation_id))


def told(ending: Ending) -> dict[str, object]:
    """What happens once the rule is met, as an event says it."""
    return {
        "how": ending.how.value,
        "embargo": iso(ending.embargo_at) if ending.embargo_at else None,
        "hold_minutes": ending.hold_minutes,
        "validity_days": ending.validity_days,
        "withheld_allowed": ending.withheld_allowed,
        "late_until": iso(ending.late_until) if ending.late_until else None,
    }
