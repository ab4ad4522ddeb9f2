"""Passages on a member's page: what a form brings of one, what the page shows of it, and where it went."""

import json
from dataclasses import dataclass

from flask_babel import gettext as _

from workflow.rules.refusals import InputRefused
from workflow.text.anchoring import locate, stands
from workflow.text.blocks import blocks, label
from workflow.text.content import Edition
from workflow.text.passages import Passage, chosen, quoted
from workflow.web import house

LONGEST_SHOWN = 400


@dataclass(frozen=True)
class TypedPassage:
    """A passage as a form has it: `exact` in `block`, in which `before` stands before it; all of it without `exact`."""

    block: str = ""
    exact: str = ""
    before: str = ""


WHOLE_TEXT = TypedPassage()


@dataclass(frozen=True)
class ShownPassage:
    """A passage as a page shows it: the place as people call it, its words, shortened where they are many, and all."""

    place: str
    words: str
    all: str


def passage_of(edition: Edition, typed: TypedPassage) -> Passage | None:
    """The passage that a form means; none for the whole text. Raises InputRefused where there is no such one."""
    return chosen(edition, typed.block, typed.exact, typed.before) if typed.block else None


def passage_in(edition: Edition, kept: str) -> Passage | None:
    """The passage of `edition` that a hidden field carries as JSON; none where it is no such one."""
    try:
        value = json.loads(kept) if kept else None
    except (ValueError, RecursionError):
        return None
    return Passage.from_json(value) if value is not None and stands(value, edition) else None


def carried(passage: Passage | None) -> str:
    """What a hidden field carries of a passage."""
    return json.dumps(passage.to_json(), ensure_ascii=False) if passage else ""


def shown_passage(edition: Edition, passage: Passage | None) -> ShownPassage | None:
    """A passage of `edition` as a page shows it."""
    block = next((one for one in blocks(edition) if passage and one.key == passage.block), None)
    if passage is None or block is None:
        return None
    return ShownPassage(house.sentence(label(block)), quoted(passage.exact, LONGEST_SHOWN), passage.exact)


def shown_typed(edition: Edition, typed: TypedPassage) -> ShownPassage | None:
    """A passage as a form has it, also where the text has no such words."""
    try:
        return shown_passage(edition, passage_of(edition, typed))
    except InputRefused:
        return ShownPassage(_("this text"), quoted(typed.exact, LONGEST_SHOWN), typed.exact)


def followed(passage: Passage | None, old: Edition | None, new: Edition) -> Passage | None:
    """A passage of `old` where it stands in `new`; none where it is not there."""
    place = locate(passage, old, new) if passage and old else None
    if place is None:
        return None
    text = next(one.text for one in blocks(new) if one.key == place.block)
    return chosen(new, place.block, place.exact, text[: place.start])


def typed_again(edition: Edition, passage: Passage | None) -> TypedPassage:
    """A passage of `edition` as a form has it."""
    if passage is None:
        return TypedPassage()
    text = next(one.text for one in blocks(edition) if one.key == passage.block)
    if passage.exact == text:
        return TypedPassage(passage.block)
    return TypedPassage(passage.block, passage.exact, text[: passage.start])
