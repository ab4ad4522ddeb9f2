"""A text cut into what is compared when somebody found it: its words and signs, each address being one of them."""

from dataclasses import dataclass
from functools import cached_property

from workflow.text.pasted import ADDRESS
from workflow.text.wording import Wording, is_word, wording

# What stands before a line where text is listed or answered; behind it stands a blank.
BULLETS = frozenset("•-*+")
MOST_BEFORE = 12
# Where a footnote leads back to its place.
BACK = frozenset("↩↑")


@dataclass(frozen=True)
class Copied(Wording):
    """A text and what is compared of it. An address is told by where it leads, in brackets or not."""

    @cached_property
    def words(self) -> list[str]:
        """Words, signs and addresses."""
        return [_said(self.text[start:end]) for start, end in zip(self.starts, self.ends, strict=True)]

    def behind_words(self, at: int) -> bool:
        """Whether this is an address in brackets, as our forms print it behind the words of a link."""
        return self.ends[at] - self.starts[at] > 1 and self.text[self.starts[at]] == "("

    def begins_line(self, at: int) -> bool:
        """Whether nothing but a few marks stands before it in its line."""
        before = self.text[max(0, self.starts[at] - MOST_BEFORE) : self.starts[at]]
        line = before.rpartition("\n")
        return (bool(line[1]) or len(before) < MOST_BEFORE) and not line[2].strip("".join(BULLETS) + " ")

    def is_bullet(self, at: int) -> bool:
        """Whether it stands before a line as the mark of a list."""
        return (
            self.words[at] in BULLETS
            and self.begins_line(at)
            and self.text[self.ends[at] : self.ends[at] + 1] in (" ", "\n", "")
        )

    def repeats(self, at: int) -> bool:
        """Whether it is an address that stands right before it too: some programs show both."""
        said = self.words[at]
        return "@" in said and self.text[max(0, self.starts[at] - len(said) - 2) : self.starts[at]].strip(" <") == said


def copied(text: str) -> Copied:
    """An evened text, cut. Takes time proportional to its length."""
    cut = wording(text)
    addresses = [found.span(1 if found[1] else 2) for found in ADDRESS.finditer(text)]
    around = [(a - 1, b + 1) if text[a - 1 : a] == "(" and text[b : b + 1] == ")" else (a, b) for a, b in addresses]
    starts, ends, word = [], [], 0
    for begin, end in [*around, (len(text), len(text))]:
        while word < len(cut.starts) and cut.ends[word] <= begin:
            starts.append(cut.starts[word])
            ends.append(cut.ends[word])
            word += 1
        if begin == end:
            break
        # An address may begin within what is a word otherwise.
        if word < len(cut.starts) and cut.starts[word] < begin:
            starts.append(cut.starts[word])
            ends.append(begin)
        while word < len(cut.starts) and cut.starts[word] < end:
            word += 1
        starts.append(begin)
        ends.append(end)
        if word and cut.ends[word - 1] > end:
            starts.append(end)
            ends.append(cut.ends[word - 1])
    return Copied(text, tuple(starts), tuple(ends))


def _said(word: str) -> str:
    found = ADDRESS.fullmatch(word) if is_word(word) and len(word) > 3 else None
    return (found[1] or found[2]).removeprefix("mailto:") if found else word
