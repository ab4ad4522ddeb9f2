"""Arranging the list over HTTP: it is shown as it will stand, nothing typed is lost, and the public page has it."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.builders import QUOTELESS, circulate, world
from tests.web.desk_page import looks_right
from tests.web.test_circulation import Desk
from tests.web.test_commenting import opened
from workflow.models.coalition import Organisation
from workflow.models.listing import ListedAs, Listing
from workflow.models.publication import Publication
from workflow.rules.circulation import Purpose, Rule
from workflow.rules.completion import Completion, Ending

USUAL = {"order": "alphabet", "style": "line"}


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


@pytest.fixture
def desk(site, session):
    return Desk(site, circulate(world(session, members=4, edition=QUOTELESS)))


def arrange(desk, expected=303, **fields):
    path = f"{desk.hub}/listing"
    return desk.send(path, expected, path, **{**USUAL, **fields})


def say(desk, index, expected=303, **fields):
    """Save the row of one member, with buttons (`up`, `down`) that name a member by its index."""
    ids = [one.id for one in desk.made.members]
    named = {f"{name}-{ids[index]}": value for name, value in fields.items() if name not in ("up", "down")}
    pressed = {name: str(ids[fields[name]]) for name in ("up", "down") if name in fields}
    row = {f"listed-{ids[index]}": "yes", **named, **pressed}
    return desk.send(f"{desk.hub}/listing/signatories", expected, f"{desk.hub}/listing", **row)


def public_page(desk, session):
    for index in range(len(desk.made.members)):
        desk.sign(index)
    slug = session.scalar(select(Publication.slug))
    session.rollback()
    return desk.get(f"/statements/{slug}")


def in_order(page, *words):
    at = [page.index(word) for word in words]
    assert at == sorted(at), list(zip(words, at, strict=True))


def test_looking_at_another_manner_keeps_nothing(desk):
    page = arrange(desk, 200, style="numbered", see="yes")
    looks_right(page)
    assert "Nothing is kept yet" in page
    assert "signatories-numbered" in page
    assert desk.count(Listing) == 0


def test_what_was_chosen_is_how_it_is_published(desk, session):
    arrange(desk, order="section", style="columns", sections="Organisers\n\n  Supporters ")
    say(desk, 0, section="Supporters", acronym="LR")
    say(desk, 1, section="Organisers", mark="umbrella")
    say(desk, 3, individual="yes", mark="identification")
    shown = desk.get(f"{desk.hub}/listing")
    looks_right(shown)
    assert f'action="{desk.hub}/listing/signatories"' in shown
    for page in (shown, public_page(desk, session)):
        in_order(
            page,
            "3 organisations",
            "<bdi>Organisers</bdi>",
            "<bdi>Hillside Forum</bdi>",
            "<bdi>Supporters</bdi>",
            "<bdi>Lakeside Relief (LR)</bdi>",
            "<bdi>Others</bdi>",
            "<bdi>Harbour Aid</bdi>",
            "One individual",
            "<bdi>The Orchard Trust</bdi>",
            "Affiliation for identification only",
            "Signs for itself, and not for its members",
        )
        assert "signatories-columns" in page


def test_up_and_down_need_no_script_and_keep_what_was_typed_beside(desk, session):
    arrange(desk, order="hand")
    say(desk, 3, acronym="OT", up=3)  # The Orchard Trust was last
    say(desk, 3, acronym="OT", up=3)
    say(desk, 1, down=1)  # Hillside Forum was third
    page = public_page(desk, session)
    in_order(page, ">Harbour Aid<", ">The Orchard Trust (OT)<", ">Lakeside Relief<", ">Hillside Forum<")


def test_what_cannot_be_taken_comes_back_with_what_was_typed(desk):
    page = arrange(desk, 400, order="king", sections="Kept\n" + "x" * 200)
    looks_right(page)
    assert "Kept" in page and "This is too long" in page and "Please fill this in." in page
    arrange(desk, order="hand")
    page = say(desk, 0, 400, number="many", acronym="\u202e", section="Typed with care")
    looks_right(page)
    assert "Type a number from 1" in page and "Typed with care" in page and "turns the direction" in page
    assert desk.count(ListedAs) == 0


def test_hostile_words_stay_words(desk, session):
    arrange(desk, order="section", sections="<script>alert(1)</script>")
    say(desk, 0, section="<script>alert(1)</script>", acronym="<b>&")
    page = public_page(desk, session)
    assert "<script>alert" not in page and "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "Lakeside Relief (&lt;b&gt;&amp;)" in page


def test_of_many_it_shows_a_page_at_a_time(site, session):
    desk = Desk(site, circulate(world(session, members=53, edition=QUOTELESS)))
    first, second = desk.get(f"{desk.hub}/listing"), desk.get(f"{desk.hub}/listing?page=2")
    assert first.count('name="acronym-') == 50 and second.count('name="acronym-') == 3
    assert "Page 2 of 2" in second
    assert desk.get(f"{desk.hub}/listing?page=99999999999999999999").count('name="acronym-') == 3


def test_once_it_is_locked_the_page_says_so(desk, session):
    public_page(desk, session)
    desk.get(f"{desk.hub}/listing", 409)


def test_counts_are_said_to_be_filled_in_and_then_are(site, session):
    edition = replace(QUOTELESS, lead_paragraph="We are {organisations|words}, not {organizations}.")
    desk = Desk(site, circulate(world(session, members=2, edition=edition)))
    page = desk.get(desk.hub)
    assert "Filled in with how many have signed, when the text is locked: {organisations|words}" in page
    assert "Not understood, and published as it stands:</strong> <bdi>{organizations}</bdi>" in page
    assert "We are {organisations|words}, not" in page
    page = public_page(desk, session)
    assert "We are two, not {organizations}." in page
    assert "Not understood" not in page, "what is for the desk stands in public"
    assert "It was signed with places for counts, as the record holds it: {organisations|words}." in page
    assert "We are two, not" in desk.get(desk.hub)


def test_a_member_is_told_that_a_count_is_filled_in(site, session):
    edition = replace(QUOTELESS, lead_paragraph="We are {organisations}.")
    made = circulate(world(session, members=2, edition=edition))
    page = opened(site, made, 0).page
    assert "Filled in with how many have signed, when the text is locked: {organisations}" in page


def test_names_that_may_be_one_are_pointed_out_wherever_the_lead_looks_at_the_roll(site, session):
    made = world(session, members=3, edition=QUOTELESS)
    organisation = session.get_one(Organisation, made.members[1].id)
    organisation.listed_name = "LAKESIDE RELIEF, Inc."
    session.commit()
    desk = Desk(site, made)
    said = "<bdi>Lakeside Relief</bdi> – <bdi>LAKESIDE RELIEF, Inc.</bdi>"
    prepare = desk.get(desk.form)
    assert said in prepare and "Two names may be one organisation" in prepare
    checked = desk.send(f"{desk.form}/check", 200, desk.form, **desk.typed())
    assert said in checked
    circulate(made, ending=Ending(Completion.PRESS))
    assert said in desk.get(f"{desk.hub}/roll")
    assert said in desk.get(f"{desk.hub}/listing")
    desk.sign(0)
    desk.sign(1, listed_name="LAKESIDE RELIEF, Inc.")
    desk.sign(2)
    assert said in desk.get(f"{desk.hub}/locked")


def test_nothing_is_pointed_out_where_nothing_is_alike(desk):
    assert "may be one organisation" not in desk.get(f"{desk.hub}/roll")


def test_asking_who_is_written_to_says_why_not(site, session):
    desk = Desk(site, world(session, members=3, edition=replace(QUOTELESS, addressees=("Harbour Aid",))))
    for step in ("check", "send"):
        page = desk.send(f"{desk.form}/{step}", 400, desk.form, **desk.typed(cover_note="Kept words."))
        assert '<a href="#field-roll">Who is asked: This text is addressed or copied to Harbour Aid.' in page
        assert "Kept words." in page
    for harmless in ({"roles": {2: "observer"}}, {"roles": {2: "none"}}, {"purpose": "comment"}):
        desk.send(f"{desk.form}/check", 200, **desk.typed(**harmless))


def test_asking_who_is_copied_to_is_refused_on_the_way_from_comments_too(site, session):
    made = world(session, members=3, edition=replace(QUOTELESS, cc=("HARBOUR AID",)))
    desk = Desk(site, circulate(made, rule=Rule(purpose=Purpose.COMMENT)))
    assert "This text is addressed or copied to Harbour Aid." in desk.get(f"{desk.hub}/ask-to-sign")


def test_whether_to_be_named_is_asked_where_persons_are_listed_and_left_open(desk, site, session):
    asked = "Publish my name and role beside the organisation"
    assert asked not in opened(site, desk.made, 0).page
    assert asked not in desk.get(f"{desk.hub}/listing")
    arrange(desk, style="persons")
    say(desk, 0, acronym="LR", mark="umbrella")
    visit = opened(site, desk.made, 0)
    assert "with the sign † for: signs for itself, and not for its members." in visit.page
    assert "with the acronym <bdi>LR</bdi>." in visit.page
    assert "the list says of you" not in opened(site, desk.made, 1).page
    assert asked in visit.page
    assert not re.search(r'name="person_named"[^>]* checked', visit.page)
    answer = {
        "kind": "sign-off",
        "listed_name": "Lakeside Relief",
        "person_name": "Ada Example",
        "person_role": "Chair",
    }
    visit.send("check", **answer, authority="yes", person_named="yes")
    assert "to be published beside the organisation" in visit.page
    visit.send("record", **answer, authority="yes", person_named="yes")
    for index in range(1, 4):
        desk.sign(index)
    slug = session.scalar(select(Publication.slug))
    page = desk.get(f"/statements/{slug}")
    assert "<bdi>Ada Example, Chair</bdi><br><bdi>Lakeside Relief (LR)</bdi>" in page
    assert "Person 1" not in page
