"""The outbox: letters are put here inside the business transaction, and sent by the worker afterwards."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert
from sqlalchemy.orm import Session

from workflow.models.posting import Job, Letter

SEND_LETTER = "send-letter"
CODE_URGENCY = 0
ANSWER_URGENCY = 3
USUAL_URGENCY = 5


class Kind(StrEnum):
    """Every kind of letter; each has its three files under templates/mail/<kind>/."""

    APPROVAL = "approval"
    FRESH_LINK = "fresh_link"
    NEW_TEXT = "new_text"
    CODE = "code"
    RECEIPT = "receipt"
    ANSWERED = "answered"
    COMMENTED = "commented"
    PUBLISHED = "published"
    RECALLED = "recalled"
    ABANDONED = "abandoned"
    EXTENDED = "extended"
    NAME_DECIDED = "name_decided"
    DEADLINE = "deadline"
    RESET = "reset"


URGENCY = {
    Kind.CODE: CODE_URGENCY,
    Kind.RESET: CODE_URGENCY,
    Kind.FRESH_LINK: 1,
    Kind.RECEIPT: ANSWER_URGENCY,
}


@dataclass(frozen=True)
class Draft:
    """A letter to be put: its kind, to whom (a contact or a user), and the ids it speaks about.

    `subject_id` names the row that the kind is about (an answer, a challenge, a comment); `facts` holds
    short words that are known only now (such as an outcome). Neither ever holds a token or a code.
    """

    kind: Kind
    contact_id: int | None = None
    user_id: int | None = None
    statement_id: int | None = None
    invitation_id: int | None = None
    subject_id: int | None = None
    facts: dict[str, object] = field(default_factory=dict)


def put(session: Session, now: datetime, drafts: Iterable[Draft]) -> None:
    """Put letters into the outbox of the running transaction, each with the job that sends it.

    Many letters take as many statements as few: a roll of seven hundred is written to at once.
    """
    letters = [
        {
            "kind": draft.kind.value,
            "contact_id": draft.contact_id,
            "user_id": draft.user_id,
            "statement_id": draft.statement_id,
            "invitation_id": draft.invitation_id,
            "subject_id": draft.subject_id,
            "facts": draft.facts,
            "message_id": secrets.token_hex(16),
            "created_at": now,
            "attempts": 0,
            "last_error": "",
        }
        for draft in drafts
    ]
    if not letters:
        return
    put_now = session.execute(insert(Letter).returning(Letter.id, Letter.kind), letters)
    jobs = [
        {
            "kind": SEND_LETTER,
            "subject_id": letter_id,
            "run_at": now,
            "urgency": URGENCY.get(Kind(kind), USUAL_URGENCY),
            "dedupe_key": f"{SEND_LETTER}/{letter_id}",
            "attempts": 0,
        }
        for letter_id, kind in put_now
    ]
    session.execute(insert(Job), jobs)
