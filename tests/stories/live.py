"""A living installation for a real browser: the application on a free loopback port and a worker that sends.

SQLite, demo mode mostly (so that the mailbox is a page); its time begins at `builders.NOW` and goes on from there.
"""

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.builders import NOW
from tests.ground.application import Site, settings_for, text_of
from tests.ground.databases import Database
from tests.web.living import Living, live_again
from workflow import clock, demo, worker
from workflow.actions import accounts, coalition
from workflow.app import create_app
from workflow.models.accounts import User
from workflow.models.coalition import Coalition
from workflow.text.importing import read_members

LONGEST_WAIT_SECONDS = 60
MEMBERS = """\
organisation,listed_name,country,role,contact_name,contact_email,language,time_zone
Harbour Aid,,,required,Jun Example,jun@harbour.example.org,en,Europe/London
Orchardist Association,,,required,Rana Example,rana@orchardist.example.org,ar,Asia/Amman
Lakeside Relief,,,required,Ada Example,ada@lakeside.example.org,en,Europe/Berlin
"""


class _Quiet(WSGIRequestHandler):
    """Says nothing about answered requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@dataclass
class Live:
    """The address it lives at, and the site behind it."""

    url: str
    site: Site
    ahead: list[timedelta] = field(default_factory=list)
    living: Living | None = None

    @property
    def host(self) -> str:
        """Host and port, as browsers name them."""
        return self.url.removeprefix("http://")

    def now(self) -> datetime:
        """What its clock shows."""
        return clock.now()

    def later(self, by: timedelta) -> None:
        """Let time pass, for web and worker alike."""
        self.ahead.append(by)

    def load_demo(self) -> None:
        """The demo coalition of seven, as `workflow demo` loads it."""
        with self.site.session() as session:
            demo.load(session, clock.now())

    def load_lead(self) -> None:
        """A lead that can sign in, and a coalition of three; one contact reads Arabic."""
        with self.site.session() as session:
            accounts.set_up(
                session, clock.now(), organisation_name=demo.LEAD, name=demo.USER, mail=demo.MAIL,
                password=demo.PASSWORD, language="en", time_zone="Europe/London",
            )  # fmt: skip
            user_id = session.scalars(select(User.id)).one()
            coalition_id = coalition.create(session, clock.now(), user_id, demo.COALITION).id
            coalition.import_members(session, clock.now(), user_id, coalition_id, read_members(MEMBERS.encode()))

    def coalition_id(self) -> int:
        """The only coalition."""
        with self.site.session() as session:
            return session.scalars(select(Coalition.id)).one()

    def letter(self, to: str, containing: str = "", after: int = 0) -> EmailMessage:
        """The newest letter to `to` with these words, once there are more than `after` such letters."""
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < until:
            found = [one for one in self.site.letters(to) if containing in text_of(one)]
            if len(found) > after:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no letter to {to} with {containing!r}")

    def sign_in(self, page: Page, mail: str = demo.MAIL, password: str = demo.PASSWORD) -> None:
        """Sign the lead in by the form."""
        page.goto(f"{self.url}/sign-in")
        page.locator("[name=mail]").fill(mail)
        page.locator("[name=password]").fill(password)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/desk")


def _closing(app: WSGIApplication) -> WSGIApplication:
    """The same application, whose answers are closed also where the browser hung up in the middle of one."""

    def run(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        answer = app(environ, start_response)
        try:
            yield from answer
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()

    return run


@contextlib.contextmanager
def _served(
    database: Database,
    directory: Path,
    patch: pytest.MonkeyPatch,
    fill: Callable[[Site], Living] | None = None,
    *,
    demo_mode: bool = True,
) -> Iterator[Live]:
    ahead = [NOW - clock.now()]
    true_now = clock.now
    patch.setattr(clock, "now", lambda: true_now() + sum(ahead, timedelta()))
    patch.setattr(worker, "IDLE_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        settings = dataclasses.replace(settings_for(database.url, directory, demo=demo_mode), base_url=url, port=port)
        app = create_app(settings)
        site = Site(app, database, settings, lambda instant: None)
        living = fill(site) if fill else None
        fd, closing = listening.fileno(), _closing(app)
        server = make_server("127.0.0.1", port, closing, threaded=True, request_handler=_Quiet, fd=fd)
        stop = threading.Event()
        threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=worker.loop, args=(settings, stop), kwargs={"hands": 1}, daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield Live(url, site, ahead, living)
        finally:
            stop.set()
            server.shutdown()
            server.server_close()
            for thread in threads:
                thread.join(LONGEST_WAIT_SECONDS)
            app.extensions["undersigned"].engine.dispose()


@pytest.fixture
def live(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """Web and worker over an empty database, living until the end of the test."""
    with _served(sqlite_database, tmp_path, monkeypatch) as served:
        yield served


@pytest.fixture
def earnest(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """The same, and no demonstration: there is no mailbox to look into."""
    with _served(sqlite_database, tmp_path, monkeypatch, demo_mode=False) as served:
        yield served


@pytest.fixture
def peopled(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """The same with statements in every stage and links in every condition (`.living`)."""
    with _served(sqlite_database, tmp_path, monkeypatch, live_again) as served:
        yield served
