"""Setting up, signing in and out, and choosing a password over HTTP."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders import LINKS, NOW, world
from tests.stories.browser_without_scripts import Browser
from tests.web.desk_page import looks_right
from workflow.actions import accounts, sessions
from workflow.db import Base
from workflow.links import Purpose
from workflow.models.accounts import DeskSession, User
from workflow.models.posting import Letter
from workflow.web.accounts import own_path

MAIL, PASSWORD = "lea@valley.example.org", "a long enough password"
SET_UP = f"/setup/{LINKS.make(Purpose.SET_UP, ['set-up'])}"


@pytest.fixture
def user(site):
    with site.session() as session:
        return accounts.set_up(session, NOW, "Valley Office", "Lea Lead", MAIL, PASSWORD, "en", "Europe/London")


@pytest.fixture
def browser(site):
    return Browser(site.client())


def sign_in(browser, mail=MAIL, password=PASSWORD, path="/sign-in"):
    return browser.get(path).press("Sign in", mail=mail, password=password)


def living(site):
    with site.session() as session:
        return len(session.scalars(select(DeskSession).where(DeskSession.ended_at.is_(None))).all())


def same_but_tokens(response):
    """The bytes of an answer without what differs between any two: form tokens."""
    return re.sub(rb'name="csrf_token" value="[^"]*"', b"", response.data)


def test_a_newcomer_sets_the_installation_up_and_is_let_in(site, browser):
    browser.get(SET_UP)
    looks_right(browser.page)
    typed = {"organisation_name": "Valley Office", "name": "Lea Lead", "mail": MAIL, "password": PASSWORD}
    browser.press("Set up", **{**typed, "mail": "lea@"})
    looks_right(browser.page)
    assert browser.status_code == 400
    assert 'value="Valley Office"' in browser.page and "complete mail address" in browser.page
    assert PASSWORD not in browser.page
    browser.press("Set up", **typed, time_zone="Asia/Beirut")
    assert browser.status_code == 200 and browser.path == "/coalitions"
    with site.session() as session:
        assert session.scalars(select(User)).one().time_zone == "Asia/Beirut"
    assert site.client().get(SET_UP).status_code == 409


def test_without_the_printed_link_nobody_sets_anything_up(site):
    for token in ("x", LINKS.make(Purpose.RESET, ["set-up"]), SET_UP.removeprefix("/setup/") + "x"):
        answer = site.client().get(f"/setup/{token}")
        assert answer.status_code == 404
        assert answer.data == site.client().get("/no-such-page").data


def test_signing_in_leads_to_where_one_wanted_to_go(site, user, browser):
    browser.get("/coalitions/new")
    assert browser.path.startswith("/sign-in?next=")
    looks_right(browser.page)
    browser.press("Sign in", mail=MAIL, password="a wrong password")
    assert browser.status_code == 400 and f'value="{MAIL}"' in browser.page
    looks_right(browser.page)
    browser.press("Sign in", mail=MAIL, password=PASSWORD)
    assert (browser.status_code, browser.path) == (200, "/coalitions/new")


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example.com/",
        "//elsewhere.example.com/",
        "/\\elsewhere.example.com/",
        "/\t/elsewhere.example.com/",
        "\\/elsewhere.example.com",
        "javascript:x",
        "desk",
        "",
    ],
)
def test_no_way_leads_elsewhere(site, user, path):
    assert own_path(path) == ""
    client = site.client()
    page = Browser(client).get("/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]*)"', page.page)[1]
    data = {"csrf_token": token, "mail": MAIL, "password": PASSWORD, "next": path}
    assert client.post("/sign-in", data=data).headers["Location"] == "/desk"


def test_signing_in_changes_the_session_and_signing_out_ends_it(site, user, browser):
    sign_in(browser)
    first = browser.client.get_cookie("desk").value
    thief = site.client()
    thief.set_cookie("desk", first)
    assert thief.get("/coalitions").status_code == 200
    browser.get("/coalitions").press("Sign out")
    looks_right(browser.page)
    assert living(site) == 0
    assert thief.get("/coalitions").status_code == 302, "the cookie alone opens nothing any more"
    sign_in(browser)
    assert browser.client.get_cookie("desk").value != first


def test_signing_in_again_in_the_same_browser_ends_the_session_before(site, user, browser):
    page = sign_in(browser).get("/me").page
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)[1]
    data = {"csrf_token": token, "mail": MAIL, "password": PASSWORD}
    assert browser.client.post("/sign-in", data=data).status_code == 303
    assert living(site) == 1


def test_the_anonymous_form_writes_nothing_when_it_is_fetched(site, user):
    def rows():
        with site.session() as session:
            return [session.execute(select(table)).all() for table in Base.metadata.sorted_tables]

    before = rows()
    for path in ("/sign-in", "/forgotten", "/reset/x", "/sign-in?next=/desk"):
        site.client().get(path)
        site.client().head(path)
    assert rows() == before


def test_known_and_unknown_addresses_get_the_same_bytes(site, user):
    def answers(mail):
        client = site.client()
        found = []
        for path, fields in (
            ("/sign-in", {"mail": mail, "password": "a wrong password"}),
            ("/forgotten", {"mail": mail}),
        ):
            token = re.search(rb'name="csrf_token" value="([^"]*)"', client.get(path).data)[1]
            for _ in range(12):
                answer = client.post(path, data={"csrf_token": token, **fields})
                body = same_but_tokens(answer).replace(mail.encode(), b"MAIL")
                found.append((answer.status_code, answer.headers.get("Location"), body))
        found.append(same_but_tokens(client.get("/sign-in")))
        return found

    known, unknown = answers(MAIL), answers("nobody@valley.example.org")
    assert known == unknown
    assert {answer[0] for answer in known[:-1]} == {400, 303, 429}


def test_a_forgotten_password_is_chosen_anew_by_the_mailed_link_once(site, user, browser):
    elsewhere = Browser(site.client())
    sign_in(elsewhere)
    browser.get("/sign-in").get("/forgotten")
    looks_right(browser.page)
    browser.press("Mail me a link", mail="no address")
    assert browser.status_code == 400
    looks_right(browser.page)
    browser.press("Mail me a link", mail=MAIL)
    assert "on its way" in browser.page
    with site.session() as session:
        letter = session.scalars(select(Letter)).one()
        assert (letter.kind, letter.user_id) == ("reset", user.id)
    link = f"/reset/{LINKS.make(Purpose.RESET, [user.id, 1])}"
    browser.get(link)
    looks_right(browser.page)
    browser.press("Set the password", password="short")
    assert browser.status_code == 400 and "too short" in browser.page
    looks_right(browser.page)
    browser.press("Set the password", password="another long password")
    assert browser.path == "/sign-in" and "new password is set" in browser.page
    assert living(site) == 0
    sign_in(browser, password="another long password")
    assert browser.path == "/desk"
    used = Browser(site.client()).get(link)
    assert used.status_code == 410 and "/forgotten" in used.page
    looks_right(used.page)


@pytest.mark.parametrize("value", [["set-up"], [], [1, "1"], [999, 1], ["x" * 50, 1]], ids=str)
def test_other_links_choose_no_password(site, user, value):
    with site.session() as session:
        sessions.ask_reset(session, LINKS, NOW, MAIL, "192.0.2.1")
    answers = {
        site.client().get(f"/reset/{LINKS.make(purpose, value)}").status_code
        for purpose in (Purpose.RESET, Purpose.APPROVAL)
    }
    assert answers == {410}


def test_a_link_dies_after_two_hours(site, user):
    with site.session() as session:
        sessions.ask_reset(session, LINKS, NOW, MAIL, "192.0.2.1")
    link = f"/reset/{LINKS.make(Purpose.RESET, [user.id, 1])}"
    assert site.client().get(link).status_code == 200
    site.at(NOW + timedelta(hours=2))
    assert site.client().get(link).status_code == 410


def test_settings_are_changed_and_the_page_speaks_the_language(site, user, browser):
    sign_in(browser).get("/me")
    looks_right(browser.page)
    browser.press("Save", name=" ", language="ar")
    assert browser.status_code == 400
    looks_right(browser.page)
    browser.press("Save", name="Lea L.", language="ar", time_zone="Asia/Beirut")
    assert browser.status_code == 200 and '<html lang="ar" dir="rtl">' in browser.page
    with site.session() as session:
        found = session.get(User, user.id)
        assert (found.name, found.language, found.time_zone) == ("Lea L.", "ar", "Asia/Beirut")


def test_another_password_signs_every_other_browser_out(site, user, browser):
    other = Browser(site.client())
    sign_in(other)
    sign_in(browser).get("/me")
    browser.press("Set the password", current="not my password", password="another long password")
    assert browser.status_code == 400
    looks_right(browser.page)
    browser.press("Set the password", current=PASSWORD, password="another long password")
    assert browser.path == "/me" and browser.status_code == 200
    assert other.get("/me").path.startswith("/sign-in")
    assert living(site) == 1


def test_forms_without_their_token_do_nothing(site, user):
    client = site.client()
    for path in ("/sign-in", "/sign-out", "/forgotten", SET_UP, "/reset/x", "/me", "/me/password"):
        assert client.post(path, data={"mail": MAIL, "password": PASSWORD}).status_code == 400, path
    assert living(site) == 0


def test_strange_input_is_answered_calmly(site, user, browser):
    for mail, password in (("\0", "\0"), ("a" * 100_000, "b" * 100_000), ("ü@ü", "ü" * 20)):
        sign_in(browser, mail=mail, password=password)
        assert browser.status_code == 400
        browser.get("/forgotten").press("Mail me a link", mail=mail)
        assert browser.status_code == 400


def test_a_user_of_the_builders_is_let_in_too(site):
    with site.session() as session:
        made = world(session)
    client = site.client()
    site.sign_in(client, made.user)
    assert client.get("/me").status_code == 200
