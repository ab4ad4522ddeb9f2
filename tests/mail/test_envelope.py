"""Envelopes: the headers are these and no others, whatever an organisation calls itself."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail.test_letters import ASKING, letter
from workflow.mail import envelope
from workflow.mail.envelope import HeaderRefused, message
from workflow.mail.letters import render
from workflow.mail.outbox import Kind

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID",  "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip


def enclosed(view):
    """The final bytes of a letter, read as the far end reads them."""
    made = message(
        view, render(view), mail_from="sign@mail.example.org", base_url="https://sign.example.org:8443", now=NOW
    )
    return message_from_bytes(made.as_bytes(), policy=policy.SMTP)


def test_the_headers_of_a_letter():
    mail = enclosed(letter(Kind.APPROVAL))
    assert mail.keys() == HEADERS
    assert str(mail["From"]) == "Valley Coalition via Undersigned <sign@mail.example.org>"
    assert str(mail["To"]) == "Bo Example <bo@hillside.example.org>"
    assert str(mail["Reply-To"]) == "Valley Coalition <lea@lead.example>"
    assert mail["Message-ID"] == "<m1@sign.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Date"] == "Mon, 01 Mar 2027 09:00:00 +0000"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_same_letter_has_the_same_message_id():
    first, second = enclosed(letter(Kind.RECEIPT)), enclosed(letter(Kind.RECEIPT))
    assert first["Message-ID"] == second["Message-ID"]


def test_every_byte_is_seven_bits_wide_and_every_line_short():
    for kind in Kind:
        view = letter(kind, "ar", lead="ائتلاف الوادي")
        made = message(view, render(view), mail_from="s@mail.example.org", base_url="https://a.example", now=NOW)
        raw = made.as_bytes()
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) < 998
        text = message_from_bytes(raw, policy=policy.default).get_body(("plain",)).get_content()
        assert text.replace("\r\n", "\n") == render(view).text


@pytest.mark.parametrize(
    "name",
    [
        "Hillside\r\nBcc: all@spy.example",
        "Hillside\nBcc: all@spy.example",
        "Hillside\x00",
        "Hillside\u2028Bcc: all@spy.example",
        "=?UTF-8?Q?Org=0ABcc=3Aall=40spy.example?=",
        "=?utf-8?b?WA0KQmNjOiBhbGxAc3B5LmV4YW1wbGU=?=",
        "x =?us-ascii*en?q?=0D=0ABcc:_x?= y",
    ],
)
@pytest.mark.parametrize("where", ["lead", "to", "organisation"])
def test_hostile_names_never_reach_a_header(name, where):
    view = letter(Kind.APPROVAL)
    hostile = {
        "lead": replace(view, lead=name),
        "to": replace(view, to=replace(view.to, name=name)),
        "organisation": replace(view, asking=replace(ASKING, organisation=name)),
    }[where]
    try:
        mail = enclosed(hostile)
    except HeaderRefused:
        return
    assert where != "to", "a display name is never repaired"
    assert mail.keys() == HEADERS
    assert "spy.example" not in str(mail["To"]) + str(mail["From"]) + str(mail["Reply-To"])


@pytest.mark.parametrize(
    "mail", ["bo@hillside.example.org\r\nBcc: x@spy.example", "bo@hillside.example.org, x@spy.example", "bo", ""]
)
def test_hostile_addresses_are_refused(mail):
    view = letter(Kind.APPROVAL)
    with pytest.raises(HeaderRefused):
        enclosed(replace(view, to=replace(view.to, mail=mail)))
    if mail:
        with pytest.raises(HeaderRefused):
            enclosed(replace(view, reply_to=mail))


@pytest.mark.parametrize(
    "name",
    [
        "ائتلاف الوادي من أجل الطريق",
        'The "Lake", Relief & Co. <office@lake.example>; (since 1999): \\o/',
        "Fédération des associations pour la réouverture de la route de la vallée et du col",
        "What now =? Nothing",
        "é" * 250,
        "a" * 250,
        "😀 Smile",
    ],
)
def test_ordinary_names_pass_whole(name):
    mail = enclosed(letter(Kind.FRESH_LINK, lead=name, asking=replace(ASKING, organisation=name)))
    together = "".join(name.replace("=?", "= ?").split())
    assert "".join(mail["From"].addresses[0].display_name.split()) == f"{together}viaUndersigned"
    assert together in "".join(str(mail["Subject"]).split()) or len(name) == 250


def test_bytes_that_say_something_else_are_not_sent(monkeypatch):
    # The library's own folding loses the quotes of this name, and makes two addresses of one.
    monkeypatch.setattr(envelope, "POLICY", policy.SMTP)
    with pytest.raises(HeaderRefused, match="changed on their way"):
        enclosed(letter(Kind.RESET, lead='The "Lake", Relief & Co. <office@lake.example>; (since 1999)'))


@settings(max_examples=400, deadline=None)
@given(
    st.text(min_size=1, max_size=300)
    | st.text(alphabet='=?_utf8qQbB "\\<>(),;:@.é\u0627\U0001f600-', min_size=1, max_size=60)
)
def test_any_name_gives_the_same_headers_or_is_refused(name):
    view = letter(Kind.CODE, lead=name, organisation=name)
    try:
        mail = enclosed(view)
    except HeaderRefused:
        return
    assert mail.keys() == HEADERS
    assert len(mail["To"].addresses) == len(mail["From"].addresses) == len(mail["Reply-To"].addresses) == 1
    assert mail["From"].addresses[0].addr_spec == "sign@mail.example.org"
