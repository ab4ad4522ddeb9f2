"""Who may do what: one permission, one predicate, in one readable table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a user can be allowed to do at the desk."""

    USE_DESK = "use the desk"
    SEE_COALITION = "see a coalition"
    EDIT_COALITION = "edit a coalition"
    SEE_STATEMENT = "see a statement"
    EDIT_STATEMENT = "edit a statement"
    CIRCULATE = "circulate a statement"


@dataclass(frozen=True)
class Asker:
    """Who asks: the organisation whose user this is, or none."""

    organisation_id: int | None


@dataclass(frozen=True)
class Thing:
    """What is asked for: the lead organisation that it belongs to, or none where it belongs to nobody."""

    lead_id: int | None = None


def _signed_in(asker: Asker, _thing: Thing) -> bool:
    return asker.organisation_id is not None


def _leads(asker: Asker, thing: Thing) -> bool:
    return asker.organisation_id is not None and asker.organisation_id == thing.lead_id


PERMISSIONS: Mapping[Permission, Callable[[Asker, Thing], bool]] = {
    Permission.USE_DESK: _signed_in,
    Permission.SEE_COALITION: _leads,
    Permission.EDIT_COALITION: _leads,
    Permission.SEE_STATEMENT: _leads,
    Permission.EDIT_STATEMENT: _leads,
    Permission.CIRCULATE: _leads,
}


def may(asker: Asker, permission: Permission, thing: Thing) -> bool:
    """Whether `asker` has `permission` on `thing`. What is not in the table is not allowed."""
    return PERMISSIONS[permission](asker, thing)
