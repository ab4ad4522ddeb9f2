"""What the letter of a moved deadline tells: the old and the new one, and that what was answered stands."""

from dataclasses import replace
from datetime import timedelta

from tests.actions.acting import letters, new_text, rows, sign
from tests.actions.test_amending_roll import change
from tests.actions.test_several_voices import by, two
from tests.builders import LINKS, NOW, QUOTELESS, World, circulate, world
from workflow.actions import amending
from workflow.mail.letters import render
from workflow.models.circulation import Invitation
from workflow.queries.posting import letter_view
from workflow.rules.circulation import Kind, Role, Rule

DAY = timedelta(days=1)
DEADLINE = NOW + 2 * DAY


def extend(made: World, until, *soft) -> None:
    amending.extend(made.session, NOW, made.user.id, made.statement.public_id, until, "UTC", *soft)


def told_of_another_deadline(session, at=NOW) -> dict[int, str]:
    """The texts of the letters of a moved deadline, by contact."""
    views = [
        letter_view(session, LINKS, "https://sign.example.org", at, one.id) for one in letters(session, "extended")
    ]
    found = {}
    for one, view in zip(letters(session, "extended"), views, strict=True):
        words = render(view)
        assert "/sign/" in words.text
        found[one.contact_id] = f"{words.subject}\n{words.text}\n{words.html}"
    return found


def test_who_has_answered_is_told_that_it_stands_and_only_the_others_are_asked(session):
    made = circulate(world(session, members=5, edition=QUOTELESS))
    for index, kind in enumerate((Kind.SIGN_OFF, Kind.OBJECTION, Kind.DECLINE, Kind.TAKEN_BACK)):
        if kind is Kind.TAKEN_BACK:
            sign(made, index)
        sign(made, index, kind)
    extend(made, DEADLINE + DAY)
    told = told_of_another_deadline(session)
    said = ("has signed", "has objected", "has declined to sign")
    for one, words in zip(made.contacts, said, strict=False):
        assert f"{words}, and that stands: there is nothing for you to do." in told[one.id]
        assert "asks" not in told[one.id].partition("\n")[0] and "Answer by" not in told[one.id]
    for one in made.contacts[3:]:
        assert "to answer by" in told[one.id].partition("\n")[0] and "Answer by: Thursday 4 March" in told[one.id]
        assert "nothing for you to do" not in told[one.id]
    for words in told.values():
        assert "The deadline was: Wednesday 3 March 2027" in words and "Thursday 4 March 2027" in words


def test_a_sign_off_to_the_text_before_does_not_stand_for_another_deadline(session):
    made = circulate(world(session, edition=QUOTELESS))
    sign(made, 0)
    new_text(made, replace(QUOTELESS, headline="The road must open"), based_on=1)
    extend(made, DEADLINE + DAY)
    assert "to answer by" in told_of_another_deadline(session)[made.contacts[0].id]


def test_under_silence_another_deadline_asks_nobody_for_an_answer(session):
    made = circulate(world(session, edition=QUOTELESS), rule=Rule(silence=True))
    extend(made, DEADLINE + DAY)
    told = told_of_another_deadline(session)[made.contacts[0].id]
    assert "silence counts as agreement until 4 Mar 2027" in told and "The deadline is now: Thursday" in told
    assert "asks" not in told and "Answer by" not in told
    sign(made, 1, Kind.OBJECTION)
    extend(made, DEADLINE + 2 * DAY)
    told = told_of_another_deadline(session)[made.contacts[0].id]
    assert "was broken" in told and "Answer by" not in told and "silence counts" not in told


def test_the_soft_deadline_of_before_is_told_where_that_was_moved(session):
    made = circulate(world(session, edition=QUOTELESS), soft=NOW + DAY)
    extend(made, DEADLINE, NOW + DAY + timedelta(hours=3))
    told = told_of_another_deadline(session)[made.contacts[0].id]
    assert "Until now you were asked to answer by: Tuesday 2 March 2027, 09:00" in told
    assert "Please answer by: Tuesday 2 March 2027, 12:00" in told
    assert "The deadline was" not in told


def test_where_several_have_to_say_the_same_only_those_are_asked_who_have_not(session):
    made, zoe = two(session, roles=[Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL])
    by(made, zoe)
    (first,) = [one for one in rows(session, Invitation) if one.id == made.invitations[0].id]
    extend(made, DEADLINE + DAY)
    told = told_of_another_deadline(session)
    assert "What you have answered for Lakeside Relief stands" in told[zoe.contact_id]
    assert "to answer by" in told[first.contact_id].partition("\n")[0]


def test_an_observer_is_told_until_when_comments_are_welcome(session):
    made = circulate(world(session, edition=QUOTELESS), roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER])
    extend(made, DEADLINE + DAY)
    told = told_of_another_deadline(session)[made.contacts[2].id]
    assert "Comments are welcome until: Thursday" in told and "The deadline was: Wednesday" in told
    assert "answer" not in told


def test_what_was_signed_before_it_was_made_an_observer_is_not_said_to_stand(session):
    made = circulate(world(session, edition=QUOTELESS))
    sign(made, 0)
    change(made, 0, Role.OBSERVER)
    extend(made, DEADLINE + DAY)
    told = told_of_another_deadline(session)[made.contacts[0].id]
    assert "Comments are welcome until: Thursday" in told and "has signed" not in told
