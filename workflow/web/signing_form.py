"""What a member types: kept as typed, so that nothing is lost, and made into an answer that can be offered."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import request

from workflow.queries.member import MemberPage
from workflow.queries.quoting import OwnQuote
from workflow.rules.circulation import Kind
from workflow.rules.quoting import DECISIONS, QuoteWord
from workflow.rules.refusals import FormRefused, InputRefused, Message
from workflow.rules.signing import Offered, QuoteOffered, check_answer
from workflow.text.checking import QUOTE_LIMIT, clean_line, clean_text
from workflow.text.content import Quote
from workflow.text.digest import quote_digest
from workflow.text.editions import MOST_EDITIONS

LONGEST_TEXT = 10_000
# A text has fifty quotes at most, so nobody has more to say of them.
MOST_QUOTES = 50
QUOTE_FIELD = re.compile(r"(?:quote|wording)-([0-9a-f]{64})")
NAME_FIELD = re.compile(r"name-in-([A-Za-z][A-Za-z0-9-]{1,19})")
# Beside the kinds of answers: nothing is answered yet, only what is said of the quotes counts.
ONLY_QUOTES = "only-quotes"
LONGEST_CODE = 20


@dataclass(frozen=True)
class TypedQuote:
    """What was chosen for one quote, and the words typed for it."""

    decision: str = ""
    wording: str = ""


@dataclass(frozen=True)
class Typed:
    """The answer form as it came: nothing is trimmed, nothing is corrected. `quotes` by the digest of each.

    `passage` is what an objection is about, as JSON; `lost` are its words where the text in force does not have them,
    and `lost_wordings` what was typed for quotes that it does not have. `names`: how to be listed, by language. `logo`
    is the digest of the one that was shown.
    """

    kind: str = ""
    digest: str = ""
    text: str = ""
    listed_name: str = ""
    person_name: str = ""
    person_role: str = ""
    authority: bool = False
    quotes: Mapping[str, TypedQuote] = field(default_factory=dict)
    passage: str = ""
    lost: str = ""
    withheld: bool = False
    person_named: bool = False
    lost_wordings: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    logo: str = ""
    without_logo: bool = False

    @property
    def agreed_logo(self) -> str:
        """The logo that was shown, where it may stand beside the name."""
        return "" if self.withheld or self.without_logo else self.logo

    def rebound(self, digest: str, passage: str = "", lost: str = "") -> "Typed":
        """The same words for another text: what they decide must be decided again."""
        undecided = {one: replace(typed, decision="") for one, typed in self.quotes.items()}
        return replace(self, digest=digest, kind="", authority=False, quotes=undecided, passage=passage, lost=lost)

    def requoted(self, old: Sequence[Quote], quotes: Sequence[OwnQuote]) -> "Typed":
        """What was typed for quotes that were changed stands with the new words of the same speaker.

        `old` are the quotes of the text that was shown, `quotes` those that are asked about now. Words whose quote is
        none of them are lost: they are shown once more.
        """
        changed = {quote_digest(quote): quote.speaker for quote in old}
        now = {one.digest for one in quotes}
        kept = {digest: typed for digest, typed in self.quotes.items() if digest in now}
        lost = []
        for digest, typed in self.quotes.items():
            free = [one for one in quotes if one.digest not in {*kept, *changed}]
            same = [one.digest for one in free if one.quote.speaker == changed.get(digest)]
            if digest not in now and typed.wording.strip():
                if len(same) == 1:
                    kept[same[0]] = TypedQuote(wording=typed.wording)
                else:
                    lost.append(typed.wording)
        return replace(self, quotes=kept, lost_wordings=tuple(lost))


def typed_answer() -> Typed:
    """The answer form of this request."""
    form = request.form
    return Typed(
        kind=form.get("kind", ""),
        digest=form.get("digest", ""),
        text=form.get("text", ""),
        listed_name=form.get("listed_name", ""),
        person_name=form.get("person_name", ""),
        person_role=form.get("person_role", ""),
        authority=form.get("authority") == "yes",
        quotes=_typed_quotes(),
        names=typed_names(),
        withheld=form.get("withheld") == "yes",
        person_named=form.get("person_named") == "yes",
        logo=form.get("logo", "")[:64],
        without_logo=form.get("without_logo") == "yes",
        passage="" if form.get("whole_text") == "yes" else form.get("passage", ""),
    )


def typed_names() -> dict[str, str]:
    """The names typed for editions in other languages, by language."""
    matches = [match[1] for match in map(NAME_FIELD.fullmatch, request.form) if match]
    return {one: request.form.get(f"name-in-{one}", "") for one in matches[:MOST_EDITIONS]}


def _typed_quotes() -> dict[str, TypedQuote]:
    form = request.form
    matches = [match[1] for match in map(QUOTE_FIELD.fullmatch, form) if match]
    digests = list(dict.fromkeys(matches))[:MOST_QUOTES]
    return {one: TypedQuote(form.get(f"quote-{one}", ""), form.get(f"wording-{one}", "")) for one in digests}


def prefilled(page: MemberPage) -> Typed:
    """An empty form: no answer chosen, the registered name, and what this link's person typed before."""
    before = page.typed_before
    proposed = page.standing.listed_name if page.standing else ""
    return Typed(
        quotes=said_of_quotes(page.quotes),
        digest=page.digest,
        listed_name=proposed or page.registered,
        names=page.names,
        withheld=page.withheld_before and page.asked.withheld_allowed,
        person_named=bool(page.standing and page.standing.own and page.standing.person_named),
        # Where it signed without this logo, that is not taken for agreement to it.
        without_logo=bool(page.standing and page.standing.unlike(page.listed.logo)),
        person_name=before.person_name if before else page.name_before,
        person_role=before.person_role if before else "",
    )


def said_of_quotes(quotes: Iterable[OwnQuote]) -> dict[str, TypedQuote]:
    """What was last said of each quote, as the form shows it; nothing is chosen where nothing was said."""
    return {one.digest: TypedQuote(one.word if one.word in DECISIONS else "", one.wording) for one in quotes}


def _decided(typed: Typed) -> list[tuple[str, TypedQuote]]:
    """The quotes of which something was said."""
    return [(digest, one) for digest, one in typed.quotes.items() if one.decision in DECISIONS]


def offer(typed: Typed) -> Offered:
    """What was typed as an answer that can be offered. Raises FormRefused with every problem at once."""
    problems: dict[str, Message] = {}

    def taken(field: str, clean: Callable[[], str]) -> str:
        try:
            return clean()
        except InputRefused as refused:
            problems[field] = refused.problem
            return ""

    def line(field: str, text: str) -> str:
        return taken(field, lambda: clean_line(text, field=field, required=False))

    def several(field: str, text: str, limit: int) -> str:
        return taken(field, lambda: clean_text(text, field=field, limit=limit))

    kind = Kind(typed.kind) if typed.kind in set(Kind) else None
    offered = Offered(
        kind=kind,
        digest=typed.digest[:64],
        text=several("text", typed.text, LONGEST_TEXT),
        listed_name=line("listed_name", typed.listed_name) if kind is Kind.SIGN_OFF else "",
        names=_names(typed, line) if kind is Kind.SIGN_OFF else (),
        person_name=line("person_name", typed.person_name),
        person_role=line("person_role", typed.person_role),
        authority=typed.authority and kind is Kind.SIGN_OFF,
        withheld=typed.withheld and kind is Kind.SIGN_OFF,
        person_named=typed.person_named and kind is Kind.SIGN_OFF and not typed.withheld,
        logo=typed.agreed_logo if kind is Kind.SIGN_OFF else "",
        passage=typed.passage if kind is Kind.OBJECTION else "",
        quotes=_offered_quotes(typed, several),
    )
    if kind is None and (typed.kind != ONLY_QUOTES or not offered.quotes):
        lacking = "quote.decision-missing" if typed.kind == ONLY_QUOTES else "answer.kind-missing"
        problems["kind"] = Message(lacking)
    problems = {**_lacking(offered), **_undecided(typed), **problems}
    if problems:
        raise FormRefused(problems)
    return offered


def _offered_quotes(typed: Typed, several: Callable[[str, str, int], str]) -> tuple[QuoteOffered, ...]:
    return tuple(
        QuoteOffered(digest, QuoteWord(one.decision), several(f"wording-{digest}", _wording(one), QUOTE_LIMIT))
        for digest, one in _decided(typed)
    )


def _names(typed: Typed, line: Callable[[str, str], str]) -> tuple[tuple[str, str], ...]:
    """What is said of names in other languages; an empty one says nothing."""
    said = [(language, line(f"name-in-{language}", name)) for language, name in sorted(typed.names.items())]
    return tuple((language, name) for language, name in said if name)


def _undecided(typed: Typed) -> dict[str, Message]:
    """Words for a quote of which nothing was chosen are not dropped: it has to be said what they are for."""
    bare = [one for one, said in typed.quotes.items() if said.decision not in DECISIONS and said.wording.strip()]
    return {f"quote-{digest}": Message("quote.decision-missing") for digest in bare}


def _wording(typed: TypedQuote) -> str:
    return typed.wording if typed.decision == QuoteWord.REWORDED else ""


def typed_code() -> tuple[int | None, str]:
    """The challenge that the page named, and the digits typed for it, without the blanks between them."""
    named = request.form.get("challenge", "")
    digits = "".join(request.form.get("code", "")[:LONGEST_CODE].split())
    # A row's id: longer numbers belong to no row and to no database's integer.
    challenge_id = int(named) if named.isascii() and named.isdigit() and len(named) <= 9 else None
    return challenge_id, digits.translate(DIGITS)


def _lacking(offered: Offered) -> Mapping[str, Message]:
    try:
        check_answer(offered)
    except FormRefused as refused:
        return refused.problems
    return {}


# Digits as Arabic and Persian keyboards give them.
DIGITS = {start + value: str(value) for start in (0x0660, 0x06F0) for value in range(10)}
