"""Deadlines at the desk: working days are reckoned and seen first, changed clocks are pointed out, both are told."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from tests.actions.acting import reread
from tests.builders import QUOTELESS, circulate, world
from tests.web.test_circulation import Desk, fields_of
from tests.web.test_commenting import opened
from workflow.models.accounts import User
from workflow.models.circulation import Circulation
from workflow.models.coalition import Contact

# What nobody's clock shows, and what it shows twice, on the days on which clocks are changed in 2027.
SKIPPED = [
    ("Europe/London", "2027-03-28", "01:30", "02:30"),
    ("Europe/Berlin", "2027-03-28", "02:30", "03:30"),
    ("America/New_York", "2027-03-14", "02:30", "03:30"),
]
TWICE = [
    ("Europe/London", "2027-10-31", "01:30", "01:30+01:00"),
    ("Europe/Berlin", "2027-10-31", "02:30", "02:30+02:00"),
    ("America/New_York", "2027-11-07", "01:30", "01:30-04:00"),
]


@pytest.fixture
def desk(site):
    with site.session() as session:
        return Desk(site, world(session, edition=QUOTELESS))


def live_in(desk, zone):
    with desk.site.session() as session:
        session.execute(update(User).where(User.id == desk.made.user.id).values(time_zone=zone))
        session.commit()


def kept(desk):
    with desk.site.session() as session:
        return session.scalars(select(Circulation)).one()


def check(desk, expected=200, **typed):
    return desk.send(f"{desk.form}/check", expected, **desk.typed(**typed))


def send(desk, page):
    desk.send(f"{desk.form}/send", **fields_of(page, "circulate/send"))


def test_working_days_become_an_instant_that_is_seen_before_it_goes_out(desk):
    live_in(desk, "Asia/Amman")
    page = check(desk, working_days="5", deadline_day="2027-03-02")
    assert "Monday 8 March 2027, 18:00 Asia/Amman" in page
    send(desk, page)
    assert kept(desk).deadline_at.isoformat() == "2027-03-08T15:00:00+00:00"


@pytest.mark.parametrize("typed", ["0", "61", "soon", "1.5"])
def test_what_is_no_number_of_working_days_comes_back(desk, typed):
    page = check(desk, 400, working_days=typed)
    assert 'href="#field-working_days"' in page
    assert fields_of(page)["working_days"] == typed


@pytest.mark.parametrize(("zone", "day", "clock", "instead"), SKIPPED)
@pytest.mark.parametrize("field", ["deadline", "soft"])
def test_a_time_that_is_skipped_is_pointed_out_and_not_guessed(desk, zone, day, clock, instead, field):
    hard = {"deadline_day": "2027-11-30", "deadline_clock": "18:00", "deadline_zone": zone}
    page = check(desk, 400, **{**hard, f"{field}_day": day, f"{field}_clock": clock})
    assert f"the clocks in {zone} go forward and skip {clock}. Type another time, for example {instead}." in page
    assert f'href="#field-{field}_clock"' in page


@pytest.mark.parametrize(("zone", "day", "clock", "first"), TWICE)
@pytest.mark.parametrize("field", ["deadline", "soft"])
def test_a_time_that_is_shown_twice_is_asked_about_and_not_guessed(desk, zone, day, clock, first, field):
    hard = {"deadline_day": "2027-11-30", "deadline_clock": "18:00", "deadline_zone": zone}
    page = check(desk, 400, **{**hard, f"{field}_day": day, f"{field}_clock": clock})
    assert f"the clocks in {zone} go back and show {clock} twice. Type the time as {first} for the first" in page
    typed = {**hard, f"{field}_day": day, f"{field}_clock": first}
    assert check(desk, 200, **typed)


def test_the_soft_one_is_kept_and_both_are_shown_on_the_clock_of_the_reader(site, desk):
    live_in(desk, "America/New_York")
    with site.session() as session:
        session.execute(update(Contact).where(Contact.id == desk.made.contacts[0].id).values(time_zone="Asia/Amman"))
        session.commit()
    hard = {"deadline_day": "2027-03-31", "deadline_clock": "18:00", "deadline_zone": "Europe/London"}
    page = check(desk, **hard, soft_day="2027-03-26", soft_clock="18:00")
    assert "Friday 26 March 2027, 18:00 Europe/London (UTC+00:00)" in page  # before the clocks go forward
    assert "Wednesday 31 March 2027, 18:00 Europe/London (UTC+01:00)" in page
    send(desk, page)
    assert kept(desk).soft_deadline_at.isoformat() == "2027-03-26T18:00:00+00:00"
    for path in ("/desk", desk.hub, f"{desk.hub}/roll"):
        assert "Wednesday 31 March 2027, 13:00 America/New_York (UTC-04:00)" in desk.get(path), path
    assert "Friday 26 March 2027, 14:00 America/New_York (UTC-04:00)" in desk.get(f"{desk.hub}/roll")
    with site.session() as session:
        made = reread(replace(desk.made, session=session))
    page = opened(site, made, 0).page
    assert "Friday 26 March 2027, 21:00 Asia/Amman (UTC+03:00)" in page
    assert "at the latest: <time" in page
    assert "Wednesday 31 March 2027, 20:00 Asia/Amman (UTC+03:00)" in page


def test_the_deadline_is_moved_by_working_days_only_after_a_look_and_everybody_is_told(site):
    with site.session() as session:
        desk = Desk(site, circulate(world(session, edition=QUOTELESS)))
    path = f"{desk.hub}/deadline"
    page = desk.send(path, 200, **{**fields_of(desk.get(path)), "working_days": "3", "soft_day": "2027-03-03"})
    assert "In so many working days it is <time datetime=" in page
    assert "Thursday 4 March 2027, 18:00 UTC" in page
    assert kept(desk).deadline_at.isoformat().startswith("2027-03-03")
    desk.send(path, **fields_of(page))
    assert kept(desk).deadline_at.isoformat() == "2027-03-04T18:00:00+00:00"
    assert kept(desk).soft_deadline_at.isoformat() == "2027-03-03T18:00:00+00:00"
    site.deliver()
    assert sum(one["Subject"].startswith("New deadline: ") for one in site.letters()) == 3
    # Left empty, it goes.
    desk.send(path, **{**fields_of(desk.get(path)), "soft_day": ""})
    assert kept(desk).soft_deadline_at is None
