"""Looking at previews: what one journalist's link shows, and who of them opened it and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from workflow.mail.outbox import Kind
from workflow.models.circulation import Circulation, Signatory
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.posting import Letter
from workflow.models.previewing import Preview, PreviewOpening
from workflow.queries.desk import statement_by_public_id
from workflow.queries.listing import frozen_counts, frozen_manner
from workflow.queries.press import chosen_addresses
from workflow.rules.completion import Completion
from workflow.rules.lifecycle import Stage
from workflow.rules.listing import Entry, Style, disclosed_entry
from workflow.rules.previewing import NotEmbargoed
from workflow.rules.refusals import LinkTampered, NotFound
from workflow.text.content import Edition
from workflow.text.placeholders import filled

PARTS = joinedload(Preview.circulation).options(
    joinedload(Circulation.revision), joinedload(Circulation.statement).joinedload(Statement.lead)
)


def preview_for_page(session: Session, preview_id: int) -> Preview:
    """A preview with the text, the statement and its lead. Raises LinkTampered."""
    found = session.scalar(select(Preview).where(Preview.id == preview_id).options(PARTS))
    if found is None:
        raise LinkTampered
    return found


def statement_of_preview(session: Session, preview_id: int) -> int:
    """The id of the statement that a preview shows. Raises LinkTampered."""
    found = session.scalar(
        select(Circulation.statement_id)
        .join(Preview, Preview.circulation_id == Circulation.id)
        .where(Preview.id == preview_id)
    )
    if found is None:
        raise LinkTampered
    return found


def preview_of(session: Session, circulation_id: int, preview_id: int) -> Preview:
    """One of the previews of a circulation. Raises NotFound."""
    found = session.scalar(
        select(Preview).where(Preview.id == preview_id, Preview.circulation_id == circulation_id).options(PARTS)
    )
    if found is None:
        raise NotFound
    return found


def previews_of(session: Session, circulation_id: int) -> list[Preview]:
    """All previews of a circulation, as they were given."""
    chosen = select(Preview).where(Preview.circulation_id == circulation_id).options(PARTS)
    return list(session.scalars(chosen.order_by(Preview.id)))


@dataclass(frozen=True)
class Previewed:
    """The locked text as it will be published: one edition with its counts, who is named, how many are not.

    `languages` are those of all editions, that of the authoritative one first.
    """

    edition: Edition
    languages: tuple[str, ...]
    entries: Sequence[Entry]
    style: Style
    counts: tuple[int, int]
    unnamed: int


def previewed(session: Session, preview: Preview, language: str = "") -> Previewed:
    """What a preview shows in the edition of `language` (else the authoritative one), with exactly the names that the
    lock has disclosed."""
    circulation = preview.circulation
    statement, content = circulation.statement, circulation.revision.parsed
    edition = content.in_language(language)
    translation = content.short(edition)
    chosen_rows = select(Signatory.commitment, Signatory.person_commitment, Signatory.listed_at, Signatory.listed_in)
    rows = session.execute(
        chosen_rows.where(Signatory.circulation_id == circulation.id, Signatory.listed_at.is_not(None))
    ).all()
    rows = sorted(rows, key=lambda row: (row.listed_in or {}).get(translation, row.listed_at))
    commitments = [one for row in rows for one in (row.commitment, row.person_commitment) if one]
    chosen = select(Disclosure.commitment, Disclosure.value).where(Disclosure.commitment.in_(commitments))
    values = {row.commitment: row.value for row in session.execute(chosen)}
    entries = []
    for row in rows:
        if row.commitment in values:
            entry, person = disclosed_entry(values[row.commitment], translation), values.get(row.person_commitment)
            if person:
                entry = replace(entry, person=person["person_name"], role=person["person_role"])
            entries.append(entry)
    manner = frozen_manner(session, statement, circulation)
    known = manner["individuals"]
    individuals = sum(row.commitment in known for row in rows)  # type: ignore[operator]
    return Previewed(
        edition=filled(edition, frozen_counts(session, statement, circulation)),
        languages=content.languages,
        entries=entries,
        style=Style(str(manner["style"])),
        counts=(len(rows) - individuals, individuals),
        unnamed=len(rows) - len(entries),
    )


@dataclass(frozen=True)
class PreviewLine:
    """One preview as the lead sees it: when its button was pressed, newest first; how its newest letter fared."""

    preview: Preview
    openings: Sequence[datetime]
    fate: str
    trouble: str

    def standing(self, now: datetime) -> str:
        """open, expired, revoked or ended."""
        one = self.preview
        if one.revoked_at is not None:
            return "revoked"
        if one.ended_at is not None:
            return "ended"
        return "open" if one.opens(now) else "expired"


@dataclass(frozen=True)
class PreviewsPage:
    """The previews of a locked, embargoed text; `without`: who gets the release and has no link, name and address."""

    statement: Statement
    circulation: Circulation
    lines: Sequence[PreviewLine]
    without: Sequence[tuple[str, str]]


def previews_page(session: Session, public_id: str) -> PreviewsPage:
    """The previews of a statement that waits for its instant, or waited. Raises NotEmbargoed for any other."""
    statement = statement_by_public_id(session, public_id)
    circulation = embargoed(session, statement, afterwards=True)
    found = previews_of(session, circulation.id)
    ids = [one.id for one in found]
    # That with the link, or one that told of a move; where that was of no use it says nothing about the link.
    counts = or_(Letter.kind == Kind.PREVIEW, Letter.dropped_at.is_(None))
    newest = select(Letter).where(Letter.preview_id.in_(ids), counts).order_by(Letter.id)
    letters = {one.preview_id: one for one in session.scalars(newest)}
    pressed: dict[int, list[datetime]] = {}
    chosen = select(PreviewOpening).where(PreviewOpening.preview_id.in_(ids)).order_by(PreviewOpening.id.desc())
    for one in session.scalars(chosen):
        pressed.setdefault(one.preview_id, []).append(one.opened_at)
    have = {one.mail.lower() for one in found if one.mail}
    return PreviewsPage(
        statement=statement,
        circulation=circulation,
        lines=[_line(one, pressed.get(one.id, []), letters.get(one.id)) for one in found],
        without=[one for one in chosen_addresses(session, statement.id) if one[1].lower() not in have],
    )


def embargoed(session: Session, statement: Statement, *, afterwards: bool = False) -> Circulation:
    """The circulation of a locked text that waits for its instant. Raises NotEmbargoed for any other.

    With `afterwards` also that of one which was published.
    """
    stages = (Stage.LOCKED, Stage.PUBLISHED, Stage.RETRACTED) if afterwards else (Stage.LOCKED,)
    found = session.scalar(
        select(Circulation)
        .where(Circulation.statement_id == statement.id, Circulation.outcome == "complete")
        .options(joinedload(Circulation.revision))
    )
    if found is None or statement.stage not in stages or found.ending.how is not Completion.EMBARGO:
        raise NotEmbargoed
    return found


def _line(one: Preview, openings: Sequence[datetime], letter: Letter | None) -> PreviewLine:
    fates = {"dropped": "dropped_at", "failed": "failed_at", "sent": "sent_at"}
    fate = next((name for name, column in fates.items() if letter and getattr(letter, column)), "waiting")
    return PreviewLine(one, openings, fate, letter.last_error if letter else "")
