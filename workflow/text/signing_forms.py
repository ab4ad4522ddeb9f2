"""Public keys and signatures in the forms that openssl, minisign and ssh-keygen read. All of it is one Ed25519 key.

What signs is handed in, so that nothing here ever holds a private key.
"""

import base64
import hashlib
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

Sign = Callable[[bytes], bytes]
# Says whether a signature over these bytes is of the key (32 bytes): key, signature, bytes.
Verify = Callable[[bytes, bytes, bytes], bool]

# What stands before the 32 bytes of the key in SubjectPublicKeyInfo (RFC 8410).
SPKI = bytes.fromhex("302a300506032b6570032100")
SSH_KIND = b"ssh-ed25519"
# What `ssh-keygen -Y verify -n` has to name.
NAMESPACE = "undersigned-record"


@dataclass(frozen=True)
class Signatures:
    """One record's signatures by the same key: 64 bytes for openssl, a file for minisign, one for ssh-keygen."""

    raw: bytes
    minisign: str
    ssh: str


def fingerprint(public: bytes) -> str:
    """SHA-256 (hex) of the 32 bytes of a public key."""
    return hashlib.sha256(public).hexdigest()


def short_name(public: bytes) -> str:
    """The first sixteen digits of the fingerprint: what addresses and files call the key."""
    return fingerprint(public)[:16]


def signatures(record: bytes, public: bytes, sign: Sign, comment: str) -> Signatures:
    """Sign the bytes of a record in all three forms. `comment` is one line that minisign shows, covered too."""
    return Signatures(sign(record), _minisign(record, public, sign, comment), _ssh(record, public, sign))


def fits(made: Signatures, record: bytes, public: bytes, verify: Verify) -> bool:
    """Whether all three forms are signatures of `record` by this key."""
    if not verify(public, made.raw, record):
        return False
    try:
        _, line, comment, over_all, _ = made.minisign.split("\n")
        signature = base64.b64decode(line, validate=True)[10:]
        comment = comment.removeprefix("trusted comment: ")
        again = _minisign_text(public, signature, comment, base64.b64decode(over_all, validate=True))
        armoured = "".join(made.ssh.splitlines()[1:-1])
        ssh_signature = base64.b64decode(armoured, validate=True)[-64:]
    except ValueError:
        return False
    return (
        made.minisign == again
        and verify(public, signature, hashlib.blake2b(record).digest())
        and verify(public, base64.b64decode(over_all), signature + comment.encode())
        and made.ssh == _ssh_text(public, ssh_signature)
        and verify(public, ssh_signature, _ssh_told(record))
    )


def pem(public: bytes) -> str:
    """The public key for openssl."""
    return f"-----BEGIN PUBLIC KEY-----\n{_base64(SPKI + public)}\n-----END PUBLIC KEY-----\n"


# minisign ------------------------------------------------------------------------------------------


def minisign_id(public: bytes) -> bytes:
    """The eight bytes by which minisign tells keys apart; the tool shows them in hexadecimal, last one first."""
    return hashlib.sha256(public).digest()[:8]


def minisign_key(public: bytes) -> str:
    """The public key as one line for `minisign -P`."""
    return _base64(b"Ed" + minisign_id(public) + public)


def minisign_file(public: bytes) -> str:
    """The public key as a file for `minisign -p`."""
    shown = minisign_id(public)[::-1].hex().upper()
    return f"untrusted comment: minisign public key {shown}\n{minisign_key(public)}\n"


def _minisign(message: bytes, public: bytes, sign: Sign, comment: str) -> str:
    """A signature over the BLAKE2b of the message ("ED"), and one over that signature and the trusted comment."""
    signature = sign(hashlib.blake2b(message).digest())
    return _minisign_text(public, signature, comment, sign(signature + comment.encode()))


def _minisign_text(public: bytes, signature: bytes, comment: str, over_all: bytes) -> str:
    return (
        f"untrusted comment: signature by the key {short_name(public)}\n"
        f"{_base64(b'ED' + minisign_id(public) + signature)}\n"
        f"trusted comment: {comment}\n{_base64(over_all)}\n"
    )


# ssh-keygen ----------------------------------------------------------------------------------------


def ssh_key(public: bytes) -> str:
    """The public key as OpenSSH writes it."""
    return f"{SSH_KIND.decode()} {_base64(_ssh_blob(public))}"


def allowed_signers_line(principal: str, public: bytes) -> str:
    """A line for the file that `ssh-keygen -Y verify -f` reads: who may sign what by which key."""
    return f'{principal} namespaces="{NAMESPACE}" {ssh_key(public)}\n'


def _ssh(message: bytes, public: bytes, sign: Sign) -> str:
    return _ssh_text(public, sign(_ssh_told(message)))


def _ssh_told(message: bytes) -> bytes:
    """The bytes that are signed: what is meant, and the hash of the message."""
    return b"SSHSIG" + SSH_MEANT + _string(hashlib.sha512(message).digest())


def _ssh_text(public: bytes, signature: bytes) -> str:
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + _string(_ssh_blob(public)) + SSH_MEANT
    blob += _string(_string(SSH_KIND) + _string(signature))
    armoured = textwrap.fill(_base64(blob), 70)
    return f"-----BEGIN SSH SIGNATURE-----\n{armoured}\n-----END SSH SIGNATURE-----\n"


def _ssh_blob(public: bytes) -> bytes:
    return _string(SSH_KIND) + _string(public)


def _string(value: bytes) -> bytes:
    """A string of the SSH protocol: its length in four bytes, then itself."""
    return len(value).to_bytes(4, "big") + value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


# Namespace, nothing that is reserved, and by what the message is hashed.
SSH_MEANT = _string(NAMESPACE.encode()) + _string(b"") + _string(b"sha512")
