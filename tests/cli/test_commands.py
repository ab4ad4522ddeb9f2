"""The `workflow` command: what each says, and that every "no" is a sentence with an exit code and no traceback."""

import json
import socket

import click
import pytest
from sqlalchemy import select

from tests.actions.acting import sign
from tests.builders import QUOTELESS, circulate, world
from tests.cli.calling import HEAD, LEAD, SLUG, call, done, ready, refused
from tests.formats.publishing import publish
from tests.text.example import PRESS_RELEASE, SIGNATORIES
from tests.text.word_files import laughing, para, table, word_file
from workflow import db, demo, keys
from workflow.cli import main
from workflow.config import from_environment
from workflow.models.publication import Publication

DEADLINE = "2090-03-29 19:00 Europe/London"
pytestmark = pytest.mark.usefixtures("settings")

COMMANDS = (
    "run", "web", "worker", "migrate", "demo", "user", "user add", "coalition", "coalition import", "statement",
    "statement import", "circulate", "conclude", "status", "invite", "recall", "publish",
    "keys", "keys show", "keys rotate", "audit",
    "takedown", "export", "verify",
)  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_help_says_what_a_command_does_and_what_each_option_is(words):
    command = main
    for word in words.split():
        command = command.commands[word]
    assert command.help
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    assert [one.name for one in options if not one.help] == []
    shown = done(*words.split(), "--help")
    assert command.help.splitlines()[0].split()[0] in shown
    assert "--parent" not in shown


def test_the_commands_are_these():
    found = set(main.commands)
    found |= {f"{name} {under}" for name, one in main.commands.items() for under in getattr(one, "commands", ())}
    assert found == set(COMMANDS)


def test_from_members_to_a_recalled_circulation(files):
    ready(files)
    assert "7 organisations are asked" in done("circulate", SLUG, "--deadline", DEADLINE, "--no-code", "--at-least", 7)
    said = done("status", SLUG)
    assert "circulating" in said
    assert said.count("no answer yet") == 7
    assert "Waiting for" in said
    facts = json.loads(done("status", SLUG, "--json"))
    assert [facts["stage"], facts["revision"], facts["address"]] == ["circulating", 1, None]
    assert [one["organisation"] for one in facts["roll"]] == list(SIGNATORIES)
    assert facts["deadline"] == "2090-03-29T18:00:00Z"
    assert len(facts["digest"]) == 64
    assert "on its way" in done("invite", SLUG, "KIM@m3.example.org")
    assert "draft again" in done("recall", SLUG)
    assert json.loads(done("status", facts["id"], "--json"))["stage"] == "draft"


def test_what_happens_once_the_rule_is_met_is_chosen_by_options(files):
    ready(files)
    common = ("circulate", SLUG, "--deadline", DEADLINE)
    assert "Choose one of" in refused(*common, "--embargo", DEADLINE, "--press")
    assert "instant of publication lies in the past" in refused(*common, "--embargo", "2020-01-01 10:00 UTC")
    embargo, last = "2090-04-01 10:00 Europe/Berlin", "2090-05-01 00:00 UTC"
    done(*common, "--embargo", embargo, "--validity-days", 30, "--late-until", last)
    assert json.loads(done("status", SLUG, "--json"))["publishes"] is None  # it is not locked yet
    assert "not possible now" in refused("publish", SLUG)


def test_the_rule_is_chosen_by_options(files):
    ready(files)
    common = ("circulate", SLUG, "--deadline", DEADLINE, "--no-code")
    assert "more sign-offs than there are" in refused(*common, "--others", 9)
    done(*common, "--hold-open")
    assert "it stays open until the deadline" in done("status", SLUG)
    done("recall", SLUG)
    done(*common, "--silence", "--at-least", 7)
    assert {one["role"] for one in json.loads(done("status", SLUG, "--json"))["roll"]} == {"optional"}


def test_the_soft_deadline_and_the_reminders_are_chosen_by_options(files):
    ready(files)
    common = ("circulate", SLUG, "--deadline", DEADLINE)
    assert "before the deadline" in refused(*common, "--soft-deadline", DEADLINE)
    assert "whole hours" in refused(*common, "--remind-hours", "soon")
    done(*common, "--soft-deadline", "2090-03-28 19:00 Europe/London", "--remind-hours", "48, 2", "--urgent")


def test_what_cannot_be_found_is_named(files):
    ready(files)
    assert "no statement other" in refused("status", "other")
    assert "no statement other" in refused("circulate", "other", "--deadline", DEADLINE)
    assert "no statement other" in refused("recall", "other")
    assert "no statement other" in refused("invite", "other", "a@example.org")
    assert "no user x@example.org" in refused("status", SLUG, "--as", "x@example.org")
    assert "no coalition Hill" in refused("statement", "import", files / "text.md", "--coalition", "Hill")
    assert "does not exist" in refused("coalition", "import", "Valley", files / "none.csv")
    assert "is being asked" in refused("invite", SLUG, "kim@m3.example.org")
    done("circulate", SLUG, "--deadline", DEADLINE)
    assert "nobody@m3.example.org" in refused("invite", SLUG, "nobody@m3.example.org")


def test_several_users_must_say_who_acts(files):
    ready(files)
    done("user", "add", "--organisation", "Other Office", "--name", "Ola", "--mail", "ola@other.example.org")
    assert "--as" in refused("status", SLUG)
    assert "no statement" in refused("status", SLUG, "--as", "ola@other.example.org")
    assert "draft" in done("status", SLUG, "--as", "NOOR@valley.example.org")


def test_two_statements_of_one_headline_go_by_their_ids(files):
    ready(files)
    second = done("statement", "import", files / "text.md", "--coalition", "Valley").split()[-1]
    assert second != SLUG
    assert "no statement" in refused("status", SLUG)
    assert "draft" in done("status", second)


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        ("tomorrow", "2026-03-29 19:00 Europe/London"),
        ("2090-03-29 19:00", "2026-03-29 19:00 Europe/London"),
        ("2090-03-29 19:00 Europe/Nowhere", "Europe/Nowhere"),
        ("2031-03-30 01:30 Europe/London", "02:30"),
        ("2031-10-26 01:30 Europe/London", "+01:00"),
        ("2001-03-29 19:00 Europe/London", "past"),
    ],
)
def test_a_deadline_that_is_none(files, deadline, words):
    ready(files)
    assert words in refused("circulate", SLUG, "--deadline", deadline)
    assert json.loads(done("status", SLUG, "--json"))["stage"] == "draft"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (HEAD + "Hill,required,Kim,kim@hill.example.org\nLake,required,Ada,no-mail\n", "Line 3"),
        (HEAD + "Hill,chair,Kim,kim@hill.example.org\n", "Line 2"),
        ("organisation,contact_name\nHill,Kim\n", "Line 1"),
        (HEAD, ""),
        ("", ""),
    ],
)
def test_a_member_file_that_cannot_be_read_adds_nobody(files, content, line):
    done("migrate")
    done("user", "add", *LEAD, "--mail", "noor@valley.example.org")
    (files / "members.csv").write_text(content, encoding="utf-8")
    said = refused("coalition", "import", "Valley", files / "members.csv")
    assert said.startswith(line)
    assert "no coalition Valley" in refused("statement", "import", files / "text.md", "--coalition", "Valley")


def test_a_statement_file_that_cannot_be_read(files):
    ready(files)
    (files / "text.md").write_bytes(b"Press\xff release")
    assert "UTF-8" in refused("statement", "import", files / "text.md", "--coalition", "Valley")
    (files / "text.md").write_text("+++\nheadline = 3\n+++\nText", encoding="utf-8")
    assert refused("statement", "import", files / "text.md", "--coalition", "Valley").startswith("Line 2")


def test_what_stands_under_a_text_is_compared_with_the_members(files):
    ready(files)
    (files / "text.md").write_text(PRESS_RELEASE.rstrip() + " • Nobody Known\n", encoding="utf-8")
    said = call("statement", "import", files / "text.md", "--coalition", "Valley")
    assert "Nobody Known stands under the text but is not a member of Valley" in said.stderr
    assert said.stdout.split() != []


def test_a_word_file_is_imported_and_what_was_left_out_is_said(files):
    ready(files)
    path = files / "release.docx"
    path.write_bytes(word_file(para("Press release"), para("A bridge", style="Title"), table(["a", "b"], ["c", "d"])))
    said = call("statement", "import", path, "--coalition", "Valley")
    assert said.stdout == "a-bridge\n"
    assert said.stderr == "Note: Tables were read as lines, with | between the cells: 1.\n"
    path.write_bytes(laughing())
    assert "written in a way that Word does not write" in refused("statement", "import", path, "--coalition", "Valley")


def test_a_user_that_cannot_be_added():
    done("migrate")
    assert "name@example.org" in refused("user", "add", *LEAD, "--mail", "noor")
    assert "too short" in refused("user", "add", *LEAD, "--mail", "n@example.org", "--password-stdin", stdin="short\n")
    assert "on its way" in done("user", "add", *LEAD, "--mail", "n@example.org")
    assert "exists already" in refused("user", "add", *LEAD, "--mail", "N@example.org")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEYS", "", "WORKFLOW_SECRET_KEYS must be set"),
        ("SECRET_KEYS", "short", "weak"),
        ("SECRET_KEYS", "a" * 64, "weak"),
        ("BASE_URL", "", "WORKFLOW_BASE_URL must be set"),
        ("BASE_URL", "http://sign.example.org", "https://"),
        ("BASE_URL", "https://sign.example.org/below", "without a path"),
        ("BASE_URL", "https://[sign", "WORKFLOW_BASE_URL"),
        ("BASE_URL", "https://sign.example.org:https", "WORKFLOW_BASE_URL"),
        ("MAIL_URL", "", "WORKFLOW_MAIL_URL must be set"),
        ("MAIL_URL", "mailto:a@example.org", "smtps://"),
        ("MAIL_URL", "smtp://mail.example.org:mail", "WORKFLOW_MAIL_URL"),
        ("MAIL_URL", "smtp+plain://mail.example.org", "this machine only"),
        ("MAIL_URL", "file://", "file:///directory"),
        ("MAIL_FROM", "The desk", "WORKFLOW_MAIL_FROM"),
        ("PORT", "http", "WORKFLOW_PORT"),
        ("PORT", "99999", "WORKFLOW_PORT"),
        ("PROXY_HOPS", "-1", "WORKFLOW_PROXY_HOPS"),
        ("WEB_PROCESSES", "0", "WORKFLOW_WEB_PROCESSES"),
        ("WEB_THREADS", "0", "WORKFLOW_WEB_THREADS"),
        ("HOST", "192.0.2.1", "WORKFLOW_HOST"),
        ("DATABASE_URL", "mysql://localhost/undersigned", "WORKFLOW_DATABASE_URL"),
        ("DATABASE_URL", "postgresql+other://localhost/undersigned", "WORKFLOW_DATABASE_URL"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/undersigned", "database does not answer"),
        ("DATABASE_URL", "sqlite:////proc/none/undersigned.sqlite3", "database does not answer"),
        ("DATA_DIR", "/proc/none", "/proc/none"),
    ],
)
def test_settings_that_cannot_be_run_with_are_refused_at_the_start(monkeypatch, name, value, words):
    monkeypatch.setenv(f"WORKFLOW_{name}", value)
    if name != "PORT":
        monkeypatch.setenv("WORKFLOW_PORT", str(_free_port()))
    assert words in refused("run")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_debug_mode_is_refused(monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert "FLASK_DEBUG" in refused("run")


def test_what_is_no_database_is_said_to_be_none(monkeypatch, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear members, this is no database. " * 40, encoding="utf-8")
    monkeypatch.setenv("WORKFLOW_DATABASE_URL", f"sqlite:///{tmp_path / 'letter.txt'}")
    for words in (["status", "x"], ["migrate"], ["worker"]):
        assert "not a database" in refused(*words)


@pytest.mark.parametrize(
    "words", [["status", "x"], ["web"], ["worker"], ["user", "add", *LEAD, "--mail", "n@a.example"]]
)
def test_a_database_that_was_not_migrated_is_told_apart(monkeypatch, tmp_path, words):
    monkeypatch.setenv("WORKFLOW_PORT", str(_free_port()))
    (tmp_path / "data").mkdir()
    assert "workflow migrate" in refused(*words)
    done("migrate")
    done("migrate")
    if words[0] == "status":
        assert "workflow migrate" not in refused(*words)


@pytest.mark.parametrize("words", [["run"], ["web"], ["demo"]])
def test_a_port_that_is_taken_is_said_before_anything_is_made(monkeypatch, tmp_path, words):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("WORKFLOW_PORT", str(taken.getsockname()[1]))
        said = refused(*words)
    assert str(taken) not in said
    assert "WORKFLOW_PORT" in said
    assert not (tmp_path / "data" / "undersigned.sqlite3").exists()


def test_a_demo_keeps_its_hands_off_what_is_none(files, monkeypatch):
    ready(files)
    monkeypatch.setenv("WORKFLOW_PORT", str(_free_port()))
    monkeypatch.setenv("WORKFLOW_DEMO", "0")  # so that it is put back
    assert "no demo" in refused("demo")


def test_a_demo_needs_no_settings(tmp_path):
    found = from_environment({"WORKFLOW_DEMO": "1", "WORKFLOW_DATA_DIR": str(tmp_path)})
    assert found.base_url == "http://127.0.0.1:8000"
    assert from_environment({"WORKFLOW_DEMO": "1", "WORKFLOW_DATA_DIR": str(tmp_path)}) == found
    assert (tmp_path / "demo-key").stat().st_mode & 0o077 == 0
    assert len(demo.MEMBERS.splitlines()) == 1 + 7


def test_the_operator_takes_a_statement_down_and_shows_it_again():
    done("migrate")
    settings_ = from_environment()
    engine = db.engine_for(settings_.database_url)
    key = keys.from_settings(settings_.signing_key, settings_.signing_key_file, settings_.base_host)
    with db.sessions_for(engine, key)() as session:
        slug = publish(session, ["Harbour Aid"])
    engine.dispose()
    assert "on what ground" in refused("takedown", slug, "--reason", " ")
    assert "shown already" in refused("takedown", slug, "--reason", "x", "--undo")
    told = done("takedown", slug, "--reason", "By order of the valley court.")
    assert told == f"https://sign.example.org/statements/{slug} says that it was taken down.\n"
    assert "taken down already" in refused("takedown", slug, "--reason", "x")
    done("audit")  # what the operator did stands in the history as what the operator did
    assert "shows the statement again" in done("takedown", slug, "--undo", "--reason", "The order was lifted.")
    refused("takedown", "no-such-statement", "--reason", "x")


def test_a_ground_that_names_who_is_withheld_is_refused_in_a_sentence():
    done("migrate")
    settings_ = from_environment()
    engine = db.engine_for(settings_.database_url)
    key = keys.from_settings(settings_.signing_key, settings_.signing_key_file, settings_.base_host)
    with db.sessions_for(engine, key)() as session:
        made = circulate(world(session, 2, QUOTELESS))
        sign(made, 0, withheld=True)
        sign(made, 1)
        slug = session.scalars(select(Publication.slug)).one()
    engine.dispose()
    said = refused("takedown", slug, "--reason", f"At the suit of {made.members[0].name}.")
    assert said.startswith("reason: These words name an organisation that is counted and not named.")
    assert "shown already" in refused("takedown", slug, "--reason", "x", "--undo"), "it is not taken down"


def test_unknown_words_are_refused():
    assert "No such command" in refused("proclaim")
    assert "--deadline" in refused("circulate", "x")


def test_a_file_for_each_language_makes_one_statement(files):
    ready(files)
    for language, number in (("ar", "40"), ("fr", "41")):
        text = f'+++\nheadline = "The road"\nlanguage = "{language}"\n+++\nClosed for {number} days.\n'
        (files / f"{language}.md").write_text(text, encoding="utf-8")
    told = done("statement", "import", files / "ar.md", files / "fr.md", "--coalition", "Valley")
    assert "Note (fr): Numbers that the authoritative text does not have: 41" in told
    assert "There is an edition in this language already (Arabic)" in refused(
        "statement", "import", files / "ar.md", files / "ar.md", "--coalition", "Valley"
    )
