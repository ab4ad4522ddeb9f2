"""What came after a publication, in words: the dated notes, and how many stand by it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflow.formats.public_parts import PublicNote, Translated
from workflow.formats.reading import Gettext, date_in_words, saying_in
from workflow.formats.record import PublicStatement
from workflow.rules.noting import NoteKind
from workflow.text.collation import language_name
from workflow.text.instants import iso

COUNTED = (NoteKind.LATE, NoteKind.WITHDRAWAL)


@dataclass(frozen=True)
class NoteView:
    """One note for readers: its day in words, what it is, whose (empty where that is not public), its words."""

    kind: NoteKind
    at_iso: str
    day: str
    title: str
    name: str
    text: str


def notes_of(found: PublicStatement, gettext: Gettext) -> tuple[NoteView, ...]:
    """All notes, oldest first; those of a name that is not public name nobody."""
    return tuple(_view(found, note, gettext) for note in found.notes)


def _view(found: PublicStatement, note: PublicNote, gettext: Gettext) -> NoteView:
    said = {
        NoteKind.WITHDRAWAL: gettext("Withdrew its sign-off"),
        NoteKind.LATE: gettext("Signed after the publication"),
        NoteKind.NAME_FIX: gettext("Its name was mended; it had signed before"),
        NoteKind.CORRECTION: gettext("Correction"),
        NoteKind.RETRACTION: gettext("Retracted"),
        NoteKind.TAKEDOWN: gettext("Taken down by the operator of this site for legal reasons"),
        NoteKind.RESTORED: gettext("Shown again"),
        NoteKind.TRANSLATION: gettext("Translation added"),
    }
    whose = ""
    if note.commitment is not None:
        whose = found.name_of(note.commitment) or gettext("An organisation that asked not to be named")
    text = note.text
    if not text and note.kind in (NoteKind.CORRECTION, NoteKind.RETRACTION):
        text = gettext("The words of this note were taken out for the safety of an organisation.")
    if note.translation is not None:
        text = translation_said(note.translation, found, gettext)
    day = day_of(note.at, found)
    return NoteView(note.kind, iso(note.at), day, said[note.kind], whose, text)


def translation_said(added: Translated, found: PublicStatement, gettext: Gettext) -> str:
    """Which translation was added, who approved it, and that nobody signed it."""
    said = gettext(
        "Added on %(day)s: the translation into this language: %(language)s. It was approved by %(lead)s, and is not"
        " part of what was signed. Digest of the translation (SHA-256): %(digest)s"
    )
    named = language_name(added.language, found.edition.language)
    day = day_of(added.at, found)
    lead = found.who_approved(added) or gettext("the organisation that circulated it")
    return said % {"day": day, "language": named, "lead": lead, "digest": added.digest}


def added_line(found: PublicStatement, gettext: Gettext) -> str:
    """Says of a translation that came after the publication that it is one."""
    return translation_said(found.added_later, found, gettext) if found.added_later else ""


def authoritative_line(found: PublicStatement, gettext: Gettext) -> str:
    """Says, where another edition is looked at, in which language the authoritative text is."""
    if not found.language:
        return ""
    named = language_name(found.languages[0], found.edition.language)
    return gettext("The authoritative text is in this language: %(language)s") % {"language": named}


def day_of(at: datetime, found: PublicStatement) -> str:
    """The day of an instant (UTC) in the manner of the statement's language."""
    return date_in_words(f"{at:%Y-%m-%d}", found.edition.language)


def count_line(found: PublicStatement, gettext: Gettext) -> str:
    """How many stand by it as of the last day on which that changed, and how many did at the publication."""
    changed = [note.at for note in found.notes if note.kind in COUNTED]
    if not changed:
        return ""
    if found.standing.count == 1:
        said = gettext("One signatory as of %(day)s, %(then)s at publication")
    else:
        said = gettext("%(now)s signatories as of %(day)s, %(then)s at publication")
    values = {"now": found.standing.count, "day": day_of(changed[-1], found), "then": len(found.listing)}
    return said % values


def note_lines(found: PublicStatement, gettext: Gettext) -> list[str]:
    """The notes as lines of text: the day, whose it is, what it is, and its words below."""
    lines = []
    for one in notes_of(found, gettext):
        head = ": ".join(part for part in (f"{one.day} – {one.name}" if one.name else one.day, one.title) if part)
        lines.append(f"{head}\n{one.text}" if one.text else head)
    return lines


def retracted_line(found: PublicStatement, gettext: Gettext) -> str:
    """Says before everything else that the statement no longer stands, where it does not."""
    note = found.retracted
    return gettext("Retracted on %(day)s: see the notes below.") % {"day": day_of(note.at, found)} if note else ""


def called(found: PublicStatement) -> str:
    """Its headline wherever others name it, in its own language; what is retracted is never named without that."""
    headline = found.edition.headline
    retracted = saying_in(found.edition.language)("Retracted: %(headline)s")
    return retracted % {"headline": headline} if found.retracted else headline


def corrected_line(found: PublicStatement, gettext: Gettext) -> str:
    """Says away from the words on which day the newest correction came; nothing where it is moot."""
    days = [day_of(note.at, found) for note in found.notes if note.kind is NoteKind.CORRECTION]
    return gettext("Corrected on %(day)s") % {"day": days[-1]} if days and not found.retracted else ""


def noted(found: PublicStatement, gettext: Gettext) -> Sequence[str]:
    """The part of a file that stands below the signatories: how many there are now, and all notes under a title."""
    lines = note_lines(found, gettext)
    return [count_line(found, gettext), f"{gettext('Since the publication')}:", *lines] if lines else []
