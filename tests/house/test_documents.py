"""What is written for readers is true: links lead somewhere, settings and commands exist, examples work."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click import Group
from click.testing import CliRunner

from tests.builders import KEYS
from tests.formats.publishing import SEVEN_LISTED, publish, take_back
from tests.house.reading import ROOT, files, nothing
from workflow.cli import main
from workflow.formats.record_file import json_file
from workflow.queries.publication import by_slug

DOCUMENTS = [
    path for path in files() if path.suffix == ".md" and (path.parent == ROOT or ROOT / "docs" in path.parents)
    and "examples" not in path.parts
]  # fmt: skip
SETTING = re.compile(r"WORKFLOW_[A-Z]+(?:_[A-Z]+)*")
CODE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def told(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def rows(text: str) -> set[str]:
    """What stands in backquotes in the first column of the tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.M))


def written_as_code(text: str) -> list[str]:
    """What stands between backquotes, and every line of a block."""
    in_blocks = [line for _, block in CODE.findall(text) for line in block.splitlines()]
    return [*re.findall(r"`([^`]+)`", CODE.sub("", text)), *in_blocks]


def anchors(path: Path) -> set[str]:
    """Where a link into a document can lead: its headlines, as hosts of repositories name them."""
    heads = re.findall(r"^#+ (.+)$", CODE.sub("", path.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_there_is_what_a_project_has():
    names = {path.relative_to(ROOT).as_posix() for path in DOCUMENTS}
    assert names >= {
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/walk.md", "docs/operations.md", "docs/formats.md",
        "docs/glossary.md", "docs/lifecycle.md", "docs/security.md",
    }  # fmt: skip
    assert (ROOT / "LICENSE").is_file()


def test_every_link_leads_somewhere():
    found = []
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", path.read_text(encoding="utf-8"))):
            if re.match(r"https?://|#$", target):
                continue
            name, _, part = target.partition("#")
            leads_to = (path.parent / name).resolve() if name else path
            if not leads_to.exists():
                found.append(f"{path.name}: {target}")
            elif part and part not in anchors(leads_to):
                found.append(f"{path.name}: {target} (no such headline)")
    nothing(found)


def test_every_place_in_the_walk_is_there():
    places = re.findall(r"\[`([\w/]+\.py): (\w+)`\]\((\.\./workflow/[\w/]+\.py)\)", told("docs/walk.md"))
    assert len(places) >= 30
    wrong = [
        f"{file}: {name}"
        for file, name, target in places
        if target != f"../workflow/{file}"
        or not re.search(rf"^\s*(?:def |class )?{name}\b(?:\(|:| =)", told(f"workflow/{file}"), re.M)
    ]
    nothing(wrong)
    rooms = {file.partition("/")[0] for file, _, _ in places}
    assert rooms >= {"web", "actions", "queries", "rules", "models", "mail", "text", "formats", "links.py", "worker.py"}


def test_every_picture_of_the_readme_is_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", told("README.md"))
    assert len(pictures) >= 4
    assert [name for name in pictures if not (ROOT / name).is_file()] == []


def test_the_two_commands_come_first_and_every_make_word_exists():
    words = set(re.findall(r"^([a-z]+):(?!=)", told("Makefile"), re.M))
    readme = told("README.md")
    assert re.findall(r"^make (\w+) ", readme, re.M)[:2] == ["run", "test"]
    used = {
        (path.name, word)
        for path in DOCUMENTS
        for code in written_as_code(path.read_text(encoding="utf-8"))
        for word in re.findall(r"^(?:[A-Z_]+=\S+ )*make ([a-z]+)", code)
    }
    assert {word for _, word in used} >= {"run", "test", "prove", "bench"}
    nothing(f"{name}: make {word}" for name, word in used if word not in words)
    assert "make test" in told(".ci/run")


def test_the_table_of_settings_is_what_the_code_reads():
    assert rows(told("docs/operations.md")) & {"WORKFLOW_BASE_URL"}
    documented = {name for name in rows(told("docs/operations.md")) if SETTING.fullmatch(name)}
    assert documented == set(SETTING.findall(told("workflow/config.py")))


def test_the_table_of_settings_has_the_defaults_of_the_code():
    lines = re.findall(r"^\| `(WORKFLOW_\w+)` \| .* \| ([^|]+) \|$", told("docs/operations.md"), re.M)
    table = {name: default.strip("`") for name, default in lines}
    code = dict(re.findall(r'_number\(env, "(\w+)", (\d+)\)', told("workflow/config.py")))
    assert len(code) == 4
    assert {name: table[name] for name in code} == code
    assert table["WORKFLOW_HOST"] == "127.0.0.1"


def test_what_the_tests_read_from_outside_is_told_to_who_runs_them():
    read = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r'environ(?:\.get\(|\[)"(WORKFLOW_\w+)"', path.read_text(encoding="utf-8"))
    } - set(SETTING.findall(told("workflow/config.py")))
    assert rows(told("CONTRIBUTING.md")) & read == read
    assert read >= {"WORKFLOW_TEST_POSTGRESQL_URL", "WORKFLOW_CHROMIUM", "WORKFLOW_REQUIRE_ALL"}


def test_no_document_names_a_setting_that_nobody_reads():
    known = set(SETTING.findall(told("workflow/config.py")))
    for path in (ROOT / "tests").rglob("*.py"):
        known |= set(SETTING.findall(path.read_text(encoding="utf-8")))
    nothing(
        f"{path.name}: {name}"
        for path in DOCUMENTS
        for name in SETTING.findall(path.read_text(encoding="utf-8"))
        if name not in known
    )


def commands(text: str) -> list[list[str]]:
    """Every `workflow …` in code, as words."""
    lines = [
        line.partition(" #")[0].removeprefix("ExecStart=/opt/undersigned/").removeprefix(".venv/bin/").strip()
        for line in written_as_code(text)
    ]
    return [shlex.split(one) for one in lines if re.match(r"workflow [a-z-]", one)]


def test_every_command_that_is_written_down_exists():
    found, named = [], set()
    for path in DOCUMENTS:
        for words in commands(path.read_text(encoding="utf-8")):
            command = main
            rest = words[1:]
            while rest and isinstance(command, Group) and rest[0] in command.commands:
                named.add(rest[0])
                command = command.commands[rest.pop(0)]
            options = {opt for one in command.params for opt in one.opts} | {"--help"}
            wrong = [word for word in rest if word.startswith("--") and word not in options]
            if wrong or (isinstance(command, Group) and rest[:1] != ["--help"]):
                found.append(f"{path.name}: {' '.join(words)}")
    nothing(found)
    assert named >= set(main.commands)


def test_the_readme_says_before_the_commands_how_they_find_the_demo():
    before = told("README.md").partition("## The command")[2].partition("```sh")[0]
    assert "`WORKFLOW_DEMO=1`" in before and "`WORKFLOW_PORT`" in before


def test_what_is_said_of_press_kit_and_sitemap_is_no_more_than_there_is():
    rows = dict(re.findall(r"^\| `(/\S+)` \| (.*) \|$", told("docs/formats.md"), re.M))
    assert "with its signatures" in rows["/statements/SLUG/press-kit.zip"]
    assert "each statement once" in rows["/sitemap.xml"] and "hreflang" in rows["/sitemap.xml"]


def test_the_commands_of_the_readme_work_one_after_the_other(tmp_path, monkeypatch):
    for name, value in {
        "DATA_DIR": str(tmp_path),
        "SECRET_KEYS": KEYS[0],
        "BASE_URL": "https://sign.example.org",
        "MAIL_URL": f"file://{tmp_path / 'mail'}",
        "MAIL_FROM": "undersigned@example.org",
    }.items():
        monkeypatch.setenv(f"WORKFLOW_{name}", value)
    monkeypatch.delenv("WORKFLOW_DEMO", raising=False)
    monkeypatch.delenv("WORKFLOW_DATABASE_URL", raising=False)
    monkeypatch.chdir(ROOT)
    (block,) = [block for _, block in CODE.findall(told("README.md")) if "statement import" in block]
    lines = block.strip().splitlines()
    assert len(lines) == 13
    for line in lines:
        result = CliRunner().invoke(main, shlex.split(line)[1:])
        assert result.exit_code == 0, (line, result.output)


def test_the_script_that_checks_a_publication_finds_what_is_wrong(session):
    slug = publish(session)
    script = ROOT / "docs" / "examples" / "check.py"

    def check(given: bytes) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-X", "utf8", str(script)]
        return subprocess.run(command, input=given.decode(), capture_output=True, encoding="utf-8", check=False)

    given = json_file(by_slug(session, slug))
    said = check(given)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines()[:7] == SEVEN_LISTED.split(" • ")
    assert "7 signatories, 0 of them" in said.stdout
    changed = (("crossing", "bridge"), ("Lakeside Relief", "Lakeside relief"), ('"revision":1', '"revision":2'))
    for old, new in changed:
        assert check(given.replace(old.encode(), new.encode())).returncode != 0
    take_back(session, "Lakeside Relief")
    assert "7 signatories, 1 of them" in check(json_file(by_slug(session, slug))).stdout


def test_the_changelog_has_this_release():
    number = tomllib.loads(told("pyproject.toml"))["project"]["version"]
    heads = re.findall(r"^## \[(.+?)\]", told("CHANGELOG.md"), re.M)
    assert heads[0] == "Unreleased"
    assert number in heads


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_begins_with_its_title_and_closes_its_code(path):
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# \S", text)
    assert text.count("\n```") % 2 == 0
    assert "\t" not in text
