"""A member remarks on words in a real browser: by mouse, keyboard and finger, without scripts, and in Arabic."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.builders import EDITION, LINKS, World, circulate, world
from tests.stories.live import Live
from workflow.links import Purpose
from workflow.models.coalition import Contact
from workflow.models.commenting import Comment
from workflow.models.signing import Answer
from workflow.text.content import Edition
from workflow.text.passages import Passage, chosen

pytestmark = pytest.mark.browser

ARABIC = Edition(
    language="ar",
    kind="press-release",
    headline="سبع منظمات تطالب بإعادة فتح طريق الوادي",
    body="أُغلق طريق الوادي قبل **أربعين** يوماً، ولا تصل العائلات إلى العيادة.\n\nنطلب من المجلس أن يعيد فتحه.",
)
OFFER = ".passage-offer button"
# Where on the page the words begin and end; they may run over a line's end.
EDGES = """(words) => {
  const walker = document.createTreeWalker(document.querySelector('.statement'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    node.parentElement.scrollIntoView({ block: 'center' });
    const boxes = [...range.getClientRects()];
    const [first, last] = [boxes[0], boxes.at(-1)];
    return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
  }
}"""
SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector('.statement'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length);
  }
}"""


@pytest.fixture
def open_page(live: Live, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the text behind a link, in a browser of its own."""
    contexts = []

    def open_(made: World, index: int = 0, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live.url}/sign/{LINKS.make(Purpose.APPROVAL, [made.invitations[index].id, 1])}")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/sign/at/*/")
        return page

    yield open_
    for context in contexts:
        context.close()


def asked(live: Live, edition: Edition = EDITION, language: str = "en") -> World:
    with live.site.session() as session:
        made = world(session, edition=edition)
        session.get_one(Contact, made.contacts[0].id).language = language
        session.commit()
        return circulate(made)


def kept(live: Live) -> list[Comment]:
    with live.site.session() as session:
        return list(session.scalars(select(Comment).order_by(Comment.id)))


def send(page: Page) -> None:
    page.locator("#field-comment-person_name").fill("Ada Example")
    page.locator("#comment button[type=submit]:not([formaction])").click()
    page.wait_for_url("**#remark-*")


def test_words_selected_with_the_mouse_are_commented_on(live, open_page):
    page = open_page(asked(live))
    left, top, right, bottom = page.evaluate(EDGES, "Families cannot reach")
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=8)
    page.mouse.up()
    page.locator(OFFER).click()
    page.keyboard.type("Not only families.")  # the field has the focus
    send(page)
    (remark,) = kept(live)
    assert (remark.kind, remark.text) == ("comment", "Not only families.")
    assert Passage.from_json(remark.passage) == chosen(EDITION, "b1", "Families cannot reach")
    assert page.evaluate("[...CSS.highlights.get('remarks')].map(String)") == ["Families cannot reach"]


def test_words_selected_with_the_keyboard_are_given_another_wording(live, open_page):
    page = open_page(asked(live))
    page.evaluate(SELECT, "forty")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    page.locator(OFFER).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # from the comment to "I suggest other wording"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "proposed"
    assert page.locator("#field-comment-proposed").input_value() == "forty days"
    page.keyboard.press("Home")
    page.keyboard.type("more than ")
    send(page)
    (remark,) = kept(live)
    assert (remark.kind, remark.proposed) == ("suggestion", "more than forty days")
    assert page.locator(".remark ins .redline-words").inner_text().strip() == "more than"


def test_wording_that_was_changed_is_not_overwritten_by_another_choice(live, open_page):
    page = open_page(asked(live))
    page.get_by_role("link", name="Comment on paragraph 1", exact=True).click()
    proposed = page.locator("#field-comment-proposed")
    page.locator("#field-comment-suggests").check()
    assert proposed.input_value().startswith("The valley road")
    proposed.fill("My own words")
    page.get_by_role("link", name="Comment on paragraph 3", exact=True).click()
    assert proposed.input_value() == "My own words"
    proposed.fill("")
    page.locator("#field-comment-suggests").uncheck()
    assert proposed.is_hidden()
    page.get_by_role("link", name="Comment on paragraph 3", exact=True).click()
    page.locator("#field-comment-suggests").check()
    assert proposed.input_value() == "The road is the only way to the school."


def test_on_a_phone_the_offer_is_at_the_foot_and_leads_to_an_objection(live, open_page):
    made = asked(live)
    page = open_page(made, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.evaluate(SELECT, "only way")
    box = page.locator(OFFER).bounding_box()
    assert box and box["y"] + box["height"] > 640 and box["height"] >= 44 and box["width"] > 200
    page.locator(OFFER).tap()
    page.locator("#field-comment-text").fill("There is the old bridge.")
    page.get_by_role("button", name="We cannot sign while this stands").tap()
    page.wait_for_url("**/object#answer")
    answer = page.locator("#answer")
    assert answer.locator("[name=kind][value=objection]").is_checked()
    assert "paragraph 3" in answer.locator(".passage-chosen").inner_text()
    answer.locator("[name=person_name]").fill("Ada Example")
    answer.locator("[name=person_role]").fill("Chair")
    answer.get_by_role("button", name="Check your answer").tap()
    page.get_by_role("button", name="Record this answer now").tap()
    page.wait_for_url("**/receipt")
    with live.site.session() as session:
        given = session.scalars(select(Answer)).one()
    assert Passage.from_json(given.passage) == chosen(EDITION, "b3", "only way")
    assert "objects to paragraph 3" in open_page(made, 1).locator(".facts").first.inner_text()


def test_without_scripts_a_paragraph_is_commented_on_and_replied_to(live, open_page):
    made = asked(live)
    page = open_page(made, java_script_enabled=False)
    assert page.locator(OFFER).count() == 0
    page.get_by_role("link", name="Comment on quote 1", exact=True).click()
    assert page.url.endswith("?on=q1#comment") and not kept(live)
    assert page.locator(".passage-chosen-words").inner_text().startswith("Nobody should walk")
    page.locator("#field-comment-text").fill("Is she to be quoted like this?")
    send(page)
    page.locator(".remark-acts summary").click()
    page.locator(".remark-acts textarea").fill("Yes.")
    page.locator(".remark-acts button").click()
    page.wait_for_url("**#remark-*")
    remark, reply = kept(live)
    assert remark.passage["block"] == "q1" and (reply.thread_id, reply.text) == (remark.id, "Yes.")
    assert "Yes." in page.locator(".remark-replies").inner_text()


@pytest.mark.parametrize("width", [360, 1280])
def test_words_of_an_arabic_text_are_commented_on_from_right_to_left(live, open_page, width):
    page = open_page(asked(live, ARABIC, "ar"), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.evaluate(SELECT, "تصل العائلات إلى")
    box = page.locator(OFFER).bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    page.locator(OFFER).click()
    quoted = page.locator("[data-passage-quoted]")
    assert quoted.get_attribute("dir") == "rtl" and quoted.inner_text() == "تصل العائلات إلى"
    page.locator("#field-comment-text").fill("كيف؟")
    send(page)
    (remark,) = kept(live)
    assert Passage.from_json(remark.passage) == chosen(ARABIC, "b1", "تصل العائلات إلى")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
