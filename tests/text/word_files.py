"""Word files made for the tests: good ones as Word writes them, and hostile ones. Nothing of them is kept."""

import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{OFFICE}"'
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
ROOT_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
    for key, name in (("Title", "Title"), ("Titre1", "heading 1"), ("Heading2", "heading 2"), ("Quote", "Quote"))
)
NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{number}">'
    + "".join(f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/></w:lvl>' for level in range(4))
    + f'</w:abstractNum><w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    for number, shape in ((1, "bullet"), (2, "decimal"))
)


def run(text: str, *marks: str) -> str:
    """Words; marks such as "b", "i", "rtl", "strike"."""
    looks = "".join(f"<w:{mark}/>" for mark in marks)
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(*content: str, style: str = "", number: tuple[int, int] | None = None, more: str = "") -> str:
    """A paragraph of runs (bare text becomes one). `number`: (numbering, level) of a list's item."""
    looks = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        looks += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    inner = "".join(one if one.startswith("<") else run(one) for one in content)
    return f"<w:p><w:pPr>{looks}{more}</w:pPr>{inner}</w:p>"


def link(words: str, target: str) -> str:
    """A link; the file's relationships are made from these."""
    return f"<w:hyperlink r:id={quoteattr('link:' + target)}>{run(words)}</w:hyperlink>"


def note(number: int, kind: str = "footnote") -> str:
    """The mark that refers to a footnote or endnote."""
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def table(*rows: Sequence[str]) -> str:
    """A table of paragraphs."""
    cells = ("".join(f"<w:tc>{para(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def document(*body: str) -> str:
    return f"{HEAD}<w:document {NAMESPACES}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"


def notes(texts: Mapping[int, str], kind: str = "footnote") -> str:
    inner = "".join(
        f'<w:{kind} w:id="{number}">{para(f"<w:r><w:{kind}Ref/></w:r>", run(" " + text))}</w:{kind}>'
        for number, text in texts.items()
    )
    return f"{HEAD}<w:{kind}s {NAMESPACES}>{inner}</w:{kind}s>"


def relations(*pairs: tuple[str, str, str], external: bool = False) -> str:
    """A part of relationships: (id, kind, target)."""
    mode = ' TargetMode="External"' if external else ""
    inner = "".join(
        f'<Relationship Id={quoteattr(key)} Type="{OFFICE}/{kind}" Target={quoteattr(target)}{mode}/>'
        for key, kind, target in pairs
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def word_file(*body: str, parts: Mapping[str, str | bytes] | None = None, whole: str = "") -> bytes:
    """A .docx with this body; `parts` are further files in it, or others in place of its own."""
    import re

    text = whole or document(*body)
    links = dict.fromkeys(re.findall(r'r:id="link:([^"]*)"', text))
    keys = {target: f"rIdL{at}" for at, target in enumerate(links)}
    for target, key in keys.items():
        text = text.replace(f'r:id="link:{target}"', f'r:id="{key}"')
    external = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/hyperlink" Target="{target}" TargetMode="External"/>'
        for target, key in keys.items()
    )
    own = relations(
        ("rId1", "styles", "styles.xml"),
        ("rId2", "numbering", "numbering.xml"),
        ("rId3", "footnotes", "footnotes.xml"),
        ("rId4", "endnotes", "endnotes.xml"),
        ("rId5", "image", "media/image1.png"),
    ).replace("</Relationships>", external + "</Relationships>")
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "word/document.xml": text,
        "word/_rels/document.xml.rels": own,
        "word/styles.xml": f"{HEAD}<w:styles {NAMESPACES}>{STYLES}</w:styles>",
        "word/numbering.xml": f"{HEAD}<w:numbering {NAMESPACES}>{NUMBERING}</w:numbering>",
        "word/footnotes.xml": notes({}),
        "word/endnotes.xml": notes({}, "endnote"),
        **(parts or {}),
    }
    return zipped(files)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Files as a zip."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


# Hostile ones -------------------------------------------------------------------------------------


def bomb(size: int = 2**30) -> bytes:
    """A document that unpacks to `size` bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT_RELATIONS)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(document().partition("<w:sectPr/>")[0].encode())
            block = b" " * 2**20
            for _ in range(size // 2**20):
                part.write(block)
    return made.getvalue()


def lying_bomb(size: int = 2**28) -> bytes:
    """A document that says it is small, and unpacks to `size` bytes."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = b"".join([packed.compress(b" " * 2**20) for _ in range(size // 2**20)] + [packed.flush()])
    marker = b"x" * len(stream)
    data = zipped({"[Content_Types].xml": TYPES, "_rels/.rels": ROOT_RELATIONS, "word/styles.xml": "<a/>"})
    with zipfile.ZipFile(BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("word/document.xml", marker)
    return _disguised(made.getvalue(), marker, stream)


def _disguised(data: bytes, marker: bytes, stream: bytes) -> bytes:
    """The stored `marker` becomes the deflated `stream`, and is said to be a hundred bytes long."""
    at = data.rfind(marker)
    data = data[:at] + stream + data[at + len(marker) :]
    stored = struct.pack("<II", len(marker), len(marker))
    said = struct.pack("<II", len(stream), 100)
    data = data.replace(stored, said)
    central = data.rfind(b"PK\x01\x02")
    name = data.rfind(b"PK\x03\x04", 0, at)
    return data[: name + 8] + b"\x08\0" + data[name + 10 : central + 10] + b"\x08\0" + data[central + 12 :]


def crowded(entries: int = 100_000) -> bytes:
    """A zip whose directory names very many entries, all of them at the same place."""
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 5, 0) + b"aaaaa"
    directory = b"".join(
        struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0)
        + f"{number:05d}"[-5:].encode()
        for number in range(entries)
    )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), len(local), 0)
    return local + directory + end


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def laughing() -> bytes:
    """Entities that grow to a billion words."""
    return word_file(whole=document(para("&a9;")).replace("&amp;a9;", "&a9;").replace(HEAD, LAUGHS))
