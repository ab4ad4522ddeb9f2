"""How signatories are listed: in which order and manner, under which headings, with which signs; and who can never be.

Names are ordered by a sort key that is given, because only a collation knows the alphabets.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from workflow.rules.refusals import Message, Refusal

SEPARATOR = " • "
LONGEST_SECTION, LONGEST_ACRONYM, MOST_SECTIONS, HIGHEST_NUMBER = 120, 40, 60, 99_999
# What stands in a register instead of a country where an organisation works in many.
INTERNATIONAL = (
    "international",
    "internationale",
    "internacional",
    "internazionale",
    "internationell",
    "دولي",
    "دولية",
)
Item = TypeVar("Item")
Key = Callable[[str], bytes]


class Order(StrEnum):
    """What decides where a signatory stands."""

    ALPHABET = "alphabet"
    COUNTRY = "country"
    SECTION = "section"
    HAND = "hand"


class Style(StrEnum):
    """How the names are set."""

    LINE = "line"
    NUMBERED = "numbered"
    COLUMNS = "columns"
    PERSONS = "persons"
    LOGOS = "logos"


class Mark(StrEnum):
    """What a sign behind a name says of the signatory."""

    IDENTIFICATION = "identification"
    UMBRELLA = "umbrella"


# The sign of each, wherever it stands: a reader who sees one in two texts need not look it up again.
SIGNS: Mapping[Mark, str] = {Mark.IDENTIFICATION: "*", Mark.UMBRELLA: "†"}


class AddresseeListed(Refusal):
    """An organisation that the text is addressed or copied to cannot be among those who sign it."""

    id = "listing.addressee"


@dataclass(frozen=True)
class Manner:
    """How the lead wants the signatories listed. `sections` in the order in which they stand."""

    order: Order = Order.ALPHABET
    style: Style = Style.LINE
    lead_first: bool = False
    article_ignored: bool = False
    international_first: bool = False
    sections: tuple[str, ...] = ()


USUAL = Manner()


@dataclass(frozen=True)
class Entry:
    """One signatory as it is listed. `person` and `role` are of who signed, where that person wanted to be named.

    `logo` is the digest of the logo that stands beside the name, where the organisation saw it and let it stand.
    """

    name: str
    acronym: str = ""
    heading: str = ""
    mark: Mark | None = None
    individual: bool = False
    person: str = ""
    role: str = ""
    logo: str = ""


UNSAID = Entry("")


@dataclass(frozen=True)
class Candidate:
    """A signatory with all that its place can depend on."""

    signatory_id: int
    organisation_id: int
    entry: Entry
    country: str = ""
    section: str = ""
    number: int | None = None
    lead: bool = False
    withheld: bool = False


def arranged(candidates: Iterable[Candidate], manner: Manner, key: Key) -> list[Candidate]:
    """The candidates in the order of `manner`, each with the heading under which it stands; individuals last.

    Who is not named comes last of all, so that its place tells nothing.
    """
    ranks = {section: at for at, section in enumerate(manner.sections)}

    def place(one: Candidate) -> tuple[object, ...]:
        first = manner.lead_first and one.lead
        by_name = (key(one.entry.name), one.entry.name)
        if one.entry.individual or first:
            return (one.withheld, one.entry.individual, not first, (), by_name)
        return (one.withheld, False, True, _ranked(one, manner, key, ranks), by_name)

    return [_under_heading(one, manner) for one in sorted(candidates, key=place)]


def _ranked(one: Candidate, manner: Manner, key: Key, ranks: Mapping[str, int]) -> tuple[object, ...]:
    """Where a candidate stands before its name is looked at."""
    if manner.order is Order.COUNTRY:
        many = one.country.casefold() in INTERNATIONAL
        rank = 3 if not one.country else (0 if manner.international_first else 2) if many else 1
        return (rank, key(one.country))
    if manner.order is Order.SECTION:
        return (one.section == "", ranks.get(one.section, len(ranks)), key(one.section))
    if manner.order is Order.HAND:
        return (one.number is None, one.number or 0)
    return ()


def _under_heading(one: Candidate, manner: Manner) -> Candidate:
    heading = {Order.COUNTRY: one.country, Order.SECTION: one.section}.get(manner.order, "")
    if one.entry.individual or (manner.lead_first and one.lead):
        heading = ""
    return replace(one, entry=replace(one.entry, heading=heading)) if heading != one.entry.heading else one


def disclosed_value(entry: Entry, translated: Mapping[str, Entry] | None = None) -> dict[str, object]:
    """What a signatory's commitment binds: its name, and what else of the organisation stands in the list.

    `translated` is how it stands in the lists of other editions, by language: their names and headings are bound too,
    where they are others. The person stands in a commitment of its own, so that each can be taken back without the
    other.
    """
    mark = entry.mark.value if entry.mark else ""
    more = {"acronym": entry.acronym, "heading": entry.heading, "mark": mark, "logo": entry.logo}
    others = (translated or {}).items()
    names = {language: one.name for language, one in others if one.name != entry.name}
    headings = {language: one.heading for language, one in others if one.heading != entry.heading}
    return {
        "listed_name": entry.name,
        **{name: value for name, value in more.items() if value},
        **({"individual": True} if entry.individual else {}),
        **({"names": names} if names else {}),
        **({"headings": headings} if headings else {}),
    }


def mended_value(
    before: Mapping[str, Any], name: str, names: Mapping[str, str] | None, languages: Iterable[str]
) -> dict[str, Any]:
    """The same value under a mended name: its heading and signs stay.

    `names` are those for the translations in these `languages`, where they are mended too; empty is `name` itself.
    """
    value = {**before, "listed_name": name}
    if names is not None:
        others = {one: names[one] for one in languages if names.get(one) and names[one] != name}
        value = {part: said for part, said in value.items() if part != "names"} | ({"names": others} if others else {})
    return value


def disclosed_entry(value: Mapping[str, Any], language: str = "") -> Entry:
    """The inverse: how it stands in the list of the edition in `language`, or in that of the authoritative one."""
    mark = value.get("mark")
    return Entry(
        name=str(value.get("names", {}).get(language, value["listed_name"])),
        acronym=str(value.get("acronym", "")),
        heading=str(value.get("headings", {}).get(language, value.get("heading", ""))),
        mark=Mark(mark) if mark else None,
        individual=bool(value.get("individual", False)),
        logo=str(value.get("logo", "")),
    )


def only_shown(entry: Entry, style: Style) -> Entry:
    """The entry without what its list does not show: persons and logos stand each in a style of their own."""
    if entry.person and style is not Style.PERSONS:
        entry = replace(entry, person="", role="")
    return replace(entry, logo="") if entry.logo and style is not Style.LOGOS else entry


def logo_beside(current: str, agreed: str, *, signed: bool) -> str:
    """The logo beside a name, by digests: the organisation's own of now, if it let that one stand when it signed.

    Who has not signed yet may still let it stand.
    """
    return current if not signed or agreed == current else ""


def moved(numbers: Sequence[int], at: int, by: int) -> list[int]:
    """Ids in a new order: the one that stands at `at`, moved `by` places, as far as there are places."""
    there = max(0, min(len(numbers) - 1, at + by))
    rest = [*numbers[:at], *numbers[at + 1 :]]
    return [*rest[:there], numbers[at], *rest[there:]]


def check_manner(sections: Sequence[str]) -> Message | None:
    """What is wrong with the sections as typed, if anything is."""
    if len(sections) > MOST_SECTIONS:
        return Message("listing.sections-many", {"limit": MOST_SECTIONS})
    longest = max(map(len, sections), default=0)
    return Message("too-long", {"limit": LONGEST_SECTION, "length": longest}) if longest > LONGEST_SECTION else None


def ordered(items: Iterable[Item], name: Callable[[Item], str], key: Key) -> list[Item]:
    """The items in the order of `key` over their names; the name itself settles ties."""
    return sorted(items, key=lambda item: (key(name(item)), name(item)))


def line(names: Iterable[str]) -> str:
    """All names on one line, with a bullet between."""
    return SEPARATOR.join(names)
