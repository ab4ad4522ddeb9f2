"""What a page says first of a statement that was corrected or retracted, and how it is called from then on."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from tests.actions.test_noting import DAY, act, published
from tests.web.test_public import Page, Queries
from workflow.actions import coalition_public, noting
from workflow.models.publication import Publication
from workflow.rules.noting import LaterKind, NoteKind


@pytest.fixture
def made(any_site):
    with any_site.session() as session:
        found = published(session)
        row = session.query(Publication).one()
        found.slug, found.headline = row.slug, row.headline
        session.rollback()
        yield found


def note(made, kind: NoteKind, words: str, *, days: int = 0) -> None:
    noting.note(made.session, DAY + timedelta(days=days), made.user.id, made.statement.public_id, kind, words)


def head_of(page: str) -> str:
    """All of a page before its text."""
    return page.partition("<article")[0]


def text_of(page: str) -> str:
    """The statement on a page, with its signatories."""
    return page.partition("<article")[2].partition("</article>")[0]


def test_a_correction_is_said_before_the_text_and_leads_to_its_words(any_site, made):
    client, here = any_site.client(), f"/statements/{made.slug}"
    assert "#notes-title" not in client.get(here).text
    note(made, NoteKind.CORRECTION, "Ten days.")
    note(made, NoteKind.CORRECTION, "Eleven days.", days=2)
    page = client.get(here).text
    assert '<a href="#notes-title">Corrected on 4 March 2027</a>' in head_of(page)
    assert 'id="notes-title"' in page
    states = [head_of(client.get(f"{here}/states/{number}").text) for number in range(3)]
    assert "Corrected on" not in states[0]
    assert "Corrected on 2 March 2027" in states[1] and "Corrected on 4 March 2027" in states[2]


def test_a_retraction_takes_its_place_and_says_nothing_of_names_that_were_changed(any_site, made):
    client, here = any_site.client(), f"/statements/{made.slug}"
    note(made, NoteKind.CORRECTION, "Ten days.")
    act(made, 0, LaterKind.WITHHOLD)
    note(made, NoteKind.RETRACTION, "It was not so.", days=1)
    head = head_of(client.get(here).text)
    assert '<a href="#notes-title">Retracted on 3 March 2027: see the notes below.</a>' in head
    assert "Corrected on" not in head
    assert "The text stands here as it was published. It no longer holds." in head
    assert "as they were published" not in head


def test_the_lists_mark_what_was_corrected_in_one_query_still(any_site, made):
    coalition_public.name_in_public(made.session, DAY, made.user.id, made.coalition.id, "Valley Campaign")
    client, lists = any_site.client(), ("/", "/by/valley-campaign")
    for path in lists:
        assert "Corrected" not in client.get(path).text
    act(made, 2, LaterKind.SIGN_LATE)
    note(made, NoteKind.CORRECTION, "Ten days.")
    sent = Queries(any_site)
    for path in lists:
        sent.clear()
        page = client.get(path).text
        assert "<strong>Corrected</strong> · <time" in page and "3 signatories" in page
        assert len([one for one in sent if "publications.headline" in one]) == 1
    note(made, NoteKind.RETRACTION, "It was not so.")
    for path in lists:
        page = client.get(path).text
        assert "<strong>Retracted</strong> · <time" in page and "Corrected" not in page


def test_a_retracted_statement_is_called_so_wherever_it_is_named(any_site, made):
    client, here = any_site.client(), f"/statements/{made.slug}"
    asked = {"url": f"{any_site.settings.base_url}{here}"}
    note(made, NoteKind.CORRECTION, "Ten days.")
    assert f"<title>{made.headline} – " in client.get(here).text
    note(made, NoteKind.RETRACTION, "It was not so.")
    called = f"Retracted: {made.headline}"
    page = client.get(here).text
    assert f"<title>{called} – " in page
    found = Page(page)
    told = {one.get("property") or one.get("name"): one.get("content") for one in found.all("meta")}
    assert told["og:title"] == told["twitter:title"] == called
    assert {one["title"] for one in found.all("link") if "oembed" in one.get("type", "")} == {called}
    data = json.loads(found.linked_data)
    assert data["headline"] == called and data["creativeWorkStatus"] == "Retracted"
    embedded = client.get("/oembed", query_string=asked).json
    assert embedded["title"] == called and f'title="{called}"' in embedded["html"]
    assert ET.fromstring(client.get("/feed.atom").data).findtext("{*}entry/{*}title") == called
    assert f"<title>{called} – " in client.get(f"{here}/embed").text
    # The text itself is as it was signed.
    assert f'<h1 class="statement-headline">{made.headline}</h1>' in page


def test_an_earlier_state_says_that_the_statement_was_retracted_since(any_site, made):
    """A permanent address that was answered, and is kept, before the retraction too."""
    client, here = any_site.client(), f"/statements/{made.slug}"
    note(made, NoteKind.CORRECTION, "Ten days.")
    before = [client.get(f"{here}/states/{number}").text for number in range(2)]
    assert not [one for one in before if "retracted" in one.lower()]
    note(made, NoteKind.RETRACTION, "It was not so.", days=2)
    for number in range(2):
        page = client.get(f"{here}/states/{number}").text
        head = head_of(page)
        assert "This statement was retracted on 4 March 2027, after this state of it." in head
        assert f'<a href="{here}">The statement as it stands now</a>' in head
        assert "It was not so." not in page
        assert text_of(page) == text_of(before[number])
    last = head_of(client.get(f"{here}/states/2").text)
    assert "after this state" not in last and "Retracted on 4 March 2027" in last
