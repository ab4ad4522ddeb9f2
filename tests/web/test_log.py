"""The public log and the keys over HTTP: whoever keeps the files can check them alone."""

import base64
import hashlib
import json

import pytest

from tests.builders import NOW, SIGNING
from tests.formats.publishing import publish
from tests.prove.changed_records import tool_accepts, tools_here
from workflow.actions import noting
from workflow.keys import verify
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.rules.noting import NoteKind
from workflow.text import merkle, signing_forms
from workflow.text.signed_note import checkpoints_in, key_id, opened, verifier_key

ORIGIN = "localhost/log"


@pytest.fixture
def published(site):
    with site.session() as session:
        return f"/statements/{publish(session)}"


def correct(site, words="It is 38 days."):
    with site.session() as session:
        user, statement = session.query(User.id).scalar(), session.query(Statement.public_id).first()[0]
        noting.note(session, NOW, user, statement, NoteKind.CORRECTION, words)


def checked(proof):
    """The leaves of a proof, each found to stand in the log whose head the proof holds."""
    (head,) = checkpoints_in(proof["checkpoint"])
    assert head.text == proof["checkpoint"] and head.size == proof["size"] and head.origin == ORIGIN
    key = proof["keys"][-1]
    assert opened(head.text, head.origin, bytes.fromhex(key["key"]), verify)
    for one in proof["leaves"]:
        path = [base64.b64decode(part) for part in one["proof"]]
        assert merkle.included(merkle.leaf_hash(one["leaf"].encode()), one["index"], head.size, path, head.root)
    return [json.loads(one["leaf"]) for one in proof["leaves"]]


def test_a_publication_is_proved_to_stand_in_the_log_and_so_are_its_notes(site, published):
    client = site.client()
    record = client.get(f"{published}/record").data
    first = client.get(f"{published}/proof.json")
    (leaf,) = checked(first.json)
    assert leaf["kind"] == "publication" and leaf["record"] == hashlib.sha256(record).hexdigest()
    assert leaf["text"] == json.loads(record)["statement"]["digest"]
    correct(site)
    leaves = checked(client.get(f"{published}/proof.json").json)
    assert [one["kind"] for one in leaves] == ["publication", "correction"]
    (note,) = client.get(f"{published}.json").json["notes"]
    assert leaves[1]["event"] == note["event"] and leaves[1]["said"] == note["said"]
    value = json.dumps([note["salt"], {"text": note["text"]}], separators=(",", ":"))
    assert hashlib.sha256(value.encode()).hexdigest() == note["said"]
    assert "38 days" not in client.get(f"{published}/proof.json").text


def test_the_log_is_handed_out_leaf_by_leaf_and_grows_at_its_end_only(site, published):
    client = site.client()
    before = client.get("/log/checkpoint").text
    correct(site)
    after = client.get("/log/checkpoint").text
    (first,), (second,) = checkpoints_in(before), checkpoints_in(after)
    assert (first.size, second.size) == (2, 3)
    told = client.get(f"/log/proof/consistency?from={first.size}").json
    proof = [base64.b64decode(one) for one in told["proof"]]
    assert merkle.consistent(first.size, second.size, first.root, second.root, proof)
    assert told["checkpoint"] == after
    page = client.get("/log/leaves").json
    assert page["size"] == 3 and [one["index"] for one in page["leaves"]] == [0, 1, 2]
    nodes = {}
    for one in page["leaves"]:
        leaf = merkle.leaf_hash(one["leaf"].encode())
        for level, place, found in merkle.completed(one["index"], leaf, lambda *at: nodes[at]):
            nodes[level, place] = found
    assert merkle.root(3, lambda *at: nodes[at]) == second.root
    assert client.get("/log/leaves?start=2").json["leaves"] == page["leaves"][2:]
    assert client.get("/log/leaves?start=99").json["leaves"] == []
    for index in range(3):
        checked(client.get(f"/log/proof/inclusion?index={index}").json)
    checked(client.get("/log/proof/inclusion?index=0&size=2").json)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/log/proof/inclusion", 400),
        ("/log/proof/inclusion?index=x", 400),
        ("/log/proof/inclusion?index=-1", 400),
        ("/log/proof/inclusion?index=2", 404),
        ("/log/proof/inclusion?index=1&size=1", 404),
        ("/log/proof/consistency", 400),
        ("/log/proof/consistency?from=0", 404),
        ("/log/proof/consistency?from=3", 404),
        ("/log/leaves?start=" + "9" * 40, 400),
        ("/keys/0123456789abcdef.pem", 404),
        ("/statements/nothing/proof.json", 404),
        ("/statements/nothing/record.sig", 404),
    ],
)
def test_what_is_asked_wrongly_is_answered_plainly(site, published, address, status):
    answer = site.client().get(address)
    assert answer.status_code == status and answer.data
    assert "Set-Cookie" not in answer.headers


def test_before_anything_was_signed_there_is_no_head(site):
    assert site.client().get("/log/checkpoint").status_code == 404
    assert site.client().get("/log/leaves").json == {"leaves": [], "size": 0, "start": 0}
    assert site.client().get("/keys").status_code == 200


def test_keys_are_handed_out_in_every_form(site, published):
    client, public = site.client(), SIGNING.public
    name = signing_forms.short_name(public)
    (key,) = client.get("/keys.json").json["keys"]
    assert key["key"] == public.hex() and key["name"] == name
    named = f"{ORIGIN}+{key_id(ORIGIN, public).hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
    assert key["note"] == verifier_key(ORIGIN, public) == named
    assert client.get(f"/keys/{name}.pem").text == signing_forms.pem(public)
    assert client.get(f"/keys/{name}.pub").text.splitlines()[1] == key["minisign"]
    assert client.get("/keys/allowed_signers").text.split()[-1] == key["ssh"].split()[-1]
    page = client.get("/keys").text
    assert key["fingerprint"] in page and "Set-Cookie" not in client.get("/keys").headers


def test_signatures_stay_the_same_bytes_and_are_not_sent_twice(site, published):
    client = site.client()
    for form in ("record.sig", "record.minisig", "record.sshsig", "proof.json"):
        first = client.get(f"{published}/{form}")
        again = site.client().get(f"{published}/{form}", headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        assert first.data == client.get(f"{published}/{form}").data
    assert len(client.get(f"{published}/record.sig").data) == 64


def test_the_tools_take_what_is_served_and_refuse_it_with_a_byte_changed(site, published, tmp_path):
    client, name = site.client(), signing_forms.short_name(SIGNING.public)
    for given, file in (
        *((f"{published}/record{form}", f"record{form}") for form in ("", ".sig", ".minisig", ".sshsig")),
        *((f"/keys/{name}{form}", f"key{form}") for form in (".pem", ".pub")),
        ("/keys/allowed_signers", "allowed_signers"),
    ):
        (tmp_path / file).write_bytes(client.get(given).data)
    record = (tmp_path / "record").read_bytes()
    for tool in tools_here():
        assert tool_accepts(tmp_path, tool, record, principal="localhost"), tool
        assert not tool_accepts(tmp_path, tool, record + b" ", principal="localhost"), tool
    print(f"tried with {', '.join(tools_here()) or 'none of the tools: this machine has none'}")
