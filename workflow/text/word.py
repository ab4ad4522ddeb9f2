"""Word files: refused by their looks before anything is unpacked, then read in a process that may not take much.

A .docx is a zip of XML. Its directory is looked at here; its parts are unpacked, looked through and turned into HTML
by `word_child.py`, a script that runs with limits on memory, time and output.
"""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from workflow.rules.refusals import FileRefused, Message
from workflow.text import word_child
from workflow.text.apart import Limits, run_apart

FILE_LIMIT = 8 * 2**20
DIRECTORY_LIMIT, ENTRIES_LIMIT = 256 * 1024, 2_000
XML_LIMIT, UNPACKED_LIMIT = 10 * 2**20, 200 * 2**20
LIMITS = Limits(memory=300 * 2**20, seconds=3, output=4 * 2**20, wall=6)
ENDING, ENDING_SIZE, LONGEST_REMARK = b"PK\x05\x06", 22, 65_536
LARGE_LOCATOR, LARGE_LOCATOR_SIZE = b"PK\x06\x07", 20
PACKED = (".zip", ".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".odt", ".jar", ".7z", ".gz", ".rar", ".xz", ".bz2")
TYPES = "[Content_Types].xml"
OTHER_KINDS = ((b"%PDF-", "file-pdf"), (b"\xd0\xcf\x11\xe0", "file-old-word"), (b"{\\rtf", "file-rich-text"))
CODES = {
    word_child.ENTITIES: "word-entities",
    word_child.OUTSIDE: "word-outside",
    word_child.UNREADABLE: "word-unreadable",
}


@dataclass(frozen=True)
class WordText:
    """What a Word file says as HTML, and how many things of each kind it has that HTML does not say."""

    html: str
    counts: dict[str, int]


def is_word(data: bytes) -> bool:
    """Whether bytes are a file of a word processor or the like, and not text."""
    return data[:4] == b"PK\x03\x04" or any(data.startswith(start) for start, _ in OTHER_KINDS)


def read_word(data: bytes) -> WordText:
    """The text of a .docx file. Raises FileRefused, with a sentence that says what to do."""
    for start, problem in OTHER_KINDS:
        if data.startswith(start):
            raise FileRefused(Message(problem))
    if len(data) > FILE_LIMIT:
        raise FileRefused(Message("word-too-large", {"limit": FILE_LIMIT // 2**20}))
    _check(data)
    return _read_apart(data)


# Before anything is unpacked ----------------------------------------------------------------------


def _check(data: bytes) -> None:
    """Refuse what the directory of the zip alone tells."""
    _check_directory(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise FileRefused(Message("word-unreadable")) from None
    names = {entry.filename for entry in entries}
    if len(entries) > ENTRIES_LIMIT:
        raise FileRefused(Message("word-bomb"))
    if len(names) != len(entries) or any(map(_leads_out, entries)):
        raise FileRefused(Message("word-names"))
    if "content.xml" in names and TYPES not in names:
        raise FileRefused(Message("file-open-document"))
    if TYPES not in names or "word/vbaProject.bin" in names:
        raise FileRefused(Message("word-unreadable" if TYPES not in names else "word-macros"))
    if any(name.lower().endswith(PACKED) for name in names):
        raise FileRefused(Message("word-packed"))
    if any(entry.flag_bits & 1 or entry.compress_type not in (0, 8) for entry in entries):
        raise FileRefused(Message("word-unreadable"))
    _check_sizes(entries)


def _check_directory(data: bytes) -> None:
    """Refuse a directory that would take long to be read, by what the zip's ending says of it.

    The ending is found as zipfile finds it, so that both mean the same one.
    """
    at = len(data) - ENDING_SIZE
    if at < 0:
        raise FileRefused(Message("word-unreadable"))
    if data[at : at + 4] != ENDING or data[-2:] != b"\0\0":
        at = data.rfind(ENDING, max(0, len(data) - LONGEST_REMARK - ENDING_SIZE))
    if at < 0 or len(data) - at < ENDING_SIZE:
        raise FileRefused(Message("word-unreadable"))
    large = data[max(0, at - LARGE_LOCATOR_SIZE) : at].startswith(LARGE_LOCATOR)
    if large or int.from_bytes(data[at + 12 : at + 16], "little") > DIRECTORY_LIMIT:
        raise FileRefused(Message("word-bomb"))


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    return name.startswith("/") or any(sign in name for sign in "\\:\0") or ".." in name.split("/")


def _check_sizes(entries: Iterable[zipfile.ZipInfo]) -> None:
    sizes = [(entry.file_size, entry.filename.lower().endswith((".xml", ".rels"))) for entry in entries]
    if sum(size for size, _ in sizes) > UNPACKED_LIMIT or sum(size for size, xml in sizes if xml) > XML_LIMIT:
        raise FileRefused(Message("word-bomb"))


# In a process of its own --------------------------------------------------------------------------


def _read_apart(data: bytes) -> WordText:
    """Run the script with the file as its input. Its end tells whether it succeeded."""
    ended = run_apart(word_child.__file__, data, LIMITS)
    if ended.code != 0:
        raise FileRefused(Message(CODES.get(ended.code or 0, "word-too-much")))
    found = json.loads(ended.said)
    return WordText(str(found["html"]), {str(name): int(count) for name, count in found["counts"].items()})
