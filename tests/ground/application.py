"""The whole application for a test: web, outbox and mailbox over one migrated database, with a clock to set."""

import email
import email.policy
import re
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.builders import KEYS, LINKS, NOW, SIGNING_KEY
from tests.ground.databases import Database
from workflow import clock
from workflow.app import create_app
from workflow.config import Settings
from workflow.links import Purpose
from workflow.models.accounts import DeskSession, User
from workflow.models.circulation import Invitation
from workflow.queries.accounts import key_hash

BASE_URL = "http://localhost"


@dataclass
class Site:
    """An application under test. The clock stands at `builders.NOW` until `at` sets it."""

    app: Flask
    database: Database
    settings: Settings
    set_clock: Callable[[datetime], None]

    def client(self) -> FlaskClient:
        """A browser without JavaScript: it keeps cookies."""
        return self.app.test_client()

    def session(self) -> Session:
        """A database session; the caller closes it."""
        return self.database.sessions()

    def at(self, instant: datetime) -> None:
        """Set the clock."""
        self.set_clock(instant)

    def sign_in(self, client: FlaskClient, user: User) -> None:
        """Sign `user` in on `client`, as the sign-in page would."""
        key = secrets.token_urlsafe(32)
        with self.session() as session:
            session.add(
                DeskSession(
                    user_id=user.id,
                    key_hash=key_hash(key),
                    created_at=clock.now(),
                    ends_at=clock.now() + timedelta(days=14),
                )
            )
            session.commit()
        with client.session_transaction(base_url=BASE_URL) as cookie:
            cookie["_user_id"] = key
            cookie["_fresh"] = True

    def approval_path(self, invitation: Invitation) -> str:
        """The path of an approval link, without its mail (stories take it out of the mail)."""
        return f"/sign/{LINKS.make(Purpose.APPROVAL, [invitation.id, invitation.generation])}"

    def deliver(self) -> int:
        """Do all due jobs, as the worker would, but setting type, which costs a second each; gives how many."""
        from workflow.mail.drawing import DRAW
        from workflow.worker import KINDS

        return self._do([kind for kind in KINDS if kind != DRAW])

    def draw(self) -> int:
        """Make the files of publications that are to be made; gives of how many."""
        from workflow.mail.drawing import DRAW

        return self._do([DRAW])

    def _do(self, kinds: Collection[str]) -> int:
        from workflow.mail.smtp import sender_for
        from workflow.worker import run_due

        sender = sender_for(self.settings.mail_url)
        return run_due(self.database.sessions, sender, self.settings, LINKS, now=clock.now, kinds=kinds)

    def letters(self, to: str = "") -> list[EmailMessage]:
        """The letters sent so far, oldest first; only those to `to` where given."""
        files = sorted((self.settings.data_dir / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        parsed = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        return [one for one in parsed if to in str(one["To"])]


def text_of(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(letter: EmailMessage, prefix: str = "/sign/") -> str:
    """The path of the link in a letter that begins with `prefix`."""
    found = re.search(re.escape(prefix) + r"[\w.~-]+", text_of(letter))
    assert found, text_of(letter)
    return found.group()


def code_in(letter: EmailMessage) -> str:
    """The six digits in a letter."""
    found = re.search(r"\b\d{6}\b", text_of(letter))
    assert found, text_of(letter)
    return found.group()


def hidden(html: str, name: str) -> str:
    """The value of a hidden field in a page."""
    for tag in re.findall(r"<input[^>]*>", html):
        if f'name="{name}"' in tag:
            value = re.search(r'value="([^"]*)"', tag)
            return value.group(1) if value else ""
    raise AssertionError(f"no field {name}")


def settings_for(url: str, directory: Path, *, demo: bool = False) -> Settings:
    """Settings of a test installation that keeps everything in `directory`."""
    return Settings(
        database_url=url,
        secret_keys=KEYS,
        base_url=BASE_URL,
        mail_url=f"file://{directory / 'mail'}",
        mail_from="undersigned@lead.example",
        data_dir=directory,
        signing_key=SIGNING_KEY,
        demo=demo,
    )


def _site(database: Database, directory: Path, patch: pytest.MonkeyPatch, *, demo: bool) -> Iterator[Site]:
    settings = settings_for(database.url, directory, demo=demo)
    app = create_app(settings)
    app.testing = False  # faults are answered as they are in earnest; tests look at the answer

    def set_clock(instant: datetime) -> None:
        patch.setattr(clock, "now", lambda: instant)

    set_clock(NOW)
    yield Site(app, database, settings, set_clock)
    app.extensions["undersigned"].engine.dispose()


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The application on SQLite."""
    yield from _site(sqlite_database, tmp_path, monkeypatch, demo=False)


@pytest.fixture
def demo_site(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The application on SQLite, in demo mode."""
    yield from _site(sqlite_database, tmp_path, monkeypatch, demo=True)


@pytest.fixture
def any_site(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The application on SQLite and on PostgreSQL in turn."""
    yield from _site(database, tmp_path, monkeypatch, demo=False)
