"""A record, or the JSON file with the names beside it, that somebody found, held against a publication."""

import json
from collections.abc import Callable
from typing import Any

from workflow.formats.plain import text_parts
from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.record_file import json_file
from workflow.formats.verifying import Compared, Verdict
from workflow.formats.verifying_names import MOST_NAMES_TOLD
from workflow.rules.refusals import FileRefused, FormRefused, InputRefused, Message
from workflow.text.digest import commitment, parse
from workflow.text.pasted import evened
from workflow.text.placeholders import filled
from workflow.text.wording import SURROGATE

RECORD_FORMAT = "publication-record/1"
NAME_SHOWN = 40


def read_json(text: str) -> Any:
    """What JSON of strangers says. Raises ValueError for what is none, FileRefused where it names a value twice.

    Readers differ in which of the two they believe: it could show one thing here and another elsewhere (RFC 8259, 4).
    """
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise FileRefused(Message("verify-named-twice", {"name": SURROGATE.sub("\ufffd", twice)[:NAME_SHOWN]}))
    return found


def record_in(given: Any) -> dict[str, Any] | None:
    """The record in what a JSON file holds: that alone, or the file that discloses names beside it; else none."""
    record = given.get("record", given) if isinstance(given, dict) else None
    return record if isinstance(record, dict) and record.get("format") == RECORD_FORMAT else None


def compared_record(found: PublicStatement, given: dict[str, Any]) -> Compared:
    """Hold a JSON file, whose record is to the byte that of a publication, against what is disclosed beside it."""
    current = Verdict.SINCE if found.notes else Verdict.CURRENT
    if "record" not in given:
        return Compared(current, found, share=1.0)
    language = given.get("language", "")
    shown = found.in_language(language) if language in found.languages[1:] else found
    ours = json.loads(json_file(found))
    # A mended name is disclosed by the note that mended it.
    noted = [one["disclosure"] for one in _list(given.get("notes")) if isinstance(one, dict) and "disclosure" in one]
    disclosures = [*_list(given.get("disclosures")), *_list(given.get("persons")), *noted]
    public = [*ours.get("disclosures", []), *ours.get("persons", [])]
    public += [one["disclosure"] for one in ours.get("notes", []) if "disclosure" in one]
    gone = [one for one in disclosures if one not in public]
    former = [one for one in gone if _was_disclosed(found, one)]
    notes = [_without_names(one) for one in ours.get("notes", [])]
    spoken = all(_words_are_bound(one) for one in _list(given.get("notes")))
    unlisted = len(gone) - len(former) + sum(_without_names(one) not in notes for one in _list(given.get("notes")))
    told = [str(_listed_name(one)) for one in disclosures]
    told += [found.name_of(one["commitment"]) for one in former]
    missing = tuple(one for one in found.names if one not in told)[:MOST_NAMES_TOLD]
    known = set(given) <= {"record", "record_digest", "disclosures", "persons", "notes", "language"}
    known = known and language == shown.language
    once = (given.get(part, []) for part in ("disclosures", "persons", "notes"))
    known = known and all(isinstance(one, list) and len(one) == len(set(map(repr, one))) for one in once)
    whole = known and given.get("record_digest") == found.record_digest and not missing
    if not whole or not spoken or unlisted > found.unnamed + len(found.persons_by_signatory) - len(found.persons):
        verdict = Verdict.ALTERED
    else:
        # Whether a name that is not public any more was the right one is confirmed to nobody.
        verdict = Verdict.NAMES if unlisted else Verdict.SINCE if former else current
    names = tuple(name for name in map(_listed_name, former) if isinstance(name, str) and name)[:MOST_NAMES_TOLD]
    return Compared(verdict, shown, missing=missing, former=names, unlisted=unlisted, share=1.0)


def _was_disclosed(found: PublicStatement, one: Any) -> bool:
    """Whether it is the former name of a signatory that is named still, and what was signed is bound to it."""
    if not isinstance(one, dict) or not isinstance(one.get("salt"), str) or "value" not in one:
        return False
    bound = one.get("commitment")
    return isinstance(bound, str) and found.name_of(bound) != "" and commitment(one["salt"], one["value"]) == bound


def _words_are_bound(note: Any) -> bool:
    """Whether the words of a note are those that the public log is bound to; they may have been taken out."""
    if not isinstance(note, dict) or not note.get("text"):
        return True
    salt, text = note.get("salt"), note["text"]
    if isinstance(note.get("translation"), dict):
        return bool(text == note["translation"].get("digest"))
    return isinstance(salt, str) and isinstance(text, str) and commitment(salt, {"text": text}) == note.get("said")


def _without_names(note: Any) -> Any:
    """A note as far as it never changes; its words and its name may be taken out later."""
    if not isinstance(note, dict):
        return note
    return {key: value for key, value in note.items() if key not in ("disclosure", "text", "salt")}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _listed_name(one: Any) -> Any:
    value = one.get("value") if isinstance(one, dict) else None
    return value.get("listed_name", "") if isinstance(value, dict) else ""


def is_bare(given: dict[str, Any]) -> bool:
    """Whether it is a record, and nothing that somebody may have set beside it."""
    return "record" not in given


def words_of_record(record: dict[str, Any], speak: Callable[[str], Saying]) -> str:
    """The text in a record, evened; nothing where it holds none that can be read."""
    try:
        edition = filled(parse(json.dumps(record["statement"]["content"])).authoritative, record.get("counts"))
        return evened("\n\n".join(part for part in text_parts(edition, speak(edition.language)) if part))
    except (KeyError, ValueError, TypeError, AttributeError, FormRefused, InputRefused):
        return ""
