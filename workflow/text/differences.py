"""What changed between two editions, part by part and word by word.

Compared are the words that a reader sees; where a part has the same words, what is typed (bold, link, order).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from workflow.text.content import Content, Edition
from workflow.text.folding import PartChange, numbered
from workflow.text.markdown import body_markdown, notes_text, told_body
from workflow.text.redline import Change, Part, compare

Texts = Callable[[Edition], str]

# Behind each part that says something; so parts stay apart.
END = "\n\n"


def differences(old: Edition, new: Edition) -> list[Change]:
    """The stretches that lead from `old` to `new`, those that came or went with the part they stand in. Empty or all
    equal only where the two are the same.

    Joining what is equal or deleted gives the parts of `old` that are shown, each with a blank line behind it;
    joining what is equal or inserted those of `new`.
    """
    found: list[Change] = []
    for name, texts in PARTS:
        if name == "body":
            found += _of_body(old, new)
        elif name not in ("language", "kind") or texts[0](old) != texts[0](new):
            found += [_within(Part(name), change) for change in compare(*_shown(texts, old, new))]
    return _joined(found)


@dataclass(frozen=True)
class EditionChanges:
    """What changed in the edition of one language: all of it, where that edition came or went."""

    language: str
    changes: list[Change]


def changes_in(old: Content, new: Content) -> tuple[EditionChanges, ...]:
    """What leads from one text to another, edition by edition: those of `new` in their order, then those that went.

    The authoritative one is held against the authoritative one, every other against that of its language. Empty only
    where the two are the same, but for the order of translations.
    """
    pairs = [(old.authoritative, new.authoritative)]
    pairs += [(_translation(old, one.language) or _nothing(one), one) for one in new.translations]
    gone = (one for one in old.translations if _translation(new, one.language) is None)
    pairs += [(one, _nothing(one)) for one in gone]
    told = [EditionChanges(after.language, differences(before, after)) for before, after in pairs]
    return tuple(one for one in told if any(change.op != "equal" for change in one.changes))


def _translation(content: Content, language: str) -> Edition | None:
    return next((one for one in content.translations if one.language == language), None)


def _nothing(edition: Edition) -> Edition:
    return Edition(language=edition.language, kind=edition.kind, headline="", body="")


def changes_by_part(old: Edition, new: Edition) -> list[PartChange]:
    """What changed, one by one as the redline counts them, each with its part, what went and what came."""
    return [one for one in numbered(differences(old, new)) if isinstance(one, PartChange)]


def _shown(texts: Iterable[Texts], old: Edition, new: Edition) -> tuple[str, str]:
    """A part as text on both sides: the first way to tell it in which the two differ."""
    told = [(text(old), text(new)) for text in texts]
    before, after = next((both for both in told if both[0] != both[1]), told[0])
    return before and before + END, after and after + END


def _within(part: Part, change: Change) -> Change:
    return change if change.op == "equal" else replace(change, part=part)


def _joined(changes: list[Change]) -> list[Change]:
    """What stayed in one part and the next is one stretch; what changed in them is not."""
    found: list[Change] = []
    for change in changes:
        if found and found[-1].op == change.op == "equal":
            found[-1] = replace(change, text=found[-1].text + change.text)
        else:
            found.append(change)
    return found


# The body ---------------------------------------------------------------------------------------


def _of_body(old: Edition, new: Edition) -> list[Change]:
    (text_old, told_old), (text_new, told_new) = told_body(old), told_body(new)
    if text_old == text_new:
        sources = [lambda _: text_old, body_markdown, lambda edition: edition.body, _quote_lines]
        return [_within(Part("body"), change) for change in compare(*_shown(sources, old, new))]
    places_old, places_new = _Places(text_old, told_old), _Places(text_new, told_new)
    at_old = at_new = 0
    found: list[Change] = []
    for change in compare(text_old and text_old + END, text_new and text_new + END):
        begins = len(change.text) - len(change.text.lstrip())
        if change.op == "delete":
            gone = places_old.whole(at_old + begins, at_old + len(change.text))
            found.append(replace(change, part=_earlier(gone) if gone else places_new.at(at_new)))
        else:
            found.append(_within(places_new.at(at_new + begins), change))
        at_old += len(change.text) if change.op != "insert" else 0
        at_new += len(change.text) if change.op != "delete" else 0
    return _with_what_replaced_it(found)


def _with_what_replaced_it(changes: list[Change]) -> list[Change]:
    """What went is told with what came in its place, if something did."""
    following = [*changes[1:], Change("equal", "")]
    return [
        replace(change, part=after.part) if (change.op, after.op) == ("delete", "insert") else change
        for change, after in zip(changes, following, strict=True)
    ]


def _earlier(part: Part) -> Part:
    return Part(f"earlier-{part.name}", part.number)


class _Places:
    """Where in the text of a body each of its paragraphs begins, and what a person calls it."""

    def __init__(self, text: str, paragraphs: list[tuple[str, int, str]]) -> None:
        self.starts: list[int] = []
        self.parts: list[Part] = []
        self.end = len(text)
        at = before = 0
        for kind, number, paragraph in paragraphs:
            # Within lists and quotations further lines are set in, so only the first stands as it is.
            first = paragraph.split("\n", 1)[0].strip()
            if not first:
                continue
            at = max(at, text.find(first, at))
            # The mark of a list item or a quotation belongs to it.
            self.starts.append(max(before, text.rfind("\n", 0, at) + 1))
            self.parts.append(Part(kind, number))
            at = before = at + len(first)

    def at(self, place: int) -> Part:
        """The part that `place` stands in; before the first one it is the first one."""
        number = max(0, bisect_right(self.starts, place) - 1)
        return self.parts[number] if self.parts else Part("body")

    def whole(self, start: int, end: int) -> Part | None:
        """The part that begins at `start` and does not go beyond `end`, if one does."""
        number = bisect_right(self.starts, start) - 1
        if number < 0 or self.starts[number] != start:
            return None
        following = self.starts[number + 1] if number + 1 < len(self.starts) else self.end
        return self.parts[number] if end >= following else None


# Parts, in the order of the page ----------------------------------------------------------------


def _field(name: str, edition: Edition) -> str:
    return str(getattr(edition, name))


def _lines(name: str, edition: Edition) -> str:
    return "\n".join(getattr(edition, name))


def _contacts(edition: Edition) -> str:
    return "\n".join(part for one in edition.contacts for part in (one.name, one.role, one.mail, one.phone) if part)


def _contact_lines(edition: Edition) -> str:
    return "\n".join(f"{one.name} – {one.role} – {one.mail} – {one.phone}" for one in edition.contacts)


def _quote_lines(edition: Edition) -> str:
    return "\n".join(f"{one.speaker} – {one.role} – {one.organisation} – {one.text}" for one in edition.quotes)


PARTS: tuple[tuple[str, tuple[Texts, ...]], ...] = (
    ("label", (partial(_field, "label"),)),
    ("place", (partial(_field, "place"),)),
    ("date", (partial(_field, "date"),)),
    ("headline", (partial(_field, "headline"),)),
    ("addressees", (partial(_lines, "addressees"),)),
    ("lead-paragraph", (partial(_field, "lead_paragraph"),)),
    ("body", ()),
    ("ends", (partial(_field, "ends"),)),
    ("notes", (notes_text, partial(_field, "notes"))),
    ("contacts", (_contacts, _contact_lines)),
    ("cc", (partial(_lines, "cc"),)),
    ("language", (partial(_field, "language"),)),
    ("kind", (partial(_field, "kind"),)),
)
