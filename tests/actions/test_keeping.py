"""Keeping on a real database: what is typed is there until it is saved, and goes when it is of no use any more."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import count, rows
from tests.builders import EDITION, NOW, circulate, offered, world
from workflow.actions import circulation, drafting, keeping, signing
from workflow.actions.keeping import Words
from workflow.models.accounts import User
from workflow.models.keeping import KeptDraft
from workflow.models.posting import Job
from workflow.queries.keeping import kept_draft, kept_lines, other_editors
from workflow.rules.refusals import InputRefused, NotFound, NothingChanged, WrongStage

TYPED = replace(EDITION, headline="Half typed")


def words(made, key="aaaa", number=1, edition=TYPED, public_id=None, **more):
    public_id = made.statement.public_id if public_id is None else public_id
    return Words(key, public_id, 1, number, {"headline": edition.headline, "body": edition.body}, edition, **more)


def keep(made, *given, user=None, now=NOW, **more):
    return keeping.keep(made.session, now, (user or made.user).id, words(made, *given, **more))


def colleague(made, name="Noor Example"):
    user = User(
        organisation_id=made.user.organisation_id,
        name=name,
        mail=f"{name.split()[0].lower()}@valley.example.org",
        created_at=NOW,
    )
    made.session.add(user)
    made.session.commit()
    return user


def test_what_is_typed_is_kept_in_place_of_what_this_editor_kept_before(session):
    made = world(session)
    assert keep(made, "aaaa", 1)
    assert keep(made, "aaaa", 2, edition=replace(TYPED, headline="Typed on \0 \ud800"), now=NOW + timedelta(minutes=1))
    (kept,) = rows(session, KeptDraft)
    assert kept.fields == {"headline": "Typed on \0 \ud800", "body": EDITION.body}
    assert (kept.user_id, kept.statement_id, kept.number, kept.based_on) == (made.user.id, made.statement.id, 2, 1)
    assert kept.kept_at == NOW + timedelta(minutes=1)


def test_what_arrives_late_does_not_replace_what_was_typed_later(session):
    made = world(session)
    keep(made, "aaaa", 7)
    keep(made, "aaaa", 6, edition=replace(TYPED, headline="Earlier"))
    (kept,) = rows(session, KeptDraft)
    assert (kept.number, kept.fields["headline"]) == (7, "Half typed")


def test_two_editors_and_two_users_keep_beside_each_other(session):
    made = world(session)
    other = colleague(made)
    keep(made, "aaaa")
    keep(made, "bbbb", edition=replace(TYPED, headline="Other tab"), now=NOW + timedelta(minutes=1))
    keep(made, "aaaa", user=other)
    who = (session, made.user.id, made.statement.id)
    assert [line.key for line in kept_lines(*who, [])] == ["bbbb", "aaaa"]
    assert [line.key for line in kept_lines(*who, ["bbbb"])] == ["aaaa"]
    assert [line.key for line in kept_lines(session, other.id, made.statement.id, [])] == ["aaaa"]
    assert kept_lines(session, made.user.id, None, []) == []
    seen = other_editors(*who, NOW - timedelta(hours=1))
    assert [(one.name, one.seen_at) for one in seen] == [("Noor Example", NOW)]
    assert other_editors(*who, NOW) == []


def test_colleagues_of_another_organisation_are_not_seen(session):
    made, foreign = world(session), world(session, lead="Other Lead")
    keep(made)
    assert other_editors(session, foreign.user.id, made.statement.id, NOW - timedelta(days=1)) == []
    with pytest.raises(NotFound):
        kept_draft(session, foreign.user.id, "aaaa")
    with pytest.raises(NotFound):
        keeping.throw_away(session, foreign.user.id, "aaaa")
    with pytest.raises(NotFound):
        keep(made, user=foreign.user)
    assert count(session, KeptDraft) == 1


def test_words_that_are_saved_already_are_not_kept(session):
    made = world(session)
    assert not keep(made, edition=EDITION)
    keep(made, "aaaa", 1)
    assert not keep(made, "aaaa", 2, edition=EDITION)
    assert count(session, KeptDraft) == 0


def test_saving_lets_go_in_the_same_transaction(session):
    made = world(session)
    keep(made, "aaaa", 3)
    keep(made, "bbbb", 5)
    keep(made, "cccc", 5)
    who = (session, NOW, made.user.id, made.statement.public_id)
    with pytest.raises(NotFound):
        drafting.revise(session, NOW, made.user.id, "no such", TYPED, 1, [("aaaa", 9)])
    assert count(session, KeptDraft) == 3
    drafting.revise(*who, TYPED, 1, [("aaaa", 9), ("bbbb", 4)])
    assert [kept.key for kept in rows(session, KeptDraft)] == ["bbbb", "cccc"]
    with pytest.raises(NothingChanged):
        drafting.revise(*who, TYPED, 2, [("bbbb", 5)])
    assert [kept.key for kept in rows(session, KeptDraft)] == ["cccc"]
    assert not keep(made, "aaaa", 3), "a straggler of the editor that was saved"


def test_a_new_statement_is_kept_before_it_is_begun(session):
    made = world(session)
    blank = replace(EDITION, headline=" ", body="", label="", ends="", quotes=())
    assert not keep(made, public_id="", edition=blank)
    assert keep(made, public_id="")
    (kept,) = rows(session, KeptDraft)
    assert kept.statement_id is None
    assert [line.key for line in kept_lines(session, made.user.id, None, [])] == ["aaaa"]
    drafting.begin(session, NOW, made.user.id, made.coalition.id, TYPED, [("aaaa", 1)])
    assert count(session, KeptDraft) == 0
    assert not keep(made, public_id="", number=2), "a straggler of the editor that was saved"


def test_an_editor_that_goes_on_with_kept_words_takes_their_place(session):
    made = world(session)
    keep(made, "aaaa", 3)
    keep(made, "bbbb", 1, taken_up=(("aaaa", 2),))
    assert len(rows(session, KeptDraft)) == 2, "typed on in the first editor since"
    keep(made, "bbbb", 2, taken_up=(("aaaa", 3),))
    assert [kept.key for kept in rows(session, KeptDraft)] == ["bbbb"]


def test_what_cannot_be_saved_as_it_is_can_be_kept(session):
    made = world(session)
    assert keep(made, edition=replace(EDITION, date="yesterday", body="x" * 300_000))
    with pytest.raises(InputRefused):
        keep(made, "bbbb", edition=replace(EDITION, body="x" * 600_001))
    assert count(session, KeptDraft) == 1


def test_nobody_keeps_without_end(session):
    made = world(session)
    for number in range(keeping.MOST_KEPT + 3):
        keep(made, f"{number:04}", now=NOW + timedelta(minutes=number))
    keys = [kept.key for kept in rows(session, KeptDraft)]
    assert len(keys) == keeping.MOST_KEPT
    assert "0002" not in keys
    assert "0003" in keys


def test_a_closed_text_is_not_typed_into(session):
    made = circulate(world(session, members=1))
    keep(made)
    signing.answer(session, None, NOW, made.invitations[0].id, 1, offered(made, 0))
    with pytest.raises(WrongStage):
        keep(made, "bbbb")


def test_what_is_of_no_use_any_more_is_forgotten_hour_by_hour(session):
    made = world(session)
    keep(made, "aaaa")
    keep(made, "new!", public_id="")
    (job,) = [job for job in rows(session, Job) if job.kind == keeping.FORGET_KEPT]
    assert (job.run_at, job.dedupe_key) == (NOW + timedelta(hours=1), "forget-kept/2027-03-01T10:00:00Z")
    later = NOW + timedelta(hours=1)
    assert keeping.forget(session, later) == 0
    due = sorted(job.run_at for job in rows(session, Job) if job.kind == keeping.FORGET_KEPT)
    assert due == [later, later + timedelta(hours=1)]
    circulation.abandon(session, later, made.user.id, made.statement.public_id)
    assert keeping.forget(session, later) == 1
    assert [kept.key for kept in rows(session, KeptDraft)] == ["new!"]
    assert keeping.forget(session, NOW + keeping.KEPT_FOR - timedelta(seconds=1)) == 0
    assert keeping.forget(session, NOW + keeping.KEPT_FOR) == 1
    assert count(session, KeptDraft) == 0


def test_thrown_away_is_gone(session):
    made = world(session)
    keep(made)
    keeping.throw_away(session, made.user.id, "aaaa")
    assert count(session, KeptDraft) == 0
    with pytest.raises(NotFound):
        keeping.throw_away(session, made.user.id, "aaaa")


def test_many_at_one_instant_keep_the_newest_and_wait_for_one_forgetting(database):
    with database.sessions() as session:
        made = world(session)

    def one(number: int) -> bool:
        with database.sessions() as session:
            return keep(replace(made, session=session), "aaaa", number)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(1, 25)))
    with database.sessions() as session:
        (kept,) = rows(session, KeptDraft)
        assert kept.number == 24
        assert len([job for job in rows(session, Job) if job.kind == keeping.FORGET_KEPT]) == 1
