"""A publication as one value, and its forms for machines: what every other public form is drawn from."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from workflow.formats.public_parts import TURNING, Carried, Disclosed, MadeFile, PublicNote, Translated, entry_of
from workflow.rules.listing import Entry, Style
from workflow.rules.noting import Noted, NoteKind, Standing, standing
from workflow.text import digest
from workflow.text.content import Content, Edition
from workflow.text.placeholders import filled, placeholders
from workflow.text.signing_forms import Signatures


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
    `language` is the edition in which it is looked at ("": the authoritative one): text, names and their order follow.
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
    language: str = ""

    def in_language(self, language: str) -> "PublicStatement":
        """The same, looked at in another edition. Raises KeyError where there is none in this language."""
        if language and language not in self.languages:
            raise KeyError(language)
        return replace(self, language="" if language == self.languages[0] else language)

    @cached_property
    def content(self) -> Content:
        """All editions that were signed, the authoritative one first, with the counts filled in."""
        return self._filled(self.values["statement"]["content"])

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Of all editions: the authoritative one first, those that were added later last."""
        return (*self.content.languages, *(one.language for one in self.added))

    @property
    def added(self) -> tuple[Translated, ...]:
        """The translations that were added since, oldest first."""
        return tuple(note.translation for note in self.notes if note.translation)

    @property
    def added_later(self) -> Translated | None:
        """What is shown, where it is a translation that nobody signed."""
        return next((one for one in self.added if one.language == self.language), None)

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
        """The edition of the text that is looked at, with the counts in it that were filled in at the lock."""
        added = self.added_later
        content = self._filled(json.loads(added.content)) if added else self.content
        return content.in_language(self.language)

    def _filled(self, content: object) -> Content:
        editions = digest.parse(json.dumps(content)).editions
        return Content(tuple(filled(one, self.values.get("counts")) for one in editions))

    @cached_property
    def filled_in(self) -> tuple[str, ...]:
        """The places of counts in the text as it was signed."""
        if "counts" not in self.values:
            return ()
        content = digest.parse(json.dumps(self.values["statement"]["content"]))
        return placeholders(content.in_language(self.language))

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
                self._filled(one["content"]).in_language(self.language),
                signed.count(one["revision"]),
                self._filled(one["content"]),
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
        return {one.commitment: entry_of(one, self.language) for one in (*self.disclosures, *self.beside)}

    @property
    def all_entries(self) -> tuple[Entry, ...]:
        """Everybody whose name is public here, whether or not it is listed now."""
        return tuple(self._entries.values())

    def name_of(self, commitment: str | None) -> str:
        """The name of the signatory that stands in the record, or has signed late, under `commitment`, or none."""
        found = self._entries.get(self.standing.shown_by(commitment)) if commitment else None
        return found.name if found else ""

    @property
    def recorded(self) -> tuple[str, ...]:
        """Who stands by it by a sign-off that the lead wrote down, as they are listed; "" for who is not named."""
        written = {one["commitment"] for one in self.values["signatories"] if one.get("recorded")}
        return tuple(self.name_of(one) for one in self.standing.listed if one in written)

    @property
    def lead(self) -> str:
        """The name of the lead, where it is a signatory that stands by the text and is named."""
        return self.name_of(self.lead_commitment) if self.lead_commitment in self.standing.listed else ""

    def who_approved(self, added: Translated) -> str:
        """Who approved a translation: the lead as it stands here, if it is a signatory; empty where it is not named."""
        return self.name_of(self.lead_commitment) if self.lead_commitment else added.approved_by

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The signatories in the record that stand by it and are named, in the order of the listing."""
        persons = {one.commitment: one.value for one in self.persons}
        found = []
        for one in sorted(self.standing.listed, key=self._rank):
            entry = self._entries.get(self.standing.shown_by(one))
            person = persons.get(self.persons_by_signatory.get(one, ""))
            if entry and person:
                name, role = (TURNING.sub("", str(person[part])) for part in ("person_name", "person_role"))
                entry = replace(entry, person=name, role=role)
            found += [entry] if entry else []
        return tuple(found)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """Where each stands in the list of the edition that is looked at, as the lock has frozen it."""
        order = json.loads(self.manner).get("orders", {}).get(self.language, self.listing)
        return {one: at for at, one in enumerate(order)}

    def _rank(self, commitment: str) -> int:
        return self._ranks.get(commitment, len(self._ranks))

    def rank(self, disclosed: Disclosed) -> int:
        """Where one that is disclosed stands in the list."""
        return self._rank(disclosed.commitment)

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
