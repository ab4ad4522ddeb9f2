"""Deadlines and reminders over both changes of the clocks, with an injected clock: every instant to the second."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests.actions.acting import reread
from tests.builders import LINKS, QUOTELESS, World, offered, world
from tests.ground.application import Site, text_of
from tests.web.test_circulation import Desk, fields_of
from workflow.actions import signing
from workflow.models.accounts import User
from workflow.models.circulation import Circulation, Invitation
from workflow.models.coalition import Contact
from workflow.models.posting import Job, Letter

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Story:
    """Asked when; by which day at 18:00 on the clock of the zone; what that is in UTC, and when it is reminded of."""

    zone: str
    asked: str
    day: str
    deadline: str
    reminders: tuple[str, ...]
    told: str

    def __str__(self) -> str:
        return f"{self.zone} {self.day}"


STORIES = [
    # Clocks go forward in the night before the deadline: 24 hours before 18:00 it is 17:00.
    Story(
        "Europe/London",
        "2027-03-26T12:00Z",
        "2027-03-28",
        "2027-03-28T17:00Z",
        ("2027-03-27T17:00Z", "2027-03-28T14:00Z"),
        "Sunday 28 March 2027, 18:00 Europe/London (UTC+01:00)",
    ),
    Story(
        "Europe/Berlin",
        "2027-03-26T11:00Z",
        "2027-03-28",
        "2027-03-28T16:00Z",
        ("2027-03-27T16:00Z", "2027-03-28T13:00Z"),
        "Sunday 28 March 2027, 18:00 Europe/Berlin (UTC+02:00)",
    ),
    Story(
        "America/New_York",
        "2027-03-10T14:00Z",
        "2027-03-14",
        "2027-03-14T22:00Z",
        ("2027-03-12T18:00Z", "2027-03-13T22:00Z", "2027-03-14T19:00Z"),
        "Sunday 14 March 2027, 18:00 America/New_York (UTC-04:00)",
    ),
    # They go back: 24 hours before 18:00 it is 19:00. Half-way is at 3:30 in the night, and waits for 7:00.
    Story(
        "Europe/London",
        "2027-10-28T11:00Z",
        "2027-10-31",
        "2027-10-31T18:00Z",
        ("2027-10-30T06:00Z", "2027-10-30T18:00Z", "2027-10-31T15:00Z"),
        "Sunday 31 October 2027, 18:00 Europe/London (UTC+00:00)",
    ),
    Story(
        "Europe/Berlin",
        "2027-10-28T10:00Z",
        "2027-10-31",
        "2027-10-31T17:00Z",
        ("2027-10-30T05:00Z", "2027-10-30T17:00Z", "2027-10-31T14:00Z"),
        "Sunday 31 October 2027, 18:00 Europe/Berlin (UTC+01:00)",
    ),
    Story(
        "America/New_York",
        "2027-11-03T16:00Z",
        "2027-11-07",
        "2027-11-07T23:00Z",
        ("2027-11-05T19:30Z", "2027-11-06T23:00Z", "2027-11-07T20:00Z"),
        "Sunday 7 November 2027, 18:00 America/New_York (UTC-05:00)",
    ),
    # No clock is changed: 24 hours before 18:00 it is 18:00.
    Story(
        "Asia/Amman",
        "2027-10-28T09:00Z",
        "2027-10-31",
        "2027-10-31T15:00Z",
        ("2027-10-30T04:00Z", "2027-10-30T15:00Z", "2027-10-31T12:00Z"),
        "Sunday 31 October 2027, 18:00 Asia/Amman (UTC+03:00)",
    ),
    Story(
        "Africa/Lagos",
        "2027-03-25T11:00Z",
        "2027-03-28",
        "2027-03-28T17:00Z",
        ("2027-03-27T06:00Z", "2027-03-27T17:00Z", "2027-03-28T14:00Z"),
        "Sunday 28 March 2027, 18:00 Africa/Lagos (UTC+01:00)",
    ),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def living_in(site: Site, zone: str, contacts_zone: str = "") -> World:
    with site.session() as session:
        made = world(session, members=2, edition=QUOTELESS)
        session.execute(update(User).values(time_zone=zone))
        session.execute(update(Contact).values(time_zone=contacts_zone or zone))
        session.commit()
        return made


def circulated(site: Site, made: World, day: str, zone: str, **typed: str) -> tuple[Desk, World]:
    """The lead asks by the form, and sees the deadline and the reminders before it goes out."""
    desk = Desk(site, made)
    typed = {"deadline_day": day, "deadline_clock": "18:00", "deadline_zone": zone, "code": "", **typed}
    page = desk.send(f"{desk.form}/check", 200, **desk.typed(**typed))
    desk.send(f"{desk.form}/send", **fields_of(page, "circulate/send"))
    with site.session() as session:
        made.session = session
        return desk, reread(made)


def run(site: Site, until: datetime) -> list[datetime]:
    """Time passes: the worker wakes a second before each job is due, and when it is. Gives when it did something."""
    woke: list[datetime] = []
    while True:
        with site.session() as session:
            due = session.scalar(select(Job.run_at).order_by(Job.run_at).limit(1))
        if due is None or due > until:
            site.at(until)
            return woke
        before = sent(site)
        site.at(due - SECOND)
        site.deliver()
        assert sent(site) == before, "before its instant"
        site.at(due)
        site.deliver()
        woke.append(due)


def sent(site: Site) -> list[tuple[str, int | None, datetime]]:
    with site.session() as session:
        rows = session.execute(select(Letter.kind, Letter.contact_id, Letter.sent_at).order_by(Letter.id))
        return [(kind, contact, when) for kind, contact, when in rows if when is not None]


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_deadline_and_reminders_come_at_their_instants(site, story):
    asked, deadline = at(story.asked), at(story.deadline)
    site.at(asked)
    made = living_in(site, story.zone)
    desk, made = circulated(site, made, story.day, story.zone)
    with site.session() as session:
        assert session.scalar(select(Circulation.deadline_at)) == deadline
    site.deliver()
    answer(site, made, 0, asked)
    site.deliver()
    first, second = (one.id for one in made.contacts)
    assert story.told in desk.get(f"{desk.hub}/roll")
    run(site, deadline + timedelta(days=2))
    found = sent(site)
    assert [(who, when) for kind, who, when in found if kind == "reminder"] == [
        (second, at(one)) for one in story.reminders
    ]
    assert [when for kind, _, when in found if kind == "deadline"] == [deadline]
    reminders = [one for one in site.letters() if one["Subject"].startswith("Reminder: ")]
    assert all(f"Answer by: {story.told}" in text_of(one) for one in reminders)
    assert all(one["To"].addresses[0].addr_spec == made.contacts[1].mail for one in reminders)
    assert first != second


def answer(site: Site, made: World, index: int, now: datetime) -> None:
    with site.session() as session:
        invitation = session.get_one(Invitation, made.invitations[index].id)
        signing.answer(session, LINKS, now, invitation.id, invitation.generation, offered(made, index))


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_the_last_second_is_in_time_and_the_next_is_late_until_the_lead_counts_it(site, story):
    asked, deadline = at(story.asked), at(story.deadline)
    site.at(asked)
    desk, made = circulated(site, living_in(site, story.zone), story.day, story.zone)
    answer(site, made, 0, deadline)
    answer(site, made, 1, deadline + SECOND)
    site.at(deadline + SECOND)
    site.deliver()
    page = desk.get(f"{desk.hub}/roll")
    assert page.count("After the deadline: it does not count unless you count it") == 1
    path = f"{desk.hub}/late/{made.signatories[1].id}"
    desk.send(path, **fields_of(page, f'action="{path}"'))
    assert "Complete: the text was locked and published." in desk.get(f"{desk.hub}/roll")


def test_between_the_changes_of_two_countries_each_reads_its_own_clock(site):
    """From 14 to 28 March New York is four hours from London, and then five; everybody is reminded at one instant."""
    site.at(at("2027-03-20T12:00Z"))
    made = living_in(site, "Europe/London", "America/New_York")
    _desk, _made = circulated(site, made, "2027-03-28", "Europe/London", remind_hours="3", remind_half_way="")
    run(site, at("2027-03-29T00:00Z"))
    reminders = [one for one in sent(site) if one[0] == "reminder"]
    assert [when for _, _, when in reminders] == [at("2027-03-28T14:00Z")] * 2
    words = text_of(next(one for one in site.letters() if one["Subject"].startswith("Reminder: ")))
    assert "Answer by: Sunday 28 March 2027, 13:00 America/New_York (UTC-04:00)" in words
    assert "On the clock of Valley Coalition: Sunday 28 March 2027, 18:00 Europe/London (UTC+01:00)" in words
