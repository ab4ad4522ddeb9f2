"""A publication as one value, and its forms for machines: what every other public form is drawn from."""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from workflow.rules.listing import Entry, Style, disclosed_entry
from workflow.rules.noting import Noted, NoteKind, Standing, standing
from workflow.rules.publication import FileKind
from workflow.text import digest
from workflow.text.content import Edition
from workflow.text.placeholders import filled, placeholders
from workflow.text.signing_forms import Signatures

# Nobody can confirm a name with these in it; one that came by another way must not turn the line around it.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Disclosed:
    """A value that is served beside the record, with the salt that binds it to its commitment."""

    commitment: str
    salt: str
    value: Any


@dataclass(frozen=True)
class Carried:
    """An earlier text to which `signatories` signed, and from which editorial changes led to the published one."""

    revision: int
    digest: str
    edition: Edition
    signatories: int


@dataclass(frozen=True)
class PublicNote:
    """One dated note beside the record. `commitment`: of whom it is; `replaced_by`: that of the mended name.

    `event` is the hash of its event, `said` the commitment to its words; `salt` is there as long as the words are.
    """

    kind: NoteKind
    at: datetime
    text: str = ""
    commitment: str | None = None
    replaced_by: str | None = None
    event: str = ""
    said: str = ""
    salt: str = ""


@dataclass(frozen=True)
class MadeFile:
    """A file that was made: of which language and kind, from which state, by which code; without size it cannot be."""

    language: str
    kind: FileKind
    drawn_from: str
    drawn_with: str
    size: int | None


@dataclass(frozen=True)
class PublicStatement:
    """A published statement with all that is public about it.

    `record` is canonical JSON and never changes. `listing` names the commitments of the signatories in the order
    in which they are listed; `disclosures`, in the same order, lacks those whose name was taken back. `notes` are what
    came since, oldest first; `beside` are the names that only notes have: of late signatories, and mended ones.
    `mended_since` are, in an earlier state of it, the names that were mended after that: shown as they are now.
    `manner` is how the signatories are listed, as it was frozen (JSON), `persons` who signed and wanted to be listed.
    `signatures` are those of the record, by the key `signed_by` (32 bytes).
    `coalition` is the name that its coalition has in public, and `coalition_slug` its address, where it has one;
    `lead_commitment` is that of the lead, where the lead is a signatory. `files` were made of it or of a former state.
    """

    statement_id: int
    slug: str
    record: str
    record_digest: str
    published_at: datetime
    listing: tuple[str, ...]
    disclosures: tuple[Disclosed, ...]
    notes: tuple[PublicNote, ...] = ()
    mended_since: tuple[PublicNote, ...] = ()
    manner: str = "{}"
    beside: tuple[Disclosed, ...] = ()
    persons: tuple[Disclosed, ...] = ()
    signatures: Signatures | None = None
    signed_by: bytes = b""
    coalition: str = ""
    coalition_slug: str = ""
    lead_commitment: str = ""
    files: tuple[MadeFile, ...] = ()

    @cached_property
    def standing(self) -> Standing:
        """Who stands by the text now."""
        notes = (*self.notes, *self.mended_since)
        return standing(self.listing, [Noted(one.kind, one.commitment, one.replaced_by) for one in notes])

    @cached_property
    def commitments(self) -> frozenset[str]:
        """Every commitment by which a name can stand here."""
        notes = (*self.notes, *self.mended_since)
        noted = (one for note in notes for one in (note.commitment, note.replaced_by) if one is not None)
        return frozenset((*self.listing, *noted, *self.persons_by_signatory.values()))

    @cached_property
    def persons_by_signatory(self) -> dict[str, str]:
        """The commitment to the person who is listed beside a signatory, by that of the signatory."""
        signed = self.values["signatories"]
        return {one["commitment"]: one["person"] for one in signed if "person" in one}

    def as_of(self, number: int) -> "PublicStatement":
        """The statement as it stood with its first `number` notes; names since withheld or mended as they are now."""
        later = self.notes[number:]
        mended = tuple(one for one in later if one.kind is NoteKind.NAME_FIX)
        return replace(self, notes=self.notes[:number], mended_since=mended)

    @property
    def retracted(self) -> PublicNote | None:
        """The note that retracts it, where one does."""
        return next((one for one in self.notes if one.kind is NoteKind.RETRACTION), None)

    @property
    def changed_at(self) -> datetime:
        """The instant of its last note, or of its publication."""
        return self.notes[-1].at if self.notes else self.published_at

    @cached_property
    def values(self) -> dict[str, Any]:
        """The record as values."""
        parsed: dict[str, Any] = json.loads(self.record)
        return parsed

    @cached_property
    def edition(self) -> Edition:
        """The authoritative edition of the text, with the counts in it that were filled in at the lock."""
        return self._filled(self.values["statement"]["content"])

    def _filled(self, content: object) -> Edition:
        return filled(digest.parse(json.dumps(content)).authoritative, self.values.get("counts"))

    @cached_property
    def filled_in(self) -> tuple[str, ...]:
        """The places of counts in the text as it was signed."""
        if "counts" not in self.values:
            return ()
        return placeholders(digest.parse(json.dumps(self.values["statement"]["content"])).authoritative)

    @property
    def digest(self) -> str:
        """The digest of the text: what every signatory signed, but for those whose sign-offs were carried over."""
        return str(self.values["statement"]["digest"])

    @cached_property
    def carried(self) -> tuple[Carried, ...]:
        """The earlier texts whose sign-offs the editorial rule kept, oldest first; mostly none."""
        signed = [one["revision"] for one in self.values["signatories"]]
        return tuple(
            Carried(
                one["revision"],
                one["digest"],
                self._filled(one["content"]),
                signed.count(one["revision"]),
            )
            for one in self.values.get("carried_over", {}).get("revisions", ())
        )

    @property
    def adopted_by(self) -> str:
        """The coalition in whose name silence adopted the text, or nothing."""
        return str(self.values.get("adopted_by", ""))

    @property
    def deadline(self) -> datetime:
        """The deadline of the circulation that led to the publication."""
        return datetime.fromisoformat(self.values["instants"]["deadline"])

    @property
    def chain_head(self) -> str:
        """The head of the statement's history when it was published."""
        return str(self.values["chain_head"])

    @cached_property
    def disclosed(self) -> frozenset[str]:
        """Commitments whose names are public."""
        return frozenset(one.commitment for one in (*self.disclosures, *self.beside, *self.persons))

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        """What is public of the signatories, by their commitments."""
        return {one.commitment: _entry(one) for one in (*self.disclosures, *self.beside)}

    def name_of(self, commitment: str | None) -> str:
        """The name of the signatory that stands in the record, or has signed late, under `commitment`, or none."""
        found = self._entries.get(self.standing.shown_by(commitment)) if commitment else None
        return found.name if found else ""

    @property
    def lead(self) -> str:
        """The name of the lead, where it is a signatory that stands by the text and is named."""
        return self.name_of(self.lead_commitment) if self.lead_commitment in self.standing.listed else ""

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The signatories in the record that stand by it and are named, in the order of the listing."""
        persons = {one.commitment: one.value for one in self.persons}
        found = []
        for one in self.standing.listed:
            entry = self._entries.get(self.standing.shown_by(one))
            person = persons.get(self.persons_by_signatory.get(one, ""))
            if entry and person:
                name, role = (TURNING.sub("", str(person[part])) for part in ("person_name", "person_role"))
                entry = replace(entry, person=name, role=role)
            found += [entry] if entry else []
        return tuple(found)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Their names, in the same order."""
        return tuple(entry.name for entry in self.entries)

    @cached_property
    def logos(self) -> frozenset[str]:
        """The digests of the logos that stand beside them: of these pictures, and no others, the bytes are public."""
        return frozenset(entry.logo for entry in self.entries if entry.logo)

    @cached_property
    def style(self) -> Style:
        """How they are listed."""
        return Style(json.loads(self.manner).get("style", Style.LINE))

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many organisations, and how many individuals, are in the record and stand by it, named or not."""
        known = set(json.loads(self.manner).get("individuals", ()))
        individuals = sum(one in known for one in self.standing.listed)
        return self.count - individuals, individuals

    @property
    def listed_plainly(self) -> bool:
        """Whether nothing but names is disclosed of the signatories."""
        return all(set(one.value) == {"listed_name"} for one in self.disclosures)

    @property
    def late(self) -> tuple[tuple[str, datetime], ...]:
        """Who has signed since and stands by it, each with when; the name is empty where it is not public."""
        signed = {one.commitment: one.at for one in self.notes if one.kind is NoteKind.LATE}
        return tuple((self.name_of(one), signed[one]) for one in self.standing.late)

    @property
    def count(self) -> int:
        """How many signatories stand by it, named or not, without those who signed late."""
        return len(self.standing.listed)

    @property
    def unnamed(self) -> int:
        """How many of them are counted, but not named."""
        return self.count - len(self.names)


def _entry(one: Disclosed) -> Entry:
    """The entry, with nothing in it that turns a line around."""
    value = {name: TURNING.sub("", said) if isinstance(said, str) else said for name, said in one.value.items()}
    return disclosed_entry(value)
