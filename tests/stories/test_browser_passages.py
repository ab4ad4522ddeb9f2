"""Comments on passages in a real browser: words are selected by pointer, finger and keyboard, into the form."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.stories.live import Live
from workflow.text.blocks import blocks
from workflow.text.passages import Passage, chosen
from workflow.web.style import REMARKED

pytestmark = pytest.mark.browser

OFFER = ".passage-offer button"
# Selects from one word to another of the text, as a finger or a pointer would.
SELECT = """([from, to]) => {
  const find = (words, end) => {
    const walker = document.createTreeWalker(document.querySelector('#s-passages + .statement'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.replace(/\\n/g, ' ').indexOf(words);
      if (at >= 0) return [node, at + (end ? words.length : 0)];
    }
  };
  getSelection().setBaseAndExtent(...find(from, false), ...find(to, true));
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


def open_style(live: Live, page: Page) -> None:
    page.goto(live.url + "/style")
    page.locator("#s-passages").scroll_into_view_if_needed()


def form_of(page: Page) -> tuple[str, str, str]:
    block, exact, before = (page.locator(f"[name=passage_{one}]").input_value() for one in ("block", "exact", "before"))
    return block, exact, before


def taken(page: Page) -> Passage:
    """What the server makes of the form."""
    block, exact, before = form_of(page)
    return chosen(REMARKED, block, exact, before)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("a single", "village", ("b1", "a single village")),
        ("last crossing", "January", ("b1", "last crossing in January")),
        # Over a line break, up to the mark of a footnote, which is no word.
        ("the road itself", "quay does.", ("b1", "the road itself floods as often as the quay does.")),
        ("We ask for one pilot", "Ilse", ("q1", "We ask for one pilot. Ilse")),
        ("boat through", "flood", ("headline", "boat through the flood")),
        ("We propose", "one crossing", ("b2", "We propose: one crossing")),
        ("a lamp", "April.", ("b4", "a lamp at each landing; a review in April.")),
    ],
)
def test_selected_words_come_into_the_form(live: Live, page: Page, first, last, expected):
    open_style(live, page)
    page.evaluate(SELECT, [first, last])
    page.locator(OFFER).click()
    block, words = expected
    passage = taken(page)
    assert (passage.block, passage.exact) == expected
    texts = {one.key: one.text for one in blocks(REMARKED)}
    assert texts[block][passage.start :].startswith(words[:5])
    assert page.evaluate("document.activeElement.name") == "style-comment"
    assert page.locator("[data-passage-quoted]").inner_text() == words
    assert page.locator(OFFER).count() == 0
    assert "field" in page.locator("[data-passage-status]").inner_text()


def test_the_keyboard_alone_leads_there_and_escape_away(live: Live, page: Page):
    open_style(live, page)
    page.evaluate(SELECT, ["without", "without"])
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    page.locator(OFFER).wait_for()
    assert "Tab" in page.locator("[data-passage-status]").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(OFFER).count() == 0
    page.keyboard.press("Shift+ArrowRight")
    page.locator(OFFER).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.passage-offer') !== null")
    page.keyboard.press("Enter")
    assert taken(page).exact.startswith("without")
    assert page.evaluate("document.activeElement.name") == "style-comment"


def test_a_finger_finds_the_offer_at_the_foot_of_a_phone(live: Live, page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    open_style(live, page)
    page.evaluate(SELECT, ["a single", "village"])
    box = page.locator(OFFER).bounding_box()
    assert box is not None and box["y"] + box["height"] > 660 and box["height"] >= 44
    page.locator(OFFER).click()
    assert taken(page).exact == "a single village"


def test_the_link_behind_a_block_fills_the_form_without_losing_what_is_typed(live: Live, page: Page):
    open_style(live, page)
    page.locator("[name=style-comment]").fill("Half a remark")
    page.get_by_role("link", name="Comment on paragraph 4", exact=True).click()
    assert taken(page).exact == "a lamp at each landing;"
    assert page.locator("[data-passage-place]").inner_text() == "paragraph 4"
    assert page.locator("[name=style-comment]").input_value() == "Half a remark"
    page.locator("[data-passage-clear]").click()
    assert form_of(page) == ("", "", "")
    assert page.locator("[data-passage-chosen]").is_hidden()


def test_words_of_remarks_are_highlighted(live: Live, page: Page):
    open_style(live, page)
    words = "[...CSS.highlights.get('remarks')].map((range) => range.toString())"
    assert page.evaluate(words) == ["without asking a single village"]


def test_without_scripts_the_link_leads_to_the_form(live: Live, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_style(live, page)
    page.get_by_role("link", name="Comment on quote 1", exact=True).click()
    assert page.url.endswith("/style?on=q1#comment")
    context.close()
