"""Looking at what one link or one signatory concerns: invitation, circulation, text in force, answers."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Coalition
from workflow.models.drafting import Revision, Statement
from workflow.models.signing import Answer, CodeChallenge
from workflow.rules.circulation import Kind
from workflow.rules.refusals import LinkTampered, NotFound


def invitation_for_answer(session: Session, invitation_id: int) -> Invitation:
    """An invitation with its signatory, circulation and the text in force, by one query. Raises NotFound."""
    found = session.scalar(
        select(Invitation)
        .join(Invitation.signatory)
        .join(Signatory.circulation)
        .join(Circulation.revision)
        .where(Invitation.id == invitation_id)
        .options(
            contains_eager(Invitation.signatory)
            .contains_eager(Signatory.circulation)
            .contains_eager(Circulation.revision)
        )
    )
    if found is None:
        raise NotFound
    return found


def invitation_for_page(session: Session, invitation_id: int) -> Invitation:
    """An invitation with all that a member's page shows: contact, statement, lead. Raises LinkTampered."""
    found = session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .options(
            joinedload(Invitation.contact),
            joinedload(Invitation.signatory).options(
                joinedload(Signatory.organisation),
                joinedload(Signatory.circulation).options(
                    joinedload(Circulation.revision),
                    joinedload(Circulation.statement).options(
                        joinedload(Statement.lead),
                        joinedload(Statement.coalition).joinedload(Coalition.lead),
                    ),
                ),
            ),
        )
    )
    if found is None:
        raise LinkTampered
    return found


def current_answer(session: Session, signatory: Signatory) -> Answer | None:
    """The newest answer of a signatory, with the revision it is to."""
    if signatory.answer_id is None:
        return None
    return session.scalar(
        select(Answer)
        .join(Answer.revision)
        .where(Answer.id == signatory.answer_id)
        .options(contains_eager(Answer.revision), joinedload(Answer.signatory))
    )


def signed_so_far(session: Session, signatory: Signatory) -> str:
    """Whether its newest answer is a sign-off: "now" to the text in force, "kept" by an editorial change, else ""."""
    newest = current_answer(session, signatory)
    if newest is None or newest.kind != Kind.SIGN_OFF:
        return ""
    if newest.revision_id == signatory.circulation.revision_id:
        return "now"
    return "kept" if newest.revision_id in signatory.circulation.carried else ""


def answers_of(session: Session, signatory_id: int) -> list[Answer]:
    """All that a signatory has said, oldest first, each with its revision."""
    return list(
        session.scalars(
            select(Answer)
            .where(Answer.signatory_id == signatory_id)
            .options(joinedload(Answer.revision))
            .order_by(Answer.id)
        )
    )


def taken_back(session: Session, answer: Answer) -> Answer | None:
    """The answer that `answer` took back; none where it is another one."""
    if answer.kind != Kind.TAKEN_BACK:
        return None
    before = [one for one in answers_of(session, answer.signatory_id) if one.id < answer.id]
    return next((one for one in reversed(before) if one.kind != Kind.TAKEN_BACK), None)


def answers_to_statement(session: Session, statement_id: int, organisation_id: int) -> list[Answer]:
    """All that an organisation has said to a statement in any circulation, oldest first, with revisions."""
    return list(
        session.scalars(
            select(Answer)
            .join(Answer.signatory)
            .join(Signatory.circulation)
            .where(Circulation.statement_id == statement_id, Signatory.organisation_id == organisation_id)
            .options(joinedload(Answer.revision))
            .order_by(Answer.id)
        )
    )


def desk_signatory(session: Session, statement_id: int, organisation_id: int) -> tuple[Signatory, Circulation] | None:
    """The lead organisation's own place on the open roll, with the circulation and the text in force."""
    signatory = session.scalar(
        select(Signatory)
        .join(Signatory.circulation)
        .where(
            Circulation.statement_id == statement_id,
            Circulation.ended_at.is_(None),
            Signatory.organisation_id == organisation_id,
            Signatory.dropped_at.is_(None),
        )
        .options(contains_eager(Signatory.circulation).joinedload(Circulation.revision))
    )
    return (signatory, signatory.circulation) if signatory else None


def codes_since(session: Session, invitation_id: int, since: datetime) -> tuple[int, datetime | None]:
    """How many codes an invitation asked for after an instant, and when the first of them."""
    asked = select(func.count(), func.min(CodeChallenge.created_at)).where(
        CodeChallenge.invitation_id == invitation_id, CodeChallenge.created_at > since
    )
    count, oldest = session.execute(asked).one()
    return count, oldest


def challenge(session: Session, challenge_id: int) -> CodeChallenge:
    """A code challenge by its id. Raises NotFound."""
    found = session.get(CodeChallenge, challenge_id)
    if found is None:
        raise NotFound
    return found


def revision_by_digest(session: Session, statement_id: int, digest: str) -> Revision | None:
    """The revision of this statement with that digest, if there is one."""
    return session.scalar(
        select(Revision)
        .where(Revision.statement_id == statement_id, Revision.digest == digest)
        .order_by(Revision.number)
        .limit(1)
    )
