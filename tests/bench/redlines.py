"""How long it takes to compare 20,000 words, beside reading them once; and the worst of what is meant to take long."""

import random
import time
from collections.abc import Callable
from dataclasses import replace

from workflow.text.content import Edition
from workflow.text.differences import differences
from workflow.text.markdown import body_html, body_text
from workflow.text.redline import compare

WORDS, EDITS, PARAGRAPH = 20_000, 200, 100
TIMES = 5
SEED = 20270301
LARGEST = 200_000


def measure(figures: dict[str, dict[str, object]]) -> None:
    """Print the times and note them in `figures`."""
    old, new = pair(random.Random(SEED))
    compared = _seconds(lambda: differences(old, new))
    read = _seconds(lambda: (body_text(old), body_html(old)))
    changed = sum(change.op != "equal" for change in differences(old, new))
    slowest, worst = max((_seconds(lambda texts=texts: compare(*texts), 1), name) for name, texts in hostile().items())
    figures["redline_20000_words"] = {
        "value": round(compared, 4),
        "unit": "seconds",
        "against": "plain reading of the same text: parsed, rendered to text and to HTML",
        "against_seconds": round(read, 4),
        "ratio": round(compared / read, 3),
        "edits": EDITS,
        "stretches_changed": changed,
        "worst_hostile_seconds": round(slowest, 4),
        "worst_hostile": worst,
    }
    print(
        f"redline of {WORDS} words, {EDITS} edits: {compared:.3f} s; reading them {read:.3f} s;"
        f" ratio {compared / read:.2f}; worst hostile pair {slowest:.3f} s ({worst})"
    )


def pair(chance: random.Random) -> tuple[Edition, Edition]:
    """An edition of some 20,000 words in paragraphs, and the same after scattered edits."""
    known = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(2, 10))) for _ in range(4000)]
    often = [1 / (at + 1) for at in range(len(known))]
    words = chance.choices(known, often, k=WORDS)
    # As in a statement, something is bold and something a link in every paragraph.
    words[::PARAGRAPH] = [f"**{word}**" for word in words[::PARAGRAPH]]
    words[1::PARAGRAPH] = [f"[{word}](https://council.example.org/{word})" for word in words[1::PARAGRAPH]]
    # What ends a paragraph stays with its word, so that an edit may also join two.
    texts = [f"{word}.\n\n" if at % PARAGRAPH == PARAGRAPH - 1 else f"{word} " for at, word in enumerate(words)]
    edited = list(texts)
    for _ in range(EDITS):
        at, doing = chance.randrange(len(edited)), chance.choice(("replace", "insert", "delete"))
        new = [f"{chance.choice(known)} "] if doing != "delete" else []
        edited[at : at + (doing != "insert")] = new
    # A statement may have 200,000 characters, which hold these words.
    old = Edition(language="en", kind="open-letter", headline="Twenty thousand words", body="".join(texts).strip())
    return old, replace(old, body="".join(edited).strip())


def hostile() -> dict[str, tuple[str, str]]:
    """Pairs that are as long as a text may be, and made to take long."""
    chance = random.Random(SEED)

    def drawn(*parts: str) -> str:
        return "".join(chance.choices(parts, k=LARGEST // max(map(len, parts))))[:LARGEST]

    numbers = list(range(33_000))
    return {
        "one word": ("a" * LARGEST, "a" * (LARGEST - 1) + "b"),
        "a b": ("a b " * (LARGEST // 4), "b a " * (LARGEST // 4)),
        "a b, a c": ("a b " * (LARGEST // 4), "a c " * (LARGEST // 4)),
        "all different": (" ".join(map(str, numbers)), " ".join(map(str, range(33_000, 66_000)))),
        "all different, shuffled": (
            " ".join(map(str, numbers)),
            " ".join(map(str, chance.sample(numbers, len(numbers)))),
        ),
        "marks": ("\u0301" * LARGEST, "\u0301" * (LARGEST - 1) + "a"),
        "newlines": ("\n" * 100_000, "\n" * 99_999 + "a"),
        "lines": ("a\nb\n" * (LARGEST // 4), "a\nc\n" * (LARGEST // 4)),
        "drawn lines": (drawn("a b\n", "b a\n", "c\n"), drawn("a b\n", "b a\n", "c\n")),
        "drawn words": (drawn("a ", "b "), drawn("a ", "b ")),
        "signs": ("!?" * (LARGEST // 2), "?!!" * (LARGEST // 3)),
        "Chinese": (drawn(*"我们要求重新开放道路人民"), drawn(*"我们要求重新开放道路人民")),
        "emoji": ("👩\u200d👧👍🏽" * (LARGEST // 5), "👍🏽👩\u200d👧" * (LARGEST // 5)),
    }


def _seconds(do: Callable[[], object], times: int = TIMES) -> float:
    """The median of several times."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        do()
        found.append(time.perf_counter() - begun)
    return sorted(found)[times // 2]
