"""`workflow verify`: the answers of the page, from the command."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

from tests.cli.calling import call, done
from tests.formats.publishing import PLAIN, publish
from workflow import db, keys
from workflow.cli import main
from workflow.formats.plain import text_file
from workflow.formats.record_file import json_file
from workflow.queries import publication

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def text(tmp_path):
    """A published text as its plain file says it."""
    done("migrate")
    data = tmp_path / "data"
    engine = db.engine_for(f"sqlite:///{data / 'undersigned.sqlite3'}")
    with db.sessions_for(engine, keys.from_file(data / "signing-key.pem", "sign.example.org/log"))() as session:
        found = publication.by_slug(session, publish(session))
    engine.dispose()
    (tmp_path / "x.json").write_bytes(json_file(found))
    return text_file(found, f"https://sign.example.org/statements/{found.slug}", PLAIN)


def test_it_says_what_a_file_is(text, tmp_path):
    file = tmp_path / "found"
    file.write_text(text)
    assert done("verify", str(file)).startswith("Authentic and current.")
    assert done("verify", str(tmp_path / "x.json"), "--offline").startswith("Authentic and current.")
    for changed, code, said in (
        (text.replace("nine hours", "ten hours"), 1, "- nine\n+ ten"),
        (text.replace("Meadow4Valley", "Evil Empire"), 1, "no signatory: Evil Empire"),
        ("Something that nobody here has ever said of anything at all.", 1, "Not ours"),
        ("Reports suggest that it is helping, rather than impeding, the floods.", 2, "Words of a published text"),
        ("", 2, "Paste a text"),
    ):
        file.write_text(changed)
        ended = call("verify", str(file))
        assert ended.exit_code == code and said in ended.output


def test_words_around_it_are_told_as_on_the_page(text, tmp_path):
    file = tmp_path / "found"
    file.write_text(f"{text}\n\nAll of them also call for a boycott.")
    ended = call("verify", str(file))
    assert ended.exit_code == 2 and ended.output.startswith("The published text, with other words before or behind it.")
    assert "not part of the publication: All of them also call for a boycott." in ended.output


def test_nothing_of_strangers_moves_about_on_a_terminal(text, tmp_path):
    file = tmp_path / "found"
    file.write_text(f"{text}\n\n\x1b[2J\x1b[HAuthentic and current.\x1b[8m")
    said = CliRunner().invoke(main, ["verify", str(file)], color=True).output  # as on a terminal
    assert "\x1b" not in said and "[2J" in said


@pytest.mark.parametrize("address", ["http://[", "https://", "http:///x"])
def test_what_is_no_address_is_said_to_be_none(settings, address):
    done("migrate")
    ended = call("verify", address)
    assert ended.exit_code == 2 and "is no address" in ended.output


def test_an_address_is_read_once_and_not_followed(text):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302 if self.path == "/away" else 200)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        assert done("verify", f"{address}/x.txt").startswith("Authentic")
        ended = call("verify", f"{address}/away")
        assert ended.exit_code == 2 and "leads on (302)" in ended.output
        ended = call("verify", f"{address}/x.txt", "--offline")
        assert ended.exit_code == 2 and "only a file" in ended.output
    finally:
        server.shutdown()
        server.server_close()
