"""The command that looks whether anything was changed: histories, records, notes and the public log."""

import email
import email.policy
import re
from pathlib import Path

import click

from workflow.cli.ground import command, database
from workflow.queries.audit import Held, audit
from workflow.text.signed_note import Checkpoint, checkpoints_in

HEAD = re.compile("[0-9a-f]{64}")


@command("audit")
@click.option(
    "--against",
    "files",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A checkpoint that was kept elsewhere: alone, or in a saved receipt. Can be given several times.",
)
@click.option(
    "--receipt",
    "heads",
    multiple=True,
    metavar="HEAD",
    help="The head of the history that a receipt carries. Can be given several times.",
)
def audit_(files: tuple[Path, ...], heads: tuple[str, ...]) -> None:
    """Look whether what was written once is still as it was. Ends with 1, and says where, if it is not."""
    for head in heads:
        if not HEAD.fullmatch(head):
            raise click.ClickException(f"{head} is no head of a history: those have 64 digits from 0 to f.")
    held = Held([one for file in files for one in _checkpoints(file)], heads)
    with database() as (_, session):
        found = audit(session, held)
    for one in found.wrong:
        click.echo(one)
    came_out = f"{len(found.wrong)} things are wrong" if found.wrong else "nothing was changed"
    click.echo(
        f"Looked at {found.statements} statements with {found.events} events and {found.notes} notes, "
        f"and at {found.leaves} entries of the log; compared with {len(held.checkpoints)} checkpoints and "
        f"{len(heads)} receipts: {came_out}."
    )
    if found.wrong:
        raise click.exceptions.Exit(1)


def _checkpoints(file: Path) -> list[Checkpoint]:
    """The checkpoints in a file, which may be a mail as it was saved."""
    content = file.read_bytes()
    texts = [content.decode("utf-8", "replace")]
    mail = email.message_from_bytes(content, policy=email.policy.default)
    texts += [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain" and mail["From"]]
    found = {one.text: one for text in texts for one in checkpoints_in(text)}
    if not found:
        raise click.ClickException(f"There is no checkpoint in {file}.")
    return list(found.values())
