"""Calling the command as a shell does, and what is called for again and again."""

from pathlib import Path

from click.testing import CliRunner, Result

from tests.text.example import SIGNATORIES
from workflow.cli import main

SLUG = "neighbours-ask-for-a-safe-crossing-at-mill-bridge"
HEAD = "organisation,role,contact_name,contact_email\n"
MEMBERS = HEAD + "".join(f"{name},required,Kim Example,kim@m{n}.example.org\n" for n, name in enumerate(SIGNATORIES))
LEAD = ("--organisation", "Valley Office", "--name", "Noor Example")


def call(*words: object, stdin: str = "") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def done(*words: object, stdin: str = "") -> str:
    result = call(*words, stdin=stdin)
    assert result.exit_code == 0, (words, result.output, result.exception)
    return result.output


def refused(*words: object, stdin: str = "") -> str:
    """The one sentence of a refusal; nothing but a refusal passes."""
    result = call(*words, stdin=stdin)
    assert result.exit_code not in (0, None)
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert "Error: " in result.output
    return result.output.partition("Error: ")[2].strip()


def ready(files: Path) -> None:
    done("migrate")
    done("user", "add", *LEAD, "--mail", "noor@valley.example.org", "--password-stdin", stdin="ten letters and more\n")
    done("coalition", "import", "Valley", files / "members.csv")
    assert SLUG in done("statement", "import", files / "text.md", "--coalition", "Valley").splitlines()
