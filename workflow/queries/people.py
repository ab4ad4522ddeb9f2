"""Looking at the people of a signatory: who is told what concerns all of them, and which answer counts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

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


def of_several(session: Session, circulation_id: int) -> Sequence[Signatory]:
    """The places of a roll where several contacts have to say the same, and something was said."""
    chosen = select(Signatory).where(
        Signatory.circulation_id == circulation_id, Signatory.needed > 1, Signatory.answer_id.is_not(None)
    )
    return session.scalars(chosen.options(joinedload(Signatory.circulation))).all()


def said_by_each(session: Session, signatory_id: int) -> list[Answer]:
    """The newest that each person has said for a signatory, newest first; a hand-over passes on one voice."""
    speaks = speakers(session, signatory_id)
    newest: dict[int | None, Answer] = {}
    for one in valid_answers(session, signatory_id):
        newest.setdefault(speaks(one.invitation_id), one)
    return list(newest.values())


def have_said(session: Session, signatory: Signatory) -> set[int | None]:
    """The links whose contacts have said something that stands of the text in force; the circulation is loaded."""
    speaks, circulation = speakers(session, signatory.id), signatory.circulation
    return {
        speaks(one.invitation_id)
        for one in said_by_each(session, signatory.id)
        if one.kind != Kind.TAKEN_BACK and one.revision_id in (circulation.revision_id, *circulation.carried)
    }


def speakers(session: Session, signatory_id: int) -> Callable[[int | None], int | None]:
    """Tells of each link of a signatory for which one it speaks: those of one chain of hand-overs are one voice."""
    links = {one.id: one for one in session.scalars(select(Invitation).where(Invitation.signatory_id == signatory_id))}
    return partial(_speaker, links)


def _speaker(links: Mapping[int, Invitation], invitation_id: int | None) -> int | None:
    """The link at the end of a chain of hand-overs; one that was shut speaks for whoever named its contact."""
    passed: set[int | None] = set()
    while invitation_id is not None and invitation_id in links and invitation_id not in passed:
        passed.add(invitation_id)
        one = links[invitation_id]
        following = one.handed_to_id or (one.named_by_id if one.revoked_at is not None else None)
        if following is None:
            break
        invitation_id = following
    return invitation_id


def voices_of(session: Session, signatory: Signatory) -> int:
    """How many contacts say what the newest answer says, of the text, under the same name; 1 where one is enough.

    What was said of a text from which only editorial changes led here is said of this one, a sign-off once the hours
    for objecting are over. None, where it is a sign-off and another contact objects.
    """
    said = said_by_each(session, signatory.id) if signatory.needed > 1 else []
    if not said:
        return 1
    last, circulation = said[0], signatory.circulation
    texts = {last.revision_id}
    if last.revision_id in (circulation.revision_id, *circulation.carried):
        texts |= {circulation.revision_id, *circulation.carried}
    about = [one for one in said if one.revision_id in texts]
    if last.kind == Kind.SIGN_OFF and any(one.kind == Kind.OBJECTION for one in about):
        return 0
    if last.revision_id == circulation.revision_id and circulation.objections_until is not None:
        about = [one for one in about if one.revision_id == last.revision_id]
    same = (last.kind, last.listed_name, last.names or {}, last.withheld)
    return sum((one.kind, one.listed_name, one.names or {}, one.withheld) == same for one in about)
