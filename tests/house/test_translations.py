"""What anybody reads is there in Arabic, whole and with what is filled in, and the compiled catalogues are the
written ones."""

import gettext
import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.house.reading import ROOT, nothing

TRANSLATIONS = ROOT / "translations"
# Every sentence found anywhere must be translated; in each of these some must be found.
PLACES_THAT_SPEAK = (
    "templates/signing/",
    "templates/public/",
    "templates/errors/",
    "templates/mail/",
    "templates/_parts/",
    "templates/posting/",
    "templates/accounts/",
    "templates/coalition/",
    "templates/drafting/",
    "templates/circulation/",
    "templates/disposing/",
    "templates/base.html",
    "templates/public_base.html",
    "workflow/text/sentence_table.py",
    "workflow/web/signing_page.py",
    "workflow/web/public_picture.py",
    "workflow/web/drafting_history.py",
    "workflow/formats/",
)
# Values that come from outside: people, organisations, addresses, headlines. In a sentence that is read from the
# right each stands between U+2068 and U+2069, or a Latin name disorders what is beside it. Sentences of the table are
# filled in by workflow/text/sentences.py, which does it by itself.
FROM_OUTSIDE = re.compile(r"%\((?:lead|organisation|name|person|role|contact|proposed|mail|coalition|headline)\)s")
TAGS = re.compile(r"</?[a-z][^>]*>")
PLACES = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> Catalog:
    """Every sentence, collected as `make translations` does."""
    out = tmp_path_factory.mktemp("translations") / "messages.pot"
    words = ["extract", "-F", str(ROOT / "pyproject.toml"), "-k", "lazy_gettext", "--ignore-dirs", ".* build"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(["pybabel", "-q", *words, "-o", str(out), "."])
    with out.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def arabic() -> Catalog:
    with (TRANSLATIONS / "ar" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="ar")


def _key(message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _strings(message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def test_sentences_are_found_wherever_somebody_reads(extracted):
    places = {place for message in extracted if message.id for place, _ in message.locations}
    nothing([start for start in PLACES_THAT_SPEAK if not any(place.startswith(start) for place in places)])


def test_every_sentence_is_there_in_arabic(extracted, arabic):
    wanted = [message for message in extracted if message.id]
    assert len(wanted) >= 700
    missing = []
    for message in wanted:
        found = arabic.get(_key(message), message.context)
        if found is None or found.fuzzy or not all(_strings(found)):
            missing.append(f"{message.locations[0][0]}: {_key(message)}")
    nothing(missing)


def test_translations_keep_every_value_that_is_filled_in(arabic):
    wrong = []
    looked_at = 0
    for message in arabic:
        if not message.id or not any(_strings(message)):
            continue
        looked_at += 1
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        allowed = set(PLACES.findall(" ".join(ids)))
        for string in _strings(message):
            used = set(PLACES.findall(string))
            # One, two and none can be said without the number.
            whole = used == allowed or (message.pluralizable and used <= allowed)
            if string and not whole:
                wrong.append((_key(message), sorted(allowed ^ used)))
            # A sign that is no place breaks the filling in.
            if "%" in PLACES.sub("", string):
                wrong.append((_key(message), "%"))
    assert looked_at >= 700
    nothing(wrong)


def test_translations_keep_every_tag_and_the_blanks_at_the_ends(arabic):
    wrong = []
    for message in arabic:
        for string in _strings(message):
            key = _key(message)
            same = sorted(TAGS.findall(string)) == sorted(TAGS.findall(key))
            ends = string[:1].isspace() == key[:1].isspace() and string[-1:].isspace() == key[-1:].isspace()
            if key and string and not (same and ends):
                wrong.append(key)
    nothing(wrong)


def test_what_comes_from_outside_is_set_apart_in_arabic(arabic):
    wrong = []
    looked_at = 0
    for message in arabic:
        if not message.id or all(place == "workflow/text/sentence_table.py" for place, _ in message.locations):
            continue
        for string in _strings(message):
            for found in FROM_OUTSIDE.finditer(string):
                looked_at += 1
                if (string[found.start() - 1], string[found.end() : found.end() + 1]) != ("\u2068", "\u2069"):
                    wrong.append(_key(message))
            opened = string.count("\u2068") + string.count("\u2066")
            if opened != string.count("\u2069"):
                wrong.append(_key(message))
    assert looked_at >= 100
    nothing(wrong)


def test_arabic_counts_in_its_six_ways(arabic):
    with (TRANSLATIONS / "ar" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    said = {
        count: words.ngettext("One member", "%(num)s members", count) % {"num": count}
        for count in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)
    }
    assert said == {
        0: "لا أعضاء",
        1: "عضو واحد",
        2: "عضوان",
        3: "3 أعضاء",
        10: "10 أعضاء",
        11: "11 عضوًا",
        99: "99 عضوًا",
        100: "100 عضو",
        102: "102 عضو",
        103: "103 أعضاء",
        111: "111 عضوًا",
    }


@pytest.mark.parametrize(
    "path", sorted(TRANSLATIONS.rglob("*.po")) or [None], ids=lambda path: str(path and path.parts[-3])
)
def test_compiled_catalogues_are_the_written_ones(path):
    assert path is not None, "there is no catalogue"
    with path.open("rb") as file:
        written = read_po(file, locale=path.parts[-3])
    compiled = io.BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    with path.with_suffix(".mo").open("rb") as file:
        there = gettext.GNUTranslations(file)
    assert there._catalog == gettext.GNUTranslations(compiled)._catalog
