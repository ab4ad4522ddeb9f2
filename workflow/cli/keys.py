"""Commands for the signing key: its public forms, and another one in its place."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from workflow import clock, keys
from workflow.actions import keys as acting
from workflow.cli.ground import command, database, signing_key
from workflow.config import Settings
from workflow.formats.log import KeyTold
from workflow.keys import KeyRefused
from workflow.queries import log as looking
from workflow.text import signing_forms as forms
from workflow.text.instants import iso
from workflow.text.signed_note import verifier_key


def have_key(settings: Settings, session: Session, now: datetime) -> None:
    """Make the signing key of a new installation, begin its log with it, and check that they fit. Raises KeyRefused."""
    file = settings.signing_key_file
    given = bool(settings.signing_key)
    if not given and file is not None and not file.exists() and looking.newest_key(session) is None:
        with suppress(FileExistsError):  # another process was faster
            keys.make(file)
    check_key(settings, session)
    acting.begin(session, now)


def check_key(settings: Settings, session: Session) -> None:
    """See that the signing key can be used and is the one that the log was last signed with. Raises KeyRefused."""
    newest = looking.newest_key(session)
    if newest is not None and not settings.signing_key and settings.signing_key_file is not None:
        _finish_rotation(settings.signing_key_file, newest.public)
    public = signing_key(settings).public
    if newest is not None and newest.public != public.hex():
        there = settings.signing_key_file if not settings.signing_key else "WORKFLOW_SIGNING_KEY"
        raise KeyRefused(
            f"The signing key in {there} ({forms.short_name(public)}) is not the one that the log was last signed with "
            f"({forms.short_name(bytes.fromhex(newest.public))}). Put that one back from its backup."
        )


def _finish_rotation(file: Path, newest: str) -> None:
    """Put the next key in its place where a rotation was cut off after the log had been told of it."""
    waiting = keys.next_file(file)
    if waiting.exists() and keys.from_file(waiting, "").public.hex() == newest:
        keys.take_over(file)


@click.group("keys", invoke_without_command=True)
@click.pass_context
def keys_(context: click.Context) -> None:
    """The signing key: show its public forms, or put another one in its place."""
    if context.invoked_subcommand is None:
        context.invoke(show)


@command("show")
def show() -> None:
    """Print the public keys of this installation in every form, the one that signs now first."""
    with database() as (_, session):
        told = looking.keys(session)
    if not told:
        raise click.ClickException("There is no log yet. Run `workflow migrate`.")
    for place, one in enumerate(reversed(told)):
        _print(one, "signs now" if place == 0 else "signed before")


def _print(one: KeyTold, when: str) -> None:
    principal = one.origin.partition("/")[0]
    click.echo(
        f"Key {forms.short_name(one.public)}, since {iso(one.since)}: {when}\n"
        f"  fingerprint     {forms.fingerprint(one.public)}\n"
        f"  hexadecimal     {one.public.hex()}\n"
        f"  minisign -P     {forms.minisign_key(one.public)}\n"
        f"  allowed signers {forms.allowed_signers_line(principal, one.public).strip()}\n"
        f"  verifier key    {verifier_key(one.origin, one.public)}\n"
        f"{forms.pem(one.public)}"
    )


@command("rotate")
@click.option(
    "--to",
    "to",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write the new key into this new file; needed where the old one came by WORKFLOW_SIGNING_KEY.",
)
def rotate(to: Path | None) -> None:
    """Make a new signing key; the old one signs that it follows, and is then removed."""
    with database() as (settings, session):
        check_key(settings, session)
        before = signing_key(settings)
        old_name = forms.short_name(before.public)  # read before its file is replaced
        file = _place_of_next(settings, to)
        public = keys.make(file)
        after = keys.from_settings("", file, settings.base_host)
        acting.rotate(session, clock.now(), before, after)
        if to is None and settings.signing_key_file is not None:
            keys.take_over(settings.signing_key_file)
    click.echo(f"Key {forms.short_name(public)} signs from now on, in the place of {old_name}. Make a backup of it.")
    if to is not None:
        click.echo(f"It is in {to}: let WORKFLOW_SIGNING_KEY_FILE name it before you start web and worker again.")


def _place_of_next(settings: Settings, to: Path | None) -> Path:
    """The new file for the next key. One that was left behind by a rotation that came to nothing is removed."""
    if to is not None:
        if to.exists():
            raise click.ClickException(f"{to} is there already.")
        return to
    if settings.signing_key or settings.signing_key_file is None:
        raise click.ClickException("Say with --to into which file the new key is to be written.")
    waiting = keys.next_file(settings.signing_key_file)
    waiting.unlink(missing_ok=True)
    return waiting


keys_.add_command(show)
keys_.add_command(rotate)
