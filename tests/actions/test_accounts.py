"""Users and their sessions on a real database: who gets in, who does not, and what ends."""

import threading
from datetime import timedelta

import argon2
import pytest
from sqlalchemy import func, select

from tests.builders import LINKS, NOW
from workflow.actions import accounts, sessions
from workflow.mail.outbox import Kind
from workflow.models.accounts import DeskSession, Tries, User
from workflow.models.coalition import Organisation
from workflow.models.posting import Job, Letter
from workflow.queries.accounts import key_hash, user_of_session
from workflow.rules.refusals import (
    AlreadySetUp,
    AlreadyThere,
    FormRefused,
    InputRefused,
    ResetRefused,
    SignInRefused,
    TooManyTries,
)
from workflow.text import passwords

MAIL, PASSWORD, HERE = "lea@valley.example.org", "a long enough password", "192.0.2.7"


def set_up(session, **changes):
    values = {
        "organisation_name": "Valley Office",
        "name": "Lea Lead",
        "mail": MAIL,
        "password": PASSWORD,
        "language": "en",
        "time_zone": "Europe/London",
    }
    return accounts.set_up(session, NOW, **{**values, **changes})


def sign_in(session, mail=MAIL, password=PASSWORD, address=HERE, now=NOW):
    return sessions.sign_in(session, LINKS, now, mail, password, address)


def count(session, row):
    session.rollback()
    return session.scalar(select(func.count()).select_from(row))


def fresh(session, user):
    session.rollback()
    session.expunge_all()
    return session.get(User, user.id)


def test_the_first_user_is_set_up_once(session):
    user = set_up(session)
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert session.get(Organisation, user.organisation_id).kept_by_id is None
    with pytest.raises(AlreadySetUp):
        set_up(session, mail="other@valley.example.org")
    assert count(session, User) == 1


def test_a_second_set_up_at_the_same_instant_is_refused(database):
    outcomes, start = [], threading.Barrier(4)

    def run(number):
        with database.sessions() as session:
            start.wait()
            try:
                set_up(session, mail=f"user{number}@valley.example.org")
                outcomes.append("set up")
            except AlreadySetUp:
                outcomes.append("refused")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["set up"]


def test_what_is_missing_is_told_all_at_once(session):
    with pytest.raises(FormRefused) as refused:
        set_up(session, name=" ", mail="nobody", password="short", language="xx", time_zone="Nowhere")
    assert {field: problem.id for field, problem in refused.value.problems.items()} == {
        "name": "missing",
        "mail": "mail-implausible",
        "password": "password-short",
        "language": "language-unknown",
        "time_zone": "zone-unknown",
    }
    assert count(session, User) == 0


def test_signing_in_begins_a_session_of_which_only_a_hash_is_kept(session):
    user = set_up(session)
    key = sign_in(session, mail="Lea@Valley.example.org")
    row = session.scalars(select(DeskSession)).one()
    assert row.key_hash == key_hash(key) != key
    assert row.ends_at == NOW + timedelta(days=14)
    assert user_of_session(session, key, NOW).id == user.id
    assert user_of_session(session, key, NOW + timedelta(days=14)) is None
    sessions.sign_out(session, NOW, key)
    assert user_of_session(session, key, NOW) is None


def test_signing_out_ends_only_that_session(session):
    set_up(session)
    here, there = sign_in(session), sign_in(session)
    sessions.sign_out(session, NOW, here)
    assert user_of_session(session, here, NOW) is None
    assert user_of_session(session, there, NOW) is not None


@pytest.mark.parametrize(
    ("mail", "password"),
    [
        (MAIL, "another long password"),
        ("nobody@valley.example.org", PASSWORD),
        ("not an address\0", PASSWORD),
        (MAIL, PASSWORD + "x" * 1000),
        (MAIL, "\ud800" * 12),
        (MAIL, ""),
    ],
)
def test_whatever_does_not_fit_is_refused_alike_after_the_same_work(session, monkeypatch, mail, password):
    set_up(session)
    looked_at = []

    class Counting:
        def verify(self, kept, typed):
            looked_at.append(argon2.extract_parameters(kept))
            assert len(typed) <= passwords.LONGEST
            return hasher.verify(kept, typed)

    hasher = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    with pytest.raises(SignInRefused) as refused:
        sign_in(session, mail=mail, password=password)
    assert refused.value.params == {}
    assert looked_at == [argon2.extract_parameters(hasher.hash("x"))]
    assert count(session, DeskSession) == 0


def test_an_address_can_be_tried_only_so_often_from_wherever(session):
    set_up(session)
    for number in range(sessions.SIGN_IN.for_mail):
        with pytest.raises(SignInRefused):
            sign_in(session, password="a wrong password", address=f"192.0.2.{number}")
    with pytest.raises(TooManyTries) as refused:
        sign_in(session, address="192.0.2.99")
    assert refused.value.params == {"minutes": 15}
    later = NOW + sessions.SIGN_IN.window
    assert sign_in(session, now=later)
    assert count(session, Tries) == 1, "what is over is not kept, and success clears the count of the mail"


def test_unknown_addresses_are_limited_alike(session):
    set_up(session)
    for _ in range(sessions.SIGN_IN.for_mail):
        with pytest.raises(SignInRefused):
            sign_in(session, mail="nobody@valley.example.org")
    with pytest.raises(TooManyTries):
        sign_in(session, mail="nobody@valley.example.org")


def test_one_client_can_try_only_so_often_and_then_uses_up_nobodys_tries(session, monkeypatch):
    set_up(session)
    monkeypatch.setattr(passwords, "fits", lambda typed, kept: False)
    for number in range(sessions.SIGN_IN.from_address):
        with pytest.raises(SignInRefused):
            sign_in(session, mail=f"user{number}@valley.example.org", address=f"2001:db8::{number:x}")
    for _ in range(sessions.SIGN_IN.for_mail):
        with pytest.raises(TooManyTries):
            sign_in(session, address="2001:db8::ffff")
    monkeypatch.undo()
    assert sign_in(session)


def test_tries_hold_over_simultaneous_sessions(database, monkeypatch):
    monkeypatch.setattr(passwords, "fits", lambda typed, kept: False)
    outcomes, start = [], threading.Barrier(8)

    def run():
        start.wait()
        for _ in range(4):
            with database.sessions() as session:
                try:
                    sign_in(session)
                except (SignInRefused, TooManyTries) as refusal:
                    outcomes.append(type(refusal))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(SignInRefused) == sessions.SIGN_IN.for_mail
    assert outcomes.count(TooManyTries) == 32 - sessions.SIGN_IN.for_mail


def test_a_link_to_choose_a_password_works_once_and_ends_all_sessions(session):
    user = set_up(session)
    key = sign_in(session)
    sessions.ask_reset(session, LINKS, NOW, MAIL, HERE)
    letter = session.scalars(select(Letter)).one()
    assert (letter.kind, letter.user_id) == (Kind.RESET, user.id)
    sessions.reset(session, NOW + timedelta(minutes=119), user.id, 1, "another long password")
    assert user_of_session(session, key, NOW) is None
    with pytest.raises(SignInRefused):
        sign_in(session)
    assert sign_in(session, password="another long password")
    with pytest.raises(ResetRefused):
        sessions.reset(session, NOW, user.id, 1, "a third long password")
    with pytest.raises(ResetRefused):
        sessions.reset(session, NOW, user.id, 2, "a third long password")


def test_a_link_that_is_too_old_or_was_never_asked_for_is_refused(session):
    user = set_up(session)
    with pytest.raises(ResetRefused):
        sessions.reset(session, NOW, user.id, 1, "another long password")
    sessions.ask_reset(session, LINKS, NOW, MAIL, HERE)
    with pytest.raises(ResetRefused):
        sessions.reset(session, NOW + timedelta(hours=2), user.id, 1, "another long password")
    with pytest.raises(InputRefused):
        sessions.reset(session, NOW, user.id, 1, "short")
    assert fresh(session, user).generation == 1


def test_asking_for_an_unknown_address_leaves_nothing_behind(session):
    user = set_up(session)
    sessions.ask_reset(session, LINKS, NOW, "nobody@valley.example.org", HERE)
    assert (count(session, Letter), count(session, Job)) == (0, 0)
    assert fresh(session, user).reset_until is None


def test_letters_with_a_link_are_few(session):
    set_up(session)
    for _ in range(sessions.RESET.for_mail):
        sessions.ask_reset(session, LINKS, NOW, MAIL, HERE)
        sessions.ask_reset(session, LINKS, NOW, "nobody@valley.example.org", HERE)
    for mail in (MAIL, "nobody@valley.example.org"):
        with pytest.raises(TooManyTries):
            sessions.ask_reset(session, LINKS, NOW, mail, HERE)
    assert count(session, Letter) == sessions.RESET.for_mail


def test_changing_the_password_ends_every_other_session(session):
    user = set_up(session)
    key = sign_in(session)
    with pytest.raises(InputRefused) as refused:
        sessions.change_password(session, LINKS, NOW, user.id, "not my password", "another long one", HERE)
    assert refused.value.field == "current"
    assert user_of_session(session, key, NOW) is not None
    new = sessions.change_password(session, LINKS, NOW, user.id, PASSWORD, "another long one", HERE)
    assert user_of_session(session, key, NOW) is None
    assert user_of_session(session, new, NOW).id == user.id


def test_a_user_added_without_a_password_gets_a_letter(session):
    user = accounts.add_user(session, NOW, "Valley Office", "Sam Second", "sam@valley.example.org", None)
    again = accounts.add_user(session, NOW, "Valley Office", "Lea Lead", MAIL, PASSWORD)
    assert user.organisation_id == again.organisation_id
    assert session.scalars(select(Letter.user_id)).all() == [user.id]
    with pytest.raises(SignInRefused):
        sign_in(session, mail="sam@valley.example.org")
    with pytest.raises(AlreadyThere):
        accounts.add_user(session, NOW, "Valley Office", "Lea", MAIL, None)
    with pytest.raises(AlreadySetUp):
        set_up(session)


def test_a_removed_user_gets_in_no_more_until_added_again(session):
    user = set_up(session)
    key = sign_in(session)
    sessions.ask_reset(session, LINKS, NOW, MAIL, HERE)
    accounts.remove_user(session, NOW, user.id)
    assert user_of_session(session, key, NOW) is None
    with pytest.raises(SignInRefused):
        sign_in(session)
    with pytest.raises(ResetRefused):
        sessions.reset(session, NOW, user.id, 1, "another long password")
    letters = count(session, Letter)
    sessions.ask_reset(session, LINKS, NOW, MAIL, HERE)
    assert count(session, Letter) == letters
    with pytest.raises(AlreadyThere):
        accounts.add_user(session, NOW, "Another Office", "Lea Lead", MAIL, PASSWORD)
    assert accounts.add_user(session, NOW, "Valley Office", "Lea Lead", MAIL, PASSWORD).id == user.id
    assert sign_in(session)


def test_preferences_are_changed_or_refused_whole(session):
    user = set_up(session)
    with pytest.raises(FormRefused):
        accounts.change_me(session, NOW, user.id, "", "ar", "Asia/Beirut")
    accounts.change_me(session, NOW, user.id, " Lea  L. ", "ar", "Asia/Beirut")
    found = fresh(session, user)
    assert (found.name, found.language, found.time_zone) == ("Lea L.", "ar", "Asia/Beirut")
