"""What is pointed out of a change marked editorial, language by language."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.builders import EDITION
from workflow.rules.refusals import Message
from workflow.text.content import Edition, MediaContact, Quote
from workflow.text.editorial import MOST, remarkable, words_changed
from workflow.text.negations import TABLE, WITHIN_VERBS, negation_in, negations_known
from workflow.text.numerals import numbers_in, spelled
from workflow.text.sentence_table import SENTENCES
from workflow.text.sentences import say
from workflow.web.drafting_form import LANGUAGES


def edition(body: str, language: str = "en") -> Edition:
    return Edition(language=language, kind="press-release", headline="A headline", body=body)


def found(old: str, new: str, language: str = "en", names: Iterable[str] = ()) -> list[Message]:
    """What is pointed out but for the number of words."""
    told = remarkable(edition(old, language), edition(new, language), names=names, words_allowed=100)
    assert all(say(message, str) for message in told)
    return told


def test_nothing_is_said_of_what_is_editorial():
    assert remarkable(EDITION, EDITION) == []
    assert found("We ask the council to reopen the road.", "We ask the council to open up the road.") == []
    assert found("We ask , the council.", "We ask, the council.") == []
    assert found("It is **closed**.", "It is closed.") == []


@pytest.mark.parametrize(
    ("language", "old", "new", "told"),
    [
        ("en", "40 people", "47 people", {"old": "40", "new": "47"}),
        ("en", "1,200 people", "1,300 people", {"old": "1,200", "new": "1,300"}),
        ("en", "1.5 metres", "15 metres", {"old": "1.5", "new": "15"}),
        ("en", "forty days", "forty-seven days", {"old": "forty", "new": "forty-seven"}),
        ("en", "two million people", "two billion people", {"old": "million", "new": "billion"}),
        ("en", "the third week", "the fourth week", {"old": "third", "new": "fourth"}),
        ("en", "€4m", "£4m", {"old": "€4m", "new": "£4m"}),
        ("en", "5% more", "5‰ more", {"old": "5%", "new": "5‰"}),
        ("en", "5 pm", "5 am", {"old": "5 pm", "new": "5 am"}),
        ("en", "20 km", "20 m", {"old": "20 km", "new": "20 m"}),
        ("ar", "منذ ٤٠ يوماً", "منذ ٤٧ يوماً", {"old": "٤٠", "new": "٤٧"}),
        ("ar", "قرى سبع", "قرى ثماني", {"old": "سبع", "new": "ثماني"}),
        ("ar", "بعد أربعين يوماً", "بعد خمسين يوماً", {"old": "أربعين", "new": "خمسين"}),
        ("fa", "هفت روز", "هشت روز", {"old": "هفت", "new": "هشت"}),
        ("de", "siebenundvierzig Tage", "achtundvierzig Tage", {"old": "siebenundvierzig", "new": "achtundvierzig"}),
        ("fr", "quarante-sept jours", "quarante-huit jours", {"old": "quarante-sept", "new": "quarante-huit"}),
        ("ru", "семью семьями", "восемью семьями", {"old": "семью", "new": "восемью"}),
        ("zh", "四十七人", "四十八人", {"old": "七人", "new": "八人"}),
    ],
)
def test_a_changed_number(language, old, new, told):
    messages = [message for message in found(old, new, language) if not message.id.endswith("-unknown")]
    assert messages == [Message("editorial.number", told)]


def test_the_same_number_written_in_another_way_has_not_changed():
    assert found("1,200 people, forty days", "1200 people, 40 days") == []
    assert found("منذ ٤٠ يوماً", "منذ 40 يوماً", "ar") == []
    assert found("un chemin", "le chemin", "fr") == []


def test_numbers_that_came_and_went():
    few, more = "We ask all villages.", "We ask all 12 villages."
    assert found(few, more) == [Message("editorial.number-added", {"new": "12"})]
    assert found(more, few) == [Message("editorial.number-removed", {"old": "12"})]


@pytest.mark.parametrize("sign", "-−±<")
def test_a_sign_that_makes_another_number_of_it(sign):
    signed, bare = f"It fell to {sign}5 degrees.", "It fell to 5 degrees."
    assert found(signed, bare) == [Message("editorial.number-removed", {"old": f"{sign}5"})]
    assert found(bare, signed) == [Message("editorial.number-added", {"new": f"{sign}5"})]


def test_signs_and_short_words_beside_no_number_are_no_numbers():
    assert found("a road - or two", "a road, or two") == []
    assert found("the way in", "the way to") == []


def test_numbers_that_changed_places():
    told = {message.id for message in found("40 of 47 came.", "47 of 40 came.")}
    assert told == {"editorial.number-added", "editorial.number-removed"}


@pytest.mark.parametrize(
    ("language", "old", "new", "id_"),
    [
        ("en", "They did sign.", "They did not sign.", "added"),
        ("en", "They don't agree.", "They agree.", "removed"),
        ("en", "They don’t agree.", "They agree.", "removed"),
        ("en", "They can sign.", "They cannot sign.", "added"),
        ("en", "We act with them.", "We act without them.", "added"),
        ("ar", "نقبل ذلك.", "لا نقبل ذلك.", "added"),
        ("ar", "ونقبل ذلك.", "ولن نقبل ذلك.", "added"),
        ("ar", "الطريق غيرُ مفتوح.", "الطريق مفتوح.", "removed"),
        ("he", "אנחנו מסכימים.", "אנחנו לא מסכימים.", "added"),
        ("de", "Wir nehmen das an.", "Wir nehmen das nicht an.", "added"),
        ("fr", "Le conseil a répondu.", "Le conseil n’a répondu.", "added"),
        ("es", "El consejo respondió.", "El consejo no respondió.", "added"),
        ("it", "Il consiglio ha risposto.", "Il consiglio non ha risposto.", "added"),
        ("pt", "O conselho respondeu.", "O conselho não respondeu.", "added"),
        ("nl", "Wij stemmen in.", "Wij stemmen niet in.", "added"),
        ("sv", "Vi håller med.", "Vi håller inte med.", "added"),
        ("ru", "Мы согласны.", "Мы не согласны.", "added"),
        ("zh", "我们要求开放。", "我们不要求开放。", "added"),
    ],
)
def test_a_changed_negation(language, old, new, id_):
    assert [message.id for message in found(old, new, language)] == [f"editorial.negation-{id_}"]


def test_one_negation_for_another():
    assert found("We never agree.", "We hardly agree.") == [
        Message("editorial.negation", {"old": "never", "new": "hardly"})
    ]


def test_every_language_is_in_the_table_or_said_to_be_unknown():
    unknown = {language for language in LANGUAGES if not negations_known(language)}
    assert unknown == {"ckb", "ku", "ps", "so", "sw", *WITHIN_VERBS}
    assert set(TABLE) <= set(LANGUAGES)
    assert [message.id for message in found("Waddada.", "Jidka.", "so")] == [
        "editorial.negation-unknown",
        "editorial.number-words-unknown",
    ]
    assert [message.id for message in found("Yol.", "Yollar.", "tr")] == ["editorial.negation-unknown"]
    # Where no word changed there was nothing to look for.
    assert found("Waddada.", "Waddada.", "so") == []


def test_the_table_of_negations_is_found_by_itself():
    for language, words in TABLE.items():
        assert [word for word in words.split() if not negation_in(word, language)] == [], language
    assert not negation_in("非常", "zh")
    assert not negation_in("note", "en")
    assert not negation_in("not", "ckb")


def test_number_words_are_known_where_icu_spells():
    unspelled = {language for language in LANGUAGES if not spelled(language)}
    assert unspelled == {"bn", "ckb", "ga", "ku", "ps", "so", "ur"}
    assert numbers_in("and", "en") == []
    assert numbers_in("B12", "en") == ["12"]
    assert numbers_in("½", "en") == ["½"]
    assert numbers_in("road", "en") == []


@pytest.mark.parametrize(
    ("language", "old", "new", "told"),
    [
        ("en", "They met in Geneva today.", "They met in Vienna today.", {"old": "Geneva", "new": "Vienna"}),
        ("en", "Then Mr. Smith came.", "Then Mr. Smyth came.", {"old": "Smith", "new": "Smyth"}),
        ("en", "It was the UN.", "It was the EU.", {"old": "UN", "new": "EU"}),
        ("en", "Ada came. We met Ada.", "Ida came. We met Ada.", {"old": "Ada"}),
        ("fr", "Nous étions à Genève hier.", "Nous étions à Vienne hier.", {"old": "Genève", "new": "Vienne"}),
    ],
)
def test_a_changed_name(language, old, new, told):
    messages = found(old, new, language)
    assert [dict(message.params) for message in messages if message.id.startswith("editorial.name")] == [told]


def test_names_that_are_given_are_known_in_every_script():
    assert found("قالت رنا ذلك.", "قالت لينا ذلك.", "ar") == []
    assert found("قالت رنا ذلك.", "قالت لينا ذلك.", "ar", names=["رنا المثال", "لينا المثال"]) == [
        Message("editorial.name", {"old": "رنا", "new": "لينا"})
    ]
    assert found("Das sagt die Mühle.", "Das sagt die Brücke.", "de") == []
    assert found("Das sagt die Mühle.", "Das sagt die Brücke.", "de", names=["Mühle e. V."]) == [
        Message("editorial.name-removed", {"old": "Mühle"})
    ]


def test_a_word_that_begins_a_sentence_is_no_name():
    assert found("It is so. The road is shut.", "It is so. Our road is shut.") == []
    given = ["The Orchard Trust"]
    assert found("So the road is. “The road is shut.”", "So the road is. “Our road is shut.”", names=given) == []


def test_a_month_is_a_date_and_the_day_of_the_text_too():
    assert found("It was in March.", "It was in April.") == [
        Message("editorial.date", {"old": "March", "new": "April"})
    ]
    assert found("C’était lundi.", "C’était mardi.", "fr") == [
        Message("editorial.date", {"old": "lundi", "new": "mardi"})
    ]
    changed = replace(EDITION, date="2027-03-02")
    assert remarkable(EDITION, changed, words_allowed=1) == [
        Message("editorial.date", {"old": "2027-03-01", "new": "2027-03-02"})
    ]
    assert words_changed(EDITION, changed) == 1


def test_a_link_that_leads_elsewhere():
    old = replace(EDITION, notes="See [the map](https://map.example.org/one).")
    new = replace(old, notes="See [the map](https://map.example.org/two).")
    assert remarkable(old, new) == [
        Message("editorial.link", {"old": "https://map.example.org/one", "new": "https://map.example.org/two"})
    ]
    assert words_changed(old, new) == 0


def test_the_words_of_a_quote_and_who_said_them():
    quote = EDITION.quotes[0]
    reworded = replace(EDITION, quotes=(replace(quote, text=quote.text.replace("nine", "ten")),))
    assert [message.id for message in remarkable(EDITION, reworded, words_allowed=1)] == [
        "editorial.number",
        "editorial.quote",
    ]
    told = remarkable(EDITION, reworded, words_allowed=1)[-1].params
    assert (told["speaker"], str(told["old"])[:21]) == ("Ada Example", "Nobody should walk ni")
    other = replace(EDITION, quotes=(replace(quote, speaker="Eva Example"),))
    assert [message.id for message in remarkable(EDITION, other, words_allowed=1)] == [
        "editorial.name",
        "editorial.quote-speaker",
    ]
    two = replace(EDITION, quotes=(quote, Quote("Kim Example", text="Open it.")))
    assert "editorial.quote-added" in [message.id for message in remarkable(EDITION, two)]
    assert "editorial.quote-removed" in [message.id for message in remarkable(two, EDITION)]
    turned = replace(two, quotes=two.quotes[::-1], body=EDITION.body.replace("[[quote 1]]", "[[quote 2]]"))
    assert [one.id for one in remarkable(two, turned) if "quote" in one.id] == []


def test_contacts_count_as_numbers_and_names():
    old = replace(EDITION, contacts=(MediaContact("Lea Lead", phone="+44 20 7946 0000"),))
    new = replace(EDITION, contacts=(MediaContact("Lea Lead", phone="+44 20 7946 0001"),))
    assert remarkable(old, new, words_allowed=1) == [Message("editorial.number", {"old": "0000", "new": "0001"})]


def test_more_words_than_declared():
    old, new = edition("We ask the council to reopen the road."), edition("We urge our council to open it, the road.")
    assert words_changed(old, new) == 4
    assert remarkable(old, new, words_allowed=4) == []
    assert remarkable(old, new, words_allowed=3) == [Message("editorial.words", {"count": 4, "allowed": 3})]


def test_words_are_counted_as_few_as_can_be():
    def count(old: str, new: str, language: str = "en") -> int:
        return words_changed(edition(old, language), edition(new, language))

    assert count("We ask.", "We ask!") == 0
    assert count("We ask.", "We **ask**.") == 0
    assert count("a b c", "a x c") == 1
    assert count("a small word", "a very small word") == 1
    assert count("a very small word", "a small word") == 1
    # What is shown as one phrase for another shares a word that stayed.
    assert count("the old long words stay", "the new long terms stay") == 2
    assert count("我们要求重新开放道路。", "我们要求立即开放道路。", "zh") == 1
    paragraphs = ["One stands here first.", "Two has some more words.", "Three is the last of them."]
    assert count("\n\n".join(paragraphs), "\n\n".join([paragraphs[1], paragraphs[0], paragraphs[2]])) in (4, 5)


def test_a_paragraph_that_only_moved_has_no_new_numbers():
    paragraphs = ["In 40 days Ada came back.", "The road is shut, they say, since the rain.", "And so it stays long."]
    moved = [*paragraphs[1:], paragraphs[0]]
    assert found("\n\n".join(paragraphs), "\n\n".join(moved)) == []


def test_another_kind_of_text_is_no_editorial_change():
    assert remarkable(EDITION, replace(EDITION, kind="open-letter")) == [Message("editorial.kind")]


def test_a_flood_of_changes_is_cut_off_and_said_to_be():
    old, new = (edition(" ".join(f"on {start + number} days" for number in range(200))) for start in (1000, 5000))
    told = remarkable(old, new, words_allowed=1000)
    assert len(told) == MOST + 1
    assert told[-1] == Message("editorial.more", {"count": 200 - MOST})


def test_every_message_has_its_sentence():
    ids = [name for name in SENTENCES if name.startswith("editorial.")]
    assert len(ids) > 15
    assert say(Message("editorial.number", {"old": "40", "new": "47"}), str) == 'A number changed: "40" became "47".'
