"""Looking at what came after a publication: its notes, and what discloses the name of one who signed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.models.translations import Translation
from workflow.queries.circulation import Place, roll
from workflow.queries.completion import complete_circulation
from workflow.queries.mentions import StillNamed, withheld_still_named
from workflow.rules.lifecycle import Stage
from workflow.rules.noting import SAID_BY_LEAD, Noted, NoteKind, Standing, standing
from workflow.rules.refusals import NotFound
from workflow.text.mentions import sought, words_in


def record_digest(session: Session, statement_id: int) -> str:
    """The digest of the public record beside which notes of a statement stand."""
    return session.scalars(select(Publication.record_digest).where(Publication.statement_id == statement_id)).one()


def withdrawn(session: Session, statement_id: int, signatory_id: int) -> bool:
    """Whether a signatory has withdrawn after the publication."""
    found = select(Note.id).where(
        Note.statement_id == statement_id,
        Note.signatory_id == signatory_id,
        Note.kind == NoteKind.WITHDRAWAL,
    )
    return session.scalar(found.limit(1)) is not None


def said_last(session: Session, statement_id: int) -> tuple[str, str] | None:
    """Kind and words of the newest note of the lead's own, where there is one."""
    own = select(Note.kind, Note.text).where(Note.statement_id == statement_id, Note.kind.in_(SAID_BY_LEAD))
    found = session.execute(own.order_by(Note.id.desc()).limit(1)).one_or_none()
    return (found.kind, found.text) if found else None


def commitments_of(session: Session, statement_id: int, commitment: str) -> list[str]:
    """All commitments that have named one signatory: the one it stands under, and those of its mended names."""
    fixed = session.scalars(
        select(Note.replaced_by).where(Note.statement_id == statement_id, Note.commitment == commitment)
    )
    return [commitment, *(one for one in fixed if one is not None)]


def names_of(session: Session, signatory: Signatory, commitments: Collection[str]) -> set[str]:
    """The names by which a signatory can be told: as it is listed, and as it is registered."""
    values = session.scalars(select(Disclosure.value).where(Disclosure.commitment.in_(commitments))).all()
    listed = {name for value in values for name in (str(value["listed_name"]), *value.get("names", {}).values())}
    listed |= {str(value.get("acronym", "")) for value in values}
    registered = session.execute(
        select(Organisation.name, Organisation.listed_name, Organisation.listed_names).where(
            Organisation.id == signatory.organisation_id
        )
    ).one()
    said = session.execute(select(Answer.listed_name, Answer.names).where(Answer.signatory_id == signatory.id)).all()
    proposed = [name for one in said for name in (one.listed_name, *(one.names or {}).values())]
    translated = [*(registered.listed_names or {}).values(), *(signatory.names or {}).values()]
    mails = session.scalars(select(Contact.mail).where(Contact.organisation_id == signatory.organisation_id))
    domains = (mail.rpartition("@")[2] for mail in mails)
    return {*listed, *registered[:2], *translated, *proposed, signatory.name, *domains} - {""}


def listed_value(session: Session, commitments: Collection[str]) -> dict[str, Any]:
    """How a signatory stands in the list, as it is disclosed now; nothing where it is not."""
    values = session.scalars(select(Disclosure.value).where(Disclosure.commitment.in_(commitments)))
    return {name: said for value in values for name, said in value.items()}


def notes_naming(session: Session, statement_id: int, signatory_id: int, names: Collection[str]) -> list[int]:
    """The notes whose words hold one of these names, however it is spaced, joined or written large; and why the name of
    this signatory was mended, which may tell one that nothing else keeps."""
    told = {one for one in map(sought, names) if one.strip()}
    mended = and_(Note.signatory_id == signatory_id, Note.kind == NoteKind.NAME_FIX)
    chosen = select(Note.id, Note.text, mended).where(Note.statement_id == statement_id, Note.text != "")
    rows = session.execute(chosen)
    return [id_ for id_, text, own in rows if own or any(one in words_in(text) for one in told)]


@dataclass(frozen=True)
class NoteLine:
    """One note as the lead sees it: of which organisation, by whom, with its words; of a translation, its language."""

    kind: NoteKind
    text: str
    organisation: str
    person: str
    at_desk: bool
    noted_at: datetime


@dataclass(frozen=True)
class AfterPage:
    """What the lead sees after a publication: who stands by it, who has signed late, who has withdrawn, all notes.

    `still_named`: of those who are not to be named, where the text and translations of it name them all the same.
    """

    circulation: Circulation
    places: Sequence[Place]
    notes: Sequence[NoteLine]
    standing: Standing
    values: dict[int, dict[str, Any]]
    still_named: dict[int, StillNamed]

    @property
    def names(self) -> dict[int, str]:
        """Under which name each signatory is public now, by its id; those who are not named are not here."""
        return {signatory_id: str(value["listed_name"]) for signatory_id, value in self.values.items()}

    def translated_names(self, signatory_id: int) -> dict[str, str]:
        """For each translation that was signed the name there, where it is another one."""
        named = self.values.get(signatory_id, {}).get("names", {})
        return {one: str(named.get(one, "")) for one in self.circulation.revision.parsed.languages[1:]}

    def place(self, signatory_id: int) -> Place:
        """One who signed, by its id. Raises NotFound."""
        for place in self.places:
            if place.signatory_id == signatory_id:
                return place
        raise NotFound

    def has_withdrawn(self, place: Place) -> bool:
        """Whether a signatory has withdrawn."""
        return place.commitment in self.standing.withdrawn

    def signed_late(self, place: Place) -> bool:
        """Whether a signatory signed after the publication."""
        return place.commitment in self.standing.late


def after_page(session: Session, statement_id: int) -> AfterPage:
    """What the lead sees after the publication of a statement. Raises NotFound."""
    circulation = complete_circulation(session, statement_id)
    places = roll(session, circulation.id)
    rows = session.execute(
        select(Note, Signatory.name, Translation.language)
        .outerjoin(Signatory, Signatory.id == Note.signatory_id)
        .outerjoin(
            Translation, and_(Translation.statement_id == statement_id, Translation.event_hash == Note.event_hash)
        )
        .where(Note.statement_id == statement_id)
        .order_by(Note.id)
    ).all()
    noted = [Noted(NoteKind(row.Note.kind), row.Note.commitment, row.Note.replaced_by) for row in rows]
    signed = tuple(place.commitment for place in places if place.commitment)
    late = {one.commitment for one in noted if one.kind is NoteKind.LATE}
    lines = [_line(row.Note, row.name or "", row.language or "") for row in rows]
    stands = standing([one for one in signed if one not in late], noted)
    return AfterPage(
        circulation=circulation,
        places=[place for place in places if place.commitment],
        notes=lines,
        standing=stands,
        values=_values(session, places, stands),
        still_named=withheld_still_named(session, circulation) if any(one.withheld for one in places) else {},
    )


def _values(session: Session, places: Sequence[Place], stands: Standing) -> dict[int, dict[str, Any]]:
    """How each signatory that is named stands in the list now, by its id."""
    shown = {stands.shown_by(place.commitment): place.signatory_id for place in places if place.commitment}
    rows = session.execute(
        select(Disclosure.commitment, Disclosure.value).where(Disclosure.commitment.in_(list(shown)))
    )
    return {shown[commitment]: value for commitment, value in rows}


@dataclass(frozen=True)
class LaterLine:
    """A sign-off or a withdrawal after the publication."""

    kind: NoteKind
    noted_at: datetime
    invitation_id: int | None


def spoken_later(session: Session, statement: Statement) -> dict[int, list[LaterLine]]:
    """Who signed or withdrew after the publication; nobody is asked about before it."""
    found: dict[int, list[LaterLine]] = defaultdict(list)
    if statement.stage not in (Stage.PUBLISHED, Stage.RETRACTED):
        return found
    rows = session.execute(
        select(Signatory.id, Note.kind, Note.noted_at, Note.invitation_id)
        .join(Signatory, Signatory.id == Note.signatory_id)
        .where(Note.statement_id == statement.id, Note.kind.in_((NoteKind.LATE, NoteKind.WITHDRAWAL)))
        .order_by(Note.id)
    )
    for signatory_id, kind, noted_at, invitation_id in rows:
        found[signatory_id].append(LaterLine(NoteKind(kind), noted_at, invitation_id))
    return found


def languages_added(session: Session, statement_id: int) -> Sequence[str]:
    """The languages of the translations that were added since the publication, oldest first."""
    chosen = select(Translation.language).where(Translation.statement_id == statement_id).order_by(Translation.id)
    return session.scalars(chosen).all()


def digest_added(session: Session, statement_id: int, language: str) -> str | None:
    """The digest of the translation into this language that was added since the publication, where there is one."""
    of_it = (Translation.statement_id == statement_id, Translation.language == language)
    return session.scalar(select(Translation.digest).where(*of_it))


def _line(note: Note, organisation: str, language: str) -> NoteLine:
    return NoteLine(
        kind=NoteKind(note.kind),
        text=language or note.text,
        organisation=organisation,
        person=", ".join(part for part in (note.person_name, note.person_role) if part),
        at_desk=note.user_id is not None,
        noted_at=note.noted_at,
    )
