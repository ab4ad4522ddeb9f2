"""Commenting on a real database: kept with its revision, told to the lead, and deciding nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import count, letters, new_text, rows, sign, stage_of, verdict
from tests.builders import EDITION, NOW, World, circulate, world
from workflow.actions import circulation, commenting, inviting
from workflow.actions.commenting import LONGEST_COMMENT
from workflow.models.commenting import Comment
from workflow.rules.circulation import Role
from workflow.rules.people import LINK_LIFE_AFTER_DEADLINE
from workflow.rules.refusals import (
    FormRefused,
    LinkClosed,
    LinkExpired,
    LinkReplaced,
    LinkRevoked,
    TextMoved,
)

EXPIRY = NOW + timedelta(days=2) + LINK_LIFE_AFTER_DEADLINE


def remark(made: World, index: int = 0, *, now=NOW, generation: int = 1, **changes: str) -> Comment:
    values = {"digest": made.revision.digest, "person_name": "Ada Example", "text": "Say forty, not fifty."}
    return commenting.comment(made.session, now, made.invitations[index].id, generation, **{**values, **changes})


def test_a_remark_is_kept_with_its_revision_and_told_to_the_lead(session):
    made = circulate(world(session))
    kept = remark(made)
    assert (kept.signatory_id, kept.revision_id) == (made.signatories[0].id, made.revision.id)
    assert (kept.person_name, kept.text, kept.made_at) == ("Ada Example", "Say forty, not fifty.", NOW)
    (told,) = letters(session, "commented")
    assert (told.user_id, told.subject_id) == (made.user.id, kept.id)


def test_a_remark_decides_nothing(session):
    made = circulate(world(session, members=2))
    before = verdict(made)
    remark(made)
    assert verdict(made) == before
    sign(made, 0)
    remark(made, 1)
    assert stage_of(made) == "circulating"
    sign(made, 1)
    assert stage_of(made) == "published"


def test_observers_comment(session):
    made = circulate(world(session, members=2), roles=[Role.REQUIRED, Role.OBSERVER])
    remark(made, 1)
    assert count(session, Comment) == 1


def test_the_same_button_twice_is_one_remark(session):
    made = circulate(world(session))
    first, again = remark(made), remark(made)
    assert first.id == again.id
    assert remark(made, text="Another.").id != first.id
    assert remark(made, 1).id != first.id
    assert count(session, Comment) == 3


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"text": ""}, {"text"}),
        ({"person_name": ""}, {"person_name"}),
        ({"text": "", "person_name": ""}, {"text", "person_name"}),
        ({"text": "x" * (LONGEST_COMMENT + 1)}, {"text"}),
    ],
)
def test_a_remark_needs_words_and_a_name(session, changes, fields):
    made = circulate(world(session))
    with pytest.raises(FormRefused) as refused:
        remark(made, **changes)
    assert set(refused.value.problems) == fields
    assert count(session, Comment) == 0


def test_a_remark_on_a_text_that_moved_is_refused_and_not_moved(session):
    made = circulate(world(session))
    shown = made.revision.digest
    new_text(made, replace(EDITION, body="Another body."), based_on=1)
    with pytest.raises(TextMoved) as refused:
        remark(made, digest=shown)
    assert refused.value.params == {"shown": shown, "current": made.revision.digest}
    assert count(session, Comment) == 0


@pytest.mark.parametrize(
    ("refusal", "before", "now"),
    [
        (LinkRevoked, inviting.revoke, NOW),
        (LinkReplaced, inviting.invite, NOW),
        (LinkExpired, None, EXPIRY),
        (LinkClosed, circulation.recall, NOW),
        (LinkClosed, circulation.abandon, NOW),
    ],
)
def test_only_a_link_that_speaks_carries_a_remark(session, refusal, before, now):
    made = circulate(world(session))
    about = {inviting.revoke: [made.invitations[0].id], inviting.invite: [made.contacts[0].id]}.get(before, [])
    if before:
        before(session, NOW, made.user.id, made.statement.public_id, *about)
    with pytest.raises(refusal):
        remark(made, now=now)
    assert count(session, Comment) == 0


def test_after_the_publication_the_link_is_closed_for_remarks_too(session):
    made = circulate(world(session, members=1))
    sign(made, 0)
    with pytest.raises(LinkClosed) as refused:
        remark(made)
    assert refused.value.params == {"outcome": "complete"}


def test_one_link_does_not_fill_the_database(session, monkeypatch):
    monkeypatch.setattr(commenting, "COMMENTS_PER_INVITATION", 3)
    made = circulate(world(session))
    for number in range(3):
        remark(made, text=f"Remark {number}")
    with pytest.raises(FormRefused):
        remark(made, text="One more")
    remark(made, 1)
    assert [one.text for one in rows(session, Comment)][:3] == ["Remark 0", "Remark 1", "Remark 2"]
