"""Commands of the operator that concern one statement, whoever leads it."""

import click

from workflow import clock
from workflow.actions import taking_down
from workflow.cli.ground import command, database
from workflow.rules.noting import LONGEST_NOTE
from workflow.rules.refusals import NothingChanged
from workflow.text.checking import clean_text


@command("takedown")
@click.argument("slug")
@click.option("--reason", required=True, help="The sentence that the page shows: by whose order, on what ground.")
@click.option("--undo", is_flag=True, help="Show the statement again.")
def takedown(slug: str, reason: str, undo: bool) -> None:
    """Take the published statement SLUG down because the law demands it: its page and files say that, and nothing else.

    Its record stays in the database, its digest is said still, its signatories and its lead are told by mail.
    """
    said = clean_text(reason, field="reason", limit=LONGEST_NOTE)
    with database() as (settings, session):
        try:
            (taking_down.restore if undo else taking_down.take_down)(session, clock.now(), slug, said)
        except NothingChanged:
            raise click.ClickException(f"{slug} is {'shown' if undo else 'taken down'} already.") from None
        address = f"{settings.base_url}/statements/{slug}"
    click.echo(f"{address} {'shows the statement again' if undo else 'says that it was taken down'}.")
