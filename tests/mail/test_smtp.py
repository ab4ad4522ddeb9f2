"""Handing letters over to a real server on this machine, to one that misbehaves, and to files."""

import socket
import ssl
import threading
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.mail.test_envelope import NOW
from tests.mail.test_letters import letter
from workflow.config import UnsafeSettings
from workflow.mail import smtp
from workflow.mail.envelope import message
from workflow.mail.letters import render
from workflow.mail.outbox import Kind
from workflow.mail.smtp import NotSent, sender_for

# A key and certificate for localhost that nobody trusts, but whom a test tells to.
CERTIFICATE = Path(__file__).with_name("localhost.pem")


def mail(kind: Kind = Kind.APPROVAL):
    view = letter(kind)
    return message(view, render(view), mail_from="s@mail.example.org", base_url="https://a.example", now=NOW)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Inbox:
    """Takes letters, or answers what it is told to."""

    def __init__(self, rcpt: str = "", data: str = "") -> None:
        self.rcpt, self.data = rcpt, data
        self.letters: list[bytes] = []
        self.to: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data:
            return self.data
        self.letters.append(envelope.content)
        self.to += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def serving(inbox, **options):
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def speaking(*lines: bytes):
    """A server that says these lines, one after each line it hears, then hangs up."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def talk():
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as heard:
                for line in lines:
                    connection.sendall(line + b"\r\n")
                    if not heard.readline():
                        return

        thread = threading.Thread(target=talk)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def server_tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def refused(sender, **wanted):
    with pytest.raises(NotSent) as caught:
        sender.send(mail())
    for name, value in wanted.items():
        assert getattr(caught.value, name) == value
    return caught.value.reason


def test_a_letter_arrives_as_it_was_written():
    inbox = Inbox()
    with serving(inbox) as port:
        sender_for(f"smtp+plain://127.0.0.1:{port}").send(mail())
    assert inbox.to == ["bo@hillside.example.org"]
    arrived = message_from_bytes(inbox.letters[0], policy=policy.default)
    assert arrived["Message-ID"] == "<m1@a.example>"
    assert arrived.get_body(("plain",)).get_content().replace("\r\n", "\n") == render(letter(Kind.APPROVAL)).text


def test_tls_from_within_and_from_the_start():
    inbox = Inbox()
    with serving(inbox, tls_context=server_tls(), require_starttls=True) as port:
        sender_for(f"smtp://localhost:{port}", trusting()).send(mail())
    with serving(inbox, ssl_context=server_tls()) as port:
        sender_for(f"smtps://localhost:{port}", trusting()).send(mail())
    assert len(inbox.letters) == 2


@pytest.mark.parametrize("options", [{}, {"tls_context": True}])
def test_without_good_tls_nothing_is_handed_over(options):
    inbox = Inbox()
    if options:
        options = {"tls_context": server_tls()}
    with serving(inbox, **options) as port:
        # Once no TLS is offered at all, once the certificate is nobody's whom this machine trusts.
        reason = refused(sender_for(f"smtp://localhost:{port}"), permanent=False)
    assert reason
    assert inbox.letters == inbox.to == []


def test_a_certificate_for_another_name_is_no_certificate():
    inbox = Inbox()
    context = trusting()
    with serving(inbox, tls_context=server_tls()) as port:
        refused(sender_for(f"smtp://ip6-localhost.localhost:{port}", context), permanent=False)
    assert inbox.letters == []


def test_a_password_is_shown_to_the_server_alone_and_a_wrong_one_blames_no_letter():
    seen = []

    def check(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss w:rd", handled=False)

    inbox = Inbox()
    options = {
        "tls_context": server_tls(),
        "authenticator": check,
        "auth_required": True,
        "auth_exclude_mechanism": ["LOGIN"],
    }
    with serving(inbox, **options) as port:
        sender_for(f"smtp://us%40er:p%40ss%20w%3Ard@localhost:{port}", trusting()).send(mail())
        reason = refused(sender_for(f"smtp://us%40er:wrong@localhost:{port}", trusting()), permanent=False)
    assert seen[0] == (b"us@er", b"p@ss w:rd")
    assert reason.startswith("535")
    assert "wrong" not in reason
    assert len(inbox.letters) == 1


@pytest.mark.parametrize(
    ("answers", "permanent", "code"),
    [
        ({"rcpt": "550 5.1.1 no such person"}, True, "550"),
        ({"rcpt": "451 4.7.1 greylisted, come again"}, False, "451"),
        ({"data": "554 5.6.0 we do not like it"}, True, "554"),
        ({"data": "452 4.3.1 disk full"}, False, "452"),
    ],
)
def test_a_server_that_refuses_for_now_or_for_good(answers, permanent, code):
    with serving(Inbox(**answers)) as port:
        reason = refused(sender_for(f"smtp+plain://127.0.0.1:{port}"), permanent=permanent)
    assert reason.startswith(code)


def test_what_a_server_quotes_back_does_not_come_to_rest():
    said = "554 rejected: https://a.example/sign/WzEsMV0abc has code 012345 and " + "x" * 60
    with serving(Inbox(data=said)) as port:
        reason = refused(sender_for(f"smtp+plain://127.0.0.1:{port}"))
    assert reason == "554 rejected: … has code … and …"


def test_nobody_listening_is_temporary():
    refused(sender_for(f"smtp+plain://127.0.0.1:{free_port()}"), permanent=False)


def test_a_silent_server_is_left_in_time(monkeypatch):
    monkeypatch.setattr(smtp, "SECONDS_EACH_VERB", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        refused(sender_for(f"smtp+plain://127.0.0.1:{listening.getsockname()[1]}"), permanent=False)


@pytest.mark.parametrize(
    "lines",
    [
        [b"554 not today"],
        [b"nonsense"],
        [b"220 hello"],
        [b"220 hello", b"550 I do not know you", b"550 nor now"],
        [b"220 hello", b"250 fine", b"421 going down"],
        [b"220 hello", b"250 fine", b"250 from", b"250 to", b"354 go on"],
    ],
)
def test_a_server_that_hangs_up_anywhere_is_temporary(lines, monkeypatch):
    monkeypatch.setattr(smtp, "SECONDS_EACH_VERB", 2)
    with speaking(*lines) as port:
        refused(sender_for(f"smtp+plain://127.0.0.1:{port}"), permanent=False)


def test_a_letter_that_was_taken_is_sent_whatever_the_goodbye(monkeypatch):
    async def rude(self, arg):
        self.transport.close()

    monkeypatch.setattr(SMTP, "smtp_QUIT", rude)
    inbox = Inbox()
    with serving(inbox) as port:
        sender_for(f"smtp+plain://127.0.0.1:{port}").send(mail())
    assert len(inbox.letters) == 1


@pytest.mark.parametrize(
    "url",
    ["smtp+plain://mail.example.org:25", "smtp+plain://10.0.0.1", "smtp://", "http://mail.example.org", "file:///", ""],
)
def test_senders_that_letters_cannot_be_trusted_to_are_refused(url):
    with pytest.raises(UnsafeSettings):
        sender_for(url)


def test_files_are_whole_private_and_one_a_letter(tmp_path):
    directory = tmp_path / "mail box"
    sender = sender_for(f"file://{str(directory).replace(' ', '%20')}")
    sender.send(mail())
    sender.send(mail(Kind.RECEIPT))  # the same Message-ID in the same second: the same letter
    (file,) = directory.iterdir()
    assert file.name == "20270301T090000Z-m1.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert directory.stat().st_mode & 0o777 == 0o700
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"].startswith("Receipt")


def test_a_directory_that_cannot_be_written_is_temporary(tmp_path):
    (tmp_path / "mail").write_text("a file where the directory should be")
    refused(sender_for(f"file://{tmp_path / 'mail'}"), permanent=False)
