"""The press list: who is on it, who gets which release, exactly once, and who has left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.actions.acting import letters, reread, rows, sign
from tests.actions.test_locked import AT, EMBARGO, due, locked_world
from tests.builders import LINKS, NOW, QUOTELESS, circulate, world
from tests.text.languages import ARABIC, ENGLISH
from workflow.actions import locked, noting, press
from workflow.mail.letters import render
from workflow.mail.outbox import SEND_LETTER
from workflow.models.drafting import Statement
from workflow.models.notes import Note
from workflow.models.posting import Job, Letter
from workflow.models.press import Journalist, PressChoice
from workflow.queries.posting import Unneeded, letter_view
from workflow.queries.press import chosen_ids, press_list
from workflow.rules.noting import NoteKind
from workflow.rules.refusals import NotFound, WrongStage
from workflow.text.addresses import Address, LinesRefused

LATER = AT + timedelta(days=2)
DANA, ELI, FAY = (
    Address(name, f"{name.lower()}@paper.example", number) for number, name in enumerate(("Dana", "Eli", "Fay"), 1)
)


def listed(made, *people):
    press.add(made.session, NOW, made.user.id, people or (DANA, ELI, FAY), "en")
    return [one.id for one in rows(made.session, Journalist)]


def choose(made, *ids, now=NOW):
    return press.choose(made.session, now, made.user.id, made.statement.public_id, ids)


def journalists(session, kind="release"):
    return [one.journalist_id for one in letters(session, kind)]


def test_the_release_goes_to_the_chosen_at_the_instant_and_to_nobody_before(session):
    made = locked_world(session)
    dana, eli, _fay = listed(made)
    assert choose(made, dana, eli) == 2
    assert journalists(session) == []
    assert due(made, AT)
    assert not due(made, AT)
    assert journalists(session) == [dana, eli]
    assert {one.created_at for one in letters(session, "release")} == {AT}


def test_a_release_is_in_the_language_of_its_reader_where_there_is_an_edition(session):
    made = world(session, 1, ENGLISH, translations=[ARABIC])
    for person, language in ((DANA, "ar"), (ELI, "en")):
        press.add(session, NOW, made.user.id, [person], language)
    choose(made, *[one.id for one in rows(session, Journalist)])
    sign(circulate(made), 0)
    slug = session.scalar(select(Statement.slug))
    for letter, edition, ending in zip(letters(session, "release"), (ARABIC, ENGLISH), ("/ar", ""), strict=True):
        words = render(letter_view(session, LINKS, "https://sign.example.org", NOW, letter.id)).text
        session.rollback()
        assert edition.headline in words and f"https://sign.example.org/statements/{slug}{ending}\n" in words


def test_it_is_chosen_before_the_lock_too_and_changed_until_the_publication(session):
    made = world(session, 2, QUOTELESS)
    dana, eli, fay = listed(made)
    choose(made, dana)
    circulate(made, ending=EMBARGO)
    choose(made, eli, fay)
    for index in (0, 1):
        sign(made, index)
    reread(made)
    choose(made, fay)
    due(made, AT)
    assert journalists(session) == [fay]
    with pytest.raises(WrongStage):
        choose(made, dana)


def test_whoever_publishes_the_press_is_told(session):
    """At once with the last sign-off: the same transaction."""
    made = world(session, 2, QUOTELESS)
    choose(made, *listed(made))
    circulate(made)
    for index in (0, 1):
        sign(made, index)
    assert len(journalists(session)) == 3


def test_nobody_gets_it_twice_whoever_races(database):
    with database.sessions() as session:
        made = locked_world(session)
        choose(made, *listed(made))

    def publish(_) -> bool:
        with database.sessions() as own:
            return locked.publish_due(own, AT, made.circulation.id)

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(publish, range(3))) == [False, False, True]
    with database.sessions() as session:
        assert len(journalists(session)) == 3
        assert len(letters(session, "published")) == 3


def test_codes_receipts_and_letters_to_signatories_go_before_the_press(session):
    made = locked_world(session)
    choose(made, *listed(made))
    due(made, AT)
    jobs = session.execute(
        select(Letter.kind, Job.urgency).join(Job, (Job.subject_id == Letter.id) & (Job.kind == SEND_LETTER))
    ).all()
    session.rollback()
    urgency = dict(map(tuple, jobs))
    assert urgency["release"] > urgency["published"]


def test_who_leaves_or_is_taken_off_gets_nothing_and_no_data_is_kept(session):
    made = locked_world(session)
    dana, eli, fay = listed(made)
    choose(made, dana, eli, fay)
    press.leave(session, NOW, dana)
    press.leave(session, NOW + timedelta(hours=1), dana)
    press.remove(session, NOW, made.user.id, eli)
    kept = {one.id: (one.name, one.mail) for one in rows(session, Journalist)}
    assert kept == {dana: ("", "dana@paper.example"), eli: ("", None), fay: ("Fay", "fay@paper.example")}
    assert [one.journalist_id for one in rows(session, PressChoice)] == [fay]
    due(made, AT)
    assert journalists(session) == [fay]
    for name, problem in (("Dana", "line-left"), ("Fay", "line-known")):
        with pytest.raises(LinesRefused) as refused:
            listed(made, Address(name, f"{name.upper()}@paper.example", 4))
        assert [(one.line, one.problem.id) for one in refused.value.problems] == [(4, problem)]
    listed(made, ELI)  # who was taken off can be put on again
    assert len(press_list(session, made.user.organisation_id)) == 3


def test_a_letter_that_waits_is_not_sent_to_who_left_meanwhile(session):
    made = locked_world(session)
    (dana,) = listed(made, DANA)
    choose(made, dana)
    due(made, AT)
    press.leave(session, AT, dana)
    (letter,) = letters(session, "release")
    assert isinstance(letter_view(session, LINKS, "https://sign.example.org", AT, letter.id), Unneeded)


def test_one_lead_sees_and_touches_nothing_of_the_list_of_another(session):
    made, other = locked_world(session), locked_world(session, lead="Other Lead")
    (dana,) = listed(made, DANA)
    listed(other, DANA)
    for act in (
        lambda: press.remove(session, NOW, other.user.id, dana),
        lambda: press.set_language(session, other.user.id, dana, "ar"),
        lambda: press.choose(session, NOW, other.user.id, made.statement.public_id, [dana]),
    ):
        with pytest.raises(NotFound):
            act()
    assert press.choose(session, NOW, other.user.id, other.statement.public_id, [dana]) == 0
    assert chosen_ids(session, other.statement.id) == []
    session.rollback()


@pytest.mark.parametrize("kind", [NoteKind.CORRECTION, NoteKind.RETRACTION])
def test_a_correction_and_a_retraction_go_to_the_press_where_the_lead_says_so(session, kind):
    made = locked_world(session)
    dana, eli, _fay = listed(made)
    choose(made, dana, eli)
    due(made, AT)
    who = (session, AT, made.user.id, made.statement.public_id)
    noting.note(*who, NoteKind.CORRECTION, "Ten days, not nine.")
    assert journalists(session, "release_noted") == []
    noting.note(*who, kind, "Ten, not forty.", press=True)
    assert journalists(session, "release_noted") == [dana, eli]


def words_to(made, number: int):
    """The letter about a note that was put as the `number`th, in words."""
    with made.session.begin():
        found = made.session.scalars(select(Letter.id).where(Letter.kind == "release_noted").order_by(Letter.id)).all()
        return render(letter_view(made.session, LINKS, "https://sign.example.org", LATER, found[number]))


def test_the_words_of_a_note_stand_before_the_release_in_each_letter_its_own(session):
    made = locked_world(session)
    (dana,) = listed(made, DANA)
    choose(made, dana)
    due(made, AT)
    for hours, kind, said in (
        (1, NoteKind.CORRECTION, "Ten days,\nnot <nine>."),
        (2, NoteKind.CORRECTION, "Eleven, to be exact."),
        (3, NoteKind.RETRACTION, "It was not so."),
    ):
        at = AT + timedelta(hours=hours)
        noting.note(session, at, made.user.id, made.statement.public_id, kind, said, press=True)
    first, second, third = (words_to(made, number) for number in range(3))
    head, _, release = first.text.partition("Ten days,\nnot <nine>.")
    assert head.endswith("The words of the correction:\n\n") and QUOTELESS.body[:20] not in head
    assert QUOTELESS.body[:20] in release and "Eleven" not in head
    assert "Ten days,<br>not &lt;nine&gt;.</blockquote>" in first.html.partition("<hr>")[0]
    assert "Eleven, to be exact." in second.text.partition(QUOTELESS.body[:20])[0]
    assert "Ten days" not in second.text.partition(QUOTELESS.body[:20])[0]
    assert "The words of the retraction:\n\nIt was not so." in third.text.partition(QUOTELESS.body[:20])[0]


def test_words_that_were_taken_out_stand_in_no_letter_to_the_press(session):
    made = locked_world(session)
    choose(made, *listed(made, DANA))
    due(made, AT)
    noting.note(session, AT, made.user.id, made.statement.public_id, NoteKind.CORRECTION, "Ten days.", press=True)
    session.execute(update(Note).values(text=""))
    session.commit()
    shown = words_to(made, 0)
    assert "The words of the correction" not in shown.text + shown.html and "Ten days" not in shown.text
