"""Looking at the lead's desk: its statements at a glance, and everything about one of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from workflow.mail.outbox import Kind as LetterKind
from workflow.models.accounts import User
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Coalition, Contact, Member
from workflow.models.drafting import Revision, Statement
from workflow.models.history import Disclosure, Event
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.queries.circulation import Place, latest_circulation, roll, rolls, standings
from workflow.queries.counting import counts_at_lock
from workflow.queries.drafting import latest_revision
from workflow.rules.circulation import Purpose, Role, Standing, sentence
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import Message, NotFound
from workflow.text.placeholders import filled_line

WITH_LINK = (LetterKind.APPROVAL, LetterKind.FRESH_LINK, LetterKind.NEW_TEXT)
COUNTED = (Stage.LOCKED, Stage.PUBLISHED, Stage.RETRACTED)
ORDER = [Stage.CIRCULATING, Stage.DRAFT, Stage.LOCKED, Stage.PUBLISHED, Stage.RETRACTED, Stage.ABANDONED]


@dataclass(frozen=True)
class Line:
    """One statement on the desk, with the headline of the text in force or published, else of the newest one.

    `missing` is the sentence of a circulation that is open; `silence`: by silence, and nobody has objected.
    """

    public_id: str
    stage: str
    slug: str | None
    headline: str
    coalition: str
    revision: int
    created_at: datetime
    deadline_at: datetime | None = None
    missing: Message | None = None
    silence: bool = False
    signed: int = 0
    asked: int = 0
    failed_letters: int = 0


@dataclass(frozen=True)
class CoalitionLine:
    """One coalition to write a statement for, and how many members it has."""

    coalition_id: int
    name: str
    members: int


@dataclass(frozen=True)
class RevisionLine:
    """One revision in the list of all: its number, digest, when it was saved and by whom."""

    number: int
    digest: str
    created_at: datetime
    saved_by: str


@dataclass(frozen=True)
class EventLine:
    """One event with its facts; a commitment whose value is still disclosed is replaced by that value."""

    number: int
    kind: str
    at: datetime
    facts: dict[str, Any]


@dataclass(frozen=True)
class StatementPage:
    """All about one statement. `circulation` is the newest one, open or ended."""

    statement: Statement
    latest: Revision
    revisions: Sequence[RevisionLine]
    circulation: Circulation | None
    places: Sequence[Place]
    standing: Sequence[Standing]

    @property
    def open(self) -> bool:
        """Whether the newest circulation still takes answers."""
        return self.circulation is not None and self.circulation.outcome is None

    @property
    def shown(self) -> Revision:
        """The text as it will be published, or was: the one in force; of a draft the newest."""
        drafted = self.circulation is None or self.statement.stage in (Stage.DRAFT, Stage.ABANDONED)
        return self.latest if drafted or self.circulation is None else self.circulation.revision

    @property
    def missing(self) -> Message | None:
        """The sentence that says what is missing, while that can change."""
        return sentence(self.circulation.rule, self.standing) if self.circulation and self.open else None

    @property
    def lead_place(self) -> Place | None:
        """The lead organisation's own place on the roll, if it has one."""
        return next((one for one in self.places if one.organisation_id == self.statement.lead_id), None)


def progress(standing: Sequence[Standing]) -> tuple[int, int]:
    """How many sign-offs count, and of how many organisations that can give one."""
    return sum(one.signed for one in standing), sum(one.role is not Role.OBSERVER for one in standing)


def statements(session: Session, lead_id: int) -> list[Line]:
    """The statements of a lead: what circulates first, then drafts, each newest first; by three queries."""
    in_force = func.coalesce(Circulation.revision_id, Publication.revision_id)
    newest = and_(Revision.statement_id == Statement.id, Revision.number == Statement.revision_count)
    rows = session.execute(
        select(Statement, Coalition.name, Revision.content, Revision.number, Circulation)
        .join(Coalition, Coalition.id == Statement.coalition_id)
        .outerjoin(Circulation, and_(Circulation.statement_id == Statement.id, Circulation.ended_at.is_(None)))
        .outerjoin(Publication, Publication.statement_id == Statement.id)
        .join(Revision, or_(Revision.id == in_force, and_(in_force.is_(None), newest)))
        .where(Statement.lead_id == lead_id)
    ).all()
    places = rolls(session, [row.Circulation.id for row in rows if row.Circulation])
    failed = _failed_letters(session, lead_id)
    counted = [row.Statement.id for row in rows if row.Statement.stage in COUNTED and "{" in row.content]
    counts = counts_at_lock(session, counted) if counted else {}
    lines = [
        _line(
            row.Statement,
            row.name,
            (row.number, row.content),
            row.Circulation,
            places,
            failed.get(row.Statement.id, 0),
            counts.get(row.Statement.id),
        )
        for row in rows
    ]
    lines.sort(key=lambda line: line.created_at, reverse=True)
    return sorted(lines, key=lambda line: ORDER.index(Stage(line.stage)))


def _failed_letters(session: Session, lead_id: int) -> dict[int, int]:
    """By statement, how many letters with a link failed in its open circulation and no later one made up for it."""
    later = aliased(Letter)
    made_up_for = exists().where(
        later.invitation_id == Letter.invitation_id, later.kind.in_(WITH_LINK), later.id > Letter.id
    )
    rows = session.execute(
        select(Circulation.statement_id, func.count())
        .join(Statement, Statement.id == Circulation.statement_id)
        .join(Signatory, Signatory.circulation_id == Circulation.id)
        .join(Invitation, Invitation.signatory_id == Signatory.id)
        .join(Letter, Letter.invitation_id == Invitation.id)
        .where(
            Statement.lead_id == lead_id,
            Circulation.ended_at.is_(None),
            Letter.failed_at.is_not(None),
            Letter.kind.in_(WITH_LINK),
            ~made_up_for,
        )
        .group_by(Circulation.statement_id)
    )
    return dict(rows.all())


def _line(
    statement: Statement,
    coalition: str,
    text: tuple[int, str],
    circulation: Circulation | None,
    places: dict[int, list[Place]],
    failed: int,
    counts: dict[str, int] | None,
) -> Line:
    plain: dict[str, Any] = {
        "public_id": statement.public_id,
        "stage": statement.stage,
        "slug": statement.slug,
        "headline": _headline(text[1], counts),
        "coalition": coalition,
        "revision": text[0],
        "created_at": statement.created_at,
        "failed_letters": failed,
    }
    if circulation is None:
        return Line(**plain)
    standing = standings(circulation, places[circulation.id])
    to_sign = circulation.purpose == Purpose.SIGN_OFF and not circulation.silence
    signed, asked = progress(standing) if to_sign else (0, 0)
    return Line(
        **plain,
        deadline_at=circulation.deadline_at,
        missing=sentence(circulation.rule, standing),
        silence=circulation.silence_lasts,
        signed=signed,
        asked=asked,
    )


def _headline(content: str, counts: dict[str, int] | None) -> str:
    """The headline of a text, with the counts of the lock where there are any. The text is not made into values."""
    found = json.loads(content)["editions"][0]
    return filled_line(found.get("headline", ""), counts, found["language"])


def coalitions(session: Session, lead_id: int) -> list[CoalitionLine]:
    """The coalitions of a lead by name, each with the number of its members."""
    rows = session.execute(
        select(Coalition.id, Coalition.name, func.count(Member.id))
        .outerjoin(Member, Member.coalition_id == Coalition.id)
        .where(Coalition.lead_id == lead_id)
        .group_by(Coalition.id, Coalition.name)
        .order_by(Coalition.name)
    )
    return [CoalitionLine(*row) for row in rows]


def contacts_by_organisation(session: Session, coalition_id: int) -> dict[int, list[Contact]]:
    """The living contacts of a coalition's members, by organisation."""
    found: dict[int, list[Contact]] = {}
    contacts = session.scalars(
        select(Contact)
        .join(Member, Member.organisation_id == Contact.organisation_id)
        .where(Member.coalition_id == coalition_id, Contact.removed.is_(False))
        .order_by(Contact.id)
    )
    for contact in contacts:
        found.setdefault(contact.organisation_id, []).append(contact)
    return found


def statement_by_public_id(session: Session, public_id: str) -> Statement:
    """A statement with its lead and coalition, for reading only. Raises NotFound."""
    statement = session.scalar(
        select(Statement)
        .where(Statement.public_id == public_id)
        .options(joinedload(Statement.lead), joinedload(Statement.coalition))
    )
    if statement is None:
        raise NotFound
    return statement


def statement_page(session: Session, public_id: str) -> StatementPage:
    """Everything about one statement but its history. Raises NotFound."""
    statement = statement_by_public_id(session, public_id)
    circulation = latest_circulation(session, statement.id)
    places = roll(session, circulation.id) if circulation else []
    return StatementPage(
        statement=statement,
        latest=latest_revision(session, statement.id),
        revisions=revisions(session, statement.id),
        circulation=circulation,
        places=places,
        standing=standings(circulation, places) if circulation else [],
    )


def revisions(session: Session, statement_id: int) -> list[RevisionLine]:
    """All revisions of a statement, newest first, without their texts."""
    rows = session.execute(
        select(Revision.number, Revision.digest, Revision.created_at, func.coalesce(User.name, ""))
        .outerjoin(User, User.id == Revision.created_by_id)
        .where(Revision.statement_id == statement_id)
        .order_by(Revision.number.desc())
    )
    return [RevisionLine(*row) for row in rows]


def events(session: Session, statement_id: int, *, newest: int | None = None) -> list[EventLine]:
    """The history of a statement, newest first; only the `newest` so many where given."""
    chosen = select(Event).where(Event.statement_id == statement_id).order_by(Event.number.desc())
    found = session.scalars(chosen.limit(newest)).all()
    facts = [json.loads(event.body)["facts"] for event in found]
    disclosed = select(Disclosure.commitment, Disclosure.value).where(Disclosure.statement_id == statement_id)
    if newest is not None:  # a whole history may hold more commitments than one statement can name
        committed = {value for one in facts for value in one.values() if isinstance(value, str) and len(value) == 64}
        disclosed = disclosed.where(Disclosure.commitment.in_(committed))
    values: dict[str, Any] = {row.commitment: row.value for row in session.execute(disclosed)}
    return [
        EventLine(event.number, event.kind, event.at, {name: _told(value, values) for name, value in one.items()})
        for event, one in zip(found, facts, strict=True)
    ]


def _told(value: Any, disclosed: dict[str, Any]) -> Any:
    return disclosed.get(value, value) if isinstance(value, str) else value
