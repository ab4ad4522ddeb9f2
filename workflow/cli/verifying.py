"""The command that says whether a text, a PDF or a record is one of this installation's publications."""

import urllib.error
import urllib.request
from functools import cache, partial
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from babel.support import NullTranslations, Translations

from workflow.cli.ground import command, database, in_words
from workflow.config import LANGUAGES, TRANSLATIONS
from workflow.formats.notes import notes_of
from workflow.formats.reading import Saying
from workflow.formats.verifying import Compared, Verdict
from workflow.queries.verifying import LONGEST_JSON, Looked, look
from workflow.rules.refusals import FileRefused

HEADS = {
    Verdict.CURRENT: "Authentic and current",
    Verdict.SINCE: "Authentic, but something came since",
    Verdict.DOWN: "Authentic, but taken down since by the operator",
    Verdict.CARRIED: "It carries the record of a statement that was taken down since by the operator of this site",
    Verdict.NAMED: "The digest or the address of a publication, and not its text",
    Verdict.AROUND: "The published text, with other words before or behind it",
    Verdict.NAMES: "The words are authentic, the names are not those that are listed now",
    Verdict.PART: "Words of a published text, but not all of it",
    Verdict.ALTERED: "Altered: this is not what was published",
    Verdict.NONE: "Not ours: nothing that is published here is like this",
}
CODES = {Verdict.CURRENT: 0, Verdict.SINCE: 0, Verdict.DOWN: 0, Verdict.ALTERED: 1, Verdict.NONE: 1}
SECONDS = 20
MOST_AROUND, LONGEST_AROUND = 5, 600


class Unread(click.ClickException):
    """Nothing could be said, which is not the same as "not ours"."""

    exit_code = 2


@command("verify")
@click.argument("what", metavar="FILE|URL")
@click.option("--offline", is_flag=True, help="Never use the network: take nothing but a file.")
def verify_(what: str, offline: bool) -> None:
    """Say whether a text, a PDF, a record or its JSON file is a publication of this installation, and still current.

    Ends with 0 for what is authentic (also if something came since), with 1 for what is altered or not ours, and with 2
    for a part, for other names or with other words around it, and where nothing could be read. It asks the database of
    this installation; docs/verify.py needs neither that nor this software.
    """
    data = _fetched(what, offline) if what.startswith(("http://", "https://")) else _read(what)
    with database() as (settings, session):
        try:
            looked = look(session, data, partial(_address, settings.base_url), _speaking)
        except FileRefused as refused:
            raise Unread(in_words(refused.problem)) from None
        _print(looked, settings.base_url)
    code = CODES.get(looked.told.verdict, 2)
    if code:
        raise click.exceptions.Exit(code)


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Unread(f"{name} cannot be read: {error.strerror or error}.") from None


def _fetched(url: str, offline: bool) -> bytes:
    """What stands at an address, which is read once and not followed anywhere."""
    if offline:
        raise Unread("With --offline only a file can be verified.")
    try:
        named = bool(urlsplit(url).hostname)
    except ValueError:
        named = False
    if not named:
        raise Unread(f"{url} is no address.")
    # Nothing in it follows redirects: what an address leads on to was not asked for, and may be within this network.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.HTTPDefaultErrorHandler,
    ):
        opener.add_handler(handler())
    try:
        with opener.open(urllib.request.Request(url), timeout=SECONDS) as answer:  # noqa: S310 - only http and https
            data: bytes = answer.read(LONGEST_JSON + 1)
    except urllib.error.HTTPError as error:
        with error:
            onward = error.headers.get("Location", "")[:300]
        if onward:
            raise Unread(f"The address leads on ({error.code}) to {onward}. Give that one if you mean it.") from None
        raise Unread(f"{url} answered {error.code}.") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unread(f"{url} cannot be read: {getattr(error, 'reason', error)}.") from None
    if data.lstrip()[:1] == b"<":
        raise Unread("That is a web page. Give the address of its text (.txt), record or JSON file.")
    return data


@cache
def _speaking(language: str) -> Saying:
    """What speaks a language of statements."""
    known = language.partition("-")[0]
    words: Any = Translations.load(TRANSLATIONS, [known]) if known in LANGUAGES else NullTranslations()

    def plural(one: str, many: str, number: int, /, **values: object) -> str:
        return str(words.ungettext(one, many, number)) % {"num": number, **values}

    return Saying(words.ugettext, plural)


def _address(base_url: str, slug: str, language: str) -> str:
    return f"{base_url}/statements/{slug}{language and '/'}{language}"


def _around(told: Compared) -> tuple[str, ...]:
    """The words around it; in an altered text they stand among the changes."""
    some = () if told.verdict is Verdict.ALTERED else told.around[:MOST_AROUND]
    return tuple(words[:LONGEST_AROUND] for words in some)


def _say(line: str) -> None:
    """One line, in which nothing of strangers moves about on a terminal or turns letters around."""
    click.echo("".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in line))


def _print(looked: Looked, base_url: str) -> None:
    told, found = looked.told, looked.told.found
    _say(f"{HEADS[told.verdict]}.")
    if told.down:
        _say(f"{_address(base_url, told.down, '')} says when, and on what ground.")
        return
    if found is None:
        if looked.carried:
            _say("The PDF carries the record of a publication, but its pages cannot be held against it.")
        return
    _say(found.edition.headline)
    _say(f"{_address(base_url, found.slug, found.language)}, published {found.published_at:%Y-%m-%d}")
    for note in notes_of(found, _speaking("en")):
        _say(" · ".join(part for part in (note.at_iso, note.name, note.title, note.text) if part))
    for change in told.changes:
        if change.op != "equal":
            _say(f"{'-' if change.op == 'delete' else '+'} {change.text.strip()}")
    for title, some in (
        ("Listed in it, but no signatory", told.added),
        ("Signatories missing in it", told.missing),
        ("Listed at the publication, and not any more", told.former),
        ("Left out whole", told.left_out),
        ("Around it stand other words, which are not part of the publication", _around(told)),
    ):
        if some:
            _say(f"{title}: {' • '.join(some)}")
    if told.unlisted:
        _say(f"Entries beside the record that are not public: {told.unlisted}")
    if told.names_absent:
        _say("It lists no signatories, so none were compared.")
    if looked.to_the_byte:
        _say("This file is to the byte the PDF that is published now.")
    elif looked.way == "pdf":
        _say(
            "Compared were the words that can be read out of the PDF, in their order; pictures, and what may be drawn"
            " over words, were not looked at."
        )
