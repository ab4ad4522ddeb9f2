"""What changed between two editions, word by word: over the words that a reader sees, else over the source."""

from workflow.text.content import Edition
from workflow.text.markdown import body_markdown, body_text, notes_text
from workflow.text.redline import Change, compare


def differences(old: Edition, new: Edition) -> list[Change]:
    """The stretches that lead from `old` to `new`. Empty or all equal only where the two are the same.

    Marks such as bold are shown as they are typed, where nothing else has changed.
    """
    seen = compare(_words(old), _words(new))
    if old == new or any(change.op != "equal" for change in seen):
        return seen
    return compare(_source(old), _source(new))


def _words(edition: Edition) -> str:
    return _joined(edition, body_text(edition), notes_text(edition))


def _source(edition: Edition) -> str:
    told = [edition.language, edition.kind]
    quotes = [line for quote in edition.quotes for line in (quote.speaker, quote.role, quote.organisation)]
    return _joined(edition, body_markdown(edition), edition.notes, [*told, edition.body, *quotes])


def _joined(edition: Edition, body: str, notes: str, more: list[str] | None = None) -> str:
    contacts = [
        "\n".join(part for part in (one.name, one.role, one.mail, one.phone) if part) for one in edition.contacts
    ]
    parts = [
        edition.label,
        edition.place,
        edition.date,
        edition.headline,
        *edition.addressees,
        edition.lead_paragraph,
        body,
        edition.ends,
        notes,
        *contacts,
        *edition.cc,
        *(more or ()),
    ]
    return "\n\n".join(part for part in parts if part)
