"""Passages on a member's page: what a form brings of one, what the page shows of it, and where it went."""

import json
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from workflow.rules.refusals import InputRefused, Message
from workflow.text.anchoring import locate_in, stands_in
from workflow.text.blocks import blocks, label
from workflow.text.collation import language_name
from workflow.text.content import Content
from workflow.text.passages import Passage, chosen, quoted
from workflow.web import house

LONGEST_SHOWN = 400


@dataclass(frozen=True)
class TypedPassage:
    """A passage as a form has it: `exact` in `block`, in which `before` stands before it; all of it without `exact`.

    `language` names the edition, and is empty for the authoritative one.
    """

    block: str = ""
    exact: str = ""
    before: str = ""
    language: str = ""


WHOLE_TEXT = TypedPassage()


@dataclass(frozen=True)
class ShownPassage:
    """A passage as a page shows it: the place as people call it, its words, shortened where they are many, and all."""

    place: str
    words: str
    all: str
    language: str = ""


def passage_of(content: Content, typed: TypedPassage) -> Passage | None:
    """The passage that a form means; none for the whole text. Raises InputRefused where there is no such one."""
    if not typed.block:
        return None
    edition = content.find(typed.language)
    if edition is None:
        raise InputRefused("passage_block", Message("passage.unknown"))
    return replace(chosen(edition, typed.block, typed.exact, typed.before), language=content.short(edition))


def passage_in(content: Content, kept: str) -> Passage | None:
    """The passage of a text that a hidden field carries as JSON; none where it is no such one."""
    try:
        value = json.loads(kept) if kept else None
    except (ValueError, RecursionError):
        return None
    return Passage.from_json(value) if value is not None and stands_in(value, content) else None


def carried(passage: Passage | None) -> str:
    """What a hidden field carries of a passage."""
    return json.dumps(passage.to_json(), ensure_ascii=False) if passage else ""


def shown_passage(content: Content, passage: Passage | None) -> ShownPassage | None:
    """A passage of a text as a page shows it; one in a translation says in which."""
    edition = content.find(passage.language) if passage else None
    if passage is None or edition is None:
        return None
    block = next((one for one in blocks(edition) if one.key == passage.block), None)
    if block is None:
        return None
    place = house.sentence(label(block))
    if passage.language:
        place += f" ({language_name(edition.language, house.page_language())})"
    return ShownPassage(place, quoted(passage.exact, LONGEST_SHOWN), passage.exact, edition.language)


def shown_typed(content: Content, typed: TypedPassage) -> ShownPassage | None:
    """A passage as a form has it, also where the text has no such words."""
    try:
        return shown_passage(content, passage_of(content, typed))
    except InputRefused:
        language = content.in_language(typed.language).language
        return ShownPassage(_("this text"), quoted(typed.exact, LONGEST_SHOWN), typed.exact, language)


def followed(passage: Passage | None, old: Content | None, new: Content) -> Passage | None:
    """A passage of `old` where it stands in `new`; none where it is not there."""
    place = locate_in(passage, old, new) if passage and old else None
    edition = new.find(passage.language) if passage else None
    if place is None or edition is None or passage is None:
        return None
    text = next(one.text for one in blocks(edition) if one.key == place.block)
    return replace(chosen(edition, place.block, place.exact, text[: place.start]), language=passage.language)


def typed_again(content: Content, passage: Passage | None) -> TypedPassage:
    """A passage of a text as a form has it."""
    edition = content.find(passage.language) if passage else None
    if passage is None or edition is None:
        return TypedPassage()
    text = next(one.text for one in blocks(edition) if one.key == passage.block)
    if passage.exact == text:
        return TypedPassage(passage.block, language=passage.language)
    return TypedPassage(passage.block, passage.exact, text[: passage.start], passage.language)
