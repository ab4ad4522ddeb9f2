"""Looking at applications as the lead goes through them: filtered, searched, a page at a time, with what is striking.

However many there are, a page costs the same number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.drafting import Revision, Statement
from workflow.models.opening import Application, OpenPage
from workflow.queries.circulation import latest_circulation
from workflow.queries.deciding import names_of_lead, spoken_since
from workflow.queries.desk import statement_by_public_id
from workflow.queries.opening import open_page_of
from workflow.rules.opening import Decision
from workflow.rules.refusals import NotFound
from workflow.text.mailboxes import web_mailer
from workflow.text.nearly import name_key

PAGE_SIZE = 50
LONGEST_SEARCH = 100


class Show(StrEnum):
    """Which applications are looked at."""

    CLEAR = "clear"  # organisations that wait, with nothing striking about them
    STRIKING = "striking"
    INDIVIDUALS = "individuals"
    WAITING = "waiting"
    STALE = "stale"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CONTESTED = "contested"


@dataclass(frozen=True)
class Line:
    """One application. `like`: names on the roll, or of other applications, that could be taken for its own;
    `kept`: the lead keeps an organisation of that name, where nobody has that address; `same_mail`: others came from
    the same mailbox; `imitates`: its letters look like others; `spoken`: something else was said for it since."""

    made: Application
    standing: str
    like: Sequence[str] = ()
    kept: bool = False
    same_mail: bool = False
    imitates: bool = False
    spoken: bool = False
    web_mail: bool = False
    revision: int = 0


@dataclass(frozen=True)
class ApplicationsPage:
    """One page of the applications of the newest circulation. `counts`: how many of each kind there are at all."""

    statement: Statement
    circulation: Circulation
    page: OpenPage | None
    show: Show
    search: str
    number: int
    lines: Sequence[Line]
    found: int
    counts: Mapping[Show, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // PAGE_SIZE))


def applications_page(session: Session, public_id: str, show: Show, search: str, number: int) -> ApplicationsPage:
    """A page of what is looked at. Raises NotFound where nothing ever circulated."""
    statement, circulation = asked(session, public_id)
    scope = _scope(session, statement, circulation)
    wanted = scope.where(show, search)
    counts = _counts(session, scope)
    found = counts[show] if not search else session.scalar(select(func.count()).where(wanted)) or 0
    number = min(max(1, number), max(1, -(-found // PAGE_SIZE)))
    chosen = select(Application).where(wanted).order_by(Application.name_key, Application.id)
    rows = session.scalars(chosen.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return ApplicationsPage(
        statement=statement,
        circulation=circulation,
        page=open_page_of(session, circulation.id),
        show=show,
        search=search,
        number=number,
        lines=_lines(session, scope, rows),
        found=found,
        counts=counts,
    )


def asked(session: Session, public_id: str) -> tuple[Statement, Circulation]:
    """A statement with its newest circulation. Raises NotFound where nothing ever circulated."""
    statement = statement_by_public_id(session, public_id)
    circulation = latest_circulation(session, statement.id)
    if circulation is None:
        raise NotFound
    return statement, circulation


def matching(
    session: Session, statement: Statement, circulation: Circulation, show: Show, search: str, limit: int
) -> list[int]:
    """The applications (by id) that a filter and a search find, oldest first, at most `limit`."""
    scope = _scope(session, statement, circulation)
    chosen = select(Application.id).where(scope.where(show, search)).order_by(Application.id).limit(limit)
    return list(session.scalars(chosen))


def all_lines(session: Session, statement: Statement, circulation: Circulation, show: Show, search: str) -> list[Line]:
    """All that a filter and a search find, for a file: each with the number of the revision that it is to."""
    scope = _scope(session, statement, circulation)
    rows = session.scalars(select(Application).where(scope.where(show, search)).order_by(Application.id)).all()
    found: list[Line] = []
    for start in range(0, len(rows), 1000):
        found += _lines(session, scope, rows[start : start + 1000])
    chosen = select(Revision.id, Revision.number).where(Revision.statement_id == statement.id)
    numbers: dict[int, int] = dict(session.execute(chosen).all())
    return [replace(line, revision=numbers[line.made.revision_id]) for line in found]


def named(session: Session, circulation_id: int, ids: Iterable[int]) -> list[str]:
    """The names of applications, oldest first."""
    chosen = select(Application.name).where(Application.circulation_id == circulation_id, Application.id.in_(ids))
    return list(session.scalars(chosen.order_by(Application.id)))


def names_beside(session: Session, statement: Statement, circulation: Circulation) -> list[str]:
    """The names that one which applies could be mistaken for: of the lead, the addressed, the roll, the others."""
    on_roll = select(Signatory.name).where(Signatory.circulation_id == circulation.id, Signatory.dropped_at.is_(None))
    others = select(Application.name).where(Application.circulation_id == circulation.id, *counting(Application))
    text = session.get_one(Revision, circulation.revision_id).parsed.authoritative
    found = [*names_of_lead(session, statement.lead_id), *text.addressees, *text.cc]
    return list(dict.fromkeys([*found, *session.scalars(on_roll), *session.scalars(others)]))


class _Scope:
    """The conditions under which applications of a circulation are of a kind."""

    def __init__(self, statement: Statement, circulation: Circulation, on_roll: Mapping[str, Sequence[str]]) -> None:
        self.lead_id = statement.lead_id
        self.circulation = circulation
        self.on_roll = on_roll
        self.confirmed = and_(
            Application.circulation_id == circulation.id,
            Application.confirmed_at.is_not(None),
        )
        undecided = and_(self.confirmed, Application.decision.is_(None), Application.contested_at.is_(None))
        self.waiting = and_(undecided, Application.revision_id == circulation.revision_id)
        self.stale = and_(undecided, Application.revision_id != circulation.revision_id)

    def striking(self) -> ColumnElement[bool]:
        """Its name or mailbox is another's, too, or its letters imitate others."""
        return or_(
            Application.imitates.is_(True),
            Application.name_key.in_(list(self.on_roll)),
            self.kept(),
            self.spoken(),
            self._another(lambda other: other.name_key == Application.name_key),
            self._another(lambda other: other.mail_key == Application.mail_key),
        )

    def kept(self) -> ColumnElement[bool]:
        """The lead keeps an organisation of that name, or listed under it, and nobody there has that address.

        Who was accepted once and undone, and so is no contact any more, is not striking for that."""
        called = or_(Organisation.name == Application.name, Organisation.listed_name == Application.name)
        named = and_(Organisation.kept_by_id == self.lead_id, called)
        living = or_(Contact.removed.is_(False), Application.signatory_id.is_not(None))
        there = and_(living, func.lower(Contact.mail) == func.lower(Application.mail))
        contact = select(Contact.id).join(Organisation, Organisation.id == Contact.organisation_id)
        return and_(exists(select(Organisation.id).where(named)), not_(exists(contact.where(named, there))))

    def spoken(self) -> ColumnElement[bool]:
        """Something else was said for its organisation since, or somebody has contested what was said."""
        return Application.id.in_(spoken_since(self.lead_id, self.circulation.id))

    def _another(self, alike: object) -> ColumnElement[bool]:
        other = aliased(Application)
        return exists(
            select(other.id).where(
                other.circulation_id == self.circulation.id,
                alike(other),  # type: ignore[operator]
                other.id != Application.id,
                *counting(other),
            )
        )

    def where(self, show: Show, search: str = "") -> ColumnElement[bool]:
        """What belongs to a kind and has the words that are searched for."""
        organisations = and_(self.waiting, Application.individual.is_(False))
        wanted = {
            Show.CLEAR: lambda: and_(organisations, not_(self.striking())),
            Show.STRIKING: lambda: and_(organisations, self.striking()),
            Show.INDIVIDUALS: lambda: and_(self.waiting, Application.individual.is_(True)),
            Show.WAITING: lambda: self.waiting,
            Show.STALE: lambda: self.stale,
            Show.ACCEPTED: lambda: and_(self.confirmed, _decided(Decision.ACCEPTED)),
            Show.REFUSED: lambda: and_(self.confirmed, _decided(Decision.REFUSED)),
            Show.CONTESTED: lambda: and_(self.confirmed, Application.contested_at.is_not(None)),
        }[show]()
        words = [Application.words.contains(word, autoescape=True) for word in _words(search)]
        return and_(wanted, *words)


def counting(other: type[Application]) -> list[ColumnElement[bool]]:
    """The conditions under which an application is one that another can be a double of."""
    return [
        other.confirmed_at.is_not(None),
        other.contested_at.is_(None),
        or_(other.decision.is_(None), other.decision == Decision.ACCEPTED.value),
    ]


def _decided(decision: Decision) -> ColumnElement[bool]:
    return and_(Application.decision == decision.value, Application.contested_at.is_(None))


def _words(search: str) -> list[str]:
    return search[:LONGEST_SEARCH].replace("\0", "").casefold().split()


def _counts(session: Session, scope: _Scope) -> dict[Show, int]:
    """How many of each kind there are, by one query."""
    columns = [select(func.count()).where(scope.where(show)).scalar_subquery() for show in Show]
    return dict(zip(Show, session.execute(select(*columns)).one(), strict=True))


def _scope(session: Session, statement: Statement, circulation: Circulation) -> _Scope:
    return _Scope(statement, circulation, _keys_on_roll(session, statement, circulation))


def _keys_on_roll(session: Session, statement: Statement, circulation: Circulation) -> dict[str, list[str]]:
    """The names of the lead, of those addressed, and of those on the roll who did not apply, by what is alike."""
    chosen = (
        select(Signatory.name)
        .outerjoin(Application, Application.signatory_id == Signatory.id)
        .where(Signatory.circulation_id == circulation.id, Signatory.dropped_at.is_(None), Application.id.is_(None))
    )
    found: dict[str, list[str]] = defaultdict(list)
    addressed = session.get_one(Revision, circulation.revision_id).parsed.addressed
    for name in (*names_of_lead(session, statement.lead_id), *addressed, *session.scalars(chosen)):
        if name not in found[name_key(name)]:
            found[name_key(name)].append(name)
    return dict(found)


def _lines(session: Session, scope: _Scope, rows: Sequence[Application]) -> list[Line]:
    """With what is striking about each, by four queries for all."""
    of_it = and_(Application.circulation_id == scope.circulation.id, *counting(Application))
    names: dict[str, list[tuple[int, str]]] = defaultdict(list)
    alike = select(Application.name_key, Application.id, Application.name).where(
        of_it, Application.name_key.in_({one.name_key for one in rows})
    )
    for key, id_, name in session.execute(alike):
        names[key].append((id_, name))
    mails: dict[str, int] = dict(
        session.execute(
            select(Application.mail_key, func.count())
            .where(of_it, Application.mail_key.in_({one.mail_key for one in rows}))
            .group_by(Application.mail_key)
        ).all()
    )
    shown = select(Application.id).where(Application.id.in_([one.id for one in rows]))
    kept, spoken = (set(session.scalars(shown.where(which))) for which in (scope.kept(), scope.spoken()))
    found = [_line(scope, one, names[one.name_key], mails.get(one.mail_key, 0)) for one in rows]
    return [replace(line, kept=line.made.id in kept, spoken=line.made.id in spoken) for line in found]


def _line(scope: _Scope, made: Application, alike: Sequence[tuple[int, str]], from_mailbox: int) -> Line:
    others = [name for id_, name in alike if id_ != made.id]
    counted = any(id_ == made.id for id_, _ in alike)
    return Line(
        made=made,
        standing=made.standing(scope.circulation.revision_id).value,
        like=[*scope.on_roll.get(made.name_key, []), *others],
        same_mail=from_mailbox > (1 if counted else 0),
        imitates=made.imitates,
        web_mail=web_mailer(made.mail),
    )
