"""Where a passage stands in another revision: on the very same words, or nowhere."""

from dataclasses import replace

import pytest

from tests.ground.effort import within
from tests.prove.anchoring import edits
from workflow.text.anchoring import Place, locate
from workflow.text.blocks import blocks
from workflow.text.content import Edition, Quote
from workflow.text.passages import Passage, chosen, whole

FERRY = (
    "The council withdrew the last crossing in January, without asking a single village. Since then the detour by road"
    " takes three hours, and the road itself floods as often as the quay does."
)
ASKED = "We ask the harbour council to keep one boat, one pilot and a lamp at each landing until April."
AGAIN = "Nobody asked the villages."
COST = "The cost is less than that of closing the road for a single week of the winter season."


def edition(*paragraphs, **parts):
    return replace(Edition("en", "press-release", "Keep one boat", "\n\n".join(paragraphs)), **parts)


OLD = edition(FERRY, ASKED, AGAIN, COST, AGAIN)


def found(passage, new, old=OLD):
    place = locate(passage, old, new)
    return place and (place.block, place.exact)


def test_what_nobody_touched_stays():
    for one in blocks(OLD):
        assert found(whole(one), OLD) == (one.key, one.text)
        assert found(whole(one), replace(OLD, notes="A note.")) == (one.key, one.text)


def test_it_goes_with_a_paragraph_that_moves():
    passage = chosen(OLD, "b2", "one pilot")
    assert found(passage, edition(ASKED, FERRY, AGAIN, COST, AGAIN)) == ("b1", "one pilot")
    assert found(whole(blocks(OLD)[2]), edition("First.", FERRY, AGAIN, COST, ASKED, AGAIN)) == ("b5", ASKED)


def test_line_breaks_blanks_emphasis_and_links_do_not_matter():
    new = edition(
        FERRY.replace(" ", "\n", 9), ASKED.replace("one pilot", "**one**  *pilot*"), AGAIN,
        COST.replace("closing the road", "[closing the road](https://example.org)"), AGAIN,
    )  # fmt: skip
    for passage, block in ((chosen(OLD, "b2", "one pilot"), "b2"), (chosen(OLD, "b4", "closing the road"), "b4")):
        assert found(passage, new) == (block, passage.exact)


def test_what_is_around_it_may_change():
    passage = chosen(OLD, "b1", "the detour by road takes three hours")
    assert found(passage, edition(FERRY.replace("Since then", "From that day on"), ASKED, AGAIN, COST, AGAIN))
    assert found(passage, edition(FERRY.replace(", and the road", "; that road"), ASKED, AGAIN, COST, AGAIN))
    assert found(
        chosen(OLD, "b1", "hours"), edition(FERRY.replace("hours, and", "hours; and"), ASKED, AGAIN, COST, AGAIN)
    )


@pytest.mark.parametrize(
    "changed",
    [
        ("three hours", "four hours"),
        ("the detour", "a detour"),
        ("takes", "often takes"),
        ("takes three", "takes, three"),
    ],
)
def test_what_is_changed_itself_is_gone(changed):
    passage = chosen(OLD, "b1", "the detour by road takes three hours")
    assert found(passage, edition(FERRY.replace(*changed), ASKED, AGAIN, COST, AGAIN)) is None


def test_a_paragraph_that_is_split_is_still_the_passage_over_two_blocks():
    first, second = FERRY.split(". ")
    place = locate(chosen(OLD, "b1", FERRY), OLD, edition(f"{first}.", second, ASKED, AGAIN, COST, AGAIN))
    assert place == Place("b1", 0, "b2", len(second), FERRY)


def test_of_two_equal_paragraphs_one_taken_out_is_gone():
    first, second = chosen(OLD, "b3", ""), chosen(OLD, "b5", "")
    assert found(first, edition(FERRY, ASKED, COST, AGAIN)) is None
    assert found(second, edition(FERRY, ASKED, AGAIN, COST)) is None
    # Side by side, nobody can tell which of them stayed.
    together = edition(FERRY, AGAIN, AGAIN, COST)
    one = edition(FERRY, AGAIN, COST)
    assert [found(chosen(together, key, ""), one, together) for key in ("b2", "b3")] == [None, None]


def test_of_words_said_twice_it_is_not_told_which_stayed():
    old = edition(FERRY, "It was a cold night. It was a cold night for the crew on deck.", ASKED)
    new = edition(FERRY, "It was a cold night for the crew on deck.", ASKED)
    before = "It was a cold night. It was a"
    assert found(chosen(old, "b2", "cold night for the crew", before), new, old) is None
    assert found(chosen(old, "b2", "for the crew on deck"), new, old) == ("b2", "for the crew on deck")


def test_a_frequent_word_beside_a_change_could_be_another():
    new = edition(FERRY, ASKED.replace("one boat, one pilot", "no boat but one pilot"), AGAIN, COST, AGAIN)
    assert found(chosen(OLD, "b2", "one", "We ask the harbour council to keep one boat,"), new) is None
    assert found(chosen(OLD, "b2", "pilot"), new) == ("b2", "pilot")


def test_one_of_two_equal_sentences_that_comes_to_the_other_is_not_told_from_it():
    old = edition(f"{FERRY} {AGAIN}", f"{AGAIN} {COST}", ASKED)
    new = edition(FERRY, ASKED, f"{AGAIN} {AGAIN} {COST}")
    for passage in (chosen(old, "b1", AGAIN), chosen(old, "b2", AGAIN), chosen(old, "b2", "asked")):
        assert found(passage, new, old) is None
    assert found(chosen(old, "b2", "The cost is less"), new, old) == ("b3", "The cost is less")


def test_between_what_stayed_equal_words_are_told_apart():
    new = edition(FERRY, ASKED.replace("lamp", "light"), AGAIN, COST.replace("season", "months"), AGAIN)
    assert found(chosen(OLD, "b4", "the", "The cost is less than that of closing"), new) == ("b4", "the")
    assert locate(chosen(OLD, "b4", "the", "The cost is less than that of closing"), OLD, new).start == 38


def test_a_copy_elsewhere_is_not_the_passage():
    passage = chosen(OLD, "b4", "")
    assert found(passage, edition(COST, FERRY, ASKED, AGAIN, COST, AGAIN)) in (("b5", COST), None)
    assert found(passage, edition(FERRY, ASKED, AGAIN, AGAIN)) is None


def test_it_goes_from_part_to_part():
    passage = chosen(OLD, "b2", "a lamp at each landing")
    moved = edition(FERRY, AGAIN, COST, AGAIN, lead_paragraph=ASKED)
    assert found(passage, moved) == ("lead", "a lamp at each landing")
    said = edition(FERRY, AGAIN, COST, AGAIN, quotes=(Quote("Ada", text=ASKED),))
    assert found(passage, said) == ("q1", "a lamp at each landing")


def test_a_block_of_another_counting_is_found_by_what_stands_around():
    passage = chosen(OLD, "b2", "one pilot")
    assert found(replace(passage, block="b4", start=3), OLD) == ("b2", "one pilot")
    assert found(replace(passage, block="b4", start=3, prefix="", suffix=""), OLD) is None
    assert found(Passage("body", "b2", 0, "words that stand nowhere"), OLD) is None


def test_arabic():
    old = edition("أوقف المجلس آخر رحلة في كانون الثاني، من غير أن يسأل قرية واحدة.", "ونطلب زورقاً واحداً وملّاحاً واحداً.")
    new = edition("ونطلب زورقاً واحداً وملّاحاً واحداً.", "أوقف المجلس آخر رحلة في كانون الأول، من غير أن يسأل قرية واحدة.")
    assert found(chosen(old, "b1", "من غير أن يسأل"), new, old) == ("b2", "من غير أن يسأل")
    assert found(chosen(old, "b1", "كانون الثاني"), new, old) is None
    assert found(chosen(old, "b2", "زورقاً واحداً"), new, old) == ("b1", "زورقاً واحداً")


def test_directions_within_the_text_change_nothing():
    old = edition("Words \u2067من اليمين\u2069 and more of them stand here.", ASKED)
    assert found(
        chosen(old, "b1", "and more"), edition(ASKED, "Words \u2067من اليمين\u2069 and more of them stand here."), old
    )


def test_random_edits_never_put_a_comment_on_other_words():
    told = edits(20270301, 300)
    assert told.violations == []
    # What always says "gone" would be right too, and of no use.
    assert told.kept("plain") > 0.96 and told.kept("repeating") > 0.85
    assert told.met["plain", "gone"] > 100 and told.met["repeating", "lost among equals"] > 50


def test_two_hundred_comments_in_twenty_thousand_words():
    names = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("n", "rt", "l", "sh", "nd", "x")]
    texts = [" ".join(names[(7 * p + w * w + p * w) % len(names)] for w in range(80)) for p in range(250)]
    old = edition(*texts)
    moved = [texts[77], *texts[:77], *texts[78:]]
    new = edition(*(text.replace("n ", "n new ", 1) if at % 5 == 0 else text for at, text in enumerate(moved)))
    passages = [Passage("body", f"b{p + 1}", 0, " ".join(texts[p].split()[:6])) for p in range(200)]
    assert within(20, lambda: sum(locate(one, old, new) is not None for one in passages)) > 50


N = 100_000
HOSTILE = {
    "one word": ("a " * N, "a " * (N - 5)),
    "two words": ("a b " * (N // 2), "a b " * (N // 2 - 7) + "c"),
    "a period": ("one two three four five six seven " * 5000, "zero one two three four five six seven " * 4000),
    "no blanks": ("a" * (2 * N - 10), "a" * (2 * N - 11)),
    "ten thousand blocks": (
        "\n\n".join(f"x{n} y{n % 7}" for n in range(10_000)),
        "\n\n".join(f"x{n} y{n % 5}" for n in range(9_990)),
    ),
    "turned around": (" ".join(map(str, range(25_000))), " ".join(map(str, range(25_000, 0, -1)))),
    "torn": ("p q " * 20_000 + "r " + "p q " * 20_000, "q p " * 20_000 + "r " + "q p " * 20_000),
    "bidi": ("\u2067ا\u2069 " * 30_000, "\u2066ا\u2069 " * 30_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_no_longer_than_others(name):
    old, new = (edition(text) for text in HOSTILE[name])
    first = blocks(old)[1]
    passages = [whole(first), Passage("body", "b1", 0, first.text.split()[0])] * 20
    within(50, lambda: [locate(one, old, new) for one in passages])
