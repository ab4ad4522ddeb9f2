"""Looking at letters to journalists: the link of a preview, the release at its instant, what is noted of it later."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.formats.plain import text_file
from workflow.formats.reading import saying_in
from workflow.formats.record import PublicStatement
from workflow.links import Links, Purpose
from workflow.mail.letters import Addressee, LetterView
from workflow.mail.outbox import Kind
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.models.posting import Letter
from workflow.models.press import Journalist
from workflow.models.previewing import Preview
from workflow.queries.posting_after import with_publication
from workflow.queries.previewing import preview_for_page
from workflow.queries.publication import by_slug
from workflow.rules.lifecycle import Stage
from workflow.rules.previewing import Given, PreviewClosed, PreviewExpired, PreviewHeld, check_preview
from workflow.rules.refusals import NotFound
from workflow.text.instants import in_zone


def told_journalist(
    session: Session, links: Links, base_url: str, now: datetime, letter: Letter, person: User | None
) -> LetterView | str:
    """The view of a letter to a journalist; or why it is of no use any more, in a word. `person`: whom to answer."""
    reply_to = person.mail if person else ""
    if letter.preview_id is not None:
        told = _preview(session, links, base_url, now, letter)
    else:
        told = _release(session, links, base_url, letter)
    return told if isinstance(told, str) else replace(told, reply_to=reply_to)


def _preview(session: Session, links: Links, base_url: str, now: datetime, letter: Letter) -> LetterView | str:
    kind, preview = Kind(letter.kind), preview_for_page(session, letter.preview_id or 0)
    statement, at = preview.circulation.statement, preview.circulation.embargo_at
    given = preview.given(int(str(letter.facts.get("generation", preview.generation))), statement.stage, statement.slug)
    useless = _useless(kind, given, now, at) or ("" if preview.mail else "address erased")
    was = _told_then(letter, "was", preview)
    if useless or (was is not None and was == at):
        return useless or "as before"
    # A link that is held opens nothing now, and leads to the public page later.
    opens = kind in (Kind.PREVIEW, Kind.PREVIEW_HELD) or (kind is Kind.PREVIEW_MOVED and preview.opens(now))
    token = links.make(Purpose.PREVIEW, [preview.id, preview.generation])
    return LetterView(
        kind=kind,
        message_id=letter.message_id,
        to=Addressee(preview.name, preview.mail or "", preview.language, preview.time_zone),
        base_url=base_url,
        lead=statement.lead.name,
        link=f"{base_url}/preview/{token}" if opens else "",
        until=_told_then(letter, "until", preview) or preview.embargo_at,
        was_at=was,
    )


def _useless(kind: Kind, given: Given, now: datetime, embargo_at: datetime | None) -> str:
    """Why nothing is to be said of a preview any more, in a word."""
    if kind is Kind.PREVIEW_ENDED:
        public = given.stage in (Stage.PUBLISHED, Stage.RETRACTED)
        return "published" if public else "" if given.ended else "shown again"
    try:
        check_preview(given, now, embargo_at)
    except PreviewHeld as held:
        return "" if kind is Kind.PREVIEW_HELD else held.id
    except PreviewExpired:
        return "" if kind is Kind.PREVIEW_MOVED else PreviewExpired.id  # who has read it has it still
    except PreviewClosed as closed:
        return closed.id
    return "moved" if kind is Kind.PREVIEW_HELD else ""


def _told_then(letter: Letter, name: str, preview: Preview) -> datetime | None:
    """An instant that was put into the letter, on the clock of its reader."""
    said = letter.facts.get(name)
    return in_zone(datetime.fromisoformat(str(said)), preview.time_zone) if said else None


def _release(session: Session, links: Links, base_url: str, letter: Letter) -> LetterView | str:
    journalist = session.get(Journalist, letter.journalist_id)
    if journalist is None or journalist.mail is None or journalist.left_at is not None:
        return "not on the press list any more"
    statement = session.scalar(
        select(Statement).where(Statement.id == letter.statement_id).options(joinedload(Statement.lead))
    )
    if statement is None or statement.slug is None:
        raise NotFound
    found = by_slug(session, statement.slug)
    if found is None:
        return "taken down"
    view = LetterView(
        kind=Kind(letter.kind),
        message_id=letter.message_id,
        to=Addressee(journalist.name, journalist.mail, journalist.language),
        base_url=base_url,
        lead=statement.lead.name,
        unsubscribe=f"{base_url}/press/leave/{links.make(Purpose.PRESS, [journalist.id])}",
    )
    view = with_publication(session, base_url, letter, view)
    if journalist.language in found.content.languages:
        found = found.in_language(journalist.language)
    release = text_file(found, view.link, saying_in(found.edition.language))
    return replace(view, release=release, digest=found.digest, reason=_words_of_note(found, letter))


def _words_of_note(found: PublicStatement, letter: Letter) -> str:
    """The words of the note that the letter tells of, as they are public now; nothing for any other letter."""
    about = [one.text for one in found.notes if one.kind == letter.facts.get("note") and one.at <= letter.created_at]
    return about[-1] if about else ""
