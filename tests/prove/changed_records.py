"""Records with one byte changed: refused by openssl, minisign, ssh-keygen, and by libraries that others wrote.

The libraries look at every position of a short record and at ten thousand of a long one; the tools themselves, which
are processes and slow, at a sample of both, and at signatures with one byte changed.
"""

import base64
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import minisign
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sshsig import InvalidSignature as InvalidSshSignature
from sshsig import PublicKey
from sshsig import verify as verify_ssh

from tests.builders import EDITION, SIGNING
from workflow.rules.publication import SignedBy, record
from workflow.text import digest, signing_forms
from workflow.text.content import Content

PRINCIPAL = "sign.example.org"
INSTANT = "2027-03-01T09:00:00Z"
TOOLS = ("openssl", "minisign", "ssh-keygen")
LIBRARIES = ("raw", "minisign", "ssh")


@dataclass
class Told:
    """How many records were tried, by what each was refused, and what does not hold."""

    runs: int = 0
    refused_by: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


def made_record(signatories: int) -> bytes:
    """A record as it is published, of a text that so many signed."""
    content = Content((EDITION,))
    signed = [
        SignedBy(digest.commitment(str(one), "x"), 1, digest.digest(content), INSTANT) for one in range(signatories)
    ]
    instants = dict.fromkeys(("circulated", "deadline", "locked", "published"), INSTANT)
    values = record(
        slug="the-road", kind="press-release", revision=1, digest=digest.digest(content),
        content={"format": "statement-text/1", "editions": [{"headline": EDITION.headline, "body": EDITION.body}]},
        rule={"required": "all", "at_least": 0}, instants=instants, signatories=signed, chain_head="0" * 64,
    )  # fmt: skip
    return digest.canonical_json(values).encode()


def signed_forms(message: bytes) -> signing_forms.Signatures:
    """Its signatures in all forms."""
    return signing_forms.signatures(message, SIGNING.public, SIGNING.sign, "record of a test")


# By libraries --------------------------------------------------------------------------------------


def accepted_by_libraries(message: bytes, made: signing_forms.Signatures) -> Iterator[str]:
    """Which libraries take `message` for what was signed."""
    try:
        Ed25519PublicKey.from_public_bytes(SIGNING.public).verify(made.raw, message)
        yield "raw"
    except InvalidSignature:
        pass
    try:
        key = minisign.PublicKey.from_base64(signing_forms.minisign_key(SIGNING.public))
        key.verify(message, minisign.Signature.from_bytes(made.minisign.encode()))
        yield "minisign"
    except minisign.VerifyError:
        pass
    try:
        public = PublicKey.from_openssh_str(signing_forms.ssh_key(SIGNING.public))
        verify_ssh(message, made.ssh, [public], signing_forms.NAMESPACE)
        yield "ssh"
    except InvalidSshSignature:
        pass


def changed(message: bytes, at: int, chance: random.Random) -> bytes:
    """The same bytes, with another one at one place."""
    return message[:at] + bytes([message[at] ^ chance.randrange(1, 256)]) + message[at + 1 :]


# By the tools --------------------------------------------------------------------------------------


def commands(folder: Path, tool: str, principal: str = PRINCIPAL) -> list[str]:
    """What to type to check `folder`/record by a tool."""
    record_, key = str(folder / "record"), str(folder / "key")
    return {
        "openssl": [
            *("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", f"{key}.pem", "-rawin"),
            *("-in", record_, "-sigfile", f"{record_}.sig"),
        ],
        "minisign": ["minisign", "-V", "-m", record_, "-x", f"{record_}.minisig", "-p", f"{key}.pub"],
        "ssh-keygen": [
            *("ssh-keygen", "-Y", "verify", "-f", str(folder / "allowed_signers"), "-I", principal),
            *("-n", signing_forms.NAMESPACE, "-s", f"{record_}.sshsig"),
        ],
    }[tool]


def lay_out(folder: Path, made: signing_forms.Signatures) -> None:
    """Put keys and signatures where the commands look for them."""
    (folder / "key.pem").write_text(signing_forms.pem(SIGNING.public), encoding="ascii")
    (folder / "key.pub").write_text(signing_forms.minisign_file(SIGNING.public), encoding="ascii")
    line = signing_forms.allowed_signers_line(PRINCIPAL, SIGNING.public)
    (folder / "allowed_signers").write_text(line, encoding="ascii")
    for name, content in (("sig", made.raw), ("minisig", made.minisign.encode()), ("sshsig", made.ssh.encode())):
        (folder / f"record.{name}").write_bytes(content)


def tool_accepts(folder: Path, tool: str, message: bytes, principal: str = PRINCIPAL) -> bool:
    """Whether a tool takes `message` for what was signed."""
    (folder / "record").write_bytes(message)
    command = commands(folder, tool, principal)
    answer = subprocess.run(command, input=message, capture_output=True, timeout=60, check=False)
    return answer.returncode == 0


def tools_here() -> list[str]:
    """Those of the three tools that this machine has."""
    return [tool for tool in TOOLS if shutil.which(tool)]


# Searching -----------------------------------------------------------------------------------------


def try_libraries(
    told: Told, message: bytes, places: list[int], chance: random.Random, say: Callable[[str], None] = lambda _: None
) -> None:
    """One changed record for each place, against every library."""
    made = signed_forms(message)
    whole = list(accepted_by_libraries(message, made))
    if whole != list(LIBRARIES):
        told.violations.append(f"the record as it is was taken by {whole} alone")
    for number, at in enumerate(places, 1):
        told.runs += 1
        taken = list(accepted_by_libraries(changed(message, at, chance), made))
        told.violations += [f"byte {at} of {len(message)} changed, and {one} takes it" for one in taken]
        told.refused_by.update(set(LIBRARIES) - set(taken))
        if number % 2000 == 0:
            say(f"{number} of {len(places)} places of a record of {len(message)} bytes")


def try_tools(told: Told, message: bytes, number: int, chance: random.Random, folder: Path) -> None:
    """A sample of changed records, and of changed signatures, against every tool that is here."""
    made = signed_forms(message)
    lay_out(folder, made)
    for tool in tools_here():
        if not tool_accepts(folder, tool, message):
            told.violations.append(f"{tool} refuses the record as it is")
        for at in chance.sample(range(len(message)), number):
            told.runs += 1
            if tool_accepts(folder, tool, changed(message, at, chance)):
                told.violations.append(f"byte {at} of {len(message)} changed, and {tool} takes it")
            told.refused_by[tool] += 1
    for tool in tools_here():
        taken = _changed_signatures(folder, tool, message, chance)
        told.violations += [f"{tool} takes a record with {one}" for one in taken]
        told.runs += 1
    lay_out(folder, made)


def _changed_signatures(folder: Path, tool: str, message: bytes, chance: random.Random) -> Iterator[str]:
    """Where a tool takes a signature that is not the one that was made: one byte of it changed."""
    made = signed_forms(message)
    raw = changed(made.raw, chance.randrange(64), chance)
    lines = made.minisign.splitlines()
    signature = base64.b64decode(lines[1])
    lines[1] = base64.b64encode(changed(signature, chance.randrange(2, len(signature)), chance)).decode()
    comment = made.minisign.replace("record of a test", "record of a tesT")
    armour = base64.b64decode("".join(made.ssh.splitlines()[1:-1]))
    ssh = base64.b64encode(changed(armour, len(armour) - 1 - chance.randrange(64), chance)).decode()
    ssh = f"-----BEGIN SSH SIGNATURE-----\n{ssh}\n-----END SSH SIGNATURE-----\n"
    minisigned = "\n".join(lines) + "\n"
    for what, forms in (
        ("a changed signature", signing_forms.Signatures(raw, minisigned, ssh)),
        ("a changed comment", signing_forms.Signatures(raw, comment, ssh)),
    ):
        lay_out(folder, forms)
        if tool_accepts(folder, tool, message):
            yield what


