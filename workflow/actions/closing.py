"""Closing: weigh the roll, lock, and unlock where a lock does not hold. The one step that every door shares.

Also noting an answer, by whatever door it came, and asking for quotes, which every way of bringing a text into force
shares."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from workflow.actions.publishing import publish_or_wait, tell_all, tell_applicants
from workflow.mail import outbox, previews
from workflow.mail.reminders import await_reminders
from workflow.models.circulation import Circulation, Signatory
from workflow.models.commenting import Comment
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Disclosure
from workflow.models.opening import OpenPage
from workflow.models.previewing import Preview
from workflow.models.recording import Recording
from workflow.models.signing import Answer
from workflow.queries.circulation import Place, roll, standings
from workflow.queries.listing import frozen_counts, in_order, translated_lists
from workflow.queries.people import StandingAnswer, standing_answer
from workflow.queries.quoting import decided, quote_lines, signatories_with_names
from workflow.rules.circulation import Kind, Outcome, Purpose, Role, Standing
from workflow.rules.lifecycle import Move, Stage
from workflow.rules.listing import AddresseeListed, Candidate, Entry, disclosed_value
from workflow.rules.people import half_way
from workflow.rules.publication import slugs
from workflow.rules.recording import Ended
from workflow.rules.refusals import QuoteWithoutOwner
from workflow.rules.signing import Offered, Verdict, weigh
from workflow.text.nearly import same_as
from workflow.text.placeholders import filled


def settle(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> Verdict:
    """Weigh the roll as it stands; where the rule is met, lock within the running transaction.

    What follows from the lock (publishing, mostly) follows in the same transaction. The caller holds the statement row
    and has flushed what it changed.
    """
    places = roll(session, circulation.id)
    standing = standings(circulation, places)
    verdict = weigh(circulation.rule, standing)
    if verdict.complete and circulation.purpose == Purpose.SIGN_OFF:
        _close(session, statement, circulation, list(zip(places, standing, strict=True)), now)
    return verdict


def reconsider(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> Verdict:
    """Weigh the roll of a locked text again, for whatever made an answer count no more; unlock where it must be.

    Everybody is told, and the lead alarmed. The caller holds the statement row and has flushed what it changed.
    """
    verdict = weigh(circulation.rule, standings(circulation, roll(session, circulation.id)))
    if not verdict.complete:
        unlock(session, statement, circulation, now)
        tell_all(session, statement, circulation, outbox.Kind.UNLOCKED, now)
    return verdict


def unlock(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> None:
    """Open the circulation of a locked text again: nothing of the lock stays but its event."""
    statement.record("unlocked", now, {"circulation": circulation.number})
    statement.move(Move.UNLOCK)
    statement.slug = None
    circulation.reopen()
    # Whoever was shown the text before its instant sees nothing of it any more, and is told.
    previews.tell_taken_back(session, now, statement, circulation)
    shown = (Preview.circulation_id == circulation.id, Preview.ended_at.is_(None))
    session.execute(update(Preview).where(*shown).values(ended_at=now))
    of_it = Signatory.circulation_id == circulation.id
    for commitment in (Signatory.commitment, Signatory.person_commitment):
        named = select(commitment).where(of_it, commitment.is_not(None))
        session.execute(delete(Disclosure).where(Disclosure.commitment.in_(named)))
    nothing: dict[str, object] = {"commitment": None, "listed_at": None, "person_commitment": None, "listed_in": {}}
    session.execute(update(Signatory).where(of_it).values(nothing))
    session.flush()
    _await_again(session, circulation)
    await_reminders(session, now, circulation)


def _await_again(session: Session, circulation: Circulation) -> None:
    """What came due while the text was locked was left undone: it waits anew. Whoever does it looks what is to do."""
    outbox.await_instant(session, outbox.DEADLINE, circulation.id, circulation.deadline_at)
    half = half_way(circulation.opened_at, circulation.deadline_at)
    outbox.await_instant(session, outbox.ALTERNATES, circulation.id, half)
    if circulation.objections_until is not None:
        outbox.await_instant(session, outbox.OBJECTIONS_OVER, circulation.id, circulation.objections_until)
    waiting = select(Recording.id, Recording.until).join(Signatory, Signatory.id == Recording.signatory_id)
    of_it = waiting.where(Signatory.circulation_id == circulation.id, Recording.outcome.is_(None))
    for recording_id, until in session.execute(of_it):
        outbox.await_instant(session, outbox.WORD_STANDS, recording_id, until)


def break_silence(session: Session, statement: Statement, circulation: Circulation, now: datetime) -> None:
    """Where silence counts as agreement: somebody has objected, or proposed other words, in time. All are told at once.

    Nothing happens where nothing is broken by it. The caller holds the statement row.
    """
    if not circulation.silence_lasts or now > circulation.deadline_at:
        return
    circulation.broken_at = now
    statement.record("silence broken", now, {"circulation": circulation.number})
    session.flush()
    tell_all(session, statement, circulation, outbox.Kind.SILENCE_BROKEN, now)


def note_answer(
    session: Session,
    statement: Statement,
    signatory: Signatory,
    offered: Offered,
    text: Revision,
    now: datetime,
    by: dict[str, int | None],
    told: Mapping[str, object],
    passage: dict[str, object] | None = None,
) -> Answer:
    """The row and the event of an answer to `text`, which counts from now on; `told` says by which door it came.

    The caller holds the statement row and weighs the roll afterwards; the signatory's circulation is loaded.
    """
    kind = Kind(offered.kind or "")
    names = signatory.asks_for(offered.listed_name, offered.names, text.parsed) if kind is Kind.SIGN_OFF else {}
    facts: dict[str, object] = {
        "answer": kind.value,
        "revision": text.number,
        "digest": text.digest,
        "signatory": statement.disclose({"organisation": signatory.name}),
        "person": statement.disclose({"name": offered.person_name, "role": offered.person_role}),
        "said": statement.disclose(offered.said(passage=passage, names=names)),
        **told,
        **({"withheld": True} if offered.withheld else {}),
    }
    event = statement.record("answered", now, facts)
    given = Answer(
        signatory_id=signatory.id,
        revision=text,
        kind=kind.value,
        text=offered.text,
        passage=passage,
        listed_name=offered.listed_name if kind is Kind.SIGN_OFF else "",
        names=names,
        withheld=offered.withheld,
        person_name=offered.person_name,
        person_role=offered.person_role,
        person_named=offered.person_named,
        logo=offered.logo_beside,
        answered_at=now,
        event_hash=event.hash,
        **by,
    )
    session.add(given)
    session.flush()
    overtake(session, signatory, now)
    weighed = signatory.needed > 1 or kind is Kind.OBJECTION or signatory.circulation.came_late(now)
    signatory.stand_by(*(standing_answer(session, signatory) if weighed else StandingAnswer(given)), given)
    if offered.withheld and signatory.answer_id != given.id and signatory.voices < signatory.needed:
        signatory.withheld = True  # until they agree
    if kind is Kind.OBJECTION:
        session.add(Comment.of_objection(given, signatory.circulation))
    return given


def overtake(session: Session, signatory: Signatory, now: datetime) -> None:
    """What the lead recorded of this signatory, and nobody has confirmed, is of no use any more."""
    if signatory.recorded_kind is not None:
        waiting = (Recording.signatory_id == signatory.id, Recording.outcome.is_(None))
        session.execute(update(Recording).where(*waiting).values(outcome=Ended.OVERTAKEN.value, decided_at=now))
        signatory.recorded_kind = None


def ask_quotes(session: Session, circulation: Circulation, *, vouched: bool) -> list[str]:
    """Ask the owners for a word on each quote of the text in force; what they said of the same words stands.

    Returns the digests of quotes that nobody on the roll owns. Raises QuoteWithoutOwner unless the lead vouches.
    """
    signatories = signatories_with_names(session, circulation.id)
    lines = quote_lines(circulation.revision.parsed, signatories)
    ownerless = [line for line in lines if line.owner_id is None]
    if ownerless and not vouched:
        raise QuoteWithoutOwner(organisations=[line.quote.organisation or line.quote.speaker for line in ownerless])
    said = decided(session, [one.id for one in signatories])
    for signatory in signatories:
        signatory.ask_quotes((line.digest for line in lines if line.owner_id == signatory.id), said[signatory.id])
    session.flush()
    return [line.digest for line in ownerless]


def refuse_addressed(session: Session, circulation: Circulation) -> None:
    """Who the text in force is addressed or copied to cannot sign it. Raises AddresseeListed with the names.

    Every way of bringing a text into force, or a name onto a roll, ends here; the caller has flushed what it changed.
    """
    if circulation.purpose != Purpose.SIGN_OFF:
        return
    content = circulation.revision.parsed
    signing = [place for place in roll(session, circulation.id) if place.role != Role.OBSERVER]
    names = dict.fromkeys(
        name
        for place in signing
        for name in (place.public_name, *(place.naming.public_in(one.language) for one in content.translations))
    )
    found = same_as(list(names), content.addressed)
    if found:
        raise AddresseeListed(names=found)


def _close(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    weighed: Sequence[tuple[Place, Standing]],
    now: datetime,
) -> None:
    signed = [place for place, standing in weighed if standing.signed]
    listed, _manner = in_order(session, statement, circulation, signed)
    translated = translated_lists(session, statement, circulation, signed)
    committed = {one.signatory_id: _commit(statement, one, translated) for one in listed}
    persons = {one.signatory_id: _commit_person(statement, one) for one in listed}
    if committed:
        rows = [
            {
                "id": id_,
                "commitment": one,
                "listed_at": at,
                "person_commitment": persons[id_],
                "listed_in": {language: found[id_][0] for language, found in translated.items()},
            }
            for at, (id_, one) in enumerate(committed.items(), start=1)
        ]
        session.execute(update(Signatory), rows)
    _lock(session, statement, circulation, sorted(committed.values()), now)
    named = [(replace(place, commitment=committed.get(place.signatory_id)), standing) for place, standing in weighed]
    publish_or_wait(session, statement, circulation, named, now)


def _commit(statement: Statement, one: Candidate, translated: Mapping[str, Mapping[int, tuple[int, Entry]]]) -> str:
    """The commitment to a signatory as it is listed; that is disclosed beside it, unless it asked not to be named."""
    entries = {language: found[one.signatory_id][1] for language, found in translated.items()}
    value = disclosed_value(one.entry, entries)
    return statement.commit(value) if one.withheld else statement.disclose(value)


def _commit_person(statement: Statement, one: Candidate) -> str | None:
    """A commitment of its own to the person who signed, where it is listed beside the organisation."""
    if one.withheld or not one.entry.person:
        return None
    return statement.disclose({"person_name": one.entry.person, "person_role": one.entry.role})


def _lock(
    session: Session,
    statement: Statement,
    circulation: Circulation,
    commitments: Sequence[str],
    now: datetime,
) -> None:
    revision = circulation.revision
    facts = {"revision": revision.number, "digest": revision.digest, "signatories": list(commitments)}
    statement.record("locked", now, facts)
    session.flush()
    # A page for everybody is closed by the lock; where the lock does not hold, it is the lead's to open one anew.
    session.execute(
        update(OpenPage)
        .where(OpenPage.circulation_id == circulation.id, OpenPage.closed_at.is_(None))
        .values(closed_at=now)
    )
    tell_applicants(session, statement, circulation, "locked", now)
    counts = frozen_counts(session, statement, circulation)
    _take_slug(session, statement, filled(revision.parsed.authoritative, counts).headline)
    statement.move(Move.LOCK)
    circulation.end(Outcome.COMPLETE, now)


def _take_slug(session: Session, statement: Statement, headline: str) -> None:
    """Give the statement the first free address. Another one may take it at the same instant: then the next."""
    table = Statement.__table__
    for candidate in slugs(headline, statement.public_id):
        if session.scalar(select(Statement.id).where(Statement.slug == candidate)) is not None:
            continue
        try:
            with session.begin_nested():
                session.execute(
                    update(table)  # type: ignore[arg-type]
                    .where(table.c.id == statement.id)
                    .values(slug=candidate, stage=Stage.LOCKED.value)
                )
        except IntegrityError:
            continue
        set_committed_value(statement, "slug", candidate)
        return
    raise RuntimeError("no free address, although the last one carries a unique id")
