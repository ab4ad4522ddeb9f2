"""Looking at a code that is to be mailed: its six digits, or why they are of no use any more."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.links import Links
from workflow.mail.letters import LetterView
from workflow.models.circulation import Invitation
from workflow.models.posting import Letter
from workflow.models.signing import CodeChallenge
from workflow.rules.refusals import NotFound


def with_code(
    session: Session, links: Links, now: datetime, letter: Letter, view: LetterView, invitation: Invitation
) -> LetterView | str:
    """The letter with the digits of a challenge, made now, and without a link; or why it is of no use, in a word."""
    if letter.subject_id is None:
        raise NotFound
    challenge = session.get(CodeChallenge, letter.subject_id)
    if challenge is None or challenge.used_at is not None or challenge.generation != invitation.generation:
        return "code used or replaced"
    if challenge.expires_at <= now:
        return "code expired"
    life = challenge.expires_at - challenge.created_at
    return replace(
        view,
        link="",
        act=str(letter.facts.get("act", "answer")),
        code=links.code(challenge.id, challenge.digest, challenge.answer_hash),
        code_minutes=round(life.total_seconds() / 60),
        until=challenge.expires_at,
    )
