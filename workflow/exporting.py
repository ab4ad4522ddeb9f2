"""The public side as plain files, for any static host: the same bytes, whatever became of the server.

What is to be exported is found by following the links of what is: from the addresses without a gap in them and those of
every publication. Files that are as they were are left alone, others are replaced at once, and what is not public any
more is removed.
"""

import gzip
import hashlib
import json
import os
import re
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import brotli
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import Client

from workflow.queries import log, public_changes
from workflow.web import house
from workflow.web.log import LEAVES_AT_ONCE
from workflow.web.public_addresses import exported_rules
from workflow.web.ready import Ready

MANIFEST = "manifest.json"
JOURNAL = ".export-in-hand"
FORMAT = "public-files/1"
# A file that is being made is said to be (503), and has its turn the next time.
BEING_MADE = (".pdf", "/card.png", "/press-kit.zip")
# Something public changed while it was exported: once more, so many times.
MOST_ROUNDS = 5
IN_XML = re.compile(r'(?:href="|<loc>)([^"<]+)')
LINKS = {"a": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "meta": "content"}


class NotOurs(Exception):
    """The directory holds something, and no export."""


class Faulty(Exception):
    """The installation does not answer as it should: what is missing in its answers may still be public."""


@dataclass
class Told:
    """What an export did, by path below the directory."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rounds: int = 0


def export(app: Flask, directory: Path, *, compressed: bool = False) -> Told:
    """Bring `directory` up to what is public now; `compressed` puts a .gz and a .br beside what shrinks.

    Raises NotOurs where the directory is not empty and holds no export of ours.
    """
    former = _former(directory)
    engine: Engine = app.extensions[house.KEY].engine
    told = Told()
    while True:
        told.rounds += 1
        before = _newest(engine)
        new = _write_all(app, directory, former, told, compressed=compressed)
        _remove(directory, sorted(former.keys() - new.keys()), told)
        _put(directory / MANIFEST, _manifest(app, new))
        (directory / JOURNAL).unlink(missing_ok=True)
        former = new
        if before == _newest(engine) or told.rounds == MOST_ROUNDS:
            return told


def _newest(engine: Engine) -> int:
    with engine.connect() as connection:
        return public_changes.recent(connection)[0]


def _former(directory: Path) -> dict[str, Any]:
    """The files of an earlier export."""
    directory.mkdir(parents=True, exist_ok=True)
    path, journal = directory / MANIFEST, directory / JOURNAL
    begun: dict[str, Any] = {name: {} for name in journal.read_text("utf-8").splitlines()} if journal.exists() else {}
    if not path.exists():
        if any(directory.iterdir()) and not journal.exists():
            raise NotOurs(f"{directory} is not empty and holds no export; name an empty directory.")
        return begun
    try:
        said = json.loads(path.read_bytes())
        if said["format"] == FORMAT:
            return begun | {str(name): of for name, of in said["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise NotOurs(f"{path} is none that this command has written.")


def _write_all(
    app: Flask, directory: Path, former: Mapping[str, Any], told: Told, *, compressed: bool
) -> dict[str, dict[str, Any]]:
    new: dict[str, dict[str, Any]] = {}
    for address, kind, body in public_answers(app):
        name = file_of(address, kind)
        for ending, content in _forms(kind, body, compressed=compressed):
            path = f"{name}{ending}"
            if path not in former:
                # Said before it is there: an export that is interrupted leaves nothing that the next does not know.
                with (directory / JOURNAL).open("a", encoding="utf-8") as journal:
                    journal.write(f"{path}\n")
            changed = _put(directory / path, content)
            (told.written if changed else told.same).append(path)
            new[path] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            if not ending:
                new[path] |= {"address": address, "type": kind}
    return new


def _forms(kind: str, body: bytes, *, compressed: bool) -> Iterator[tuple[str, bytes]]:
    yield "", body
    if compressed and Ready([("Content-Type", kind)], body).compressible:
        yield ".gz", gzip.compress(body, 9, mtime=0)
        yield ".br", brotli.compress(body)


def _manifest(app: Flask, files: Mapping[str, Any]) -> bytes:
    base = app.extensions[house.KEY].settings.base_url
    said = {"format": FORMAT, "of": base, "files": dict(sorted(files.items()))}
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _put(path: Path, content: bytes) -> bool:
    """Have a file hold this; one that does is left alone. Gives whether it was written."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def _remove(directory: Path, names: Iterable[str], told: Told) -> None:
    """Remove files of an earlier export, and the directories that are empty then."""
    for name in names:
        path = directory / name
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
            continue  # no name that we have written
        path.unlink(missing_ok=True)
        told.removed.append(name)
        for parent in path.parents:
            if parent == directory or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()


def file_of(address: str, kind: str) -> str:
    """The name of the file for an address: a page is the index of a directory, so that every host finds it there."""
    path = unquote(urlsplit(address).path).strip("/")
    if any(part in ("", ".", "..") for part in path.split("/")) and path:
        raise ValueError(f"no file can be called {path!r}")
    if kind.startswith("text/html") and not path.endswith(".html"):
        return f"{path}/index.html" if path else "index.html"
    return path


# What is public -----------------------------------------------------------------------------------


def public_answers(app: Flask) -> Iterator[tuple[str, str, bytes]]:
    """Address, content type and bytes of everything public that is a file, each once."""
    rules = exported_rules(app)
    client, base = Client(app.wsgi_app), app.extensions[house.KEY].settings.base_url
    to_do = deque(_first(app, rules))
    seen = set(to_do)
    matches = _matcher(app, {rule.endpoint for rule in rules})
    while to_do:
        address = to_do.popleft()
        answer = client.get(address, base_url=base)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code >= 500 and not address.endswith(BEING_MADE):
            raise Faulty(f"{address} answers {answer.status_code}; the files stay as they are.")
        if answer.status_code != 200:
            continue
        body = answer.get_data()
        yield address, kind, body
        for link in _links(kind, body):
            found = _own(link, base, address)
            if found and found not in seen and matches(found):
                seen.add(found)
                to_do.append(found)


def _first(app: Flask, rules: Iterable[Rule]) -> Iterator[str]:
    """The addresses without a gap, those of the files of the look and of the log, and those that want only a slug."""
    with app.extensions[house.KEY].engine.connect() as connection:
        slugs, leaves = public_changes.all_slugs(connection), log.size(Session(connection))
    # Under the host that is ours: outside the demo no other is answered.
    with app.test_request_context(base_url=app.extensions[house.KEY].settings.base_url):
        for rule in rules:
            if rule.endpoint == "static":
                folder = Path(str(app.static_folder))
                files = sorted(path for path in folder.rglob("*") if path.is_file())
                values: list[dict[str, Any]] = [{"filename": path.relative_to(folder).as_posix()} for path in files]
            elif rule.endpoint == "log.leaves" and rule.arguments:
                values = [{"page": page} for page in range(2, -(-leaves // LEAVES_AT_ONCE) + 1)]
            else:
                values = [{}] if not rule.arguments else [{"slug": one} for one in slugs]
            if rule.endpoint in ("static", "log.leaves") or rule.arguments <= {"slug"}:
                for one in values:
                    yield quote(unquote(app.url_for(rule.endpoint, **one)))


def _matcher(app: Flask, endpoints: set[str]) -> Callable[[str], bool]:
    adapter = app.url_map.bind("")

    def matches(address: str) -> bool:
        return adapter.test(unquote(address), "GET") and adapter.match(unquote(address))[0] in endpoints

    return matches


def _own(link: str, base: str, page: str) -> str:
    """The path of a link within the installation; nothing for another. (No file is chosen by what stands after `?`.)"""
    try:
        parts = urlsplit(urljoin(f"{base}{page}", link))
    except ValueError:
        return ""
    if f"{parts.scheme}://{parts.netloc}" != base or parts.query:
        return ""
    return quote(unquote(parts.path)) or "/"


def _links(kind: str, body: bytes) -> list[str]:
    """Where a page, a feed or a map of the site leads."""
    if kind.startswith("text/html"):
        parser = _Links()
        parser.feed(body.decode())
        return parser.found
    return IN_XML.findall(body.decode()) if "xml" in kind.partition(";")[0] else []


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        value = dict(attrs).get(LINKS.get(tag, ""))
        if value and (tag != "meta" or value.startswith("http")):
            self.found.append(value)
