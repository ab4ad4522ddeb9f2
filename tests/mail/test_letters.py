"""Letters in words: every kind, every language, and what must never stand in them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from workflow.mail.letters import Addressee, ApprovalFacts, Asking, Due, Given, LetterView, preview, render
from workflow.mail.outbox import Kind
from workflow.rules.circulation import Purpose, Role
from workflow.rules.refusals import Message
from workflow.text.signed_note import checkpoints_in

DEADLINE = datetime(2027, 3, 3, 17, 0, tzinfo=UTC)
LINK = "https://sign.example.org/sign/token"
ASKING = Asking(
    organisation="Hillside Forum",
    role=Role.REQUIRED,
    deadline_at=DEADLINE,
    deadline_zone="Europe/London",
    rule=Message("rule.required", {"required": 3}),
    missing=Message("missing.waiting", {"names": ("Lakeside Relief", "Harbour Aid")}),
    cover_note="First line.\nSecond line.\n\nAnother <b>paragraph</b>.",
)
GIVEN = Given(
    "Hillside Forum", "sign-off", "Ada Example", "Chair", "Hillside Forum e.V.", 2, "d" * 64, DEADLINE, "c" * 64
)


CHECKPOINT = f"sign.example.org/log\n7\n{'A' * 43}=\n\n\u2014 sign.example.org/log {'B' * 92}\n"


def letter(kind: Kind, language: str = "en", **changes: object) -> LetterView:
    view = LetterView(
        kind=kind,
        message_id="m1",
        to=Addressee("Bo Example", "bo@hillside.example.org", language, "Asia/Amman"),
        base_url="https://sign.example.org",
        lead="Valley Coalition",
        reply_to="lea@lead.example",
        link=LINK,
        asking=ASKING,
        given=GIVEN,
        code="012345",
        code_minutes=10,
        until=DEADLINE,
        organisation="Hillside Forum",
        person="Ada Example",
        headline="The road must open",
        digest="d" * 64,
        publishing=Message("completion.embargo", {"at": DEADLINE}),
        until_zone="Europe/London",
        act="reconfirm",
        days=90,
        head="c" * 64,
        reason="They have left the coalition.",
        checkpoint=CHECKPOINT,
        unsubscribe=LINK if kind in (Kind.RELEASE, Kind.RELEASE_NOTED) else "",
        roll_change=Message("roll.part", {"names": ("Hillside Forum",), "part": Message("part.optional")}),
    )
    return replace(view, **changes)


class Page(HTMLParser):
    """What a mail program would fetch or follow, and the language of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.html: dict[str, str | None] = {}
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        values = dict(attrs)
        if tag == "html":
            self.html = values
        if tag == "a":
            self.links.append(values["href"])
        self.wrong += [name for name in values if name in ("style", "src", "background") or name.startswith("on")]


@pytest.mark.parametrize("language", ["en", "ar", "ar-SY", "sv"])
@pytest.mark.parametrize("kind", Kind)
def test_every_letter_can_be_written_in_every_language(kind, language):
    words = render(letter(kind, language))
    assert words.subject
    assert "\n" not in words.subject
    assert "None" not in words.subject + words.text + words.html
    page = Page(words.html)
    arabic = language.startswith("ar")
    assert (page.html["lang"], page.html["dir"]) == (("ar", "rtl") if arabic else ("en", "ltr"))
    assert page.tags & {"img", "link", "script", "style", "iframe", "form"} == set()
    assert page.wrong == []
    assert set(page.links) <= {LINK}
    if page.links:
        assert LINK in words.text, "a letter read as text leads on as well"
    assert max(len(line) for line in words.text.splitlines()) < 600


def test_an_approval_letter_says_who_asks_whom_for_what_and_by_when():
    words = render(letter(Kind.APPROVAL))
    assert words.subject == ("Valley Coalition asks Hillside Forum to sign a statement by 3 Mar 2027, 20:00 Asia/Amman")
    for told in (
        "Wednesday 3 March 2027, 20:00 Asia/Amman (UTC+03:00)",
        "Wednesday 3 March 2027, 17:00 Europe/London (UTC+00:00)",
        "all 3 required organisations",
        "Waiting for Lakeside Relief and Harbour Aid",
        "six digits",
        "First line.\nSecond line.\n\nAnother <b>paragraph</b>.",
        LINK,
    ):
        assert told in words.text
    assert "First line.<br>Second line." in words.html
    assert "Another &lt;b&gt;paragraph&lt;/b&gt;." in words.html


def test_read_from_the_right_no_clock_changes_places_with_its_zone():
    words = render(letter(Kind.APPROVAL, "ar"))
    assert "\u206620:00 Asia/Amman\u2069" in words.subject
    assert "\u206620:00 Asia/Amman (UTC+03:00)\u2069" in words.text
    assert "\u206620:00 Asia/Amman (UTC+03:00)\u2069" in words.html


def test_an_observer_is_not_asked_to_sign():
    words = render(letter(Kind.APPROVAL, asking=replace(ASKING, role=Role.OBSERVER)))
    assert "to sign" not in words.subject + words.text
    assert "six digits" not in words.text


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("silence", [False, True])
@pytest.mark.parametrize(
    "kind", [Kind.APPROVAL, Kind.NEW_TEXT, Kind.EXTENDED, Kind.FRESH_LINK, Kind.ROLL_CHANGED, Kind.REMINDER]
)
def test_no_letter_asks_an_observer_for_an_answer(kind, silence, purpose):
    asking = replace(ASKING, role=Role.OBSERVER, silence=silence, purpose=purpose, soft_at=DEADLINE - timedelta(days=1))
    due = (Due("Hillside Forum", LINK, asking, DEADLINE - timedelta(days=2)),)
    if kind is Kind.REMINDER and purpose is not Purpose.COMMENT:
        return  # nobody reminds an observer of what is not asked of it
    words = render(letter(kind, asking=asking, due=due))
    told = (words.subject + words.text + words.html).lower().replace("answers to the earlier text", "")
    told = told.replace("nobody has to answer again", "")
    assert "answer" not in told
    assert "silence counts" not in told
    assert "comment" in told or kind is Kind.NEW_TEXT


def test_an_observer_who_is_quoted_is_asked_for_its_word_on_that():
    words = render(letter(Kind.APPROVAL, asking=replace(ASKING, role=Role.OBSERVER, quoted=True)))
    assert "Answer by: Wednesday" in words.text
    assert "approve the words" in words.text


@pytest.mark.parametrize("kind", Kind)
def test_a_name_that_ends_in_a_stop_brings_no_second_one(kind):
    name = "Rope Makers Inc."
    asking = replace(ASKING, organisation=name, missing=Message("missing.waiting", {"names": (name,)}))
    given = replace(GIVEN, organisation=name, listed_name=name)
    words = render(letter(kind, asking=asking, given=given, organisation=name, lead=name, colleague=name))
    assert ".." not in words.subject + words.text
    assert "Inc..<" not in words.html and "Inc.. " not in words.html


# What can still be written once a silence was broken, and was to lead to a publication.
BROKEN = (
    *(Kind.APPROVAL, Kind.FRESH_LINK, Kind.NEW_TEXT, Kind.EXTENDED, Kind.ROLL_CHANGED, Kind.RECEIPT),
    *(Kind.QUOTE_RECEIPT, Kind.NAME_DECIDED, Kind.ANSWERED, Kind.SILENCE_BROKEN, Kind.RECORDED, Kind.LATE_COUNTED),
)


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("kind", BROKEN)
def test_once_a_silence_was_broken_no_letter_speaks_of_publishing_nor_asks_for_an_answer(kind, accepted):
    asking = replace(
        ASKING,
        role=Role.OPTIONAL,
        silence=True,
        broken=True,
        rule=Message("rule.silence-broken"),
        missing=Message("missing.silence-broken"),
        soft_at=DEADLINE - timedelta(days=1),
    )
    late = replace(GIVEN, at=DEADLINE + timedelta(hours=1))
    words = render(letter(kind, asking=asking, silence="broken", given=late, accepted=accepted, checkpoint=""))
    said = f"{words.subject}\n{words.text}\n{words.html}"
    for wrong in (
        *("Silence counts as agreement", "silence counts as agreement", "wants to publish", "text is final"),
        *("nswer by", "answer again:", "will be listed", "count it on the roll", "At the latest by"),
    ):
        assert wrong not in said
    assert kind is Kind.RECORDED or "not adopted" in said or "silence was broken" in said or kind is Kind.QUOTE_RECEIPT


def test_where_no_code_is_asked_for_none_is_announced():
    assert "six digits" not in render(letter(Kind.APPROVAL, asking=replace(ASKING, code_required=False))).text


def test_a_code_letter_holds_its_digits_and_no_link():
    words = render(letter(Kind.CODE, link=""))
    assert "012345" in words.text
    assert "012345" not in words.subject, "subjects show on locked screens"
    assert "10 minutes" in words.text
    assert "If you did not ask" in words.text
    assert "/sign/" not in words.text + words.html


def test_a_receipt_proves():
    words = render(letter(Kind.RECEIPT))
    for told in (GIVEN.digest, GIVEN.chain_head, "Ada Example, Chair", "Hillside Forum e.V.", "revision 2", LINK):
        assert told in words.text
    assert "Tell Valley Coalition" in words.text


@pytest.mark.parametrize("kind", [Kind.RECEIPT, Kind.QUOTE_RECEIPT, Kind.LATER_RECEIPT])
def test_every_receipt_carries_the_head_of_the_log(kind):
    words = render(letter(kind))
    (found,) = checkpoints_in(words.text)
    assert found.text == CHECKPOINT
    assert [one.text for one in checkpoints_in(words.html.replace('<pre dir="ltr"><code>', "\n"))] == [CHECKPOINT]
    assert "log" not in render(letter(kind, checkpoint="")).text


def test_a_receipt_after_the_lock_offers_no_change():
    assert "change the answer" not in render(letter(Kind.RECEIPT, link="")).text


# What is written once a text is public, and names it.
AFTER = (Kind.PUBLISHED, Kind.NOTED, Kind.RELEASE, Kind.RELEASE_NOTED, Kind.TAKEN_DOWN)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in AFTER])
def test_the_headline_stands_in_no_letter_before_the_publication(kind):
    words = render(letter(kind))
    assert "road must open" not in words.subject + words.text + words.html


def test_names_are_text_in_html():
    hostile = replace(ASKING, organisation="<script>x</script>")
    words = render(letter(Kind.APPROVAL, asking=hostile, lead='"><img src=x>'))
    assert "<script>" not in words.html
    assert "<img" not in words.html


def test_the_preview_is_the_letter_with_a_link_that_opens_nothing():
    facts = ApprovalFacts(to=Addressee("Bo", "bo@hillside.example.org"), lead="Valley Coalition", asking=ASKING)
    words = preview(facts, "https://sign.example.org")
    real = render(letter(Kind.APPROVAL, to=facts.to))
    assert words.subject == real.subject
    assert words.text.replace("/sign/…", "/sign/token") == real.text
