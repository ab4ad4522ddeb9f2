"""Withheld names: every byte that anybody else is given, searched for the name, its address and its mail domain.

One story after the other, each with names of its own: an organisation that asked not to be named when it signed, and
one that was named and is not any more. Everything that others can fetch or are sent is gathered from two processes.
"""

import email
import email.policy
import io
import random
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pypdf
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.builders import LINKS, NOW, QUOTELESS, World, circulate, logo, offered, world
from tests.ground.application import settings_for
from tests.prove.invariants import violations
from workflow import clock
from workflow.actions import commenting, locked, noting, signing
from workflow.actions import listing as arranging
from workflow.actions import logos as picturing
from workflow.app import create_app
from workflow.links import Purpose
from workflow.mail.drawing import DRAW
from workflow.mail.smtp import sender_for
from workflow.models.coalition import Contact, Organisation
from workflow.models.public_files import PublicFile
from workflow.models.publication import Publication
from workflow.rules.circulation import Kind, Rule, Visibility
from workflow.rules.completion import Completion, Ending
from workflow.rules.listing import Manner, Style
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.publication import slug
from workflow.text.picture import Picture
from workflow.worker import KINDS, run_due

SYLLABLES = ("zan", "quil", "bram", "tor", "vek", "lum", "dra", "fex", "gor", "mip", "nud", "yax")
MEMBERS = 5
LATE_UNTIL = NOW + timedelta(days=20)


@dataclass
class Told:
    """How many stories were told, how many answers and letters were searched, how many logos of others were public,
    and what does not hold."""

    runs: int = 0
    searched: int = 0
    logos: int = 0
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Secret:
    """What must stand nowhere: the name of the organisation at `index`, as it is written, addressed and mailed to."""

    index: int
    word: str
    logo: Picture

    @property
    def name(self) -> str:
        return f"{self.word} Shelter"

    @property
    def domain(self) -> str:
        return f"{self.word.lower()}.example.org"

    @property
    def traces(self) -> tuple[bytes, ...]:
        """In lower case: the word, which is in all of them and is found however they are escaped, slug and domain; the
        logo, and the digest that names it."""
        named = self.word.lower().encode(), slug(self.name).encode(), self.domain.encode()
        return (*named, self.logo.content.lower(), self.logo.digest.encode())


class Story:
    """One statement with an organisation whose name is to be nowhere."""

    def __init__(self, sessions: Any, apps: list[Flask], chance: random.Random, number: int) -> None:
        self.sessions, self.apps, self.chance = sessions, apps, chance
        word = "".join(chance.choice(SYLLABLES) for _ in range(4)).capitalize()
        self.logos = [logo(chance.randrange(2**16)) for _ in range(MEMBERS)]
        index = chance.randrange(MEMBERS)
        self.secret = Secret(index, f"{word}{number}", self.logos[index])
        self.pictured = chance.random() < 0.8
        self.from_beginning = chance.random() < 0.5
        self.again = False
        self.when = NOW
        self.number = number

    def begin(self, session: Any) -> World:
        made = world(session, MEMBERS, QUOTELESS, f"Lead {self.number} {self.chance.randrange(10**9)}")
        hidden = made.members[self.secret.index]
        named = {"name": self.secret.name, "listed_name": self.secret.name}
        session.execute(update(Organisation).where(Organisation.id == hidden.id).values(**named))
        hidden.name = hidden.listed_name = self.secret.name
        mail = f"press@{self.secret.domain}"
        whose = made.contacts[self.secret.index]
        session.execute(update(Contact).where(Contact.id == whose.id).values(mail=mail))
        whose.mail = mail
        session.commit()
        how = self.chance.choice((Completion.AT_ONCE, Completion.EMBARGO, Completion.PRESS))
        embargo = NOW + timedelta(hours=6) if how is Completion.EMBARGO else None
        rule = Rule(objections_hold=self.chance.random() < 0.5)
        seen = self.chance.choice((Visibility.EVERYTHING, Visibility.POSITIONS, Visibility.EVERYTHING))
        ending = Ending(how, embargo_at=embargo, late_until=LATE_UNTIL)
        circulate(made, rule=rule, visibility=seen, ending=ending)
        for member, one in zip(made.members, self.logos, strict=True):
            picturing.put_logo(session, NOW, made.user.id, made.coalition.id, member.id, one)
        if self.pictured:
            arranging.choose(session, NOW, made.user.id, made.statement.public_id, Manner(style=Style.LOGOS))
        return made

    def sign_hidden(self, session: Any, made: World) -> None:
        """It remarks and objects, perhaps, and signs: so everything that others are told from then on is searched."""
        index = self.secret.index
        if self.chance.random() < 0.7:
            words = {"digest": made.revision.digest, "person_name": "Somebody", "text": "A remark."}
            commenting.comment(session, self.when, made.invitations[index].id, 1, **words)
        if self.chance.random() < 0.4:
            self.answer(session, made, index, Kind.OBJECTION)
        self.answer(session, made, index, Kind.SIGN_OFF, withheld=self.from_beginning)
        if self.chance.random() < 0.3:
            self.answer(session, made, index, Kind.TAKEN_BACK)  # it stays unnamed among those who are waited for
            self.again = True

    def sign_others(self, session: Any, made: World) -> None:
        if self.again:
            self.answer(session, made, self.secret.index, Kind.SIGN_OFF, withheld=self.from_beginning)
        for index in range(MEMBERS):
            if index != self.secret.index:
                self.answer(session, made, index, Kind.SIGN_OFF)

    def answer(self, session: Any, made: World, index: int, kind: Kind, **changes: object) -> None:
        invitation = made.invitations[index]
        if self.pictured and kind is Kind.SIGN_OFF:
            changes["logo"] = self.logos[index].digest
        signing.answer(session, LINKS, self.when, invitation.id, 1, offered(made, index, kind, **changes))

    def publish(self, session: Any, made: World) -> None:
        self.when = NOW + timedelta(hours=7)
        assert made.circulation is not None
        if made.circulation.completion == Completion.EMBARGO:
            locked.publish_due(session, self.when, made.circulation.id)
        elif made.circulation.completion == Completion.PRESS:
            locked.publish_now(session, self.when, made.user.id, made.statement.public_id)

    def withhold(self, session: Any, made: World) -> None:
        later = Later(LaterKind.WITHHOLD, made.revision.digest, authority=True)
        if self.chance.random() < 0.5:
            invitation = made.invitations[self.secret.index]
            noting.act(session, LINKS, self.when, invitation.id, 1, later)
        else:
            signatory = made.signatories[self.secret.index]
            noting.act_at_desk(session, self.when, made.user.id, made.statement.public_id, signatory.id, later)

    def after(self, session: Any, made: World) -> None:
        """What comes later names it neither: a correction, another one's withdrawal, its own."""
        who = (session, self.when, made.user.id, made.statement.public_id)
        noting.note(*who, NoteKind.CORRECTION, "It is 38 days.")
        gone = self.chance.randrange(MEMBERS)
        later = Later(LaterKind.WITHDRAW, made.revision.digest, "Ada Example", "Chair", "We were misled.")
        noting.act(session, LINKS, self.when, made.invitations[gone].id, 1, later)
        if self.chance.random() < 0.3:
            noting.note(*who, NoteKind.RETRACTION, "The figures were wrong.")


# What others are given ----------------------------------------------------------------------------


def public_bytes(client: FlaskClient, path: str, logos: Sequence[Picture] = ()) -> Iterator[tuple[str, bytes]]:
    """Everything that is public about a statement, with its headers; also what is served for the address of each logo,
    which is nothing else than for one that is nowhere."""
    for one in logos:
        yield whole(client, f"{path}/logos/{one.digest}.png")
    for form in ("", ".json", ".txt", ".md", "/record", "/record.minisig", "/proof.json"):
        yield whole(client, path + form)
    for file in (".pdf", "/card.png", "/press-kit.zip", "/embed"):
        yield whole(client, path + file)
    yield whole(client, f"/oembed?url=http://localhost{path}")
    for page in ("/log/leaves", "/feed.atom", "/", "/sitemap.xml", "/sitemap-1.xml"):
        yield whole(client, page)


def members_bytes(
    client: FlaskClient, made: World, index: int, logos: Sequence[Picture] = ()
) -> Iterator[tuple[str, bytes]]:
    """Every page and file behind the link of another member."""
    invitation = made.invitations[index]
    token = LINKS.make(Purpose.APPROVAL, [invitation.id, 1])
    opened = LINKS.make(Purpose.OPENED, [invitation.id, 1])
    client.set_cookie(f"opened-{invitation.id}", opened, path=f"/sign/at/{invitation.id}/")
    at = f"/sign/at/{invitation.id}/"
    yield whole(client, f"/sign/{token}")
    pictures = [f"logos/{one.digest}.png" for one in logos]
    for page in ("", "receipt", "after", "text.txt", "text.md", "text.pdf", *pictures):
        yield whole(client, at + page)


def whole(client: FlaskClient, path: str) -> tuple[str, bytes]:
    answer = client.get(path, buffered=True)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return path, unpacked(answer.mimetype, answer.data) + headers.encode()


def unpacked(kind: str, given: bytes) -> bytes:
    """The bytes, and what is packed in them: the text and attachments of a PDF, the files of an archive."""
    if kind == "application/pdf":
        reader = pypdf.PdfReader(io.BytesIO(given))
        given += "\n".join(page.extract_text() for page in reader.pages).encode()
        given += b"".join(found for each in reader.attachments.values() for found in each)
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(given)) as archive:
            for name in archive.namelist():
                inner = "application/pdf" if name.endswith(".pdf") else ""
                given += name.encode() + unpacked(inner, archive.read(name))
    return given


def letters_to_others(folder: Path, secret: Secret, lead: str) -> Iterator[tuple[str, bytes]]:
    """Every letter but those to the organisation itself and to the lead."""
    for file in sorted(folder.glob("*.eml")):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if secret.domain in str(letter["To"]) or lead in str(letter["To"]):
            continue
        parts = [str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text"]
        yield str(letter["Subject"]), "\n".join([*parts, str(letter.items())]).encode()


def stories(sessions: Any, url: str, folder: Path, seed: int, number: int, *, drawn_every: int = 3) -> Told:
    """Tell `number` stories and search everything; story n depends on the seed and n alone.

    In every so many stories the files are made too, which costs some seconds.
    """
    told, moment = Told(), [NOW]
    settings = settings_for(url, folder)
    with patch.object(clock, "now", lambda: moment[0]):
        apps = [create_app(settings), create_app(settings)]  # two processes, each with a shelf of its own
        for at in range(number):
            story = Story(sessions, apps, random.Random(seed * 100_003 + at), at)
            shutil.rmtree(folder / "mail", ignore_errors=True)
            tell(story, told, settings, moment, drawn=at % drawn_every == 0)
            told.runs += 1
        for app in apps:
            app.extensions["undersigned"].engine.dispose()
    return told


def tell(story: Story, told: Told, settings: Any, moment: list[datetime], *, drawn: bool) -> None:
    secret, folder = story.secret, settings.data_dir / "mail"
    moment[0] = NOW

    def deliver() -> None:
        kinds = [kind for kind in KINDS if drawn or kind != DRAW]
        run_due(story.sessions, sender_for(settings.mail_url), settings, LINKS, now=clock.now, kinds=kinds)

    def search(where: str, given: Iterator[tuple[str, bytes]]) -> None:
        for what, found in given:
            told.searched += 1
            if any(trace in found.lower() for trace in secret.traces):
                told.violations.append(f"story {story.number}, {where}: {secret.name} stands in {what}")

    def everything(where: str, made: World) -> None:
        for app in story.apps:
            if path:
                search(f"{where}, public", public_bytes(app.test_client(), path, story.logos))
            for index in range(MEMBERS):
                if index != secret.index:
                    search(f"{where}, member {index}", members_bytes(app.test_client(), made, index, [secret.logo]))
        search(f"{where}, letters", letters_to_others(folder, secret, made.user.mail))

    path = ""
    with story.sessions() as session:
        made = story.begin(session)
        deliver()
        shutil.rmtree(folder, ignore_errors=True)  # before it asked, others may have been told for whom one waits
        story.sign_hidden(session, made)
        deliver()
        if story.from_beginning:
            everything("it has signed", made)
        story.sign_others(session, made)
        deliver()
        if story.from_beginning:
            everything("all have signed", made)
        story.publish(session, made)
        moment[0] = story.when
        deliver()
        session.expire_all()
        session.rollback()
        path = address(story.apps[0], session, made)
        for app in story.apps:  # both have it on their shelves, with the name where it is named
            named = [secret.traces[0] in found.lower() for _, found in public_bytes(app.test_client(), path)]
            if any(named) == story.from_beginning:
                told.violations.append(f"story {story.number}: published with the name: {any(named)}")
            found = {
                at
                for at, one in enumerate(story.logos)
                if app.test_client().get(f"{path}/logos/{one.digest}.png").data == one.content
            }
            listed = set(range(MEMBERS)) - ({secret.index} if story.from_beginning else set())
            if found != (listed if story.pictured else set()):
                told.violations.append(f"story {story.number}: published with the logos of {sorted(found)}")
            told.logos += len(found)
        if not story.from_beginning:
            shutil.rmtree(folder, ignore_errors=True)
            story.withhold(session, made)
            if session.query(PublicFile.id).filter(PublicFile.statement_id == made.statement.id).count():
                told.violations.append(f"story {story.number}: files with the name are kept")
            session.rollback()
            deliver()
        everything("published", made)
        story.after(session, made)
        deliver()
        everything("after", made)
        told.violations += violations(session, made.statement.id)


def address(app: Flask, session: Any, made: World) -> str:
    found = session.query(Publication.slug).filter(Publication.statement_id == made.statement.id).one()
    session.rollback()
    return f"/statements/{found.slug}"
