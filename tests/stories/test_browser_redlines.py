"""A redline in a real browser: the list of changes by keyboard, folds, right to left, and a clean bill from axe."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests.stories.eye import PHONE, Eye
from tests.stories.live import Live
from workflow.actions import drafting
from workflow.models.accounts import User
from workflow.text.content import Edition, Quote

pytestmark = pytest.mark.browser

LONG = "\n\n".join(
    f"Village {number} has had no bus since the winter, and the walk to the clinic takes {number} hours. Its people"
    " carry the old and the ill by turns, and the school has sent its children home."
    for number in range(2, 14)
)
ENGLISH = Edition(
    language="en",
    kind="press-release",
    headline="Seven organisations ask for the valley road to be reopened",
    body=f"The valley road has been closed for forty days.\n\n{LONG}\n\nWe ask the council to reopen it this week.",
    quotes=(Quote("Ada Example", "Director", "Lakeside Relief", "Nobody should walk nine hours to a doctor."),),
    ends="ENDS",
)
ENGLISH_CHANGED = replace(
    ENGLISH,
    headline="Eight organisations ask for the valley road to be reopened",
    body=ENGLISH.body.replace("forty", "forty-seven").replace("reopen it this week", "reopen it at once"),
    quotes=(replace(ENGLISH.quotes[0], text="Nobody should ever walk nine hours to a doctor."),),
)
ARABIC = Edition(
    language="ar",
    kind="press-release",
    headline="سبع جمعيات تطالب بإعادة فتح طريق الوادي",
    body=(
        "طريق الوادي مغلق منذ 40 يوماً، ولا تصل العائلات إلى المستشفى، كما تقول Lakeside Relief في بيانها.\n\n"
        + "\n\n".join(["لا حافلة في القرى منذ الشتاء، ويستغرق الطريق إلى المستشفى ساعات طويلة سيراً على الأقدام."] * 8)
        + "\n\nنطالب المجلس بفتحه هذا الأسبوع."
    ),
)
ARABIC_CHANGED = replace(
    ARABIC,
    body=ARABIC.body.replace("40", "47").replace("Lakeside Relief", "Hillside Forum").replace("هذا الأسبوع", "فوراً"),
)


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(45_000)
    yield context.new_page()
    context.close()


def compared(live: Live, page: Page, old: Edition, new: Edition) -> str:
    """Sign a lead in that has a statement of two revisions; gives the address of their comparison."""
    live.load_lead()
    with live.site.session() as session:
        user_id = session.scalars(select(User.id)).one()
        public_id = drafting.begin(session, live.now(), user_id, live.coalition_id(), old).public_id
        drafting.revise(session, live.now(), user_id, public_id, new, 1)
    live.sign_in(page)
    return f"/desk/statements/{public_id}/compare"


def focused(page: Page, name: str) -> str:
    return str(page.evaluate(f"document.activeElement.getAttribute('{name}') || ''"))


def tab_to(page: Page, href: str) -> None:
    for _ in range(60):
        if focused(page, "href") == href:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {href} by keyboard")


def test_the_list_of_changes_leads_to_each_of_them_by_keyboard(live: Live, page: Page):
    eye = Eye(live, page)
    eye.go(compared(live, page, ENGLISH, ENGLISH_CHANGED))
    assert eye.faults == []
    page.set_viewport_size(PHONE)
    listed = page.locator(".redline-list > li")
    assert [words.split("(")[0].strip() for words in listed.locator("a").all_inner_texts()] == [
        "Headline",
        "Paragraph 1",
        "Paragraph 14",
        "Quote 1",
    ]
    tab_to(page, "#change-3")
    page.keyboard.press("Enter")
    page.wait_for_url("**#change-3")
    assert page.locator("#change-3").is_visible()
    assert page.locator("#change-3").evaluate(
        "one => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"
    )
    # From the change on, the next key leads to the next one, and from the last back to the list.
    tab_to(page, "#change-4")
    page.keyboard.press("Enter")
    page.wait_for_url("**#change-4")
    tab_to(page, "#changes")


def test_what_did_not_change_is_folded_and_opens_by_keyboard(live: Live, page: Page):
    page.goto(live.url + compared(live, page, ENGLISH, ENGLISH_CHANGED))
    page.set_viewport_size(PHONE)
    fold = page.locator("details.redline-fold")
    assert fold.count() == 1
    height = "one => one.offsetHeight"
    assert fold.evaluate(height) < 100
    assert page.locator(".redline").evaluate(height) < 2 * PHONE["height"]
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.evaluate(height) > PHONE["height"]


def test_the_other_way_round_and_the_same_twice(live: Live, page: Page):
    address = compared(live, page, ENGLISH, ENGLISH_CHANGED)
    page.goto(live.url + address)
    assert page.locator("#change-1 ins").text_content() == "[added: +\u2060Eight]"
    page.get_by_role("link", name="The other way round").click()
    assert page.locator("#change-1 ins").text_content() == "[added: +\u2060Seven]"
    assert page.locator("h1").inner_text() == "From revision 2 to revision 1"
    page.goto(f"{live.url}{address}?from=2&to=2")
    assert "The two are the same" in page.locator("main").inner_text()
    assert page.locator(".redline").count() == 0


def test_arabic_runs_from_right_to_left_in_every_stretch(live: Live, page: Page):
    eye = Eye(live, page)
    eye.go(compared(live, page, ARABIC, ARABIC_CHANGED))
    assert eye.faults == []
    redline = page.locator(".redline")
    assert (redline.get_attribute("lang"), redline.get_attribute("dir")) == ("ar", "rtl")
    # The organisation that went stands right of the one that came, though both are written in Latin letters.
    went, came = page.locator("#change-2 del").bounding_box(), page.locator("#change-2 ins").bounding_box()
    assert went and came
    assert went["x"] > came["x"]
    for stretch in page.locator(".redline :is(ins, del)").all():
        assert stretch.evaluate("one => getComputedStyle(one).direction") == "rtl"
    # What is said about it is in the language of the page.
    assert page.locator("#change-1 .redline-aside").first.get_attribute("lang") == "en"
