"""Whose quote is whose, and what its organisation says of it: a gate of its own, apart from signing."""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum


class QuoteWord(StrEnum):
    """Where one quote stands with the organisation it belongs to. Only an approved one lets the text lock."""

    WAITING = "waiting"
    APPROVED = "approved"
    REWORDED = "reworded"
    REFUSED = "refused"


DECISIONS = (QuoteWord.APPROVED, QuoteWord.REWORDED, QuoteWord.REFUSED)


def owners(organisations: Sequence[str], roll: Mapping[int, Sequence[str]]) -> list[int | None]:
    """Who on the roll owns each quote, by the organisation that the quote names; None where nobody does.

    `roll` gives each signatory's names, the registered and the listed one. Case and spacing do not matter. Where two
    signatories share a name nobody is taken to be the owner: guessing would let the wrong one approve.
    """
    by_name: dict[str, set[int]] = {}
    for signatory_id, names in roll.items():
        for name in names:
            by_name.setdefault(_plain(name), set()).add(signatory_id)
    found = [by_name.get(_plain(name), set()) for name in organisations]
    return [next(iter(ids)) if len(ids) == 1 else None for ids in found]


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
