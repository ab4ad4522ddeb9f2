"""Open pages over HTTP: for everybody who has the address, without a cookie, and gone when they are closed."""

from datetime import timedelta

import pytest

from tests.actions.acting import count, new_text, rows
from tests.builders import LINKS, NOW, QUOTELESS
from tests.ground.application import code_in, hidden, link_in
from tests.opening import applied, asks, newest, opened
from workflow.actions import circulation as circulating
from workflow.actions import opening
from workflow.links import Purpose
from workflow.models.opening import Application
from workflow.models.posting import Letter

ASKED = NOW + timedelta(minutes=1)
READ = ASKED + timedelta(seconds=40)
FORM = {
    "individual": "no",
    "name": "Ferry Circle",
    "country": "Valley Republic",
    "person_name": "Nia Newcomer",
    "person_role": "Chair",
    "mail": "nia@ferry.example.org",
    "authority": "yes",
    "website": "",
}


@pytest.fixture
def living(any_site):
    with any_site.session() as session:
        made, page = opened(session)
        any_site.at(ASKED)
        yield any_site, session, made, page


def form_of(site, path, **changes):
    """The form of an open page as it is shown now, filled in."""
    html = site.client().get(path).get_data(as_text=True)
    return {**FORM, "form_token": hidden(html, "form_token"), "digest": hidden(html, "digest"), **changes}


def send(site, path, data, **how):
    return site.client().post(path, data=data, **how)


def test_the_page_shows_the_text_and_keeps_out_of_search_and_caches(living):
    site, _, made, page = living
    answer = site.client().get(f"/open/{page.key}")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Seven organisations ask for the valley road" in html
    assert made.revision.digest in html
    assert "Groups of the valley." in html
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in html
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "script" not in html.replace("no scripts", "")


@pytest.mark.parametrize("how", ["closed", "recalled", "abandoned", "over"])
def test_what_is_not_open_answers_as_an_unknown_address_byte_for_byte(living, how):
    site, session, made, page = living
    who = (session, ASKED, made.user.id, made.statement.public_id)
    form = form_of(site, f"/open/{page.key}")
    if how == "over":
        site.at(NOW + timedelta(days=2, seconds=1))
    else:
        {"closed": opening.close_it, "recalled": circulating.recall, "abandoned": circulating.abandon}[how](*who)
    session.rollback()
    for suffix, method in (("", "GET"), ("", "HEAD"), ("/sent", "GET"), ("", "POST")):
        told = []
        for key in (page.key, "0" * 32):
            data = form if method == "POST" else None
            answer = site.client().open(f"/open/{key}{suffix}", method=method, data=data)
            told.append((answer.status, answer.data, [one for one in answer.headers if one[0] != "Date"]))
        assert told[0] == told[1]
        assert told[0][0].startswith("404")
    assert count(session, Application) == 0


def test_from_the_form_to_the_lead_by_one_mail(living):
    site, session, made, page = living
    path = f"/open/{page.key}"
    form = form_of(site, path)
    site.at(READ)
    answer = send(site, path, form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}/sent")
    assert "Set-Cookie" not in answer.headers
    assert site.client().get(f"{path}/sent").status_code == 200
    site.deliver()
    (letter,) = site.letters("nia@ferry.example.org")
    link = link_in(letter, "/open/confirm/")
    client = site.client()
    for _ in range(3):
        looked = client.get(link)
        assert looked.status_code == 200
        assert looked.headers["Cache-Control"] == "no-store"
    assert newest(session).confirmed_at is None  # looking changes nothing
    html = looked.get_data(as_text=True)
    token = hidden(html, "form_token")
    assert client.post(link, data={"form_token": token}).status_code == 400  # a robot presses without choosing
    assert client.post(link, data={"said": "confirm"}).status_code == 400
    junk = client.post(link, data={"form_token": token, "said": "confirm", "code": "junk"})
    assert junk.status_code == 400  # or chooses, and types nonsense
    assert newest(session).confirmed_at is None
    digits = code_in(letter)
    done = client.post(link, data={"form_token": token, "said": "confirm", "code": f" {digits[:3]} {digits[3:]} "})
    assert (done.status_code, done.headers["Location"]) == (303, link)
    assert newest(session).confirmed_at == READ
    assert "Confirmed" in client.get(link).get_data(as_text=True)
    site.deliver()
    (told,) = site.letters(made.user.mail)
    assert f"/desk/statements/{made.statement.public_id}/applications" in str(told.get_body(("plain",)).get_content())


def test_a_form_that_lacks_something_comes_back_with_all_that_was_typed(living):
    site, session, _, page = living
    path = f"/open/{page.key}"
    form = form_of(site, path, country="", authority="", individual="")
    site.at(READ)
    answer = send(site, path, form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Ferry Circle" in html
    assert hidden(html, "form_token") == form["form_token"]
    for field in ("country", "authority", "individual"):
        assert f'href="#field-{field}"' in html
    assert count(session, Application) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "A\u202eB"},
        {"name": "x" * 301},
        {"mail": "nobody"},
        {"mail": "a@b.example\r\nBcc: c@d.example"},
        {"country": "x" * 101},
        {"person_name": "=?UTF-8?Q?Org=0ABcc=3A?="},
        {"name": "A\0B"},
        {"individual": "perhaps"},
    ],
)
def test_hostile_words_are_refused(living, changes):
    site, session, _, page = living
    form = form_of(site, f"/open/{page.key}", **changes)
    site.at(READ)
    assert send(site, f"/open/{page.key}", form).status_code == 400
    assert count(session, Application) == 0


def test_what_fills_the_trap_is_answered_alike_and_kept_nowhere(living):
    site, session, _, page = living
    path = f"/open/{page.key}"
    form = form_of(site, path, website="https://spam.example.com")
    site.at(READ)
    answer = send(site, path, form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}/sent")
    assert count(session, Application) == 0
    assert not [one for one in rows(session, Letter) if one.application_id]


@pytest.mark.parametrize("what", ["too quick", "too old", "none", "another page's", "altered", "another purpose"])
def test_a_form_is_taken_only_with_the_token_of_its_page(living, what):
    site, session, _, page = living
    path = f"/open/{page.key}"
    form = form_of(site, path)
    site.at(READ)
    if what == "too quick":
        site.at(ASKED + timedelta(seconds=3))
    elif what == "too old":
        site.at(ASKED + timedelta(hours=25))
    elif what == "none":
        del form["form_token"]
    elif what == "another page's":
        form["form_token"] = LINKS.make(Purpose.OPEN_FORM, ["0" * 32, int(ASKED.timestamp())])
    elif what == "altered":
        form["form_token"] += "x"
    else:
        form["form_token"] = LINKS.make(Purpose.SIGN_FORM, [page.key, int(ASKED.timestamp())])
    answer = send(site, path, form)
    assert answer.status_code == 400
    assert "Ferry Circle" in answer.get_data(as_text=True)
    assert count(session, Application) == 0
    # The form that comes back can be sent once somebody has looked at it.
    again = hidden(answer.get_data(as_text=True), "form_token")
    site.at(READ + timedelta(hours=26) if what == "too old" else READ + timedelta(minutes=1))
    assert send(site, path, {**form, "form_token": again}).status_code == 303
    assert count(session, Application) == 1


def test_a_form_from_another_site_is_refused(living):
    site, session, _, page = living
    form = form_of(site, f"/open/{page.key}")
    site.at(READ)
    assert send(site, f"/open/{page.key}", form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert count(session, Application) == 0


def test_a_text_that_changed_meanwhile_is_shown_and_nothing_is_kept(living):
    site, session, made, page = living
    path = f"/open/{page.key}"
    form = form_of(site, path)
    new_text(made, QUOTELESS.__class__(**{**vars(QUOTELESS), "headline": "Words of today"}), based_on=1, now=ASKED)
    site.at(READ)
    answer = send(site, path, form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Words of today" in html
    assert "Ferry Circle" in html
    assert hidden(html, "digest") != form["digest"]
    assert count(session, Application) == 0


def test_the_21st_form_from_one_network_in_an_hour_waits(living):
    site, session, _, page = living
    path = f"/open/{page.key}"
    form = form_of(site, path)
    site.at(READ)
    for number in range(opening.FROM_ONE):
        assert send(site, path, {**form, "mail": f"nia@group{number}.example.org"}).status_code == 303
    answer = send(site, path, form)
    assert answer.status_code == 429
    assert "Ferry Circle" in answer.get_data(as_text=True)
    assert count(session, Application) == opening.FROM_ONE


def path_of(found):
    return f"/open/confirm/{LINKS.make(Purpose.APPLICATION, [found.key])}"


def choose(site, path, said):
    client = site.client()
    token = hidden(client.get(path).get_data(as_text=True), "form_token")
    return client.post(path, data={"form_token": token, "said": said})


def test_not_us_erases_and_the_link_says_so(living):
    site, session, made, page = living
    found = applied(made, page, confirm=False)
    path = path_of(found)
    assert choose(site, path, "contest").status_code == 303
    assert count(session, Application) == 0
    answer = site.client().get(path)
    assert answer.status_code == 410
    assert "Ferry Circle" not in answer.get_data(as_text=True)
    assert site.client().post(path, data={"said": "confirm"}).status_code == 410


def test_a_link_of_another_kind_or_altered_opens_nothing(living):
    site, _, made, page = living
    found = applied(made, page, confirm=False)
    made_up = [
        LINKS.make(Purpose.APPROVAL, [found.key]),
        LINKS.make(Purpose.APPLICATION, [found.key, 1]),
        LINKS.make(Purpose.APPLICATION, [found.id]),
        path_of(found).rpartition("/")[2] + "x",
    ]
    for token in made_up:
        answer = site.client().get(f"/open/confirm/{token}")
        assert answer.status_code == 404
        assert "Ferry Circle" not in answer.get_data(as_text=True)


def test_its_page_says_where_it_stands_in_the_language_of_the_form(living):
    site, session, made, page = living
    opening.apply(session, LINKS, ASKED, page.key, asks(made), "192.0.2.1", "ar")
    path = path_of(newest(session))
    html = site.client().get(path, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="ar" dir="rtl">' in html
    assert made.revision.digest in html


def test_a_stale_one_is_told_and_led_to_the_new_text(living):
    site, session, made, page = living
    found = applied(made, page)
    new_text(made, QUOTELESS.__class__(**{**vars(QUOTELESS), "headline": "Words of today"}), based_on=1, now=ASKED)
    session.rollback()
    html = site.client().get(path_of(found)).get_data(as_text=True)
    assert "The text has changed" in html
    assert f"/open/{page.key}" in html


def test_the_worker_erases_what_nobody_confirmed(living):
    site, session, _, page = living
    form = form_of(site, f"/open/{page.key}")
    site.at(READ)
    send(site, f"/open/{page.key}", form)
    site.deliver()
    (letter,) = site.letters("nia@ferry.example.org")
    link = link_in(letter, "/open/confirm/")
    site.at(READ + timedelta(days=3, hours=1))
    site.deliver()
    assert count(session, Application) == 0
    assert not [one for one in rows(session, Letter) if one.kind == "apply_confirm"]
    assert site.client().get(link).status_code == 410
    site.deliver()  # nothing is left that would fail for want of it
