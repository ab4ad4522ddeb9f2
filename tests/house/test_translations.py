"""What members and readers see is there in Arabic, whole, and the compiled catalogues are the written
ones."""

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
# A sentence found in one of these must be translated; the lead's desk may follow later.
MEMBERS_AND_PUBLIC = (
    "templates/signing/",
    "templates/commenting/",
    "templates/public/",
    "templates/mail/",
    "templates/errors/",
    "templates/_parts/",
    "templates/base",
    "templates/public_base",
    "workflow/text/sentences.py",
    "workflow/web/signing.py",
    "workflow/web/commenting.py",
    "workflow/web/public.py",
    "workflow/mail/",
    "workflow/formats/",
)
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


def test_what_members_and_readers_see_is_there_in_arabic(extracted, arabic):
    wanted = [
        message
        for message in extracted
        if message.id and any(place.startswith(MEMBERS_AND_PUBLIC) for place, _ in message.locations)
    ]
    assert len(wanted) >= 150
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
    assert looked_at >= 150
    nothing(wrong)


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
