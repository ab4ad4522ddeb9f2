"""A text as it was found somewhere: what copying changes is evened out, and a few runs of words are taken.

Evened out: the kind of quotation marks, dashes, blanks and line ends, soft hyphens and signs that are not seen, marks
of lists and of Markdown, and the quotation marks of mails. Everything else counts: words, their order, capitals, signs.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from workflow.text.matching import Run, matched
from workflow.text.redline import Change
from workflow.text.wording import Wording

# So long a text is looked at; longer ones are no statement of anybody (text/commonmark.py: what can be published).
LONGEST = 400_000
PROBES, LONGEST_PROBE, SHORTEST_PROBE = 10, 60, 12

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ`´′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•·▪◦‣●", "\n"),
        "…": "...",
    }
)
BLANKS = re.compile(r"[^\S\n]+")
LINE_MARK = re.compile(r"^[ \t]*(?:(?:[>|]+|#{1,6}|[-*+]|[0-9]{1,5}[.)])[ \t]+)+", re.MULTILINE)
RULE = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)
BOLD = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|\\(?=[^\w\s])|`")
LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(([^()\s]{0,2000})\)")
AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>")
# In brackets, as our forms print it behind the words of a link, or bare, as mail programs do.
ADDRESS = re.compile(
    r"\s*\(((?:https?|mailto):[^()\s]{1,2000}|[^\s()@]{1,64}@[^\s()@]{1,255})\)"
    r"|\s*((?:https?|mailto):[^()\s]{1,2000}[^()\s.,;:!?])"
)
# Nobody's script piles up so many marks on one letter, and putting them in order takes quadratic time.
MARKS = "".join(chr(one) for one in range(0x300, 0x20000) if unicodedata.combining(chr(one)))
PILE = re.compile(f"[{MARKS}]{{31,}}")
# They turn letters around, so that something else is read than what is compared.
TURNED = re.compile("[\u202d\u202e]")
PROBE = re.compile(r"[^\W_]+(?: [^\W_]+){3}|[^\W_]{12,}")


def evened(text: str) -> str:
    """`text` as it is compared: one kind of each sign, no marks; lines stay, at most one empty one between two."""
    text = PILE.sub("", UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = unicodedata.normalize("NFC", text)
    text = AUTOLINK.sub(r"\1", text)
    text = LINK.sub(lambda found: f"{found[1]} ({found[2]})" if found[2].lstrip("#") else found[1], RULE.sub("", text))
    text = BOLD.sub("", LINE_MARK.sub("", text)).translate(SAME)
    text = re.sub(r" *\n *", "\n", BLANKS.sub(" ", LINE_MARK.sub("", text)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def addresses(text: str) -> set[str]:
    """The addresses in a text."""
    return {one[1] or one[2] for one in ADDRESS.finditer(text)}


def without_addresses(text: str, known: Collection[str]) -> str:
    """The same, without those `known` addresses that stand behind the words of links: not all copies have them."""
    return ADDRESS.sub(lambda one: "" if (one[1] or one[2]) in known else one[0], text)


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
    """The words that both have, in order."""
    return [run for run in matched(old.words, new.words) if run.length]
