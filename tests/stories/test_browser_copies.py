"""Copied out of the page in a browser, or printed from it, a text is ours still."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.builders import NOW
from tests.formats.publishing import PLAIN, publish
from tests.formats.test_copies import RICH
from tests.stories.live import Live
from workflow.actions import noting
from workflow.formats.verifying import Compared, Verdict
from workflow.models.accounts import User
from workflow.models.drafting import Statement
from workflow.queries.verifying import look
from workflow.rules.noting import NoteKind
from workflow.text.content import Edition

pytestmark = pytest.mark.browser

COPIED = """what => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector(what));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return getSelection().toString();
}"""


def told(live: Live, slug: str, data: bytes) -> Compared:
    with live.site.session() as session:
        return look(session, data, lambda *_: f"{live.url}/statements/{slug}", lambda _: PLAIN).told


def differences(found: Compared) -> list[str]:
    return [one.text for one in found.changes if one.op != "equal"]


def opened(live: Live, browser: Browser, slug: str) -> Page:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{live.url}/statements/{slug}")
    return page


def test_what_is_copied_out_of_the_page_is_ours(live: Live, browser: Browser) -> None:
    with live.site.session() as session:
        slug = publish(session, edition=RICH)
        user, statement = session.scalar(select(User.id)), session.scalar(select(Statement.public_id))
        noting.note(
            session, NOW + timedelta(hours=1), user, statement, NoteKind.CORRECTION, "It is 38 days.\n\nSaid twice."
        )
    page = opened(live, browser, slug)
    copies = {what: page.evaluate(COPIED, what) for what in ("article", "main", "body")}
    found = {what: told(live, slug, copy.encode()) for what, copy in copies.items()}
    assert {what: (one.verdict, differences(one), one.missing, one.added) for what, one in found.items()} == {
        "article": (Verdict.SINCE, [], (), ()),
        "main": (Verdict.AROUND, [], (), ()),
        "body": (Verdict.AROUND, [], (), ()),
    }
    forged = copies["article"].replace("a loss of 7 million", "a loss of 8 million")
    assert told(live, slug, forged.encode()).verdict is Verdict.ALTERED
    forged = copies["main"].replace("It is 38 days.", "It is 38 days. The bridge is safe.")
    assert told(live, slug, forged.encode()).verdict is Verdict.ALTERED, "a note is ours as a whole or not at all"
    page.context.close()


@pytest.mark.parametrize("edition", [RICH, replace(RICH, notes="", contacts=())], ids=["whole", "names-last"])
def test_what_a_browser_prints_is_ours(live: Live, browser: Browser, edition: Edition) -> None:
    with live.site.session() as session:
        slug = publish(session, edition=edition)
    page = opened(live, browser, slug)
    found = told(live, slug, page.pdf())
    assert (found.verdict, differences(found), found.missing, found.added) == (Verdict.AROUND, [], (), ())
    page.context.close()
