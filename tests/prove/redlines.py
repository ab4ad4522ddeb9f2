"""Random pairs of texts, compared: what a redline shows, applied to the old text, gives the new one exactly.

What it shows is read off the page: the redline is rendered as a page renders it, and taken apart again. Pairs are
edits of each other (most) or have nothing to do with each other; in English, Arabic, emoji, Markdown and languages
without blanks. The same seed makes the same pairs.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workflow.text.folding import excerpt, folded
from workflow.text.redline import Change, compare
from workflow.text.sentences import say

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

WORDS = {
    "English": (
        "we ask the council to reopen valley road this week families cannot reach clinic forty 47 1,200 don't never"
        " Lakeside Relief signed statement . , ; — “and” people’s on 3 March 2027"
    ),
    "Arabic": (
        "نُدينُ القصف على المدينة ولا نقبل أن تُغلق الطريق لن لم ٤٧ ١٬٢٠٠ ، ؛ ؟ . العائلات المستشفى قرية مِن غير بدون"
        " می\u200cخواهیم Lakeside Relief"
    ),
    "emoji": (
        "👩\u200d👩\u200d👧\u200d👦 👩\u200d👧 👍🏽 👍 🇸🇾 🇬🇧 ❤\ufe0f 1\ufe0f\u20e3 we 🙂 sign 👋🏿 e\u0301 ﷺ"
        " 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    ),
    "Markdown": (
        "**bold** *slanted* [words](https://council.example.org/roads) [^1] > - 1. [[quote 1]] & <b> \"quoted\" 'said'"
        " \\* _under_ `code` &amp; &lt;ins&gt; # --- </ins> <!-- --> [removed: ]"
    ),
    "unspaced": "我们要求 重新开放 道路 。 เราขอให้ เปิดถนน อีกครั้ง 道路を 再開して ください 、",
}
SORTS = {name: words.split() for name, words in WORDS.items()}
BLANKS = [" "] * 20 + ["  ", "\n", "\n\n", "\n\n\n", "\t", "\u00a0", "  \n"]


@dataclass
class Told:
    """What was met, by sort, and what does not hold."""

    met: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


def round_trips(seed: int, number: int) -> Told:
    """Compare `number` random pairs; pair n depends on the seed and n alone."""
    told = Told()
    for at in range(number):
        sort, old, new = pair(random.Random(f"{seed}/{at}"))
        told.met[sort] += 1
        html = page(compare(old, new))
        told.met["folds"] += html.count('<details class="redline-fold">')
        shown = read_off(html)
        if applied(old, shown) != new:
            told.violations.append(f"pair {at} ({sort}): {old!r} to {new!r} shows {shown!r}")
    return told


@cache
def _templates() -> Environment:
    """The redline as pages have it, in English; escaping is on, as it is there."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    made.install_gettext_translations(NullTranslations(), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"folded": folded, "excerpt": excerpt, "direction": lambda language: "ltr"}
    made.filters["sentence"] = lambda message: say(message, str)
    made.globals["language_of_page"] = lambda: "en"
    return made


def page(changes: list[Change]) -> str:
    """The HTML of a redline."""
    module = _templates().get_template("_parts/redline.html").module
    return str(module.redline(changes, lang="ar", dir="rtl"))  # type: ignore[attr-defined]


def read_off(html: str) -> list[Change]:
    """The changes that a redline shows: the text within it, without what only helps to read it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.shown


class _Reader(HTMLParser):
    """Keeps the text within `.redline` but for `.redline-aside`; within <del> it went, within <ins> it came."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.within: list[tuple[str, set[str]]] = []
        self.shown: list[Change] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within.append((tag, set((dict(attrs).get("class") or "").split())))

    def handle_endtag(self, tag: str) -> None:
        assert self.within.pop()[0] == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        classes = set[str]().union(*(given for _, given in self.within))
        if "redline" not in classes or "redline-aside" in classes:
            return
        tags = {tag for tag, _ in self.within}
        assert not {"del", "ins"} <= tags
        self.shown.append(Change("delete" if "del" in tags else "insert" if "ins" in tags else "equal", data))


def applied(old: str, changes: list[Change]) -> str | None:
    """The text that `changes` make of `old`; none where they are not changes of `old`."""
    rest, result = old, ""
    for change in changes:
        if change.op != "insert":
            if not rest.startswith(change.text):
                return None
            rest = rest[len(change.text) :]
        if change.op != "delete":
            result += change.text
    return None if rest else result


def pair(chance: random.Random) -> tuple[str, str, str]:
    """What sort of pair it is, and its two texts."""
    name = chance.choice([*SORTS, "mixed"])
    words = SORTS.get(name) or [word for sort in SORTS.values() for word in sort]
    old = text(chance, words, name == "unspaced")
    if chance.random() < 0.2:
        return f"{name}, unrelated", old, text(chance, words, name == "unspaced")
    return f"{name}, edited", old, edited(chance, old, words)


def text(chance: random.Random, words: list[str], unspaced: bool) -> str:
    """A text of none to three hundred words, in paragraphs."""
    parts = []
    for _ in range(chance.choice((0, 1, 3, 10, 40, 150, 300))):
        parts.append(chance.choice(words))
        parts.append("" if unspaced and chance.random() < 0.9 else chance.choice(BLANKS))
    return "".join(parts)


def edited(chance: random.Random, old: str, words: list[str]) -> str:
    """`old` after some edits: within paragraphs, whole paragraphs, moved, doubled, wrapped anew."""
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6, 12))):
        pieces = old.split("\n") if chance.random() < 0.3 else old.split(" ")
        glue = "\n" if "\n" in old and len(pieces) == old.count("\n") + 1 else " "
        first, last = sorted((chance.randint(0, len(pieces)), chance.randint(0, len(pieces))))
        last = min(last, first + chance.choice((0, 1, 2, 5)))
        taken = pieces[first:last]
        kept = pieces[:first] + pieces[last:]
        where = chance.randint(0, len(kept))
        doing = chance.choice(("insert", "delete", "replace", "move", "twice", "rewrap"))
        if doing == "insert":
            kept = [*pieces[:first], chance.choice(words), *pieces[first:]]
        elif doing == "replace":
            kept = pieces[:first] + chance.choices(words, k=len(taken)) + pieces[last:]
        elif doing == "move":
            kept = kept[:where] + taken + kept[where:]
        elif doing == "twice":
            kept = pieces[:last] + taken + pieces[last:]
        old = glue.join(pieces).replace(" ", "\n", 2) if doing == "rewrap" else glue.join(kept)
    return old
