"""Makes one picture anew in a process of its own, with little memory and little time: file in, PNG out.

Run by `picture.py` as a script, never imported for its work. Whatever a hostile file does to a decoder, it does here.
It ends with one of the codes below; any other end means that the file was too much.
"""

import sys
from io import BytesIO

UNREADABLE, TOO_MANY_PIXELS, TOO_SMALL, EMPTY = 41, 42, 43, 44
FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 24_000_000
# As it is kept: what stands beside a name is small, and a page may hold a hundred.
WIDTH, HEIGHT, SMALLEST, LARGEST_FILE = 600, 300, 32, 120_000


def main() -> int:
    """Read standard input, write the PNG to standard output."""
    import warnings

    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        made = _made_anew(sys.stdin.buffer.read())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return TOO_MANY_PIXELS
    except Exception:  # noqa: BLE001 - decoders raise whatever a broken file makes them
        return UNREADABLE
    if isinstance(made, int):
        return made
    sys.stdout.buffer.write(made)
    return 0


def _made_anew(data: bytes) -> bytes | int:
    """The picture as a PNG with no word beside its pixels; or why not. Of a moving one, its first picture."""
    from PIL import Image, ImageOps

    # Looked through once without decoding: some formats tell only so that they are cut short.
    with Image.open(BytesIO(data), formats=FORMATS) as looked:
        looked.verify()
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return TOO_MANY_PIXELS
        if max(opened.size) < SMALLEST:
            return TOO_SMALL
        opened.draft("RGB", (WIDTH * 2, HEIGHT * 2))  # a JPEG need not be unpacked whole
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    seen = picture.getchannel("A").getbbox()
    if seen is None:
        return EMPTY
    picture = picture.crop(seen)  # an empty rim would only make it smaller
    picture.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    made = _png(picture)
    while len(made) > LARGEST_FILE and min(picture.size) > SMALLEST:
        picture = picture.resize((max(1, picture.width * 4 // 5), max(1, picture.height * 4 // 5)))
        made = _png(picture)
    return made


def _png(picture: object) -> bytes:
    """The pixels alone: profile, place, camera and remarks of the file stay behind."""
    from PIL import Image

    assert isinstance(picture, Image.Image)  # noqa: S101 - for the types
    opaque = picture.getchannel("A").getextrema() == (255, 255)
    bare = Image.new("RGB" if opaque else "RGBA", picture.size)
    bare.paste(picture.convert(bare.mode))
    kept = BytesIO()
    bare.save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    sys.exit(main())
