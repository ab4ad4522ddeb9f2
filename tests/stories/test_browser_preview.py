"""A journalist's preview in a real browser: what stands around the text stands in its column."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.actions.acting import sign
from tests.builders import LINKS, circulate, world
from tests.stories.live import Live
from tests.text.languages import ARABIC, ENGLISH
from workflow.actions import previewing
from workflow.links import Purpose
from workflow.rules.completion import Completion, Ending
from workflow.text.addresses import Address
from workflow.text.instants import in_zone

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("WORKFLOW_TEST_PICTURES", "")


def edges(page: Page) -> dict[str, tuple[int, int]]:
    """Where each part of the page begins and ends, in whole pixels."""
    parts = {
        "notice": "main > .statement-notice:has(.notice)",
        "languages": "main > nav",
        "files": "main > .proof",
        "closing line": "main > p:last-of-type",
    }
    found = {}
    for name, where in parts.items():
        box = page.locator(where).bounding_box()
        assert box is not None
        found[name] = (round(box["x"]), round(box["x"] + box["width"]))
    return found


def given(live: Live, language: str) -> str:
    """The address of a preview of a text in two languages, signed by all who were asked."""
    until = in_zone(live.now().replace(hour=20, minute=25, second=0, microsecond=0), "Asia/Damascus")
    ending = Ending(Completion.EMBARGO, embargo_at=until.replace(year=until.year + 1))
    with live.site.session() as session:
        made = circulate(world(session, 2, ENGLISH, translations=[ARABIC]), now=live.now(), ending=ending)
        for index in range(2):
            sign(made, index, now=live.now())
        who = (session, live.now(), made.user.id, made.statement.public_id)
        dana = [Address("Dana Reporter", "dana@paper.example.org", 1)]
        previewing.add(*who, dana, language=language, time_zone="Asia/Damascus", hours=None)
    return f"{live.url}/preview/{LINKS.make(Purpose.PREVIEW, [1, 1])}"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_stands_around_a_preview_stands_in_its_column(live: Live, browser: Browser, language: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(given(live, language))
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"preview-{language}.png", full_page=True)
    found = edges(page)
    assert set(found.values()) == {found["notice"]}, found
    context.close()
