"""What it costs to list 11,000 signatories: ordered, on the public page, in its files; beside plain sorting and 31."""

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import rfc8785
from flask import Flask
from PIL import Image, ImageDraw

from tests.ground.application import settings_for
from workflow.app import create_app
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.public_parts import Disclosed
from workflow.formats.record import PublicStatement
from workflow.rules.listing import Candidate, Entry, Manner, Mark, Order, Style, arranged, disclosed_value, only_shown
from workflow.rules.publication import SignedBy, record
from workflow.text.collation import sort_key
from workflow.text.content import Content, Edition
from workflow.text.digest import canonical, commitment, digest
from workflow.text.picture import Picture
from workflow.upgrade import upgrade
from workflow.web import house
from workflow.web.public import FORMS
from workflow.web.reading import SAYING

MANY, FEW, TIMES, SEED = 11_000, 31, 5, 20270301
LOGOS = 40
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
ADDRESS = "https://sign.example.org/statements/closing"
PLACES = (
    *("Lakeside", "Hillside", "Harbour", "Orchard", "Riverbank", "Meadow", "North Quay", "Birchwood", "Östra", "Åby"),
    *("Élan", "Zebra", "Eastern Valley", "St Anne’s", "Ferry Lane", "Upper Mill", "Ñandú", "Çayir", "Ash Grove"),
)
WHAT = (
    *("Relief", "Forum", "Aid", "Trust", "Voices", "Women’s Cooperative", "Association of Teachers and Nurses"),
    *("Network for the Rights of Children on the Move", "Choir", "Society", "Council", "e.V.", "Union", "Watch"),
)
ARABIC_WHAT = ("جمعية", "منتدى", "رابطة", "مؤسسة", "شبكة", "اتحاد", "لجنة", "الهيئة", "المركز")
ARABIC_PLACES = ("البحيرة", "التل", "المرفأ", "البستان", "ضفة النهر", "المروج", "الرصيف الشمالي", "الوادي الشرقي")
COUNTRIES = ("Lakeland", "Rivermark", "Norrland", "Hillmark", "International", "")
TEXT = Edition(
    language="en",
    kind="open-letter",
    label="Open letter",
    date="2027-03-01",
    place="Lakeside",
    headline="Reopen the valley road before the winter",
    body="The valley road has been closed for **forty** days. Families cannot reach the clinic.\n\nWe ask for it back.",
)
ARABIC = replace(
    TEXT,
    language="ar",
    label="رسالة مفتوحة",
    place="البحيرة",
    headline="افتحوا طريق الوادي قبل الشتاء",
    body="طريق الوادي مغلق منذ **أربعين** يومًا. لا تستطيع العائلات الوصول إلى العيادة.\n\nنطالب بفتحه.",
)


def names(count: int, language: str = "en") -> list[str]:
    """As many invented names, none twice, in no order."""
    chance = random.Random(SEED)
    if language == "ar":
        pairs = [f"{what} {place}" for what in ARABIC_WHAT for place in ARABIC_PLACES]
    else:
        pairs = [f"{the}{place} {what}" for the in ("", "The ") for place in PLACES for what in WHAT]
    chance.shuffle(pairs)
    made = [pairs[at % len(pairs)] + (f" {at // len(pairs) + 1}" if at >= len(pairs) else "") for at in range(count)]
    chance.shuffle(made)
    return made


def candidates(count: int, language: str = "en") -> list[Candidate]:
    """Signatories of all sorts: in countries, with acronyms, signs and persons, some of them individuals."""
    found = []
    for at, name in enumerate(names(count, language)):
        acronym = "".join(word[0] for word in name.split() if word[0].isupper()) if at % 9 == 4 else ""
        mark = Mark.UMBRELLA if at % 13 == 5 else None
        person, role = (f"Person {at}", "Director") if at % 3 else ("", "")
        if language == "ar":
            person, role = ("رنا المثال", "المديرة") if at % 3 else ("", "")
        individual = at % 16 == 15
        drawn = "" if individual or at % 5 == 3 else picture(at % LOGOS).digest
        sign = Mark.IDENTIFICATION if individual else mark
        entry = Entry(name, acronym, "", sign, individual, person, role, drawn)
        found.append(Candidate(at, at, entry, country=COUNTRIES[at % len(COUNTRIES)]))
    return found


@cache
def picture(at: int) -> Picture:
    """An invented logo: a sign with a word beside it, wide or high, on white or on nothing."""
    chance = random.Random(at)
    wide = chance.choice(((560, 110), (420, 160), (300, 300), (220, 290), (600, 300)))
    clear = at % 2 == 1
    drawn = Image.new("RGBA", wide, (255, 255, 255, 0 if clear else 255))
    color = tuple(chance.randrange(30, 190) for _ in range(3))
    pen, side = ImageDraw.Draw(drawn), min(wide) * 3 // 4
    shape = chance.choice((pen.ellipse, pen.rectangle))
    shape((8, (wide[1] - side) // 2, 8 + side, (wide[1] + side) // 2), fill=color)
    pen.text((side + 24, wide[1] // 2), chance.choice(("NORTH", "Relief", "Aid+", "forum")), fill=color, anchor="lm",
             font_size=wide[1] // 3)  # fmt: skip
    kept = BytesIO()
    drawn.save(kept, "PNG")
    return Picture(kept.getvalue(), *wide)


def published(
    entries: Sequence[Entry], style: Style, edition: Edition = TEXT, unnamed: int = 0, salt: int = 0
) -> PublicStatement:
    """A publication with these signatories, as it would be read; the last `unnamed` are withheld. Salts from `salt`."""
    values = [disclosed_value(only_shown(entry, style)) for entry in entries]
    salted = [(f"{n:032x}", value) for n, value in enumerate(values, start=salt)]
    found = [Disclosed(commitment(one, value), one, value) for one, value in salted]
    persons = _persons(entries) if style is Style.PERSONS else {}
    content = Content((edition,))
    written = record(
        slug="closing",
        kind=edition.kind,
        revision=1,
        digest=digest(content),
        content=json.loads(canonical(content)),
        rule={"required": "all", "at_least": 0},
        instants={"published": "2027-03-01T09:00:00Z", "deadline": "2027-03-01T09:00:00Z"},
        signatories=[
            SignedBy(
                one.commitment,
                1,
                digest(content),
                "2027-03-01T09:00:00Z",
                persons[n].commitment if n in persons else None,
            )
            for n, one in enumerate(found)
        ],
        chain_head="c" * 64,
    )
    text = rfc8785.dumps(written).decode()
    individuals = [one.commitment for one, entry in zip(found, entries, strict=True) if entry.individual]
    return PublicStatement(
        statement_id=1,
        slug="closing",
        record=text,
        record_digest=hashlib.sha256(text.encode()).hexdigest(),
        published_at=NOW,
        listing=tuple(one.commitment for one in found),
        disclosures=tuple(found[: len(found) - unnamed]),
        manner=json.dumps({"style": style.value, "individuals": individuals}),
        persons=tuple(persons.values()),
    )


def _persons(entries: Sequence[Entry]) -> dict[int, Disclosed]:
    """Who signed, by the place of the signatory, where that is to be listed."""
    found = {}
    for at, entry in enumerate(entries):
        if entry.person:
            value = {"person_name": entry.person, "person_role": entry.role}
            found[at] = Disclosed(commitment(f"{at:030x}aa", value), f"{at:030x}aa", value)
    return found


@contextmanager
def application() -> Iterator[Flask]:
    """An application whose database is migrated and empty: a page only asks it for the keys of the installation."""
    with TemporaryDirectory() as scratch:
        app = create_app(settings_for(f"sqlite:///{scratch}/none.sqlite3", Path(scratch)))
        upgrade(app.extensions["undersigned"].engine)
        yield app
        app.extensions["undersigned"].engine.dispose()


def page(app: Flask, found: PublicStatement) -> str:
    """The public page, as the server makes it once."""
    with app.test_request_context("/"):
        house.speak(found.edition.language)
        return str(FORMS["page"][1](found, ADDRESS))


def measure(figures: dict[str, dict[str, object]]) -> None:
    """Print the times and note them in `figures`."""
    many, few, key = candidates(MANY), candidates(FEW), sort_key("en")
    plain = _seconds(lambda: sorted(one.entry.name for one in many))
    orders = {order.value: _seconds(lambda order=order: arranged(many, Manner(order), key), 3) for order in Order}
    ordered = max(orders.values())
    with application() as app:
        made = {
            style: [published([one.entry for one in arranged(found, Manner(), key)], style) for found in (many, few)]
            for style in Style
        }
        pages = {style.value: _page_seconds(app, both[0]) for style, both in made.items()}
        small = max(_page_seconds(app, both[1]) for both in made.values())
        with app.test_request_context("/"):
            files = max(
                _seconds(lambda both=both, form=form: form(both[0], ADDRESS, SAYING), 3)
                for both in made.values()
                for form in (text_file, markdown_file)
            )
    worst = max(pages.values())
    figures["list_11000_names"] = {
        "value": round(ordered + worst, 4),
        "unit": "seconds",
        "against": "the public page of the same text with 31 signatories, in its dearest style",
        "against_seconds": round(small, 5),
        "ratio": round((ordered + worst) / small, 1),
        "ratio_of_names": round(MANY / FEW, 1),
        "ordering_seconds": {name: round(value, 4) for name, value in orders.items()},
        "plain_sorted_seconds": round(plain, 5),
        "page_seconds": {name: round(value, 4) for name, value in pages.items()},
        "file_seconds": round(files, 4),
    }
    print(
        f"list of {MANY} names: ordered in {ordered:.3f} s (plain sorted() {plain:.4f} s), the page in {worst:.3f} s,"
        f" a file in {files:.3f} s; the page with {FEW}: {small:.4f} s; ratio {(ordered + worst) / small:.1f}"
    )


def _page_seconds(app: Flask, found: PublicStatement) -> float:
    """What is kept beside a publication is worked out anew each time, as it is in a fresh process."""
    return _seconds(lambda: page(app, replace(found)), 3)


def _seconds(do: Callable[[], object], times: int = TIMES) -> float:
    """The median of several times."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        do()
        found.append(time.perf_counter() - begun)
    return sorted(found)[times // 2]
