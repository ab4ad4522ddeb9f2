"""What people do to a text when they copy it, and what forgers do: the first is ours still, the second never is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.formats.given import ADDRESS, AT, published
from tests.formats.publishing import PLAIN, SEVEN, TWIN, publish
from tests.ground.effort import within
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.public_parts import PublicNote
from workflow.formats.segments import Place, told_of
from workflow.formats.verifying import Verdict, compared
from workflow.queries import verifying
from workflow.rules.noting import NoteKind
from workflow.text.content import Edition, MediaContact, Quote
from workflow.text.copied import copied
from workflow.text.pasted import evened, probes

LISTED = " • ".join(sorted(SEVEN))
MAIL = "press@lakeside.example.org"
RICH = Edition(
    language="en",
    kind="joint-statement",
    date="2027-02-28",
    headline="The valley road must reopen now",
    lead_paragraph="Seven groups of the valley ask the council to act before the thaw.",
    body=(
        "The valley road has been closed since 2015. It carried [forty-seven lorries](https://count.example.org/47) an"
        " hour, and a balance of -5 million remains.\n\n"
        "12 March 2027: the council promised [a survey](https://survey.example.org/a) of the long-term damage, and"
        " the “sound” survey of the municipalities[^1] found a loss of 7 million.\n\n"
        "We ask for three things:\n\n1. open the bridge\n2. mend the road\n3. count the lorries\n\n"
        "- no lorry in the dark\n- no toll\n\n"
        "> They said it would take a week.\n\n"
        "The council *must* reopen it in **any** way possible.\n\n[^1]: Published by the valley."
    ),
    quotes=(Quote("Ada Example", "Chair", "Lakeside Relief", "Nobody should walk nine hours."),),
    ends="ENDS",
    notes="The road carried 4,100 people in one winter.",
    contacts=(MediaContact("Ada Example", "Press officer", MAIL, "+44 1632 960001"),),
)


@pytest.fixture
def found():
    return published(RICH)


@pytest.fixture
def whole(found):
    return text_file(found, ADDRESS, PLAIN)


def held(found, text):
    return compared(found, evened(text), ADDRESS, PLAIN)


def filled(text, width, mark=""):
    """Lines no longer than `width`, broken at blanks, each behind a mark."""
    lines = []
    for line in text.split("\n"):
        short = ""
        for word in line.split(" "):
            if short and len(short) + len(word) > width:
                lines.append(short)
                short = ""
            short = f"{short} {word}" if short else word
        lines.append(short)
    return "\n".join(mark + line for line in lines)


def numbered(names):
    return "\n".join(f"{number}. {one}" for number, one in enumerate(names, 1))


def as_the_page(text):
    """Lists without their marks, quotes without theirs, a contact on lines of its own, notes below the names."""
    for gone in ("• no", "1. open", "2. mend", "3. count", "[1] Published", "“Nobody", "hours.” — Ada"):
        mark, _, word = gone.rpartition(" ")
        text = text.replace(gone, word) if mark != "hours.” —" else text.replace(gone, "hours.\n\nAda")
    text = text.replace("“Nobody", "Nobody").replace("the valley.", "the valley. ↩︎")
    text = text.replace(" (https://count.example.org/47)", "").replace(" (https://survey.example.org/a)", "")
    notes = text[text.index("Notes to editors") : text.index("Signatories:")]
    below = notes.strip().replace(", Press officer, ", "\nPress officer\n").replace("org, +44", "org\n+44")
    return text.replace(notes, "").replace(LISTED, f"{LISTED}\n\n{below}")


@pytest.mark.parametrize(
    "copying",
    [
        str,
        as_the_page,
        *(lambda text, width=width: filled(text, width) for width in range(60, 80)),
        *(lambda text, mark=mark: filled(text, 72, mark) for mark in ("> ", ">", ">> ", "| ")),
        lambda text: text.replace("\n", " "),
        lambda text: text.replace("\n\n", "\u2029").replace("\n", "\u2028"),
        lambda text: text.replace("long-term", "long-\nterm").replace("municipalities", "munici-\npalities"),
        lambda text: text.replace(MAIL, f"{MAIL}<mailto:{MAIL}>"),
        lambda text: text.replace("1. ", "1.\u00a0\u00a0\u00a0").replace("• ", "·\t"),
        lambda text: text.replace("• no", "- no").replace(" • ", "\n- ").replace("Signatories:", "Signatories:\n"),
        lambda text: text.replace("fi", "ﬁ").replace("valley", "val\u00adley").replace("road", "road\ufe0f"),
        lambda text: text.replace(" (https://count.example.org/47)", "<https://count.example.org/47>"),
        lambda text: text.replace(LISTED, filled(LISTED, 30)),
        lambda text: text.replace(LISTED, numbered(LISTED.split(" • "))),
        lambda text: text.replace("1. open", "1.) open"),
        # A program that breaks quoted lines anew leaves every second one without a mark.
        lambda text: filled(filled(text, 72, "> "), 68),
        lambda text: text.replace(" • ", ", "),
    ],
)  # fmt: skip
def test_what_copying_does_is_ours(found, whole, copying):
    told = held(found, copying(whole))
    assert told.verdict is Verdict.CURRENT, told
    assert not (told.added or told.missing or told.names_absent)


def changed(before, after):
    return pytest.param(before, after, id=f"{before} -> {after}"[:60])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        changed("12 March 2027:", "29 March 2027:"),
        changed("1. open", "9. open"),
        changed("a loss of 7 million", "a loss of\n400. 7 million"),
        changed("a loss of 7 million", "a loss of -7 million"),
        changed("a loss of 7 million", "a loss of\n- 7 million"),
        changed("a loss of 7 million", "a loss of\n> 7 million"),
        changed("balance of -5", "balance of 5"),
        changed("“sound”", "sound"),
        changed("reopen it", "“reopen” it"),
        changed("count.example.org/47", "survey.example.org/a"),
        changed("(https://count.example.org/47)", "(https://evil.example.net)"),
        changed("of the municipalities", "of the municipalities (https://count.example.org/47)"),
        changed("no toll", "no toll?"),
        changed("Northern Lights Society", "Northern Lights • Society"),
        changed("Northern Lights Society", "Northern Lights Society (?)"),
        changed("Harbour for Peace • Lakeside Relief", "Harbour for Peace Lakeside Relief"),
        changed("Harbour for Peace", "Harbour for Peace*"),
        changed("since 2015. It", "since 2015 It"),
        changed("Meadow4Valley", "Meadow4Valley • Meadow4Valley"),
        changed("count.example.org/47", "count.example.org/_47"),
        changed("count.example.org/47", "count.example.org/*47*"),
        changed("reopen now\n", "reopen now\n?\n"),
        changed("reopen now\n", "reopen now\n\n❌ 🤥\n"),
        changed("Signatories:", "-7 signatories"),
        changed("It carried", "\n- ½ It carried"),
        changed("of the long-term", ") of the long-term"),
        changed("The council must reopen", "> The council must reopen"),
        changed("We ask for three", "The seven organisations of the valley that signed this ask for three"),
    ],
)
def test_what_forgers_do_is_found(found, whole, before, after):
    assert before in whole
    assert held(found, whole.replace(before, after)).verdict is Verdict.ALTERED


def test_no_word_and_no_sign_can_be_taken_out_or_put_in(found):
    """Each in its turn, in the text as we give it: what may be missing is what the page does not have either."""
    told = told_of(found, ADDRESS, PLAIN, paper=False)
    cut = copied(told.text)
    loose = Place(told, cut).loose
    end = cut.text.index("Signatories:")
    assert held(found, cut.text).verdict is Verdict.CURRENT
    kept = (Verdict.CURRENT, Verdict.SINCE, Verdict.AROUND)
    gone, came, turned = [], [], []
    for at, start in enumerate(cut.starts):
        if start >= end:
            break
        without = cut.text[:start] + cut.text[cut.ends[at] :]
        if at not in loose and held(found, without).verdict in kept:
            gone.append(cut.words[at])
        for put in ("not ", "7 ", "-"):
            if at and held(found, f"{cut.text[:start]}{put}{cut.text[start:]}").verdict in kept:
                came.append((put, cut.words[at]))
        if cut.words[at].isdigit():
            other = cut.text[:start] + str(int(cut.words[at]) + 1) + cut.text[cut.ends[at] :]
            if held(found, other).verdict in kept:
                turned.append(cut.words[at])
    assert (gone, turned) == (["ENDS"], []), "of what is missing whole it is said"
    assert [one for one in came if one[0] != "-"] == []
    # A bullet can be put before a line; a minus would stand before a number.
    assert [word for _, word in came if word[0].isdigit()] == []


@pytest.mark.parametrize("amount", ["€5", "$5", "½", "(5)", "五"])
def test_a_dash_before_an_amount_is_a_minus(amount):
    found = published(replace(TWIN, body=f"The council left a balance of {amount} million in the box. All is counted."))
    whole = text_file(found, ADDRESS, PLAIN)
    assert held(found, whole.replace(f" {amount}", f"\n- {amount}")).verdict is Verdict.ALTERED


PEOPLE = ("Ada Example, Chair, Harbour for Peace", "Bob Sample, Director, Lakeside Relief", "Cy Test, Zebra")
TEAMS = ("1. FC Nuremberg", "8. March Alliance", "Harbour")


@pytest.mark.parametrize("break_", ["\n", "\n\n"])
@pytest.mark.parametrize("style", ["columns", "line"])
def test_nobody_is_moved_to_another_organisation_by_moving_lines(style, break_):
    found = published(RICH, PEOPLE, style=style)
    whole = text_file(found, ADDRESS, PLAIN)
    begin, end = whole.index("Ada Example, Chair, H"), whole.index(ADDRESS)
    moved = ("Ada Example, Chair", "Harbour for Peace, Bob Sample, Director", "Lakeside Relief, Cy Test", "Zebra")
    assert held(found, whole).verdict is Verdict.CURRENT
    assert held(found, f"{whole[:begin]}{break_.join(moved)}\n\n{whole[end:]}").verdict is Verdict.ALTERED
    below = "\n".join(PEOPLE).replace(", Chair, ", "\nChair\n").replace(", Director, ", "\nDirector\n")
    assert held(found, f"{whole[:begin]}{below}\n\n{whole[end:]}").verdict is Verdict.CURRENT


def test_the_number_of_a_name_is_part_of_it_and_that_of_a_list_is_not(found, whole):
    teams = published(RICH, TEAMS)
    said = text_file(teams, ADDRESS, PLAIN)
    assert held(teams, said).verdict is Verdict.CURRENT
    assert held(teams, said.replace(" • ".join(TEAMS), numbered(TEAMS))).verdict is Verdict.CURRENT
    for before, after in (("8. March", "9. March"), ("1. FC", "FC"), ("Harbour", "3. Harbour")):
        assert held(teams, said.replace(before, after)).verdict is Verdict.ALTERED, after
    listed = numbered(sorted(SEVEN))
    assert held(found, whole.replace(LISTED, listed.replace("7. ", "4000. "))).verdict is Verdict.ALTERED
    assert held(found, whole.replace("The Orchard Trust", "4000. The Orchard Trust")).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("apart", "before", "after"),
    [
        (", ", "Lakeside Zebra Union", "Lakeside, Zebra Union"),
        ("; ", "Lakeside Zebra Union", "Lakeside; Zebra Union"),
        ("\n", "Peace\nLakeside", "Peace / Lakeside"),
        (" • ", "Peace • Lakeside", "Peace - Lakeside"),
        (" • ", "Harbour for", "Harbour. for"),
        (" • ", "Harbour for", "Harbour - for"),
    ],
)
def test_names_are_neither_cut_nor_run_together(found, whole, apart, before, after):
    said = whole.replace(LISTED, LISTED.replace(" • ", apart))
    assert before in said and held(found, said).verdict is Verdict.CURRENT
    assert held(found, said.replace(before, after)).verdict is Verdict.ALTERED


def test_a_list_of_thousands_is_compared_as_quickly_as_it_is_long():
    found = published(TWIN, [f"Organisation {number} of the valley" for number in range(8000)])
    whole = text_file(found, ADDRESS, PLAIN)
    assert within(150, lambda: held(found, whole)).verdict is Verdict.CURRENT


@pytest.mark.parametrize("head", ["Signed later", "Since the publication:", "Two of us object to"])
def test_over_the_names_stands_what_we_set_there_and_no_other_line_of_ours(head):
    notes = (PublicNote(NoteKind.CORRECTION, AT + timedelta(hours=1), "Two of us object to"),)
    found = published(RICH, sorted(SEVEN), notes)
    whole = text_file(found, ADDRESS, PLAIN)
    assert held(found, whole.replace("Signatories:", "7 signatories")).verdict is Verdict.SINCE
    assert held(found, whole.replace("Signatories:", head)).verdict is Verdict.ALTERED
    between = whole.replace("Meadow4Valley • ", f"Meadow4Valley\n{head}\n")
    assert held(found, between).verdict is Verdict.ALTERED


SAID = "The council did not promise a survey; the sum in paragraph 2 is 5,100 and not 4,100."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("did not promise", "did promise"),
        ("is 5,100 and not", "is not"),
        ("three of which asked for their names", "asked for their names"),
        ("do not stand", "do stand"),
    ],
)
def test_nothing_can_be_cut_out_of_our_own_lines(before, after):
    notes = (
        PublicNote(NoteKind.CORRECTION, AT + timedelta(hours=1), SAID),
        PublicNote(NoteKind.RETRACTION, AT + timedelta(hours=2), "We do not stand by it."),
    )
    found = published(RICH, sorted(SEVEN), notes, withheld=sorted(SEVEN)[:3])
    whole = text_file(found, ADDRESS, PLAIN)
    assert held(found, whole).verdict is Verdict.SINCE
    assert held(found, filled(whole, 40)).verdict is Verdict.SINCE
    assert before in whole, whole
    assert held(found, whole.replace(before, after)).verdict is Verdict.ALTERED


def test_quotes_do_not_change_speakers():
    quotes = (
        Quote("Ada Example", "Chair", "Lakeside Relief", "Nobody should walk nine hours."),
        Quote("Bob Sample", "", "Meadow4Valley", "The council has done well."),
        Quote("Cy Test", "", "Zebra", "The council has failed."),
    )
    found = published(replace(RICH, quotes=quotes))
    whole = text_file(found, ADDRESS, PLAIN)
    begin, end = whole.index("“Nobody"), whole.index("[1] Published")
    moved = (
        "Nobody should walk nine hours.\n\nAda Example, Chair, Lakeside Relief\n“The council has done well.”\n\n"
        "Bob Sample, Meadow4Valley\n“The council has failed.”\n\nCy Test, Zebra\n\n"
    )
    assert held(found, whole[:begin] + moved + whole[end:]).verdict is Verdict.ALTERED
    none = whole.replace("“", "").replace("”", "").replace("the sound survey", "the “sound” survey")
    assert held(found, none).verdict is Verdict.CURRENT


def test_the_list_of_names_alone_is_a_part(found, whole):
    assert held(found, whole[whole.index("Signatories:") :]).verdict is Verdict.PART


def test_lines_that_a_mail_breaks_within_a_word_are_joined_again():
    body = "山谷公路已经关闭了四十天。医院里的人们等待着救护车。我们要求议会立即重新开放公路。"
    found = published(replace(TWIN, language="zh", body=body))
    whole = text_file(found, ADDRESS, PLAIN)
    for at in range(1, len(body)):
        assert held(found, whole.replace(body, f"{body[:at]}\n{body[at:]}")).verdict is Verdict.CURRENT, at


def test_our_markdown_is_known_as_a_mail_breaks_it(found):
    whole = markdown_file(found, ADDRESS, PLAIN)
    for mark in ("", "> "):
        assert held(found, filled(whole, 72, mark)).verdict is Verdict.CURRENT


def test_what_repeats_itself_without_end_is_held_against_a_text_in_no_time(found, whole):
    for endless in (
        "a" * 100_000,
        "a-" * 50_000,
        "* " * 50_000,
        "> " * 50_000,
        "_" * 100_000,
        "-\n" * 50_000,
        "(" * 100_000,
    ):
        within(10, lambda endless=endless: held(found, f"{whole}\n\n{endless}"))


def test_links_that_changed_places_are_found_in_markdown_too(found):
    one, other = "https://count.example.org/47", "https://survey.example.org/a"
    for form in (text_file, markdown_file):
        whole = form(found, ADDRESS, PLAIN)
        assert held(found, whole).verdict is Verdict.CURRENT
        swapped = whole.replace(one, "X").replace(other, one).replace("X", other)
        assert held(found, swapped).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("language", "said", "forged"),
    [("de", "28. Februar 2027", "3. Februar 2027"), ("hu", "2027. február 28.", "1999. február 28.")],
)
def test_a_day_that_begins_with_a_number_and_a_full_stop_counts(language, said, forged):
    found = published(replace(TWIN, language=language))
    whole = text_file(found, ADDRESS, PLAIN)
    assert said in whole and held(found, whole).verdict is Verdict.CURRENT
    assert held(found, whole.replace(said, forged)).verdict is Verdict.ALTERED


def test_words_of_it_are_words_of_it_however_few_and_wherever_they_begin(found, whole):
    for part in (
        whole[whole.index("The valley road has") :],
        "The valley road must reopen now",
        "The council must reopen it in any way possible.",
        "the council to act before the thaw.",
        "mend the road\ncount the lorries\nno lorry in the dark",
        whole[whole.index("The valley road has") : whole.index("Notes to editors")],
    ):
        assert held(found, part).verdict is Verdict.PART, part


def test_the_feet_of_our_pages_may_stand_wherever_one_ended(found, whole):
    for foot in (f"\n{ADDRESS}\n\n1 / 4\n\n", f"\n{ADDRESS}   1/4\n", f"\n1 / 4\n{ADDRESS}\n"):
        assert held(found, whole.replace("found a loss of", f"found a{foot}loss of")).verdict is Verdict.CURRENT, foot
    told = held(found, whole.replace("found a loss of", "found a\n3 / 4\nloss of"))
    assert told.verdict is Verdict.ALTERED, "that could be a number of the text"


@pytest.mark.parametrize(
    "body",
    [
        "हम मांग करते हैं कि घाटी की सड़क को तुरंत खोला जाए और लोगों को अस्पताल जाने दिया जाए।",
        "பள்ளத்தாக்கு சாலையை உடனடியாகத் திறக்க வேண்டும் என்று நாங்கள் கோருகிறோம்.",
        "เราขอให้สภาเปิดถนนในหุบเขาโดยทันทีเพื่อให้ผู้คนไปโรงพยาบาลได้",
        "نُطَالِبُ المَجْلِسَ بِفَتْحِ طَرِيقِ الوَادِي فَوْرًا لِيَصِلَ النَّاسُ إِلَى المُسْتَشْفَى",
        "ချိုင့်ဝှမ်းလမ်းကို ချက်ချင်းပြန်ဖွင့်ပေးရန် ကျွန်ုပ်တို့ တောင်းဆိုပါသည်။",
    ],
)
def test_what_is_written_with_vowel_signs_is_found_by_its_words(session, body):
    publish(session, edition=replace(TWIN, body=body))
    assert len(verifying.candidates(session, probes(evened(body)))) == 1
