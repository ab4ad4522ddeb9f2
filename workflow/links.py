"""Tokens and codes: signed, opened, one salt per purpose. Nothing made here is ever stored.

A token is itsdangerous' `URLSafeSerializer` over a short list (settled.md); whether what it names still
holds is for the row to say, not for the token.
"""

import hashlib
import hmac
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from workflow.rules.refusals import LinkTampered


class Purpose(StrEnum):
    """What a token is for; a token of one purpose opens nothing else."""

    APPROVAL = "approval"
    OPENED = "opened-link"
    CONTEST = "contest"
    CONTEST_FORM = "contest-form"
    RECORDED = "recorded"
    RECORDED_FORM = "recorded-form"
    SIGN_FORM = "sign-form"
    OPEN_FORM = "open-form"
    VERIFY_FORM = "verify-form"
    APPLICATION = "application"
    PREVIEW = "preview"
    PREVIEW_OPENED = "preview-opened"
    PREVIEW_FORM = "preview-form"
    PRESS = "press"
    RESET = "reset"
    SET_UP = "set-up"
    SESSION = "session"


# What the code that confirms an application is derived from, beside its key.
CONFIRMING = "application"


class Links:
    """Makes and opens tokens with the installation's keys.

    `keys` are the secret keys, the current one first; older ones still open what they signed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("links need at least one key")
        self._keys = tuple(keys)

    def make(self, purpose: Purpose, value: Sequence[str | int]) -> str:
        """A URL-safe token over `value`, signed with the current key."""
        return self._serializer(self._keys[0], purpose).dumps(list(value))

    def open(self, purpose: Purpose, token: str) -> list[Any]:
        """The list inside `token`. Raises LinkTampered for anything this installation did not make.

        base64 accepts some altered last characters, so the token is made again and compared.
        """
        for key in self._keys:
            serializer = self._serializer(key, purpose)
            try:
                value = serializer.loads(token)
            except (BadData, UnicodeError):
                continue
            again = str(serializer.dumps(value))
            if isinstance(value, list) and hmac.compare_digest(again.encode(), token.encode()):
                return value
        raise LinkTampered

    def code(self, *parts: str | int) -> str:
        """Six digits derived from `parts` by HMAC-SHA256 with the current key (RFC 4226 truncation)."""
        return self._codes(parts)[0]

    def code_fits(self, typed: str, *parts: str | int) -> bool:
        """Whether `typed` is the code for `parts` under any key, compared in constant time."""
        fits = [hmac.compare_digest(code.encode(), typed.encode()) for code in self._codes(parts)]
        return any(fits)

    def fingerprint(self, text: str) -> str:
        """A keyed hash (hex) that lets equal texts be counted without keeping them."""
        return hmac.new(self._keys[0].encode(), b"fingerprint\0" + text.encode(), hashlib.sha256).hexdigest()

    def _codes(self, parts: Sequence[str | int]) -> list[str]:
        message = b"code\0" + "\0".join(str(part) for part in parts).encode()
        return [_truncate(hmac.new(key.encode(), message, hashlib.sha256).digest()) for key in self._keys]

    @staticmethod
    def _serializer(key: str, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            key,
            salt=f"undersigned.{purpose}",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )


def _truncate(digest: bytes) -> str:
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
