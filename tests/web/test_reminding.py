"""Reminders at the desk: chosen with the circulation, seen before it goes out and on the roll, changed beforehand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders import NOW, QUOTELESS, circulate, world
from tests.ground.application import text_of
from tests.web.test_circulation import Desk, fields_of
from workflow.models.circulation import Circulation
from workflow.rules.reminding import USUAL, Reminders


@pytest.fixture
def draft_desk(site):
    with site.session() as session:
        return Desk(site, world(session, edition=QUOTELESS))


@pytest.fixture
def desk(site):
    with site.session() as session:
        return Desk(
            site, circulate(world(session, edition=QUOTELESS), reminders=USUAL, deadline=NOW + timedelta(days=4))
        )


def kept(desk):
    with desk.site.session() as session:
        return session.scalars(select(Circulation)).one().reminders


def test_the_usual_reminders_are_offered_seen_and_kept(draft_desk):
    typed = draft_desk.typed()
    assert typed["remind_half_way"] == "yes"
    assert typed["remind_hours"] == "24, 3"
    assert "urgent" not in typed
    typed = {**typed, "deadline_day": "2027-03-05", "deadline_clock": "18:00", "deadline_zone": "UTC"}
    page = draft_desk.send(f"{draft_desk.form}/check", 200, **typed)
    assert "Thursday 4 March 2027, 18:00 UTC</time> · 3 contacts" in page
    assert "Friday 5 March 2027, 15:00 UTC</time> · 3 contacts" in page
    draft_desk.send(f"{draft_desk.form}/send", **fields_of(page, "circulate/send"))
    assert kept(draft_desk) == USUAL
    assert "Next reminder: " in draft_desk.get(f"{draft_desk.hub}/roll")


def test_hours_that_cannot_be_read_come_back_with_what_was_typed(draft_desk):
    page = draft_desk.send(f"{draft_desk.form}/check", 400, **{**draft_desk.typed(), "remind_hours": "soon"})
    assert "Type whole hours before the deadline" in page
    assert fields_of(page)["remind_hours"] == "soon"


def test_they_are_changed_before_they_go(desk):
    path = f"{desk.hub}/reminders"
    assert "3 contacts" in desk.get(path)
    typed = fields_of(desk.get(path))
    assert desk.send(path, 400, **{**typed, "remind_hours": "0"}).count("At most 6 reminders") >= 1
    typed.pop("remind_half_way")
    desk.send(path, **{**typed, "remind_hours": "2", "urgent": "yes"})
    assert kept(desk) == Reminders(hours=(2,), urgent=True)
    page = desk.get(f"{desk.hub}/roll")
    assert "Next reminder: " in page
    desk.send(path, remind_hours="")
    assert "Nobody will be reminded." in desk.get(f"{desk.hub}/roll")


def test_the_worker_sends_them_to_those_who_are_awaited(desk):
    desk.sign(0)
    desk.site.at(NOW + timedelta(days=2))
    desk.site.deliver()
    found = [one for one in desk.site.letters() if one["Subject"].startswith("Reminder: ")]
    assert len(found) == 2
    assert all("/sign/" in text_of(one) for one in found)
    desk.sign(1)
    desk.site.at(NOW + timedelta(days=3))
    desk.site.deliver()
    assert sum(one["Subject"].startswith("Reminder: ") for one in desk.site.letters()) == 3


def test_what_has_passed_is_said_to_have_passed(desk):
    path, roll = f"{desk.hub}/reminders", f"{desk.hub}/roll"
    assert "passed" not in desk.get(path) and "passed" not in desk.get(roll)
    desk.site.at(NOW + timedelta(days=2, hours=1))  # half-way is over
    half_way = "Wednesday 3 March 2027, 09:00 UTC</time> · <strong>passed</strong>"
    for page in (desk.get(path), desk.get(roll)):
        assert page.count(half_way) == 1 and page.count("<strong>passed</strong>") == 1
    assert "Next reminder: " in desk.get(roll)
    desk.site.at(NOW + timedelta(days=5))
    for page in (desk.get(path), desk.get(roll)):
        assert page.count("<strong>passed</strong>") == 3
        assert "<strong>The deadline has passed:</strong>" in page and "Deadline:" not in page
        assert "Nobody will be reminded any more." in page and "Nobody will be reminded.<" not in page
    assert "The deadline has passed: Friday 5 March 2027, 09:00 UTC" in desk.get("/desk")
    desk.send(path, **fields_of(desk.get(path)))
    assert "<strong>passed</strong>" not in desk.get(path), "planned anew after all of them"


def test_a_time_that_was_asked_for_is_said_to_have_passed_where_reminders_are_changed(site):
    with site.session() as session:
        made = circulate(world(session), soft=NOW + timedelta(days=1), deadline=NOW + timedelta(days=2))
        desk = Desk(site, made)
    path = f"{desk.hub}/reminders"
    assert "Answers are asked for by:" in desk.get(path)
    site.at(NOW + timedelta(days=1, hours=1))
    assert "Answers were asked for by:" in desk.get(path) and "Deadline:" in desk.get(path)
