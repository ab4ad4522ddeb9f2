"""What every command stands on: settings, a session, the acting user, and refusals said plainly."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from gettext import NullTranslations
from typing import Any

import click
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from workflow import config, db, keys, serving
from workflow.config import Settings, UnsafeSettings
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.queries import cli as looking
from workflow.rules.refusals import FormRefused, Message, NotFound, Refusal
from workflow.text.sentences import say
from workflow.upgrade import is_current

AS = click.option("--as", "as_mail", metavar="MAIL", help="Act as this user; needed where there are several.")
OTHER_SHAPE = "The database is not of the shape this release needs. Run `workflow migrate`."


def in_words(message: Message) -> str:
    """A message as an English sentence."""
    return say(message, NullTranslations().gettext)


@contextmanager
def plainly() -> Iterator[None]:
    """Every refusal becomes one sentence and exit code 1; nobody is shown a traceback."""
    try:
        yield
    except FormRefused as refusal:
        problems = " ".join(f"{field}: {in_words(problem)}" for field, problem in refusal.problems.items())
        raise click.ClickException(problems) from None
    except Refusal as refusal:
        raise click.ClickException(in_words(refusal.message)) from None
    except (UnsafeSettings, keys.KeyRefused, serving.PortTaken) as error:
        raise click.ClickException(str(error)) from None
    except DatabaseError as error:
        # What is neither away nor no database at all would be our own mistake, which is not hidden.
        if type(error) not in (OperationalError, DatabaseError):
            raise
        said = " ".join(str(error.orig).split()).rstrip(".")
        raise click.ClickException(
            f"The database does not answer as it should: {said}. Run `workflow migrate` where it is new."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The system'}: {error.strerror or error}.") from None


def command(name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """A command that says its refusals plainly."""

    def wrap(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def guarded(*args: Any, **values: Any) -> Any:
            with plainly():
                return function(*args, **values)

        return click.command(name)(guarded)

    return wrap


def signing_key(settings: Settings) -> keys.SigningKey:
    """What signs in this installation; it is read where it is first needed."""
    return keys.from_settings(settings.signing_key, settings.signing_key_file, settings.base_host)


@contextmanager
def database() -> Iterator[tuple[Settings, Session]]:
    """The settings and a session on their database, which must be of the right shape."""
    settings = config.from_environment()
    engine = db.engine_for(settings.database_url)
    try:
        if not is_current(engine):
            raise click.ClickException(OTHER_SHAPE)
        with db.sessions_for(engine, signing_key(settings))() as session:
            yield settings, session
    finally:
        engine.dispose()


def acting_user(session: Session, mail: str | None) -> User:
    """The user named by --as, or the only one there is."""
    user = looking.acting_user(session, mail)
    if user is None:
        hint = f"There is no user {mail}." if mail else "Say with --as MAIL which user acts."
        raise click.ClickException(f"{hint} `workflow user add` makes one.")
    return user


def statement_named(session: Session, acting: User, slug: str) -> Statement:
    """The statement of the acting user's organisation that `slug` names, which may also be its id."""
    try:
        return looking.statement_by_handle(session, acting.organisation_id, slug)
    except NotFound:
        raise click.ClickException(
            f"There is no statement {slug}, or several; `workflow statement import` prints what to type."
        ) from None
