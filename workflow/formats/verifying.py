"""A text that somebody found, held against a publication: is it that one, word for word, and is it still current?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.segments import FRAME, NAME, Place, Told, told_of
from workflow.formats.verifying_changes import CAN_BE_LEFT, cut_lines, differences, half_quoted
from workflow.formats.verifying_frame import Frame, frame_of, is_file_of_ours, without_feet
from workflow.formats.verifying_names import Names, came_and_went, names_in
from workflow.text.copied import copied
from workflow.text.pasted import joined, shared, slid
from workflow.text.redline import Change

# Of the words of one of the two, so many must stand in the other to be told as a change of it.
NEAR = 0.4
# So many words and signs of one stretch are known for words of it.
SHORTEST_STRETCH = 4


class Verdict(StrEnum):
    """What a text is. `part`: words of one stretch of a publication. `around`: all of it, with other words before or
    behind it. `names`: its words, with names that are not those that are listed now, where some were mended or are
    withheld. `down`: the record of one that was taken down since. `carried`: a file with such a record in it.
    `named`: the digest or the address of a publication, and no text."""

    CURRENT = "current"
    SINCE = "since"
    DOWN = "down"
    CARRIED = "carried"
    NAMED = "named"
    AROUND = "around"
    NAMES = "names"
    PART = "part"
    ALTERED = "altered"
    NONE = "none"


@dataclass(frozen=True)
class Compared:
    """What came of it. `left_out`: parts that are missing whole; `around`: words around it that are not ours;
    `added`, `missing`, `former`: names; `unlisted`: disclosed and not listed; `names_absent`: none given. `down`: the
    slug of one that was taken down, of which nothing more is said."""

    verdict: Verdict
    found: PublicStatement | None = None
    changes: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    names_absent: bool = False
    unlisted: int = 0
    share: float = 0.0
    down: str = ""


AUTHENTIC = (Verdict.CURRENT, Verdict.SINCE)
LIKENESS = (
    *AUTHENTIC,
    Verdict.AROUND,
    Verdict.NAMES,
    Verdict.PART,
    Verdict.ALTERED,
    Verdict.NONE,
    Verdict.DOWN,
    Verdict.CARRIED,
)
NOTHING = Compared(Verdict.NONE)


def compared(found: PublicStatement, pasted: str, address: str, say: Saying, *, paper: bool = False) -> Compared:
    """Hold an evened text against a publication; `say` speaks the language of that one, `paper`: as a PDF says it.

    Text, page and PDF set the parts in different orders: what fits best.
    """
    frame, tries, whole = frame_of(found, address, say), [], pasted
    pasted = without_feet(pasted, found, address, say)
    for on_paper in (paper, not paper):
        told = told_of(found, address, say, paper=on_paper)
        tries.append(_held(found, told, pasted, frame))
        if tries[-1].verdict in AUTHENTIC:
            break
    best = likest(tries)
    if best.verdict is Verdict.ALTERED and is_file_of_ours(found, whole, address, say):
        # Footnotes with names and other marks that evening out does not know are told as they are there.
        return Compared(Verdict.SINCE if found.notes else Verdict.CURRENT, found, share=1.0)
    return best


def likest(tries: Sequence[Compared]) -> Compared:
    """Of several ways to hold one text against one publication, the one that tells least of it as different."""
    return min(tries, key=lambda one: (LIKENESS.index(one.verdict), _weight(one)))


def _weight(one: Compared) -> int:
    """How much of a text is changed, in characters."""
    return sum(len(change.text) for change in one.changes if change.op != "equal")


def _held(found: PublicStatement, told: Told, pasted: str, frame: Frame) -> Compared:
    words = copied(told.text)
    given = copied(joined(pasted, words.words))
    place = Place(told, words)
    runs = slid(shared(words, given), words.words)
    matched = {at for run in runs for at in range(run.old, run.old + run.length)}
    statement = [at for at in range(place.first, place.end) if place.kind(at) != FRAME]
    kept = sum(at in matched for at in statement)
    named = sum(place.kind(at) == NAME for at in matched)
    share = max(kept / len(statement), len(matched) / max(1, len(given.words))) if statement else 0.0
    if share < NEAR or max(kept, named) < min(SHORTEST_STRETCH, len(statement)):
        return Compared(Verdict.NONE, share=share)
    absent_parts = _absent(place, statement, matched)
    names = names_in(found, place, given, runs, frame)
    changes, around = differences(words, given, place, runs, absent_parts, frame, listed=not names.absent)
    cut = [*half_quoted(words, place, matched), *cut_lines(given, place, runs, frame)]
    one_stretch = not cut and _one_stretch(place, matched)
    return Compared(
        Verdict.ALTERED if cut else _verdict(found, changes, around, names, one_stretch=one_stretch),
        found,
        (*changes, *cut),
        tuple(name for name in CAN_BE_LEFT if name in absent_parts),
        tuple(around),
        names.added,
        names.missing,
        names.former,
        names.absent,
        share=share,
    )


def _verdict(
    found: PublicStatement, changes: Sequence[Change], around: Sequence[str], names: Names, *, one_stretch: bool
) -> Verdict:
    changed = {one.op for one in changes} - {"equal"}
    if changed == {"delete"} and one_stretch and not names.added:
        return Verdict.PART
    if changed or names.added or names.missing:
        return Verdict.NAMES if not changed and came_and_went(found, names) else Verdict.ALTERED
    if around:
        return Verdict.AROUND
    return Verdict.SINCE if found.notes else Verdict.CURRENT


def _absent(place: Place, statement: Sequence[int], matched: set[int]) -> set[str]:
    """The parts of which no word is there."""
    there = {place.kind(at) for at in statement if at in matched}
    return {place.kind(at) for at in statement} - there


def _one_stretch(place: Place, matched: set[int]) -> bool:
    """Whether what was found is one uninterrupted stretch of the text, but for what a copy may lack; or of the list of
    names, where it is nothing else."""
    of_text = [at for at in range(place.first, place.end) if at in matched and place.kind(at) not in (FRAME, NAME)]
    if not of_text:
        there = sorted(matched)
        listed = any(place.kind(at) == NAME for at in there)
        return listed and all(at in matched or at in place.loose for at in range(there[0], there[-1]))
    between = (at for at in range(of_text[0], of_text[-1]) if place.kind(at) not in (FRAME, NAME))
    return len(of_text) >= SHORTEST_STRETCH and all(at in matched or at in place.loose for at in between)


def nearest(
    candidates: Sequence[PublicStatement],
    pasted: str,
    address: Callable[[str, str], str],
    speak: Callable[[str], Saying],
) -> Compared:
    """Hold an evened text against each of a few publications, in an edition each; what fits best wins."""
    best = NOTHING
    for one in candidates:
        held = compared(one, pasted, address(one.slug, one.language), speak(one.edition.language))
        if held.verdict is not Verdict.NONE and (best.found is None or _rank(held) > _rank(best)):
            best = held
    return best


def _rank(one: Compared) -> tuple[bool, float]:
    return one.verdict in (*AUTHENTIC, Verdict.AROUND), one.share
