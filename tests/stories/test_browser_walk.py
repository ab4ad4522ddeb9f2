"""The whole path in a real browser: written at the desk, circulated, opened from the mails, signed with the code,
published. With scripts on a desk, without them on a phone; one contact reads Arabic, one has no mouse."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories.live import LONGEST_WAIT_SECONDS, Live

pytestmark = pytest.mark.browser

HEADLINE = "Three organisations ask for the bridge to be opened"
BODY = "The bridge is **closed**.\n\nWe ask the council to open it [this week](https://council.example.org/bridge)."
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 720}, "has_touch": True, "is_mobile": True}
MOST_TABS = 60
SEEN_SECONDS = 5


def open_page(browser: Browser, scripts: bool, **window: object) -> Page:
    context = browser.new_context(locale="en-GB", java_script_enabled=scripts, **window)
    context.set_default_timeout(45_000)
    return context.new_page()


def write_and_circulate(live: Live, page: Page, scripts: bool) -> None:
    """What the lead does, by the forms alone."""
    live.sign_in(page)
    page.get_by_role("link", name="Write a statement").first.click()
    page.get_by_label("Press release", exact=True).check()
    page.locator("#field-headline").fill(HEADLINE)
    page.locator("#field-body").fill(BODY)
    if scripts:
        expect(page.locator("[data-preview] strong")).to_have_text("closed")
    else:
        page.get_by_role("button", name="Preview").last.click()
        expect(page.locator(".sheet strong")).to_have_text("closed")
        expect(page.locator("#field-headline")).to_have_value(HEADLINE)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text(HEADLINE)
    page.get_by_role("link", name="Circulate", exact=True).click()
    page.locator("#field-cover_note").fill("Please answer before Friday.")
    page.get_by_role("button", name="Check and circulate").click()
    expect(page.locator("h1")).to_have_text("Check before it goes out")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Circulate", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(3)


def letter_in_mailbox(live: Live, page: Page, mail: str, pattern: str) -> re.Match[str]:
    """Open the newest letter to `mail` on the mailbox page until its text has `pattern`."""
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < until:
        page.goto(f"{live.url}/mailbox?to={mail}")
        if page.locator("a.mailbox-letter").count():
            page.locator("a.mailbox-letter").first.click()
            found = re.search(pattern, page.locator(".letter-text").inner_text())
            if found:
                return found
        time.sleep(0.1)
    raise AssertionError(f"no letter to {mail} with {pattern}")


def nothing_sticks_out(page: Page) -> None:
    """No sideways scrolling; where scripts are off Playwright still measures boxes."""
    width = page.viewport_size["width"]
    assert page.locator("html").bounding_box()["width"] <= width
    assert page.locator("main").bounding_box()["width"] <= width


def sign(live: Live, page: Page, mail: str, person: str, direction: str = "ltr") -> None:
    """One member: from the letter to the receipt, with a pointer."""
    letter_in_mailbox(live, page, mail, r"/sign/\S+")
    page.locator(".letter-text a[href*='/sign/']").first.click()
    expect(page.locator("html")).to_have_attribute("dir", direction)
    assert HEADLINE not in page.content()
    page.locator("main button[type=submit]").click()
    expect(page.locator(".statement-headline")).to_have_text(HEADLINE)
    assert "/sign/at/" in page.url
    expect(page.locator("html")).to_have_attribute("dir", direction)
    nothing_sticks_out(page)
    page.locator("#field-kind").check()
    page.locator("#field-person_name").fill(person)
    page.locator("#field-person_role").fill("Chair")
    page.locator("#field-authority").check()
    page.locator("#answer button[type=submit]").click()
    nothing_sticks_out(page)
    page.locator("main form[action$='/code'] button[type=submit]").click()
    letters = page.context.new_page()
    digits = letter_in_mailbox(live, letters, mail, r"(?<!\d)\d{6}(?!\d)").group()
    letters.close()
    page.locator("#field-code").fill(digits)
    page.locator("main form[action$='/record'] button[type=submit]").click()
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text(person)
    expect(page.locator("html")).to_have_attribute("dir", direction)
    nothing_sticks_out(page)


class Keyboard:
    """Somebody without a pointer: Tab, Space, Enter and letters; at every step the focus can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, wanted: Locator) -> None:
        """Press Tab until `wanted` has the focus."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            self._see()
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{wanted} is not reached by Tab")

    def _see(self) -> None:
        # The browser may draw the mark a moment after it has moved the focus.
        until = time.monotonic() + SEEN_SECONDS
        while not (seen := self._seen()).get("gone") and not (seen["marked"] and seen["inside"]):
            assert time.monotonic() < until, seen
            self.page.wait_for_timeout(50)

    def _seen(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(
            """() => {
              const at = document.activeElement;
              if (!at || at === document.body) return {gone: true};
              const marked = [at, at.closest('.choice')].filter(Boolean).some((one) => {
                const style = getComputedStyle(one);
                return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
              });
              const box = at.getBoundingClientRect();
              return {marked, inside: box.bottom > 0 && box.top < innerHeight, what: at.outerHTML.slice(0, 200)};
            }"""
        )
        return found

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        self.to(wanted)
        self.page.keyboard.press(key)

    def type(self, wanted: Locator, words: str) -> None:
        self.to(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)


def sign_by_keyboard(live: Live, page: Page, mail: str, person: str) -> None:
    """One member who never touches the pointer."""
    letter_in_mailbox(live, page, mail, r"/sign/\S+")
    hand = Keyboard(page)
    hand.press(page.locator(".letter-text a[href*='/sign/']").first)
    page.wait_for_url(re.compile(r"/sign/[^/]+$"))
    hand.press(page.locator("main button[type=submit]"))
    page.wait_for_url("**/sign/at/*/")
    hand.press(page.get_by_role("link", name="Go to the answer"))
    hand.press(page.locator("#field-kind"), "Space")
    assert page.locator("#field-kind").is_checked()
    hand.type(page.locator("#field-person_name"), person)
    hand.type(page.locator("#field-person_role"), "Chair")
    hand.press(page.locator("#field-authority"), "Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    hand.press(page.locator("main form[action$='/code'] button[type=submit]"))
    page.wait_for_url("**/code")
    letters = page.context.new_page()
    digits = letter_in_mailbox(live, letters, mail, r"(?<!\d)\d{6}(?!\d)").group()
    letters.close()
    hand.type(page.locator("#field-code"), digits)
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text(person)


def read_published(live: Live, page: Page) -> None:
    """What everybody sees after the last of three has signed."""
    page.goto(live.url)
    page.reload()  # who looked half a minute ago may be shown what was there then
    page.get_by_role("link", name=HEADLINE).click()
    expect(page.locator("h1")).to_have_text(HEADLINE)
    expect(page.locator(".statement-body strong")).to_have_text("closed")
    line = " ".join(page.locator(".signatories-line").inner_text().split())
    assert line == "Harbour Aid • Lakeside Relief • Orchardist Association"
    nothing_sticks_out(page)
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    ("scripts", "window"),
    [pytest.param(True, DESK, id="with-scripts-on-a-desk"), pytest.param(False, PHONE, id="without-on-a-phone")],
)
def test_the_whole_path(live, browser, scripts, window):
    live.load_lead()
    pages = [open_page(browser, scripts, **window) for _ in range(5)]
    lead, first, second, third, reader = pages
    write_and_circulate(live, lead, scripts)
    sign(live, first, "jun@harbour.example.org", "Jun Example")
    sign(live, second, "rana@orchardist.example.org", "رنا المثال", direction="rtl")
    reader.goto(live.url)
    assert HEADLINE not in reader.content()
    if scripts:
        sign_by_keyboard(live, third, "ada@lakeside.example.org", "Ada Example")
    else:
        sign(live, third, "ada@lakeside.example.org", "Ada Example")
    read_published(live, reader)
    lead.reload()
    expect(lead.locator("main")).to_contain_text("Complete")
    for page in pages:
        page.context.close()
