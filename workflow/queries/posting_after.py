"""Looking at what letters tell between the lock and the publication, and after it."""

import json
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session, joinedload

from workflow.mail.letters import LetterView
from workflow.mail.outbox import Kind
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.drafting import Statement
from workflow.models.history import Event
from workflow.models.notes import Note
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.models.signing import LateVoice
from workflow.models.translations import Translation
from workflow.queries.completion import complete_circulation
from workflow.queries.noting import commitments_of, listed_value
from workflow.rules.circulation import Outcome
from workflow.rules.completion import when_published
from workflow.rules.lifecycle import Stage
from workflow.rules.noting import NoteKind, Signed, may_sign_late
from workflow.rules.refusals import NotFound
from workflow.text.placeholders import filled

# Of use only while the text waits for its publication.
WAITING = (Kind.LOCKED, Kind.EMBARGO_MOVED, Kind.RECONFIRM, Kind.HELD)
LATER = (*WAITING, Kind.LATER_RECEIPT, Kind.LATER_TOLD)


def waits(circulation: Circulation, stage: str) -> bool:
    """Whether a text is locked and waits for its publication."""
    return circulation.outcome == Outcome.COMPLETE and stage == Stage.LOCKED


def told_later(session: Session, letter: Letter, view: LetterView, circulation: Circulation) -> LetterView:
    """The view with what was done after the lock, when the text is published, how long a sign-off holds."""
    ending = circulation.ending
    view = replace(
        view,
        act=str(letter.facts.get("act") or letter.facts.get("why") or ""),
        days=ending.validity_days,
        digest=circulation.revision.digest,
    )
    if view.kind in (Kind.LOCKED, Kind.EMBARGO_MOVED):
        told = when_published(ending)
        return replace(view, publishing=told, until=ending.embargo_at, until_zone=circulation.embargo_zone)
    if view.kind in (Kind.LATER_RECEIPT, Kind.LATER_TOLD):
        signatory = session.get_one(Signatory, letter.subject_id)
        head = str(letter.facts["head"])
        named = _named(session, letter.statement_id, signatory.commitment) if view.act == NoteKind.NAME_FIX else ""
        was = str(letter.facts.get("was", "")) if named else ""
        by, person = _by_whom(session, head)
        done = replace(view, organisation=signatory.name, until=letter.created_at, head=head, by=by, person=person)
        return replace(done, name_was=was, name_now=named)
    return view


def _by_whom(session: Session, event_hash: str) -> tuple[str, str]:
    """By which door something was done after the lock, "link" or "desk", and the person, where one was named."""
    body = session.scalar(select(Event.body).where(Event.hash == event_hash))
    person = session.execute(
        union_all(
            *(select(one.person_name, one.person_role).where(one.event_hash == event_hash) for one in (Note, LateVoice))
        )
    ).first()
    named = ", ".join(part for part in person or () if part)
    return (str(json.loads(body)["facts"].get("by", "link")) if body else ""), named


def _named(session: Session, statement_id: int | None, commitment: str | None) -> str:
    """The name under which one who signed is public now; empty where it is not named any more."""
    if statement_id is None or commitment is None:
        return ""
    shown = commitments_of(session, statement_id, commitment)
    return str(listed_value(session, shown).get("listed_name", ""))


def told_lead_later(session: Session, letter: Letter, view: LetterView) -> LetterView | None:
    """The same for the lead, with where at the desk it leads; none where it is of no use any more."""
    about = Circulation.statement_id == letter.statement_id
    chosen = select(Circulation, Statement.stage).join(Statement, Statement.id == Circulation.statement_id)
    row = session.execute(
        chosen.where(about, Circulation.outcome == Outcome.COMPLETE).options(joinedload(Circulation.revision))
    ).one_or_none()
    if row is None:
        return None
    locked = waits(row.Circulation, row.stage)
    if view.kind in WAITING and not locked:
        return None
    link = f"{view.link}/{'locked' if locked else 'after'}"
    return told_later(session, letter, replace(view, link=link), row.Circulation)


def with_publication(session: Session, base_url: str, letter: Letter, view: LetterView) -> LetterView:
    """The view with what was published, and where: in the language of who reads it, if there is a signed edition."""
    publication = session.scalar(
        select(Publication)
        .where(Publication.statement_id == letter.statement_id)
        .options(joinedload(Publication.revision))
    )
    if publication is None:
        raise NotFound
    told = view.kind in (Kind.TAKEN_DOWN, Kind.NOTED) and letter.subject_id is not None
    note = session.get(Note, letter.subject_id) if told else None
    mended = note.commitment if note is not None and note.kind == NoteKind.NAME_FIX else None
    headline = _headline_in(publication, view.to.language)
    ending = _translation(session, note) or (f"/{view.to.language}" if headline else "")
    return replace(
        view,
        reason=note.text if note and not mended else "",
        name_now=_named(session, letter.statement_id, mended),
        until=note.noted_at if note else None,
        act=str(letter.facts.get("note", "")),
        headline=headline or publication.headline,
        digest=publication.revision.digest,
        silence="kept" if complete_circulation(session, publication.statement_id).silence else "",
        link=f"{base_url}/statements/{quote(publication.slug)}{ending}",
    )


def with_late_signing(view: LetterView, link: str, invitation: Invitation, now: datetime) -> LetterView:
    """The view of what was published, with the reader's own `link` and until when, where its organisation can sign."""
    signatory, circulation = invitation.signatory, invitation.signatory.circulation
    signed = Signed(Stage(circulation.statement.stage), signatory.part, signatory.commitment)
    shut = invitation.revoked_at is not None or invitation.handed_to_id is not None or invitation.waits_for_lead
    if shut or invitation.expires_at <= now or signatory.dropped_at is not None:
        return view
    if not may_sign_late(signed, circulation.ending, now):
        return view
    return replace(view, own_link=link, until=circulation.late_until, until_zone=circulation.deadline_zone)


def _headline_in(publication: Publication, language: str) -> str:
    """The headline of the edition in a language, as it was published; nothing where the authoritative one is read."""
    content = publication.revision.parsed
    if language not in content.languages[1:]:
        return ""
    return filled(content.in_language(language), json.loads(publication.record).get("counts")).headline


def _translation(session: Session, note: Note | None) -> str:
    """The end of the address of the translation that a note has added; nothing for any other note."""
    if note is None or note.kind != NoteKind.TRANSLATION:
        return ""
    return f"/{session.scalar(select(Translation.language).where(Translation.event_hash == note.event_hash))}"
