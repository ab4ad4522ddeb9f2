"""Handing letters over: to a mail server, to a directory of files, or to memory.

A mail server must speak TLS with a certificate that verifies, else nothing is handed over; only one on this
machine may do without.
"""

import os
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from workflow.config import LOOPBACK, UnsafeSettings

Result = TypeVar("Result")

SECONDS_EACH_VERB = 20
LONGEST_REASON = 300
# Servers that refuse a letter like to quote it; addresses, tokens and codes must not come to rest with the reason.
QUOTED = re.compile(r"\S*://\S*|[\w.=+/-]{40,}|(?<!\d)\d{6}(?!\d)")
UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


class NotSent(Exception):
    """A letter was not taken. `permanent`: trying again is no use. `reason` holds nothing secret."""

    def __init__(self, permanent: bool, reason: str) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.reason = reason


class Sender(Protocol):
    """Whatever takes a letter."""

    def send(self, message: EmailMessage) -> None:
        """Return once the letter is somebody else's care. Raises NotSent."""


def sender_for(mail_url: str, context: ssl.SSLContext | None = None) -> Sender:
    """The sender that `mail_url` names. Raises UnsafeSettings for one that letters cannot be trusted to.

    `smtp://` begins plainly and must upgrade to TLS, `smtps://` begins with TLS, `smtp+plain://` has none and
    is for this machine only, `file:///directory` keeps one `.eml` a letter. `context` decides whom TLS trusts.
    """
    url = urlsplit(mail_url)
    if url.scheme == "file":
        if url.netloc not in ("", "localhost") or not url.path.strip("/"):
            raise UnsafeSettings("WORKFLOW_MAIL_URL must be like file:///directory.")
        return FileSender(Path(unquote(url.path)))
    if url.scheme not in ("smtp", "smtps", "smtp+plain") or not url.hostname:
        raise UnsafeSettings("WORKFLOW_MAIL_URL must be like smtp://user:password@mail.example.org:587.")
    if url.scheme == "smtp+plain" and url.hostname not in LOOPBACK:
        raise UnsafeSettings("smtp+plain:// is for a mail server on this machine only; use smtp:// or smtps://.")
    return SmtpSender(url, context)


@dataclass
class MemorySender:
    """Keeps letters in a list, for tests and previews."""

    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        """Keep the letter."""
        self.sent.append(message)


class FileSender:
    """Keeps one `.eml` a letter, named by its time and its Message-ID; whole or not at all."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def send(self, message: EmailMessage) -> None:
        """Write the letter to a file that only this user can read."""
        moment = parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
        name = re.sub(r"[^\w-]", "", str(message["Message-ID"]).partition("@")[0])
        final = self.directory / f"{moment:%Y%m%dT%H%M%SZ}-{name}.eml"
        half = self.directory / f".{name}.{os.getpid()}.half"
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(half, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            half.replace(final)
        except OSError as error:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise NotSent(False, f"file: {error.strerror}") from None


class SmtpSender:
    """Hands each letter to one mail server, over a connection of its own."""

    def __init__(self, url: SplitResult, context: ssl.SSLContext | None) -> None:
        self._secure = url.scheme != "smtp+plain"
        self._from_the_start = url.scheme == "smtps"
        self._host = url.hostname or ""
        self._port = url.port or {"smtp": 587, "smtps": 465}.get(url.scheme, 25)
        self._user = unquote(url.username or "")
        self._password = unquote(url.password or "")
        self._context = context or ssl.create_default_context()

    def send(self, message: EmailMessage) -> None:
        """Hand the letter over. What goes wrong before it is named concerns the server, and is temporary."""
        server = _tried(self._connect)
        try:
            _tried(lambda: self._introduce(server))
            refused = _tried(lambda: server.send_message(message), of_the_letter=True)
            if refused:
                raise NotSent(True, "the server took the letter for nobody")
            # The letter is taken: whatever happens while saying goodbye does not unsend it.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self._from_the_start:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS_EACH_VERB, context=self._context)
        return smtplib.SMTP(self._host, self._port, timeout=SECONDS_EACH_VERB)

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._secure and not self._from_the_start:
            # Raises where the server offers no TLS: nothing goes out in the open.
            server.starttls(context=self._context)
        if self._user:
            server.login(self._user, self._password)


def _tried(step: Callable[[], Result], *, of_the_letter: bool = False) -> Result:
    """What `step` gives; any failure as NotSent, permanent where the server refuses the letter with 5xx."""
    try:
        return step()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise NotSent(code >= 500, _reason(code, said)) from None
    except smtplib.SMTPResponseException as error:
        permanent = of_the_letter and error.smtp_code >= 500
        raise NotSent(permanent, _reason(error.smtp_code, error.smtp_error)) from None
    except smtplib.SMTPServerDisconnected:
        raise NotSent(False, "the mail server hung up") from None
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent(False, f"the mail server lacks something: {_clean(str(error))}") from None
    except ssl.SSLError as error:
        raise NotSent(False, f"no safe connection to the mail server: {_clean(error.reason or '')}") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(False, f"the mail server cannot be reached: {type(error).__name__}") from None


def _reason(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {_clean(words)}".strip()


def _clean(words: str) -> str:
    return QUOTED.sub("…", UNPRINTABLE.sub(" ", words))[:LONGEST_REASON]
