"""Pasting into the text in a real browser, with what Word and Google Docs put on the clipboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.stories.live import Live
from tests.text.clipboards import GOOGLE, GOOGLE_MARKDOWN, WORD, WORD_MARKDOWN
from tests.web.living import PASSWORD

pytestmark = pytest.mark.browser

# Puts on the clipboard what another program would have put there: the browser itself would tidy it first.
COPY = """([html, plain]) => {
  document.addEventListener("copy", (event) => {
    if (html) event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", plain);
    event.preventDefault();
  }, { once: true });
  return document.execCommand("copy");
}"""
CODE = '<div style="font-family: monospace; white-space: pre;"><span style="font-weight: bold">**x**</span></div>'


@pytest.fixture
def page(peopled: Live, context) -> Page:
    opened: Page = context.new_page()
    peopled.sign_in(opened, peopled.living.lead.mail, PASSWORD)
    opened.goto(f"{peopled.url}/desk/statements/new")
    return opened


def paste(page: Page, html: str, plain: str, name: str = "body", keys: str = "Control+V") -> None:
    assert page.evaluate(COPY, [html, plain])
    page.locator(f"textarea[name={name}]").focus()
    page.keyboard.press(keys)


def field(page: Page, name: str = "body"):
    return page.locator(f"textarea[name={name}]")


def status(page: Page):
    return page.locator("[data-paste-url]")


@pytest.mark.parametrize(("html", "markdown"), [(WORD, WORD_MARKDOWN), (GOOGLE, GOOGLE_MARKDOWN)])
def test_what_is_pasted_keeps_its_looks_and_can_be_taken_back(page, html, markdown):
    paste(page, html, "the words alone")
    expect(field(page)).to_have_value(markdown)
    expect(status(page)).to_contain_text("Pasted with its bold")
    expect(page.locator("[data-preview] strong").first).to_be_visible()
    page.keyboard.press("Control+Z")
    expect(field(page)).to_have_value("")
    page.keyboard.press("Control+Shift+Z")
    expect(field(page)).to_have_value(markdown)


def test_the_notes_take_it_too_and_footnotes_are_numbered_on(page):
    field(page, "notes").fill("There is one.[^4]\n\n[^4]: Four.\n\n")
    page.evaluate("document.querySelector('[name=notes]').setSelectionRange(1e6, 1e6)")
    paste(page, WORD, "x", "notes")
    expect(field(page, "notes")).to_have_value(
        f"There is one.[^4]\n\n[^4]: Four.\n\n{WORD_MARKDOWN.replace('[^1]', '[^5]')}"
    )


def test_words_within_a_paragraph_go_on_in_it_and_blocks_stand_apart(page):
    field(page).fill("Say  please")
    page.evaluate("document.querySelector('[name=body]').setSelectionRange(4, 4)")
    paste(page, "<span>it <b>now</b></span>", "it now")
    expect(field(page)).to_have_value("Say it **now** please")
    page.evaluate("document.querySelector('[name=body]').setSelectionRange(3, 3)")
    paste(page, "<ul><li>a</li><li>b</li></ul>", "a b")
    expect(field(page)).to_have_value("Say\n\n- a\n- b\n\n it **now** please")


@pytest.mark.parametrize(
    ("html", "plain", "keys"),
    [
        (WORD, "as *typed*", "Control+Shift+V"),
        ("<p>as *typed*</p>", "as *typed*", "Control+V"),
        (CODE, "**x**", "Control+V"),
        ("", "as *typed*", "Control+V"),
    ],
)
def test_plain_words_stay_as_they_are(page, html, plain, keys):
    paste(page, html, plain, keys=keys)
    expect(field(page)).to_have_value(plain)
    expect(status(page)).to_have_text("")


@pytest.mark.parametrize("failing", ["away", "refused", "too much"])
def test_where_the_server_cannot_the_words_alone_are_pasted(page, failing):
    if failing == "too much":
        html = "<b>x</b>" + "<div>" * 1000
    else:
        html = WORD
        page.route("**/paste", lambda route: route.abort() if failing == "away" else route.fulfill(status=503))
    paste(page, html, "the words alone")
    expect(field(page)).to_have_value("the words alone")
    expect(status(page)).to_contain_text("could not be read")
    page.keyboard.press("Control+Z")
    expect(field(page)).to_have_value("")
