"""The names in a text that somebody found, held against those that are listed: who was added, who is missing."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.formats.record import PublicStatement
from workflow.formats.segments import NAME, Place
from workflow.rules.noting import NoteKind
from workflow.text.matching import Run
from workflow.text.pasted import evened
from workflow.text.wording import Wording, is_word

MOST_NAMES_TOLD = 50


@dataclass(frozen=True)
class Names:
    """In what a list of names differs: `former` are public and not listed any more; `absent`: there is no list."""

    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    absent: bool = False


def names_in(found: PublicStatement, place: Place, given: Wording, runs: Sequence[Run]) -> Names:
    """Who was added and who is missing. A name that was listed once and is public (who withdrew) is a former one."""
    to_old = {run.new + at: run.old + at for run in runs for at in range(run.length)}
    whole: dict[int, bool] = {}
    matched = set(to_old.values())
    for at in range(*place.names):
        if place.kind(at) == NAME:
            whole[place.kinds[at]] = whole.get(place.kinds[at], True) and at in matched
    lines = _lines_of_names(place, given, to_old, whole)
    if not lines:
        return Names(absent=bool(whole))
    once = {evened(one.name) for one in found.all_entries}
    there = {line for line, _ in lines}
    missing = [place.segments[one][1] for one, all_of in whole.items() if not all_of]
    missing = [one for one in missing if one not in there]
    listed_now = {place.segments[one][1] for one in whole}
    extra = [said for line, said in lines if said and line not in listed_now]
    former = [one for one in extra if one in once]
    added = [one for one in extra if one not in once]
    added_told, missing_told, former_told = (
        tuple(one[:300] for one in some[:MOST_NAMES_TOLD]) for some in (added, missing, former)
    )
    return Names(added_told, missing_told, former_told)


def came_and_went(found: PublicStatement, names: Names) -> bool:
    """Whether an older copy could list these names: no more of them than were mended, or are counted and not named."""
    mended = len({one.commitment for one in found.notes if one.kind is NoteKind.NAME_FIX})
    return len(names.missing) <= mended and len(names.added) <= mended + found.unnamed


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
