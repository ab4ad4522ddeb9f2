"""The press kit: one publication in all its forms as a zip file, the same bytes for the same publication."""

import io
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from workflow.formats.issuing import Picture
from workflow.formats.markdown_file import markdown_file
from workflow.formats.notes import added_line, authoritative_line, retracted_line
from workflow.formats.plain import digest_line, text_file
from workflow.formats.reading import Gettext, Saying
from workflow.formats.record import PublicStatement
from workflow.formats.record_file import json_file, record_file
from workflow.rules.publication import slug

# No file has a time of its own: the oldest that a zip file can say.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16
PACKED_ALREADY = (".pdf", ".png", ".jpg", ".webp")


def kit(
    found: PublicStatement,
    address: str,
    say: Saying,
    *,
    pdf: bytes | None,
    card: bytes | None,
    logos: Sequence[Picture] = (),
) -> bytes:
    """The zip file, with what could be made of the PDF and the card; `say` speaks the language of the statement."""
    files = {
        "statement.pdf": pdf,
        "statement.txt": text_file(found, address, say).encode(),
        "statement.md": markdown_file(found, address, say).encode(),
        "statement.json": json_file(found),
        "record.json": record_file(found),
        **_signatures(found),
        "card.png": card,
        **{_logo_name(number, logo): logo.content for number, logo in enumerate(logos, 1)},
    }
    there = {name: content for name, content in files.items() if content is not None}
    return _packed({"README.txt": _readme(found, address, say, there).encode(), **there})


def _signatures(found: PublicStatement) -> dict[str, bytes]:
    """Those of the record, under the names that they have at its address."""
    signed = found.signatures
    if signed is None:
        return {}
    return {
        "record.sig": signed.raw,
        "record.minisig": signed.minisign.encode(),
        "record.sshsig": signed.ssh.encode(),
    }


def _logo_name(number: int, logo: Picture) -> str:
    name = slug(logo.whose)
    return f"logos/{number:03}{f'-{name}' if name.isascii() else ''}.{logo.form}"


def _readme(found: PublicStatement, address: str, gettext: Gettext, there: dict[str, bytes]) -> str:
    """What is in it, in the words of the statement's language."""
    said = {
        "statement.pdf": gettext("for printing and forwarding"),
        "statement.txt": gettext("plain text, to be pasted into a mail or an article"),
        "statement.md": gettext("the same in Markdown"),
        "statement.json": gettext("the record, the names of the signatories and the notes since, for machines"),
        "record.json": gettext("the record alone, as it was digested"),
        "record.sig": gettext("the signature of record.json, for openssl"),
        "record.minisig": gettext("the same, for minisign"),
        "record.sshsig": gettext("the same, for ssh-keygen"),
        "card.png": gettext("a picture for social media (1200 × 630)"),
    }
    lines = [f"{name} – {words}" for name, words in said.items() if name in there]
    logos = [name for name in there if name not in said]
    if logos:
        whose = gettext("logos of signatories; each belongs to its organisation")
        lines.append(f"logos/ – {whose}")
    if "statement.pdf" not in there:
        lines.append(gettext("There is no PDF of this text: it cannot be set in type."))
    digest_of_record = gettext("Digest of the record (SHA-256)")
    parts = [
        found.edition.headline,
        retracted_line(found, gettext),
        added_line(found, gettext),
        authoritative_line(found, gettext),
        "\n".join(lines),
        gettext(
            "The statement as it stands now is at the address below. These files were made of it and may be older."
        ),
        address,
        digest_line(found.digest, gettext),
        f"{digest_of_record}: {found.record_digest}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name in sorted(files):
            info = ZipInfo(name, LONG_AGO)
            info.create_system = 3  # the same wherever it is made
            info.external_attr = READABLE
            info.compress_type = ZIP_STORED if name.endswith(PACKED_ALREADY) else ZIP_DEFLATED
            archive.writestr(info, files[name], compresslevel=9)
    return made.getvalue()
