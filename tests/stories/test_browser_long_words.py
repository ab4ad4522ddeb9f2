"""One long word from outside, in a real browser: it breaks within its place, on a phone and at the desk."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.actions.acting import sign
from tests.actions.test_commenting import remark
from tests.actions.test_listing import choose
from tests.builders import LINKS, NOW, World, circulate, world
from tests.stories.eye import STICKS_OUT
from tests.stories.live import Live
from workflow.actions import amending
from workflow.links import Purpose
from workflow.models.accounts import User
from workflow.models.coalition import Organisation
from workflow.models.publication import Publication
from workflow.rules.circulation import Kind
from workflow.rules.listing import Manner, Style
from workflow.text.passwords import hash_password

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 4
URL = "https://example.org/" + "a" * 180
# What stands in a place that is narrower than it, whether the page then scrolls or not.
CUT_OFF = """() => [...document.querySelectorAll('main *')]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 160))"""
# Letters in place of a logo that do not stay within their box.
BURST = """() => [...document.querySelectorAll('.signatory-letters')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.offsetWidth > one.parentElement.clientWidth + 1)
  .map((one) => one.outerHTML)"""
PASSWORD = "a long and quiet password"
SIZES = {"phone": {"width": 390, "height": 800}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[str], Page]]:
    contexts = []

    def open_(size: str) -> Page:
        contexts.append(browser.new_context(viewport=SIZES[size]))
        return contexts[-1].new_page()

    yield open_
    for context in contexts:
        context.close()


def asked(live: Live) -> World:
    with live.site.session() as session:
        made = world(session, members=4)
        session.get_one(User, made.user.id).password_hash = hash_password(PASSWORD)
        session.get_one(Organisation, made.members[2].id).listed_name = LONG
        session.commit()
        return circulate(made)


def fits(page: Page, name: str) -> None:
    page.wait_for_load_state("load")
    directory = os.environ.get("WORKFLOW_TEST_PICTURES")
    if directory:
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)
    assert page.evaluate(STICKS_OUT) == [], name
    assert page.evaluate(CUT_OFF) == [], name


@pytest.mark.parametrize("size", SIZES)
def test_a_long_name_breaks_on_the_members_pages(live, opened, size):
    made, page = asked(live), opened(size)
    page.goto(f"{live.url}/sign/{LINKS.make(Purpose.APPROVAL, [made.invitations[1].id, 1])}")
    page.locator("main button[type=submit]").first.click()
    answer = page.locator("#answer")
    answer.locator("[name=kind][value=sign-off]").check()
    for name, words in {"listed_name": LONG, "person_name": LONG, "person_role": URL, "text": URL}.items():
        answer.locator(f"[name={name}]").fill(words)
    answer.locator("[name=authority]").check()
    answer.get_by_role("button", name="Check your answer").click()
    page.wait_for_url("**/check")
    fits(page, f"check-{size}")
    page.get_by_role("button", name="Sign for").click()
    page.wait_for_url("**/receipt")
    fits(page, f"receipt-{size}")
    page.get_by_role("link", name="Read the text or change the answer").click()
    page.wait_for_url("**/sign/at/*/")
    fits(page, f"text-{size}")


@pytest.mark.parametrize("size", SIZES)
def test_a_long_name_breaks_on_the_roll(live, opened, size):
    made, page = asked(live), opened(size)
    with live.site.session() as session:
        made.session = session
        sign(made, 0, listed_name=LONG, person_name=LONG, person_role=URL)
        sign(made, 1, Kind.OBJECTION, text=f"{LONG} {URL}")
        remark(made, text=LONG)
    live.sign_in(page, made.user.mail, PASSWORD)
    page.goto(f"{live.url}/desk/statements/{made.statement.public_id}/roll")
    fits(page, f"roll-{size}")
    names = page.locator("tbody th bdi").all_inner_texts()
    assert "Lakeside Relief" in names
    widths = page.evaluate("[...document.querySelectorAll('tbody th, tbody td')].map((one) => one.offsetWidth)")
    assert min(widths) >= 100, "a column is squeezed"


def test_a_long_name_breaks_where_it_stands_in_place_of_a_logo(live, opened):
    made, page = asked(live), opened("phone")
    page.set_viewport_size({"width": 360, "height": 740})
    word = LONG[:60]
    with live.site.session() as session:
        made.session = session
        choose(made, Manner(style=Style.LOGOS))
        for index, name in enumerate((word, word.upper(), LONG)):
            sign(made, index, listed_name=name)
            if name != LONG:
                who = (session, NOW, made.user.id, made.statement.public_id, made.signatories[index].id)
                amending.decide_name(*who, name, True)
    hub = f"/desk/statements/{made.statement.public_id}"
    live.sign_in(page, made.user.mail, PASSWORD)
    _letters_fit(page, f"{live.url}{hub}/listing", "arranged")
    with live.site.session() as session:
        made.session = session
        sign(made, 3)
        slug = session.scalars(select(Publication.slug)).one()
    _letters_fit(page, f"{live.url}{hub}", "desk")
    _letters_fit(page, f"{live.url}/statements/{slug}", "public")


def _letters_fit(page: Page, address: str, name: str) -> None:
    page.goto(address)
    assert page.locator(".signatory-letters").count() == 4
    fits(page, f"letters-{name}")
    assert page.evaluate(BURST) == [], name


def test_the_preview_stays_on_its_side(live, opened):
    made, page = asked(live), opened("desk")
    live.sign_in(page, made.user.mail, PASSWORD)
    page.goto(f"{live.url}/desk/statements/{made.statement.public_id}/edit")
    before = page.locator(".side-by-side > form").bounding_box()["x"], page.locator(".stays").bounding_box()["x"]
    page.locator("button[name=preview]:visible").last.click()
    page.wait_for_load_state()
    fits(page, "preview-desk")
    after = page.locator(".side-by-side > form").bounding_box()["x"], page.locator(".stays").bounding_box()["x"]
    assert after == before and before[0] < before[1]


def test_on_a_phone_the_preview_fits(live, opened):
    made, page = asked(live), opened("phone")
    live.sign_in(page, made.user.mail, PASSWORD)
    page.goto(f"{live.url}/desk/statements/{made.statement.public_id}/edit")
    page.locator("#field-headline").fill(LONG)
    page.locator("[data-side=preview]").click()
    page.locator(".stays").get_by_text(LONG[:30]).first.wait_for()
    fits(page, "preview-phone")
