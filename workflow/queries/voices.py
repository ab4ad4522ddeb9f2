"""Looking at organisations of which several contacts have to say the same: what each of them has said."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.signing import Answer
from workflow.queries.people import about_text, newest_of_each, valid
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


def _voices(circulation: Circulation, needed: int, answers: Sequence[Answer], links: Sequence[Invitation]) -> Voices:
    said = newest_of_each(answers, links)
    return voices(
        needed,
        [
            Voice(one.person_name, Kind(one.kind), one.listed_name, one.withheld)
            for one in about_text(circulation, said)
        ],
    )
