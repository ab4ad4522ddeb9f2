"""The mailbox of a demo: the letters that a mail server would have taken, to be opened and followed."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Blueprint, render_template, request

from workflow.rules.refusals import NotFound
from workflow.web import house
from workflow.web.gates import anyone

posting = Blueprint("posting", __name__)

# The names that workflow.mail.smtp.FileSender gives; nothing else is opened.
NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[A-Za-z0-9_-]{1,80}\.eml")
MOST_LETTERS = 500
LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)])")


@dataclass(frozen=True)
class Kept:
    """A letter in the mailbox, as its headers tell."""

    name: str
    to: str
    mail: str
    sender: str
    subject: str
    at: datetime
    language: str


@posting.get("/mailbox")
@anyone
def mailbox() -> str:
    """The letters, newest first; only those to one address where one is chosen."""
    chosen = request.args.get("to", "")
    kept = [_kept(path) for path in _newest()]
    addresses = [(mail, mail) for mail in sorted({letter.mail for letter in kept})]
    shown = [letter for letter in kept if chosen in ("", letter.mail)]
    return render_template("posting/mailbox.html", letters=shown, addresses=addresses, chosen=chosen)


@posting.get("/mailbox/<name>")
@anyone
def letter(name: str) -> str:
    """One letter, its links to be followed."""
    directory = _directory()
    path = directory / name if directory and NAME.fullmatch(name) else None
    if path is None or not path.is_file() or path.is_symlink():
        raise NotFound
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    return render_template("posting/letter.html", letter=_kept(path), parts=LINK.split(_text(mail)))


def _directory() -> Path | None:
    """Where letters are kept as files, if they are."""
    url = urlsplit(house.settings().mail_url)
    return Path(unquote(url.path)) if url.scheme == "file" else None


def _newest() -> list[Path]:
    directory = _directory()
    if directory is None or not directory.is_dir():
        return []
    paths = [path for path in directory.iterdir() if NAME.fullmatch(path.name) and not path.is_symlink()]
    # Names tell the second only; what was written later in it is newer.
    paths.sort(key=lambda path: (path.name[:16], path.stat().st_mtime_ns), reverse=True)
    return paths[:MOST_LETTERS]


def _kept(path: Path) -> Kept:
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=policy.default).parse(file)
    to = headers["To"].addresses[0]
    return Kept(
        name=path.name,
        to=to.display_name or to.addr_spec,
        mail=to.addr_spec,
        sender=str(headers["From"]),
        subject=str(headers["Subject"]),
        at=parsedate_to_datetime(str(headers["Date"])),
        language=str(headers.get("Content-Language", "en")),
    )


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""
