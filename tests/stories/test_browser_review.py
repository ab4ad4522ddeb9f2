"""The same review in a real browser: the lead at a desk, three members on a desk, a phone, and a phone in Arabic.

What the three do is done with scripts, pointer and finger; the other four organisations remark and sign over HTTP.
"""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from tests.stories.live import LONGEST_WAIT_SECONDS, Live
from tests.stories.test_browser_remarks import OFFER, SELECT
from tests.stories.test_browser_walk import nothing_sticks_out
from tests.stories.test_review import (
    HARBOUR,
    HILLSIDE,
    LAKESIDE,
    MAILS,
    MEADOW,
    ORCHARD,
    ORCHARDIST,
    RESIGN,
    RIVERBANK,
    Review,
)
from workflow.models.posting import Job

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
# Where to keep a picture of every stop, for whoever wants to look at them.
PICTURES = os.environ.get("WORKFLOW_TEST_PICTURES", "")


class LiveReview(Review):
    """A review whose letters a living worker sends."""

    def __init__(self, live: Live) -> None:
        self.live = live
        super().__init__(live.site)

    def deliver(self) -> None:
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        due = select(func.count()).select_from(Job).where(Job.run_at <= self.live.now())
        while time.monotonic() < until:
            with self.site.session() as session:
                if not session.scalar(due):
                    return
            time.sleep(0.05)
        raise AssertionError("letters are still waiting")


def look(page: Page, name: str) -> None:
    """Nothing sticks out; and a picture, where one is wanted."""
    nothing_sticks_out(page)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.fixture
def review(live: Live) -> LiveReview:
    return LiveReview(live)


@pytest.fixture
def pages(browser: Browser) -> Iterator[dict[str, Page]]:
    windows = {"lead": DESK, HILLSIDE: DESK, LAKESIDE: PHONE, ORCHARDIST: PHONE}
    contexts = {name: browser.new_context(locale="en-GB", **window) for name, window in windows.items()}
    yield {name: context.new_page() for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


def open_link(review: LiveReview, page: Page, name: str) -> None:
    page.goto(review.live.url + review.newest_link(name))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/sign/at/*/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if name == ORCHARDIST else "ltr")


def on_words(page: Page, words: str, *, text: str, person: str, proposed: str | None = None) -> None:
    """Select words, press the offer, write the remark; it is sent by whoever calls."""
    page.evaluate(SELECT, words)
    page.locator(OFFER).click()
    page.locator("#field-comment-text").fill(text)
    if proposed is not None:
        page.locator("#field-comment-suggests").check()
        page.locator("#field-comment-proposed").fill(proposed)
    page.locator("#field-comment-person_name").fill(person)


def send(page: Page) -> None:
    page.locator("#comment button[type=submit]:not([formaction])").click()
    page.wait_for_url("**#remark-*")


def confirm(review: LiveReview, page: Page, name: str) -> None:
    """From the check page to the receipt, with the code out of the letter."""
    page.locator("main form[action$='/code'] button[type=submit]").click()
    page.locator("#field-code").fill(review.code(name))
    page.locator("main form[action$='/record'] button[type=submit]").click()
    page.wait_for_url("**/receipt")


def sign(review: LiveReview, page: Page, name: str) -> None:
    open_link(review, page, name)
    expect(page.locator("#changes-title")).to_be_visible()
    expect(page.locator("#became .remark-list > li")).to_have_count(12)
    assert RESIGN not in page.locator(".statement").inner_text()
    look(page, f"second-{name}")
    page.locator("#field-kind").check()
    page.locator("#field-person_name").fill(f"Signer of {name}")
    page.locator("#field-person_role").fill("Chair")
    page.locator("#field-authority").check()
    page.locator("#answer button[type=submit]").click()
    look(page, f"check-{name}")
    confirm(review, page, name)
    look(page, f"receipt-{name}")


def members_remark(review: LiveReview, pages: dict[str, Page]) -> None:
    """Twelve remarks: five by the three in browsers, seven over HTTP."""
    for name, on, words in (
        (HARBOUR, "b2", "Say since when."), (HARBOUR, "", "A good letter."), (RIVERBANK, "q1", "As she said it."),
        (MEADOW, "b4", "Thank the nurses?"), (ORCHARD, "", "Who signs first?"),
    ):  # fmt: skip
        review.remark(name, words, on=on)
    review.remark(ORCHARD, "We cannot ask for that.", on="b3", exact=RESIGN, proposed="")
    review.answer(MEADOW, "objection", text="Easter is too late for us.")
    phone = pages[LAKESIDE]
    open_link(review, phone, LAKESIDE)
    look(phone, "first-Lakeside")
    on_words(phone, "the organisations", text="Say how many.", person="Ada Example", proposed="seven organisations")
    look(phone, "suggesting-Lakeside")
    send(phone)
    on_words(phone, "two days a week only", text="Clearer.", person="Ada Example", proposed="only two days a week")
    send(phone)
    look(phone, "suggested-Lakeside")
    arabic = pages[ORCHARDIST]
    open_link(review, arabic, ORCHARDIST)
    on_words(arabic, "three hours", text="هل هذا صحيح؟", person="رنا المثال")
    look(arabic, "commenting-Orchardist")
    send(arabic)
    on_words(arabic, "before", text="لماذا عيد الفصح؟", person="رنا المثال")
    send(arabic)
    look(arabic, "commented-Orchardist")
    desk = pages[HILLSIDE]
    open_link(review, desk, HILLSIDE)
    on_words(desk, RESIGN, text="We do not call for resignations.", person="Omar Example")
    desk.get_by_role("button", name="We cannot sign while this stands").click()
    desk.wait_for_url("**/object#answer")
    look(desk, "objecting-Hillside")
    desk.locator("#answer [name=person_role]").fill("Secretary")
    desk.locator("#answer button[type=submit]").click()
    confirm(review, desk, HILLSIDE)


def lead_answers(review: LiveReview, lead: Page) -> None:
    """Three suggestions in one click each; the rest is answered in words."""
    remarks = f"{review.live.url}{review.hub}/remarks"
    lead.goto(remarks)
    look(lead, "remarks-desk")
    lead.set_viewport_size(PHONE["viewport"])
    look(lead, "remarks-desk-phone")
    lead.set_viewport_size(DESK["viewport"])
    for left in (3, 2, 1):
        lead.goto(f"{remarks}?show=all")
        accept = lead.get_by_role("button", name="Accept into the next draft")
        expect(accept).to_have_count(left)
        accept.first.click()
        expect(lead.locator("main").get_by_text("Accepted: revision")).to_be_visible()
    waiting = [one.id for one in review.remarks() if one.disposition is None]
    assert len(waiting) == 9
    for number in waiting:
        lead.goto(f"{remarks}?show=all&at={number}#remark-{number}")
        remark = lead.locator(f"#remark-{number}")
        remark.locator("summary", has_text="Answer this remark").click()
        remark.locator("[name=disposition][value=partly]").check()
        remark.locator("[name=reason]").fill("We say it where we can.")
        remark.get_by_role("button", name="Keep this answer").click()
        lead.wait_for_url(f"**at={number}**#remark-{number}")
        expect(lead.locator(f"#remark-{number}")).to_contain_text("We say it where we can.")
    look(lead, "remarks-answered")
    lead.goto(f"{review.live.url}{review.hub}/became")
    look(lead, "became")


def test_a_lead_and_three_members_come_to_agree(review, pages):
    lead = pages["lead"]
    review.live.sign_in(lead)
    lead.goto(f"{review.live.url}{review.hub}/circulate")
    lead.locator("[name=purpose][value=comment]").check()
    lead.get_by_role("button", name="Check and circulate").click()
    look(lead, "check-comments")
    lead.get_by_role("button", name="Circulate", exact=True).click()
    lead.wait_for_url("**/roll")
    members_remark(review, pages)
    lead_answers(review, lead)
    review.answer(MEADOW, "taken-back")
    lead.goto(f"{review.live.url}{review.hub}/roll")
    look(lead, "roll-comments")
    lead.goto(f"{review.live.url}{review.hub}/ask-to-sign")
    look(lead, "ask-to-sign")
    lead.get_by_role("button", name="Ask for sign-off now").click()
    lead.wait_for_url("**/roll")
    for name in (HILLSIDE, LAKESIDE, ORCHARDIST):
        sign(review, pages[name], name)
    lead.reload()
    look(lead, "roll-half-way")
    for name in (HARBOUR, MEADOW, ORCHARD, RIVERBANK):
        review.answer(name, "sign-off")
    lead.goto(review.live.url)
    lead.get_by_role("link", name="Keep the valley clinic open").click()
    look(lead, "public")
    line = " ".join(lead.locator(".signatories-line").inner_text().split())
    assert line == " • ".join(sorted(MAILS))
    assert not re.search("resign|nurses|Signer", lead.content())
