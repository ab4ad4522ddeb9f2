"""Counts in the text at the desk: filled in from the lock on, and refused where nobody need sign."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import sign
from tests.builders import NOW, QUOTELESS, circulate, world
from tests.web.test_circulation import Desk, fields_of
from tests.web.test_commenting import opened
from tests.web.test_later import open_after
from workflow.actions import locked
from workflow.models.circulation import Circulation
from workflow.rules.circulation import Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.refusals import FormRefused

COUNTED = replace(
    QUOTELESS, headline="{Organisations|words} groups ask for the road", body="We are {organisations} organisations."
)


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


def test_a_locked_text_is_shown_at_the_desk_as_it_will_be_published(site, session):
    made = circulate(world(session, edition=COUNTED), ending=Ending(Completion.PRESS))
    desk = Desk(site, made)
    visit = opened(site, made)
    receipt = visit.check(kind="abstain").text
    remarks = desk.get(f"{desk.hub}/remarks")
    for page in (desk.get("/desk"), desk.get(f"{desk.hub}/listing"), desk.get(f"{desk.hub}/roll"), receipt, remarks):
        assert "[number] groups ask for the road" in page
    assert "{Organisations|words} groups ask" not in desk.get("/desk") + receipt
    assert "[number] groups" in desk.get(desk.hub)
    assert "{Organisations|words} groups ask" in visit.open().text  # the text itself is what is signed
    for index in range(3):
        sign(made, index)
    for path in ("/desk", desk.hub, f"{desk.hub}/roll", f"{desk.hub}/locked"):
        page = desk.get(path)
        assert "Three groups ask for the road" in page, path
        assert "{Organisations|words} groups" not in page, path
    assert "We are 3 organisations." in desk.get(f"{desk.hub}/locked")
    locked.publish_now(session, NOW, made.user.id, made.statement.public_id)
    after = open_after(site, made)
    for page in (desk.get(f"{desk.hub}/after"), after.client.get(f"{after.base}after").text):
        assert "Three groups ask for the road" in page
        assert "{Organisations|words} groups" not in page and "[number]" not in page


def test_a_preview_of_a_locked_text_says_how_many_they_are(site, session):
    ending = Ending(Completion.EMBARGO, embargo_at=NOW + timedelta(hours=5))
    made = circulate(world(session, edition=COUNTED), ending=ending)
    for index in range(3):
        sign(made, index)
    desk = Desk(site, made)
    page = desk.get(f"{desk.hub}/previews")
    assert "Three groups ask for the road" in page and "[number]" not in page


def test_by_silence_a_text_that_counts_who_signs_is_refused_with_what_to_do(site, session):
    desk = Desk(site, world(session, edition=COUNTED))
    page = desk.send(f"{desk.form}/check", 400, **desk.typed(purpose="silence"))
    assert "Take that out of the text, or ask for sign-off." in page
    assert "{organisations}" in page
    assert 'href="#field-purpose"' in page
    assert desk.send(f"{desk.form}/check", 200, **desk.typed())
    assert desk.count(Circulation) == 0


def test_the_action_refuses_it_too(session):
    made = world(session, edition=COUNTED)
    with pytest.raises(FormRefused):
        circulate(made, rule=Rule(silence=True))
    assert session.query(Circulation).count() == 0


def test_before_circulating_the_counts_are_those_of_a_roll_that_signs(site, session):
    desk = Desk(site, world(session, edition=COUNTED))
    page = desk.send(f"{desk.form}/check", 200, **desk.typed(roles={0: "optional", 2: "observer"}))
    assert "Two groups ask for the road" in page and "We are 2 organisations." in page
    assert "{Organisations|words} groups" not in page and "small letter" not in page
    assert "Counts are shown as if all 2 who can sign did" in page
    comments = desk.send(f"{desk.form}/check", 200, **desk.typed(purpose="comment"))
    assert "[number] groups ask for the road" in comments and "as if all" not in comments, "nobody knows who will sign"


def test_a_count_that_begins_a_paragraph_in_small_letters_is_pointed_out_before_circulating(site, session):
    small = replace(COUNTED, body="We ask.\n\n> **{organisations|words}** of us.\n\n{organisations} of us.")
    desk = Desk(site, world(session, edition=small))
    page = desk.send(f"{desk.form}/check", 200, **desk.typed())
    assert "A count begins a paragraph with a small letter" in page
    assert page.count("{organisations|words}") == page.count("{Organisations|words}") == 1
    assert "A count begins" not in desk.send(f"{desk.form}/check", 200, **desk.typed(purpose="comment"))


def test_the_preview_of_a_draft_says_that_a_number_stands_there(site, session):
    desk = Desk(site, world(session, edition=replace(COUNTED, body="{organisations}: who we are.")))
    typed = fields_of(desk.get(f"{desk.hub}/edit"), "data-preview-url")
    for page in (
        desk.send("/desk/statements/preview", 200, **typed),
        desk.send(f"{desk.hub}/edit", 200, **typed, preview="yes"),
    ):
        assert "[number] groups ask for the road" in page and "[number]: who we are." in page
