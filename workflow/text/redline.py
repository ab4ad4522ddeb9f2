"""What changed between two texts, word by word, in any script.

Words and the blanks between them become single characters, which diff-match-patch compares; joining what is
equal or deleted gives the old text exactly, joining what is equal or inserted gives the new one.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from diff_match_patch import diff_match_patch

Part = TypeVar("Part", bound=Hashable)
Op = Literal["equal", "insert", "delete"]
OPS: dict[int, Op] = {-1: "delete", 0: "equal", 1: "insert"}

SECONDS = 1.0
FIRST_CODE = 0xE000
CODES = sys.maxunicode - FIRST_CODE


@dataclass(frozen=True)
class Change:
    """A stretch of text that stayed, came or went."""

    op: Op
    text: str


def compare(old: str, new: str) -> list[Change]:
    """The stretches that lead from `old` to `new`, deletions before insertions; empty for two empty texts.

    Takes about a second at most: hostile texts get a coarser answer, never a wrong one.
    """
    codes: dict[str, str] = {}
    coded_old = _coded(_words(old), codes)
    coded_new = _coded(_words(new), codes)
    if len(codes) >= CODES:
        return _joined([("delete", old), ("insert", new)])
    words = {code: word for word, code in codes.items()}
    found = _Comparer().diff_main(coded_old, coded_new, checklines=False)
    return _joined(_without_islands((OPS[op], "".join(words[c] for c in text)) for op, text in found))


def steps(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[Op, int]]:
    """How one sequence becomes another: in order, how many parts stay, go or come. Paragraphs, quotes, anything."""
    codes: dict[Hashable, str] = {}
    coded_old, coded_new = _coded(old, codes), _coded(new, codes)
    if len(codes) >= CODES:
        return [("delete", len(old)), ("insert", len(new))]
    found = _Comparer().diff_main(coded_old, coded_new, checklines=False)
    return [(OPS[op], len(text)) for op, text in found]


class _Comparer(diff_match_patch):  # type: ignore[misc]
    """diff-match-patch without the one step that looks at no clock."""

    def __init__(self) -> None:
        super().__init__()
        self.Diff_Timeout = SECONDS

    def diff_halfMatch(self, text1: str, text2: str) -> Any:  # noqa: ARG002, N802
        return None


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _coded(words: Sequence[Part], codes: dict[Part, str]) -> str:
    """Words as one character each; the same word always as the same."""
    for word in words:
        if word not in codes:
            codes[word] = chr(min(FIRST_CODE + len(codes), sys.maxunicode))
    return "".join(codes[word] for word in words)


def _without_islands(changes: Iterable[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """A blank that stayed between two changes joins them: "three new words" is one change, not three."""
    found = list(changes)
    result: list[tuple[Op, str]] = []
    for at, (op, text) in enumerate(found):
        between = 0 < at < len(found) - 1
        if op == "equal" and between and text.isspace() and "\n" not in text:
            result += [("delete", text), ("insert", text)]
        else:
            result.append((op, text))
    return result


def _joined(changes: list[tuple[Op, str]]) -> list[Change]:
    """Neighbours of one kind as one; between two equal stretches at most one deletion, then one insertion."""
    result: list[Change] = []
    gone: list[str] = []
    came: list[str] = []
    stayed: list[str] = []

    def settle(parts: list[str], op: Op) -> None:
        if text := "".join(parts):
            result.append(Change(op, text))
        parts.clear()

    for op, text in changes:
        if op == "equal":
            settle(gone, "delete")
            settle(came, "insert")
            stayed.append(text)
        else:
            settle(stayed, "equal")
            (gone if op == "delete" else came).append(text)
    settle(stayed, "equal")
    settle(gone, "delete")
    settle(came, "insert")
    return result


def _is_mark(code: int) -> bool:
    # Marks (vowel signs, accents) and joiners belong to the word they stand in; `\w` leaves them out.
    return unicodedata.category(chr(code)) in ("Mn", "Mc", "Me") or code in (0x200C, 0x200D)


def _word_pattern(is_mark: Callable[[int], bool]) -> re.Pattern[str]:
    marks = "".join(chr(code) for code in range(0x300, 0xFFFF) if is_mark(code))
    inner = rf"[\w{marks}]+"
    return re.compile(rf"{inner}(?:['’]{inner})*|\n|[^\S\n]+|.", re.DOTALL)


_WORD = _word_pattern(_is_mark)
