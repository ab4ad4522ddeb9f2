"""The names in a text that somebody found, held against those that are listed: who was added, who is missing."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workflow.formats.record import PublicStatement
from workflow.formats.segments import FRAME, NAME, Place
from workflow.formats.verifying_frame import Frame
from workflow.rules.noting import NoteKind
from workflow.text.copied import Copied
from workflow.text.matching import Run
from workflow.text.pasted import evened
from workflow.text.wording import is_word

MOST_NAMES_TOLD = 50
# So many words in a row that our forms set around a text were taken from there.
SURELY_OURS = 4
BULLET = "•"
# What may stand between two names, or behind the last one.
APART = (",", "،", ";", "؛", "|")
NUMBER_OF_A_NAME = re.compile(r"^([0-9]{1,5})[.)] ")
MARKS = re.compile(r"(?:[-*+|] )*")
MARKS_AND_NUMBER = re.compile(r"(?:[-*+|] )*(?:[0-9]{1,5}[.)] )?")
AROUND_A_NAME = re.compile(r"^(?:[-*+|] )+|[ ,،;؛.|]+$")


@dataclass(frozen=True)
class Names:
    """In what a list of names differs: `former` are public and not listed any more; `absent`: there is no list."""

    added: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    absent: bool = False


def names_in(found: PublicStatement, place: Place, given: Copied, runs: Sequence[Run], frame: Frame) -> Names:
    """Who was added and who is missing. A name that was listed once and is public (who withdrew) is a former one."""
    to_old = {run.new + at: run.old + at for run in runs for at in range(run.length)}
    ours: dict[int, set[int]] = {}
    for at in range(*place.names):
        if place.kind(at) == NAME:
            ours.setdefault(place.kinds[at], set())
            ours[place.kinds[at]] |= {at} - place.loose
    sure = {run.new + at for run in runs if run.length >= SURELY_OURS for at in range(run.length)}
    items = _without_frame(_items(place, given, to_old, sure), frame)
    if not items:
        return Names(absent=bool(ours))
    # Two may be listed under the same name, and each of them once.
    listed: dict[str, list[int]] = {}
    for one in ours:
        listed.setdefault(_bare(place.segments[one][1]), []).append(one)
    numbered = _are_numbered([item for item in items if item.bare not in listed])
    there: set[int] = set()
    extra: list[str] = []
    for item in items:
        key = item.bare if item.bare in listed or not numbered else NUMBER_OF_A_NAME.sub("", item.bare)
        whole, strange = _judged(place, given, item, to_old, ours, numbered=numbered)
        if key in listed:  # also where it stands in another order
            strange = "" if listed[key] else item.said
            there |= set(listed[key][:1])
            del listed[key][:1]
        else:
            there |= whole
        if strange:
            extra.append(strange)
    once = {_bare(evened(one.name)) for one in found.all_entries} - listed.keys()
    missing = [place.segments[one][1] for one in ours if one not in there]
    former = [one for one in extra if _bare(one) in once]
    added = [one for one in extra if _bare(one) not in once]
    added_told, missing_told, former_told = (
        tuple(one[:300] for one in some[:MOST_NAMES_TOLD]) for some in (added, missing, former)
    )
    return Names(added_told, missing_told, former_told)


def came_and_went(found: PublicStatement, names: Names) -> bool:
    """Whether an older copy could list these names: no more of them than were mended, or are counted and not named."""
    mended = len({one.commitment for one in found.notes if one.kind is NoteKind.NAME_FIX})
    return len(names.missing) <= mended and len(names.added) <= mended + found.unnamed


@dataclass(frozen=True)
class _Item:
    """One name of a list as it was found: its words by their place, what it says, that without marks around it, and
    whether a line was broken within it."""

    words: tuple[int, ...]
    said: str
    bare: str
    broken: bool


def _without_frame(items: Sequence[_Item], frame: Frame) -> Sequence[_Item]:
    """The same without what we set over a list and below it, where no blank line parts it from the names."""
    first, last = 0, len(items)
    while first < last and items[first].said in frame.heads:
        first += 1
    while first < last and items[last - 1].said in frame.lines:
        last -= 1
    return items[first:last]


def _are_numbered(items: Sequence[_Item]) -> bool:
    """Whether numbers that are not ours stand before names, one after the other as a list has them."""
    found = [NUMBER_OF_A_NAME.match(one.bare) for one in items]
    numbers = [int(one[1]) for one in found if one]
    in_order = all(other == one + 1 for one, other in pairwise(numbers))
    return len(numbers) > 1 and len(numbers) * 2 >= len(items) and in_order


def _items(place: Place, given: Copied, to_old: Mapping[int, int], sure: Collection[int]) -> list[_Item]:
    """The list as it was found, name by name: by lines and bullets, and what a line breaks in two is one.

    It ends with the paragraph, or where what follows it in ours begins.
    """
    named = [at for at, old in to_old.items() if place.kind(old) == NAME]
    if not named:
        return []
    text = given.text
    first, last = min(named), max(named)
    before = [at for at, old in to_old.items() if old < place.names[0] and at < first]
    begin = max(given.ends[max(before)] if before else 0, text.rfind("\n\n", 0, given.starts[first]) + 1)
    end = text.find("\n\n", given.ends[last])
    word = bisect_left(given.starts, begin)
    until = bisect_left(given.starts, len(text) if end < 0 else end)
    behind = [at for at, old in to_old.items() if at > last and old >= place.names[1]]
    until = min([until, *(at for at in behind if at in sure or place.kind(to_old[at]) != FRAME)])
    found: list[list[int]] = [[]]
    for at in range(word, until):
        if given.words[at] == BULLET:
            found.append([])
            continue
        if found[-1] and "\n" in given.gap(at) and not _goes_on(place, given, to_old, at):
            found.append([])
        found[-1].append(at)
    return [_item(given, one) for one in found if one]


def _goes_on(place: Place, given: Copied, to_old: Mapping[int, int], at: int) -> bool:
    """Whether the word at the beginning of a line is that which follows, within one name, on the last one before."""
    one, other = to_old.get(at - 1), to_old.get(at)
    return (
        one is not None
        and other is not None
        and given.words[at - 1] != BULLET
        and place.kinds[one] == place.kinds[other]
        and one < other
    )


def _item(given: Copied, words: Sequence[int]) -> _Item:
    said = given.text[given.starts[words[0]] : given.ends[words[-1]]]
    told = said.replace("\n", " ")
    return _Item(tuple(words), told, _bare(told), "\n" in said)


def _bare(said: str) -> str:
    """A name without what lists set before and behind it, and without commas, which stand for the ends of lines."""
    return " ".join(AROUND_A_NAME.sub("", said).replace(",", " ").replace("،", " ").split())


def _judged(
    place: Place,
    given: Copied,
    item: _Item,
    to_old: Mapping[int, int],
    ours: Mapping[int, set[int]],
    *,
    numbered: bool,
) -> tuple[set[int], str]:
    """Which of our names stand in it whole; and what is strange about it, as it is to be told: mostly nothing."""
    kinds = [place.kinds[to_old[at]] if at in to_old else None for at in item.words]
    found = {to_old[at] for at in item.words if at in to_old}
    touched = {place.kinds[one] for one in found if place.kind(one) == NAME}
    whole = {one for one in touched if ours[one] <= found}
    mark = (MARKS_AND_NUMBER if numbered else MARKS).match(item.said)
    first = given.starts[item.words[0]] + (mark.end() if mark else 0)
    strange, apart = [], 0
    for number, at in enumerate(item.words):
        if kinds[number] is not None or given.starts[at] < first:
            continue
        before = next((one for one in reversed(kinds[:number]) if one is not None), None)
        behind = next((one for one in kinds[number + 1 :] if one is not None), None)
        if behind is None and given.words[at] in (*APART, "."):
            continue
        if given.words[at] in APART and before != behind:
            apart += 1
        else:
            strange.append(at)
    if any(is_word(given.words[at]) for at in strange):
        return whole, " ".join(given.words[at] for at in strange) if whole else item.said
    # Where a name has parts of its own, only lines tell whose they are.
    in_parts = item.broken and len(touched) > 1 and any(one in place.parted for one in touched)
    if strange or whole != touched or len(touched) > apart + 1 or in_parts:
        # Two names in one, a part of one, or a sign beside it.
        return (whole if len(touched) == 1 else set()), item.said if touched else ""
    return whole, ""
