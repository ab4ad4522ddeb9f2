"""Rows: columns, relationships (lazy="raise"), constraints and small verbs. No queries."""

from workflow.models import (
    accounts,
    circulation,
    coalition,
    commenting,
    contesting,
    drafting,
    history,
    keeping,
    listing,
    notes,
    opening,
    posting,
    publication,
    quoting,
    recording,
    signing,
)

__all__ = [
    "accounts",
    "circulation",
    "coalition",
    "commenting",
    "contesting",
    "drafting",
    "history",
    "keeping",
    "listing",
    "notes",
    "opening",
    "posting",
    "publication",
    "quoting",
    "recording",
    "signing",
]
