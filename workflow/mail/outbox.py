"""The outbox: letters are put here inside the business transaction, and sent by the worker afterwards."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, insert, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Invitation
from workflow.models.drafting import Statement
from workflow.models.posting import Job, Letter
from workflow.text.instants import iso

# Kinds of jobs; the worker knows what each of them does.
SEND_LETTER = "send-letter"
DEADLINE = "deadline"
OBJECTIONS_OVER = "objections-over"
FORGET_APPLICATIONS = "forget-applications"
FORGET_PREVIEWS = "forget-previews"
PUBLISH = "publish"
WORD_STANDS = "word-stands"
ALTERNATES = "alternates"
CODE_URGENCY = 0
ANSWER_URGENCY = 3
USUAL_URGENCY = 5
# The whole press list can wait for a code, a receipt, and a letter to a signatory.
PRESS_URGENCY = 7
# Of letters that are gathered, the next one of a kind to the same person about the same statement goes after so long.
GATHER = timedelta(minutes=10)


class Kind(StrEnum):
    """Every kind of letter; each has its three files under templates/mail/<kind>/."""

    APPROVAL = "approval"
    FRESH_LINK = "fresh_link"
    NEW_TEXT = "new_text"
    EDITORIAL = "editorial"
    CONCLUDED = "concluded"
    QUOTE_RECEIPT = "quote_receipt"
    QUOTE_DECIDED = "quote_decided"
    CODE = "code"
    RECEIPT = "receipt"
    ANSWERED = "answered"
    COMMENTED = "commented"
    REPLIED = "replied"
    DISPOSED = "disposed"
    PUBLISHED = "published"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SILENCE_BROKEN = "silence_broken"
    ROLL_CHANGED = "roll_changed"
    DROPPED = "dropped"
    OPENED = "opened"
    APPLY_CONFIRM = "apply_confirm"
    APPLY_REFUSED = "apply_refused"
    APPLY_REOPENED = "apply_reopened"
    APPLY_STALE = "apply_stale"
    APPLY_CLOSED = "apply_closed"
    APPLY_CONTESTED = "apply_contested"
    APPLIED = "applied"
    EMBARGO_MOVED = "embargo_moved"
    HELD = "held"
    RECONFIRM = "reconfirm"
    LATER_RECEIPT = "later_receipt"
    LATER_TOLD = "later_told"
    NOTED = "noted"
    RECALLED = "recalled"
    ABANDONED = "abandoned"
    EXTENDED = "extended"
    REMINDER = "reminder"
    NAME_DECIDED = "name_decided"
    LATE_COUNTED = "late_counted"
    DEADLINE = "deadline"
    HANDED_OVER = "handed_over"
    AWAY = "away"
    CONTESTED = "contested"
    RECORDED = "recorded"
    PREVIEW = "preview"
    PREVIEW_MOVED = "preview_moved"
    PREVIEW_HELD = "preview_held"
    PREVIEW_ENDED = "preview_ended"
    RELEASE = "release"
    RELEASE_NOTED = "release_noted"
    TAKEN_DOWN = "taken_down"
    RESET = "reset"


URGENCY = {
    Kind.CODE: CODE_URGENCY,
    Kind.RESET: CODE_URGENCY,
    Kind.FRESH_LINK: 1,
    Kind.APPLY_CONFIRM: ANSWER_URGENCY,
    Kind.RECEIPT: ANSWER_URGENCY,
    Kind.CONTESTED: 1,
    Kind.RECORDED: 1,
    Kind.QUOTE_RECEIPT: ANSWER_URGENCY,
    Kind.LATER_RECEIPT: ANSWER_URGENCY,
    Kind.PREVIEW: 1,
    Kind.PREVIEW_MOVED: 1,
    Kind.PREVIEW_HELD: 1,
    Kind.PREVIEW_ENDED: 1,
    Kind.RELEASE: PRESS_URGENCY,
    Kind.RELEASE_NOTED: PRESS_URGENCY,
}


@dataclass(frozen=True)
class Draft:
    """A letter to be put: its kind, to whom (a contact, a user, who applied, a journalist), and the ids it is about.

    `subject_id` names the row that the kind is about (an answer, a challenge, a comment); `facts` holds
    short words that are known only now (such as an outcome). Neither ever holds a token or a code.
    """

    kind: Kind
    contact_id: int | None = None
    user_id: int | None = None
    application_id: int | None = None
    preview_id: int | None = None
    journalist_id: int | None = None
    statement_id: int | None = None
    invitation_id: int | None = None
    subject_id: int | None = None
    facts: dict[str, object] = field(default_factory=dict)


def put(session: Session, now: datetime, drafts: Iterable[Draft], *, due: datetime | None = None) -> None:
    """Put letters into the outbox of the running transaction, each with the job that sends it, now or when it is `due`.

    Many letters take as many statements as few: a roll of seven hundred is written to at once.
    """
    letters = [
        {
            "kind": draft.kind.value,
            "contact_id": draft.contact_id,
            "user_id": draft.user_id,
            "application_id": draft.application_id,
            "preview_id": draft.preview_id,
            "journalist_id": draft.journalist_id,
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
            "run_at": due or now,
            "urgency": URGENCY.get(Kind(kind), USUAL_URGENCY),
            "dedupe_key": f"{SEND_LETTER}/{letter_id}",
            "attempts": 0,
        }
        for letter_id, kind in put_now
    ]
    session.execute(insert(Job), jobs)


def put_gathered(session: Session, now: datetime, draft: Draft) -> None:
    """Put a letter that may stand for several: nothing where one of its kind to the same person about the same
    statement still waits; and the next one goes some minutes after the one before.

    The caller holds the statement row.
    """
    before = session.execute(
        select(Letter.created_at, Job.id, Job.owner)
        .outerjoin(Job, and_(Job.kind == SEND_LETTER, Job.subject_id == Letter.id))
        .where(
            Letter.kind == draft.kind.value,
            Letter.statement_id == draft.statement_id,
            Letter.contact_id == draft.contact_id,
            Letter.user_id == draft.user_id,
            Letter.invitation_id == draft.invitation_id,
        )
        .order_by(Letter.id.desc())
        .limit(1)
    ).one_or_none()
    # One that a worker has in hand may be in words already: it says nothing of what comes now.
    if before is not None and before.id is not None and before.owner is None:
        return
    put(session, now, [draft], due=max(now, before.created_at + GATHER) if before else now)


def put_to(
    session: Session,
    now: datetime,
    statement: Statement,
    invitations: Sequence[Invitation],
    kind: Kind,
    facts: dict[str, object] | None = None,
) -> None:
    """Put one letter of a kind to the contact of each of these invitations."""
    put(
        session,
        now,
        [
            Draft(
                kind,
                contact_id=invitation.contact_id,
                statement_id=statement.id,
                invitation_id=invitation.id,
                facts=facts or {},
            )
            for invitation in invitations
        ],
    )


def put_noted(
    session: Session,
    now: datetime,
    statement: Statement,
    invitations: Sequence[Invitation],
    note: str,
    *,
    note_id: int | None = None,
    gathered: bool = False,
) -> None:
    """Put a line about a note beside a publication to the contact of each of these invitations.

    Where they are `gathered` they go some minutes later, and stand for whatever of that kind is noted until then.
    """
    if gathered:
        of_it = select(Letter.created_at).where(Letter.statement_id == statement.id, Letter.kind == Kind.NOTED)
        of_kind = of_it.where(Letter.facts["note"].as_string() == note)
        last = session.scalar(of_kind.order_by(Letter.id.desc()).limit(1))
        if last is not None and last <= now < last + GATHER:
            return
    drafts = [
        Draft(
            Kind.NOTED,
            contact_id=one.contact_id,
            statement_id=statement.id,
            invitation_id=one.id,
            subject_id=note_id,
            facts={"note": note},
        )
        for one in invitations
    ]
    put(session, now, drafts, due=now + GATHER if gathered else now)


def put_later(
    session: Session,
    now: datetime,
    statement: Statement,
    lead_user_id: int | None,
    invitations: Sequence[Invitation],
    act: str,
    subject_id: int,
    *,
    was: str = "",
) -> None:
    """Put what follows from an act after the lock: a receipt to each of these contacts, and a line to the lead.

    `act` says what was done (a LaterKind, or a NoteKind); `subject_id` is the signatory. Without a user no line is put.
    `was` is the name before it was mended, which nothing discloses any more.
    """
    facts: dict[str, object] = {"act": act, "head": statement.chain_head, **({"was": was} if was else {})}
    to_contact = Draft(Kind.LATER_RECEIPT, statement_id=statement.id, subject_id=subject_id, facts=facts)
    drafts = [replace(to_contact, contact_id=one.contact_id, invitation_id=one.id) for one in invitations]
    if lead_user_id is not None:
        drafts.append(replace(to_contact, kind=Kind.LATER_TOLD, user_id=lead_user_id))
    put(session, now, drafts)


def await_instant(session: Session, kind: str, subject_id: int, at: datetime) -> None:
    """Have a job of `kind` done at an instant; one that waits for it already is enough."""
    key = f"{kind}/{subject_id}/{iso(at)}"
    if session.scalar(select(Job.id).where(Job.dedupe_key == key)) is None:
        # A text is published at its instant, however many letters wait.
        urgency = CODE_URGENCY if kind == PUBLISH else USUAL_URGENCY
        session.add(Job(kind=kind, subject_id=subject_id, run_at=at, dedupe_key=key, urgency=urgency))
