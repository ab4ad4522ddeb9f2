"""The signatories as they are listed, in every form: on a page, as plain text, in Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from workflow.formats.reading import Saying
from workflow.rules import listing
from workflow.rules.listing import SIGNS, Entry, Mark, Style, only_shown
from workflow.text.collation import comma, format_list
from workflow.text.counting import in_words
from workflow.text.markdown import escaped

# Up to here a number that says how many are not named stands in words.
LARGEST_IN_WORDS = 12


@dataclass(frozen=True)
class Line:
    """One signatory: its number in the whole list, its name with what belongs to it, its sign, who signed, its logo.

    The logo is named by its digest; where it stands, the name stands below it.
    """

    number: int
    name: str
    sign: str = ""
    person: str = ""
    logo: str = ""

    @property
    def signed(self) -> str:
        return f"{self.name}{self.sign}"


@dataclass(frozen=True)
class Section:
    """Signatories under one heading, which may be empty."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Part:
    """The organisations, or the individuals: with how many they are, where both are there."""

    title: str
    sections: Sequence[Section]


@dataclass(frozen=True)
class ListView:
    """The list of signatories, ready to be shown. `feet`: each sign in it with what it says."""

    style: Style
    language: str
    parts: Sequence[Part]
    feet: Sequence[tuple[str, str]] = ()

    @property
    def plain(self) -> bool:
        """One run of names, without headings."""
        return (
            len(self.parts) == 1 and not self.parts[0].title and [one.title for one in self.parts[0].sections] == [""]
        )


def list_view(entries: Sequence[Entry], style: Style, counts: tuple[int, int], language: str, say: Saying) -> ListView:
    """The picture of a list. `counts`: how many organisations and individuals there are, named or not."""
    numbers = iter(range(1, len(entries) + 1))
    entries = [only_shown(one, style) for one in entries]
    organisations = [one for one in entries if not one.individual]
    individuals = [one for one in entries if one.individual]
    parts = []
    if organisations or not individuals:
        title = organisations_said(counts[0], say) if counts[1] else ""
        parts.append(Part(title, _sections(organisations, numbers, language, say)))
    if individuals:
        parts.append(Part(individuals_said(counts[1], say), _sections(individuals, numbers, language, say)))
    there = {one.mark for one in entries}
    feet = tuple((SIGNS[mark], mark_said(mark, say)) for mark in Mark if mark in there)
    return ListView(style, language, tuple(parts), feet)


def _sections(entries: Iterable[Entry], numbers: Iterable[int], language: str, say: Saying) -> tuple[Section, ...]:
    made: list[Section] = []
    for title, group in groupby(entries, lambda one: one.heading):
        lines = tuple(_line(one, number, language) for one, number in zip(group, numbers, strict=False))
        # Who comes after a heading and has none of its own must not seem to stand under that one.
        made.append(Section(title or (say("Others") if made else ""), lines))
    return tuple(made)


def _line(entry: Entry, number: int, language: str) -> Line:
    name = f"{entry.name} ({entry.acronym})" if entry.acronym else entry.name
    person = comma(language).join(part for part in (entry.person, entry.role) if part)
    return Line(number, name, SIGNS[entry.mark] if entry.mark else "", person, entry.logo)


def mark_said(mark: Mark, say: Saying) -> str:
    """What a sign says."""
    return {
        Mark.IDENTIFICATION: say("Affiliation for identification only"),
        Mark.UMBRELLA: say("Signs for itself, and not for its members"),
    }[mark]


def organisations_said(number: int, say: Saying) -> str:
    """How many organisations."""
    return say.ngettext("One organisation", "%(num)s organisations", number)


def individuals_said(number: int, say: Saying) -> str:
    """How many individuals."""
    return say.ngettext("One individual", "%(num)s individuals", number)


def unnamed_said(counts: tuple[int, int], unnamed: int, language: str, say: Saying) -> str:
    """Says how many signatories are counted without being named, where there are any."""
    count = sum(counts)
    if not unnamed:
        return ""
    if count == 1:
        return say("One organisation, which asked for its name to be withheld for safety")
    if unnamed == count:
        return say.ngettext(
            "The only organisation asked for its name to be withheld for safety",
            "All %(num)s organisations asked for their names to be withheld for safety",
            count,
        )
    who = [organisations_said(counts[0], say)] if counts[0] else []
    if counts[1]:
        who.append(say.ngettext("one individual", "%(num)s individuals", counts[1]))
    return say.ngettext(
        "%(who)s, one of which asked for its name to be withheld for safety",
        "%(who)s, %(number)s of which asked for their names to be withheld for safety",
        unnamed,
        who=format_list(who, language),
        number=in_words(unnamed, language, feminine=True) if unnamed <= LARGEST_IN_WORDS else str(unnamed),
    )


def text_lines(view: ListView) -> list[str]:
    """The list as paragraphs of plain text."""
    found: list[str] = []
    for part in view.parts:
        found += [part.title]
        for section in part.sections:
            found += [section.title, _in_text(section.lines, view)]
    return [*filter(None, found), *([_feet(view)] if view.feet else [])]


def _in_text(lines: Sequence[Line], view: ListView) -> str:
    if view.style is Style.LINE:
        return listing.line(one.signed for one in lines)
    if view.style is Style.NUMBERED:
        return "\n".join(f"{one.number}. {one.signed}" for one in lines)
    return "\n".join(_with_person(one, view) for one in lines)


def _with_person(one: Line, view: ListView) -> str:
    return f"{one.person}{comma(view.language)}{one.signed}" if one.person else one.signed


def _feet(view: ListView) -> str:
    return "\n".join(f"{sign} {said}" for sign, said in view.feet)


def markdown_lines(view: ListView) -> list[str]:
    """The list as blocks of Markdown below a heading of level two; names are text, never markup."""
    found: list[str] = []
    for part in view.parts:
        found += [f"### {escaped(part.title)}" if part.title else ""]
        level = "####" if part.title else "###"
        for section in part.sections:
            found += [f"{level} {escaped(section.title)}" if section.title else "", _in_markdown(section.lines, view)]
    feet = "\\\n".join(escaped(f"{sign} {said}") for sign, said in view.feet)
    return [one for one in (*found, feet) if one]


def _in_markdown(lines: Sequence[Line], view: ListView) -> str:
    if view.style is Style.LINE:
        return escaped(listing.line(one.signed for one in lines))
    if view.style is Style.NUMBERED:
        return "\n".join(f"{one.number}. {escaped(one.signed)}" for one in lines)
    return "\n".join(f"- {escaped(_with_person(one, view))}" for one in lines)
