"""A logo is made anew from its pixels: nothing else of the file is kept, and what is no small picture is refused."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from workflow.rules.refusals import FileRefused
from workflow.text import picture, picture_child
from workflow.text.apart import Ended
from workflow.text.picture import read_logo


def drawn(size=(400, 200), mode="RGBA", color=(20, 60, 160, 255)) -> Image.Image:
    made = Image.new(mode, size, color[: len(mode)] if mode != "P" else 1)
    if mode in ("RGB", "RGBA"):
        made.paste((200, 30, 30), (10, 10, 90, 90))
    return made


def file(made: Image.Image, kind="PNG", **more) -> bytes:
    kept = BytesIO()
    made.save(kept, kind, **more)
    return kept.getvalue()


def problem(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read_logo(data)
    return refused.value.problem.id


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGB")]
)
def test_each_kind_becomes_a_small_png(kind, mode):
    made = read_logo(file(drawn((1500, 500)).convert(mode), kind))
    assert (made.width, made.height) == (600, 200)
    shown = Image.open(BytesIO(made.content))
    assert (shown.format, shown.size, shown.info) == ("PNG", (600, 200), {})
    assert len(made.digest) == 64


def test_nothing_but_the_pixels_is_kept():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "drawn at the safe house")
    exif = Image.Exif()
    exif[0x010E] = "drawn at the safe house"
    kept = [
        read_logo(file(drawn(), pnginfo=told, exif=exif, icc_profile=b"safe house" * 20)),
        read_logo(file(drawn()) + b"safe house behind the end"),
        read_logo(file(drawn(mode="RGB"), "JPEG", comment=b"safe house", exif=exif)),
    ]
    assert all(b"safe house" not in one.content for one in kept)
    assert kept[0] == kept[1] == read_logo(file(drawn()))


def test_it_stands_upright_and_without_an_empty_rim():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = read_logo(file(drawn((300, 100), "RGB"), "JPEG", exif=exif))
    assert (turned.width, turned.height) == (100, 300)
    rim = Image.new("RGBA", (400, 400))
    rim.paste((0, 0, 0), (100, 150, 300, 250))
    assert (read_logo(file(rim)).width, read_logo(file(rim)).height) == (200, 100)


def test_what_cannot_be_made_small_becomes_smaller_still():
    noise = Image.frombytes("RGB", (600, 300), random.Random(1).randbytes(600 * 300 * 3))
    made = read_logo(file(noise))
    assert len(made.content) <= picture_child.LARGEST_FILE
    assert made.width < 600


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with next to nothing in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return picture.PNG + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "logo-missing"),
        (b"x" * (picture.FILE_LIMIT + 1), "logo-large"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><svg onload="alert(1)"/>', "logo-drawing"),
        (b"<!-- by hand --><SVG xmlns='http://www.w3.org/2000/svg'/>", "logo-drawing"),
        (b"GIF89a" + bytes(100), "logo-kind"),
        (b"%PDF-1.7", "logo-kind"),
        (b"words", "logo-kind"),
        (picture.PNG + b"and no more", "logo-unreadable"),
        (file(drawn())[:-400], "logo-unreadable"),
        (b"\xff\xd8\xff" + bytes(500), "logo-unreadable"),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(200), "logo-unreadable"),
        (png_of(60_000, 60_000), "logo-pixels"),
        (png_of(5_000, 5_000), "logo-pixels"),
        (file(drawn((20, 20))), "logo-small"),
        (file(Image.new("RGBA", (100, 100))), "logo-empty"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_sentence(data, said):
    assert problem(data) == said


def test_another_kind_under_a_name_that_is_taken_is_not_decoded():
    """Bytes decide: what begins as one of ours, and is decoded as something else, is none."""
    assert problem(picture.PNG + file(drawn(), "TIFF")) == "logo-unreadable"


def test_what_takes_too_much_or_answers_otherwise_is_refused(monkeypatch):
    for ended in (Ended(None, b""), Ended(-9, b""), Ended(0, b"no picture")):
        monkeypatch.setattr(picture, "run_apart", lambda *_, ended=ended: ended)
        assert problem(file(drawn())) == "logo-unreadable"
