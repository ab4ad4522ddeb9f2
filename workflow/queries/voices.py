"""Looking at organisations of which several contacts have to say the same: what each of them has said."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.signing import Answer, LateVoice
from workflow.queries.people import about_text, newest_of_each, speakers, valid
from workflow.rules.circulation import Kind
from workflow.rules.voices import Voice, Voices, voices


def voices_for(session: Session, signatory: Signatory) -> Voices | None:
    """What the contacts of one signatory say; None where one is enough. Its circulation is loaded."""
    of = {signatory.id: signatory.needed}
    return voices_on(session, signatory.circulation, of).get(signatory.id)


def voices_on(session: Session, circulation: Circulation, needed: dict[int, int]) -> dict[int, Voices]:
    """The same for places of one roll, by id; `needed` says of how many contacts. Two queries, or none."""
    several = [id_ for id_, count in needed.items() if count > 1]
    if not several:
        return {}
    links: dict[int, list[Invitation]] = defaultdict(list)
    for link in session.scalars(select(Invitation).where(Invitation.signatory_id.in_(several))):
        links[link.signatory_id].append(link)
    answers: dict[int, list[Answer]] = defaultdict(list)
    for answer in session.scalars(valid(Answer.signatory_id.in_(several))):
        answers[answer.signatory_id].append(answer)
    return {id_: _voices(circulation, needed[id_], answers[id_], links[id_]) for id_ in several}


def late_voices(session: Session, signatory: Signatory) -> Voices | None:
    """What each contact of a signatory has said after the publication; None where one is enough."""
    if signatory.needed == 1:
        return None
    said = [Voice(one.person_name, Kind.SIGN_OFF, "", one.withheld) for one in _late_by_each(session, signatory.id)]
    return voices(signatory.needed, said)


def late_already(session: Session, signatory_id: int, invitation_id: int) -> LateVoice | None:
    """The newest that the voice of this link has said after the publication."""
    speaks = speakers(session, signatory_id)
    own = speaks(invitation_id)
    return next((one for one in _late_by_each(session, signatory_id) if speaks(one.invitation_id) == own), None)


def _late_by_each(session: Session, signatory_id: int) -> list[LateVoice]:
    speaks = speakers(session, signatory_id)
    newest: dict[int | None, LateVoice] = {}
    chosen = select(LateVoice).where(LateVoice.signatory_id == signatory_id).order_by(LateVoice.id.desc())
    for one in session.scalars(chosen):
        newest.setdefault(speaks(one.invitation_id), one)
    return list(newest.values())


def _voices(circulation: Circulation, needed: int, answers: Sequence[Answer], links: Sequence[Invitation]) -> Voices:
    said = newest_of_each(answers, links)
    return voices(
        needed,
        [
            Voice(one.person_name, Kind(one.kind), one.listed_name, one.withheld, one.logo)
            for one in about_text(circulation, said)
        ],
    )
