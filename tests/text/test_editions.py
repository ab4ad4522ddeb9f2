"""Several editions of one text: how they are found, put together and held against each other."""

from dataclasses import replace

import pytest

from tests.text.languages import ARABIC, ENGLISH
from workflow.rules.refusals import FormRefused
from workflow.text.anchoring import locate_in, stands_in
from workflow.text.blocks import blocks
from workflow.text.content import Content, Edition, MediaContact, Quote
from workflow.text.digest import canonical, digest, parse
from workflow.text.editions import MOST_EDITIONS, begun_from, check_content, compared
from workflow.text.passages import Passage, chosen

BOTH = Content((ENGLISH, ARABIC))


def test_one_edition_has_the_digest_it_always_had() -> None:
    """The bytes are those of before there were several: what was signed stays what was signed."""
    assert canonical(Content((Edition("en", "press-release", "H", "B"),))) == (
        b'{"editions":[{"body":"B","headline":"H","kind":"press-release","language":"en"}],"format":"statement-text/1"}'
    )


def test_every_edition_is_covered_by_the_digest_and_so_is_which_one_is_authoritative() -> None:
    changed = Content((ENGLISH, replace(ARABIC, ends="x")))
    assert len({digest(one) for one in (BOTH, Content((ENGLISH,)), changed, Content((ARABIC, ENGLISH)))}) == 4
    assert parse(canonical(BOTH)) == BOTH


def test_an_edition_is_found_by_its_language() -> None:
    assert BOTH.languages == ("en", "ar") and BOTH.authoritative is ENGLISH and BOTH.translations == (ARABIC,)
    assert BOTH.find("ar") is ARABIC and BOTH.find("") is ENGLISH and BOTH.find("fr") is None
    assert BOTH.in_language("fr") is ENGLISH
    assert BOTH.for_reader("ar-SY") is ARABIC and BOTH.for_reader("sv") is ENGLISH
    assert BOTH.short(ENGLISH) == "" and BOTH.short(ARABIC) == "ar"


def test_an_edition_is_changed_added_renamed_and_taken_out() -> None:
    french = replace(ENGLISH, language="fr", kind="open-letter")
    with_it = BOTH.with_edition("fr", french)
    assert with_it.languages == ("en", "ar", "fr")
    assert {one.kind for one in with_it.editions} == {"press-release"}, "what it is, it is in every language"
    assert with_it.with_edition("", replace(ENGLISH, kind="open-letter")).find("ar") == replace(
        ARABIC, kind="open-letter"
    )
    assert BOTH.with_edition("ar", replace(ARABIC, language="fa")).languages == ("en", "fa")
    assert with_it.without("ar").languages == ("en", "fr")
    assert BOTH.without("en") == BOTH, "the authoritative edition stays"


def test_two_editions_in_one_language_are_refused() -> None:
    with pytest.raises(FormRefused) as refused:
        check_content(Content((ENGLISH, replace(ENGLISH, headline="Another"))))
    assert refused.value.problems["language"].id == "edition.language-twice"
    with pytest.raises(FormRefused):
        check_content(Content((ENGLISH, ARABIC, replace(ARABIC, language="AR "))))
    many = tuple(replace(ENGLISH, language=f"en-{at:03d}") for at in range(MOST_EDITIONS + 1))
    with pytest.raises(FormRefused) as refused:
        check_content(Content(many))
    assert refused.value.problems["language"].id == "too-many"


def test_a_translation_that_lacks_its_headline_cannot_go_out() -> None:
    lacking = Content((ENGLISH, replace(ARABIC, headline="")))
    assert check_content(lacking)
    with pytest.raises(FormRefused) as refused:
        check_content(lacking, complete=True)
    said = refused.value.problems["editions"]
    assert said.id == "edition.incomplete" and said.params["in_language"] == "ar"


def test_what_every_language_writes_alike_is_held_against_the_authoritative_text() -> None:
    assert compared(ENGLISH, ARABIC) == [], "digits, separators and words of counts may be those of the language"

    def ids(**changed: object) -> list[str]:
        return [one.id for one in compared(ENGLISH, replace(ARABIC, **changed))]  # type: ignore[arg-type]

    assert ids(quotes=()) == ["edition.other-quotes"]
    assert ids(date="2027-03-02") == ["edition.other-date"]
    assert ids(body=ARABIC.body.replace("١٬٢٠٠", "١٬٣٠٠")) == ["edition.numbers-missing", "edition.numbers-more"]
    assert ids(body=ARABIC.body.replace("https://example.org/aid", "https://example.net/aid")) == [
        "edition.links-missing",
        "edition.links-more",
    ]
    assert ids(body=f"{ARABIC.body} [كلمات](#) [كلمات]()") == [], "a link whose address is not there yet leads nowhere"
    assert ids(lead_paragraph="نطلب") == ["edition.counts-missing"]
    assert ids(contacts=(MediaContact("ر", mail="desk@example.org"),)) == ["edition.mails-more"]


def test_a_translation_begins_with_the_parts_of_the_authoritative_text() -> None:
    begun = begun_from(ENGLISH, "fr")
    assert begun.language == "fr" and replace(begun, language="en") == ENGLISH


def test_a_passage_names_its_edition_and_is_looked_for_there_alone() -> None:
    block = next(one for one in blocks(ARABIC) if one.part == "body")
    passage = replace(chosen(ARABIC, block.key, ""), language="ar")
    assert stands_in(passage.to_json(), BOTH)
    assert not stands_in({**passage.to_json(), "language": ""}, BOTH)
    assert not stands_in({**passage.to_json(), "language": "fr"}, BOTH)
    assert not stands_in({**passage.to_json(), "language": 5}, BOTH)
    assert Passage.from_json(passage.to_json()) == passage
    assert "language" not in replace(passage, language="").to_json(), "as it was kept before there were editions"
    moved = BOTH.with_edition("", replace(ENGLISH, body="Quite other words.", quotes=(Quote("A", text="B"),)))
    assert locate_in(passage, BOTH, moved)
    assert locate_in(passage, BOTH, Content((ENGLISH,))) is None
