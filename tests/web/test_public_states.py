"""Earlier states of a published statement at addresses of their own, and what stands where one was taken down."""

from datetime import timedelta

import pytest

from tests.actions.test_noting import DAY, act, published
from tests.web.test_access import bare
from workflow.actions import coalition_public, noting, taking_down
from workflow.models.publication import Publication
from workflow.rules.noting import LaterKind, NoteKind

GROUND = "By order of the valley court."
WORDS = ("valley", "clinic", "forty", "Lakeside Relief", "Seven organisations")


@pytest.fixture
def made(any_site):
    with any_site.session() as session:
        found = published(session)
        found.slug = session.query(Publication).one().slug
        session.rollback()
        yield found


def who(made):
    return made.session, DAY, made.user.id, made.statement.public_id


def test_each_note_makes_a_state_and_the_original_is_one_click_away(any_site, made):
    site, client = any_site, any_site.client()
    here = f"/statements/{made.slug}"
    assert client.get(f"{here}/states/0").status_code == 200
    assert client.get(f"{here}/states/1").status_code == 404
    noting.note(*who(made), NoteKind.CORRECTION, "Ten days, not forty.")
    act(made, 2, LaterKind.SIGN_LATE, now=DAY + timedelta(hours=1))
    noting.note(*who(made), NoteKind.RETRACTION, "It was not so.")
    now = client.get(here).text
    assert f'href="{here}/states/0"' in now
    pages = [client.get(f"{here}/states/{number}").text for number in range(4)]
    told = ("Ten days, not forty.", "Harbour Aid", "It was not so.")
    for number, page in enumerate(pages):
        assert [word in page for word in told] == [number > place for place in range(3)], number
        assert f'href="{here}"' in page
        assert f'<link rel="canonical" href="{site.settings.base_url}{here}">' in page
    assert "Retracted on" in pages[3]
    assert "Retracted on" not in pages[2]
    assert "before anything was noted" in pages[0]
    assert client.get(f"{here}/states/4").status_code == 404
    assert client.get(f"{here}/states/-1").status_code == 404
    again = client.get(f"{here}/states/1", headers={"If-None-Match": client.get(f"{here}/states/1").headers["ETag"]})
    assert again.status_code == 304


def test_a_name_that_was_withheld_or_mended_since_is_so_in_every_state(any_site, made):
    client, here = any_site.client(), f"/statements/{made.slug}"
    assert "Lakeside Relief" in client.get(f"{here}/states/0").text
    noting.note(*who(made), NoteKind.CORRECTION, "Ten days.")
    noting.fix_name(*who(made), made.signatories[1].id, "Hillside Forum e.V.", "")
    act(made, 0, LaterKind.WITHHOLD)
    for number in range(3):
        page = client.get(f"{here}/states/{number}").text
        assert "Lakeside Relief" not in page
        assert "Hillside Forum e.V." in page
        assert ("Its name was mended" in page) == (number == 2)


def test_taken_down_every_form_says_so_and_nothing_else(any_site, made):
    client, here = any_site.client(), f"/statements/{made.slug}"
    noting.note(*who(made), NoteKind.CORRECTION, "Ten days.")
    coalition_public.name_in_public(made.session, DAY, made.user.id, made.coalition.id, "Valley Campaign")
    forms = ("", ".json", ".txt", ".md", "/record", "/states/0", "/states/1", "/states/9", "/embed")
    files = (".pdf", "/card.png", "/press-kit.zip")
    record = client.get(f"{here}.json").json["record_digest"]
    for form in forms:  # whatever this process keeps, it keeps now
        client.get(here + form)
    lists = ("/", "/feed.atom", "/sitemap-1.xml", "/by/valley-campaign", "/by/valley-campaign/feed.atom")
    told_elsewhere = f"/oembed?url={any_site.settings.base_url}{here}"
    for path in (*lists, told_elsewhere):
        assert client.get(path).status_code == 200
    taking_down.take_down(made.session, DAY, made.slug, GROUND)
    for form in (*forms, *files):
        for method in ("GET", "HEAD"):
            answer = client.open(here + form, method=method)
            assert answer.status_code == 451, form
            assert answer.headers["Link"] == f'<{any_site.settings.base_url}/>; rel="blocked-by"'
            assert "Set-Cookie" not in answer.headers
            assert "no-store" in answer.headers["Cache-Control"]
        page = client.get(here + form).text
        assert GROUND in page
        assert "Tuesday 2 March 2027" in page
        assert record in page
        assert not [one for one in WORDS if one.lower() in page.lower().replace(GROUND.lower(), "")]
    assert client.get(told_elsewhere).status_code == 404
    for path in lists:
        listed = client.get(path).text
        assert made.slug not in listed
        assert not [one for one in WORDS if one in listed]
    taking_down.restore(made.session, DAY, made.slug, "The order was lifted.")
    shown = client.get(here).text
    assert "The order was lifted." in shown
    assert "clinic" in shown


def test_only_what_was_taken_down_is_told_from_what_never_was(any_site, made):
    taking_down.take_down(made.session, DAY, made.slug, GROUND)
    client = any_site.client()
    nothing = [bare(client.get(f"/statements/{name}/states/0")) for name in ("no-such", made.statement.public_id)]
    assert nothing[0] == nothing[1]
    assert nothing[0][0].startswith("404")


def test_the_letter_says_on_what_ground(any_site, made):
    any_site.at(DAY)
    any_site.deliver()
    taking_down.take_down(made.session, DAY, made.slug, GROUND)
    any_site.deliver()
    told = [one for one in any_site.letters() if "Taken down:" in str(one["Subject"])]
    assert len(told) == 4
    assert all(GROUND in one.as_string() for one in told)
