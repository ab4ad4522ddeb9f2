"""Coalitions over HTTP: made, described, imported in two steps; another lead's are as if they were not."""

import io
import re

import pytest
from sqlalchemy import event

from tests.builders import NOW, circulate, world
from tests.ground.application import hidden
from tests.stories.browser_without_scripts import Browser
from tests.web.desk_page import looks_right
from workflow.actions import accounts, coalition
from workflow.queries import coalition as looking
from workflow.text.importing import read_members

HEAD = "organisation,listed_name,country,role,contact_name,contact_email,language,time_zone\n"
FILE = HEAD + (
    "Ferry Friends,The Ferry Friends,Ireland,optional,Pat Example,pat@ferry.example.com,ar,Asia/Beirut\n"
    "Lakeside Relief,,UK,required,Contact 0,contact0@valley-coalition.example.com,en,UTC\n"
)


class Desk:
    """The lead's browser and what it works on."""

    def __init__(self, site, made):
        self.site, self.made = site, made
        client = site.client()
        site.sign_in(client, made.user)
        self.browser = Browser(client)
        self.home = f"/coalitions/{made.coalition.id}"

    def open(self, path, expected=200):
        self.browser.get(path)
        return self._seen(expected)

    def press(self, words, expected=200, **fields):
        self.browser.press(words, **fields)
        return self._seen(expected)

    def _seen(self, expected):
        assert self.browser.status_code == expected, self.browser.page
        looks_right(self.browser.page)
        return self.browser.page

    def members(self):
        with self.site.session() as session:
            return {one.name: one for one in looking.members(session, self.made.coalition.id)}


@pytest.fixture
def desk(site):
    with site.session() as session:
        made = world(session)
    return Desk(site, made)


def test_a_coalition_is_made_with_the_lead_as_a_member(desk):
    assert "Valley campaign" in desk.open("/coalitions")
    desk.open("/coalitions/new")
    assert "exists already" in desk.press("Make the coalition", 409, name="Valley campaign")
    desk.press("Make the coalition", 400, name="")
    desk.press("Make the coalition", name="River campaign")
    assert "One member" in desk.browser.page and "signs at the desk" in desk.browser.page
    assert "Rename River campaign" in desk.open(f"{desk.browser.path}/rename")
    assert "<bdi>Lake campaign</bdi></h1>" in desk.press("Save", name="Lake campaign")


def test_without_any_coalition_the_page_says_what_to_do(site):
    with site.session() as session:
        user = accounts.set_up(session, NOW, "Office", "Lea", "lea@office.example.org", "a long password", "en", "UTC")
    browser = Browser(site.client())
    site.sign_in(browser.client, user)
    looks_right(browser.get("/coalitions").page)
    assert "No coalition yet" in browser.page and "/coalitions/new" in browser.page


def test_members_are_shown_in_alphabetical_order_with_role_and_contacts(desk):
    page = desk.open(desk.home)
    names = re.findall(r'<th scope="row"><a [^>]*><bdi>([^<]*)</bdi>', page)
    assert names == ["Harbour Aid", "Hillside Forum", "Lakeside Relief"]
    assert page.count("Contact ") >= 3 and page.count("Required") == 3


def test_a_member_is_added_and_nothing_typed_is_lost(desk):
    desk.open(f"{desk.home}/members/new")
    typed = {"name": "Ferry Friends", "country": "Ireland", "role": "observer", "contact_name": "Pat Example"}
    page = desk.press("Add the member", 400, **typed, contact_mail="pat@")
    for value in ("Ferry Friends", "Ireland", "Pat Example", "pat@"):
        assert f'value="{value}"' in page
    assert re.search(r'value="observer" checked', page)
    assert "Ferry Friends" not in desk.members()
    desk.press("Add the member", contact_mail="pat@ferry.example.com", contact_language="ar")
    found = desk.members()["Ferry Friends"]
    assert (found.role, found.country, found.contacts[0].language) == ("observer", "Ireland", "ar")
    desk.open(f"{desk.home}/members/new")
    assert "exists already" in desk.press("Add the member", 409, name="Ferry Friends")
    desk.press("enter another", name="Pier People")
    assert desk.browser.path == f"{desk.home}/members/new"
    page = desk.open(desk.home)
    assert "Nobody to write to" in page and "Pier People" in page


def test_the_lead_adds_itself(desk):
    desk.open(desk.home)
    page = desk.press("Add Valley Coalition itself")
    assert "Add Valley Coalition itself" not in page
    lead = desk.members()["Valley Coalition"]
    desk.open(f"{desk.home}/members/{lead.organisation_id}")
    desk.press("Save", listed_name="The Valley Coalition")
    assert desk.members()["Valley Coalition"].listed_name == "The Valley Coalition"


def test_a_member_is_described_anew(desk):
    path = f"{desk.home}/members/{desk.made.members[0].id}"
    desk.open(path)
    page = desk.press("Save", 400, listed_name="Lakeside\u202eRelief", country="UK")
    assert 'value="UK"' in page
    desk.press("Save", 409, name="Hillside Forum", listed_name="x")
    page = desk.press("Save", name="Lakeside", listed_name="L\u0430keside", role="optional")
    assert "Look at this name closely" in page
    found = desk.members()["Lakeside"]
    assert (found.listed_name, found.role) == ("L\u0430keside", "optional")


def test_contacts_are_added_changed_and_removed(desk):
    path = f"{desk.home}/members/{desk.made.members[0].id}"
    desk.open(f"{path}/contacts/new")
    page = desk.press("Add the contact", 400, name="Sam", mail="sam", time_zone="Asia/Beirut")
    assert 'value="Sam"' in page and '<option value="Asia/Beirut" selected>' in page
    desk.press("Add the contact", 409, mail="CONTACT0@valley-coalition.example.com")
    page = desk.press("Add the contact", mail="sam@lakeside.example.com")
    assert "sam@lakeside.example.com" in page
    contact = desk.members()["Lakeside Relief"].contacts[1]
    assert contact.time_zone == "Asia/Beirut"
    desk.open(f"{path}/contacts/{contact.id}")
    desk.press("Save", 400, name="")
    desk.press("Save", name="Samir", language="ar")
    contact = desk.members()["Lakeside Relief"].contacts[1]
    assert (contact.name, contact.language) == ("Samir", "ar")
    desk.open(f"{path}/contacts/{contact.id}/remove")
    assert len(desk.members()["Lakeside Relief"].contacts) == 2
    desk.press("Remove the contact")
    assert len(desk.members()["Lakeside Relief"].contacts) == 1
    assert desk.browser.client.get(f"{path}/contacts/{contact.id}").status_code == 404


def test_what_circulates_is_not_taken_out(site):
    with site.session() as session:
        made = circulate(world(session))
    desk = Desk(site, made)
    path = f"{desk.home}/members/{made.members[0].id}"
    desk.open(f"{path}/remove")
    assert "cannot be removed now" in desk.press("Take it out", 409)
    desk.open(f"{path}/contacts/{made.contacts[0].id}/remove")
    assert "Revoke it there first" in desk.press("Remove the contact", 409)


def test_a_member_is_taken_out_only_when_confirmed(desk):
    path = f"{desk.home}/members/{desk.made.members[0].id}"
    desk.open(f"{path}/remove")
    assert len(desk.members()) == 3
    desk.press("Take it out")
    assert desk.browser.path == desk.home and len(desk.members()) == 2
    assert desk.browser.client.get(path).status_code == 404


def test_an_import_is_shown_before_it_is_done(desk):
    desk.open(f"{desk.home}/import")
    page = desk.press("Show what would change", pasted=FILE)
    assert "Becomes a member" in page and "The Ferry Friends" in page and "pat@ferry.example.com" in page
    assert "<ins><bdi>UK</bdi></ins>" in page
    assert "Hillside Forum" not in page
    assert set(desk.members()) == {"Lakeside Relief", "Hillside Forum", "Harbour Aid"}
    page = desk.press("Apply these changes")
    assert "New members: 1. Changed: 1." in page
    assert desk.members()["Ferry Friends"].contacts[0].time_zone == "Asia/Beirut"
    desk.open(f"{desk.home}/import")
    page = desk.press("Show what would change", pasted=FILE)
    assert "nothing to apply" in page and "Apply these changes" not in page


def test_a_file_is_read_and_can_then_be_taken_over(desk):
    page = desk.open(f"{desk.home}/import")
    data = {
        "csrf_token": hidden(page, "csrf_token"),
        "file": (io.BytesIO(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode()), "members.csv"),
    }
    answer = desk.browser.client.post(f"{desk.home}/import", data=data, content_type="multipart/form-data")
    desk.browser.page, desk.browser.path = answer.text, f"{desk.home}/import"
    desk.press("Apply these changes")
    assert "Ferry Friends" in desk.members()


def test_only_what_was_shown_is_taken_over(desk):
    desk.open(f"{desk.home}/import")
    desk.press("Show what would change", pasted=FILE)
    shown = desk.browser.page
    page = desk.press("Apply these changes", 409, pasted=FILE + "Pier People,,,,P,p@pier.example.com,,\n")
    assert "Not taken over yet" in page and "Pier People" in page
    assert len(desk.members()) == 3
    with desk.site.session() as session:
        rows = read_members(FILE.replace("Ireland", "Wales").encode())
        coalition.import_members(session, NOW, desk.made.user.id, desk.made.coalition.id, rows)
    desk.browser.page = shown
    assert "<del><bdi>Wales</bdi></del>" in desk.press("Apply these changes", 409)
    assert desk.members()["Ferry Friends"].country == "Wales"


@pytest.mark.parametrize(
    "pasted", ["", "organisation\nx\n", HEAD + 'a,b,c,d,e,f,g,h,i,"j', HEAD + "=1,,,,x,nobody,,\n", "\0"]
)
def test_a_bad_list_comes_back_with_what_is_wrong(desk, pasted):
    desk.open(f"{desk.home}/import")
    page = desk.press("Show what would change", 400, pasted=pasted)
    assert "field-pasted-error" in page
    if pasted.strip("\0"):
        assert pasted.splitlines()[-1].replace('"', "&#34;") in page
    assert len(desk.members()) == 3


def test_another_leads_things_are_as_if_they_were_not(site, desk):
    with site.session() as session:
        other = world(session, lead="Hill Coalition")
    stranger = Desk(site, other)
    client = stranger.browser.client
    nothing = client.get("/coalitions/424242").data
    token = hidden(stranger.open("/coalitions/new"), "csrf_token")
    organisation, contact = desk.made.members[0].id, desk.made.contacts[0].id
    paths = [
        where + rest
        for where in (desk.home, stranger.home)
        for rest in (
            f"/members/{organisation}",
            f"/members/{organisation}/remove",
            f"/members/{organisation}/contacts/new",
            f"/members/{organisation}/contacts/{contact}",
            f"/members/{organisation}/contacts/{contact}/remove",
            f"/members/{other.members[0].id}/contacts/{contact}",
            f"/members/{other.members[0].id}/contacts/{contact}/remove",
        )
    ] + [desk.home + rest for rest in ("", "/rename", "/import", "/members/new", "/members/lead")]
    for path in paths:
        if not path.endswith(("/lead",)):
            answer = client.get(path)
            assert (answer.status_code, answer.data) == (404, nothing), path
        if path != desk.home:
            answer = client.post(path, data={"csrf_token": token, "name": "Taken over", "take": "yes"})
            assert answer.status_code == 404, path
    assert set(desk.members()) == {"Lakeside Relief", "Hillside Forum", "Harbour Aid"}


def test_strange_addresses_are_answered_calmly(desk):
    for number in ("0", "2147483648", "9" * 19, "9" * 40):
        for path in (f"/coalitions/{number}", f"{desk.home}/members/{number}"):
            assert desk.browser.client.get(path).status_code == 404, path


def test_pages_take_as_many_statements_for_many_members_as_for_few(site):
    engine = site.app.extensions["undersigned"].engine
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))

    def counted(members, lead):
        with site.session() as session:
            desk = Desk(site, world(session, members=members, lead=lead))
        first = desk.made.members[0].id
        found = []
        for path in ("/coalitions", desk.home, f"{desk.home}/members/{first}", f"{desk.home}/import"):
            seen.clear()
            desk.open(path)
            found.append(len(seen))
        lines = "".join(f"M{number},P,p{number}@example.com\n" for number in range(members))
        seen.clear()
        desk.press("Show what would change", pasted="organisation,contact_name,contact_email\n" + lines)
        return [*found, len(seen)]

    few, many = counted(2, "Few"), counted(150, "Many")
    assert few == many
    assert max(few) <= 8


def test_what_is_given_out_is_taken_back_and_changes_nothing(desk):
    given = desk.browser.client.get(f"{desk.home}/members.csv")
    assert given.content_type == "text/csv; charset=utf-8" and given.data.count(b"\r\n") == 4
    desk.open(f"{desk.home}/import")
    assert "Everything in the list is here already" in desk.press("Show what would change", pasted=given.text)
    more = given.text.replace('"no","1"\r\n', '"no","2"\r\n', 1)
    assert "Type a number from 1 to 1" in desk.press("Show what would change", 400, pasted=more)
    first = next(row for row in more.splitlines() if '"2"' in row)
    more += first.replace("contact0@", "zoe@").replace('"no"', '"yes"') + "\r\n"
    assert "How many have to sign" in desk.press("Show what would change", pasted=more)
    desk.press("Apply these changes")
    there = desk.members()["Lakeside Relief"]
    assert (there.needed, [one.alternate for one in there.contacts]) == (2, [False, True])
    desk.open(f"{desk.home}/import")
    old = HEAD + "Lakeside Relief,,,required,Contact 0,contact0@valley-coalition.example.com,en,UTC\n"
    assert "Everything in the list is here already" in desk.press("Show what would change", pasted=old)
