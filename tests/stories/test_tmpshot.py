import pytest
from tests.stories.test_browser_pages import peopled  # noqa
pytestmark = pytest.mark.browser
def test_shot(peopled, page):
    live = peopled
    browser = page.context.browser
    for name, locale, width in (("en", "en-GB", 1000), ("ar", "ar-JO", 360)):
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 900})
        p = context.new_page()
        p.goto(live.url + "/")
        href = p.locator(".statement-list-title a").first.get_attribute("href")
        text = p.request.get(f"{live.url}{href}.txt").text()
        print(text)
        p.goto(live.url + "/verify")
        p.screenshot(path=f"/tmp/w/verify_pics/form_{name}.png", full_page=True)
        bad = text.replace(" the ", " never the ", 1)
        p.fill("[name=pasted]", bad)
        p.click("form[action='/verify'] button[type=submit]")
        p.screenshot(path=f"/tmp/w/verify_pics/altered_{name}.png", full_page=True)
        p.fill("[name=pasted]", text)
        p.click("form[action='/verify'] button[type=submit]")
        p.screenshot(path=f"/tmp/w/verify_pics/ok_{name}.png", full_page=True)
        p.goto(live.url + href)
        whole = p.inner_text("main")
        p.goto(live.url + "/verify")
        p.fill("[name=pasted]", whole)
        p.click("form[action='/verify'] button[type=submit]")
        p.screenshot(path=f"/tmp/w/verify_pics/page_{name}.png", full_page=True)
        context.close()
