"""Signing: a link is opened, a code is asked for, an answer is given. Each function is one transaction."""

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.actions.closing import settle
from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.signing import Answer, CodeChallenge
from workflow.queries import signing as looking
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.rules.circulation import Kind, Role
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import CodeSpent, CodeWrong, NotFound, Refusal, TooManyCodes
from workflow.rules.signing import Offered, check_answer, check_binds, check_link

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_PER_WINDOW = 5
CODE_WINDOW_MINUTES = 30


def open_link(session: Session, now: datetime, invitation_id: int, generation: int) -> None:
    """Note that a person pressed the button behind an approval link. Raises a LinkRefused."""
    with transaction(session):
        take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation, circulation = _asked(session, invitation_id)
        check_link(invitation.facts(generation, circulation.outcome), now)
        if invitation.opened_at is None:
            invitation.opened_at = now


def ask_code(session: Session, now: datetime, invitation_id: int, generation: int, offered: Offered) -> int:
    """Mail six digits to the registered contact for exactly this answer; returns the challenge's id."""
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation, circulation = _asked(session, invitation_id)
        _check(statement, invitation, circulation, generation, offered, now)
        _check_sends(session, now, invitation_id)
        challenge = CodeChallenge(
            invitation_id=invitation_id,
            generation=generation,
            digest=offered.digest,
            answer_hash=answer_hash(offered),
            created_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES),
        )
        session.add(challenge)
        session.flush()
        letter = outbox.Draft(
            outbox.Kind.CODE,
            contact_id=invitation.contact_id,
            statement_id=statement.id,
            invitation_id=invitation_id,
            subject_id=challenge.id,
        )
        outbox.put(session, now, [letter])
    return challenge.id


def _check_sends(session: Session, now: datetime, invitation_id: int) -> None:
    since = now - timedelta(minutes=CODE_WINDOW_MINUTES)
    count, oldest = session.execute(
        select(func.count(), func.min(CodeChallenge.created_at)).where(
            CodeChallenge.invitation_id == invitation_id, CodeChallenge.created_at > since
        )
    ).one()
    if count >= CODES_PER_WINDOW:
        wait = oldest + timedelta(minutes=CODE_WINDOW_MINUTES) - now
        raise TooManyCodes(minutes=max(1, -(-int(wait.total_seconds()) // 60)))


def answer(
    session: Session,
    links: Links,
    now: datetime,
    invitation_id: int,
    generation: int,
    offered: Offered,
    *,
    challenge_id: int | None = None,
    code: str = "",
) -> Answer:
    """Record an answer given by link, and close the circulation where it completes the rule.

    The same answer offered again is answered with the row that is there. Raises Refusals.
    """
    wrong: Refusal | None = None
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation, circulation = _asked(session, invitation_id)
        standing = looking.current_answer(session, invitation.signatory)
        if standing is not None and _same(standing, offered, circulation, invitation_id):
            return standing
        _check(statement, invitation, circulation, generation, offered, now)
        if circulation.code_required:
            wrong = _check_code(session, links, now, invitation, offered, challenge_id, code)
        if wrong is None:
            given = _record(session, statement, circulation, invitation.signatory, offered, now, invitation)
    if wrong is not None:  # raised only now: the try that failed is counted and committed
        raise wrong
    return given


def answer_at_desk(session: Session, now: datetime, user_id: int, public_id: str, offered: Offered) -> Answer:
    """Record the lead organisation's own answer, given by its signed-in user. Raises Refusals."""
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        found = looking.desk_signatory(session, statement.id, statement.lead_id)
        if found is None:
            raise NotFound
        signatory, circulation = found
        standing = looking.current_answer(session, signatory)
        if standing is not None and _same(standing, offered, circulation, None):
            return standing
        check_answer(offered)
        check_binds(offered, Stage(statement.stage), Role(signatory.role), circulation.revision.digest)
        return _record(session, statement, circulation, signatory, offered, now, None, user_id)


def answer_hash(offered: Offered) -> str:
    """SHA-256 (hex) over the canonical form of an offered answer: what a code is bound to."""
    return hashlib.sha256(rfc8785.dumps({**asdict(offered), "kind": offered.kind.value})).hexdigest()


def _asked(session: Session, invitation_id: int) -> tuple[Invitation, Circulation]:
    invitation = looking.invitation_for_answer(session, invitation_id)
    return invitation, invitation.signatory.circulation


def _check(
    statement: Statement,
    invitation: Invitation,
    circulation: Circulation,
    generation: int,
    offered: Offered,
    now: datetime,
) -> None:
    check_link(invitation.facts(generation, circulation.outcome), now)
    check_answer(offered)
    check_binds(offered, Stage(statement.stage), Role(invitation.signatory.role), circulation.revision.digest)


def _check_code(
    session: Session,
    links: Links,
    now: datetime,
    invitation: Invitation,
    offered: Offered,
    challenge_id: int | None,
    code: str,
) -> Refusal | None:
    """Spend the challenge where the code fits; a wrong code is counted and returned as a refusal."""
    challenge = session.get(CodeChallenge, challenge_id) if challenge_id is not None else None
    if (
        challenge is None
        or challenge.invitation_id != invitation.id
        or challenge.generation != invitation.generation
        or challenge.answer_hash != answer_hash(offered)
        or challenge.used_at is not None
        or challenge.tries >= CODE_TRIES
        or now >= challenge.expires_at
    ):
        return CodeSpent()
    if not links.code_fits(code, challenge.id, challenge.digest, challenge.answer_hash):
        challenge.tries += 1
        left = CODE_TRIES - challenge.tries
        return CodeWrong(tries_left=left) if left else CodeSpent()
    challenge.used_at = now
    return None


def _same(standing: Answer, offered: Offered, circulation: Circulation, invitation_id: int | None) -> bool:
    return (
        standing.invitation_id == invitation_id
        # Words that were replaced and came back are a revision of their own: they are signed again.
        and standing.revision_id == circulation.revision_id
        and standing.revision.digest == offered.digest
        and standing.kind == offered.kind.value
        and standing.text == offered.text
        and standing.listed_name == offered.listed_name
        and standing.person_name == offered.person_name
        and standing.person_role == offered.person_role
    )


def _record(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    signatory: Signatory,
    offered: Offered,
    now: datetime,
    invitation: Invitation | None,
    user_id: int | None = None,
) -> Answer:
    facts: dict[str, object] = {
        "answer": offered.kind.value,
        "revision": circulation.revision.number,
        "digest": offered.digest,
        "signatory": statement.disclose({"organisation": signatory.name}),
        "person": statement.disclose({"name": offered.person_name, "role": offered.person_role}),
        "said": statement.disclose({"listed_name": offered.listed_name, "text": offered.text}),
        "by": "link" if invitation else "desk",
        "code": bool(invitation and circulation.code_required),
    }
    event = statement.record("answered", now, facts)
    given = Answer(
        signatory_id=signatory.id,
        revision=circulation.revision,
        invitation_id=invitation.id if invitation else None,
        user_id=user_id,
        kind=offered.kind.value,
        text=offered.text,
        listed_name=offered.listed_name if offered.kind is Kind.SIGN_OFF else "",
        person_name=offered.person_name,
        person_role=offered.person_role,
        answered_at=now,
        event_hash=event.hash,
    )
    session.add(given)
    session.flush()
    signatory.answer_id = given.id
    session.flush()
    _tell(session, statement, circulation, given, invitation, now)
    settle(session, statement, circulation, now)
    return given


def _tell(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    given: Answer,
    invitation: Invitation | None,
    now: datetime,
) -> None:
    drafts = []
    if invitation is not None:
        drafts.append(
            outbox.Draft(
                outbox.Kind.RECEIPT,
                contact_id=invitation.contact_id,
                statement_id=statement.id,
                invitation_id=invitation.id,
                subject_id=given.id,
            )
        )
        if circulation.opened_by_id is not None:
            drafts.append(
                outbox.Draft(
                    outbox.Kind.ANSWERED,
                    user_id=circulation.opened_by_id,
                    statement_id=statement.id,
                    subject_id=given.id,
                )
            )
    outbox.put(session, now, drafts)
