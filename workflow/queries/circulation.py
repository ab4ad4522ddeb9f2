"""Looking at circulations: who is on the roll, what each has said, who can be written to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.drafting import Revision, Statement
from workflow.models.opening import Application
from workflow.models.recording import Recording
from workflow.models.signing import Answer
from workflow.rules.circulation import Kind, Purpose, Role, Standing
from workflow.rules.completion import rule_with
from workflow.rules.lifecycle import Move, Stage, after
from workflow.rules.listed_names import Naming
from workflow.rules.quoting import QuoteWord
from workflow.rules.refusals import Message, NotFound
from workflow.rules.stating import rule_sentence
from workflow.text.passages import place_of


@dataclass(frozen=True)
class Place:
    """One signatory's place on a roll with its newest answer, flat, as one query gives it."""

    signatory_id: int
    organisation_id: int
    name: str
    role: str
    decided_name: str | None
    name_accepted: bool
    answer_id: int | None
    kind: str | None
    listed_name: str | None
    answered_revision_id: int | None
    answered_revision: int | None
    answered_digest: str | None
    answered_at: datetime | None
    quotes: dict[str, str]
    passage: dict[str, Any] | None
    withheld: bool = False
    commitment: str | None = None
    counted_id: int | None = None
    contest_id: int | None = None
    recorded_kind: str | None = None
    recording_id: int | None = None
    recorded_at: datetime | None = None
    voices: int = 1
    needed: int = 1
    names: dict[str, str] | None = None
    proposed_names: dict[str, str] | None = None
    decided_names: dict[str, str] | None = None
    individual: bool = False

    def standing(self, circulation: Circulation) -> Standing:
        """This place as the rules weigh it, in the circulation it belongs to."""
        return Standing(
            organisation=self.name,
            role=Role(self.role),
            kind=Kind(self.kind) if self.kind else None,
            current=self.answered_revision_id in (None, circulation.revision_id),
            late=circulation.came_late(self.answered_at) and self.answer_id != self.counted_id,
            name_held=self.naming.held,
            revision=self.answered_revision or 0,
            carried=self.answered_revision_id in circulation.carried,
            contestable=circulation.objections_until is not None,
            quotes=tuple(QuoteWord(word) for word in self.quotes.values()),
            objects_to=place_of(self.passage),
            contested=self.contest_id is not None,
            recorded=Kind(self.recorded_kind) if self.recorded_kind else None,
            recorded_late=circulation.came_late(self.recorded_at),
            voices=self.voices,
            needed=self.needed,
            individual=self.individual,
        )

    @property
    def in_no_number(self) -> bool:
        """Whether a rule that asks for a number of organisations does not look at it."""
        return self.individual and self.role == Role.OPTIONAL

    @property
    def public_name(self) -> str:
        """The name under which this signatory is listed, once nothing about it is held."""
        return self.naming.public

    @property
    def naming(self) -> Naming:
        """Its names in every language."""
        naming = Naming(self.name, self.names or {}, self.listed_name or "", self.proposed_names or {})
        return naming.after(self.decided_name, self.decided_names, self.name_accepted)


# What the lead recorded, while nobody has had a word on it.
_WAITING = aliased(Recording)
# Whether it is a person who asked on an open page to sign for itself.
_PERSON = select(Application.id).where(Application.signatory_id == Signatory.id, Application.individual).exists()
PLACES: Select[*tuple[Any, ...]] = (
    select(
        Signatory.id,
        Signatory.organisation_id,
        Signatory.name,
        Signatory.role,
        Signatory.decided_name,
        Signatory.name_accepted,
        Signatory.answer_id,
        Answer.kind,
        Answer.listed_name,
        Answer.revision_id,
        Revision.number,
        Revision.digest,
        Answer.answered_at,
        Signatory.quotes,
        Answer.passage,
        Signatory.withheld,
        Signatory.commitment,
        Signatory.counted_answer_id,
        Signatory.contest_id,
        Signatory.recorded_kind,
        Recording.id,
        _WAITING.recorded_at,
        Signatory.voices,
        Signatory.needed,
        Signatory.names,
        Answer.names,
        Signatory.decided_names,
        _PERSON,
    )
    .outerjoin(Answer, Answer.id == Signatory.answer_id)
    .outerjoin(Revision, Revision.id == Answer.revision_id)
    .outerjoin(Recording, Recording.answer_id == Signatory.answer_id)
    .outerjoin(_WAITING, (_WAITING.signatory_id == Signatory.id) & _WAITING.outcome.is_(None))
    .order_by(Signatory.id)
)


def roll(session: Session, circulation_id: int) -> list[Place]:
    """The roll of a circulation, in the order in which it was set, by one query."""
    rows = session.execute(PLACES.where(Signatory.circulation_id == circulation_id, Signatory.dropped_at.is_(None)))
    return [Place(*row) for row in rows]


def rolls(session: Session, circulation_ids: Sequence[int]) -> dict[int, list[Place]]:
    """The rolls of several circulations by one query."""
    found: dict[int, list[Place]] = {one: [] for one in circulation_ids}
    chosen = PLACES.add_columns(Signatory.circulation_id).where(Signatory.circulation_id.in_(circulation_ids))
    rows = session.execute(chosen.where(Signatory.dropped_at.is_(None)))
    for row in rows:
        found[row.circulation_id].append(Place(*row[:-1]))
    return found


def standings(circulation: Circulation, places: Sequence[Place]) -> list[Standing]:
    """A roll as the rules weigh it."""
    return [place.standing(circulation) for place in places]


def rule_of(circulation: Circulation, places: Sequence[Place]) -> Message:
    """The rule of a circulation, as it is stated to every member: with how long a sign-off holds and what follows."""
    rule = rule_sentence(circulation.rule, [Role(one.role) for one in places if not one.in_no_number])
    final = circulation.purpose != Purpose.COMMENT and not circulation.rule.broken
    return rule_with(rule, circulation.ending) if final else rule


def withheld_organisations(statement_id: int) -> Select[int]:
    """The organisations that have asked not to be named under a statement, in any of its circulations."""
    return (
        select(Signatory.organisation_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(Circulation.statement_id == statement_id, Signatory.withheld.is_(True))
    )


def seen_by_members(places: Sequence[Place], found: Sequence[Standing], own: int) -> list[Standing]:
    """The same as members see it: who asked not to be named is not, but to itself (`own`, a signatory's id)."""
    hidden = Message("withheld-organisation")
    return [
        replace(one, organisation=hidden) if place.withheld and place.signatory_id != own else one
        for place, one in zip(places, found, strict=True)
    ]


def open_circulation(session: Session, statement_id: int) -> Circulation | None:
    """The open circulation of a statement with the revision in force, if there is one."""
    return session.scalar(
        select(Circulation)
        .where(Circulation.statement_id == statement_id, Circulation.ended_at.is_(None))
        .options(joinedload(Circulation.revision))
    )


def open_for(session: Session, statement: Statement, move: Move) -> Circulation:
    """The open circulation, where `move` can be made. Raises WrongStage, or NotFound where nothing circulates."""
    after(Stage(statement.stage), move)
    circulation = open_circulation(session, statement.id)
    if circulation is None:
        raise NotFound
    return circulation


def latest_circulation(session: Session, statement_id: int, purpose: Purpose | None = None) -> Circulation | None:
    """The newest circulation of a statement, open or ended, with its revision; of one purpose, where that is given."""
    of_it = select(Circulation).where(Circulation.statement_id == statement_id)
    if purpose is not None:
        of_it = of_it.where(Circulation.purpose == purpose)
    newest = of_it.order_by(Circulation.number.desc()).limit(1)
    return session.scalar(newest.options(joinedload(Circulation.revision)))


def writable_invitations(session: Session, circulation_id: int) -> list[Invitation]:
    """Invitations whose contacts are to be written to: neither revoked nor of a removed contact."""
    return list(
        session.scalars(
            select(Invitation)
            .join(Signatory, Signatory.id == Invitation.signatory_id)
            .join(Contact, Contact.id == Invitation.contact_id)
            .where(
                Signatory.circulation_id == circulation_id,
                Invitation.opens(),
                Contact.removed.is_(False),
            )
            .order_by(Invitation.id)
        )
    )


def invitation_of(session: Session, statement_id: int, invitation_id: int) -> Invitation:
    """An invitation of this statement, with its signatory and contact. Raises NotFound."""
    invitation = session.scalar(
        select(Invitation)
        .join(Signatory, Signatory.id == Invitation.signatory_id)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .where(Invitation.id == invitation_id, Circulation.statement_id == statement_id)
        .options(joinedload(Invitation.contact), joinedload(Invitation.signatory).joinedload(Signatory.circulation))
    )
    if invitation is None:
        raise NotFound
    return invitation


def statement_of_invitation(session: Session, invitation_id: int) -> int:
    """The id of the statement an invitation belongs to (it never changes). Raises NotFound."""
    found = session.scalar(
        select(Statement.id)
        .join(Circulation, Circulation.statement_id == Statement.id)
        .join(Signatory, Signatory.circulation_id == Circulation.id)
        .join(Invitation, Invitation.signatory_id == Signatory.id)
        .where(Invitation.id == invitation_id)
    )
    if found is None:
        raise NotFound
    return found


def place_of_contact(
    session: Session, statement_id: int, contact_id: int
) -> tuple[Signatory, Contact, Invitation | None]:
    """The place on the open roll that a contact can be invited for, and its invitation if it has one."""
    row = session.execute(
        select(Signatory, Contact, Invitation)
        .join(Circulation, Circulation.id == Signatory.circulation_id)
        .join(Contact, Contact.organisation_id == Signatory.organisation_id)
        .outerjoin(Invitation, (Invitation.signatory_id == Signatory.id) & (Invitation.contact_id == Contact.id))
        .where(
            Circulation.statement_id == statement_id,
            Circulation.ended_at.is_(None),
            Contact.id == contact_id,
            Contact.removed.is_(False),
            Signatory.dropped_at.is_(None),
        )
        .options(joinedload(Signatory.circulation))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.Signatory, row.Contact, row.Invitation
