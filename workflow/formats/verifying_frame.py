"""What our forms set around a text and its names: it may stand in a copy, or not, and nothing else may stand there."""

from typing import NamedTuple

from workflow.formats.markdown_file import markdown_file
from workflow.formats.notes import day_of
from workflow.formats.plain import text_file
from workflow.formats.public_pdf import signatories_line
from workflow.formats.reading import Saying
from workflow.formats.record import PublicStatement
from workflow.formats.segments import FRAME, told_of
from workflow.text.pasted import evened
from workflow.text.wording import Wording, is_word

# What stood there changes with each note; so many former states are known, of long lists fewer.
MOST_STATES, MOST_STATES_OF_MANY, MANY = 20, 2, 1000


class Frame(NamedTuple):
    """Lines that we set around a publication; `heads`: those of them that stand over the names."""

    lines: frozenset[str]
    heads: frozenset[str]


def frame_of(found: PublicStatement, address: str, say: Saying) -> Frame:
    """The lines that our text, our PDF and our page set around a publication, in its last states, evened."""
    said = {
        line
        for one in _states(found)
        for paper in (False, True)
        for kind, said, _ in told_of(one, address, say, paper=paper).segments
        if kind == FRAME
        for line in said.split("\n")
    }
    unnamed = say("An organisation that asked not to be named")
    late = {evened(f"{name or unnamed} ({day_of(at, found)})") for name, at in found.late}
    title = evened(say("Signatories"))
    heads = frozenset({title, f"{title}:", evened(signatories_line(found, say))})
    return Frame(frozenset({*said, *late, *heads, evened(say("Signed later"))}), heads)


def headed(given: Wording, start: int, frame: Frame) -> bool:
    """Whether the words of a copy from `start` on stand right below what we set over the names."""
    above = given.text[: given.starts[start]].rstrip()
    return above[above.rfind("\n") + 1 :].strip() in frame.heads


def foreign(given: Wording, start: int, end: int, said: str, frame: Frame) -> bool:
    """Whether `said`, of the words `start` to `end` of a copy, stands in a line that is none of ours."""
    text = given.text
    begin = text.rfind("\n", 0, given.starts[start]) + 1
    until = text.find("\n", given.ends[end - 1])
    whole = text[begin : until if until >= 0 else None].split("\n")
    inserted = {line.strip() for line in said.split("\n")}
    touched = [line.strip() for line in whole if any(one in line for one in inserted)]
    return any(is_word(line) and line not in frame.lines for line in touched)


def is_file_of_ours(found: PublicStatement, given: str, address: str, say: Saying) -> bool:
    """Whether an evened text is our text or Markdown to the letter, in one of the last states."""
    return any(
        evened(form(one, address, say)) == given for one in _states(found) for form in (text_file, markdown_file)
    )


def _states(found: PublicStatement) -> list[PublicStatement]:
    most = MOST_STATES if found.count <= MANY else MOST_STATES_OF_MANY
    return [found.as_of(number) for number in range(len(found.notes) + 1)][-most:]
