"""Reminders: to whom, when, by one letter; none to who has answered, none at night, none once there is no use."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import update

from tests.actions.acting import letters, new_text, rows, sign
from tests.builders import LINKS, NOW, QUOTELESS, circulate, offered, world
from workflow.actions import (
    amending,
    amending_roll,
    contesting,
    drafting,
    handing,
    inviting,
    reminding,
    signing,
    standing_in,
)
from workflow.mail.letters import LetterView, render
from workflow.mail.outbox import Kind as LetterKind
from workflow.mail.reminders import REMIND
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact
from workflow.models.posting import Job
from workflow.queries.contesting import mail_mark
from workflow.queries.posting import Unneeded, letter_view
from workflow.queries.posting_reminders import Postponed
from workflow.rules.circulation import Kind, Purpose, Role, Rule
from workflow.rules.handing import Colleague
from workflow.rules.reminding import NO_REMINDERS, USUAL, Reminders

HOUR = timedelta(hours=1)
UNTIL = NOW + timedelta(days=4)  # Friday 5 March 2027, 9:00 UTC
HALF, DAY, THREE = NOW + timedelta(days=2), UNTIL - 24 * HOUR, datetime(2027, 3, 5, 7, 0, tzinfo=UTC)  # 6:00 is night
URL = "http://localhost"


def asked(session, **options):
    options = {"deadline": UNTIL, "reminders": USUAL, **options}
    return circulate(world(session, edition=QUOTELESS), **options)


def waiting(session):
    """When which contact is looked at next."""
    return sorted((one.subject_id, one.run_at) for one in rows(session, Job) if one.kind == REMIND)


def run(session, until):
    """What the worker does with reminders, at the instant of each."""
    while True:
        due = [one for one in rows(session, Job) if one.kind == REMIND and one.run_at <= until]
        if not due:
            return
        one = min(due, key=lambda job: (job.run_at, job.id))
        reminding.remind(session, one.run_at, one.subject_id)
        session.delete(session.get(Job, one.id))
        session.commit()


def told(session):
    """Who was reminded when."""
    return [(one.contact_id, one.created_at) for one in letters(session, LetterKind.REMINDER)]


def view(session, letter, now):
    found = letter_view(session, LINKS, URL, now, letter.id)
    session.rollback()
    return found


def test_a_contact_that_stays_silent_is_reminded_at_each_instant(session):
    made = asked(session)
    ids = [one.id for one in made.contacts]
    assert waiting(session) == [(one, HALF) for one in ids]
    sign(made, 1)
    run(session, UNTIL)
    assert told(session) == [(one, at) for at in (HALF, DAY, THREE) for one in (ids[0], ids[2])]
    assert waiting(session) == []


def test_who_has_answered_is_left_alone_at_once_and_asked_again_with_another_text(session):
    made = asked(session)
    run(session, HALF)
    for index in (0, 1):
        sign(made, index, now=HALF + HOUR)
    sign(made, 2, Kind.DECLINE, now=HALF + HOUR)
    run(session, DAY)
    assert len(told(session)) == 3
    new_text(made, QUOTELESS.__class__(**{**QUOTELESS.__dict__, "place": "Hillside"}), based_on=1, now=DAY + HOUR)
    run(session, UNTIL)
    assert [one for one in told(session) if one[1] == THREE] == [(one.id, THREE) for one in made.contacts]


def test_a_letter_that_waits_is_dropped_when_the_answer_comes_first(session):
    made = asked(session)
    run(session, HALF)
    letter = letters(session, LetterKind.REMINDER)[0]
    assert isinstance(view(session, letter, HALF), LetterView)
    sign(made, 0, now=HALF)
    assert isinstance(view(session, letter, HALF), Unneeded)
    other = letters(session, LetterKind.REMINDER)[1]
    assert isinstance(view(session, other, UNTIL), Unneeded), "after the deadline it reminds of nothing"


def test_a_letter_that_could_not_go_before_the_night_waits_for_the_morning(session):
    asked(session)
    run(session, HALF)
    letter = letters(session, LetterKind.REMINDER)[0]
    found = view(session, letter, datetime(2027, 3, 3, 22, 5, tzinfo=UTC))
    assert found == Postponed(datetime(2027, 3, 4, 7, 0, tzinfo=UTC))


def test_a_worker_that_was_away_sends_one_letter_for_all_that_it_missed_and_not_at_night(session):
    made = asked(session, roles=[Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL])
    night = DAY + timedelta(hours=14)
    assert not reminding.remind(session, night, made.contacts[0].id)
    assert waiting(session)[-1] == (made.contacts[2].id, HALF)
    assert (made.contacts[0].id, datetime(2027, 3, 5, 7, 0, tzinfo=UTC)) in waiting(session)
    run(session, UNTIL)
    assert [one for one in told(session) if one[1] > night] == [(made.contacts[0].id, THREE)]


def test_what_is_urgent_goes_at_night_too(session):
    made = asked(session, reminders=Reminders(hours=(3,), urgent=True), roles=[Role.REQUIRED, *[Role.OBSERVER] * 2])
    run(session, UNTIL)
    assert told(session) == [(made.contacts[0].id, UNTIL - 3 * HOUR)]
    assert isinstance(view(session, letters(session, LetterKind.REMINDER)[0], UNTIL - 3 * HOUR), LetterView)


def test_each_contact_has_its_own_night_and_language(session):
    made = world(session, edition=QUOTELESS)
    zones = {"Asia/Amman": "ar", "America/New_York": "en", "Asia/Tokyo": "en"}
    for contact, (zone, language) in zip(made.contacts, zones.items(), strict=True):
        session.execute(update(Contact).where(Contact.id == contact.id).values(time_zone=zone, language=language))
    session.commit()
    circulate(made, deadline=datetime(2027, 3, 5, 18, 0, tzinfo=UTC), reminders=Reminders(hours=(3,)))
    run(session, UNTIL + timedelta(days=1))
    assert sorted(told(session)) == [
        (made.contacts[0].id, datetime(2027, 3, 5, 15, 0, tzinfo=UTC)),
        (made.contacts[1].id, datetime(2027, 3, 5, 15, 0, tzinfo=UTC)),
        # At 15:00 UTC it is midnight in Tokyo, and in the morning there it is 22:00 UTC: the evening before, 21:00.
        (made.contacts[2].id, datetime(2027, 3, 5, 12, 0, tzinfo=UTC)),
    ]
    subjects = {one.contact_id: render(view(session, one, one.created_at)).subject for one in
                letters(session, LetterKind.REMINDER)}  # fmt: skip
    assert subjects[made.contacts[1].id].startswith("Reminder: Valley Coalition asks Hillside Forum to answer by ")
    assert "Reminder" not in subjects[made.contacts[0].id]


def test_several_links_that_are_due_within_the_hour_are_one_letter(session):
    made = asked(session, reminders=Reminders(hours=(3,)), deadline=datetime(2027, 3, 5, 18, 0, tzinfo=UTC))
    second = another(made)
    circulate(second, reminders=Reminders(hours=(3,)), deadline=datetime(2027, 3, 5, 18, 40, tzinfo=UTC))
    third = another(made)
    circulate(third, reminders=Reminders(hours=(3,)), deadline=datetime(2027, 3, 5, 19, 30, tzinfo=UTC))
    sign(second, 1)
    run(session, UNTIL + timedelta(days=1))
    first, last = datetime(2027, 3, 5, 15, 0, tzinfo=UTC), datetime(2027, 3, 5, 16, 30, tzinfo=UTC)
    ids = [one.id for one in made.contacts]
    assert told(session) == [(one, first) for one in ids] + [(one, last) for one in ids]
    found = [view(session, one, first) for one in letters(session, LetterKind.REMINDER)]
    assert [len(one.due) for one in found] == [2, 1, 2, 1, 1, 1]
    words = render(found[0])
    assert words.subject == "Reminder: 2 statements of Valley Coalition wait for an answer"
    assert len({one.link for one in found[0].due}) == 2
    assert all(one.link in words.text and one.link in words.html for one in found[0].due)
    # What was answered meanwhile is not in it any more.
    sign(made, 0, now=first)
    (left,) = view(session, letters(session, LetterKind.REMINDER)[0], first).due
    assert left.link == found[0].due[1].link


def another(made):
    statement = drafting.begin(made.session, NOW, made.user.id, made.coalition.id, QUOTELESS)
    made.session.expunge_all()
    made.session.rollback()
    return type(made)(made.session, made.user, made.coalition, made.members, made.contacts, statement)


def test_when_the_deadline_is_moved_the_reminders_move(session):
    made = asked(session)
    run(session, HALF)
    later = UNTIL + timedelta(days=4)
    amending.extend(session, HALF + HOUR, made.user.id, made.statement.public_id, later, "UTC")
    run(session, later)
    first = made.contacts[0].id
    assert [at for who, at in told(session) if who == first] == [
        HALF,
        NOW + timedelta(days=4),
        later - 24 * HOUR,
        datetime(2027, 3, 9, 7, 0, tzinfo=UTC),
    ]


def test_the_lead_changes_them_beforehand(session):
    made = asked(session)
    who = (made.user.id, made.statement.public_id)
    reminding.plan(session, NOW + HOUR, *who, Reminders(hours=(48, 2)))
    run(session, DAY)
    assert {at for _, at in told(session)} == {UNTIL - 48 * HOUR}
    reminding.plan(session, DAY, *who, NO_REMINDERS)
    run(session, UNTIL)
    assert {at for _, at in told(session)} == {UNTIL - 48 * HOUR}
    # What lies before the change is not made up for.
    reminding.plan(session, UNTIL - 2 * HOUR + timedelta(minutes=1), *who, Reminders(hours=(2, 1)))
    run(session, UNTIL)
    assert {at for _, at in told(session)} == {UNTIL - 48 * HOUR, UNTIL - HOUR}


def test_who_comes_to_the_roll_later_is_reminded_by_its_own_time(session):
    made = asked(session, roles=[Role.REQUIRED, Role.OBSERVER, Role.OBSERVER])
    amending_roll.change_part(
        session, NOW, made.user.id, made.statement.public_id, made.signatories[2].id, None, "Gone."
    )
    later = NOW + timedelta(days=1, hours=4)
    amending_roll.add(session, later, made.user.id, made.statement.public_id, made.members[2].id, Role.REQUIRED)
    inviting.revoke(session, later, made.user.id, made.statement.public_id, made.invitations[0].id)
    run(session, UNTIL)
    assert {who for who, _ in told(session)} == {made.contacts[2].id}
    inviting.invite(session, THREE - HOUR, made.user.id, made.statement.public_id, made.contacts[0].id)
    run(session, UNTIL)
    assert (made.contacts[0].id, THREE) in told(session)


def test_after_a_lock_that_did_not_hold_they_go_on(session):
    from workflow.rules.completion import Completion, Ending

    made = asked(session, ending=Ending(Completion.PRESS))
    for index in range(3):
        sign(made, index)
    run(session, HALF)
    assert told(session) == []
    sign(made, 0, Kind.TAKEN_BACK, now=HALF + HOUR)
    run(session, UNTIL)
    assert told(session) == [(made.contacts[0].id, DAY), (made.contacts[0].id, THREE)]


@pytest.mark.parametrize("rule", [Rule(purpose=Purpose.COMMENT), Rule(silence=True)])
def test_where_nobody_need_answer_only_who_has_not_opened_the_text_is_reminded(session, rule):
    made = asked(session, rule=rule)
    signing.open_link(session, NOW, made.invitations[1].id, 1)
    run(session, HALF)
    assert told(session) == [(made.contacts[0].id, HALF), (made.contacts[2].id, HALF)]
    words = render(view(session, letters(session, LetterKind.REMINDER)[0], HALF))
    assert "opened the text yet" in words.text
    assert "opened the text yet" in words.html


def test_a_colleague_is_reminded_in_place_of_who_handed_over(session):
    made = asked(session)
    one = made.invitations[0]
    handing.hand_over(session, LINKS, NOW, one.id, 1, Colleague("Bo", "bo@valley-coalition.example.com"))
    colleague = rows(session, Contact)[-1].id
    run(session, UNTIL)
    reminded = {contact for contact, _ in told(session)}
    assert reminded == {colleague, made.contacts[1].id, made.contacts[2].id}


def test_an_alternate_that_stands_in_is_reminded(session):
    made = asked(session)
    there = Contact(organisation_id=made.members[0].id, name="Alt", mail="alt@lake.example.org", alternate=True)
    session.add(there)
    session.commit()
    standing_in.half_way_over(session, HALF, made.circulation.id)
    run(session, UNTIL)
    assert there.id in {contact for contact, _ in told(session)}


def test_where_two_have_to_say_the_same_the_one_who_has_not_is_reminded(session):
    made, second = two(session)
    sign(made, 0)
    run(session, UNTIL)
    reminded = {contact for contact, _ in told(session)}
    assert made.contacts[0].id not in reminded
    assert second.contact_id in reminded


@pytest.mark.parametrize("void", [True, False])
def test_a_voice_that_is_void_or_taken_back_is_reminded_and_the_other_is_not(session, void):
    made, second = two(session)
    given, one = sign(made, 0), made.invitations[0]
    signing.answer(session, LINKS, NOW, second.id, second.generation, offered(made, 0))
    if void:
        found = contesting.contest(session, NOW, one.id, given.id, mail_mark(made.contacts[0].mail)).id
        contesting.resolve(session, NOW, made.user.id, made.statement.public_id, found, "void", "Forged.")
    else:
        sign(made, 0, Kind.TAKEN_BACK)
    run(session, UNTIL)
    reminded = {contact for contact, _ in told(session)}
    assert made.contacts[0].id in reminded
    assert second.contact_id not in reminded


def two(session):
    """Two contacts of the first have to say the same; gives the world and the invitation of the second."""
    made = asked(session)
    second = Contact(organisation_id=made.members[0].id, name="Bo", mail="bo@lake.example.org")
    session.add(second)
    session.execute(update(Signatory).where(Signatory.id == made.signatories[0].id).values(needed=2))
    session.commit()
    inviting.invite(session, NOW, made.user.id, made.statement.public_id, second.id)
    return made, rows(session, Invitation)[-1]


def test_no_job_waits_without_reminders(session):
    asked(session, reminders=NO_REMINDERS)
    assert waiting(session) == []


def test_two_workers_at_the_same_instant_put_one_letter(database):
    """Two jobs for one contact, one of each text: whoever comes second finds it done."""
    with database.sessions() as session:
        made = asked(session, reminders=Reminders(hours=(3,)), roles=[Role.REQUIRED, *[Role.OBSERVER] * 2])
        circulate(another(made), reminders=Reminders(hours=(3,)), roles=[Role.REQUIRED, *[Role.OBSERVER] * 2],
                  deadline=UNTIL)  # fmt: skip
    contact_id, together = made.contacts[0].id, Barrier(4)

    def work(_number: int) -> bool:
        with database.sessions() as session:
            together.wait(10)
            return reminding.remind(session, THREE, contact_id)

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(work, range(4))) == [False, False, False, True]
    with database.sessions() as session:
        assert told(session) == [(contact_id, THREE)]
