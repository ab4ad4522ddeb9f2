"""What people bring in a file of any kind they have: UTF-8 text in the shapes of `importing.py`, or a Word file.

In a Word file the same parts are recognised as in the plain shape: a label, a date, a headline (its title or first
heading), the text, and the names behind `Signatories:`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workflow.rules.refusals import FileRefused, InputRefused, Message
from workflow.text.checking import HEADLINE_LIMIT, LABEL_LIMIT
from workflow.text.content import Edition
from workflow.text.days import day_in
from workflow.text.from_html import from_html
from workflow.text.html_blocks import Block, joined
from workflow.text.importing import FILE_LIMIT as TEXT_LIMIT
from workflow.text.importing import KIND_BY_LABEL, SIGNATORIES, Imported, checked, names_under, read_statement
from workflow.text.word import FILE_LIMIT as WORD_LIMIT
from workflow.text.word import WordText, is_word, read_word

HEAD_LENGTH = 12
LABELS = {*KIND_BY_LABEL, "press release", "news release", "media release", "statement", "بيان صحفي", "بيان مشترك"}
ARABIC = (0x0600, 0x06FF)
ARABIC_LANGUAGES = ("ar", "fa", "ur", "ckb", "ps", "ku", "ug", "sd")


def read_brought(data: bytes, default_language: str = "en") -> Imported:
    """A statement from a file's bytes. Raises FileRefused with a sentence that says what to do."""
    if is_word(data):
        return statement_from_word(read_word(data), default_language)
    if len(data) > WORD_LIMIT:
        raise FileRefused(Message("file-too-long", {"limit": TEXT_LIMIT}))
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(Message("file-not-utf-8"), data[: error.start].count(b"\n") + 1) from error
    return read_statement(source, default_language)


def merged(before: Edition, brought: Edition) -> Edition:
    """`before` with what was brought; parts that the file does not have stay as they are, and so does the language."""
    blank = Edition(language="", kind="", headline="", body="")
    given = {name: value for name, value in vars(brought).items() if value != getattr(blank, name)}
    return replace(before, **{**given, "language": before.language, "kind": before.kind})


def statement_from_word(word: WordText, default_language: str = "en") -> Imported:
    """What a Word file says, as a statement; what could not be kept is said in warnings."""
    try:
        converted = from_html(word.html)
    except InputRefused as refused:
        raise FileRefused(refused.problem) from refused
    if not converted.blocks:
        raise FileRefused(Message("file-empty"))
    head = _head(converted.blocks)
    body, signed = _signed(head.rest)
    text = joined(body, converted.notes)
    names, twice = _names(signed)
    edition = checked(
        Edition(
            language=_language(converted.blocks, default_language),
            kind=KIND_BY_LABEL.get(head.label.lower(), "press-release"),
            headline=head.headline,
            body=text,
            label=head.label,
            date=head.date,
            place=head.place,
        )
    )
    warnings = [*_told(word.counts), *converted.warnings]
    warnings += [] if head.headline else [Message("headline-not-found")]
    language = edition.language if edition.language != default_language else ""
    return Imported(edition, names, (*warnings, *twice), language)


def _told(counts: dict[str, int]) -> list[Message]:
    """What the file has and HTML does not say."""
    told = []
    if counts.get("inserted") or counts.get("deleted"):
        changes = {"inserted": counts.get("inserted", 0), "deleted": counts.get("deleted", 0)}
        told.append(Message("word-tracked", changes))
    for kind, said in (("remarks", "remarks"), ("formulas", "word-formulas"), ("heads", "word-heads")):
        if counts.get(kind):
            told.append(Message(said, {"count": counts[kind]}))
    return told


# What stands over the text ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Head:
    """The parts over a text, and the blocks that are the text."""

    rest: Sequence[Block]
    headline: str = ""
    label: str = ""
    date: str = ""
    place: str = ""


def _head(blocks: Sequence[Block]) -> _Head:
    at = _headline_at(blocks)
    if at is None:
        return _Head(blocks)
    head = _Head(blocks[at + 1 :], headline=_line(blocks[at]))
    kept = []
    for block in blocks[:at]:
        taken = _taken(head, block)
        if taken is None and not head.label and len(_line(block)) <= LABEL_LIMIT:
            taken = replace(head, label=_line(block))
        kept += [block] if taken is None else []
        head = taken or head
    if head.rest and (taken := _taken(head, head.rest[0])):
        head = replace(taken, rest=head.rest[1:])
    return replace(head, rest=[*kept, *head.rest])


def _taken(head: _Head, block: Block) -> _Head | None:
    """The head with the date, or place and date, that a block consists of; None where it is neither."""
    if head.date:
        return None
    place, day = _place_and_day(_line(block))
    return replace(head, date=day, place=place) if day else None


def _place_and_day(line: str) -> tuple[str, str]:
    for sign in ("", ",", "،", " – ", " - "):
        place, _, day = line.rpartition(sign) if sign else ("", "", line)
        try:
            if found := day_in(day.strip()):
                return place.strip(), found
        except ValueError:
            return "", ""
    return "", ""


def _headline_at(blocks: Sequence[Block]) -> int | None:
    """The title or first heading; else what follows the date, or a bold line at the beginning."""
    first = blocks[:HEAD_LENGTH]
    titled = next((at for at, block in enumerate(first) if block.level and _could_be_headline(block)), None)
    if titled is not None:
        return titled
    dated = next((at for at, block in enumerate(first[:2]) if _place_and_day(_line(block))[1]), None)
    if dated is not None:
        at = dated + 1
    else:
        at = 1 if _line(first[0]).lower().strip(":. ") in LABELS else 0
        if at < len(first) and not first[at].bold:
            return None
    return at if at < len(first) and _could_be_headline(first[at]) else None


def _could_be_headline(block: Block) -> bool:
    return "\n" not in block.words and 0 < len(block.words) <= HEADLINE_LIMIT


def _line(block: Block) -> str:
    return " ".join(block.words.split())


# What stands under it -----------------------------------------------------------------------------


def _signed(blocks: Sequence[Block]) -> tuple[Sequence[Block], list[str]]:
    """The blocks before the last `Signatories:`, and the lines from there on."""
    at = next((at for at in range(len(blocks) - 1, -1, -1) if SIGNATORIES.fullmatch(_first_line(blocks[at]))), None)
    if at is None:
        return blocks, []
    return blocks[:at], [line for block in blocks[at:] for line in block.words.split("\n")]


def _first_line(block: Block) -> str:
    return block.words.partition("\n")[0].strip()[:400]


def _names(lines: list[str]) -> tuple[tuple[str, ...], list[Message]]:
    _, names, twice = names_under(lines, 0)
    return tuple(names), twice


def _language(blocks: Sequence[Block], default: str) -> str:
    """The reader's own language, unless most letters are Arabic ones and it is not written with them."""
    letters = [char for block in blocks for char in block.words if char.isalpha()]
    arabic = sum(ARABIC[0] <= ord(char) <= ARABIC[1] for char in letters)
    return "ar" if 2 * arabic > len(letters) and default.partition("-")[0] not in ARABIC_LANGUAGES else default
