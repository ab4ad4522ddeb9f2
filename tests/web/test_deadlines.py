"""Deadlines at the desk: working days are reckoned and seen first, changed clocks are pointed out, both are told."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from tests.actions.acting import reread, sign
from tests.builders import NOW, QUOTELESS, circulate, world
from tests.web.desk_page import looks_right
from tests.web.test_circulation import Desk, fields_of
from tests.web.test_commenting import opened
from workflow.models.accounts import User
from workflow.models.circulation import Circulation
from workflow.models.coalition import Contact
from workflow.models.drafting import Statement
from workflow.queries.circulation import roll
from workflow.queries.reminding import plan
from workflow.rules.circulation import Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.reminding import Reminders

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
    assert "Nothing is moved yet." in page
    assert "Thursday 4 March 2027, 18:00 UTC" in page
    assert kept(desk).deadline_at.isoformat().startswith("2027-03-03")
    desk.send(path, **fields_of(page))
    assert kept(desk).deadline_at.isoformat() == "2027-03-04T18:00:00+00:00"
    assert kept(desk).soft_deadline_at.isoformat() == "2027-03-03T18:00:00+00:00"
    site.deliver()
    assert sum(one["Subject"].startswith("New deadline: ") for one in site.letters()) == 3
    # Left empty, it goes.
    page = desk.send(path, 200, **{**fields_of(desk.get(path)), "soft_day": ""})
    assert "no day before the deadline any more" in page
    desk.send(path, **fields_of(page))
    assert kept(desk).soft_deadline_at is None


def told(page):
    """What the page says will come of it, by its names."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, flags=re.S)
    return {name: " ".join(re.sub(r"<[^>]*>", " ", unescape(said)).split()) for name, said in found}


def test_what_comes_of_another_deadline_is_seen_before_it_is_done(site):
    with site.session() as session:
        made = world(session, edition=QUOTELESS)
        session.execute(update(Contact).where(Contact.id == made.contacts[0].id).values(time_zone="Asia/Amman"))
        session.commit()
        made = circulate(made, reminders=Reminders(hours=(3,)))
        sign(made, 1)
        desk = Desk(site, made)
    path = f"{desk.hub}/deadline"
    page = desk.send(
        path, 200, **{**fields_of(desk.get(path)), "deadline_day": "2027-03-29", "deadline_clock": "18:00"}
    )
    looks_right(page)
    said = told(page)
    assert said["It is now:"] == "Wednesday 3 March 2027, 09:00 Europe/London (UTC+00:00)"
    assert said["It would be:"].startswith("Monday 29 March 2027, 18:00 Europe/London (UTC+01:00)")
    assert said["Who is told"] == "3 contacts get a mail, each in their own language."
    assert "Monday 29 March 2027, 20:00 Asia/Amman (UTC+03:00) · one contact" in said["On their clocks"]
    assert "Monday 29 March 2027, 17:00 UTC · 2 contacts" in said["On their clocks"]
    assert said["Reminders now"] != said["Reminders then"]
    site.deliver()
    before = len(site.letters())
    desk.send(path, **fields_of(page, '<form method="post" action="' + path))
    site.deliver()
    assert len(site.letters()) - before == 3
    with site.session() as session:
        asked = session.scalars(select(Circulation)).one()
        planned = plan(session, asked, roll(session, asked.id), NOW)
    assert [f"{one.at:%d %B %Y, %H:%M}".lstrip("0") in said["Reminders then"] for one in planned] == [True] * len(
        planned
    )
    assert planned


def test_a_deadline_that_is_moved_beyond_the_embargo_is_pointed_out(site):
    embargo = Ending(how=Completion.EMBARGO, embargo_at=NOW + timedelta(days=10))
    with site.session() as session:
        desk = Desk(site, circulate(world(session, edition=QUOTELESS), ending=embargo))
    path = f"{desk.hub}/deadline"
    typed = {**fields_of(desk.get(path)), "deadline_clock": "18:00"}
    said = "The deadline is after the embargo"
    assert said not in desk.send(path, 200, **{**typed, "deadline_day": "2027-03-05"})
    page = desk.send(path, 200, **{**typed, "deadline_day": "2027-03-29"})
    looks_right(page)
    assert said in page


def test_late_answers_that_would_count_are_named_and_so_is_a_text_that_becomes_final(site):
    with site.session() as session:
        made = circulate(world(session, edition=QUOTELESS))
        late = made.circulation.deadline_at + timedelta(minutes=5)
        for index in range(3):
            sign(made, index, now=late if index == 2 else NOW)
        desk = Desk(site, made)
    site.at(late + timedelta(minutes=5))
    path = f"{desk.hub}/deadline"
    typed = {**fields_of(desk.get(path)), "deadline_day": "2027-03-04"}
    page = desk.send(path, 200, **typed)
    assert "One answer that came late counts by it" in page
    assert made.members[2].name in page
    assert "The text becomes final by it" in page
    back = desk.send(path, 200, **{**typed, "change": "yes"})
    assert fields_of(back)["deadline_day"] == "2027-03-04"
    desk.send(path, **{**typed, "seen": "yes"})
    with site.session() as session:
        assert session.get_one(Statement, made.statement.id).stage == "published"


def test_a_silence_that_was_made_shorter_is_refused_before_it_is_seen(site):
    with site.session() as session:
        desk = Desk(site, circulate(world(session, edition=QUOTELESS), rule=Rule(silence=True)))
    path = f"{desk.hub}/deadline"
    page = desk.send(path, 400, **{**fields_of(desk.get(path)), "deadline_day": "2027-03-02"})
    assert "can be made longer, not shorter" in page
