"""Passages: the words that a remark stands on, as they are kept; how they are chosen, stored and quoted.

A passage keeps its exact words, where they stand and some words around them, in the spirit of the selectors of the
W3C Web Annotation model. Where it stands in another revision, `anchoring.py` says.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workflow.rules.refusals import InputRefused, Message
from workflow.text.blocks import PARTS, Block, blocks, label, name_of, plain
from workflow.text.content import Edition

CONTEXT, QUOTED_LIMIT = 60, 90
KEY = re.compile(r"[a-z]{1,20}[0-9]{0,6}")
TEXTS = ("part", "block", "exact", "prefix", "suffix")


@dataclass(frozen=True)
class Passage:
    """Words of one revision: they begin at `start` in `block`, and may run on into the blocks after it.

    `exact` has single blanks, also between blocks; `prefix` is what stands before it in its block, `suffix` what comes.
    `language` names the edition that it stands in, and is empty for the authoritative one.
    """

    part: str
    block: str
    start: int
    exact: str
    prefix: str = ""
    suffix: str = ""
    language: str = ""

    def to_json(self) -> dict[str, str | int]:
        """What a JSON column keeps."""
        kept = asdict(self)
        return kept if self.language else {name: value for name, value in kept.items() if name != "language"}

    @classmethod
    def from_json(cls, kept: object) -> "Passage":
        """The passage that `to_json` gave. Raises ValueError for anything else."""
        if not isinstance(kept, Mapping) or set(kept) - {"language"} != {*TEXTS, "start"}:
            raise ValueError("a passage has other parts")
        if not isinstance(kept.get("language", ""), str):
            raise ValueError("the edition of a passage is named otherwise")
        start = kept["start"]
        if type(start) is not int or start < 0 or not all(isinstance(kept[name], str) for name in TEXTS):
            raise ValueError("a part of a passage is of another kind")
        if kept["part"] not in PARTS or not KEY.fullmatch(kept["block"]):
            raise ValueError("a passage stands in no known part")
        if not kept["exact"] or kept["exact"] != plain(kept["exact"]):
            raise ValueError("the words of a passage are not as they are kept")
        return cls(**kept)


def place_of(kept: Mapping[str, Any] | None) -> Message | None:
    """What a person calls the place of a passage, by what is kept of it; None for footnotes, and where none is kept."""
    return name_of(kept["part"], kept["block"], kept.get("language", "")) if kept else None


def whole(block: Block) -> Passage:
    """A block as a passage."""
    return Passage(block.part, block.key, 0, block.text)


def chosen(edition: Edition, key: str, exact: str, before: str = "") -> Passage:
    """What a form brings: `exact` in the block `key`, of which `before` is all before it; without `exact` all of it.

    The words may run on into the next blocks. Where `before` does not fit, they must stand there once. Raises
    InputRefused.
    """
    found = blocks(edition)
    at = next((at for at, block in enumerate(found) if block.key == key), None)
    if at is None:
        raise InputRefused("passage_block", Message("passage.unknown"))
    block = found[at]
    if not exact.strip():
        return whole(block)
    exact, before = _regular(exact), _regular(before)
    text = _text_from(found[at:], len(exact) + CONTEXT)
    start = len(before) + (text[len(before) : len(before) + 1] == " ")
    if not (text.startswith(before) and text.startswith(exact, start) and start < len(block.text)):
        start = _only_place(text, exact, block)
    return _passage(block, text, start, exact)


def quoted(exact: str, limit: int = QUOTED_LIMIT) -> str:
    """The words of a passage, shortened for a list."""
    if len(exact) <= limit:
        return exact
    short = exact[:limit]
    cut = short.rfind(" ", limit // 2)
    short = short[:cut] if cut > 0 else short
    # What follows must not leave a letter without its marks.
    while short and unicodedata.combining(exact[len(short)]):
        short = short[:-1]
    return f"{short.rstrip()} …"


def _passage(block: Block, text: str, start: int, exact: str) -> Passage:
    end = start + len(exact)
    return Passage(
        part=block.part,
        block=block.key,
        start=start,
        exact=exact,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
    )


def _regular(text: str) -> str:
    return plain(unicodedata.normalize("NFC", text))


def _text_from(found: Sequence[Block], length: int) -> str:
    """The text of the first block, and as much of the next ones as `length` characters can reach."""
    texts, reached = [], 0
    for block in found:
        texts.append(block.text)
        if reached > length:
            break
        reached += len(block.text) + 1 if len(texts) > 1 else 1
    return " ".join(texts)


def _only_place(text: str, exact: str, block: Block) -> int:
    """Where `exact` stands in `text`, which begins with `block`: it has to begin there, and nowhere else there."""
    start = text.find(exact)
    if not 0 <= start < len(block.text):
        raise InputRefused("passage_exact", Message("passage.not-there", {"place": label(block)}))
    if 0 <= text.find(exact, start + 1) < len(block.text):
        raise InputRefused("passage_exact", Message("passage.several", {"place": label(block)}))
    return start
