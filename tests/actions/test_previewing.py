"""Previews: who may open an embargoed text before its instant, and what closes the links at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from tests.actions.acting import letters, reread, rows, sign, stage_of
from tests.actions.test_locked import AT, EMBARGO, HOLD, due, locked_world, reconfirm, take_back
from tests.builders import LINKS, NOW
from workflow.actions import circulation as circulating
from workflow.actions import locked, previewing
from workflow.mail.letters import LetterView, render
from workflow.models.posting import Job, Letter
from workflow.models.previewing import Preview, PreviewOpening
from workflow.queries.posting import letter_view
from workflow.queries.previewing import preview_for_page, previewed, previews_page
from workflow.rules.previewing import (
    NotEmbargoed,
    PreviewEnded,
    PreviewExpired,
    PreviewHeld,
    PreviewOver,
    PreviewPublished,
    PreviewReplaced,
    PreviewRevoked,
)
from workflow.rules.refusals import NotFound, NothingChanged
from workflow.text.addresses import Address, LinesRefused

DANA = Address("Dana Reporter", "dana@paper.example", 1)
ELI = Address("Eli Editor", "eli@radio.example", 2)


def give(made, *people, now=NOW, hours=None, zone="Europe/London"):
    who = (made.session, now, made.user.id, made.statement.public_id)
    return previewing.add(*who, people or (DANA,), language="en", time_zone=zone, hours=hours)


def press(made, preview_id=1, generation=1, now=NOW, zone="UTC"):
    previewing.open_preview(made.session, now, preview_id, generation, zone)


def test_each_gets_a_letter_of_their_own_and_each_opening_is_noted(session):
    made = locked_world(session)
    assert give(made, DANA, ELI) == 2
    assert [one.preview_id for one in letters(session, "preview")] == [1, 2]
    press(made)
    press(made, now=NOW + timedelta(hours=1), zone="Asia/Beirut")
    assert [one.opened_at for one in rows(session, PreviewOpening)] == [NOW, NOW + timedelta(hours=1)]
    dana, eli = previews_page(session, made.statement.public_id).lines
    assert (dana.openings, eli.openings) == ([NOW + timedelta(hours=1), NOW], [])
    assert dana.preview.time_zone == "Asia/Beirut"
    assert dana.standing(NOW) == "open"


def test_it_shows_exactly_what_the_lock_froze(session):
    made = locked_world(session)
    give(made)
    found = previewed(session, preview_for_page(session, 1))
    assert [one.name for one in found.entries] == sorted(one.listed_name for one in made.members)
    assert (found.counts, found.unnamed) == ((2, 0), 0)


@pytest.mark.parametrize("ending", [HOLD])
def test_only_a_locked_text_with_an_embargo_is_shown(session, ending):
    made = locked_world(session, ending)
    with pytest.raises(NotEmbargoed):
        give(made)
    again = locked_world(session, EMBARGO, lead="Another Lead")
    due(again, AT)
    with pytest.raises(NotEmbargoed):
        give(again)


def test_a_stranger_gives_and_revokes_nothing(session):
    made, other = locked_world(session), locked_world(session, lead="Other Lead")
    give(made)
    with pytest.raises(NotFound):
        previewing.add(
            session, NOW, other.user.id, made.statement.public_id, [ELI], language="en", time_zone="UTC", hours=None
        )
    for act in (previewing.revoke, previewing.renew):
        with pytest.raises(NotFound):
            act(session, NOW, other.user.id, other.statement.public_id, 1)


def test_hours_run_out_and_end_with_the_embargo_at_the_latest(session):
    made = locked_world(session)
    give(made, hours=6)
    press(made, now=NOW + timedelta(hours=6) - timedelta(seconds=1))
    with pytest.raises(PreviewExpired):
        press(made, now=NOW + timedelta(hours=6))
    give(made, ELI, hours=72, now=AT - timedelta(hours=1))
    press(made, 2, now=AT - timedelta(seconds=1))
    with pytest.raises(PreviewOver):
        press(made, 2, now=AT)
    assert len(rows(session, PreviewOpening)) == 2


def test_a_link_that_waited_until_the_instant_follows_when_that_is_moved(session):
    made = locked_world(session)
    give(made)
    locked.move_embargo(session, NOW, made.user.id, made.statement.public_id, AT + timedelta(days=1), "UTC")
    press(made, now=AT)


def test_revoked_replaced_and_given_again(session):
    made = locked_world(session)
    who = (session, NOW, made.user.id, made.statement.public_id)
    give(made)
    with pytest.raises(LinesRefused) as refused:
        give(made, ELI, Address("D", "DANA@paper.example", 7))
    assert [one.line for one in refused.value.problems] == [7]
    assert len(rows(session, Preview)) == 1, "nobody was added"
    previewing.revoke(*who, 1)
    with pytest.raises(PreviewRevoked):
        press(made)
    with pytest.raises(NothingChanged):
        previewing.revoke(*who, 1)
    give(made)
    with pytest.raises(PreviewReplaced):
        press(made)
    press(made, generation=2)
    previewing.renew(*who, 1)
    with pytest.raises(PreviewReplaced):
        press(made, generation=2)
    press(made, generation=3)


def test_recall_kills_every_link_at_once_and_another_lock_does_not_wake_it(session):
    made = locked_world(session)
    give(made)
    circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    with pytest.raises(PreviewEnded):
        press(made)


def test_unlocking_kills_every_link_for_good(session):
    made = locked_world(session)
    give(made)
    take_back(made, 0, NOW)
    assert stage_of(made) == "circulating"
    with pytest.raises(PreviewEnded):
        press(made)
    sign(reread(made), 0)
    assert stage_of(made) == "locked"
    with pytest.raises(PreviewEnded):
        press(made)
    give(made)
    press(made, generation=2)


def delivered(session):
    """Whatever waits in the outbox has gone out."""
    session.execute(update(Letter).where(Letter.sent_at.is_(None)).values(sent_at=NOW))
    session.execute(delete(Job).where(Job.kind == "send-letter"))
    session.commit()


def read(session, kind, now=NOW):
    """The letters of a kind as they would go out, or why each would not."""
    ids = session.scalars(select(Letter.id).where(Letter.kind == kind).order_by(Letter.id)).all()
    found = [letter_view(session, LINKS, "https://sign.example.org", now, one) for one in ids]
    told = [render(one) if isinstance(one, LetterView) else getattr(one, "reason", None) for one in found]
    session.rollback()
    return told


def move(made, at, now=NOW):
    locked.move_embargo(made.session, now, made.user.id, made.statement.public_id, at, "Europe/London")


def test_who_was_shown_the_text_is_told_when_the_instant_moves(session):
    made = locked_world(session)
    give(made, DANA, ELI, hours=6, zone="Asia/Beirut")
    previewing.revoke(session, NOW, made.user.id, made.statement.public_id, 2)
    delivered(session)
    move(made, AT + timedelta(days=1), NOW + timedelta(hours=5))
    assert [one.preview_id for one in letters(session, "preview_moved")] == [1], "not whose link was taken back"
    (words,) = read(session, "preview_moved", NOW + timedelta(hours=5))
    assert words.subject.startswith("The embargo was moved to 5 Mar 2027, 11:00 Asia/Beirut")
    for told in ("Friday 5 March 2027, 11:00 Asia/Beirut", "Friday 5 March 2027, 09:00 UTC"):
        assert told in words.text and told in words.html
    for told in ("Thursday 4 March 2027, 11:00 Asia/Beirut", "Thursday 4 March 2027, 09:00 UTC"):
        assert told in words.text and told in words.html
    assert "/preview/" in words.text
    (words,) = read(session, "preview_moved", NOW + timedelta(hours=6))
    assert "5 March" in words.text and "/preview/" not in words.text, "who has read it is told, though the link is over"


def test_moves_before_the_mail_has_gone_are_told_once_and_as_they_stand(session):
    made = locked_world(session)
    give(made)
    move(made, AT + timedelta(days=1))
    assert letters(session, "preview_moved") == [], "the mail with the link has not gone, and brings the instant"
    delivered(session)
    move(made, AT + timedelta(days=2))
    move(made, AT + timedelta(days=3))
    (words,) = read(session, "preview_moved")
    assert "7 March" in words.text and "5 March" in words.text and "6 March" not in words.text
    move(made, AT + timedelta(days=1))
    assert read(session, "preview_moved") == ["as before"]
    due(made, AT + timedelta(days=1))
    assert read(session, "preview_moved", AT + timedelta(days=1)) == ["preview-published"]


@pytest.mark.parametrize("by", ["recall", "take back"])
def test_who_was_shown_the_text_is_told_that_it_was_taken_back(session, by):
    made = locked_world(session)
    give(made)
    delivered(session)
    give(made, ELI)
    move(made, AT + timedelta(days=1))
    if by == "recall":
        circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    else:
        take_back(made, 0, NOW)
    assert [one.preview_id for one in letters(session, "preview_ended")] == [1], "not who was never written to"
    (words,) = read(session, "preview_ended")
    assert words.subject == "Do not publish: Valley Coalition has taken its text back"
    assert "Friday 5 March 2027, 09:00 Europe/London" in words.text
    assert "/preview/" not in words.text + words.html
    assert read(session, "preview_moved") == ["preview-ended"]
    assert read(session, "preview")[1] == "preview-ended"


def test_what_is_taken_back_twice_before_the_mail_goes_is_called_off_once(session):
    made = locked_world(session)
    give(made)
    delivered(session)
    take_back(made, 0, NOW)
    sign(reread(made), 0)
    move(made, AT + timedelta(days=1))
    give(made)
    take_back(reread(made), 0, NOW)
    assert [one.preview_id for one in letters(session, "preview_ended")] == [1]
    (words,) = read(session, "preview_ended")
    assert "Thursday 4 March 2027" in words.text, "the instant that was told"
    delivered(session)
    sign(reread(made), 0)
    give(made)
    delivered(session)
    take_back(reread(made), 0, NOW)
    assert len(letters(session, "preview_ended")) == 2, "what has gone says nothing of what comes"


def test_a_fresh_link_that_waits_brings_the_moved_instant_itself(session):
    made = locked_world(session)
    who = (session, NOW, made.user.id, made.statement.public_id)
    give(made)
    delivered(session)
    previewing.renew(*who, 1)
    move(made, AT + timedelta(days=1))
    assert letters(session, "preview_moved") == []
    assert "Friday 5 March 2027" in read(session, "preview")[1].text
    # One that waits and is replaced by another brings nothing.
    previewing.renew(*who, 1)
    newest = max(one.id for one in letters(session, "preview"))
    session.execute(delete(Job).where(Job.kind == "send-letter", Job.subject_id == newest))
    session.execute(update(Letter).where(Letter.id == newest).values(sent_at=NOW))
    session.commit()
    move(made, AT + timedelta(days=2))
    assert [one.preview_id for one in letters(session, "preview_moved")] == [1]


def test_what_was_taken_back_and_is_shown_again_is_not_called_off(session):
    made = locked_world(session)
    give(made)
    delivered(session)
    take_back(made, 0, NOW)
    sign(reread(made), 0)
    assert not isinstance(read(session, "preview_ended")[0], str)
    give(made)
    assert read(session, "preview_ended") == ["shown again"]


def test_who_was_shown_the_text_is_told_to_wait_where_it_is_held_at_its_instant(session):
    made = locked_world(session, replace(EMBARGO, validity_days=2))
    give(made, DANA, ELI, zone="Asia/Beirut")
    previewing.revoke(session, NOW, made.user.id, made.statement.public_id, 2)
    delivered(session)
    give(made, Address("Flo", "flo@paper.example", 1))
    assert not due(made, AT) and not due(made, AT + timedelta(minutes=1))
    assert [one.preview_id for one in letters(session, "preview_held")] == [1], "once, and who knows of the text"
    (words,) = read(session, "preview_held", AT)
    assert words.subject == "Not published yet: please wait with the text of Valley Coalition"
    for told in ("is not published yet", "Thursday 4 March 2027, 11:00 Asia/Beirut", "/preview/"):
        assert told in words.text and told in words.html
    with pytest.raises(PreviewHeld):
        press(made, now=AT)
    reconfirm(reread(made), 0, AT)
    reconfirm(reread(made), 1, AT)
    assert stage_of(made) == "published"
    assert read(session, "preview_held", AT) == ["preview-published"]


def test_a_held_text_whose_instant_is_moved_is_told_of_as_moved(session):
    made = locked_world(session, replace(EMBARGO, validity_days=2))
    give(made)
    delivered(session)
    due(made, AT)
    move(made, AT + timedelta(days=1), AT)
    assert read(session, "preview_held", AT) == ["moved"]
    (words,) = read(session, "preview_moved", AT)
    assert "Friday 5 March 2027" in words.text and "Thursday 4 March 2027" in words.text
    press(made, now=AT)


def test_after_the_publication_the_link_leads_to_the_public_page(session):
    made = locked_world(session)
    give(made, DANA, ELI)
    previewing.revoke(session, NOW, made.user.id, made.statement.public_id, 2)
    due(made, AT)
    assert len(previews_page(session, made.statement.public_id).lines) == 2, "the lead still sees who had one"
    with pytest.raises(PreviewPublished) as refused:
        press(made, now=AT)
    assert refused.value.slug
    with pytest.raises(PreviewRevoked):
        press(made, 2, now=AT)


def test_names_and_addresses_are_erased_a_while_after_the_instant(session):
    made = locked_world(session)
    give(made)
    press(made)
    (job,) = (one for one in rows(session, Job) if one.kind == "forget-previews")
    assert job.run_at == AT + timedelta(days=30)
    locked.move_embargo(session, NOW, made.user.id, made.statement.public_id, AT + timedelta(days=60), "UTC")
    previewing.forget(session, job.run_at, made.circulation.id)
    assert [one.mail for one in rows(session, Preview)] == ["dana@paper.example"], "it waits still"
    jobs = [one.run_at for one in rows(session, Job) if one.kind == "forget-previews"]
    assert jobs[-1] == AT + timedelta(days=90)
    due(made, AT + timedelta(days=60))
    previewing.forget(session, AT + timedelta(days=90), made.circulation.id)
    assert [(one.name, one.mail) for one in rows(session, Preview)] == [("", None)]
    assert len(rows(session, PreviewOpening)) == 1
