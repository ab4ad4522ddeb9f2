"""A text as it was found somewhere: what copying changes is evened out, and a few runs of words are taken.

Evened out: the kind of quotation marks, dashes, bullets, blanks and line ends, soft hyphens and signs that are not
seen, marks of Markdown, and the quotation marks of mails. Everything else counts: words, their order, capitals, signs.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workflow.text.matching import Run, matched
from workflow.text.redline import Change
from workflow.text.wording import Wording

# So long a text is looked at; longer ones are no statement of anybody (text/commonmark.py: what can be published).
LONGEST = 400_000
PROBES, LONGEST_PROBE, SHORTEST_PROBE = 10, 60, 12

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ`´′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("▪◦‣●\uf0b7", "•"),
        **{chr(one): unicodedata.normalize("NFKC", chr(one)) for one in range(0xFB00, 0xFB07)},
        "…": "...",
    }
)
# Between letters it belongs to the word, as in Catalan.
DOT = re.compile(r"(?<!\w)[·⋅∙]|[·⋅∙](?!\w)")
BLANKS = re.compile(r"[^\S\n]+")
QUOTED = re.compile(r" ?(?:[>|] ?)+")
QUOTED_LINES = 4
HEADING = re.compile(r"^ ?#{1,6} ", re.MULTILINE)
RULE = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)
# Pairs of them, and around whole words: a lone one is a sign as any other.
EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])((?:[^*\n]|\n(?!\n)){1,2000}?)(?<=[^\s*\\])\1(?![\w*])")
MARKED = re.compile(r"(?<!\w)_{1,3}|_{1,3}(?!\w)|\\(?=[^\w\s])|\\$|`", re.MULTILINE)
FOOTNOTE = re.compile(r"\[\^([^\[\]\s]{1,40})\]:?")
LINK = re.compile(r"\[((?:[^\[\]\n]|\n(?!\n)){1,500})\]\(([^()\s]{0,2000})\)")
AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>")
# In brackets, as our forms print it behind the words of a link, or bare, as mail programs do.
ADDRESS = re.compile(
    r"\s*\(((?:https?|mailto):[^()\s]{1,2000}|[^\s()@]{1,64}@[^\s()@]{1,255})\)"
    r"|\s*((?:https?|mailto):[^()\s]{1,2000}[^()\s.,;:!?])"
)
AN_ADDRESS = re.compile(r"((?:https?://|mailto:)[^()\s]{1,2000})")
# Nobody's script piles up so many marks on one letter, and putting them in order takes quadratic time.
MARKS = "".join(chr(one) for one in range(0x300, 0x20000) if unicodedata.combining(chr(one)))
# Vowel signs and their like, without which the words of many scripts come apart.
SIGNS = "".join(chr(one) for one in range(0x300, 0x20000) if unicodedata.category(chr(one)).startswith("M"))
PILE = re.compile(f"[{MARKS}]{{31,}}")
# They turn letters around, so that something else is read than what is compared.
TURNED = re.compile("[\u202d\u202e]")
LETTER = f"(?:[^\\W_]|[{SIGNS}])"
PROBE = re.compile(f"{LETTER}+(?: {LETTER}+){{3}}|{LETTER}{{12,}}")


def evened(text: str) -> str:
    """`text` as it is compared: one kind of each sign, no marks; lines stay, at most one empty one between two."""
    text = PILE.sub("", UNSEEN.sub("", LINE_END.sub("\n", text)))
    text = BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    text = HEADING.sub("", RULE.sub("", _unquoted(AUTOLINK.sub(r" \1", text))))
    text = FOOTNOTE.sub(r"[\1]", text)
    text = LINK.sub(lambda found: f"{found[1]} ({found[2]})" if found[2].lstrip("#") else found[1], text)
    # Within an address the same signs are letters of it.
    pieces = AN_ADDRESS.split(text)
    pieces[::2] = map(_unmarked, pieces[::2])
    text = DOT.sub("•", "".join(pieces)).translate(SAME)
    text = re.sub(r" *\n *", "\n", BLANKS.sub(" ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _unmarked(text: str) -> str:
    """The same without the marks of Markdown."""
    for _ in range(2):  # bold may stand within italics
        text = EMPHASIS.sub(r"\2", text)
    return MARKED.sub("", text)


def _unquoted(text: str) -> str:
    """The same without the marks at the beginning of quoted lines. Before one line alone it is a sign that counts."""
    lines = text.split("\n")
    marks = [QUOTED.match(line) for line in lines]
    # Programs that break quoted lines anew leave every second one without a mark.
    all_of_it = sum(map(bool, marks)) >= max(QUOTED_LINES, sum(map(bool, lines)) / 3)
    for at, mark in enumerate(marks):
        beside = marks[max(0, at - 1) : at] + marks[at + 1 : at + 2]
        if mark and (all_of_it or any(beside)):
            lines[at] = lines[at][mark.end() :]
    return "\n".join(lines)


CUT_APART = re.compile(r"(?<![\w-])(\w++(?:-\w++)*+)-\n(\w++)")
# Programs for mail break lines of these scripts anywhere.
HAN = "[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]"
BROKEN = re.compile(f"({HAN}{{1,4}})\n(?=({HAN}{{1,4}}))")


def joined(text: str, ours: Sequence[str]) -> str:
    """An evened text with those words joined again that were cut apart at the end of a line, where `ours` has them."""
    known = frozenset(ours)

    def whole(found: re.Match[str]) -> str:
        one, other = found[1] + "-" + found[2], found[1] + found[2]
        return one if one in known else other if other in known else found[0]

    def in_one(found: re.Match[str]) -> str:
        ends = (found[1][-one:] + found[2][:other] for one in range(1, 5) for other in range(1, 5))
        return found[1] if any(len(one) > 1 and one in known for one in ends) else found[0]

    return BROKEN.sub(in_one, CUT_APART.sub(whole, text))


def probes(text: str) -> list[str]:
    """Some runs of words from all over an evened text, each as it would stand in the text it was taken from."""
    found = [one[0][:LONGEST_PROBE] for one in PROBE.finditer(text)]
    found = list(dict.fromkeys(one for one in found if len(one) >= SHORTEST_PROBE))
    if len(found) <= PROBES:
        return found
    return [found[at * len(found) // PROBES] for at in range(PROBES)]


class Stretch(NamedTuple):
    """One step from a text to another: the words of the old one that it stands for, and those of the new one."""

    change: Change
    start: int
    end: int
    new_start: int
    new_end: int


def stretches(old: Wording, new: Wording, runs: Sequence[Run]) -> Iterator[Stretch]:
    """How one text becomes the other, word by word."""
    at_old = at_new = 0
    for run in [*runs, Run(len(old.words), len(new.words), 0)]:
        end, new_end = run.old + run.length, run.new + run.length
        if run.old > at_old:
            yield Stretch(Change("delete", old.between(at_old, run.old).strip()), at_old, run.old, at_new, at_new)
        if run.new > at_new:
            yield Stretch(Change("insert", new.between(at_new, run.new)), run.old, run.old, at_new, run.new)
        if run.length:
            yield Stretch(Change("equal", old.between(run.old, end)), run.old, end, run.new, new_end)
        at_old, at_new = end, new_end


def shared(old: Wording, new: Wording) -> list[Run]:
    """The words that both have, in order; where all of the new one stand in a row, only there."""
    codes: dict[str, str] = {}
    # Each word as one character, so that a row of them is found as quickly as a word in a text.
    ours, given = ("".join(codes.setdefault(word, chr(len(codes))) for word in one.words) for one in (old, new))
    at = ours.find(given) if given else -1
    if at >= 0:
        return [Run(at, 0, len(given))]
    return [run for run in matched(old.words, new.words) if run.length]


def slid(runs: Sequence[Run], old: Sequence[str]) -> list[Run]:
    """The same words found, but each as near to the longest run as the same words stand: what begins in the middle of
    a text is not begun with a word of its title."""
    if not runs:
        return []
    longest = max(range(len(runs)), key=lambda at: runs[at].length)
    before = list(runs[:longest])
    found = [runs[longest]]
    while before:
        one, other = before.pop(), found[0]
        moved = 0
        if one.new + one.length == other.new:
            while moved < one.length and old[one.old + one.length - 1 - moved] == old[other.old - 1 - moved]:
                moved += 1
        found[0] = Run(other.old - moved, other.new - moved, other.length + moved)
        if moved < one.length:
            found.insert(0, Run(one.old, one.new, one.length - moved))
    for one in runs[longest + 1 :]:
        last = found[-1]
        end, moved = last.old + last.length, 0
        if last.new + last.length == one.new:
            while moved < one.length and old[end + moved] == old[one.old + moved]:
                moved += 1
        found[-1] = Run(last.old, last.new, last.length + moved)
        if moved < one.length:
            found.append(Run(one.old + moved, one.new + moved, one.length - moved))
    return found
