""" "This was not us": an answer is contested and stops counting until the lead resolves it. One transaction each."""

from datetime import datetime

from sqlalchemy.orm import Session

from workflow.actions.closing import settle, unlock
from workflow.actions.publishing import tell_all
from workflow.db import transaction
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Signatory
from workflow.models.contesting import Contest
from workflow.models.drafting import Statement
from workflow.queries import contesting as looking
from workflow.queries.circulation import statement_of_invitation
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.people import concerned, standing_answer, valid_answers
from workflow.queries.quoting import decided
from workflow.rules.circulation import Kind, Outcome
from workflow.rules.contesting import Resolution, ResolvedAlready, check_contest, check_resolution
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import NotFound

PUBLIC = (Stage.PUBLISHED, Stage.RETRACTED)


def contest(session: Session, now: datetime, invitation_id: int, answer_id: int, mark: str) -> Contest:
    """A registered contact says that an answer of the organisation was not theirs; everybody concerned is told.

    Nothing that the organisation says counts until the lead has resolved it; a text that is locked because of it is
    open again. What is published stays, and the lead is alarmed. Raises Refusals.
    """
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        found = looking.contestable(session, invitation_id, answer_id, mark)
        check_contest(looking.given_of(session, found, statement))
        signatory = found.invitation.signatory
        facts: dict[str, object] = {
            "answer": found.answer.event_hash,
            "signatory": statement.disclose({"organisation": signatory.name}),
            "by": statement.disclose({"contact": found.invitation.contact.name}),
        }
        event = statement.record("answer contested", now, facts)
        made = Contest(
            signatory_id=signatory.id,
            answer_id=answer_id,
            invitation_id=invitation_id,
            contested_at=now,
            event_hash=event.hash,
        )
        session.add(made)
        session.flush()
        _tell(session, statement, signatory, made, "contested", now)
        if statement.stage not in PUBLIC:
            _weigh(session, statement, signatory, made.id, now)
    return made


def resolve(
    session: Session, now: datetime, user_id: int, public_id: str, contest_id: int, resolution: str, reason: str
) -> Resolution:
    """Say that a contested answer stands, or that it is void; all contacts of the organisation are told why.

    Raises FormRefused, ResolvedAlready, NotFound.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        made = looking.contest_of(session, statement.id, contest_id)
        signatory = made.signatory
        if signatory.circulation.outcome not in (None, Outcome.COMPLETE) or signatory.dropped_at is not None:
            raise NotFound
        if made.resolution is not None:
            raise ResolvedAlready
        said = check_resolution(resolution, reason)
        facts: dict[str, object] = {
            "answer": made.answer.event_hash,
            "resolution": said.value,
            "reason": statement.disclose({"text": reason}),
        }
        statement.record("contest resolved", now, facts)
        made.resolution, made.reason, made.resolved_at, made.resolved_by_id = said.value, reason, now, user_id
        session.flush()
        public = statement.stage in PUBLIC
        if said is Resolution.VOID and not public:
            _void(session, made)
        _tell(session, statement, signatory, made, said.value, now)
        if not public:
            _weigh(session, statement, signatory, looking.next_open(session, signatory.id), now)
    return said


def _weigh(session: Session, statement: Statement, signatory: Signatory, contest_id: int | None, now: datetime) -> None:
    """Note whether a contest is open, and weigh the roll; what is locked is opened for that, as for a withdrawal."""
    circulation = signatory.circulation
    locked = statement.stage == Stage.LOCKED
    if locked:
        unlock(session, statement, circulation, now)
    signatory.contest_id = contest_id
    session.flush()
    verdict = settle(session, statement, circulation, now)
    if locked and not verdict.complete:
        tell_all(session, statement, circulation, outbox.Kind.UNLOCKED, now)


def _void(session: Session, made: Contest) -> None:
    """As if the answer had never been given: the one before counts again, and so does what was said of quotes then."""
    signatory = made.signatory
    signed = [one for one in valid_answers(session, signatory.id) if one.kind == Kind.SIGN_OFF]
    if made.answer.kind == Kind.SIGN_OFF and signed:
        signatory.withheld = signatory.withheld or signed[0].withheld
    signatory.stand_by(*standing_answer(session, signatory))
    signatory.ask_quotes(tuple(signatory.quotes), decided(session, [signatory.id])[signatory.id])
    session.flush()


def _tell(session: Session, statement: Statement, signatory: Signatory, made: Contest, act: str, now: datetime) -> None:
    """All contacts of the organisation, and of a contest the lead too."""
    circulation: Circulation = signatory.circulation
    facts: dict[str, object] = {"act": act, "public": statement.stage in PUBLIC}
    drafts = [
        outbox.Draft(
            outbox.Kind.CONTESTED,
            contact_id=one.contact_id,
            invitation_id=one.id,
            statement_id=statement.id,
            subject_id=made.id,
            facts=facts,
        )
        for one in concerned(session, signatory.id)
    ]
    if act == "contested" and circulation.opened_by_id is not None:
        told = circulation.opened_by_id
        drafts.append(
            outbox.Draft(
                outbox.Kind.CONTESTED, user_id=told, statement_id=statement.id, subject_id=made.id, facts=facts
            )
        )
    outbox.put(session, now, drafts)
