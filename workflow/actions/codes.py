"""Codes: six digits are mailed to the registered contact, for exactly one answer. Each function is one transaction."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Invitation
from workflow.models.drafting import Statement
from workflow.models.signing import CodeChallenge
from workflow.queries import signing as looking
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.drafting import take_statement_by_id
from workflow.queries.logos import check_logo
from workflow.queries.recording import check_undecided, recorded_for
from workflow.rules.circulation import Kind, Outcome
from workflow.rules.handing import Colleague, check_colleague
from workflow.rules.lifecycle import Stage
from workflow.rules.noting import Later, check_later
from workflow.rules.recording import Word, check_word
from workflow.rules.refusals import NotFound, TextMoved, TooManyCodes
from workflow.rules.signing import Offered, check_answer, check_binds, check_link, unlocks
from workflow.text.digest import answer_hash, handing_hash, later_hash, word_hash

CODE_MINUTES = 10
CODES_PER_WINDOW = 5
CODE_WINDOW_MINUTES = 30
# What a code is for, beside what is said after the lock (a LaterKind): its letter says so in words of its own.
ANSWER, TAKE_BACK, HAND_OVER, CONFIRM = "answer", "take-back", "hand-over", "confirm"


def ask_code(session: Session, now: datetime, invitation_id: int, generation: int, offered: Offered) -> int:
    """Mail six digits to the registered contact for exactly this answer; returns the challenge's id."""
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = looking.invitation_for_answer(session, invitation_id)
        taken = unlocks(Stage(statement.stage), offered.kind)
        check_link(invitation.facts(generation, None if taken else invitation.signatory.circulation.outcome), now)
        check_answer(offered)
        check_binds(offered, invitation.signatory.asked(statement.stage))
        check_logo(session, invitation.signatory, offered)
        act = TAKE_BACK if offered.kind is Kind.TAKEN_BACK else ANSWER
        return _mail(session, now, statement, invitation, act, offered.digest, answer_hash(offered))


def ask_code_later(session: Session, now: datetime, invitation_id: int, generation: int, later: Later) -> int:
    """Mail six digits for exactly what is said after the lock; returns the challenge's id."""
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = looking.invitation_for_answer(session, invitation_id)
        check_link(invitation.facts(generation, None), now)
        if invitation.signatory.circulation.outcome != Outcome.COMPLETE:
            raise NotFound
        check_later(later)
        text = invitation.signatory.circulation.revision
        if later.digest != text.digest:
            raise TextMoved(shown=later.digest, current=text.digest)
        return _mail(session, now, statement, invitation, later.kind.value, later.digest, later_hash(later))


def ask_code_to_hand_over(
    session: Session, now: datetime, invitation_id: int, generation: int, colleague: Colleague
) -> int:
    """Mail six digits for handing over to exactly this colleague; returns the challenge's id."""
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation = looking.invitation_for_page(session, invitation_id)
        circulation = invitation.signatory.circulation
        check_link(invitation.facts(generation, circulation.outcome), now)
        check_colleague(colleague, invitation.contact.mail)
        hashed = handing_hash(colleague)
        return _mail(session, now, statement, invitation, HAND_OVER, circulation.revision.digest, hashed)


def ask_code_to_confirm(
    session: Session, now: datetime, invitation_id: int, recording_id: int, mark: str, word: Word
) -> int:
    """Mail six digits for confirming exactly this recording in exactly this name; returns the challenge's id."""
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation, made = recorded_for(session, invitation_id, recording_id, mark)
        check_undecided(made)
        check_link(invitation.facts(invitation.generation, None), now)
        check_word(word)
        hashed = word_hash(made.event_hash, word)
        return _mail(session, now, statement, invitation, CONFIRM, made.revision.digest, hashed)


def _mail(
    session: Session,
    now: datetime,
    statement: Statement,
    invitation: Invitation,
    act: str,
    digest: str,
    answer_hash: str,
) -> int:
    _check_sends(session, now, invitation.id)
    challenge = CodeChallenge(
        invitation_id=invitation.id,
        generation=invitation.generation,
        digest=digest,
        answer_hash=answer_hash,
        created_at=now,
        expires_at=now + timedelta(minutes=CODE_MINUTES),
    )
    session.add(challenge)
    session.flush()
    letter = outbox.Draft(
        outbox.Kind.CODE,
        contact_id=invitation.contact_id,
        statement_id=statement.id,
        invitation_id=invitation.id,
        subject_id=challenge.id,
        facts={"act": act},
    )
    outbox.put(session, now, [letter])
    return challenge.id


def _check_sends(session: Session, now: datetime, invitation_id: int) -> None:
    count, oldest = looking.codes_since(session, invitation_id, now - timedelta(minutes=CODE_WINDOW_MINUTES))
    if oldest is not None and count >= CODES_PER_WINDOW:
        wait = oldest + timedelta(minutes=CODE_WINDOW_MINUTES) - now
        raise TooManyCodes(minutes=max(1, -(-int(wait.total_seconds()) // 60)))
