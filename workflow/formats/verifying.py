"""A text that somebody found, held against a publication: is it that one, word for word, and is it still current?"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.segments import FRAME, NAME, Place, Told, told_of
from workflow.rules.noting import NoteKind
from workflow.text.matching import Run
from workflow.text.pasted import evened, shared, stretches, without_addresses
from workflow.text.redline import Change
from workflow.text.wording import Wording, is_word, wording

# Of the words of one of the two, so many must stand in the other to be told as a change of it.
NEAR = 0.4
# Parts that many leave out when they pass a text on; all others belong to it.
CAN_BE_LEFT = ("label", "date", "addressees", "ends", "notes", "contacts", "cc")
# Pages set these around quotes without them being there to be copied; Markdown sets them before and behind lines.
MARKS_ALONE = re.compile(r"""[\s"'>\\-]*""")
MOST_NAMES_TOLD = 50


class Verdict(StrEnum):
    """What a text is. `part`: words of one stretch of a publication, and nothing else."""

    CURRENT = "current"
    SINCE = "since"
    PART = "part"
    ALTERED = "altered"
    NONE = "none"


@dataclass(frozen=True)
class Compared:
    """What came of it. `left_out`: parts that are missing whole; `around`: words around it that are not ours;
    `added`, `missing`, `former`: names; `unlisted`: disclosed and not listed; `names_absent`: none given."""

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


NOTHING = Compared(Verdict.NONE)


def compared(found: PublicStatement, pasted: str, address: str, say: Saying, *, paper: bool = False) -> Compared:
    """Hold an evened text against a publication; `say` speaks the language of that one, `paper`: as a PDF says it."""
    with_addresses = told_of(found, address, say, paper=paper)
    first = _held(found, with_addresses, wording(pasted))
    bare = Told()
    for kind, said, _ in with_addresses.segments:
        bare.add(kind, without_addresses(said))
    if bare.text == with_addresses.text:
        return first
    second = _held(found, bare, wording(without_addresses(pasted)))
    return min(first, second, key=weight)


def weight(one: Compared) -> int:
    """How much of a text is changed, in characters."""
    return sum(len(change.text) for change in one.changes if change.op != "equal")


def _held(found: PublicStatement, told: Told, given: Wording) -> Compared:
    words = wording(told.text)
    place = Place(told, words)
    runs = shared(words, given)
    matched = {at for run in runs for at in range(run.old, run.old + run.length)}
    statement = [at for at in range(place.first, place.end) if place.kind(at) != FRAME]
    kept = sum(at in matched for at in statement)
    share = max(kept / len(statement), kept / max(1, len(given.words))) if statement else 0.0
    absent_parts = _absent(place, statement, matched)
    changes, around = _sorted(words, given, place, runs, absent_parts)
    names = _names(found, place, given, runs)
    left_out = tuple(name for name in CAN_BE_LEFT if name in absent_parts)
    changed = any(one.op != "equal" for one in changes)
    if share < NEAR:
        return Compared(Verdict.NONE, share=share)
    verdict = Verdict.SINCE if found.notes else Verdict.CURRENT
    if changed and not names.added and _one_stretch(runs, place):
        verdict = Verdict.PART
    elif changed or names.added or names.missing:
        verdict = Verdict.ALTERED
    return Compared(
        verdict, found, tuple(changes), left_out, tuple(around), names.added, names.missing, names.former, names.absent,
        share=share,
    )  # fmt: skip


def _absent(place: Place, statement: Sequence[int], matched: set[int]) -> set[str]:
    """The parts of which no word is there."""
    there = {place.kind(at) for at in statement if at in matched}
    return {place.kind(at) for at in statement} - there


def _one_stretch(runs: Sequence[Run], place: Place) -> bool:
    """Whether what was found is one uninterrupted stretch of the text, long enough to be known by."""
    within = [run for run in runs if run.old < place.end and run.old + run.length > place.first]
    return len(within) == 1 and within[0].length >= 8


def _sorted(
    words: Wording, given: Wording, place: Place, runs: Sequence[Run], absent: set[str]
) -> tuple[list[Change], list[str]]:
    """What changed within the text, and the words around it. What stands among the names or right behind is neither."""
    changes: list[Change] = []
    around: list[str] = []
    for change, start, end in stretches(words, given, runs):
        if change.op == "insert":
            if place.names[0] < start <= place.names[1]:
                rest = change.text.partition("\n\n")[2].strip()
                around += [rest] if rest else []
            elif place.first < start < place.end and not MARKS_ALONE.fullmatch(change.text):
                changes.append(Change("insert", change.text.strip() + " "))
            elif not MARKS_ALONE.fullmatch(change.text):
                around.append(change.text.strip())
            continue
        for at, until in _within(place, start, end):
            kind = place.kind(at)
            if kind in (FRAME, NAME) or (change.op == "delete" and kind in absent and kind in CAN_BE_LEFT):
                continue
            # With the blanks behind it, so that what is cut here joins to the text again.
            said = words.text[words.starts[at] : words.starts[until] if until < len(words.starts) else None]
            changes.append(Change("equal" if MARKS_ALONE.fullmatch(said) else change.op, said))
    return changes, around


def _within(place: Place, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The same stretch, cut where segments end."""
    at = start
    while at < end:
        until = at
        while until < end and place.kinds[until] == place.kinds[at]:
            until += 1
        yield at, until
        at = until


@dataclass(frozen=True)
class _Names:
    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    absent: bool = False


def _names(found: PublicStatement, place: Place, given: Wording, runs: Sequence[Run]) -> _Names:
    """Who was added and who is missing. A name that was listed once and is public (who withdrew) is a former one."""
    to_old = {run.new + at: run.old + at for run in runs for at in range(run.length)}
    whole: dict[int, bool] = {}
    matched = set(to_old.values())
    for at in range(*place.names):
        if place.kind(at) == NAME:
            whole[place.kinds[at]] = whole.get(place.kinds[at], True) and at in matched
    lines = _lines_of_names(place, given, to_old, whole)
    if not lines:
        return _Names(absent=bool(whole))
    once = {evened(one.name) for one in found.all_entries}
    there = {line for line, _ in lines}
    missing = [place.segments[one][1] for one, all_of in whole.items() if not all_of]
    missing = [one for one in missing if one not in there]
    listed_now = {place.segments[one][1] for one in whole}
    extra = [said for line, said in lines if said and line not in listed_now]
    former = [one for one in extra if one in once]
    if former:
        mended = {evened(found.name_of(one.commitment)) for one in found.notes if one.kind is NoteKind.NAME_FIX}
        missing = [one for one in missing if one not in mended]
    added = [one for one in extra if one not in once]
    added_told, missing_told, former_told = (
        tuple(one[:300] for one in some[:MOST_NAMES_TOLD]) for some in (added, missing, former)
    )
    return _Names(added_told, missing_told, former_told)


def _lines_of_names(
    place: Place, given: Wording, to_old: Mapping[int, int], whole: Mapping[int, bool]
) -> list[tuple[str, str]]:
    """The lines of the list as it was found, each with what in it is not ours: all, where no name of ours is."""
    named = [at for at, old in to_old.items() if place.kind(old) == NAME]
    if not named:
        return []
    text = given.text
    before = [at for at, old in to_old.items() if old < place.names[0] and at < min(named)]
    begin = max(given.ends[max(before)] if before else 0, text.rfind("\n\n", 0, given.starts[min(named)]) + 1)
    end = text.find("\n\n", given.ends[max(named)])
    end = len(text) if end < 0 else end
    found, at, word = [], begin, bisect_left(given.starts, begin)
    for line in text[begin:end].split("\n"):
        of_line = []
        while word < len(given.starts) and given.starts[word] < at + len(line):
            of_line.append(word)
            word += 1
        at += len(line) + 1
        strange = [one for one in of_line if one not in to_old and is_word(given.words[one])]
        touched = {place.kinds[to_old[one]] for one in of_line if one in to_old}
        ours = any(whole.get(one, False) and place.segments[one][1] in line for one in touched)
        said = " ".join(given.words[one] for one in strange) if ours else line.strip()
        found.append((line.strip(), said if strange else ""))
    return found


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
    return one.verdict in (Verdict.CURRENT, Verdict.SINCE), one.share
