"""A text that somebody found, held against a publication: is it that one, word for word, and is it still current?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import numeric

from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.segments import FRAME, NAME, Place, Told, told_of
from workflow.formats.verifying_frame import Frame, foreign, frame_of, headed, is_file_of_ours, without_feet
from workflow.formats.verifying_names import SURELY_OURS, Names, came_and_went, names_in
from workflow.text.copied import BACK, Copied, copied
from workflow.text.matching import Run
from workflow.text.pasted import joined, shared, slid, stretches
from workflow.text.redline import Change
from workflow.text.wording import is_word

# Of the words of one of the two, so many must stand in the other to be told as a change of it.
NEAR = 0.4
# Parts that many leave out when they pass a text on; all others belong to it.
CAN_BE_LEFT = ("label", "date", "addressees", "ends", "notes", "contacts", "cc")
# So many words and signs of one stretch are known for words of it.
SHORTEST_STRETCH = 4
# Browsers print the number of a footnote as that of a list.
BEHIND_A_NUMBER = frozenset(".)")
SIGNS_OF_NUMBERS = frozenset("-+±<>~")


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
    share = max(kept / len(statement), len(matched) / max(1, len(given.words))) if statement else 0.0
    if share < NEAR or kept < min(SHORTEST_STRETCH, len(statement)):
        return Compared(Verdict.NONE, share=share)
    absent_parts = _absent(place, statement, matched)
    names = names_in(found, place, given, runs, frame)
    changes, around = _sorted(words, given, place, runs, absent_parts, frame, listed=not names.absent)
    return Compared(
        _verdict(found, changes, around, names, one_stretch=_one_stretch(place, matched)),
        found,
        tuple(changes),
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
    """Whether what was found is one uninterrupted stretch of the text, but for what a copy may lack."""
    there = [at for at in range(place.first, place.end) if at in matched and place.kind(at) not in (FRAME, NAME)]
    if len(there) < SHORTEST_STRETCH:
        return False
    between = (at for at in range(there[0], there[-1]) if place.kind(at) not in (FRAME, NAME))
    return all(at in matched or at in place.loose for at in between)


def _sorted(
    words: Copied,
    given: Copied,
    place: Place,
    runs: Sequence[Run],
    absent: set[str],
    frame: Frame,
    *,
    listed: bool,
) -> tuple[list[Change], list[str]]:
    """What changed from the first word of ours to the last, and the words around that. `listed`: there is a list of
    names, and what stands in it is told apart."""
    changes: list[Change] = []
    around: list[str] = []
    first, last = _reach(place, runs)
    behind = 0  # what was found last: where the list should begin, and another follows, that stands in its place
    for change, start, end, new_start, new_end in stretches(words, given, runs):
        if change.op == "insert":
            said = _beside_names(place, start, change.text) if listed else change.text
            if not said.strip() or all(_is_mark(given, at, place, start, words) for at in range(new_start, new_end)):
                continue
            in_their_place = not listed and (behind == place.names[0] or headed(given, new_start, frame))
            if _is_sign_before(given, new_end):
                changes.append(Change("insert", said.strip() + " "))
            elif not (first < start <= last or in_their_place):
                around += [said.strip()] if is_word(said) else []
            elif _within_text(place, start) or foreign(given, new_start, new_end, said, frame):
                changes.append(Change("insert", said.strip() + " "))
            continue
        behind = end if change.op == "equal" else behind
        for at, until in _within(place, start, end):
            kind = place.kind(at)
            if kind in (FRAME, NAME) or (change.op == "delete" and kind in absent and kind in CAN_BE_LEFT):
                continue
            # With the blanks behind it, so that what is cut here joins to the text again.
            said = words.text[words.starts[at] : words.starts[until] if until < len(words.starts) else None]
            changes.append(Change("equal" if at in place.loose else change.op, said))
    return changes, around


def _is_mark(given: Copied, at: int, place: Place, where: int, words: Copied) -> bool:
    """Whether a copy may have this, although we have not: the mark of a list, the way back from a footnote, an address
    that a program shows twice. A dash is the mark of a list before a letter only: elsewhere it could be a minus, unless
    we have a mark there too."""
    if given.words[at] in BACK or given.repeats(at):
        return True
    loose = [one for one in (where - 1, where) if one in place.loose]
    numbers = (one for one in range(max(0, where - 2), where + 1) if one in place.loose and words.words[one].isdigit())
    if given.words[at] in BEHIND_A_NUMBER and next(numbers, None) is not None:
        return True
    following = given.words[at + 1][:1] if at + 1 < len(given.words) else ""
    return given.is_bullet(at) and (
        given.words[at] == "•" or bool(loose) or (following.isalpha() and numeric(following, None) is None)
    )


def _is_sign_before(given: Copied, at: int) -> bool:
    """Whether the word before `at` is a sign that belongs to the number behind it."""
    return (
        0 < at < len(given.words)
        and given.ends[at - 1] == given.starts[at]
        and given.words[at - 1] in SIGNS_OF_NUMBERS
        and given.words[at][0].isdigit()
    )


def _beside_names(place: Place, at: int, said: str) -> str:
    """What was inserted, without what stands in the lines of the list itself."""
    if at == place.names[0]:
        return said.rpartition("\n\n")[0]
    return said.partition("\n\n")[2] if place.names[0] < at <= place.names[1] else said


def _reach(place: Place, runs: Sequence[Run]) -> tuple[int, int]:
    """From which word of ours to which a copy goes; a few words of what is set around a text are found in any mail."""
    reached = [
        at
        for run in runs
        for at in range(run.old, run.old + run.length)
        if run.length >= SURELY_OURS or place.kind(at) != FRAME
    ]
    return (reached[0], reached[-1]) if reached else (0, 0)


def _within_text(place: Place, at: int) -> bool:
    """Whether this is within a part of the statement itself, and not between two."""
    return 0 < at < len(place.kinds) and place.kinds[at - 1] == place.kinds[at] and place.kind(at) not in (FRAME, NAME)


def _within(place: Place, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The same stretch, cut where segments end, and what is loose."""
    at = start
    while at < end:
        until = at
        while until < end and place.kinds[until] == place.kinds[at] and (until in place.loose) == (at in place.loose):
            until += 1
        yield at, until
        at = until


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
