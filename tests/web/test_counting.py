"""Late answers on the roll: shown, offered to the lead, counted by one button that says what follows."""

from datetime import timedelta

import pytest

from tests.builders import NOW, QUOTELESS, circulate, world
from tests.ground.application import text_of
from tests.web.test_circulation import Desk, fields_of
from workflow.models.publication import Publication

LATE = NOW + timedelta(days=2, minutes=5)


@pytest.fixture
def desk(site):
    with site.session() as session:
        made = circulate(world(session, members=2, edition=QUOTELESS))
    found = Desk(site, made)
    found.sign(0)
    site.at(LATE)
    found.made_at = LATE
    found.sign(1)
    return found


def offered_on(desk, page):
    path = f"{desk.hub}/late/{desk.made.signatories[1].id}"
    return path, fields_of(page, f'action="{path}"')


def test_a_late_answer_is_offered_and_counted_by_one_button(desk):
    page = desk.get(f"{desk.hub}/roll")
    assert "After the deadline: it does not count unless you count it" in page
    assert "The text becomes final by it" in page
    path, fields = offered_on(desk, page)
    desk.send(path, **fields)
    assert desk.count(Publication) == 1
    assert "After the deadline, and counted by you." in desk.get(f"{desk.hub}/roll")
    assert "The late answer of Hillside Forum was counted" in desk.get(f"{desk.hub}/history")


def test_the_lead_is_told_by_mail_that_it_came_late(desk):
    desk.site.deliver()
    told = [text_of(one) for one in desk.site.letters()]
    assert sum("It came after the deadline and does not count yet" in one for one in told) == 1


def test_an_answer_that_is_not_the_newest_is_nothing(desk):
    path, _ = offered_on(desk, desk.get(f"{desk.hub}/roll"))
    for answer in ("0", "", "9" * 30, "x"):
        desk.send(path, 404, answer=answer)
