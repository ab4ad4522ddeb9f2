"""Commands that do what the desk does: the same actions as its pages."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from workflow import clock
from workflow.actions import accounts, circulation, coalition, drafting, inviting, locked
from workflow.cli.ground import AS, acting_user, command, database, in_words, statement_named
from workflow.queries import cli as looking
from workflow.queries.coalition import memberships
from workflow.rules.circulation import Purpose, Role, Rule, Visibility
from workflow.rules.completion import AT_ONCE, MOST_HOLD_MINUTES, MOST_VALIDITY_DAYS, Completion, Ending
from workflow.rules.lifecycle import Stage
from workflow.rules.refusals import Message
from workflow.rules.reminding import NO_REMINDERS, Reminders, hours_of
from workflow.text.bringing import read_brought
from workflow.text.editions import compared
from workflow.text.importing import read_members
from workflow.text.instants import format_instant, in_zone, iso, parse_instant
from workflow.text.word import FILE_LIMIT


@click.group()
def user() -> None:
    """Users of the lead's desk."""


@command("add")
@click.option("--organisation", required=True, help="The lead organisation; made where it does not exist.")
@click.option("--name", required=True, help="The user's name.")
@click.option("--mail", required=True, help="The user's mail address; also the name to sign in with.")
@click.option("--password-stdin", is_flag=True, help="Read a password; without it a link to choose one is mailed.")
def user_add(organisation: str, name: str, mail: str, password_stdin: bool) -> None:
    """Add a user."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with database() as (_, session):
        accounts.add_user(session, clock.now(), organisation_name=organisation, name=name, mail=mail, password=password)
    click.echo(f"{mail} can sign in." if password else f"A link to choose a password is on its way to {mail}.")


@click.group("coalition")
def coalition_() -> None:
    """Coalitions and their members."""


@command("import")
@click.argument("name")
@click.argument("members", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS
def coalition_import(name: str, members: Path, as_mail: str | None) -> None:
    """Make the coalition NAME, or find it, and take over the members in the CSV file MEMBERS."""
    rows = read_members(members.read_bytes())
    with database() as (_, session):
        acting = acting_user(session, as_mail)
        found = looking.coalition_by_name(session, acting.organisation_id, name)
        found_id = found.id if found else coalition.create(session, clock.now(), acting.id, name).id
        coalition.import_members(session, clock.now(), acting.id, found_id, rows)
        members_now = memberships(session, found_id)
    click.echo(f"{name} has {len(members_now)} member organisations.")


@click.group()
def statement() -> None:
    """Statements."""


@command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--coalition", "coalition_name", required=True, help="The coalition that is to sign it.")
@AS
def statement_import(files: tuple[Path, ...], coalition_name: str, as_mail: str | None) -> None:
    """Begin a statement from FILES: Word (.docx), Markdown with front matter, or the plain shape of a press release.

    Each file is one edition, in a language of its own; the first is the authoritative one.
    """
    imported, *others = [read_brought(_content(file)) for file in files]
    with database() as (_, session):
        acting = acting_user(session, as_mail)
        found = looking.coalition_by_name(session, acting.organisation_id, coalition_name)
        if found is None:
            raise click.ClickException(
                f"There is no coalition {coalition_name}. `workflow coalition import` makes one."
            )
        translations = [one.edition for one in others]
        who = (session, clock.now(), acting.id)
        begun = drafting.begin(*who, found.id, imported.edition, translations=translations)
        names = {one.listed_name for one in memberships(session, found.id)}
        handle = looking.handle_of(session, acting.organisation_id, begun.public_id)
    for one in (imported, *others):
        for warning in (*one.warnings, *(compared(imported.edition, one.edition) if one is not imported else ())):
            click.echo(
                f"Note ({one.edition.language}): {in_words(warning)}" if others else f"Note: {in_words(warning)}",
                err=True,
            )
    for name in imported.signatories:
        if name not in names:
            click.echo(f"Note: {name} stands under the text but is not a member of {coalition_name}.", err=True)
    click.echo(handle)


def _content(file: Path) -> bytes:
    # A larger one is refused without being read.
    with file.open("rb") as opened:
        return opened.read(FILE_LIMIT + 1)


@command("circulate")
@click.argument("slug")
@click.option("--deadline", required=True, help="Such as 2027-03-29T19:00+01:00 or '2027-03-29 19:00 Europe/London'.")
@click.option(
    "--no-code", is_flag=True, help="Sign without six digits by mail (docs/security.md says what that means)."
)
@click.option("--at-least", type=click.IntRange(min=0), default=0, help="Sign-offs needed in all, beside the required.")
@click.option("--others", type=click.IntRange(min=0), default=0, help="Sign-offs needed by those not required.")
@click.option("--hold-open", is_flag=True, help="Not final before the deadline, whoever has signed.")
@click.option("--silence", is_flag=True, help="Adopted without names unless somebody objects before the deadline.")
@click.option("--note", default="", help="A cover note for the letters.")
@click.option("--for-comment", is_flag=True, help="Collect comments and objections; nothing is signed.")
@click.option(
    "--visibility",
    type=click.Choice([one.value for one in Visibility]),
    default="everything",
    help="What members see of each other.",
)
@click.option("--objections-hold", is_flag=True, help="An optional organisation's objection holds the text back too.")
@click.option("--editorial-hours", type=click.IntRange(0, 240), default=0, help="Editorial changes keep sign-offs.")
@click.option("--editorial-words", type=click.IntRange(0, 1000), default=20, help="Words such a change may touch.")
@click.option("--embargo", default="", help="Publish at this instant, and nothing before; typed like the deadline.")
@click.option("--hold-minutes", type=click.IntRange(0, MOST_HOLD_MINUTES), default=0, help="Wait so long to publish.")
@click.option("--press", is_flag=True, help="Once locked, wait for `workflow publish`.")
@click.option(
    "--validity-days", type=click.IntRange(1, MOST_VALIDITY_DAYS), default=90, help="How long a sign-off holds."
)
@click.option("--all-named", is_flag=True, help="Nobody may ask to be counted without being named.")
@click.option("--late-until", default="", help="Until then organisations can sign after the publication; an instant.")
@click.option("--soft-deadline", default="", help="Ask for answers by this instant already; nothing ends then.")
@click.option("--no-reminders", is_flag=True, help="Remind nobody; else half-way, 24 hours and 3 hours before.")
@click.option("--remind-hours", default="24, 3", help="Remind so many hours before the deadline.")
@click.option("--urgent", is_flag=True, help="Remind at night too.")
@click.option("--vouched", is_flag=True, help="The speakers approved quotes that nobody on the roll can approve.")
@AS
def circulate(
    slug: str, deadline: str, no_code: bool, at_least: int, note: str, as_mail: str | None, **asked: Any
) -> None:
    """Ask all members of the coalition, in their default roles, about the statement SLUG.

    A statement that circulates for comment is led on to sign-off by the same command.
    """
    until, zone = parse_instant(deadline)
    with database() as (_, session):
        acting = acting_user(session, as_mail)
        found = statement_named(session, acting, slug)
        asking = circulation.Asking(
            roll=[(one.organisation_id, Role(one.default_role)) for one in memberships(session, found.coalition_id)],
            deadline_at=until,
            deadline_zone=zone,
            cover_note=note,
            code_required=not no_code,
            rule=_rule(at_least, asked),
            visibility=Visibility(asked["visibility"]),
            vouched=asked["vouched"],
            ending=AT_ONCE if asked["for_comment"] else _ending(asked),
            reminders=_reminders(asked),
            soft_deadline_at=parse_instant(asked["soft_deadline"])[0] if asked["soft_deadline"] else None,
        )
        ask = circulation.ask_to_sign if found.stage == Stage.CIRCULATING else circulation.circulate
        ask(session, clock.now(), acting.id, found.public_id, asking)
    click.echo(f"{len(asking.roll)} organisations are asked; they can answer until {format_instant(until, zone)}.")


def _reminders(asked: dict[str, Any]) -> Reminders:
    if asked["no_reminders"]:
        return NO_REMINDERS
    return Reminders(True, hours_of(asked["remind_hours"]), asked["urgent"])


def _rule(at_least: int, asked: dict[str, Any]) -> Rule:
    if asked["for_comment"]:
        return Rule(purpose=Purpose.COMMENT)
    if asked["silence"]:
        return Rule(silence=True)
    hours = asked["editorial_hours"]
    return Rule(
        at_least=at_least,
        others=asked["others"],
        hold_open=asked["hold_open"],
        objections_hold=asked["objections_hold"],
        editorial_hours=hours,
        editorial_words=asked["editorial_words"] if hours else 0,
    )


def _ending(asked: dict[str, Any]) -> Ending:
    ways = {
        Completion.EMBARGO: bool(asked["embargo"]),
        Completion.HOLD: bool(asked["hold_minutes"]),
        Completion.PRESS: asked["press"],
    }
    chosen = [way for way, wanted in ways.items() if wanted]
    if len(chosen) > 1:
        raise click.ClickException("Choose one of --embargo, --hold-minutes and --press.")
    return Ending(
        how=chosen[0] if chosen else Completion.AT_ONCE,
        embargo_at=in_zone(*parse_instant(asked["embargo"])) if asked["embargo"] else None,
        hold_minutes=asked["hold_minutes"],
        validity_days=asked["validity_days"],
        withheld_allowed=not asked["all_named"],
        late_until=parse_instant(asked["late_until"])[0] if asked["late_until"] else None,
    )


@command("publish")
@click.argument("slug")
@AS
def publish(slug: str, as_mail: str | None) -> None:
    """Publish the locked statement SLUG, where it waits for that."""
    with database() as (_, session):
        acting = acting_user(session, as_mail)
        found = statement_named(session, acting, slug)
        locked.publish_now(session, clock.now(), acting.id, found.public_id)
        session.refresh(found)
        public = found.stage == Stage.PUBLISHED
    click.echo("Published, and everybody who was asked is told." if public else "Not published: see `workflow status`.")


@command("conclude")
@click.argument("slug")
@AS
def conclude(slug: str, as_mail: str | None) -> None:
    """Close the comments on the statement SLUG; it is a draft again."""
    with database() as (_, session):
        acting = acting_user(session, as_mail)
        found = statement_named(session, acting, slug)
        circulation.conclude(session, clock.now(), acting.id, found.public_id)
    click.echo("The comments are closed, and everybody who was asked is told.")


@command("status")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@AS
def status(slug: str, as_json: bool, as_mail: str | None) -> None:
    """Say where the statement SLUG stands: its stage, who has answered what, and what is missing."""
    with database() as (settings, session):
        acting = acting_user(session, as_mail)
        found = statement_named(session, acting, slug)
        facts = looking.standing_of(session, found, settings.base_url, iso)
    missing = facts.pop("missing")
    facts["missing"] = in_words(missing) if isinstance(missing, Message) else ""
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    until = f" for {facts['purpose']} until {facts['deadline']}" if facts["stage"] == "circulating" else ""
    click.echo(f"{facts['headline']}\n{facts['stage']}{until}" + (f" · {facts['address']}" if facts["address"] else ""))
    for one in facts["roll"]:
        said = [one["answer"] or "no answer yet", *(f"quote {word}" for word in one["quotes"])]
        click.echo(f"  {one['organisation']} ({one['role']}): {', '.join(said)}")
    if facts["missing"]:
        click.echo(facts["missing"])


@command("invite")
@click.argument("slug")
@click.argument("mail")
@AS
def invite(slug: str, mail: str, as_mail: str | None) -> None:
    """Send the contact with the address MAIL a new approval link for SLUG; an earlier one stops working."""
    with database() as (_, session):
        acting = acting_user(session, as_mail)
        found = statement_named(session, acting, slug)
        contact_id = looking.contact_on_roll(session, found.id, mail)
        if contact_id is None:
            raise click.ClickException(f"Nobody with the address {mail} is being asked about this statement.")
        inviting.invite(session, clock.now(), acting.id, found.public_id, contact_id)
    click.echo(f"A new link is on its way to {mail}.")


@command("recall")
@click.argument("slug")
@AS
def recall(slug: str, as_mail: str | None) -> None:
    """End the circulation of SLUG; it is a draft again, and everybody asked is told."""
    with database() as (_, session):
        acting = acting_user(session, as_mail)
        found = statement_named(session, acting, slug)
        circulation.recall(session, clock.now(), acting.id, found.public_id)
    click.echo("Recalled. The statement is a draft again.")
