"""Passwords: which are taken, how they are hashed, and whether one fits, in the same time for everybody."""

import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from workflow.rules.refusals import InputRefused, Message

SHORTEST, LONGEST = 10, 1000
# OWASP's small setting: the defaults of the library took a third of a second on a small server.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
# What an unknown person's password is held against: of the same cost, and fitting nothing that is taken.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$bePsRPPVuBQuFxeC0ioYgQ$otdJHWv0qaKxbQ21r3b35la88IpCY+BWM0xwbGfUXGs"


def clean_password(text: str, *, field: str = "password") -> str:
    """A password in NFC, 10 to 1000 characters. Raises InputRefused."""
    if len(text) > LONGEST:
        raise InputRefused(field, Message("password-long", {"limit": LONGEST}))
    if found := next((one for one in text if unicodedata.category(one) in ("Cc", "Cs")), None):
        raise InputRefused(field, Message("control-characters", {"character": f"U+{ord(found):04X}"}))
    text = unicodedata.normalize("NFC", text)
    if len(text.strip()) < SHORTEST:
        raise InputRefused(field, Message("password-short", {"limit": SHORTEST}))
    return text


def hash_password(password: str) -> str:
    """The argon2id hash of a clean password, with its salt and cost."""
    return HASHER.hash(password)


def fits(typed: str, kept: str | None) -> bool:
    """Whether what was typed is the password behind `kept`; None takes as long as a hash that does not fit.

    What is too short or too long to be a password never reaches the hash, but takes the same time.
    """
    try:
        password = clean_password(typed)
    except InputRefused:
        password, kept = "", None
    try:
        return HASHER.verify(kept or NOBODYS, password) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False
