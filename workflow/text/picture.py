"""Logos: pictures that strangers drew, made anew into small PNGs with nothing in them but what can be seen.

What a file is called and says of itself decides nothing. It is decoded by `picture_child.py`, a script that runs with
limits on memory, time and output, and only its pixels come back.
"""

import hashlib
from dataclasses import dataclass

from workflow.rules.refusals import FileRefused, Message
from workflow.text import picture_child
from workflow.text.apart import Limits, run_apart

FILE_LIMIT = 2**20
LIMITS = Limits(memory=768 * 2**20, seconds=8, output=2 * 2**20, wall=16)
PNG = b"\x89PNG\r\n\x1a\n"
STARTS = (PNG, b"\xff\xd8\xff")
# A drawing can carry scripts and lead outside; nothing here draws it safely.
DRAWN = (b"<svg", b"<?xml", b"<!doctype svg")
PROBLEMS = {
    picture_child.TOO_MANY_PIXELS: ("logo-pixels", {"limit": picture_child.MOST_PIXELS // 10**6}),
    picture_child.TOO_SMALL: ("logo-small", {"limit": picture_child.SMALLEST}),
    picture_child.EMPTY: ("logo-empty", {}),
    picture_child.UNREADABLE: ("logo-unreadable", {}),
}


@dataclass(frozen=True)
class Picture:
    """A PNG of ours: its bytes and its size in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes: its name everywhere."""
        return hashlib.sha256(self.content).hexdigest()


def read_logo(data: bytes) -> Picture:
    """The picture in a PNG, JPEG or WebP file, made anew. Raises FileRefused, with a sentence that says what to do."""
    if not data:
        raise FileRefused(Message("logo-missing"))
    if len(data) > FILE_LIMIT:
        raise FileRefused(Message("logo-large"))
    if not data.startswith(STARTS) and not _is_webp(data):
        drawn = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(DRAWN) or b"<svg" in data[:4096].lower()
        raise FileRefused(Message("logo-drawing" if drawn else "logo-kind"))
    ended = run_apart(picture_child.__file__, data, LIMITS)
    if ended.code in PROBLEMS:
        problem, values = PROBLEMS[ended.code]
        raise FileRefused(Message(problem, values))
    if ended.code != 0 or not ended.said.startswith(PNG):
        raise FileRefused(Message("logo-unreadable"))
    return Picture(ended.said, *_size(ended.said))


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _size(png: bytes) -> tuple[int, int]:
    """What the first part of every PNG says."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
