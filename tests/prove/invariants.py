"""The invariants of promises that can be read off a database at any moment."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Circulation, Signatory
from workflow.models.contesting import Contest
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Disclosure, Event
from workflow.models.notes import Note
from workflow.models.posting import Job, Letter
from workflow.models.publication import Publication
from workflow.models.quoting import QuoteAnswer
from workflow.models.recording import Recording
from workflow.models.signing import Answer, Reconfirmation
from workflow.queries.circulation import Place, roll, standings
from workflow.rules.circulation import Kind, Role
from workflow.rules.signing import weigh
from workflow.text import chain
from workflow.text.digest import commitment, quote_digest
from workflow.text.instants import iso

PUBLIC = ("locked", "published", "retracted")


def violations(session: Session, statement_id: int | None = None) -> list[str]:
    """What does not hold, in words; empty where all is well. Of the whole database, or of one statement."""
    session.expunge_all()
    session.rollback()
    found: list[str] = []
    chosen = select(Statement.id) if statement_id is None else [statement_id]
    for statement in session.scalars(select(Statement).where(Statement.id.in_(chosen))).all():
        found += [f"{statement.public_id}: {one}" for check in CHECKS for one in check(session, statement)]
    for revision in session.scalars(select(Revision).where(Revision.statement_id.in_(chosen))):
        if hashlib.sha256(revision.content.encode()).hexdigest() != revision.digest:
            found.append(f"revision {revision.id} does not have its digest")
    for one in session.scalars(select(Disclosure).where(Disclosure.statement_id.in_(chosen))):
        if commitment(one.salt, one.value) != one.commitment:
            found.append(f"disclosure {one.commitment} does not fit")
    found += _letters(session, chosen)
    session.expunge_all()
    session.rollback()
    return found


def _history(session: Session, statement: Statement) -> Iterator[str]:
    """The chain verifies, and ends where the statement says."""
    events = _events(session, statement)
    links = [chain.Link(one.number, one.body, one.previous_hash, one.hash) for one in events]
    if (broken := chain.broken_at(links)) is not None:
        yield f"the chain breaks at event {broken}"
    if len(events) != statement.event_count or (events and events[-1].hash != statement.chain_head):
        yield "the chain does not end where the statement says"


def _answers(session: Session, statement: Statement) -> Iterator[str]:
    """Every answer has its event, which names the digest signed; and no answer came after the lock."""
    events = {one.hash: one for one in _events(session, statement) if one.kind == "answered"}
    answers = session.scalars(
        select(Answer)
        .join(Answer.signatory)
        .join(Signatory.circulation)
        .where(Circulation.statement_id == statement.id)
        .options(joinedload(Answer.revision), joinedload(Answer.signatory).joinedload(Signatory.circulation))
    ).all()
    if len(answers) != len(events):
        yield f"{len(answers)} answers and {len(events)} events of answers"
    for answer in answers:
        event = events.get(answer.event_hash)
        if event is None:
            yield f"answer {answer.id} has no event"
            continue
        facts = json.loads(event.body)["facts"]
        if (facts["digest"], facts["answer"]) != (answer.revision.digest, answer.kind):
            yield f"answer {answer.id} is not what its event says"
        if answer.revision.statement_id != statement.id:
            yield f"answer {answer.id} is to a text of another statement"
        ended = answer.signatory.circulation.ended_at
        if ended is not None and answer.answered_at > ended:
            yield f"answer {answer.id} came after its circulation had ended"
    void = _void(session, statement)
    valid = [answer for answer in sorted(answers, key=lambda one: one.id) if answer.id not in void]
    newest = {answer.signatory_id: answer.id for answer in valid}
    for answer in answers:
        alone = answer.signatory.needed == 1  # of several voices, an earlier one may be what enough of them say
        if alone and answer.signatory.answer_id != newest.get(answer.signatory_id):
            yield f"signatory {answer.signatory_id} does not stand where its newest answer is"


def _void(session: Session, statement: Statement) -> dict[int, Answer]:
    """The answers that the lead has said to be void before the publication, by id, read off the history."""
    heads: set[str] = set()
    for event in _events(session, statement):
        if event.kind == "published":
            break
        facts = json.loads(event.body)["facts"]
        if event.kind == "contest resolved" and facts["resolution"] == "void":
            heads.add(facts["answer"])
    return {one.id: one for one in session.scalars(select(Answer).where(Answer.event_hash.in_(heads)))} if heads else {}


def _recordings(session: Session, statement: Statement) -> Iterator[str]:
    """What was recorded has its event, and an answer if and only if somebody confirmed it or nobody contradicted."""
    heads = {one.hash: one.kind for one in _events(session, statement)}
    of_it = select(Recording).join(Signatory, Signatory.id == Recording.signatory_id)
    of_it = of_it.join(Circulation, Circulation.id == Signatory.circulation_id).order_by(Recording.id)
    waiting: dict[int, str] = {}
    for one in session.scalars(of_it.where(Circulation.statement_id == statement.id)):
        if heads.get(one.event_hash) != "answer recorded":
            yield f"recording {one.id} has no event of its own"
        if (one.answer_id is not None) != (one.outcome in ("confirmed", "unopposed")):
            yield f"recording {one.id} is {one.outcome}, with the answer {one.answer_id}"
        if one.outcome == "unopposed" and one.decided_at < one.until:
            yield f"recording {one.id} counts before its hours are over"
        if one.outcome is None:
            waiting[one.signatory_id] = one.kind
    asked = select(Signatory).join(Circulation, Circulation.id == Signatory.circulation_id)
    for place in session.scalars(asked.where(Circulation.statement_id == statement.id)):
        if place.recorded_kind != waiting.get(place.id):
            yield f"signatory {place.id} waits for another recording than there is"


def _contests(session: Session, statement: Statement) -> Iterator[str]:
    """Every contest has its event; an open one keeps the organisation from counting, and none is forgotten."""
    heads = {one.hash: one.kind for one in _events(session, statement)}
    open_ones: dict[int, list[int]] = {}
    of_it = select(Contest).join(Signatory, Signatory.id == Contest.signatory_id)
    of_it = of_it.join(Circulation, Circulation.id == Signatory.circulation_id)
    for one in session.scalars(of_it.where(Circulation.statement_id == statement.id)):
        if heads.get(one.event_hash) != "answer contested":
            yield f"contest {one.id} has no event of its own"
        if one.resolution is None:
            open_ones.setdefault(one.signatory_id, []).append(one.id)
    if statement.stage != "circulating":
        return
    asked = select(Signatory).join(Circulation, Circulation.id == Signatory.circulation_id)
    for place in session.scalars(asked.where(Circulation.statement_id == statement.id, Circulation.ended_at.is_(None))):
        if (place.contest_id is not None) != bool(open_ones.get(place.id)):
            yield f"signatory {place.id} counts although it is contested, or the other way round"


def _stage(session: Session, statement: Statement) -> Iterator[str]:
    """The stage, the open circulation, the address and the publication say the same."""
    circulations = session.scalars(
        select(Circulation).where(Circulation.statement_id == statement.id).options(joinedload(Circulation.revision))
    ).all()
    open_ones = [one for one in circulations if one.ended_at is None]
    complete = [one for one in circulations if one.outcome == "complete"]
    published = _publications(session, statement)
    if len(open_ones) != (statement.stage == "circulating"):
        yield f"{statement.stage} with {len(open_ones)} open circulations"
    if len(complete) != (statement.stage in PUBLIC):
        yield f"{statement.stage} with {len(complete)} complete circulations"
    if len(published) != (statement.stage in ("published", "retracted")):
        yield f"{statement.stage} with {len(published)} publications"
    if (statement.slug is not None) != (statement.stage in PUBLIC):
        yield f"{statement.stage} under the address {statement.slug}"
    # A met rule locks in the transaction that met it; what comes after the lock can wait.
    for one in open_ones:
        if weigh(one.rule, standings(one, roll(session, one.id))).complete:
            yield "the rule is met and nothing is locked"


def _publication(session: Session, statement: Statement) -> Iterator[str]:
    """Published means: every required one signed exactly this, the rule was met, and those and no others stand."""
    for published in _publications(session, statement):
        record = json.loads(published.record)
        if hashlib.sha256(published.record.encode()).hexdigest() != published.record_digest:
            yield "the record does not have its digest"
        if record["slug"] != published.slug or published.slug != statement.slug:
            yield "the record stands under another address"
        revision = session.get_one(Revision, published.revision_id)
        told = record["statement"]
        if told["digest"] != revision.digest or told["content"] != json.loads(revision.content):
            yield "the record does not hold the text that was signed"
        heads = {one.hash: one for one in _events(session, statement)}
        if heads[record["chain_head"]].kind != "published":
            yield "the record does not end with the publication"
        yield from _signatories(session, statement, published, record)


def _signatories(
    session: Session, statement: Statement, published: Publication, record: dict
) -> Iterator[str]:  # fmt: skip
    circulation = session.scalars(
        select(Circulation).where(Circulation.statement_id == statement.id, Circulation.outcome == "complete")
    ).one()
    kept = _carried(session, statement, circulation)
    revision = session.get_one(Revision, published.revision_id)
    texts = {revision.number: revision.digest, **{one.number: one.digest for one in kept}}
    places = roll(session, circulation.id)
    signed = [
        place
        for place in places
        if place.kind == Kind.SIGN_OFF
        and place.role != Role.OBSERVER
        and texts.get(place.answered_revision or 0) == place.answered_digest
        and place.answered_at is not None
        and (place.answered_at <= circulation.deadline_at or place.answer_id == place.counted_id)
        and place.contest_id is None
        and place.voices >= place.needed
    ]
    if not circulation.silence and any(place.role == Role.REQUIRED and place not in signed for place in places):
        yield "published without a required sign-off to its digest"
    if len(signed) < circulation.at_least and not circulation.silence:
        yield f"published with {len(signed)} of at least {circulation.at_least} sign-offs"
    others = sum(place.role == Role.OPTIONAL for place in signed)
    if others < circulation.others and not circulation.silence:
        yield f"published with {others} of at least {circulation.others} sign-offs by others"
    yield from _time(session, statement, circulation)
    listed = json.loads(published.listing)
    if any(place.role == Role.OBSERVER and place.commitment in listed for place in places):
        yield "an observer is listed"
    if sorted(listed) != [one["commitment"] for one in record["signatories"]]:
        yield "the listing is not of those in the record"
    if any(texts.get(one["revision"]) != one["digest"] for one in record["signatories"]):
        yield "a signatory in the record signed another text"
    told = {one["revision"]: one for one in record.get("carried_over", {}).get("revisions", [])}
    earlier = {one["revision"] for one in record["signatories"]} - {revision.number}
    if set(told) != earlier or any(texts[number] != told[number]["digest"] for number in earlier):
        yield "the record does not say what was carried over"
    if sorted(place.commitment or "" for place in signed) != sorted(listed):
        yield f"{len(listed)} are listed, not the {len(signed)} who signed"
    yield from _names(session, statement, places, listed)


def _time(session: Session, statement: Statement, circulation: Circulation) -> Iterator[str]:
    """What was held open, or silence, was final only when the deadline had been noted; and no silence was broken.

    Read off the history: the newest deadline that passed is the one in force, and the lock came after it.
    """
    if not (circulation.hold_open or circulation.silence):
        return
    events = [(one.kind, json.loads(one.body)["facts"]) for one in _events(session, statement)]
    locked = max(at for at, (kind, _) in enumerate(events) if kind == "locked")
    of_it = [
        (at, kind, facts) for at, (kind, facts) in enumerate(events) if facts.get("circulation") == circulation.number
    ]
    passed = [facts["deadline"] for at, kind, facts in of_it if kind == "deadline passed" and at < locked]
    if iso(circulation.deadline_at) not in passed:
        yield "final before its deadline had passed"
    if circulation.silence and any(kind == "silence broken" for _, kind, _ in of_it):
        yield "adopted by a silence that was broken"


def _names(session: Session, statement: Statement, places: list[Place], listed: list[str]) -> Iterator[str]:
    """Who is in the record stands there under its name, unless that was mended; who asked not to be named does not."""
    mended = {
        one.commitment: one.replaced_by
        for one in session.scalars(select(Note).where(Note.statement_id == statement.id, Note.kind == "name-fix"))
    }
    rows = session.execute(
        select(Disclosure.commitment, Disclosure.value).where(Disclosure.statement_id == statement.id)
    )
    beside = {commitment: value["listed_name"] for commitment, value in rows if "listed_name" in value}
    for place in places:
        if place.commitment not in listed:
            continue
        ways = {place.commitment, mended.get(place.commitment)}
        named = [beside[one] for one in ways if one in beside]
        if place.withheld and named:
            yield f"signatory {place.signatory_id} asked not to be named, and is"
        if not place.withheld and len(named) != 1:
            yield f"signatory {place.signatory_id} is named {len(named)} times"
        if not place.withheld and place.commitment not in mended and named != [place.public_name]:
            yield f"signatory {place.signatory_id} stands under another name"


def _carried(session: Session, statement: Statement, circulation: Circulation) -> list[Revision]:
    """The texts whose sign-offs count although another one was published, read off the history alone.

    Backwards from the lock: as long as each text came into force by a change marked editorial, and the hours for
    objecting to the last one had passed.
    """
    kept: list[int] = []
    passed = False
    for event in reversed(_events(session, statement)):
        facts = json.loads(event.body)["facts"]
        if event.kind == "editorial hours passed":
            passed = True
        if event.kind != "text put in force" or facts["circulation"] != circulation.number:
            continue
        if not (facts["editorial"] and passed and circulation.editorial_hours):
            break
        kept.append(facts["from"])
    chosen = select(Revision).where(Revision.statement_id == statement.id, Revision.number.in_(kept))
    return list(session.scalars(chosen))


def _quotes(session: Session, statement: Statement) -> Iterator[str]:
    """What a signatory is said to say of its quotes is its newest word; nothing is published over an unapproved one."""
    for circulation in session.scalars(
        select(Circulation).where(Circulation.statement_id == statement.id).options(joinedload(Circulation.revision))
    ).all():
        texts = {quote_digest(one) for one in circulation.revision.parsed.authoritative.quotes}
        for signatory in session.scalars(select(Signatory).where(Signatory.circulation_id == circulation.id)).all():
            words = select(QuoteAnswer).where(QuoteAnswer.signatory_id == signatory.id).order_by(QuoteAnswer.id)
            void = {(one.invitation_id, one.answered_at) for one in _void(session, statement).values()}
            said = [one for one in session.scalars(words) if (one.invitation_id, one.decided_at) not in void]
            newest = {one.quote_digest: one.decision for one in said}
            if not set(signatory.quotes) <= texts:
                yield f"signatory {signatory.id} is asked about a quote that is not in the text"
            if any(newest.get(digest, "waiting") != word for digest, word in signatory.quotes.items()):
                yield f"signatory {signatory.id} does not stand by its newest word on a quote"
            if circulation.outcome == "complete" and set(signatory.quotes.values()) - {"approved"}:
                yield f"published over a quote of signatory {signatory.id} that it did not approve"


def _letters(session: Session, chosen: Any) -> Iterator[str]:
    """Every letter that has met no end has the job that sends it, and no other has one."""
    rows = session.execute(
        select(Letter.id, func.coalesce(Letter.sent_at, Letter.failed_at, Letter.dropped_at), Job.id)
        .outerjoin(Job, (Job.subject_id == Letter.id) & (Job.kind == "send-letter"))
        .where(Letter.statement_id.in_(chosen))
    )
    for letter_id, ended_at, job_id in rows:
        if (ended_at is None) != (job_id is not None):
            yield f"letter {letter_id} is lost, or is sent again"


def _events(session: Session, statement: Statement) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.statement_id == statement.id).order_by(Event.number)))


def _notes(session: Session, statement: Statement) -> Iterator[str]:
    """Every note and reconfirmation has its event; each is of a statement that was locked or published."""
    heads = {one.hash: one.kind for one in _events(session, statement)}
    for note in session.scalars(select(Note).where(Note.statement_id == statement.id)):
        if heads.get(note.event_hash) not in NOTED:
            yield f"note {note.id} has no event of its own"
        if statement.stage not in ("published", "retracted"):
            yield f"{statement.stage} with notes"
    said = select(Reconfirmation).join(Signatory, Signatory.id == Reconfirmation.signatory_id)
    of_it = said.join(Circulation, Circulation.id == Signatory.circulation_id)
    for one in session.scalars(of_it.where(Circulation.statement_id == statement.id)):
        if heads.get(one.event_hash) != "reconfirmed":
            yield f"reconfirmation {one.id} has no event of its own"


def _validity(session: Session, statement: Statement) -> Iterator[str]:
    """Nothing was published before its embargo, or on sign-offs that did not hold any more."""
    for published in _publications(session, statement):
        circulation = session.scalars(
            select(Circulation).where(Circulation.statement_id == statement.id, Circulation.outcome == "complete")
        ).one()
        if circulation.completion == "embargo" and circulation.embargo_at > published.published_at:
            yield "published before its embargo"
        for place in roll(session, circulation.id):
            if place.commitment not in json.loads(published.listing):
                continue
            again = select(Reconfirmation.reconfirmed_at).where(Reconfirmation.answer_id == place.answer_id)
            newest = max([place.answered_at, *session.scalars(again)])
            if published.published_at - newest > timedelta(days=circulation.validity_days):
                yield f"published on the sign-off of signatory {place.signatory_id}, which held no more"


def _publications(session: Session, statement: Statement) -> list[Publication]:
    return list(session.scalars(select(Publication).where(Publication.statement_id == statement.id)))


NOTED = (
    *("withdrawal noted", "signed late", "name mended", "corrected", "retracted"),
    *("taken down", "shown again"),
)
CHECKS = (_history, _answers, _contests, _recordings, _stage, _publication, _quotes, _notes, _validity)
