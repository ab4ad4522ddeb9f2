"""Which of several media types an Accept header asks for (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

# Nobody asks for more than this; what stands behind it is not read.
MOST_RANGES = 40


def best(accept: str, offered: Sequence[str]) -> str:
    """The offered type that is liked most; of equals the first. The first of all where none is asked for or liked."""
    ranges = _ranges(accept)
    liked = [(_quality(ranges, one), -at) for at, one in enumerate(offered)] if ranges else []
    quality, place = max(liked, default=(0.0, 0))
    return offered[-place] if quality > 0 else offered[0]


def _ranges(accept: str) -> dict[str, float]:
    """The media ranges with their weights; a weight that is none takes its range out."""
    found: dict[str, float] = {}
    for part in accept.split(",")[:MOST_RANGES]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next(
            (one.partition("=")[2].strip() for one in parameters if one.partition("=")[0].strip() == "q"), "1"
        )
        quality = _weight(weight)
        if "/" in name and quality is not None:
            found[name] = max(quality, found.get(name, 0.0))
    return found


def _weight(said: str) -> float | None:
    whole, _, part = said.partition(".")
    if whole not in ("0", "1") or len(part) > 3 or not (part.isascii() and (part.isdigit() or not part)):
        return None
    value = float(f"{whole}.{part or 0}")
    return value if value <= 1 else None


def _quality(ranges: dict[str, float], offered: str) -> float:
    """The weight of the most specific range that takes it in."""
    wide = f"{offered.partition('/')[0]}/*"
    return next((ranges[one] for one in (offered, wide, "*/*") if one in ranges), 0.0)
