"""Commands that run the installation: web, worker, both, a demo; and the migration before them."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow import clock, config, db, demo, exporting, serving
from workflow.app import create_app
from workflow.cli.ground import OTHER_SHAPE, command, signing_key
from workflow.cli.keys import check_key, have_key
from workflow.config import Settings
from workflow.links import Links, Purpose
from workflow.mail.smtp import sender_for
from workflow.queries.accounts import any_user
from workflow.upgrade import is_current, upgrade
from workflow.web.house import KEY
from workflow.worker import loop

# `run` starts the other two with it.
PARENT = click.option("--parent", type=int, default=None, hidden=True)


@command()
def run() -> None:
    """Migrate, then run web and worker together until stopped."""
    settings = config.from_environment()
    sender_for(settings.mail_url)  # refuses here and now what the worker would refuse again and again
    serving.check_port(settings)
    _migrate(settings)
    serving.run(settings, when_ready=lambda: _greet(settings))


@command()
@PARENT
def web(parent: int | None) -> None:
    """Run the web processes alone."""
    settings = config.from_environment()
    if parent is None:
        serving.check_port(settings)
    else:
        serving.end_with(parent)
    _check_shape(settings)
    _check_key(settings)
    serving.serve_web(settings)


@command()
@PARENT
def worker(parent: int | None) -> None:
    """Run one worker: it sends the letters and does what is due."""
    settings = config.from_environment()
    if parent is not None:
        serving.end_with(parent)
    _check_shape(settings)
    _check_key(settings)
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_stop)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    loop(settings, stop)


@command()
def migrate() -> None:
    """Bring the database to the shape this release needs."""
    _migrate(config.from_environment())
    click.echo("The database is up to date.")


def _migrate(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _engine(settings) as engine:
        upgrade(engine)
        with _session(settings, engine) as session:
            have_key(settings, session, clock.now())


def _check_shape(settings: Settings) -> None:
    with _engine(settings) as engine:
        if not is_current(engine):
            raise click.ClickException(OTHER_SHAPE)


def _check_key(settings: Settings) -> None:
    with _engine(settings) as engine, _session(settings, engine) as session:
        check_key(settings, session)


def _session(settings: Settings, engine: Engine) -> Session:
    return db.sessions_for(engine, signing_key(settings))()


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    engine = db.engine_for(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def _greet(settings: Settings) -> None:
    click.echo(f"\nUndersigned runs at {settings.base_url}")
    with _engine(settings) as engine, _session(settings, engine) as session:
        if not any_user(session):
            token = Links(settings.secret_keys).make(Purpose.SET_UP, ["set-up"])
            click.echo(f"Set up the first user at {settings.base_url}/setup/{token}")


@command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--compressed", is_flag=True, help="Put a .gz and a .br beside every file that shrinks.")
def export(directory: Path, *, compressed: bool) -> None:
    """Write everything that is public as plain files into DIRECTORY, for any static host.

    Run again, it changes what has changed and removes what is not public any more.
    """
    settings = config.from_environment()
    _check_shape(settings)
    app = create_app(settings)
    try:
        told = exporting.export(app, directory.absolute(), compressed=compressed)
    except (exporting.NotOurs, exporting.Faulty) as refusal:
        raise click.ClickException(str(refusal)) from None
    finally:
        app.extensions[KEY].engine.dispose()
    written, removed = len(set(told.written)), len(set(told.removed))
    click.echo(f"{len({*told.written, *told.same})} files, {written} of them written; {removed} removed.")


@command("demo")
@click.option("--port", type=int, default=None, help="Port to listen on (default 8000, or WORKFLOW_PORT).")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), default=None, help="Where everything is kept (default demo-data)."
)
def demo_(port: int | None, data_dir: Path | None) -> None:
    """Load an invented coalition of seven, run everything, and say where to sign in. Needs no settings."""
    os.environ["WORKFLOW_DEMO"] = "1"
    if port is not None:
        os.environ["WORKFLOW_PORT"] = str(port)
    if data_dir is not None:
        os.environ["WORKFLOW_DATA_DIR"] = str(data_dir.absolute())
    settings = config.from_environment()
    sender_for(settings.mail_url)
    serving.check_port(settings)
    _migrate(settings)
    with _engine(settings) as engine, _session(settings, engine) as session:
        demo.load(session, clock.now())

    def greet() -> None:
        click.echo(
            f"\nThe demo runs. Everything stays on this machine, in {settings.data_dir}.\n\n"
            f"  Mailbox of all seven   {settings.base_url}/mailbox   (open a letter, follow its link, sign)\n"
            f"  Lead's desk            {settings.base_url}/sign-in   {demo.MAIL} · {demo.PASSWORD}\n"
            f"  Public page            {settings.base_url}/\n\n"
            "Stop with Ctrl-C."
        )

    serving.run(settings, when_ready=greet)
