"""A statement in English and Arabic in a real browser, on a phone: read and signed in Arabic, switched, published."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from tests.builders import LINKS, circulate, offered, world
from tests.stories.live import Live
from tests.text.languages import ARABIC, ENGLISH
from workflow.actions import signing
from workflow.models.coalition import Contact, Organisation
from workflow.models.publication import Publication

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PICTURES = os.environ.get("WORKFLOW_TEST_PICTURES", "")


def looked_at(page: Page, name: str) -> None:
    """Nothing is wider than the screen; where pictures are wanted, one is left."""
    page.wait_for_load_state("load")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"editions-{name}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"


def test_the_arabic_edition_is_read_signed_and_published(live: Live, browser: Browser) -> None:
    with live.site.session() as session:
        made = world(session, 3, ENGLISH, translations=[ARABIC])
        names = {made.members[0].id: "إغاثة الضفة", made.members[1].id: "منتدى التل"}
        for id_, name in names.items():
            session.execute(update(Organisation).where(Organisation.id == id_).values(listed_names={"ar": name}))
        session.execute(update(Contact).where(Contact.id == made.contacts[1].id).values(language="ar"))
        session.commit()
        circulate(made, now=live.now())
        for index in (0, 2):
            invitation = made.invitations[index]
            signing.answer(session, LINKS, live.now(), invitation.id, 1, offered(made, index))
        session.rollback()
        path = live.site.approval_path(made.invitations[1])
    context = browser.new_context(locale="ar", java_script_enabled=False, **PHONE)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{live.url}{path}")
    page.locator("main form button").first.click()
    expect(page.locator("article.statement")).to_have_attribute("lang", "ar")
    expect(page.locator("#field-name-in-ar")).to_have_value("منتدى التل")
    looked_at(page, "member-arabic")
    page.locator("#editions a[lang=en]").click()
    expect(page.locator("article.statement")).to_have_attribute("lang", "en")
    looked_at(page, "member-english")
    page.locator("#editions a[lang=ar]").click()
    page.locator("input[name=kind][value=sign-off]").check()
    page.locator("#field-person_name").fill("سلمى")
    page.locator("#field-person_role").fill("المديرة")
    page.locator("input[name=authority]").check()
    page.locator("form.form button[type=submit]").first.click()
    looked_at(page, "check")
    page.locator("main form button[type=submit]").first.click()
    with live.site.session() as session:
        slug = session.scalar(select(Publication.slug))
    assert slug, "it was the last one"
    page.goto(f"{live.url}/statements/{slug}")
    expect(page.locator("article.statement")).to_have_attribute("dir", "ltr")
    looked_at(page, "public-english")
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("article.statement")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("main")).to_contain_text("إغاثة الضفة • منتدى التل • Harbour Aid")
    looked_at(page, "public-arabic")
    context.close()


def test_editions_stand_beside_each_other_at_the_desk(live: Live, browser: Browser) -> None:
    with live.site.session() as session:
        made = world(session, 2, ENGLISH, translations=[ARABIC])
        client = live.site.client()
        live.site.sign_in(client, made.user)
        hub = f"/desk/statements/{made.statement.public_id}"
        cookie = client.get_cookie("desk")
    assert cookie
    for name, window in (("phone", PHONE), ("desk", {"viewport": {"width": 1280, "height": 900}})):
        context = browser.new_context(java_script_enabled=False, **window)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.url}])
        page = context.new_page()
        for path in ("editions", "edit?edition=ar"):
            page.goto(f"{live.url}{hub}/{path}")
            looked_at(page, f"{name}-{path.partition('?')[0]}")
        context.close()
