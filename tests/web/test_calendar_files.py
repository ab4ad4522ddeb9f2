"""The deadline for a calendar: for members and at the desk, without a word of the text and without a link that acts."""

from datetime import timedelta

import pytest

from tests.builders import NOW, QUOTELESS, circulate, world
from tests.formats.test_calendar import unfolded
from tests.web.test_circulation import Desk
from tests.web.test_commenting import opened
from workflow.actions import amending
from workflow.actions import circulation as circulating

SOFT, HARD = NOW + timedelta(days=2), NOW + timedelta(days=4)


@pytest.fixture
def made(site):
    with site.session() as session:
        yield circulate(world(session, edition=QUOTELESS), deadline=HARD, soft=SOFT)


def lines(answer):
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    return unfolded(answer.data)


def test_a_member_puts_both_deadlines_into_its_calendar(site, made):
    visit = opened(site, made)
    path = f"{visit.base}deadline.ics"
    assert f'href="{path}"' in visit.page
    found = lines(visit.client.get(path))
    assert [one for one in found if one.startswith(("DTSTART", "SUMMARY"))] == [
        "DTSTART:20270303T090000Z",
        "SUMMARY:Please answer for Lakeside Relief: statement of Valley Coalition",
        "DTSTART:20270305T090000Z",
        "SUMMARY:Deadline to answer for Lakeside Relief: statement of Valley Coalition",
    ]
    words = "\n".join(found)
    assert "/sign/" not in words
    assert "valley road" not in words
    assert QUOTELESS.headline not in words


def test_the_desk_has_it_too_and_a_moved_deadline_is_the_same_entry(site, made):
    desk = Desk(site, made)
    path = f"{desk.hub}/deadline.ics"
    assert f'href="{path}"' in desk.get(f"{desk.hub}/roll")
    before = lines(desk.client.get(path))
    assert "SUMMARY:Deadline for answers: statement of Valley campaign" in before
    amending.extend(made.session, NOW, made.user.id, made.statement.public_id, HARD + timedelta(hours=1), "UTC")
    after = lines(desk.client.get(path))
    uids = [one for one in before if one.startswith("UID:")]
    assert uids == [one for one in after if one.startswith("UID:")]
    assert len(set(uids)) == 2
    assert "SEQUENCE:0" in before
    assert "SEQUENCE:1" in after
    assert "DTSTART:20270305T100000Z" in after
    assert QUOTELESS.headline not in "\n".join(after)


def test_once_it_has_ended_there_is_nothing_to_put_into_a_calendar(site, made):
    visit, desk = opened(site, made), Desk(site, made)
    circulating.recall(made.session, NOW, made.user.id, made.statement.public_id)
    assert visit.client.get(f"{visit.base}deadline.ics").status_code == 410
    assert desk.client.get(f"{desk.hub}/deadline.ics").status_code == 409
