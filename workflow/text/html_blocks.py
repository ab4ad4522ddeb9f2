"""Blocks of a text that was read: paragraphs, lists and quotations, and how each is written as Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workflow.text.lists import Listed, Nested
from workflow.text.runs import Run, plain, written


@dataclass(frozen=True)
class Block:
    """One block as Markdown, with its bare words. `level`: of a heading, 1 to 6; 0 for anything else."""

    markdown: str
    words: str
    level: int = 0
    bold: bool = False


@dataclass(frozen=True)
class Para:
    """Words between two ends."""

    runs: list[Run]
    level: int = 0


@dataclass(frozen=True)
class Quoted:
    """A quotation: blocks in it."""

    parts: "list[Part]"


Part = Para | Nested | Listed | Quoted


def block_of(part: Part) -> Block:
    """A part as Markdown, with whatever stands in it."""
    if isinstance(part, Para):
        runs = [replace(run, bold=True) for run in part.runs] if part.level else part.runs
        bold = all(run.bold for run in part.runs if run.text.strip())
        return Block(written(runs), plain(part.runs), part.level, bold)
    if isinstance(part, Quoted):
        inner = [block_of(one) for one in part.parts]
        return Block(_set_in("\n\n".join(one.markdown for one in inner), "> ", "> "), _said(inner))
    if isinstance(part, Listed):
        return block_of(Nested(part.start is not None, part.start or 1, [part.parts]))
    return _list_block(part)


def _list_block(part: Nested) -> Block:
    items, words = [], []
    loose = any(sum(isinstance(one, Para) for one in item) > 1 for item in part.items)
    for number, item in enumerate(part.items):
        inner = [block_of(one) for one in item]
        mark = f"{part.start + number}{part.sign} " if part.ordered else f"{part.sign} "
        text = ("\n\n" if loose else "\n").join(one.markdown for one in inner)
        items.append(_set_in(text, mark, " " * len(mark)))
        words.append(_said(inner))
    return Block(("\n\n" if loose else "\n").join(items), "\n".join(words))


def _said(blocks: Iterable[Block]) -> str:
    return "\n".join(block.words for block in blocks)


def _set_in(text: str, first: str, following: str) -> str:
    head, *rest = text.split("\n")
    lines = [first + head, *((following + line) if line else following.rstrip() for line in rest)]
    return "\n".join(line.rstrip(" ") for line in lines)


def joined(blocks: Iterable[Block], notes: Iterable[tuple[str, str]]) -> str:
    """Blocks as one text, with their footnotes behind them. A note that nothing refers to is a paragraph there."""
    text = "\n\n".join(block.markdown for block in blocks)
    texts = []
    for mark, said in notes:
        before = f"[^{mark}]: " if f"[^{mark}]" in text else ""
        texts.append(_set_in(said, before, "    " if before else ""))
    return "\n\n".join(part for part in [text, *texts] if part)
