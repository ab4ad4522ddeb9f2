"""Mailboxes: addresses that reach the same one, and those that anybody can have."""

import re

# Mailboxes that anybody can have; an organisation mostly has a domain of its own.
WEB_MAILERS = re.compile(
    r"(gmail|googlemail|gmx|web|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|proton|protonmail|mail|yandex|zoho)\.(com?\.)?[a-z]{2,3}"
)


def mail_key(mail: str) -> str:
    """The same for addresses that reach one mailbox: small letters, and nothing behind a plus."""
    local, _, domain = mail.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def web_mailer(mail: str) -> bool:
    """Whether an address is one that anybody can have."""
    return WEB_MAILERS.fullmatch(mail.rpartition("@")[2].lower()) is not None
