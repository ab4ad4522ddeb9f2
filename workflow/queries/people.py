"""Looking at the people of a signatory: who is told what concerns all of them, and which answer counts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.contesting import Contest
from workflow.models.signing import Answer
from workflow.rules.circulation import Kind
from workflow.rules.contesting import Resolution


def concerned(session: Session, signatory_id: int) -> list[Invitation]:
    """The invitations of all registered contacts of a signatory, also where the link opens nothing any more."""
    return list(
        session.scalars(
            select(Invitation)
            .join(Contact, Contact.id == Invitation.contact_id)
            .where(
                Invitation.signatory_id == signatory_id,
                Invitation.waits_for_lead.is_(False),
                Contact.removed.is_(False),
            )
            .order_by(Invitation.id)
        )
    )


def valid_answers(session: Session, signatory_id: int) -> Sequence[Answer]:
    """What a signatory has said, newest first, without what the lead has said to be void."""
    void = select(Contest.answer_id).where(Contest.resolution == Resolution.VOID)
    return session.scalars(
        select(Answer).where(Answer.signatory_id == signatory_id, Answer.id.not_in(void)).order_by(Answer.id.desc())
    ).all()


def voices_of(session: Session, signatory: Signatory) -> int:
    """How many contacts say what the newest answer says, of the same text, under the same name; 1 where one is enough.

    None, where it is a sign-off and another contact objects to that text.
    """
    if signatory.needed <= 1:
        return 1
    newest: dict[int | None, Answer] = {}
    for one in valid_answers(session, signatory.id):
        newest.setdefault(one.invitation_id, one)
    if not newest:
        return 1
    last = max(newest.values(), key=lambda one: one.id)
    about = [one for one in newest.values() if one.revision_id == last.revision_id]
    if last.kind == Kind.SIGN_OFF and any(one.kind == Kind.OBJECTION for one in about):
        return 0
    same = (last.kind, last.listed_name, last.withheld)
    return sum((one.kind, one.listed_name, one.withheld) == same for one in about)
