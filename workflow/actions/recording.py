"""Recording: the lead writes down what a member said, and it counts once the member has had its say."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from workflow.actions.closing import break_silence, note_answer, overtake, settle
from workflow.db import transaction
from workflow.links import Links
from workflow.mail import outbox
from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Statement
from workflow.models.recording import Recording
from workflow.models.signing import CodeChallenge
from workflow.queries import recording as looking
from workflow.queries.circulation import open_for, statement_of_invitation
from workflow.queries.drafting import take_statement, take_statement_by_id
from workflow.queries.people import concerned
from workflow.rules.circulation import Kind
from workflow.rules.lifecycle import Move
from workflow.rules.people import NeedsSeveral
from workflow.rules.recording import Ended, Evidence, Word, check_evidence, check_word
from workflow.rules.refusals import CodeSpent, NoContact, NotFound, Refusal
from workflow.rules.signing import Offered, check_answer, check_binds, check_link
from workflow.text.digest import word_hash
from workflow.text.instants import iso


def record(
    session: Session,
    now: datetime,
    user_id: int,
    public_id: str,
    signatory_id: int,
    offered: Offered,
    evidence: Evidence,
) -> Recording:
    """Write down what a member said by phone or mail, on whose word. All its contacts are asked at once.

    It does not count yet. Raises Refusals; NoContact where nobody could contradict it.
    """
    with transaction(session):
        statement = take_statement(session, user_id, public_id)
        circulation = open_for(session, statement, Move.ANSWER)
        signatory = looking.signatory_to_record(session, circulation.id, signatory_id)
        if signatory.organisation_id == statement.lead_id:  # it signs at the desk
            raise NotFound
        check_answer(offered)
        check_binds(offered, signatory.asked(statement.stage))
        if offered.kind is None:
            raise NotFound
        if signatory.needed > 1:
            raise NeedsSeveral
        how = check_evidence(evidence)
        asked = concerned(session, signatory.id)
        if not asked:
            raise NoContact(organisations=[signatory.name])
        overtake(session, signatory, now)
        until = now + timedelta(hours=circulation.word_hours)
        made = _recording(circulation, signatory, offered, evidence)
        made.user_id, made.recorded_at, made.until = user_id, now, until
        made.event_hash = statement.record("answer recorded", now, _facts(statement, made, how.value)).hash
        session.add(made)
        signatory.recorded_kind = made.kind
        session.flush()
        outbox.await_instant(session, outbox.WORD_STANDS, made.id, until)
        about = outbox.Draft(outbox.Kind.RECORDED, statement_id=statement.id, subject_id=made.id)
        told = [replace(about, contact_id=one.contact_id, invitation_id=one.id) for one in asked]
        outbox.put(session, now, [replace(one, facts={"act": "recorded"}) for one in told])
        if offered.kind is Kind.OBJECTION:  # that it may be wrong is no reason to adopt the text meanwhile
            break_silence(session, statement, circulation, now)
    return made


def _recording(circulation: Circulation, signatory: Signatory, offered: Offered, evidence: Evidence) -> Recording:
    kind = Kind(offered.kind or "")
    return Recording(
        signatory_id=signatory.id,
        revision=circulation.revision,
        kind=kind.value,
        text=offered.text,
        listed_name=offered.listed_name if kind is Kind.SIGN_OFF else "",
        withheld=offered.withheld,
        person_name=offered.person_name,
        person_role=offered.person_role,
        how=evidence.how,
        note=evidence.note,
        file_name=evidence.file_name if evidence.file else "",
        file=evidence.file or None,
    )


def _facts(statement: Statement, made: Recording, how: str) -> dict[str, object]:
    """The event's: the evidence is committed to, and nobody has to show it."""
    proof = {"note": made.note, "file": made.file_name, "sha256": sha256(made.file or b"").hexdigest()}
    return {
        "answer": made.kind,
        "revision": made.revision.number,
        "digest": made.revision.digest,
        "person": statement.disclose({"name": made.person_name, "role": made.person_role}),
        "said": statement.disclose({"listed_name": made.listed_name, "text": made.text}),
        "how": how,
        "evidence": statement.disclose(proof),
        "until": iso(made.until),
    }


def decide(
    session: Session,
    links: Links,
    now: datetime,
    invitation_id: int,
    recording_id: int,
    mark: str,
    word: Word,
    *,
    challenge_id: int | None = None,
    code: str = "",
) -> Ended:
    """A contact confirms what was recorded, and it counts; or contradicts it, and it never does. Raises Refusals.

    To confirm is to answer: by a link that opens, and with the code where answers take one. To contradict is neither.
    """
    wrong: Refusal | None = None
    with transaction(session):
        statement = take_statement_by_id(session, statement_of_invitation(session, invitation_id))
        invitation, made = looking.recorded_for(session, invitation_id, recording_id, mark)
        circulation = made.signatory.circulation
        looking.check_undecided(made)
        if word.agrees:
            check_link(invitation.facts(invitation.generation, None), now)
        check_word(word)
        if word.agrees and circulation.code_required:
            challenge = session.get(CodeChallenge, challenge_id) if challenge_id is not None else None
            hashed = word_hash(made.event_hash, word)
            wrong = challenge.tried(links, invitation, hashed, code, now) if challenge else CodeSpent()
        if wrong is None:
            _decide(session, statement, made, invitation_id, word, now)
            settle(session, statement, circulation, now)
    if wrong is not None:  # raised only now: the try that failed is counted and committed
        raise wrong
    return Ended(made.outcome or "")


def _decide(
    session: Session, statement: Statement, made: Recording, invitation_id: int, word: Word, now: datetime
) -> None:
    made.invitation_id = invitation_id
    if word.agrees:
        person = {"name": word.person_name, "role": word.person_role}
        _count(session, statement, made, Ended.CONFIRMED, {"confirmed_by": statement.disclose(person)}, now)
    else:
        _end(made, Ended.CONTRADICTED, now)
        statement.record("recorded answer contradicted", now, {"recording": made.event_hash})
        session.flush()
        _tell(session, statement, made, outbox.Kind.RECORDED, outbox.Kind.RECORDED, made.id, now)


def word_stands(session: Session, now: datetime, recording_id: int) -> bool:
    """Nobody has contradicted in the declared hours: what was recorded counts. Gives whether it was noted.

    Nothing happens where the circulation has ended, or the recording has.
    """
    with transaction(session):
        statement = take_statement_by_id(session, looking.statement_of(session, recording_id))
        made = looking.recording_by_id(session, recording_id)
        circulation = made.signatory.circulation
        over = made.outcome is not None or circulation.outcome is not None or made.signatory.dropped_at is not None
        if over or made.until > now:
            return False
        _count(session, statement, made, Ended.UNOPPOSED, {}, now)
        settle(session, statement, circulation, now)
    return True


def _end(made: Recording, outcome: Ended, now: datetime) -> None:
    made.outcome, made.decided_at, made.signatory.recorded_kind = outcome.value, now, None


def _count(
    session: Session, statement: Statement, made: Recording, outcome: Ended, facts: dict[str, object], now: datetime
) -> None:
    """From now on it is an answer of the organisation: by the link of whoever confirmed it, or by the lead's word."""
    _end(made, outcome, now)
    offered = Offered(
        Kind(made.kind),
        made.revision.digest,
        text=made.text,
        listed_name=made.listed_name,
        person_name=made.person_name,
        person_role=made.person_role,
        authority=True,
        withheld=made.withheld,
    )
    confirmed = outcome is Ended.CONFIRMED
    by = {"invitation_id": made.invitation_id if confirmed else None, "user_id": None if confirmed else made.user_id}
    told = {"by": "recorded", "recording": made.event_hash, "counts": outcome.value, **facts}
    given = note_answer(session, statement, made.signatory, offered, made.revision, now, by, told)
    made.answer_id = given.id
    session.flush()
    _tell(session, statement, made, outbox.Kind.RECEIPT, outbox.Kind.ANSWERED, given.id, now)


def _tell(
    session: Session,
    statement: Statement,
    made: Recording,
    to_contacts: outbox.Kind,
    to_lead: outbox.Kind,
    subject_id: int,
    now: datetime,
) -> None:
    facts: dict[str, object] = {"act": made.outcome} if to_contacts is outbox.Kind.RECORDED else {}
    about = outbox.Draft(to_contacts, statement_id=statement.id, subject_id=subject_id, facts=facts)
    readers = concerned(session, made.signatory_id)
    drafts = [replace(about, contact_id=one.contact_id, invitation_id=one.id) for one in readers]
    outbox.put(session, now, [*drafts, replace(about, kind=to_lead, user_id=made.user_id)])
