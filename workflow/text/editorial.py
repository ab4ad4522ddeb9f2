"""What of a change marked editorial is more than editorial: a number, a name, a negation, a date, a link, a quote, or
more words than were declared.

What is found is pointed out to people, never forbidden: the list may hold too much rather than too little. What
cannot be looked for in a language is said too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workflow.rules.refusals import Message
from workflow.text.content import Content, Edition, Quote
from workflow.text.folding import excerpt, numbered
from workflow.text.markdown import link_targets, prose
from workflow.text.matching import Run, matched
from workflow.text.negations import negations_known
from workflow.text.numerals import spelled
from workflow.text.redline import Change, compare
from workflow.text.weighty import Found, Look, Span
from workflow.text.wording import Wording, is_word, wording

# Nobody reads more; a change of so much is no editorial one.
MOST = 40


def remarkable(old: Edition, new: Edition, *, names: Iterable[str] = (), words_allowed: int = 0) -> list[Message]:
    """What lead and members should look at, in the order: number of words, dates, numbers, names, negations, links,
    quotes, what could not be looked for. `names` are those of signatories and others, in any script."""
    before, after = _text(old), _text(new)
    changes = list(_hunks(compare(before, after)))
    changed = sum(hunk.words for hunk in changes) + (old.date != new.date)
    look = Look(new.language, wording(before), wording(after), [*names, *_names_of(old), *_names_of(new)])
    found: list[Message] = []
    if changed > words_allowed:
        found.append(Message("editorial.words", {"count": changed, "allowed": words_allowed}))
    found += [Message("editorial.kind")] if (old.kind, old.language) != (new.kind, new.language) else []
    found += _differing("editorial.date", _alone(old.date), _alone(new.date))
    looks = {"date": look.dates, "number": look.numbers, "name": look.names, "negation": look.negations}
    for name, told in looks.items():
        for hunk in changes:
            went, came = told(look.old, hunk.old), told(look.new, hunk.new)
            found += _differing(f"editorial.{name}", went, came)
    found += _differing("editorial.link", _links(old), _links(new))
    found += _quotes(old.quotes, new.quotes)
    if changes:
        found += _unknown(new.language)
    return _few(found)


def remarkable_in(old: Content, new: Content, *, names: Iterable[str] = (), words_allowed: int = 0) -> list[Message]:
    """The same of all editions of a text; of a translation that came or went, just that."""
    named = list(names)
    found = remarkable(old.authoritative, new.authoritative, names=named, words_allowed=words_allowed)
    before, after = ({one.language: one for one in content.translations} for content in (old, new))
    for language in dict.fromkeys([*after, *before]):
        if language not in before or language not in after:
            said = "editorial.edition-more" if language in after else "editorial.edition-missing"
            found.append(Message(said, {"in_language": language}))
        elif before[language] != after[language]:
            told = remarkable(before[language], after[language], names=named, words_allowed=words_allowed)
            found += [Message("editorial.in-edition", {"in_language": language, "remark": one}) for one in told]
    return _few(found)


def words_changed_in(old: Content, new: Content) -> int:
    """The same of all editions that are in both texts."""
    before = {one.language: one for one in old.translations}
    changed = words_changed(old.authoritative, new.authoritative)
    return changed + sum(words_changed(before[one.language], one) for one in new.translations if one.language in before)


def words_changed(old: Edition, new: Edition) -> int:
    """How many words are others: one for another is one, and so is one that came or went. A paragraph that moved counts
    once with all its words; blanks, punctuation, bold and the addresses of links do not count."""
    hunks = _hunks(compare(_text(old), _text(new)))
    return sum(hunk.words for hunk in hunks) + (old.date != new.date)


# The text, and where it changed -----------------------------------------------------------------


def _text(edition: Edition) -> str:
    body, notes = prose(edition)
    contacts = [part for one in edition.contacts for part in (one.name, one.role, one.mail, one.phone)]
    parts = [
        *(edition.label, edition.place, edition.headline, *edition.addressees, edition.lead_paragraph),
        *(body, edition.ends, notes, *contacts, *edition.cc),
    ]
    return "\n\n".join(filter(None, parts))


@dataclass(frozen=True)
class _Hunk:
    """One change: from where to where in the old text and in the new one, and how many words are others."""

    old: Span
    new: Span
    words: int


def _hunks(changes: Iterable[Change]) -> Iterator[_Hunk]:
    """The changes, each as small as can be. Paragraphs that only moved are told where they came, and have no new words
    to be looked at."""
    at_old = at_new = 0
    for one in numbered(changes):
        if isinstance(one, str):
            at_old, at_new = at_old + len(one), at_new + len(one)
            continue
        old, new = wording(one.removed), wording(one.added)
        if not one.moved:
            yield from _smallest(old, new, at_old, at_new)
        elif one.added:
            yield _Hunk((at_old, at_old), (at_new, at_new), sum(map(is_word, new.words)))
        at_old, at_new = at_old + len(one.removed), at_new + len(one.added)


def _smallest(old: Wording, new: Wording, at_old: int, at_new: int) -> Iterator[_Hunk]:
    """Between the words that both sides of one change share."""
    first_old = first_new = 0
    for run in [*matched(old.words, new.words), Run(len(old.words), len(new.words), 0)]:
        went, came = old.words[first_old : run.old], new.words[first_new : run.new]
        if went or came:
            yield _Hunk(
                (at_old + _place(old, first_old), at_old + _place(old, run.old)),
                (at_new + _place(new, first_new), at_new + _place(new, run.new)),
                max(sum(map(is_word, went)), sum(map(is_word, came))),
            )
        first_old, first_new = run.old + run.length, run.new + run.length


def _place(text: Wording, word: int) -> int:
    return text.starts[word] if word < len(text.starts) else len(text.text)


def _names_of(edition: Edition) -> Iterator[str]:
    """The names that an edition itself gives as names."""
    for quote in edition.quotes:
        yield from (quote.speaker, quote.organisation)
    for contact in edition.contacts:
        yield contact.name
    yield from edition.addressees
    yield from edition.cc


# Telling ----------------------------------------------------------------------------------------


def _differing(id_: str, old: Sequence[Found], new: Sequence[Found]) -> Iterator[Message]:
    """A message for each stretch in which two sequences differ; what stands elsewhere in a change has changed too."""
    at_old = at_new = 0
    runs = matched([compared for compared, _ in old], [compared for compared, _ in new])
    for run in [*runs, Run(len(old), len(new), 0)]:
        went = " ".join(word for _, word in old[at_old : run.old])
        came = " ".join(word for _, word in new[at_new : run.new])
        if went and came:
            yield Message(id_, {"old": excerpt(went), "new": excerpt(came)})
        elif went:
            yield Message(f"{id_}-removed", {"old": excerpt(went)})
        elif came:
            yield Message(f"{id_}-added", {"new": excerpt(came)})
        at_old, at_new = run.old + run.length, run.new + run.length


def _alone(word: str) -> list[Found]:
    return [(word, word)] if word else []


def _links(edition: Edition) -> list[Found]:
    return [(target, target) for target in link_targets(edition)]


def _quotes(old: Sequence[Quote], new: Sequence[Quote]) -> Iterator[Message]:
    """A message for each quote whose words or attribution are others, one that came, one that went."""
    gone = [quote for quote in old if quote not in new]
    for quote in new:
        if quote in old:
            continue
        before = next((one for one in gone if one.speaker == quote.speaker or one.text == quote.text), None)
        if before is None:
            yield Message("editorial.quote-added", {"speaker": quote.speaker or "–", "new": excerpt(quote.text)})
            continue
        gone.remove(before)
        if before.text != quote.text:
            told = {"speaker": quote.speaker or "–", "old": excerpt(before.text), "new": excerpt(quote.text)}
            yield Message("editorial.quote", told)
        if _who(before) != _who(quote):
            yield Message("editorial.quote-speaker", {"old": _who(before), "new": _who(quote)})
    for quote in gone:
        yield Message("editorial.quote-removed", {"speaker": quote.speaker or "–", "old": excerpt(quote.text)})


def _who(quote: Quote) -> str:
    return ", ".join(filter(None, (quote.speaker, quote.role, quote.organisation)))


def _unknown(language: str) -> Iterator[Message]:
    if not negations_known(language):
        yield Message("editorial.negation-unknown", {"language": language})
    if not spelled(language):
        yield Message("editorial.number-words-unknown", {"language": language})


def _few(messages: list[Message]) -> list[Message]:
    """Each once, and not more than are read."""
    found: list[Message] = []
    for message in messages:
        if message not in found[:MOST]:
            found.append(message)
    if len(found) <= MOST:
        return found
    return [*found[:MOST], Message("editorial.more", {"count": len(found) - MOST})]
