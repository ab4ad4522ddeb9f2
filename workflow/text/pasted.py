"""A text as it was found somewhere: what copying changes is evened out, and a few runs of words are taken.

Evened out: the kind of quotation marks, dashes, blanks and line ends, soft hyphens and signs that are not seen, marks
of lists and of Markdown, and the quotation marks of mails. Everything else counts: words, their order, capitals, signs.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

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
ADDRESS = re.compile(r"\s*\((?:https?|mailto):[^()\s]{1,2000}\)|\s*\([^\s()@]{1,64}@[^\s()@]{1,255}\)")
PROBE = re.compile(r"[^\W_]+(?: [^\W_]+){3}|[^\W_]{12,}")


def evened(text: str) -> str:
    """`text` as it is compared: one kind of each sign, no marks; lines stay, at most one empty one between two."""
    text = unicodedata.normalize("NFC", UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = AUTOLINK.sub(r"\1", text)
    text = LINK.sub(lambda found: f"{found[1]} ({found[2]})" if found[2].lstrip("#") else found[1], RULE.sub("", text))
    text = BOLD.sub("", LINE_MARK.sub("", text)).translate(SAME)
    text = re.sub(r" *\n *", "\n", BLANKS.sub(" ", LINE_MARK.sub("", text)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def without_addresses(text: str) -> str:
    """The same, without the addresses that stand in brackets behind the words of links."""
    return ADDRESS.sub("", text)


def probes(text: str) -> list[str]:
    """Some runs of words from all over an evened text, each as it would stand in the text it was taken from."""
    found = [one[0][:LONGEST_PROBE] for one in PROBE.finditer(text)]
    found = list(dict.fromkeys(one for one in found if len(one) >= SHORTEST_PROBE))
    if len(found) <= PROBES:
        return found
    return [found[at * len(found) // PROBES] for at in range(PROBES)]


def stretches(old: Wording, new: Wording, runs: Sequence[Run]) -> Iterator[tuple[Change, int, int]]:
    """How one text becomes the other, word by word: each stretch with the words of `old` it stands for, from and to."""
    at_old = at_new = 0
    for run in [*runs, Run(len(old.words), len(new.words), 0)]:
        if run.old > at_old:
            yield Change("delete", old.between(at_old, run.old).strip()), at_old, run.old
        if run.new > at_new:
            yield Change("insert", new.between(at_new, run.new)), run.old, run.old
        if run.length:
            yield Change("equal", old.between(run.old, run.old + run.length)), run.old, run.old + run.length
        at_old, at_new = run.old + run.length, run.new + run.length


def shared(old: Wording, new: Wording) -> list[Run]:
    """The words that both have, in order."""
    return [run for run in matched(old.words, new.words) if run.length]
