"""Random edits of a text with comments on it: each comment sits on its own words afterwards, or is gone.

Every word of a text made here has an identity of its own that goes with it through every edit and that is not written
anywhere: so it is known whether the words on which a comment sits are those that were commented, or others that only
read the same. Half of the texts say the same sentences and the same words again and again, on purpose; the others are
as people write, so that it is seen how many comments stay.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count, zip_longest

from workflow.text.anchoring import Place, locate
from workflow.text.content import Edition
from workflow.text.passages import Passage, chosen

ENGLISH = (
    ["the", "of", "and", "to", "in", "that", "we", "a", "is", "for"],
    [
        "council",
        "harbour",
        "ferry",
        "road",
        "village",
        "winter",
        "hospital",
        "boat",
        "pilot",
        "landing",
        "clinic",
        "bridge",
        "school",
        "lorry",
        "valley",
        "river",
        "promise",
        "decision",
        "report",
        "closure",
        "cost",
        "week",
        "family",
        "driver",
        "nurse",
        "farmer",
        "market",
        "night",
        "season",
        "flood",
        "shelter",
        "water",
        "opened",
        "closed",
        "promised",
        "refused",
        "reached",
        "crossed",
        "waited",
        "paid",
        "carried",
        "signed",
        "asked",
        "told",
        "found",
        "kept",
        "lost",
        "built",
        "safe",
        "late",
        "deep",
        "narrow",
        "public",
        "empty",
        "broken",
        "local",
        "cold",
        "early",
        "common",
        "open",
    ],
)
ARABIC = (
    ["في", "من", "على", "إلى", "أن", "لا", "ما", "هذا", "التي", "كل"],
    [
        "المجلس",
        "الميناء",
        "العبّارة",
        "الطريق",
        "القرية",
        "الشتاء",
        "المستشفى",
        "الزورق",
        "الجسر",
        "المدرسة",
        "النهر",
        "الوادي",
        "القرار",
        "التقرير",
        "الكلفة",
        "الأسبوع",
        "العائلة",
        "السائق",
        "الممرضة",
        "الفلاح",
        "السوق",
        "الليل",
        "الموسم",
        "الفيضان",
        "الماء",
        "وعدَ",
        "رفضَ",
        "وصلَ",
        "عبرَ",
        "انتظرَ",
        "دفعَ",
        "حملَ",
        "وقّعَ",
        "طلبَ",
        "أخبرَ",
        "وجدَ",
        "بقيَ",
        "فقدَ",
        "بنى",
        "آمن",
        "متأخر",
        "عميق",
        "ضيّق",
        "عام",
        "فارغ",
        "مكسور",
        "محلّي",
        "بارد",
        "مبكر",
        "مشترك",
        "مفتوح",
    ],
)
COMMENTS, EDITS = 8, (1, 1, 1, 2, 2, 3, 4, 6)


@dataclass(frozen=True)
class Word:
    """A word, who it is, and of which word it is a copy (of itself, mostly)."""

    text: str
    who: int
    copy_of: int


@dataclass
class Told:
    """What became of the comments, and what does not hold."""

    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def kept(self, sort: str) -> float:
        """How many of the comments whose words stayed, and stand once in both texts, are found on them."""
        found = self.met[sort, "found"]
        return found / (found + self.met[sort, "lost though it stands once"])


Sentence = list[Word]
Paragraph = list[Sentence]


class Text:
    """A text that is edited, word by word known."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.language, (self.short, self.long) = chance.choice((("en", ENGLISH), ("ar", ARABIC)))
        self.sort = chance.choice(("repeating", "plain"))
        self.number = count(1)
        self.paragraphs: list[Paragraph] = []
        for _ in range(chance.randint(3, 8)):
            self.paragraphs.append([])
            for _ in range(chance.randint(1, 6)):
                again = self.sort == "repeating" and self.sentences and chance.random() < 0.2
                self.paragraphs[-1].append(self.again(chance.choice(self.sentences)) if again else self.sentence())

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]

    def words(self) -> list[Word]:
        return [word for sentence in self.sentences for word in sentence]

    def word(self, text: str = "") -> Word:
        """A word nobody has seen before, though it may read like many."""
        who = next(self.number)
        return Word(text or self.some_text(), who, who)

    def some_text(self) -> str:
        if self.chance.random() < 0.45:
            return self.chance.choice(self.short)
        one = self.chance.choice(self.long)
        return f"{one}-{self.chance.choice(self.long)}" if self.sort == "plain" and self.chance.random() < 0.7 else one

    def sentence(self) -> Sentence:
        """A new sentence."""
        words = [self.word() for _ in range(self.chance.choice((2, 4, 6, 8, 10, 14, 18)))]
        return [*words[:-1], self.word(f"{words[-1].text}.")]

    def again(self, sentence: Sentence) -> Sentence:
        """Other words that read the same."""
        return [self.word(word.text) for word in sentence]

    def pasted(self, sentence: Sentence) -> Sentence:
        """A copy of a sentence, as one pastes it."""
        return [Word(word.text, next(self.number), word.copy_of) for word in sentence]

    # Edits --------------------------------------------------------------------------------------

    def edit(self) -> str:
        """Do one thing to the text; its name."""
        doings = [value for name, value in vars(Text).items() if name.startswith("do_")]
        doing = self.chance.choice(doings)
        before = self.words()
        doing(self)
        self.paragraphs = [kept for one in self.paragraphs if (kept := [sentence for sentence in one if sentence])]
        if not self.paragraphs:
            self.paragraphs = [[self.sentence()]]
        if read(self.words()) == read(before):
            # One of two equal neighbours put before the other: nobody, its author included, could tell. So it is none.
            stayed = iter(before)
            self.paragraphs = [[[next(stayed) for _ in one] for one in paragraph] for paragraph in self.paragraphs]
        return doing.__name__.removeprefix("do_")

    def somewhere(self) -> tuple[Paragraph, int]:
        paragraph = self.chance.choice(self.paragraphs)
        return paragraph, self.chance.randint(0, len(paragraph))

    def some_words(self) -> tuple[Sentence, int, int]:
        sentence = self.chance.choice(self.sentences)
        begin = self.chance.randrange(len(sentence))
        return sentence, begin, min(len(sentence), begin + self.chance.choice((1, 1, 2, 3, 5)))

    def put(self, sentence: Sentence) -> None:
        paragraph, at = self.somewhere()
        paragraph.insert(at, sentence)

    def take(self) -> Sentence:
        paragraph = self.chance.choice(self.paragraphs)
        return paragraph.pop(self.chance.randrange(len(paragraph))) if paragraph else []

    def do_insert_words(self) -> None:
        sentence, begin, _ = self.some_words()
        sentence[begin:begin] = [self.word() for _ in range(self.chance.choice((1, 1, 2, 4)))]

    def do_insert_sentence(self) -> None:
        self.put(self.sentence())

    def do_repeat_sentence(self) -> None:
        """The same sentence once more; whether it was pasted or typed again, nobody can tell."""
        self.put(self.pasted(self.chance.choice(self.sentences)))

    def do_delete_words(self) -> None:
        sentence, begin, end = self.some_words()
        del sentence[begin:end]

    def do_delete_sentence(self) -> None:
        self.take()

    def do_delete_paragraph(self) -> None:
        self.paragraphs.pop(self.chance.randrange(len(self.paragraphs)))

    def do_move_words(self) -> None:
        sentence, begin, end = self.some_words()
        words = sentence[begin:end]
        del sentence[begin:end]
        into = self.chance.choice(self.sentences)
        at = self.chance.randint(0, len(into))
        into[at:at] = words

    def do_move_sentence(self) -> None:
        self.put(self.take())

    def do_move_paragraph(self) -> None:
        paragraph = self.paragraphs.pop(self.chance.randrange(len(self.paragraphs)))
        self.paragraphs.insert(self.chance.randint(0, len(self.paragraphs)), paragraph)

    def do_split_paragraph(self) -> None:
        paragraph, at = self.somewhere()
        self.paragraphs.insert(self.paragraphs.index(paragraph) + 1, paragraph[at:])
        del paragraph[at:]

    def do_join_paragraphs(self) -> None:
        if len(self.paragraphs) > 1:
            at = self.chance.randrange(len(self.paragraphs) - 1)
            self.paragraphs[at] += self.paragraphs.pop(at + 1)

    def do_change_words(self) -> None:
        """Other words in their place; a word that would read as before stays the word it was."""
        sentence, begin, end = self.some_words()
        for at in range(begin, end):
            new = self.word()
            if new.text != sentence[at].text:
                sentence[at] = new

    def do_rewrap(self) -> None:
        """Nothing but line breaks and emphasis, which every writing down sets anew."""

    # As it is written down ----------------------------------------------------------------------

    def blocks(self) -> list[list[Word]]:
        """The words of each block."""
        return [[word for sentence in paragraph for word in sentence] for paragraph in self.paragraphs]

    def edition(self) -> Edition:
        """The text as somebody types it: lines broken anywhere, a word in bold now and then, some paragraphs items."""
        blocks = ["".join(self.typed(words)) for words in self.blocks()]
        items = [f"- {text}" if self.chance.random() < 0.2 else text for text in blocks]
        return Edition(self.language, "press-release", "A headline", "\n\n".join(items))

    def typed(self, words: list[Word]) -> list[str]:
        typed = []
        for word in words:
            typed.append(f"**{word.text}**" if self.chance.random() < 0.05 else word.text)
            typed.append(self.chance.choices((" ", "\n", "  "), (20, 2, 1))[0])
        return typed[:-1]


@dataclass(frozen=True)
class Comment:
    """A passage, and the words that it really is."""

    passage: Passage
    words: tuple[Word, ...]


def edits(seed: int, number: int) -> Told:
    """Edit `number` random texts, each with comments on it; text n depends on the seed and n alone."""
    told = Told()
    for at in range(number):
        chance = random.Random(f"{seed}/{at}")
        text = Text(chance)
        old, before = text.edition(), text.blocks()
        comments = [comment(chance, old, before) for _ in range(COMMENTS)]
        done = [text.edit() for _ in range(chance.choice(EDITS))]
        new, after = text.edition(), text.blocks()
        for one in comments:
            place = locate(one.passage, old, new)
            verdict = judged(one, place, before, after)
            told.met[text.sort, verdict] += 1
            if verdict == "wrong":
                told.violations.append(f"text {at}, {', '.join(done)}: {one.passage.exact!r} sits on {place}")
    return told


def comment(chance: random.Random, edition: Edition, blocks: list[list[Word]]) -> Comment:
    """A comment on a word, some words, a paragraph, or the end of one with the begin of the next."""
    at = chance.randrange(len(blocks))
    words = blocks[at]
    begin = chance.randrange(len(words))
    end = min(len(words), begin + chance.choice((1, 1, 2, 3, 5, 8, 13)))
    if chance.random() < 0.15:
        begin, end = 0, len(words)
    over = blocks[at + 1][: chance.randint(1, 3)] if end == len(words) and at + 1 < len(blocks) else []
    chosen_words = [*words[begin:end], *(over if chance.random() < 0.3 else [])]
    passage = chosen(edition, f"b{at + 1}", read(chosen_words), read(words[:begin]))
    return Comment(passage, tuple(chosen_words))


def read(words: list[Word]) -> str:
    """Words as one reads them."""
    return " ".join(word.text for word in words)


def judged(comment: Comment, place: Place | None, before: list[list[Word]], after: list[list[Word]]) -> str:
    """What became of a comment: found, lost (it stayed, and was not found), gone, or wrong; and other fine things."""
    commented = [word.who for word in comment.words]
    new = [word for words in after for word in words]
    stayed = _at(commented, [word.who for word in new]) is not None
    if place is None:
        if not stayed:
            return "gone"
        texts = [word.text for word in comment.words]
        old = [word.text for words in before for word in words]
        once = _times(texts, old) == 1 == _times(texts, [word.text for word in new])
        return "lost though it stands once" if once else "lost among equals"
    sits = words_at(place, after)
    # A full stop behind the last word may have come or gone: it is not commented.
    if place.exact != read(list(comment.words)) or len(sits) != len(comment.words):
        return "wrong"
    if [word.who for word in sits] == commented:
        return "found"
    if not stayed and [word.copy_of for word in sits] == [word.copy_of for word in comment.words]:
        return "found where it was pasted"
    return "twins" if _twins(comment, sits, before, new) else "wrong"


def words_at(place: Place, blocks: list[list[Word]]) -> list[Word]:
    """The words from the begin to the end of a place, counted without the code that found it."""
    first, last = int(place.block[1:]) - 1, int(place.last[1:]) - 1
    found = []
    for at in range(first, last + 1):
        position = 0
        for word in blocks[at]:
            after_begin = at > first or position + len(word.text) > place.start
            before_end = at < last or position < place.end
            if after_begin and before_end:
                found.append(word)
            position += len(word.text) + 1
    return found


def _twins(comment: Comment, sits: list[Word], before: list[list[Word]], new: list[Word]) -> bool:
    """Whether nobody, its author included, could tell that words were taken out and the same words put in there.

    So it is where at least half of the words are those that were commented, each in its place, or where the words
    stand between the very words that the commented ones stood between.
    """
    kept = sum(one.who == other.who for one, other in zip(sits, comment.words, strict=True))
    if kept * 2 >= len(sits):
        return True
    old = [word for words in before for word in words]
    was, is_ = old.index(comment.words[0]), new.index(sits[0])
    left = _first_same(reversed(old[:was]), reversed(new[:is_]))
    right = _first_same(old[was + len(sits) :], new[is_ + len(sits) :])
    return left and right


def _first_same(then: Iterable[Word], now: Iterable[Word]) -> bool:
    """Whether the words read the same up to one that is the same, or to the edge of both texts."""
    for one, other in zip_longest(then, now):
        if one is None or other is None or one.text != other.text:
            return False
        if one.who == other.who:
            return True
    return True


def _at(part: list[int], whole: list[int]) -> int | None:
    """Where `part` stands in `whole`, where no number is twice."""
    at = whole.index(part[0]) if part[0] in whole else None
    return at if at is not None and whole[at : at + len(part)] == part else None


def _times(part: list[str], whole: list[str]) -> int:
    return sum(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
