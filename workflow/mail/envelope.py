"""The envelope of a letter: headers that nobody's name can break out of, text and HTML inside."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import urlsplit

from workflow.mail.letters import LetterView, Rendered, spoken

PRODUCT = "Undersigned"
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Python would decode it inside a name, and what is decoded could be a line of its own.
ENCODED_WORD = re.compile(r"=\?[^?]*\?[bq]\?", re.IGNORECASE)
PLAIN_NAME = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
LONGEST_WORDS = 400


class _Folding(EmailPolicy):
    """Encodes names and words as a whole: Python 3.11 loses quotes where it folds a name, and blanks where it
    encodes some of the words."""

    def fold(self, name: str, value: str) -> str:
        if isinstance(value, AddressHeader):
            (address,) = value.addresses
            words = str(address.display_name)
            coded = words if PLAIN_NAME.fullmatch(words) else self._coded(name, words)
            return f"{name}: {coded}{self.linesep} <{address.addr_spec}>{self.linesep}"
        if name == "List-Unsubscribe":  # an address that is broken over lines, or encoded, is none
            return f"{name}: {value}{self.linesep}"
        if str(value).isascii():
            return str(super().fold(name, value))
        return f"{name}: {self._coded(name, str(value))}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")

    def _coded(self, name: str, words: str) -> str:
        return Header(words, "utf-8", header_name=name).encode(linesep=self.linesep)


# 7-bit, because not every mail server on the way takes more.
POLICY = _Folding(linesep="\r\n", cte_type="7bit", raise_on_defect=True)


class HeaderRefused(Exception):
    """Something that would stand in a header could break out of it; the text says in which header."""


def message(letter: LetterView, words: Rendered, *, mail_from: str, base_url: str, now: datetime) -> EmailMessage:
    """The mail for a letter, ready to be handed over. Raises HeaderRefused."""
    made = EmailMessage(policy=POLICY)
    sender = f"{letter.lead} via {PRODUCT}" if letter.lead else PRODUCT
    try:
        made["From"] = _address("From", sender, mail_from)
        made["To"] = _address("To", letter.to.name, letter.to.mail)
        if letter.reply_to:
            made["Reply-To"] = _address("Reply-To", letter.lead, letter.reply_to)
        made["Subject"] = _line("Subject", words.subject)
        made["Date"] = format_datetime(now)
        made["Message-ID"] = _line("Message-ID", f"<{letter.message_id}@{urlsplit(base_url).hostname}>")
    except (ValueError, IndexError, MessageError) as refused:
        raise HeaderRefused(str(refused)[:100]) from None
    if letter.unsubscribe:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(words.text)
    made.add_alternative(words.html, subtype="html")
    # Last, because it would be taken for the text part's own.
    made["Content-Language"] = spoken(letter.to.language)
    _compare(made)
    return made


def _address(header: str, name: str, mail: str) -> Address:
    return Address(display_name=_line(header, name), addr_spec=_line(header, mail))


def _line(header: str, value: str) -> str:
    """The value, if it can stand in a header."""
    if UNSEEN.search(value) or ENCODED_WORD.search(value):
        raise HeaderRefused(header)
    # Without its two signs next to each other nothing can be read as an encoded word.
    return value.replace("=?", "= ?")[:LONGEST_WORDS]


def _compare(made: EmailMessage) -> None:
    """Read the final bytes back: they must say the same headers, and no other."""
    back = message_from_bytes(made.as_bytes(), policy=policy.SMTP)
    before = [(name, _plain(value)) for name, value in made.items()]
    after = [(name, _plain(value)) for name, value in back.items()]
    if before != after:
        raise HeaderRefused("headers changed on their way into bytes")


def _plain(value: object) -> str:
    # Without blanks: Python 3.11 keeps those between encoded words, which stand there only to fold the line.
    return "".join(str(value).split())
