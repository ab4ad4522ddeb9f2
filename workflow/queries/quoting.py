"""Looking at quotes: whose they are on a roll, and what was said of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Exists, Select, select
from sqlalchemy.orm import Session, joinedload

from workflow.models.circulation import Signatory
from workflow.models.contesting import Contest
from workflow.models.quoting import QuoteAnswer
from workflow.models.signing import Answer
from workflow.queries.people import speakers
from workflow.rules.contesting import Resolution
from workflow.rules.quoting import QuoteWord, owners
from workflow.text.content import Content, Quote
from workflow.text.digest import quote_digest


@dataclass(frozen=True)
class QuoteLine:
    """One quote of a text: its number as the text counts them, its digest, its owner on a roll (none: nobody).

    `language` is that of the edition in which it stands, empty for the authoritative one.
    """

    number: int
    quote: Quote
    digest: str
    owner_id: int | None
    word: QuoteWord | None
    language: str = ""


def signatories_with_names(session: Session, circulation_id: int) -> list[Signatory]:
    """The roll's rows with their organisations, for the names by which a quote may call them."""
    return list(
        session.scalars(
            select(Signatory)
            .where(Signatory.circulation_id == circulation_id, Signatory.dropped_at.is_(None))
            .options(joinedload(Signatory.organisation))
            .order_by(Signatory.id)
        )
    )


def quote_lines(content: Content, signatories: Sequence[Signatory]) -> list[QuoteLine]:
    """The quotes of a text, of all its editions, with whose they are and where each stands.

    A translated quote whose organisation is not known by that name belongs to whose it is in the authoritative text.
    """
    names = {one.id: _known_as(one) for one in signatories}
    words = {(one.id, digest): QuoteWord(word) for one in signatories for digest, word in one.quotes.items()}
    first = owners([quote.organisation for quote in content.authoritative.quotes], names)
    lines: dict[tuple[str, int | None], QuoteLine] = {}
    for language, number, quote in _quotes(content):
        owner_id = owners([quote.organisation], names)[0]
        if owner_id is None and number <= len(first):
            owner_id = first[number - 1]
        digest = quote_digest(quote)
        word = words.get((owner_id, digest)) if owner_id is not None else None
        lines.setdefault((digest, owner_id), QuoteLine(number, quote, digest, owner_id, word, language))
    return list(lines.values())


def _known_as(one: Signatory) -> tuple[str, ...]:
    registered = (*(one.names or {}).values(), *(one.organisation.listed_names or {}).values())
    return (one.name, one.organisation.name, one.organisation.listed_name, *registered)


def _quotes(content: Content) -> Iterator[tuple[str, int, Quote]]:
    """Each quote with how its edition is named, and its number there."""
    for edition in content.editions:
        for number, quote in enumerate(edition.quotes, 1):
            yield content.short(edition), number, quote


def decided(session: Session, signatory_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What stands of what each of these signatories decided on each quote that it was asked about, by digest."""
    newest = newest_words(session, signatory_ids)
    found = {one: {digest: said.decision for digest, said in newest.get(one, {}).items()} for one in signatory_ids}
    several = session.execute(
        select(Signatory.id, Signatory.needed).where(Signatory.id.in_(newest), Signatory.needed > 1)
    )
    return found | {one: _decided_by_several(session, one, needed) for one, needed in several} if newest else found


def _decided_by_several(session: Session, signatory_id: int, needed: int) -> dict[str, str]:
    """Approved is what so many contacts have approved; what one of them refuses or words anew is not."""
    speaks = speakers(session, signatory_id)
    words: dict[str, dict[int | None, str]] = {}
    for one in session.scalars(_words([signatory_id])):
        by = words.setdefault(one.quote_digest, {})
        speaker = speaks(one.invitation_id)
        by.pop(speaker, None)  # the newest stands last
        by[speaker] = one.decision
    found = {}
    for digest, by in words.items():
        against = [word for word in by.values() if word != QuoteWord.APPROVED]
        if against or len(by) >= needed:
            found[digest] = against[-1] if against else QuoteWord.APPROVED.value
    return found


def newest_words(session: Session, signatory_ids: Sequence[int]) -> dict[int, dict[str, QuoteAnswer]]:
    """The newest word of each of these signatories on each of its quotes, by digest; one query where there are any."""
    found: dict[int, dict[str, QuoteAnswer]] = {}
    if signatory_ids:
        for one in session.scalars(_words(signatory_ids)):
            found.setdefault(one.signatory_id, {})[one.quote_digest] = one
    return found


def _words(signatory_ids: Sequence[int]) -> Select[QuoteAnswer]:
    """What these signatories said of quotes, oldest first, without what was said with a void answer."""
    of_them = QuoteAnswer.signatory_id.in_(signatory_ids)
    return select(QuoteAnswer).where(of_them, ~_said_with_void()).order_by(QuoteAnswer.id)


def _said_with_void() -> Exists:
    """That a word was said in the same breath as an answer which the lead has said to be void."""
    same = (
        Answer.signatory_id == QuoteAnswer.signatory_id,
        Answer.answered_at == QuoteAnswer.decided_at,
        Answer.invitation_id == QuoteAnswer.invitation_id,
    )
    return (
        select(Answer.id)
        .join(Contest, Contest.answer_id == Answer.id)
        .where(Contest.resolution == Resolution.VOID, *same)
        .correlate(QuoteAnswer)
        .exists()
    )


@dataclass(frozen=True)
class OwnQuote:
    """A quote of this signatory in the text in force: its number in the text, and what was last said of it, by whom.

    `language` is that of the edition in which it stands.
    """

    number: int
    digest: str
    quote: Quote
    word: QuoteWord
    wording: str = ""
    person_name: str = ""
    decided_at: datetime | None = None
    chain_head: str = ""
    language: str = ""


def own_quotes(session: Session, signatory: Signatory, content: Content) -> tuple[OwnQuote, ...]:
    """The quotes of a signatory in this text, with its newest word on each; one query where it has any."""
    if not signatory.quotes:
        return ()
    return said_of(signatory.quotes, content, newest_words(session, [signatory.id]).get(signatory.id, {}))


def said_of(quotes: Mapping[str, str], content: Content, newest: Mapping[str, QuoteAnswer]) -> tuple[OwnQuote, ...]:
    """The quotes of one signatory (their digests, each with its word) as this text counts them, and who said what."""
    found: dict[str, OwnQuote] = {}
    for language, number, quote in _quotes(content):
        digest = quote_digest(quote)
        if digest in quotes and digest not in found:
            own = _own(number, quote, digest, QuoteWord(quotes[digest]), newest.get(digest))
            found[digest] = replace(own, language=language or content.authoritative.language)
    return tuple(found.values())


def _own(number: int, quote: Quote, digest: str, word: QuoteWord, said: QuoteAnswer | None) -> OwnQuote:
    if said is None:
        return OwnQuote(number, digest, quote, word)
    return OwnQuote(number, digest, quote, word, said.wording, said.person_name, said.decided_at, said.event_hash)
