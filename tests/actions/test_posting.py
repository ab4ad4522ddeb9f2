"""Posting on a real database: jobs under leases, letters marked, and nothing secret at rest."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tests.builders import LINKS, NOW, circulate, offered, world
from tests.ground.application import settings_for
from workflow.actions import amending, circulation, codes, posting, signing
from workflow.actions import deadline as at_deadline
from workflow.actions import keys as key_actions
from workflow.actions.inviting import fresh_link, invite, revoke
from workflow.db import Base
from workflow.links import Purpose
from workflow.mail import outbox
from workflow.mail.letters import LetterView
from workflow.mail.outbox import SEND_LETTER, Draft, Kind
from workflow.mail.smtp import MemorySender, NotSent
from workflow.models.accounts import User
from workflow.models.circulation import Circulation
from workflow.models.coalition import Contact
from workflow.models.history import Event
from workflow.models.posting import Job, Letter
from workflow.queries.log import newest_checkpoint
from workflow.queries.posting import Unneeded, letter_view
from workflow.rules.circulation import Kind as Answering
from workflow.worker import KINDS, Worker, run_due

BASE = "https://sign.example.org"
LEASE = timedelta(seconds=60)


def rows(session, row):
    session.rollback()
    session.expire_all()
    found = session.scalars(select(row).order_by(row.id)).all()
    session.rollback()
    return list(found)


def claim(session, owner, limit=100, now=NOW):
    return posting.claim(session, now, owner, limit, KINDS)


def deliver(database, tmp_path, sender, now=NOW):
    return run_due(database.sessions, sender, settings_for(database.url, tmp_path), LINKS, now=lambda: now)


class Refusing:
    """A mail server that refuses everything."""

    def __init__(self, permanent=False):
        self.permanent = permanent
        self.tries = 0

    def send(self, message):
        self.tries += 1
        raise NotSent(self.permanent, "450 later")


# Claims and leases ------------------------------------------------------------------------------


def test_a_claimed_job_is_nobody_elses(session):
    circulate(world(session))
    first = claim(session, "one", limit=2)
    second = claim(session, "two")
    assert len(first) == 2
    assert len(second) == 1
    assert claim(session, "three") == []
    assert {job.job_id for job in first} & {job.job_id for job in second} == set()


def test_a_lease_that_ran_out_frees_the_job_and_a_renewed_one_does_not(session):
    circulate(world(session))
    jobs = claim(session, "one")
    posting.renew(session, NOW + LEASE / 2, "one", [jobs[0].job_id])
    again = claim(session, "two", now=NOW + LEASE)
    assert {job.job_id for job in again} == {job.job_id for job in jobs[1:]}
    posting.renew(session, NOW + LEASE, "one", [jobs[1].job_id])
    assert rows(session, Job)[2].owner == "two", "a lost lease cannot be renewed"


def test_a_clock_that_was_set_back_holds_nothing_up(session):
    circulate(world(session))
    assert len(claim(session, "one", now=NOW + timedelta(hours=1))) == 3
    assert len(claim(session, "two", now=NOW)) == 3


def test_only_known_kinds_are_taken(session):
    circulate(world(session))
    session.execute(update(Job).values(kind="of-a-later-release"))
    session.commit()
    assert claim(session, "one") == []


def test_a_code_jumps_the_queue(session):
    made = circulate(world(session), code=True)
    later = NOW + timedelta(minutes=1)
    codes.ask_code(session, later, made.invitations[2].id, 1, offered(made, 2))
    code = rows(session, Letter)[-1]
    assert code.kind == Kind.CODE
    assert claim(session, "one", limit=1, now=later)[0].subject_id == code.id


def test_two_workers_send_each_letter_once(database, tmp_path):
    with database.sessions() as session:
        circulate(world(session, members=40))
    sender = MemorySender()
    done, failures = [], []

    def work():
        try:
            done.append(deliver(database, tmp_path, sender))
        except Exception as failure:  # noqa: BLE001 - reported below
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(done) == 40
    identifiers = [letter["Message-ID"] for letter in sender.sent]
    assert len(identifiers) == len(set(identifiers)) == 40


# How letters fare -------------------------------------------------------------------------------


def test_a_letter_is_marked_sent_once_the_server_has_it(database, session, tmp_path):
    circulate(world(session))
    sender = MemorySender()
    assert deliver(database, tmp_path, sender) == 3
    assert deliver(database, tmp_path, sender) == 0
    assert [letter.sent_at for letter in rows(session, Letter)] == [NOW] * 3
    assert [job.kind for job in rows(session, Job)] == [outbox.DEADLINE]


def test_while_the_server_refuses_letters_wait_longer_each_time_and_then_go_out(database, session, tmp_path):
    circulate(world(session, members=1))
    refusing = Refusing()
    now, waits = NOW, []
    for _ in range(6):
        assert deliver(database, tmp_path, refusing, now) == 1
        (job,) = [job for job in rows(session, Job) if job.kind == SEND_LETTER]
        assert (job.owner, job.lease_until) == (None, None)
        waits.append(job.run_at - now)
        assert deliver(database, tmp_path, refusing, job.run_at - timedelta(seconds=1)) == 0
        now = job.run_at
    assert [wait.total_seconds() for wait in waits] == [30, 120, 600, 3600, 14400, 14400]
    (letter,) = rows(session, Letter)
    assert (letter.attempts, letter.last_error, letter.failed_at) == (6, "450 later", None)
    sender = MemorySender()
    assert deliver(database, tmp_path, sender, now) == 1
    (letter,) = rows(session, Letter)
    assert (letter.attempts, letter.last_error, letter.sent_at) == (7, "", now)


def test_after_two_days_of_refusals_a_letter_is_given_up(database, session, tmp_path):
    circulate(world(session, members=1), deadline=NOW + timedelta(days=9))
    refusing = Refusing()
    now = NOW
    while jobs := [job for job in rows(session, Job) if job.kind == SEND_LETTER]:
        now = jobs[0].run_at
        deliver(database, tmp_path, refusing, now)
    assert refusing.tries == posting.LAST_ATTEMPT
    assert timedelta(days=1.5) < now - NOW < timedelta(days=2.5)
    assert rows(session, Letter)[0].failed_at == now


def test_a_refusal_for_good_is_shown_at_once(database, session, tmp_path):
    circulate(world(session, members=1))
    deliver(database, tmp_path, Refusing(permanent=True))
    (letter,) = rows(session, Letter)
    assert (letter.failed_at, letter.last_error) == (NOW, "450 later")
    assert [job.kind for job in rows(session, Job)] == [outbox.DEADLINE]


def test_a_letter_that_cannot_be_written_holds_up_no_other(database, session, tmp_path):
    made = circulate(world(session))
    session.execute(update(Contact).where(Contact.id == made.contacts[0].id).values(name="A\r\nBcc: b@spy.example"))
    session.execute(update(Letter).where(Letter.contact_id == made.contacts[1].id).values(kind="unheard-of"))
    session.commit()
    sender = MemorySender()
    assert deliver(database, tmp_path, sender) == 3
    assert [letter["To"].addresses[0].addr_spec for letter in sender.sent] == [made.contacts[2].mail]
    hostile, unknown, fine = rows(session, Letter)
    assert hostile.failed_at == NOW
    assert hostile.last_error.startswith("header refused")
    assert (unknown.failed_at, unknown.sent_at) == (None, None)
    assert fine.sent_at == NOW


def test_who_lost_the_lease_cannot_fail_the_letter_but_can_tell_that_it_went(session):
    circulate(world(session, members=1))
    (lost,) = claim(session, "one")
    (held,) = claim(session, "two", now=NOW + LEASE)
    assert not posting.mark_failed(session, NOW, lost.job_id, "one", lost.subject_id, "late", permanent=True)
    assert rows(session, Letter)[0].failed_at is None
    posting.mark_sent(session, NOW, lost.job_id, lost.subject_id)
    posting.mark_failed(session, NOW, held.job_id, "two", held.subject_id, "again", permanent=True)
    (letter,) = rows(session, Letter)
    assert (letter.sent_at, letter.failed_at, letter.last_error) == (NOW, None, "")


def test_no_transaction_is_open_while_the_server_is_spoken_to(database, session, tmp_path):
    circulate(world(session, members=1))

    class Asking:
        def send(self, message):
            # A writer gets in at once: on SQLite a transaction of the worker would keep it out.
            with database.sessions() as other:
                fresh_world = world(other, lead="Another Lead")
                assert fresh_world.statement.id

    deliver(database, tmp_path, Asking())
    assert rows(session, Letter)[0].sent_at == NOW


def test_a_lease_is_renewed_while_a_server_is_slow(database, session, tmp_path):
    circulate(world(session, members=1))
    clock = [NOW]

    class Slow:
        def send(self, message):
            clock[0] = NOW + LEASE / 2
            worker.keep()
            with database.sessions() as other:
                taken.extend(claim(other, "another", now=NOW + LEASE * 1.25))

    taken: list[object] = []
    worker = Worker(database.sessions, Slow(), settings_for(database.url, tmp_path), LINKS, lambda: clock[0])
    assert worker.do_next()
    assert taken == []


# Letters of no use ------------------------------------------------------------------------------


def dropped(database, session, tmp_path, now=NOW):
    """Delivers, and gives the kinds and reasons of the letters that were dropped."""
    sender = MemorySender()
    deliver(database, tmp_path, sender, now)
    found = [(letter.kind, letter.last_error) for letter in rows(session, Letter) if letter.dropped_at]
    assert all(not letter.sent_at and not letter.failed_at for letter in rows(session, Letter) if letter.dropped_at)
    assert [job for job in rows(session, Job) if job.kind == SEND_LETTER] == []
    return found, [letter["Subject"] for letter in sender.sent]


def test_a_code_that_expired_in_the_queue_is_not_sent(database, session, tmp_path):
    made = circulate(world(session), code=True)
    deliver(database, tmp_path, MemorySender())
    codes.ask_code(session, NOW, made.invitations[0].id, 1, offered(made, 0))
    found, sent = dropped(database, session, tmp_path, NOW + timedelta(minutes=10))
    assert found == [("code", "code expired")]
    assert sent == []


def test_the_letter_of_a_revoked_link_is_not_sent(database, session, tmp_path):
    made = circulate(world(session))
    revoke(session, NOW, made.user.id, made.statement.public_id, made.invitations[1].id)
    found, sent = dropped(database, session, tmp_path)
    assert found == [("approval", "link revoked")]
    assert len(sent) == 2


def test_after_a_recall_nobody_is_asked_but_everybody_is_told(database, session, tmp_path):
    made = circulate(world(session))
    circulation.recall(session, NOW, made.user.id, made.statement.public_id)
    found, sent = dropped(database, session, tmp_path)
    assert found == [("approval", "asking ended")] * 3
    assert sent == ["Valley Coalition has recalled the statement"] * 3


def test_a_removed_contact_gets_the_receipt_and_nothing_else(database, session, tmp_path):
    made = circulate(world(session))
    signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, offered(made, 0, Answering.ABSTAIN))
    session.execute(update(Contact).where(Contact.id == made.contacts[0].id).values(removed=True))
    session.commit()
    found, sent = dropped(database, session, tmp_path)
    assert found == [("approval", "contact removed")]
    assert sum(subject.startswith("Receipt") for subject in sent) == 1


def test_a_reset_that_is_over_is_not_sent(database, session, tmp_path):
    made = world(session)
    outbox.put(session, NOW, [Draft(Kind.RESET, user_id=made.user.id)])
    session.commit()
    assert dropped(database, session, tmp_path)[0] == [("reset", "link expired")]


# What letters carry -----------------------------------------------------------------------------


def view_of(session, kind, now=NOW):
    letter = [letter for letter in rows(session, Letter) if letter.kind == kind][-1]
    view = letter_view(session, LINKS, BASE, now, letter.id)
    session.rollback()
    return view


def test_an_approval_letter_carries_the_link_of_today(session):
    made = circulate(world(session))
    invite(session, NOW, made.user.id, made.statement.public_id, made.contacts[0].id)
    view = letter_view(session, LINKS, BASE, NOW, rows(session, Letter)[0].id)
    assert isinstance(view, LetterView)
    token = LINKS.make(Purpose.APPROVAL, [made.invitations[0].id, 2])
    assert view.link == f"{BASE}/sign/{token}"
    assert len(view.link) <= 200
    assert view.reply_to == made.user.mail
    assert view.lead == "Valley Coalition"


def test_the_code_in_the_letter_is_the_code_that_counts(session):
    made = circulate(world(session), code=True)
    offer = offered(made, 0)
    challenge = codes.ask_code(session, NOW, made.invitations[0].id, 1, offer)
    view = view_of(session, "code")
    assert view.code_minutes == 10
    given = signing.answer(
        session, LINKS, NOW, made.invitations[0].id, 1, offer, challenge_id=challenge, code=view.code
    )
    assert view_of(session, "code") == Unneeded("code used or replaced")
    receipt = view_of(session, "receipt")
    assert (receipt.given.chain_head, receipt.given.digest) == (given.event_hash, made.revision.digest)
    assert receipt.checkpoint == ""  # no log has begun
    key_actions.begin(session, NOW)
    assert view_of(session, "receipt").checkpoint == newest_checkpoint(session) != ""
    assert view_of(session, "answered").checkpoint == ""
    assert receipt.link
    told = view_of(session, "answered")
    assert told.asking.missing.id == "missing.waiting"
    assert told.link == f"{BASE}/desk/statements/{made.statement.public_id}"


def test_the_publication_is_told_to_everybody_with_its_address(session):
    made = circulate(world(session))
    for index in range(3):
        signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
    to_lead = view_of(session, "published")
    assert to_lead.to.mail == made.user.mail
    assert to_lead.link == f"{BASE}/statements/seven-organisations-ask-for-the-valley-road-to-be-reopened"
    assert to_lead.digest == made.revision.digest
    published = [letter for letter in rows(session, Letter) if letter.kind == "published"]
    assert len(published) == 4
    receipt = view_of(session, "receipt")
    assert receipt.link == "", "after the lock nothing can be changed"


def test_a_letter_that_met_its_end_is_written_no_more(session):
    circulate(world(session))
    (job, *_) = claim(session, "one")
    posting.mark_sent(session, NOW, job.job_id, job.subject_id)
    assert letter_view(session, LINKS, BASE, NOW, job.subject_id) is None
    assert letter_view(session, LINKS, BASE, NOW, 999_999) is None


def test_replies_go_to_somebody_who_is_still_there(session):
    made = circulate(world(session))
    session.execute(update(User).values(removed_at=NOW))
    session.add(User(organisation_id=made.user.organisation_id, name="Noa", mail="noa@lead.example", created_at=NOW))
    session.commit()
    assert view_of(session, "approval").reply_to == "noa@lead.example"


# Deadlines --------------------------------------------------------------------------------------


def test_what_the_lead_is_told_reaches_somebody_who_is_still_there(session):
    made = circulate(world(session))
    colleague = User(organisation_id=made.user.organisation_id, name="Cy", mail="cy@example.org", created_at=NOW)
    session.add(colleague)
    session.get_one(User, made.user.id).removed_at = NOW
    session.commit()
    signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, offered(made, 0))
    view = view_of(session, "answered")
    assert isinstance(view, LetterView)
    assert (view.to.mail, view.reply_to) == ("cy@example.org", "cy@example.org")


def test_a_name_that_was_decided_is_told_also_where_that_was_the_last_thing_missing(session):
    made = circulate(world(session, members=1))
    own = offered(made, 0, listed_name="Lakeside")
    signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, own)
    who = (session, NOW, made.user.id, made.statement.public_id)
    amending.decide_name(*who, made.signatories[0].id, "Lakeside", False)
    view = view_of(session, "name_decided")
    assert isinstance(view, LetterView)
    assert (view.organisation, view.link) == ("Lakeside Relief", "")


def test_a_deadline_is_noted_once_and_told_to_the_lead(database, session, tmp_path):
    made = circulate(world(session))
    deadline = NOW + timedelta(days=2)
    sender = MemorySender()
    deliver(database, tmp_path, sender)
    assert not at_deadline.reached(session, deadline - timedelta(seconds=1), made.circulation.id)
    deliver(database, tmp_path, sender, deadline)
    assert not at_deadline.reached(session, deadline, made.circulation.id)
    assert [event.kind for event in rows(session, Event)].count(at_deadline.DEADLINE_PASSED) == 1
    assert sender.sent[-1]["To"].addresses[0].addr_spec == made.user.mail
    assert sender.sent[-1]["Subject"].startswith("The deadline has passed: Waiting for Lakeside Relief")
    assert rows(session, Job) == []


def test_a_moved_deadline_is_noted_when_it_comes(database, session, tmp_path):
    made = circulate(world(session))
    first, second = NOW + timedelta(days=2), NOW + timedelta(days=4)
    user_id, public_id = made.user.id, made.statement.public_id
    amending.extend(session, NOW, user_id, public_id, second, "UTC")
    amending.extend(session, NOW, user_id, public_id, first, "UTC")  # back again: one job, not two
    amending.extend(session, NOW, user_id, public_id, second, "UTC")
    sender = MemorySender()
    deliver(database, tmp_path, sender, first)
    assert [event.kind for event in rows(session, Event)].count(at_deadline.DEADLINE_PASSED) == 0
    deliver(database, tmp_path, sender, second)
    assert [event.kind for event in rows(session, Event)].count(at_deadline.DEADLINE_PASSED) == 1


def test_the_deadline_of_an_ended_circulation_is_nobodys_business(session):
    made = circulate(world(session))
    circulation.recall(session, NOW, made.user.id, made.statement.public_id)
    assert not at_deadline.reached(session, NOW + timedelta(days=2), made.circulation.id)
    assert not at_deadline.reached(session, NOW, 999_999)


# Nothing secret at rest -------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [False, True])
def test_no_token_code_or_draft_text_rests_where_letters_wait(database, session, tmp_path, sent):
    made = circulate(world(session), code=True)
    offer = offered(made, 0)
    challenge_id = codes.ask_code(session, NOW, made.invitations[0].id, 1, offer)
    code = view_of(session, "code").code
    fresh_link(session, NOW, made.invitations[1].id, 1)
    signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, offer, challenge_id=challenge_id, code=code)
    if sent:
        deliver(database, tmp_path, MemorySender())
    tokens = [LINKS.make(Purpose.APPROVAL, [one.id, one.generation]) for one in made.invitations]
    dump, waiting = "", ""
    for table in Base.metadata.sorted_tables:
        values = session.execute(text(f"SELECT * FROM {table.name}")).all()
        lines = "\n".join(str(value) for row in values for value in row)
        dump += lines
        if table.name in ("letters", "jobs"):
            assert values or sent
            waiting += lines
    session.rollback()
    assert not any(token in dump for token in tokens)
    assert code not in dump
    assert "valley road" not in waiting
    assert "Nobody should walk" not in waiting
    assert "valley road" in dump, "the draft itself is there: the search can find something"
    assert session.get(Circulation, made.circulation.id) is not None
