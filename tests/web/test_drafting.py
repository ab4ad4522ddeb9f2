"""The lead's desk over HTTP: write a statement without JavaScript, lose nothing, see it as it will be published."""

import io
import re
from dataclasses import replace
from html import unescape

import pytest

from tests.builders import EDITION, NOW, World, circulate, world
from tests.ground.application import Site, hidden
from tests.stories.browser_without_scripts import forms_of
from tests.web.desk_page import looks_right
from workflow.actions import drafting
from workflow.models.drafting import Revision, Statement

PLAIN = """\
Press Release

01/03/2027

A headline from a file

The first paragraph with a [link](#) to nowhere.

Signatories:

Harbour Aid • Lakeside Relief
"""


@pytest.fixture
def desk(site: Site):
    """A signed-in browser and what it works on."""
    with site.session() as session:
        made = world(session)
        client = site.client()
        site.sign_in(client, made.user)
        yield Desk(site, client, made)


class Desk:
    """The lead's browser."""

    def __init__(self, site: Site, client, made: World) -> None:
        self.site, self.client, self.made = site, client, made
        self.hub = f"/desk/statements/{made.statement.public_id}"

    def get(self, path: str, expected: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == expected, answer.text
        return answer.text

    def send(self, path: str, expected: int = 303, page: str = "/desk/statements/new", **fields: object):
        token = hidden(self.get(page), "csrf_token")
        answer = self.client.post(path, data={**fields, "csrf_token": token}, content_type="multipart/form-data")
        assert answer.status_code == expected, answer.text
        return answer

    def revisions(self) -> list[Revision]:
        with self.site.session() as session:
            return session.query(Revision).filter_by(statement_id=self.made.statement.id).order_by("number").all()


def fields_of(html: str) -> dict[str, str]:
    """The fields of the editor as a browser would send them."""
    form = html[html.index("data-preview-url") : html.index("</form>", html.index("data-preview-url"))]
    form = re.sub(r"<template.*?</template>", "", form, flags=re.S)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="radio"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1])
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, flags=re.S):
        found[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, flags=re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def test_without_a_coalition_the_desk_says_what_to_do_first(site: Site):
    with site.session() as session:
        made = world(session)
        user = made.user
        other = type(made.members[0])(name="Lonely Lead", listed_name="Lonely Lead")
        session.add(other)
        session.flush()
        lonely = type(user)(organisation_id=other.id, name="Luc Lonely", mail="luc@lonely.example.org", created_at=NOW)
        session.add(lonely)
        session.commit()
        client = site.client()
        site.sign_in(client, lonely)
        page = client.get("/desk").text
        assert "Begin with a coalition" in page
        assert "Write a statement" not in page


def test_the_desk_lists_the_statements_with_what_is_missing(desk: Desk):
    assert EDITION.headline in desk.get("/desk")
    circulate(desk.made)
    page = desk.get("/desk")
    assert "Waiting for Lakeside Relief, Hillside Forum and Harbour Aid" in page
    assert "0 of 3 signed" in page


def test_nobody_else_sees_the_statement(desk: Desk, site: Site):
    assert site.client().get(desk.hub).status_code == 302
    with site.session() as session:
        stranger = world(session, lead="Another Coalition").user
        client = site.client()
        site.sign_in(client, stranger)
    for path in ("", "/edit", "/history", "/compare", "/circulate", "/roll", "/abandon"):
        assert client.get(desk.hub + path).status_code == 404, path


def test_a_statement_is_begun_with_all_its_parts(desk: Desk):
    typed = {
        **fields_of(desk.get("/desk/statements/new")),
        "kind": "open-letter",
        "headline": "An open letter",
        "label": "Open letter",
        "addressees": "The Council\r\nThe Mayor",
        "body": "Dear council,\r\n\r\n[[quote 1]]\r\n\r\nopen the road.",
        "quotes-0-speaker": "",
        "quotes-3-speaker": "Ada Example",
        "quotes-3-organisation": "Lakeside Relief",
        "quotes-3-text": "Open it.",
        "contacts-0-name": "Lea Lead",
        "contacts-0-mail": "press@valley.example.org",
        "cc": "The press",
        "ends": "ENDS",
        "save": "yes",
    }
    answer = desk.send("/desk/statements/new", **typed)
    page = desk.get(answer.headers["Location"])
    for words in ("An open letter", "The Mayor", "Open it.", "Lea Lead"):
        assert words in page
    with desk.site.session() as session:
        statement = session.query(Statement).order_by(Statement.id.desc()).first()
        edition = session.query(Revision).filter_by(statement_id=statement.id).one().parsed.authoritative
    assert edition.addressees == ("The Council", "The Mayor")
    assert [quote.speaker for quote in edition.quotes] == ["Ada Example"]
    assert edition.contacts[0].mail == "press@valley.example.org"


def test_another_quote_is_added_without_javascript_and_nothing_typed_is_lost(desk: Desk):
    typed = {**fields_of(desk.get(f"{desk.hub}/edit")), "headline": "Half typed", "add": "quotes"}
    page = desk.send(f"{desk.hub}/edit", 200, **typed).text
    again = fields_of(page)
    assert again["headline"] == "Half typed"
    assert again["quotes-0-speaker"] == "Ada Example"
    assert again["quotes-1-text"] == ""
    assert len(desk.revisions()) == 1


def test_the_editor_gives_back_exactly_what_was_saved(desk: Desk):
    page = desk.send(f"{desk.hub}/edit", **{**fields_of(desk.get(f"{desk.hub}/edit")), "save": "yes"})
    assert "The text is the same as before" in desk.get(page.headers["Location"])
    assert len(desk.revisions()) == 1


def test_the_preview_stands_above_the_form_and_in_a_fragment(desk: Desk):
    typed = {**fields_of(desk.get(f"{desk.hub}/edit")), "body": "Now **bold**.", "quotes-0-text": ""}
    typed = {name: value for name, value in typed.items() if not name.startswith("quotes")}
    page = desk.send(f"{desk.hub}/edit", 200, **typed, preview="yes").text
    assert page.index("<strong>bold</strong>") < page.index('id="field-headline"')
    fragment = desk.send("/desk/statements/preview", 200, **typed).text
    assert "<strong>bold</strong>" in fragment
    assert "<html" not in fragment


def test_the_preview_shows_what_it_can_of_what_is_half_typed(desk: Desk):
    typed = {"language": "xx-nonsense-", "kind": "", "date": "yesterday", "headline": "Stays", "body": "Stays too."}
    fragment = desk.send("/desk/statements/preview", 200, **typed, **{"quotes-0-speaker": "Nobody yet"}).text
    assert "Stays too." in fragment
    assert "Nobody yet" in fragment


def test_a_refused_form_comes_back_filled_in_with_its_problems(desk: Desk):
    typed = {
        **fields_of(desk.get("/desk/statements/new")),
        "headline": "Kept",
        "date": "2027-02-30",
        "quotes-0-speaker": "Says nothing",
        "body": "Place [[quote 1]]\n\n[[quote 7]]",
        "save": "yes",
    }
    page = desk.send("/desk/statements/new", 400, **typed).text
    assert fields_of(page)["headline"] == "Kept"
    assert fields_of(page)["quotes-0-speaker"] == "Says nothing"
    assert "Quotes 1: Please fill this in." in page
    for field in ("date", "body", "quotes-0-text"):
        assert f'href="#field-{field}"' in page
        assert f'id="field-{field}-error"' in page


def moved(desk: Desk, **theirs: object) -> None:
    """A colleague saves revision 2."""
    with desk.site.session() as session:
        edition = replace(EDITION, **theirs)
        drafting.revise(session, NOW, desk.made.user.id, desk.made.statement.public_id, edition, 1)


def test_two_changes_come_together_in_the_form_and_saving_again_is_deliberate(desk: Desk):
    typed = {**fields_of(desk.get(f"{desk.hub}/edit")), "headline": "My headline", "save": "yes"}
    moved(desk, place="Their place", body=EDITION.body.replace("forty", "fifty"))
    typed["body"] += "\r\n\r\nMy paragraph."
    page = desk.send(f"{desk.hub}/edit", 409, **typed).text
    assert "Revision 2 was saved by Lea Lead while you were writing." in page
    theirs, mine = page.split("What you changed since revision 1")
    looks_right(page)
    assert re.search(r"<ins>(?:(?!</ins>).)*Their place", theirs, flags=re.S)
    assert re.search(r"<del>(?:(?!</del>).)*Seven", mine, flags=re.S)
    again = fields_of(page)
    assert (again["headline"], again["place"], again["based_on"]) == ("My headline", "Their place", "2")
    assert "**fifty**" in again["body"]
    assert again["body"].endswith("My paragraph.")
    assert len(desk.revisions()) == 2
    desk.send(f"{desk.hub}/edit", **again, save="yes")
    saved = desk.revisions()[-1].parsed.authoritative
    assert (saved.headline, saved.place) == ("My headline", "Their place")


def test_where_both_changed_the_same_words_one_chooses_and_nothing_is_lost(desk: Desk):
    typed = {**fields_of(desk.get(f"{desk.hub}/edit")), "headline": "My headline", "place": "My place"}
    typed["body"] = typed["body"].replace("forty", "sixty")
    moved(desk, headline="Their headline", body=EDITION.body.replace("forty", "fifty"))
    page = desk.send(f"{desk.hub}/edit", 409, **typed, save="yes").text
    looks_right(page)
    for words in ("My headline", "Their headline", EDITION.headline, "**sixty**", "**fifty**", "**forty**"):
        assert words in page
    (form,) = [form for form in forms_of(page) if "theirs" in form.values]
    carried = {name: values[0] for name, values in form.values.items() if name != "csrf_token"}
    assert "choice-0" not in carried, "nothing is chosen beforehand"
    page = desk.send(f"{desk.hub}/merge", 400, **carried, **{"choice-0": "mine", "choice-1": "x"}).text
    assert "Please choose in every place." in page
    page = desk.send(f"{desk.hub}/merge", 200, **carried, **{"choice-0": "theirs", "choice-1": "both"}).text
    again = fields_of(page)
    assert (again["headline"], again["place"], again["based_on"]) == ("Their headline", "My place", "2")
    assert again["body"].index("**fifty**") < again["body"].index("**sixty**")
    assert len(desk.revisions()) == 2
    desk.send(f"{desk.hub}/merge", 404, **{**carried, "theirs": "9"})


def test_a_form_that_does_not_say_what_it_began_with_overwrites_nothing_unseen(desk: Desk):
    typed = {**fields_of(desk.get(f"{desk.hub}/edit")), "headline": "My headline", "based_on": "x"}
    moved(desk, place="Their place")
    page = desk.send(f"{desk.hub}/edit", 409, **typed, save="yes").text
    assert re.search(r"<del>.*?Their place.*?</del>", page, flags=re.S)
    assert fields_of(page)["based_on"] == "2"
    assert len(desk.revisions()) == 2


def test_what_cannot_be_saved_any_more_can_still_be_copied(desk: Desk):
    typed = {**fields_of(desk.get(f"{desk.hub}/edit")), "headline": "Too late", "save": "yes"}
    desk.send(f"{desk.hub}/abandon", page=f"{desk.hub}/abandon")
    page = desk.send(f"{desk.hub}/edit", 409, **typed).text
    assert "Too late" in page
    assert "What you typed is still here" in page


@pytest.mark.parametrize("how", ["pasted", "file"])
def test_a_file_fills_the_form_in_and_saves_nothing(desk: Desk, how: str):
    brought = PLAIN if how == "pasted" else (io.BytesIO(PLAIN.encode()), "release.md")
    page = desk.send("/desk/statements/import", 200, **{how: brought}).text
    assert fields_of(page)["headline"] == "A headline from a file"
    assert fields_of(page)["date"] == "2027-03-01"
    assert "Harbour Aid • Lakeside Relief" in page
    assert "link" in unescape(page)
    assert len(desk.revisions()) == 1


def test_a_file_that_cannot_be_read_says_why_and_keeps_what_was_pasted(desk: Desk):
    page = desk.send("/desk/statements/import", 400, pasted="No date anywhere in this").text
    assert "does not look like a statement" in page
    assert "No date anywhere in this" in page
    wrong = (io.BytesIO("Überschrift".encode("latin-1")), "release.md")
    assert "UTF-8" in desk.send("/desk/statements/import", 400, file=wrong).text


def test_two_revisions_are_compared_word_by_word(desk: Desk):
    with desk.site.session() as session:
        changed = type(EDITION)(**{**EDITION.__dict__, "headline": EDITION.headline.replace("Seven", "Eight")})
        drafting.revise(session, NOW, desk.made.user.id, desk.made.statement.public_id, changed, 1)
    page = desk.get(f"{desk.hub}/compare?from=1&to=2")
    assert re.search(r"<del>.*?Seven.*?</del><ins>.*?Eight.*?</ins>", page, flags=re.S)
    assert "word for word" in desk.get(f"{desk.hub}/compare?from=1&to=1")
    desk.get(f"{desk.hub}/compare?from=1&to=9", 404)
    assert "From revision 1 to revision 2" in desk.get(f"{desk.hub}/compare?from=x&to=")


def test_the_history_is_told_in_sentences(desk: Desk):
    circulate(desk.made)
    page = desk.get(f"{desk.hub}/history")
    assert page.index("Revision 1 was circulated") < page.index("Revision 1 was saved")
    assert "Revision 1 was circulated" in desk.get(desk.hub)


def test_a_form_without_its_token_changes_nothing(desk: Desk):
    answer = desk.client.post(f"{desk.hub}/edit", data={"headline": "Forged", "save": "yes"})
    assert answer.status_code == 400
    assert len(desk.revisions()) == 1
