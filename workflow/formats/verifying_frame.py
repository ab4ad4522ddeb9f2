"""What our forms set around a text and its names: it may stand in a copy, or not, and nothing else may stand there."""

import re
from typing import NamedTuple

from workflow.formats.markdown_file import markdown_file
from workflow.formats.notes import corrected_line, day_of, notes_of
from workflow.formats.plain import text_file
from workflow.formats.public_pdf import page_lines, signatories_line
from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.segments import FRAME, told_of
from workflow.text.instants import format_instant
from workflow.text.pasted import evened
from workflow.text.wording import Wording, is_word

# What stood there changes with each note; so many former states are known, of long lists fewer.
MOST_STATES, MOST_STATES_OF_MANY, MANY = 20, 2, 1000


NUMBER_OF_PAGE = re.compile(r"(?:^| )[0-9]{1,4} ?/ ?[0-9]{1,4}$")
# Between two parts of a text these are no more than a line.
RULES = " \n-_=*#•|.:,;\"'()[]"
BESIDE_LINES = " •|.:,;"
BLANKS = re.compile(r"\s+")


class Frame(NamedTuple):
    """Lines that we set around a publication; `heads`: those of them that stand over the names. `bare`: without blanks,
    the longest first; `whole`: likewise, but all that stands together."""

    lines: frozenset[str]
    heads: frozenset[str]
    bare: tuple[str, ...]
    whole: tuple[str, ...]


def frame_of(found: PublicStatement, address: str, say: Saying) -> Frame:
    """The lines that our text, our PDF and our page set around a publication, in its last states, evened."""
    pieces = {
        said
        for one in _states(found)
        for paper in (False, True)
        for kind, said, _ in told_of(one, address, say, paper=paper).segments
        if kind == FRAME
    }
    said = {line for piece in pieces for line in piece.split("\n")}
    unnamed = say("An organisation that asked not to be named")
    late = {evened(f"{name or unnamed} ({day_of(at, found)})") for name, at in found.late}
    title = evened(say("Signatories"))
    heads = frozenset({title, f"{title}:", evened(signatories_line(found, say))})
    lines = frozenset({*said, *late, *heads, *_of_the_page(found, say)})
    bare = sorted({BLANKS.sub("", one) for one in lines if is_word(one)}, key=len, reverse=True)
    return Frame(lines, heads, tuple(bare), tuple(BLANKS.sub("", one) for one in pieces))


def _of_the_page(found: PublicStatement, say: Saying) -> set[str]:
    """What stands on the page alone, between the text and the digests."""
    said = {say("Check this text"), say("Signed later"), say("Since the publication"), corrected_line(found, say)}
    said |= {
        say("The record is as it was published. What came since stands here, each with its day."),
        say("Read it as it was published"),
        say("The page after this note"),
    }
    said |= {say("Published"), format_instant(found.published_at, "UTC", found.edition.language)}
    for number, one in enumerate(notes_of(found, say), 1):
        said |= {" · ".join(part for part in (one.day, one.name, one.title) if part), *one.text.split("\n")}
        said |= {f"({one.day}, {number})"}
    return {evened(one) for one in said if one}


def headed(given: Wording, start: int, frame: Frame) -> bool:
    """Whether the words of a copy from `start` on stand right below what we set over the names."""
    above = given.text[: given.starts[start]].rstrip()
    return above[above.rfind("\n") + 1 :].strip() in frame.heads


def is_of_ours(said: str, frame: Frame) -> bool:
    """Whether this stands as it is, but for blanks, in what we set around a text."""
    rest = bare = BLANKS.sub("", said)
    if any(bare in one for one in frame.whole):
        return True
    for line in frame.bare:
        rest = rest.replace(line, " ")
    return not is_word(rest)


def foreign(given: Wording, start: int, end: int, said: str, frame: Frame) -> bool:
    """Whether in the lines of a copy in which `said`, of its words `start` to `end`, stands there is anything that is
    no whole line of ours, wherever they are broken."""
    text = given.text
    begin = text.rfind("\n", 0, given.starts[start]) + 1
    until = text.find("\n", given.ends[end - 1])
    whole = text[begin : until if until >= 0 else None].split("\n")
    inserted = {line.strip() for line in said.split("\n")}
    touched = [line.strip() for line in whole if any(one in line for one in inserted)]
    if all(line in frame.lines for line in touched if line.strip(RULES)):
        return False
    rest = all_of_it = BLANKS.sub("", "".join(whole))
    for line in frame.bare:
        rest = rest.replace(line, " ")
    return bool(rest.strip(RULES if rest == all_of_it else BESIDE_LINES))


def without_feet(given: str, found: PublicStatement, address: str, say: Saying) -> str:
    """An evened text without the feet of our pages, which stand wherever a page ended: its address and its number."""
    feet = {evened(one) for one in page_lines(found, address, say)}
    lines = given.split("\n")
    full = [at for at, line in enumerate(lines) if line]
    bare = [NUMBER_OF_PAGE.sub("", lines[at]) for at in full]
    gone = set()
    for here, at in enumerate(full):
        beside = bare[max(0, here - 1) : here] + bare[here + 1 : here + 2]
        numbered = bare[here] != lines[at]
        # The two on one line, or on two.
        if (bare[here] in feet and (numbered or "" in beside)) or (not bare[here] and feet & set(beside)):
            gone.add(at)
    return "\n".join(line for at, line in enumerate(lines) if at not in gone)


def is_file_of_ours(found: PublicStatement, given: str, address: str, say: Saying) -> bool:
    """Whether an evened text is our text or Markdown to the letter, in one of the last states."""
    words = given.split()  # wherever its lines were broken
    for one in _states(found):
        for form in (text_file, markdown_file):
            whole = form(one, address, say)
            quoted = "".join(f"> {line}" for line in whole.splitlines(keepends=True))
            if words in (evened(whole).split(), evened(quoted).split()):
                return True
    return False


def _states(found: PublicStatement) -> list[PublicStatement]:
    most = MOST_STATES if found.count <= MANY else MOST_STATES_OF_MANY
    return [found.as_of(number) for number in range(len(found.notes) + 1)][-most:]
