"""A living installation: two leads, statements in every stage, links in every condition, letters sent and failed."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from unittest.mock import patch

from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.builders import EDITION, LINKS, NOW, SIGNING, World, circulate, logo, offered, world
from tests.ground.application import Site, hidden
from workflow.actions import circulation as circulating
from workflow.actions import coalition as joining
from workflow.actions import (
    coalition_public,
    codes,
    commenting,
    contesting,
    disposing,
    drafting,
    drawing,
    inviting,
    keeping,
    opening,
    press,
    previewing,
    recording,
    sessions,
    signing,
    translating,
)
from workflow.actions import listing as arranging
from workflow.actions import logos as picturing
from workflow.links import CONFIRMING, Purpose
from workflow.models.accounts import User
from workflow.models.circulation import Invitation
from workflow.models.coalition import Organisation
from workflow.models.opening import Application
from workflow.models.posting import Letter
from workflow.models.press import Journalist
from workflow.models.publication import Publication
from workflow.queries.contesting import mail_mark
from workflow.rules.circulation import Kind, Role
from workflow.rules.completion import Completion, Ending
from workflow.rules.listing import Manner, Style
from workflow.rules.opening import Asks
from workflow.rules.publication import FileKind
from workflow.rules.recording import Evidence
from workflow.text import passages
from workflow.text.addresses import Address
from workflow.text.content import Edition
from workflow.text.editions import begun_from
from workflow.text.instants import in_zone
from workflow.text.passwords import hash_password
from workflow.text.signing_forms import short_name

EMBARGO = in_zone(NOW + timedelta(days=30), "Europe/London")
PASSWORD = "a long and quiet password"
NOWHERE = 999_999
NO_SLUG = "no-such-statement"
IN_PUBLIC = "valley-campaign"
NO_PUBLIC_ID = "0123456789abcdef0123"
# Under these keys the lead has unsaved words: on the statement that circulates, and on one not begun.
KEPT, KEPT_NEW = "0" * 19 + "1", "0" * 19 + "2"


@dataclass
class Living:
    """What the installation holds: its users, statements by stage, links by condition (id, generation)."""

    site: Site
    lead: User
    stranger: User
    worlds: dict[str, World] = field(default_factory=dict)
    links: dict[str, tuple[int, int]] = field(default_factory=dict)
    challenge: int = 0
    remarks: dict[str, int] = field(default_factory=dict)
    page_key: str = ""
    applications: list[str] = field(default_factory=list)
    contests: dict[str, int] = field(default_factory=dict)
    receipt: tuple[int, int, str] = (0, 0, "")
    recordings: dict[str, int] = field(default_factory=dict)
    previews: dict[str, int] = field(default_factory=dict)
    journalists: dict[str, int] = field(default_factory=dict)
    told_of: tuple[int, int, str] = (0, 0, "")

    def public_id(self, stage: str) -> str:
        return self.worlds[stage].statement.public_id

    def token(self, condition: str) -> str:
        return LINKS.make(Purpose.APPROVAL, self.links[condition])

    def signed_in(self, user: User) -> FlaskClient:
        client = self.site.client()
        self.site.sign_in(client, user)
        return client

    def holder(self, *conditions: str) -> FlaskClient:
        """A browser in which the buttons behind these links were pressed."""
        client = self.site.client()
        for condition in conditions:
            carry(client, *self.links[condition])
        return client


def carry(client: FlaskClient, invitation_id: int, generation: int) -> None:
    """The cookie that pressing the button behind a link leaves."""
    value = LINKS.make(Purpose.OPENED, [invitation_id, generation])
    client.set_cookie(f"opened-{invitation_id}", value, path=f"/sign/at/{invitation_id}/")


# Building -----------------------------------------------------------------------------------------


def live(site: Site, edition: Edition = EDITION) -> Living:
    """Fill the database of `site`; letters due so far have been sent, and one of them failed."""
    with site.session() as session:
        made = world(session, members=8, edition=edition)
        foreign = world(session, members=3, edition=edition, lead="Other Lead")
        living = Living(site, _with_password(session, made.user), _with_password(session, foreign.user))
        joining.add_lead(session, NOW, made.user.id, made.coalition.id)
        living.worlds["draft"] = made
        drafting.revise(session, NOW, made.user.id, made.statement.public_id, _other(edition), 1)
        drafting.revise(session, NOW, made.user.id, made.statement.public_id, begun_from(edition, "ar"), 2, of="ar")
        living.worlds["foreign draft"] = foreign
        living.worlds["foreign circulating"] = circulate(_another(foreign, edition))
        living.remarks["foreign"] = _suggestion(session, living.worlds["foreign circulating"])
        _circulating(session, living, _another(made, edition))
        _with_code(session, living, _another(made, edition))
        _ended(session, living, made, edition)
        _locked(session, living, made, edition)
        _with_open_page(session, living, made, edition)
        living.worlds["contested"] = circulate(_another(made, edition))
        for name, world_ in (("contested", "contested"), ("foreign", "foreign circulating")):
            living.contests[name] = _contested(session, living, living.worlds[world_])
            living.recordings[name] = _recorded(session, living, living.worlds[world_])
        for name, user in (("own", living.lead), ("foreign", living.stranger)):
            living.journalists[name] = _listed(session, user)
        sessions.ask_reset(session, LINKS, NOW, made.user.mail, "192.0.2.1")
    site.deliver()
    _with_files(site, living)
    with site.session() as session:
        _failed_letter(session, living)
    return living


def _with_files(site: Site, living: Living) -> None:
    """The files of what is published, in no time; and the name that the coalition has in public."""
    made = living.worlds["draft"]
    files = {FileKind.PDF: b"%PDF", FileKind.CARD: b"PNG", FileKind.KIT: b"PK"}
    with site.session() as session, patch.object(drawing, "make_files", lambda *_: files):
        coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, "Valley Campaign")
        for statement_id in session.scalars(select(Publication.statement_id)).all():
            drawing.draw(session, NOW, statement_id, site.settings.base_url)


_KEPT: dict[tuple[Edition, str], tuple[sqlite3.Connection, Living, list[tuple[str, bytes]]]] = {}


def live_again(site: Site, edition: Edition = EDITION) -> Living:
    """The same on SQLite, copied from the first one that was built in this process."""
    path = site.database.url.removeprefix("sqlite:///")
    kept_for = (edition, site.settings.base_url)  # letters name the address of their installation
    if kept_for not in _KEPT:
        living, memory = live(site, edition), sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(path)) as built:
            built.backup(memory)
        files = sorted(_mail(site).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        _KEPT[kept_for] = (memory, living, [(file.name, file.read_bytes()) for file in files])
        return living
    memory, living, letters = _KEPT[kept_for]
    with closing(sqlite3.connect(path)) as fresh:
        memory.backup(fresh)
    _mail(site).mkdir(parents=True, exist_ok=True)
    for name, content in letters:
        (_mail(site) / name).write_bytes(content)
    return replace(living, site=site)


def _with_password(session: Session, user: User) -> User:
    session.execute(update(User).where(User.id == user.id).values(password_hash=HASH))
    session.commit()
    return user


HASH = hash_password(PASSWORD)


def _other(edition: Edition) -> Edition:
    return replace(edition, place="Hillside")


def _another(made: World, edition: Edition) -> World:
    """Another draft of the same lead."""
    session = made.session
    statement = drafting.begin(session, NOW, made.user.id, made.coalition.id, edition)
    session.expunge_all()
    session.rollback()
    return replace(made, statement=statement, circulation=None, invitations=[], signatories=[])


def _circulating(session: Session, living: Living, made: World) -> None:
    """Answers of every kind, a comment, a name to decide, a newer revision, links in every condition."""
    lead = session.get_one(Organisation, made.user.organisation_id)
    session.expunge_all()
    session.rollback()
    asked = replace(made, members=[*made.members, lead])
    roles = [Role.REQUIRED] * 6 + [Role.OPTIONAL, Role.OBSERVER, Role.REQUIRED]
    living.worlds["circulating"] = circulate(asked, roles=roles)
    made = asked
    ids = [one.id for one in made.invitations]
    for name, at in (("opened", 0), ("signed", 1), ("held", 2), ("objected", 3), ("revoked", 4), ("replaced", 5)):
        living.links[name] = (ids[at], 1)
    living.links["expired"], living.links["observer"] = (ids[6], 1), (ids[7], 1)
    for at in (0, 1, 2, 3, 4, 5):
        signing.open_link(session, NOW, ids[at], 1)
    signing.answer(session, LINKS, NOW, ids[1], 1, offered(made, 1))
    signing.answer(session, LINKS, NOW, ids[2], 1, offered(made, 2, listed_name="Harbour Aid & Friends"))
    signing.answer(session, LINKS, NOW, ids[3], 1, offered(made, 3, Kind.OBJECTION))
    digest = made.revision.digest
    commenting.comment(session, NOW, ids[0], 1, digest=digest, person_name="Cy", text="A remark.")
    who = (session, NOW, made.user.id, made.statement.public_id)
    arranging.choose(*who, Manner(style=Style.LOGOS))
    living.remarks["suggestion"] = _suggestion(session, made)
    disposing.reply_as_lead(*who, living.remarks["suggestion"], "We shall see.")
    drafting.revise(*who, _other(EDITION), 1)
    keeping.keep(session, NOW, made.user.id, _words(KEPT, made.statement.public_id))
    keeping.keep(session, NOW, made.user.id, _words(KEPT_NEW, ""))
    inviting.revoke(*who, ids[4])
    inviting.invite(*who, made.contacts[5].id)
    living.links["newest"] = (ids[5], 2)
    session.execute(update(Invitation).where(Invitation.id == ids[6]).values(expires_at=NOW - timedelta(hours=1)))
    session.commit()


def _suggestion(session: Session, made: World) -> int:
    """The id of a suggestion by the first signatory, for the whole headline."""
    passage = passages.chosen(made.revision.parsed.authoritative, "headline", "").to_json()
    said = {"digest": made.revision.digest, "person_name": "Cy", "text": ""}
    offered_ = {"kind": "suggestion", "passage": passage, "proposed": "Another headline"}
    made_by = made.invitations[0].id
    return commenting.comment(session, NOW, made_by, 1, **said, **offered_).id  # type: ignore[arg-type]


def _contested(session: Session, living: Living, made: World) -> int:
    """The id of a contest of what the first signatory answered; the link in its receipt is kept too."""
    invitation_id = made.invitations[0].id
    given = signing.answer(session, LINKS, NOW, invitation_id, 1, offered(made, 0))
    assert given is not None
    living.receipt = (invitation_id, given.id, mail_mark(made.contacts[0].mail))
    session.rollback()
    return contesting.contest(session, NOW, *living.receipt).id


def _recorded(session: Session, living: Living, made: World) -> int:
    """The id of what the lead recorded for the second signatory, with a file; the link in its letter is kept too."""
    who = (session, NOW, made.user.id, made.statement.public_id, made.signatories[1].id)
    proof = Evidence("mail", "She wrote.", "answer.eml", b"Subject: we sign")
    found = recording.record(*who, offered(made, 1, quotes=()), proof).id
    living.told_of = (made.invitations[1].id, found, mail_mark(made.contacts[1].mail))
    session.rollback()
    return found


def _words(key: str, public_id: str) -> keeping.Words:
    """The form of an editor with words that nobody saved."""
    typed = replace(EDITION, headline="A headline half typed")
    names = ("language", "kind", "headline", "label", "date", "place", "lead_paragraph", "body", "ends", "notes")
    quotes = {f"quotes-0-{name}": value for name, value in vars(typed.quotes[0]).items()}
    fields = {**{name: getattr(typed, name) for name in names}, **quotes}
    return keeping.Words(key, public_id, 1, 1, fields, typed)


def _with_code(session: Session, living: Living, made: World) -> None:
    living.worlds["with code"] = circulate(made, code=True)
    living.links["with code"] = (made.invitations[0].id, 1)
    living.challenge = codes.ask_code(session, NOW, made.invitations[0].id, 1, offered(made, 0))


def _ended(session: Session, living: Living, made: World, edition: Edition) -> None:
    shown = logo()
    picturing.put_logo(session, NOW, made.user.id, made.coalition.id, made.members[0].id, shown)
    for stage in ("recalled", "abandoned", "published"):
        ended = circulate(replace(_another(made, edition), members=made.members[:2]))
        arranging.choose(session, NOW, made.user.id, ended.statement.public_id, Manner(style=Style.LOGOS))
        living.worlds[stage] = ended
        living.links[stage] = (ended.invitations[0].id, 1)
        signing.answer(session, LINKS, NOW, ended.invitations[0].id, 1, offered(ended, 0, logo=shown.digest))
        who = (session, NOW, made.user.id, ended.statement.public_id)
        if stage == "recalled":
            circulating.recall(*who)
        elif stage == "abandoned":
            circulating.abandon(*who)
        else:
            signing.answer(session, LINKS, NOW, ended.invitations[1].id, 1, offered(ended, 1))
            translating.add_translation(*who, begun_from(edition, "ar"))


def _with_open_page(session: Session, living: Living, made: World, edition: Edition) -> None:
    """A page for everybody who has its address; two have asked there to sign, and one of them has confirmed."""
    asked = circulate(replace(_another(made, replace(edition, headline="An open headline")), members=made.members[:2]))
    living.worlds["with a page"] = asked
    page = opening.open_it(session, NOW, made.user.id, asked.statement.public_id, "Valley groups.", understood=True)
    living.page_key = page.key
    for name in ("Ferry Circle", "Mill Group"):
        asks = Asks(asked.revision.digest, name, "Valley", "Nia", "Chair", "nia@ferry.example.org", False, True)
        opening.apply(session, LINKS, NOW, page.key, asks, "192.0.2.7", "en")
    living.applications = list(session.scalars(select(Application.key).order_by(Application.id)))
    opening.confirm(session, LINKS, NOW, living.applications[0], LINKS.code(CONFIRMING, living.applications[0]))


def _locked(session: Session, living: Living, made: World, edition: Edition) -> None:
    """Everybody has signed, the lead organisation too, and the embargo is not over yet."""
    lead = session.get_one(Organisation, made.user.organisation_id)
    session.expunge_all()
    session.rollback()
    asked = replace(_another(made, replace(edition, headline="A locked headline")), members=[made.members[0], lead])
    living.worlds["locked"] = circulate(asked, ending=Ending(Completion.EMBARGO, embargo_at=EMBARGO))
    living.links["locked"] = (asked.invitations[0].id, 1)
    signing.answer(session, LINKS, NOW, asked.invitations[0].id, 1, offered(asked, 0))
    signing.answer_at_desk(session, NOW, made.user.id, asked.statement.public_id, offered(asked, 1))
    _previews(session, living, asked)


def _listed(session: Session, user: User) -> int:
    """The id of a journalist on the press list of a lead."""
    press.add(session, NOW, user.id, [Address("Dana", "dana@paper.example.net")], "en")
    id_ = session.scalar(select(Journalist.id).where(Journalist.lead_id == user.organisation_id))
    session.rollback()
    return id_ or 0


def _previews(session: Session, living: Living, made: World) -> None:
    """One link that opens, and one that was revoked."""
    who = (session, NOW, made.user.id, made.statement.public_id)
    people = [Address("Dana", "dana@paper.example.net"), Address("Eli", "eli@radio.example.net")]
    previewing.add(*who, people, language="en", time_zone="UTC", hours=None)
    for number, name in enumerate(("open", "revoked"), start=1):
        living.previews[name] = number
    previewing.revoke(*who, living.previews["revoked"])


def _failed_letter(session: Session, living: Living) -> None:
    made = living.worlds["circulating"]
    letter = session.scalar(select(Letter).where(Letter.invitation_id == made.invitations[0].id))
    assert letter is not None
    letter.sent_at, letter.failed_at, letter.last_error = None, NOW, "550 no such mailbox"
    session.commit()


# The addresses of every route ---------------------------------------------------------------------


def values_of(living: Living) -> dict[str, list[str]]:
    """For every name an address can carry: values that are there, are somebody else's, and are nowhere."""
    circulating_, foreign = living.worlds["circulating"], living.worlds["foreign circulating"]
    tokens = {purpose: LINKS.make(purpose, list(living.links["opened"])) for purpose in Purpose}
    first = LINKS.make(Purpose.RESET, [living.lead.id, 1])
    said = [LINKS.make(Purpose.CONTEST, living.receipt), LINKS.make(Purpose.RECORDED, living.told_of)]
    approvals = [living.token(condition) for condition in living.links]
    said += [LINKS.make(Purpose.PREVIEW, [id_, 1]) for id_ in living.previews.values()]
    said += [LINKS.make(Purpose.PRESS, [id_]) for id_ in living.journalists.values()]
    approvals += [LINKS.make(Purpose.APPLICATION, [key]) for key in living.applications]
    return {
        "public_id": [*(living.public_id(stage) for stage in living.worlds), NO_PUBLIC_ID],
        "coalition_id": [str(circulating_.coalition.id), str(foreign.coalition.id), str(NOWHERE)],
        "organisation_id": [
            *(str(one.id) for one in (circulating_.members[0], foreign.members[0])),
            str(living.lead.organisation_id),
            str(NOWHERE),
        ],
        "contact_id": [*(str(one.id) for one in (circulating_.contacts[0], foreign.contacts[0])), str(NOWHERE)],
        "signatory_id": [
            *(str(one.id) for one in (circulating_.signatories[2], foreign.signatories[0])),
            *(str(living.worlds[stage].signatories[0].id) for stage in ("locked", "published")),
            str(NOWHERE),
        ],
        "comment_id": [*(str(id_) for id_ in living.remarks.values()), str(NOWHERE)],
        "contest_id": [*(str(id_) for id_ in living.contests.values()), str(NOWHERE)],
        "recording_id": [*(str(id_) for id_ in living.recordings.values()), str(NOWHERE)],
        "invitation_id": [*(str(id_) for id_, _ in living.links.values()), str(NOWHERE)],
        "page": ["1", "2"],
        "preview_id": [*(str(id_) for id_ in living.previews.values()), str(NOWHERE)],
        "journalist_id": [*(str(id_) for id_ in living.journalists.values()), str(NOWHERE)],
        "count": ["0", "1"],
        "page_key": [living.page_key, "0" * 32],
        "token": [
            *approvals,
            *tokens.values(),
            *said,
            LINKS.make(Purpose.SET_UP, ["set-up"]),
            first,
            "nonsense",
        ],
        "key_name": [short_name(SIGNING.public), "0" * 16],
        "coalition": [IN_PUBLIC, NO_SLUG],
        "slug": [*slugs(living), NO_SLUG, *(living.public_id(stage) for stage in ("draft", "circulating"))],
        "language": ["ar", "en", "zz"],
        "key": [KEPT, KEPT_NEW, NO_PUBLIC_ID],
        "act": ["reconfirm", "withdraw", "sign-late", "withhold"],
        "step": ["check", "code", "record", "comment", "object", "reply"],
        "number": ["1", "2", str(NOWHERE)],
        "form": ["md", "txt", "pdf"],
        "name": [*(file.name for file in sorted(_mail(living.site).glob("*.eml"))[:2]), "nothing.eml"],
        "filename": ["css/base.css", "css/no-such-file.css"],
        "digest": [logo().digest, "0" * 64],
    }


def _mail(site: Site) -> Path:
    return site.settings.data_dir / "mail"


def slugs(living: Living) -> list[str]:
    with living.site.session() as session:
        return list(session.execute(text("SELECT slug FROM publications")).scalars())


QUERIES = {
    "log.leaves": ["?start=1", "?start=x"],
    "log.inclusion": ["?index=0", "?index=1&size=2", "?index=999"],
    "log.consistency": ["?from=1", "?from=2&to=1"],
    "public.statements": ["?page=2", "?page=x", "?language=ar"],
    "public.by_coalition": ["?page=2", "?page=x"],
    "public.oembed_": ["?url=http://localhost/statements/no-such-statement", "?url=x&format=xml", "?format=yaml"],
    "disposing.remarks": ["?show=all", "?show=suggestions&of=Lakeside+Relief", "?show=x&at=1&revision=newest"],
    "disposing.became": ["?since=2", "?since=x"],
    "drafting.compare": ["?from=1&to=2", "?from=2&to=1", "?from=9&to=9"],
    "drafting.new": ["?coalition=1", f"?kept={KEPT_NEW}", f"?kept={KEPT}"],
    "drafting.edit": [f"?kept={KEPT}", f"?kept={KEPT_NEW}", "?kept=", "?edition=ar", "?edition=fr", "?edition=!"],
    "drafting.editions": ["?edition=ar", "?edition=x"],
    "publication.translation": ["?edition=fr", "?edition=!"],
    "circulation.sign": ["?edition=ar"],
    "circulation.put_in_force": ["?revision=1", "?revision=2", "?revision=9"],
    "circulation.applications": ["?show=waiting&q=nia&page=2", "?show=x&page=x", "?show=striking&batch=abc"],
    "circulation.applications_csv": ["?show=waiting", "?show=accepted&q=x"],
    "accounts.sign_in": ["?next=/desk", "?next=//elsewhere.example"],
    "signing.text": ["?on=b1", "?on=headline", "?on=nowhere", "?edition=ar"],
    "signing.on_its_way": ["?language=ar", "?language=xx"],
    "posting.mailbox": ["?to=contact0@valley-coalition.example.com"],
}


def addresses(living: Living, rule: Rule) -> Iterator[str]:
    """Every sensible address of a route. An argument that `values_of` does not know fails here."""
    values = values_of(living)
    names = sorted(rule.arguments)
    unknown = [name for name in names if name not in values]
    assert not unknown, f"{rule}: say in values_of() which values {unknown} can have"
    adapter = living.site.app.url_map.bind("localhost")
    for chosen in product(*(values[name] for name in names)):
        arguments = {name: _typed(rule, name, value) for name, value in zip(names, chosen, strict=True)}
        address = adapter.build(rule.endpoint, arguments)
        yield address
        yield from (address + query for query in QUERIES.get(rule.endpoint, []))


def _typed(rule: Rule, name: str, value: str) -> int | str:
    return int(value) if f"<int:{name}>" in rule.rule else value


def rules_with(site: Site, *methods: str) -> list[Rule]:
    """The routes that take one of these methods."""
    return [rule for rule in site.app.url_map.iter_rules() if set(methods) & (rule.methods or set())]


# Looking at everything ----------------------------------------------------------------------------


def dump(site: Site) -> dict[str, list[str]]:
    """Every row of every table of the database."""
    with site.database.engine.connect() as connection:
        tables = sorted(inspect(connection).get_table_names())
        return {table: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}")).all())) for table in tables}


def differing(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """The tables that are not as they were."""
    return [table for table in before.keys() | after.keys() if before.get(table) != after.get(table)]


class Undoing:
    """Puts a SQLite database back as it was, where anything was written; looks whether anything was."""

    def __init__(self, now: sqlite3.Connection, kept: sqlite3.Connection) -> None:
        self.now, self.kept = now, kept
        now.backup(kept)
        self.seen = self.version()

    def version(self) -> int:
        """A number that is another once others have written; what we write ourselves leaves it as it is."""
        number: int = self.now.execute("PRAGMA data_version").fetchone()[0]
        return number

    def undo(self) -> None:
        if self.version() != self.seen:
            self.kept.backup(self.now)
            self.seen = self.version()


@contextmanager
def undoing(site: Site) -> Iterator[Undoing]:
    """Whatever is done within can be undone, and is at the end (SQLite only)."""
    path = site.database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(":memory:")) as kept, closing(sqlite3.connect(path)) as now:
        doing = Undoing(now, kept)
        try:
            yield doing
        finally:
            doing.undo()


def csrf_of(client: FlaskClient) -> str:
    """A good token for the desk's forms of this browser."""
    page = client.get("/sign-in")
    if page.status_code != 200:
        page = client.get("/me")
    return hidden(page.get_data(as_text=True), "csrf_token")


def nonsense() -> str:
    return secrets.token_urlsafe(12)
