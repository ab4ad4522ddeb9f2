"""Looking at the people of a signatory: who is told what concerns all of them, and which answer counts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
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


def valid(which: ColumnElement[bool]) -> Select[Answer]:
    """The answers of which a condition holds, newest first, without what the lead has said to be void."""
    void = select(Contest.answer_id).where(Contest.resolution == Resolution.VOID)
    return select(Answer).where(which, Answer.id.not_in(void)).order_by(Answer.id.desc())


def void_among(session: Session, answers: Sequence[Answer]) -> set[int]:
    """Which of some answers the lead has said to be void, by their ids."""
    ids = [one.id for one in answers]
    chosen = select(Contest.answer_id).where(Contest.answer_id.in_(ids), Contest.resolution == Resolution.VOID)
    return set(session.scalars(chosen)) if ids else set()


def valid_answers(session: Session, signatory_id: int) -> Sequence[Answer]:
    """What a signatory has said, newest first, without what the lead has said to be void."""
    return session.scalars(valid(Answer.signatory_id == signatory_id)).all()


def withheld_before(session: Session, statement_id: int, organisation_id: int) -> bool:
    """Whether an organisation is not named on the newest place where it has asked for that or answered.

    Also what is void is heard: nobody is to be named because somebody contests that it is not.
    """
    of_it = (Circulation.statement_id == statement_id) & (Signatory.organisation_id == organisation_id)
    chosen = select(Signatory).join(Circulation).where(of_it, Signatory.answer_id.is_not(None) | Signatory.withheld)
    place = session.scalar(chosen.order_by(Signatory.id.desc()).limit(1))
    if place is None or place.withheld:
        return place is not None
    said = select(Answer.withheld).where(Answer.signatory_id == place.id).order_by(Answer.id.desc()).limit(1)
    return bool(session.scalar(said))


def newest_by(session: Session, invitation: Invitation) -> Answer | None:
    """The newest that was said by this very link and is not void, with the revision that it is to."""
    chosen = valid((Answer.signatory_id == invitation.signatory_id) & (Answer.invitation_id == invitation.id))
    return session.scalar(chosen.options(joinedload(Answer.revision), joinedload(Answer.signatory)).limit(1))


def of_several(session: Session, circulation_id: int) -> Sequence[Signatory]:
    """The places of a roll where several contacts have to say the same, and something was said."""
    chosen = select(Signatory).where(
        Signatory.circulation_id == circulation_id, Signatory.needed > 1, Signatory.answer_id.is_not(None)
    )
    return session.scalars(chosen.options(joinedload(Signatory.circulation))).all()


def said_by_each(session: Session, signatory_id: int) -> list[Answer]:
    """The newest that each person has said for a signatory, newest first; a hand-over passes on one voice."""
    links = session.scalars(select(Invitation).where(Invitation.signatory_id == signatory_id)).all()
    return newest_of_each(valid_answers(session, signatory_id), links)


def newest_of_each(answers: Sequence[Answer], links: Sequence[Invitation]) -> list[Answer]:
    """The newest that each person has said, of answers newest first and all links of their signatory."""
    known = {one.id: one for one in links}
    newest: dict[int | None, Answer] = {}
    for one in answers:
        newest.setdefault(_speaker(known, one.invitation_id), one)
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


def about_text(circulation: Circulation, said: Sequence[Answer]) -> list[Answer]:
    """Of what was said, newest first, that which is about the text of the newest, or counts as said of it."""
    texts = {one.revision_id for one in said[:1]}
    if texts & {circulation.revision_id, *circulation.carried}:
        texts |= {circulation.revision_id, *circulation.carried}
    return [one for one in said if one.revision_id in texts]


class StandingAnswer(NamedTuple):
    """The answer that a signatory stands by, and how many of its contacts say it of the text, under the same name and
    logo. `again`: it came late, and only says again what one voice had said in time."""

    answer: Answer | None
    voices: int = 1
    again: bool = False


def standing_answer(session: Session, signatory: Signatory) -> StandingAnswer:
    """Where a signatory stands; its circulation is loaded.

    By the newest answer, where one contact is enough. Of several, what enough of them say goes before the word of one:
    but for an objection, which holds by itself, whatever others say and whenever; one in time goes before one that came
    late. An answer that was taken back leaves the others standing. What was said of a text from which only editorial
    changes led here is said of this one, a sign-off once the hours for objecting are over.
    """
    answers = valid_answers(session, signatory.id)
    if signatory.needed == 1:
        newest = answers[0] if answers else None
        return StandingAnswer(newest, 1, newest is not None and _said_again(signatory, answers))
    links = session.scalars(select(Invitation).where(Invitation.signatory_id == signatory.id)).all()
    said = newest_of_each(answers, links)
    if not said:
        return StandingAnswer(None)
    circulation = signatory.circulation
    about = [one for one in about_text(circulation, said) if one.kind != Kind.TAKEN_BACK]
    if not about:
        return StandingAnswer(said[0])
    if any(one.kind == Kind.OBJECTION for one in about):
        return _objecting(signatory, answers, about, links)
    if about[0].revision_id == circulation.revision_id and circulation.objections_until is not None:
        about = [one for one in about if one.revision_id == circulation.revision_id]
    agreed = next((one for one in about if len(_agreeing(one, about)) >= signatory.needed), None)
    if agreed is None:
        return StandingAnswer(about[0], len(_agreeing(about[0], about)))
    # It stands since enough had said it: whoever says it after the deadline as well does not make it late.
    same = sorted(_agreeing(agreed, about), key=lambda one: one.id)
    return StandingAnswer(same[signatory.needed - 1], len(same))


def _objecting(
    signatory: Signatory, answers: Sequence[Answer], about: Sequence[Answer], links: Sequence[Invitation]
) -> StandingAnswer:
    """The objection by which it stands, of what is said about the text: no voice is heard beside it."""
    known = {one.id: one for one in links}
    found = []
    for one in about:
        if one.kind == Kind.OBJECTION:
            whose = _speaker(known, one.invitation_id)
            own = [before for before in answers if _speaker(known, before.invitation_id) == whose]
            found.append((one, _said_again(signatory, own)))
    voices = 0 if any(one.kind == Kind.SIGN_OFF for one in about) else len(found)
    holding = [(one, again) for one, again in found if again or not _late(signatory, one)]
    answer, again = (holding or found)[0]
    return StandingAnswer(answer, voices, again)


def _late(signatory: Signatory, one: Answer) -> bool:
    return signatory.circulation.came_late(one.answered_at) and one.id != signatory.counted_answer_id


def _said_again(signatory: Signatory, answers: Sequence[Answer]) -> bool:
    """Whether the newest of what a voice has said of this text came late, and only says again what it said in time."""
    circulation = signatory.circulation
    if not answers or not _late(signatory, answers[0]):
        return False
    for one in answers:
        if one.revision_id not in (circulation.revision_id, *circulation.carried) or not _says(one, answers[0]):
            return False
        if not _late(signatory, one):
            return True
    return False


def _says(one: Answer, other: Answer) -> bool:
    """Whether two answers are of one kind and for one name and logo; whether to be named may be said anew."""
    return (one.kind, one.listed_name, one.names or {}, one.logo) == (
        other.kind,
        other.listed_name,
        other.names or {},
        other.logo,
    )


def _agreeing(answer: Answer, about: Sequence[Answer]) -> list[Answer]:
    same = _as_said(answer)
    return [one for one in about if _as_said(one) == same]


def _as_said(one: Answer) -> tuple[object, ...]:
    """In what several contacts have to agree."""
    return one.kind, one.listed_name, one.names or {}, one.withheld, one.logo
