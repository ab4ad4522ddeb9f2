"""Reads one Word file in a process of its own, with little memory and little time: file in, JSON out.

Run by `word.py` as a script, never imported there. Whatever a hostile file does to the XML parser or to mammoth,
it does it here. It ends with one of the codes below; any other end means that the file was too much.
"""

import json
import re
import sys
import zipfile
from collections import Counter
from io import BytesIO
from typing import Any
from xml.parsers import expat

ELEMENTS_LIMIT, DEPTH_LIMIT = 150_000, 80
ENTITIES, OUTSIDE, UNREADABLE, TOO_MUCH = 41, 42, 43, 44
COUNTED = {
    **{"ins": "inserted", "moveTo": "inserted", "del": "deleted", "moveFrom": "deleted"},
    **{"commentReference": "remarks", "oMath": "formulas"},
}
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
strike => s
"""


class Refused(Exception):
    """The file is not read; `code` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def main() -> int:
    """Read standard input, write what it says to standard output."""
    try:
        counts: Counter[str] = Counter()
        with zipfile.ZipFile(sys.stdin.buffer) as archive:
            checked = _checked(archive, counts)
        said = json.dumps({"html": _html(checked), "counts": counts}).encode()
    except Refused as refused:
        return refused.code
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, NotImplementedError, EOFError):
        return UNREADABLE
    except (MemoryError, RecursionError):
        return TOO_MUCH
    sys.stdout.buffer.write(said)
    return 0


def _checked(archive: zipfile.ZipFile, counts: Counter[str]) -> BytesIO:
    """The XML parts and nothing else, each looked through: what was not looked at cannot be read."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as copy:
        for name in dict.fromkeys(archive.namelist()):
            if name.lower().endswith((".xml", ".rels")):
                content = _content(archive, name)
                _Look(name.lower(), counts).through(content)
                copy.writestr(name, content)
    if not counts["documents"]:
        raise Refused(UNREADABLE)
    kept.seek(0)
    return kept


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, never more of it than the directory says there is: only that much was allowed."""
    size = archive.getinfo(name).file_size
    with archive.open(name) as part:
        content = part.read(size + 1)
    if len(content) != size:
        raise Refused(UNREADABLE)
    return content


class _Look:
    """One part, as the XML parser meets it."""

    def __init__(self, name: str, counts: Counter[str]) -> None:
        self.counts, self.depth, self.is_main = counts, 0, False
        self.head = re.fullmatch(r"word/(header|footer)[0-9]*\.xml", name) is not None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        if self.head:
            self.parser.CharacterDataHandler = self._words

    def through(self, content: bytes) -> None:
        self.parser.Parse(content, True)

    def _doctype(self, *_: object) -> None:
        raise Refused(ENTITIES)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.counts["elements"] += 1
        if self.depth > DEPTH_LIMIT or self.counts["elements"] > ELEMENTS_LIMIT:
            raise Refused(TOO_MUCH)
        name = tag.rpartition(" ")[2]
        if self.depth == 1 and name == "document":
            self.is_main = True
            self.counts["documents"] += 1
        if name == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            if not attributes.get("Type", "").endswith("/hyperlink"):
                raise Refused(OUTSIDE)
        elif self.is_main and name in COUNTED:
            self.counts[COUNTED[name]] += 1

    def _words(self, said: str) -> None:
        # The number of a page is nothing to be missed.
        if any(char.isalpha() for char in said):
            self.counts["heads"] = 1

    def _end(self, _tag: str) -> None:
        self.depth -= 1


def _html(archive: BytesIO) -> str:
    import mammoth

    def picture(_image: object) -> list[Any]:
        return [mammoth.html.element("img", {})]

    result = mammoth.convert_to_html(archive, style_map=STYLES, include_embedded_style_map=False, convert_image=picture)
    return str(result.value)


if __name__ == "__main__":
    sys.exit(main())
