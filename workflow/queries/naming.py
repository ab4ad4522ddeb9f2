"""Looking at a name that a signatory proposes to be listed under."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Invitation, Signatory
from workflow.models.signing import Answer
from workflow.rules.refusals import NotFound


def signatory_to_decide(
    session: Session, circulation_id: int, signatory_id: int, proposed: str
) -> tuple[Signatory, set[int]]:
    """A signatory whose newest answer proposes `proposed` as its name, and its invitations' ids.

    Raises NotFound where the proposal is no longer the newest, so that nobody accepts a name unseen.
    """
    if not proposed or "\0" in proposed:  # PostgreSQL would not even look for it
        raise NotFound
    signatory = session.scalar(
        select(Signatory)
        .join(Answer, Answer.id == Signatory.answer_id)
        .where(
            Signatory.id == signatory_id,
            Signatory.circulation_id == circulation_id,
            Answer.listed_name == proposed,
        )
    )
    if signatory is None:
        raise NotFound
    ids = session.scalars(select(Invitation.id).where(Invitation.signatory_id == signatory_id))
    return signatory, set(ids)
