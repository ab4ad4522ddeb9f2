"""The editor in a real browser: its tools, and that no word typed into it is ever lost."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import select

from tests.ground.application import KEYS
from tests.stories.eye import Eye
from tests.stories.live import LONGEST_WAIT_SECONDS, Live
from tests.web.living import HASH, KEPT, KEPT_NEW, PASSWORD
from workflow import demo
from workflow.models.accounts import User
from workflow.models.keeping import KeptDraft

pytestmark = pytest.mark.browser

WAIT_MS = 20_000
# Those that the editor asks for itself: what they import comes after them.
EDITOR_SCRIPTS = 6
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def lead(peopled: Live, browser: Browser) -> Iterator[BrowserContext]:
    """The lead's browser, signed in."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    assert peopled.living
    peopled.sign_in(page, peopled.living.lead.mail, PASSWORD)
    page.close()
    yield context
    context.close()


def edit(live: Live, context: BrowserContext, stage: str = "draft") -> Page:
    assert live.living
    page = context.new_page()
    page.goto(f"{live.url}/desk/statements/{live.living.public_id(stage)}/edit")
    expect(page.locator("[data-editor-bar]")).to_be_visible()
    return page


def state(page: Page) -> Locator:
    return page.locator("[data-keep-state]")


def kept(live: Live) -> list[dict[str, str]]:
    """The forms that the editors of this test have kept."""
    before = (KEPT, KEPT_NEW)
    chosen = select(KeptDraft).where(KeptDraft.key.not_in(before)).order_by(KeptDraft.id)
    with live.site.session() as session:
        return [one.fields for one in session.scalars(chosen)]


def wait_for(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while not ready():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.1)


def body(page: Page) -> Locator:
    return page.locator("#field-body")


def write(page: Page, words: str, start: int = 0, end: int | None = None) -> None:
    """Fill the text and select part of it."""
    body(page).fill(words)
    choose(page, start, len(words) if end is None else end)


def choose(page: Page, start: int, end: int) -> None:
    body(page).evaluate(
        "(field, [start, end]) => { field.focus(); field.setSelectionRange(start, end); }", [start, end]
    )


def selected(page: Page) -> str:
    return str(body(page).evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)"))


def tool(page: Page, name: str) -> Locator:
    return page.locator("[role=toolbar][aria-controls=field-body]").get_by_role("button", name=name)


# The tools ----------------------------------------------------------------------------------------


# What is pressed, on which text with which part selected; what is there then, and what is selected.
TOOLS = [
    ("Bold", "The road is closed.", (4, 8), "The **road** is closed.", "road"),
    ("Bold", "The road is closed.", (3, 9), "The **road** is closed.", "road"),
    ("Bold", "The **road** is closed.", (6, 10), "The road is closed.", "road"),
    ("Bold", "The **road** is closed.", (4, 12), "The road is closed.", "road"),
    ("Bold", "The road is closed.", (6, 6), "The **road** is closed.", ""),
    ("Bold", "One.\n\nTwo.", (0, 10), "**One.**\n\n**Two.**", "One.**\n\n**Two."),
    ("Italic", "The **road** is closed.", (6, 10), "The ***road*** is closed.", "road"),
    ("Italic", "The ***road*** is closed.", (7, 11), "The **road** is closed.", "road"),
    ("Italic", "الطريق مغلق.", (0, 6), "*الطريق* مغلق.", "الطريق"),
    ("Link", "The road is closed.", (4, 8), "The [road](https://) is closed.", "https://"),
    ("Link", "The [road](https://example.org) is closed.", (5, 9), "The road is closed.", "road"),
    ("Link", "See https://example.org/a", (4, 25), "See [words](https://example.org/a)", "words"),
    ("Bulleted list", "Asks:\none\ntwo", (6, 13), "Asks:\n\n- one\n- two", "- one\n- two"),
    ("Bulleted list", "1. one\n2. two", (0, 13), "- one\n- two", "- one\n- two"),
    ("Bulleted list", "- one\n- two", (0, 11), "one\ntwo", "one\ntwo"),
    ("Numbered list", "one\ntwo\n\nthree", (0, 14), "1. one\n2. two\n\n3. three", "1. one\n2. two\n\n3. three"),
    ("Quotation", "Words.\n\nMore.", (0, 13), "> Words.\n>\n> More.", "> Words.\n>\n> More."),
    ("Quotation", "> Words.\n>\n> More.", (0, 18), "Words.\n\nMore.", "Words.\n\nMore."),
    ("Footnote", "The road is closed. Now.", (19, 19), "The road is closed.[^1] Now.\n\n[^1]: ", ""),
    ("Place quote 1", "First.\n\nSecond.", (2, 2), "First.\n\n[[quote 1]]\n\nSecond.", ""),
    ("Place quote 1", "First.\n\n[[quote 1]]", (0, 0), "First.\n\n[[quote 1]]", "[[quote 1]]"),
]


def test_a_tool_writes_markdown_and_undo_takes_it_back(editor_page):
    page = editor_page
    for name, before, chosen, after, then in TOOLS:
        write(page, before, *chosen)
        tool(page, name).click()
        expect(body(page), f"{name}: {before}").to_have_value(after)
        assert selected(page) == then, (name, before)
        expect(body(page)).to_be_focused()
        if after != before:
            page.keyboard.press("Control+z")
            expect(body(page), f"{name}: {before}").to_have_value(before)


@pytest.fixture
def editor_page(peopled: Live, lead: BrowserContext) -> Page:
    return edit(peopled, lead)


def test_keys_do_what_the_tools_do(editor_page):
    page = editor_page
    write(page, "The road is closed.", 4, 8)
    page.keyboard.press("Control+b")
    expect(body(page)).to_have_value("The **road** is closed.")
    page.keyboard.press("Control+i")
    expect(body(page)).to_have_value("The ***road*** is closed.")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+i")
    expect(body(page)).to_have_value("The road is closed.")
    page.keyboard.press("Control+k")
    expect(body(page)).to_have_value("The [road](https://) is closed.")
    page.keyboard.type("https://example.org")
    expect(body(page)).to_have_value("The [road](https://example.org) is closed.")
    choose(page, 0, 0)
    page.evaluate(
        """() => document.activeElement.dispatchEvent(
          new KeyboardEvent('keydown', {key: 'لا', code: 'KeyB', ctrlKey: true, bubbles: true, cancelable: true}))"""
    )
    expect(body(page)).to_have_value("**The** [road](https://example.org) is closed.")


def test_the_toolbar_is_one_stop_and_arrows_walk_it(editor_page):
    page = editor_page
    bar = page.locator("[role=toolbar][aria-controls=field-body]")
    names = ["Bold", "Italic", "Link", "Bulleted list", "Numbered list", "Quotation", "Footnote", "Place quote 1"]
    assert [one.get_attribute("aria-label") for one in bar.locator("button").all()] == names
    assert bar.locator("[tabindex='0']").count() == 1
    bar.get_by_role("button", name="Bold").focus()
    for key, name in (
        ("ArrowRight", "Italic"),
        ("End", "Place quote 1"),
        ("ArrowRight", "Bold"),
        ("ArrowLeft", "Place quote 1"),
        ("Home", "Bold"),
    ):
        page.keyboard.press(key)
        expect(bar.get_by_role("button", name=name)).to_be_focused()
        assert bar.locator("[tabindex='0']").get_attribute("aria-label") == name
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.keyboard.press("ArrowLeft")
    expect(bar.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("Tab")
    expect(body(page)).to_be_focused()


def test_every_quote_has_a_tool_that_places_it(editor_page):
    page = editor_page
    page.get_by_role("button", name="Add another quote").click()
    write(page, "First.", 0, 0)
    tool(page, "Place quote 2").click()
    expect(body(page)).to_have_value("First.\n\n[[quote 2]]")


def test_tools_are_large_enough_for_a_finger_and_nothing_sticks_out_on_a_phone(peopled, lead, browser):
    page = edit(peopled, lead)
    page.set_viewport_size(PHONE["viewport"])
    for one in page.locator(".tool").all():
        box = one.bounding_box()
        assert box["width"] >= 44, box
        assert box["height"] >= 44, box
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_phone_one_switches_between_writing_and_the_preview(peopled, lead):
    page = edit(peopled, lead)
    page.set_viewport_size(PHONE["viewport"])
    expect(page.locator("[data-preview]")).to_be_hidden()
    write(page, "Now **bold**.", 4, 4)
    page.locator("[data-side=preview]").click()
    expect(page.locator("[data-preview] strong")).to_have_text("bold")
    expect(body(page)).to_be_hidden()
    page.locator("[data-side=write]").click()
    assert body(page).evaluate("field => field.selectionStart") == 4
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("[data-preview]")).to_be_visible()
    expect(body(page)).to_be_visible()


def test_without_scripts_there_are_no_tools_and_the_hint_says_how(peopled, lead, browser):
    context = browser.new_context(java_script_enabled=False, storage_state=lead.storage_state())
    page = context.new_page()
    assert peopled.living
    page.goto(f"{peopled.url}/desk/statements/{peopled.living.public_id('draft')}/edit")
    expect(page.locator("[role=toolbar]")).to_have_count(0)
    expect(page.locator("[data-editor-bar]")).to_be_hidden()
    expect(page.locator("#field-body-hint")).to_contain_text("**bold**")
    expect(page.locator("[data-preview]")).to_be_visible()
    context.close()


# Keeping ------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_offered_and_taken_up(peopled, lead):
    page = edit(peopled, lead)
    body(page).press("Control+End")
    page.keyboard.type(" Words of today. كلمات اليوم.")
    caret = body(page).evaluate("field => field.selectionStart")
    expect(state(page)).to_have_text("Kept at 09:00")
    expect(page.locator("[data-preview]")).to_contain_text("كلمات اليوم.")
    assert body(page).evaluate("field => field.selectionStart") == caret
    expect(body(page)).to_be_focused()
    (fields,) = kept(peopled)
    assert fields["body"].endswith("Words of today. كلمات اليوم.")
    assert page.evaluate("Object.keys(localStorage)") == []
    page.close()
    page = edit(peopled, lead)
    expect(page.locator("[data-unsaved]")).to_contain_text("You have words that are not saved, kept at 09:00.")
    page.get_by_role("link", name="See what they change").click()
    expect(page.locator(".redline ins")).to_contain_text("كلمات اليوم.")
    page.get_by_role("link", name="Take them up").click()
    assert body(page).input_value().endswith("كلمات اليوم.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Saved as revision 4")
    assert kept(peopled) == []


def test_what_is_typed_before_the_scripts_have_come_is_shown_and_kept_too(peopled, lead):
    assert peopled.living
    page = lead.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/static/js/*.js*", hold)
    page.goto(f"{peopled.url}/desk/statements/{peopled.living.public_id('draft')}/edit", wait_until="commit")
    body(page).fill("Typed on a **slow** line.")
    while len(held) < EDITOR_SCRIPTS:
        page.wait_for_event("request")
    page.unroute("**/static/js/*.js*")  # what was held goes on, and what it imports too
    expect(page.locator("[data-preview] strong")).to_have_text("slow")
    expect(state(page)).to_contain_text("Kept")
    assert [one["body"] for one in kept(peopled)] == ["Typed on a **slow** line."]


def test_thrown_away_it_is_gone(peopled, lead):
    page = edit(peopled, lead)
    write(page, "Never mind.")
    expect(state(page)).to_have_text("Kept at 09:00")
    page.reload()
    page.get_by_role("link", name="See what they change").click()
    page.get_by_role("button", name="Throw them away").click()
    expect(page.locator("main")).to_contain_text("Thrown away.")
    expect(page.locator("[data-unsaved] .notice")).to_have_count(0)
    assert kept(peopled) == []


def test_closing_the_tab_at_once_and_going_back_lose_nothing(peopled, lead):
    page = edit(peopled, lead)
    page.locator("#field-headline").fill("Typed and closed")
    page.close()
    wait_for(lambda: [one["headline"] for one in kept(peopled)] == ["Typed and closed"])
    page = lead.new_page()
    page.goto(f"{peopled.url}/desk")
    page.goto(f"{peopled.url}/desk/statements/new")
    page.locator("#field-headline").fill("Typed and gone back")
    page.go_back()
    wait_for(lambda: "Typed and gone back" in [one["headline"] for one in kept(peopled)])
    page.goto(f"{peopled.url}/desk/statements/new")
    expect(page.locator("[data-unsaved]")).to_contain_text("You have words from several times that are not saved.")
    page.get_by_role("link", name="Kept at 09:00").first.click()
    page.get_by_role("link", name="Take them up").click()
    expect(page.locator("#field-headline")).to_have_value("Typed and gone back")


def test_two_tabs_keep_beside_each_other(peopled, lead):
    first, second = edit(peopled, lead), edit(peopled, lead)
    for page, words in ((first, "From the first tab."), (second, "From the second tab.")):
        body(page).fill(words)
        expect(state(page)).to_have_text("Kept at 09:00")
    assert {one["body"] for one in kept(peopled)} == {"From the first tab.", "From the second tab."}
    first.get_by_role("button", name="Save").click()
    expect(first.locator("main")).to_contain_text("Saved as revision 4")
    assert [one["body"] for one in kept(peopled)] == ["From the second tab."]
    body(second).press("End")
    second.keyboard.type(" More.")
    expect(second.locator("[data-keep-others]")).to_contain_text("Revision 4 was saved meanwhile")


def test_signed_out_elsewhere_one_goes_on_typing_and_signs_in_again(peopled, lead):
    page = edit(peopled, lead)
    body(page).fill("Before.")
    expect(state(page)).to_have_text("Kept at 09:00")
    other = lead.new_page()
    other.goto(f"{peopled.url}/desk")
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator("h1")).to_have_text("Sign in")
    page.bring_to_front()
    body(page).fill("Typed while signed out.")
    expect(state(page)).to_contain_text("Not kept: you are signed out.")
    assert page.evaluate("Object.keys(localStorage)") == []
    assert page.evaluate("Object.keys(sessionStorage).length") == 1
    assert [one["body"] for one in kept(peopled)] == ["Before."]
    assert peopled.living
    peopled.sign_in(other, peopled.living.lead.mail, PASSWORD)
    page.bring_to_front()
    expect(state(page)).to_have_text("Kept at 09:00")
    assert [one["body"] for one in kept(peopled)] == ["Typed while signed out."]
    assert page.evaluate("Object.keys(sessionStorage)") == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Saved as revision 4")


def test_words_of_one_are_never_kept_as_anothers(peopled, lead):
    page = edit(peopled, lead)
    page.locator("#field-headline").click()
    other = lead.new_page()
    other.goto(f"{peopled.url}/desk")
    other.get_by_role("button", name="Sign out").click()
    assert peopled.living
    peopled.sign_in(other, peopled.living.stranger.mail, PASSWORD)
    page.bring_to_front()
    body(page).fill("Not for the stranger.")
    expect(state(page)).to_contain_text("Not kept: you are signed out.")
    assert kept(peopled) == []


def test_signing_out_keeps_what_was_typed_a_moment_before_and_leaves_nothing_in_the_browser(peopled, lead):
    page = edit(peopled, lead)
    page.evaluate("localStorage.setItem('words/1/new/left', '[]')")
    body(page).fill("A moment before.")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    assert [one["body"] for one in kept(peopled)] == ["A moment before."]
    wait_for(lambda: page.evaluate("localStorage.length + sessionStorage.length") == 0)


def test_a_warning_only_where_words_are_kept_nowhere(peopled, lead):
    page = edit(peopled, lead)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    body(page).fill("Kept in this browser.")
    page.goto(f"{peopled.url}/desk")
    assert asked == []
    page = edit(peopled, lead)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }")
    lead.set_offline(True)
    body(page).fill("Kept nowhere.")
    expect(state(page)).to_contain_text("Copy your words before you leave")
    with contextlib.suppress(Exception):  # offline the browser goes nowhere, but it asks first
        page.goto(f"{peopled.url}/desk")
    lead.set_offline(False)
    assert asked == ["beforeunload"]


def test_offline_the_words_stay_in_the_browser_and_go_to_the_server_later(peopled, lead):
    page = edit(peopled, lead)
    lead.set_offline(True)
    body(page).fill("Typed on a train.")
    expect(state(page)).to_have_text("Not kept: no connection. Your words are in this browser.")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    lead.set_offline(False)
    expect(state(page)).to_have_text("Kept at 09:00")
    assert [one["body"] for one in kept(peopled)] == ["Typed on a train."]
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_a_crash_left_in_the_browser_is_brought_back_by_any_editor(peopled, lead):
    page = edit(peopled, lead)
    lead.set_offline(True)
    body(page).fill("Typed before the crash.")
    expect(state(page)).to_contain_text("Your words are in this browser.")
    page.close(run_before_unload=False)
    lead.set_offline(False)
    page = edit(peopled, lead, "circulating")
    wait_for(lambda: [one["body"] for one in kept(peopled)] == ["Typed before the crash."])
    wait_for(lambda: page.evaluate("localStorage.length") == 0)
    page = edit(peopled, lead)
    expect(page.locator("[data-unsaved]")).to_contain_text("You have words that are not saved")


def test_what_a_crash_left_is_brought_back_by_the_desk_before_signing_out_clears_it(peopled, lead):
    page = edit(peopled, lead)
    lead.set_offline(True)
    body(page).fill("Typed before the crash.")
    expect(state(page)).to_contain_text("Your words are in this browser.")
    page.close(run_before_unload=False)
    lead.set_offline(False)
    page = lead.new_page()
    page.goto(f"{peopled.url}/desk")
    wait_for(lambda: page.evaluate("localStorage.length") == 0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    assert [one["body"] for one in kept(peopled)] == ["Typed before the crash."]


def test_saving_leaves_no_copy_in_the_browser(peopled, lead):
    page = edit(peopled, lead)
    lead.set_offline(True)
    body(page).fill("Saved in the end.")
    expect(state(page)).to_contain_text("Your words are in this browser.")
    lead.set_offline(False)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Saved as revision 4")
    wait_for(lambda: page.evaluate("localStorage.length") == 0)
    assert kept(peopled) == []


def test_a_colleague_at_the_same_text_is_seen_and_two_changes_come_together(peopled, lead, browser):
    assert peopled.living
    with peopled.site.session() as session:
        organisation_id = peopled.living.lead.organisation_id
        noor = User(
            organisation_id=organisation_id, name="Noor Example", mail="noor@valley.example.org",
            password_hash=HASH, created_at=peopled.now(),
        )  # fmt: skip
        session.add(noor)
        session.commit()
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(WAIT_MS)
    theirs = context.new_page()
    peopled.sign_in(theirs, "noor@valley.example.org", PASSWORD)
    theirs.close()
    theirs = edit(peopled, context)
    theirs.locator("#field-headline").fill("Their headline")
    expect(state(theirs)).to_have_text("Kept at 09:00")
    page = edit(peopled, lead)
    expect(page.locator("[data-keep-others]")).to_have_text("Noor Example is changing this text too, last seen 09:00.")
    body(page).press("Control+End")
    page.keyboard.type("\n\nOne more paragraph.")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.locator("main")).to_contain_text("Saved as revision 4")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Revision 4 was saved by Noor Example while you were writing.")
    expect(page.locator("#field-headline")).to_have_value("Their headline")
    assert body(page).input_value().endswith("One more paragraph.")
    eye = Eye(peopled, page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Saved as revision 5")
    assert not eye.faults
    context.close()


# Killed and started again -------------------------------------------------------------------------


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Starts the demo as its own processes, always at the same address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("WORKFLOW_")} | {
        "WORKFLOW_PORT": str(port),
        "WORKFLOW_WEB_PROCESSES": "1",
        "WORKFLOW_SECRET_KEYS": ",".join(KEYS),
    }
    started = []

    def begin() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "workflow.cli", "demo", "--data-dir", str(tmp_path / "demo")]
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.port = port  # type: ignore[attr-defined]
        started.append(process)
        wait_for(lambda: listens(port))
        return process

    yield begin
    for process in started:
        process.terminate()
        process.wait(20)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def test_the_server_is_killed_and_started_again_and_the_words_are_back(serve, context, tmp_path):
    process = serve()
    url = f"http://127.0.0.1:{process.port}"
    page = context.new_page()
    Live.sign_in(type("At", (), {"url": url})(), page, demo.MAIL, demo.PASSWORD)  # type: ignore[arg-type]
    page.goto(f"{url}/desk/statements/new")
    page.locator("#field-headline").fill("Before the fall")
    expect(state(page)).to_contain_text("Kept at")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(lambda: not listens(process.port))
    page.locator("#field-headline").fill("After the fall")
    expect(state(page)).to_have_text("Not kept: no connection. Your words are in this browser.")
    page.close(run_before_unload=False)
    serve()
    page = context.new_page()
    page.goto(f"{url}/desk/statements/new")
    expect(page.locator("[data-unsaved] .notice")).to_have_count(1)
    page.get_by_role("link", name="See what they change").click()
    page.get_by_role("link", name="Take them up").click()
    expect(page.locator("#field-headline")).to_have_value("After the fall")
