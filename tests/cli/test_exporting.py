"""`workflow export`: the public side as files, with the same bytes, links that work, and nothing that is not public."""

import gzip
import hashlib
import json
import sys
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import brotli
import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.builders import EDITION, NOW, circulate, world
from tests.formats.publishing import SEVEN, begin, publish, sign, take_back, titled
from tests.house.reading import nothing
from tests.web.living import live_again
from tests.web.test_public import Page
from workflow import exporting
from workflow.actions import noting
from workflow.app import create_app
from workflow.cli import main
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.queries import publication
from workflow.rules.noting import NoteKind
from workflow.web.public_addresses import NOT_EXPORTED, exported_rules
from workflow.web.ready_door import DOOR


def files(directory) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.name != exporting.MANIFEST
    }


@pytest.fixture
def out(tmp_path):
    return tmp_path / "export"


def many(site) -> None:
    with site.session() as session:
        for number in range(22):
            made = titled(f"Statement {number:02}")
            publish(session, ["Harbour Aid"], made, lead=f"Lead {number}", now=NOW + timedelta(hours=number))


def test_each_file_is_what_its_address_answers_and_says_so_in_the_manifest(site, out):
    many(site)
    told = exporting.export(site.app, out)
    found, manifest = files(out), json.loads((out / "manifest.json").read_bytes())
    assert set(found) == set(manifest["files"]) == set(told.written)
    client = site.client()
    for name, said in manifest["files"].items():
        answer = client.get(said["address"], buffered=True)
        assert (answer.status_code, answer.data) == (200, found[name]), name
        assert said["type"] == answer.content_type
        assert (said["sha256"], said["size"]) == (hashlib.sha256(found[name]).hexdigest(), len(found[name]))
    wanted = {"index.html", "page/2/index.html", "feed.atom", "robots.txt", "static/css/base.css"}
    statement = "statements/statement-07"
    assert wanted | {f"{statement}/index.html", f"{statement}.json", f"{statement}/record"} <= set(found)


def test_an_installation_at_an_address_of_its_own_is_exported(site, out):
    with site.session() as session:
        slug = publish(session)
    ours = replace(site.settings, base_url="https://sign.example.org:8999")
    exporting.export(create_app(ours), out)
    assert f'href="{ours.base_url}/statements/{slug}"' in files(out)[f"statements/{slug}/index.html"].decode()


def test_the_whole_log_is_exported_however_long_it_is(site, out, monkeypatch):
    with site.session() as session:
        for number in range(5):
            publish(session, ["Harbour Aid"], titled(f"Statement {number}"), lead=f"Lead {number}")
    for module in ("workflow.web.log", "workflow.exporting"):
        monkeypatch.setattr(sys.modules[module], "LEAVES_AT_ONCE", 2)
    exporting.export(site.app, out)
    known = [json.loads((out / "log" / name).read_bytes()) for name in ("leaves", "leaves-2", "leaves-3")]
    found = [leaf["index"] for one in known for leaf in one["leaves"]]
    assert found == list(range(known[0]["size"])) and len(found) > 4
    assert site.client().get("/log/leaves-4").status_code == 404


def test_a_fault_of_the_installation_removes_nothing(site, out, monkeypatch):
    with site.session() as session:
        publish(session)
    exporting.export(site.app, out)
    before = files(out)

    def broken(*_):
        raise OperationalError("select", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(publication, "by_slug", broken)
    site.app.extensions["public-shelf"]._places.clear()
    site.app.extensions[DOOR].memory.forget(None)
    with pytest.raises(exporting.Faulty):
        exporting.export(site.app, out)
    assert files(out) == before


def test_the_frame_of_each_edition_is_exported_too(site, out):
    with site.session() as session:
        made = circulate(world(session, 1, translations=[replace(EDITION, language="ar")]))
        sign(made, 0)
        slug = session.scalar(select(Statement.slug))
        session.rollback()
    exporting.export(site.app, out)
    assert {f"statements/{slug}/embed/index.html", f"statements/{slug}/ar/embed/index.html"} <= set(files(out))


def test_every_link_leads_to_a_file(site, out):
    """As a plain static host finds them: the file itself, or the index of the directory."""
    many(site)
    exporting.export(site.app, out)
    wrong, followed = [], 0
    for name, content in files(out).items():
        if name.endswith(".html"):
            page = Page(content.decode())
            for link in [one.get("href") or "" for tag in ("a", "link") for one in page.all(tag)]:
                parts = urlsplit(link)
                if parts.netloc not in ("", "localhost") or parts.scheme == "mailto" or not parts.path:
                    continue
                if link == "http://localhost/verify" or link.startswith("http://localhost/oembed?"):
                    continue  # asks the installation itself: a mirror compares nothing, and is asked nothing
                path = unquote(parts.path).strip("/")
                followed += 1
                if parts.query or not ((out / path).is_file() or (out / path / "index.html").is_file()):
                    wrong.append(f"{name} → {link}")
    assert followed > 100
    nothing(dict.fromkeys(wrong))


def test_every_public_address_is_exported_or_is_said_not_to_be(site, out):
    living = live_again(site)
    with site.session() as session:
        slug = publish(session, SEVEN[:3], titled("With a note"), lead="Other")
        noted = session.scalars(select(Statement).where(Statement.slug == slug)).one()
        who = session.scalars(select(User.id).where(User.organisation_id == noted.lead_id)).first()
        noting.note(session, NOW, who, noted.public_id, NoteKind.CORRECTION, "Two, not three.")
    exporting.export(living.site.app, out)
    adapter = site.app.url_map.bind("localhost")
    manifest = json.loads((out / "manifest.json").read_bytes())["files"]
    met = {adapter.match(unquote(said["address"]))[0] for said in manifest.values() if "address" in said}
    assert set(NOT_EXPORTED) <= set(site.app.view_functions)
    nothing({rule.endpoint for rule in exported_rules(site.app)} - met)


def test_again_only_what_changed_is_written_and_what_is_gone_is_removed(any_site, out):
    with any_site.session() as session:
        slug = publish(session, SEVEN[:3])
        publish(session, ["Harbour Aid"], titled("Another"), lead="Other")
    exporting.export(any_site.app, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    assert exporting.export(any_site.app, out).written == []
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before
    (out / "not ours.txt").write_text("kept")
    with any_site.session() as session:
        take_back(session, "The Orchard Trust")
    told = exporting.export(any_site.app, out)
    forms = {f"statements/{slug}{form}" for form in ("/index.html", ".json", ".txt", ".md")}
    assert set(told.written) == {*forms, "feed.atom"}
    assert not any(b"Orchard" in content for content in files(out).values())
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["files"]["statements/gone/index.html"] = manifest["files"]["../outside.txt"] = {}
    (out / "statements" / "gone").mkdir()
    (out / "statements" / "gone" / "index.html").write_text("gone")
    (out.parent / "outside.txt").write_text("kept")
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert exporting.export(any_site.app, out).removed == ["statements/gone/index.html"]
    assert not (out / "statements" / "gone").exists()
    assert (out / "not ours.txt").exists() and (out.parent / "outside.txt").exists()


def test_what_was_interrupted_is_known_to_the_next(site, out, monkeypatch):
    with site.session() as session:
        publish(session)
    put, count = exporting._put, []

    def fail(path, content):
        count.append(path)
        if len(count) == 9:
            raise OSError("disk full")
        return put(path, content)

    monkeypatch.setattr(exporting, "_put", fail)
    with pytest.raises(OSError, match="disk full"):
        exporting.export(site.app, out)
    monkeypatch.setattr(exporting, "_put", put)
    (out / "half.txt").write_text("begun by the export that was interrupted")
    with (out / exporting.JOURNAL).open("a") as journal:
        journal.write("half.txt\n")
    exporting.export(site.app, out)
    assert not (out / "half.txt").exists() and not (out / exporting.JOURNAL).exists()
    assert not list(out.rglob(".new-*"))


def test_what_changes_meanwhile_is_exported_too(site, out, monkeypatch):
    with site.session() as session:
        publish(session, SEVEN[:3])
    answers, once = exporting.public_answers, []

    def changing(app):
        yield from answers(app)
        if not once:
            once.append(True)
            with site.session() as session:
                take_back(session, "The Orchard Trust")

    monkeypatch.setattr(exporting, "public_answers", changing)
    assert exporting.export(site.app, out).rounds == 2
    assert not any(b"Orchard" in content for content in files(out).values())


def test_nothing_that_is_not_public_is_exported(site, out):
    with site.session() as session:
        begin(session, SEVEN[:2], titled("A secret draft"), "Lead of a draft")
        asked = circulate(begin(session, SEVEN[:2], titled("A secret asking"), "Lead of an asking"))
        sign(asked, 0)
    exporting.export(site.app, out)
    assert not any(b"secret" in content.lower() for name, content in files(out).items() if "static" not in name)


def test_compressed_forms_hold_the_same(site, out):
    with site.session() as session:
        slug = publish(session)
    exporting.export(site.app, out, compressed=True)
    page = out / "statements" / slug / "index.html"
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == page.read_bytes()
    assert not list(out.rglob("*.woff2.br"))


def test_the_command_says_what_it_did_and_touches_no_other_directory(site, out, monkeypatch):
    with site.session() as session:
        publish(session)
    settings = site.settings
    for name, value in (
        ("DATABASE_URL", settings.database_url),
        ("SECRET_KEYS", ",".join(settings.secret_keys)),
        ("BASE_URL", settings.base_url),
        ("MAIL_URL", settings.mail_url),
        ("MAIL_FROM", settings.mail_from),
        ("DATA_DIR", str(settings.data_dir)),
    ):
        monkeypatch.setenv(f"WORKFLOW_{name}", value)
    result = CliRunner().invoke(main, ["export", str(out)])
    assert result.exit_code == 0, result.output
    assert f"{len(files(out))} files, {len(files(out))} of them written; 0 removed." in result.output
    other = out.parent / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    for content in (None, "{}", "no JSON", json.dumps({"format": "else/1", "files": {}})):
        if content is not None:
            (other / "manifest.json").write_text(content)
        result = CliRunner().invoke(main, ["export", str(other)])
        assert result.exit_code == 1 and "other" in result.output
    assert (other / "mine.txt").read_text() == "mine"
