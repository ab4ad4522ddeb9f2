"""What differs in a text that somebody found: from the first word of ours to the last, and around that."""

from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import numeric

from workflow.formats.segments import FRAME, NAME, Place
from workflow.formats.verifying_frame import Frame, foreign, headed, is_of_ours
from workflow.formats.verifying_names import SURELY_OURS
from workflow.text.copied import BACK, Copied
from workflow.text.matching import Run
from workflow.text.pasted import stretches
from workflow.text.redline import Change
from workflow.text.wording import is_word

# Parts that many leave out when they pass a text on; all others belong to it.
CAN_BE_LEFT = ("label", "date", "addressees", "ends", "notes", "contacts", "cc")
# Browsers print the number of a footnote as that of a list.
BEHIND_A_NUMBER = frozenset(".)")
NEAR_BY = 12
SIGNS_OF_NUMBERS = frozenset("-+±<>~")


def differences(
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
            elif (
                _within_text(place, start)
                or foreign(given, new_start, new_end, said, frame)
                or (_is_over_names(place, start) and not _are_heads(said, frame))
            ):
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


def half_quoted(words: Copied, place: Place, matched: set[int]) -> list[Change]:
    """The marks of quotations, where a copy has some of them and not the others: words would change their speakers."""
    there = [at for at in range(place.first, place.end) if at in matched]
    if not there:
        return []
    marks = [at for at in place.loose if words.words[at] == '"' and there[0] <= at <= there[-1]]
    gone = [at for at in sorted(marks) if at not in matched]
    return [Change("delete", words.words[at]) for at in gone] if len(gone) < len(marks) else []


def cut_lines(given: Copied, place: Place, runs: Sequence[Run], frame: Frame) -> list[Change]:
    """What is missing within lines of ours around the text, where these are surely there: a "not" in a note, a number.

    A copy may begin and end within one of them.
    """
    spans: dict[int, list[int]] = {}
    sure = set()
    for run in runs:
        for step in range(run.length):
            segment = place.kinds[run.old + step]
            if place.segments[segment][0] == FRAME:
                spans.setdefault(segment, []).append(run.new + step)
        if run.length >= SURELY_OURS:
            sure |= {place.kinds[run.old + step] for step in range(run.length)}
    found, lengths = [], Counter(place.kinds)
    for segment, matched in spans.items():
        there = _together(matched)
        said = given.text[given.starts[there[0]] : given.ends[there[-1]]]
        most_of_it = len(there) * 2 >= lengths[segment]
        if segment in sure and most_of_it and not is_of_ours(said, frame):
            found.append(Change("delete", place.segments[segment][1] + " "))
    return found


def _together(places: Sequence[int]) -> list[int]:
    """The most of these that stand near each other: a sign or a small word is found anywhere."""
    groups: list[list[int]] = [[]]
    for at in places:
        if groups[-1] and at - groups[-1][-1] > NEAR_BY:
            groups.append([])
        groups[-1].append(at)
    return max(groups, key=len)


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


def _is_over_names(place: Place, at: int) -> bool:
    """Whether this is where the names begin, or within the line that we set over them."""
    first = place.names[0]
    within = first > 0 and at < len(place.kinds) and place.kinds[at] == place.kinds[first - 1]
    return at == first or (within and place.kind(at) == FRAME)


def _are_heads(said: str, frame: Frame) -> bool:
    """Whether nothing else is said right over the names than what we set there: other lines of ours would say of them
    what they have not done."""
    return all(line.strip() in frame.heads for line in said.split("\n") if is_word(line))


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
