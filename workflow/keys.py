"""The installation's signing key: one Ed25519 key, kept in a file of its own or given by the environment, never in the
database."""

import base64
import binascii
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

SEED_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Where the next key waits while the log is told of it.
NEXT = ".next"


class KeyRefused(Exception):
    """There is no signing key that can be used; the text says why, and what to do."""


class SigningKey:
    """What signs records and the log. The key is read when it is first needed, and again when it was changed."""

    def __init__(self, read: Callable[[], Iterator[Ed25519PrivateKey]], origin: str) -> None:
        """`read` brings the key, and after it the one that may be about to take its place.

        `origin` is the name of the log, should it begin with this key.
        """
        self._read = read
        self._private: Ed25519PrivateKey | None = None
        self.origin = origin

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key. Raises KeyRefused where there is none."""
        return _public(self._key())

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature over `message`. Raises KeyRefused where there is no key."""
        return self._key().sign(message)

    def become(self, public: bytes) -> bool:
        """Read again, as the key was changed: whether the one with this public half is there now."""
        self._private = next((one for one in self._read() if _public(one) == public), None)
        return self._private is not None

    def _key(self) -> Ed25519PrivateKey:
        if self._private is None:
            self._private = next(self._read())
        return self._private


def from_settings(seed: str, file: Path | None, base_host: str) -> SigningKey:
    """The signing key of an installation: its seed (base64) where the environment gave one, else what `file` holds."""
    origin = f"{base_host}/log"
    if seed:
        return SigningKey(lambda: iter([_from_seed(seed)]), origin)
    if file is None:
        raise KeyRefused("There is no signing key: nothing can be published without one.")
    return from_file(file, origin)


def from_file(file: Path, origin: str) -> SigningKey:
    """The signing key that a file holds."""

    def both() -> Iterator[Ed25519PrivateKey]:
        yield read(file)
        if next_file(file).exists():
            yield read(next_file(file))

    return SigningKey(both, origin)


def _from_seed(seed: str) -> Ed25519PrivateKey:
    try:
        value = base64.b64decode(seed, validate=True)
    except binascii.Error:
        value = b""
    if len(value) != SEED_BYTES or len(set(value)) < 8:
        raise KeyRefused(f"WORKFLOW_SIGNING_KEY must be {SEED_BYTES} random bytes in base64.")
    return Ed25519PrivateKey.from_private_bytes(value)


def read(file: Path) -> Ed25519PrivateKey:
    """The key in a file (PEM, PKCS #8). Raises KeyRefused where it is missing, open to others, or no such key."""
    try:
        mode = file.stat().st_mode
        content = file.read_bytes()
    except FileNotFoundError:
        raise KeyRefused(
            f"The signing key {file} is missing. Put it back from its backup; `workflow migrate` makes one for a new "
            "installation alone."
        ) from None
    if mode & OTHERS:
        raise KeyRefused(f"The signing key {file} can be read by others. Run: chmod 600 {file}")
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{file} holds no Ed25519 key without a password, in PEM.")
    return key


def make(file: Path) -> bytes:
    """Write a new key into `file`, which must not exist, so that nobody else can read it; its public half."""
    private = Ed25519PrivateKey.generate()
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        opened.flush()
        os.fsync(opened.fileno())
    _sync_folder(file.parent)
    return _public(private)


def next_file(file: Path) -> Path:
    """Where the key after the one in `file` waits."""
    return file.with_name(file.name + NEXT)


def take_over(file: Path) -> None:
    """Put the next key in the place of the one in `file`, at once and for good."""
    next_file(file).replace(file)
    _sync_folder(file.parent)


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` over `message` is of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
