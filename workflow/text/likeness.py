"""Names that could be taken for one another, and addresses of one mailbox: keys that are alike for them.

A key decides nothing. Two names with one key are pointed out to a person, never taken for the same.
"""

import re
import unicodedata

import icu

WORDS = re.compile(r"[^\w]+")
# What a name has or lacks without being another: articles, joining words, the forms that laws give to bodies.
UNIMPORTANT = frozenset(
    {"the", "and", "of", "for", "e", "v", "ev", "inc", "ltd", "limited", "llc", "plc", "cic", "gmbh", "ggmbh"}
    | {"asbl", "vzw", "stichting", "association", "assoc", "org", "incorporated", "corp", "co", "sa", "sarl"}
)
# Letters that a hurried eye takes for each other, beyond those that look alike in every case.
HURRIED = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
# Mailboxes that anybody can have; an organisation mostly has a domain of its own.
WEB_MAILERS = re.compile(
    r"(gmail|googlemail|gmx|web|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|proton|protonmail|mail|yandex|zoho)\.(com?\.)?[a-z]{2,3}"
)
LONGEST = 300


def name_key(name: str) -> str:
    """The same for names that differ in case, accents, punctuation, order, legal form, or look-alike letters."""
    checker = icu.SpoofChecker()
    words = [_folded(checker, word) for word in WORDS.split(unicodedata.normalize("NFKC", name)) if word]
    telling = sorted(word for word in words if word not in UNIMPORTANT) or sorted(words)
    return "".join(word.translate(HURRIED) for word in telling)[:LONGEST]


def _folded(checker: icu.SpoofChecker, word: str) -> str:
    skeleton: str = checker.getSkeleton(0, word)
    if not word.isascii() and skeleton.isascii():  # letters of another script that pass for Latin ones
        word = skeleton
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).casefold()


def mail_key(mail: str) -> str:
    """The same for addresses that reach one mailbox: small letters, and nothing behind a plus."""
    local, _, domain = mail.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def web_mailer(mail: str) -> bool:
    """Whether an address is one that anybody can have."""
    return WEB_MAILERS.fullmatch(mail.rpartition("@")[2].lower()) is not None
