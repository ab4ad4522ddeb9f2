"""What a members file would change in a coalition: looked at before it is done, and done as looked at."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflow.models.coalition import Coalition
from workflow.queries.coalition import ContactLine, MemberLine, kept_organisations, named_only
from workflow.rules.refusals import FileRefused, Message
from workflow.text.importing import MemberRow
from workflow.text.membership import lines_of


@dataclass(frozen=True)
class ContactPlan:
    """A contact in the file, and the one that is here under the same address."""

    row: MemberRow
    here: ContactLine | None

    @property
    def changes(self) -> bool:
        """Whether the contact is here, and otherwise than the file says."""
        row, here = self.row, self.here
        told = (row.contact_name, row.contact_email, row.language, row.time_zone, self.alternate)
        return here is not None and told != (here.name, here.mail, here.language, here.time_zone, here.alternate)

    @property
    def alternate(self) -> bool:
        """Whether it will be an alternate: what the file leaves open stays as it is."""
        return self.row.alternate == "yes" if self.row.alternate else bool(self.here and self.here.alternate)


@dataclass(frozen=True)
class MemberPlan:
    """An organisation in the file, and the one that is here under the same name, member or not."""

    row: MemberRow
    here: MemberLine | None
    contacts: tuple[ContactPlan, ...]

    @property
    def joins(self) -> bool:
        """Whether it becomes a member by this file."""
        return self.here is None or not self.here.role

    @property
    def country(self) -> str:
        """The country that it will have: what the file leaves open stays as it is."""
        return self.row.country or (self.here.country if self.here else "")

    @property
    def listed_names(self) -> dict[str, str]:
        """The names for single languages that it will have: those which the file does not tell stay."""
        return {**(self.here.listed_names if self.here else {}), **dict(self.row.listed_names)}

    @property
    def needed(self) -> int:
        """How many of its contacts will have to say the same: what the file leaves open stays as it is."""
        return int(self.row.needed) if self.row.needed else self.here.needed if self.here else 1

    @property
    def differences(self) -> tuple[tuple[str, str, str], ...]:
        """What changes on an organisation that is here: (field, before, after)."""
        if self.here is None:
            return ()
        told = (
            ("listed_name", self.here.listed_name, self.row.listed_name),
            ("listed_names", lines_of(self.here.listed_names), lines_of(self.listed_names)),
            ("country", self.here.country, self.country),
            ("role", self.here.role or self.row.role, self.row.role),
            ("needed", str(self.here.needed), str(self.needed)),
        )
        return tuple((field, before, after) for field, before, after in told if before != after)

    @property
    def changes(self) -> bool:
        """Whether a member that is here becomes another in any way, its contacts included."""
        contacts = any(one.here is None or one.changes for one in self.contacts)
        return not self.joins and bool(self.differences or contacts)


@dataclass(frozen=True)
class ImportCounts:
    """What an import does: members that join, change and stay the same; contacts added and changed."""

    joined: int
    changed: int
    unchanged: int
    contacts_added: int
    contacts_changed: int


def plan_import(session: Session, coalition: Coalition, rows: Sequence[MemberRow]) -> list[MemberPlan]:
    """What the rows of a members file would change in a coalition, in the order of the file, by one query.

    Organisations are found by their name, contacts by their address. What is here and not in the file stays. Raises
    FileRefused where more contacts have to say the same than there are.
    """
    # A name that the lead and an organisation it keeps have in common is the lead's own.
    kept = sorted(kept_organisations(session, coalition), key=lambda one: one.is_lead)
    here = {one.name: one for one in kept}
    together: dict[str, list[MemberRow]] = {}
    for row in rows:
        together.setdefault(row.organisation, []).append(row)
    plans = [_plan(here.get(name), alike) for name, alike in together.items()]
    asked = [plan.here for plan in plans if plan.row.needed and plan.here]
    unknown = named_only(session, [one.id for place in asked for one in place.contacts])
    for plan in plans:
        _check_needed(plan, unknown)
    return plans


def _check_needed(plan: MemberPlan, unknown: Collection[int]) -> None:
    """Who was only named by a colleague and waits for the lead is no contact yet; the lead answers alone."""
    known = [one for one in plan.here.contacts if one.id not in unknown] if plan.here else []
    most = 1 if plan.here and plan.here.is_lead else len(known) + sum(one.here is None for one in plan.contacts)
    if plan.row.needed and plan.needed > max(1, most):
        told = Message("number-between", {"least": 1, "most": max(1, most)})
        raise FileRefused(Message("file-field", {"field": "needed", "problem": told}), plan.row.line)


def _plan(here: MemberLine | None, rows: Sequence[MemberRow]) -> MemberPlan:
    known = {one.mail.lower(): one for one in here.contacts} if here else {}
    return MemberPlan(rows[0], here, tuple(ContactPlan(row, known.get(row.contact_email.lower())) for row in rows))


def count_import(plans: Iterable[MemberPlan]) -> ImportCounts:
    """The numbers of a plan."""
    plans = list(plans)
    contacts = [contact for one in plans for contact in one.contacts]
    joined, changed = sum(one.joins for one in plans), sum(one.changes for one in plans)
    return ImportCounts(
        joined=joined,
        changed=changed,
        unchanged=len(plans) - joined - changed,
        contacts_added=sum(one.here is None for one in contacts),
        contacts_changed=sum(one.changes for one in contacts),
    )
