"""The operator's legal takedown: what it hides, what it keeps, who is told."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.actions.acting import events, letters, rows, stage_of
from tests.actions.test_noting import DAY, published
from tests.builders import EDITION
from tests.prove.invariants import violations
from workflow.actions import noting, taking_down, translating
from workflow.models.notes import Note
from workflow.models.publication import Publication
from workflow.models.translations import Translation
from workflow.queries import public_lists, publication, taken_down
from workflow.rules.noting import NoteKind
from workflow.rules.refusals import FormRefused, NotFound, NothingChanged

GROUND = "By order of the valley court of 2 March 2027."


def slug_of(session) -> str:
    return rows(session, Publication)[-1].slug


def shown(session) -> list[str]:
    found = [one.slug for one in public_lists.published(session, 1, 20)[0]]
    assert found == [one.slug for one in publication.newest(session, 20)]
    assert len(found) == len(publication.newest_ids(session, 20))
    assert [one for one in found if publication.by_slug(session, one) is None] == []
    session.rollback()
    return found


def test_it_is_gone_from_every_public_query_and_stays_in_the_database(session):
    made = published(session)
    published(session)
    first, second = (one.slug for one in rows(session, Publication))
    assert shown(session) == [second, first]
    taking_down.take_down(session, DAY, first, GROUND)
    assert shown(session) == [second]
    assert publication.by_slug(session, first) is None
    down = taken_down.taken_down(session, first)
    record = next(one for one in rows(session, Publication) if one.slug == first)
    assert (down.at, down.reason, down.record_digest) == (DAY, GROUND, record.record_digest)
    assert down.digest == made.revision.digest
    assert taken_down.taken_down(session, second) is None
    assert stage_of(made) == "published"
    assert "taken down" in events(session)
    assert violations(session) == []


def test_it_is_told_to_everybody_who_was_asked_and_to_the_lead(session):
    published(session)
    note = taking_down.take_down(session, DAY, slug_of(session), GROUND)
    told = letters(session, "taken_down")
    assert len(told) == 4  # three contacts and the lead
    assert {one.subject_id for one in told} == {note.id}
    assert letters(session, "noted") == []


def test_no_translation_is_added_while_it_is_down_and_nobody_is_told_of_one(session):
    made = published(session)
    who = (session, DAY, made.user.id, made.statement.public_id)
    french = replace(EDITION, language="fr", headline="Ouvrez la route")
    taking_down.take_down(session, DAY, slug_of(session), GROUND)
    with pytest.raises(FormRefused) as refused:
        translating.add_translation(*who, french)
    assert refused.value.problems["sure"].id == "edition.taken-down"
    assert letters(session, "noted") == [] and rows(session, Translation) == []
    taking_down.restore(session, DAY, slug_of(session), GROUND)
    assert translating.add_translation(*who, french).language == "fr"


def test_it_can_be_undone_and_done_again_each_time_with_a_note(session):
    published(session)
    slug = slug_of(session)
    taking_down.take_down(session, DAY, slug, GROUND)
    with pytest.raises(NothingChanged):
        taking_down.take_down(session, DAY, slug, GROUND)
    taking_down.restore(session, DAY, slug, "The order was lifted.")
    with pytest.raises(NothingChanged):
        taking_down.restore(session, DAY, slug, "Again.")
    assert shown(session) == [slug]
    found = publication.by_slug(session, slug)
    assert [one.kind for one in found.notes] == [NoteKind.TAKEDOWN, NoteKind.RESTORED]
    session.rollback()
    taking_down.take_down(session, DAY, slug, "Another order.")
    assert shown(session) == []
    assert taken_down.taken_down(session, slug).reason == "Another order."


def test_the_note_cannot_be_changed_or_deleted(session):
    published(session)
    taking_down.take_down(session, DAY, slug_of(session), GROUND)
    for statement in ("UPDATE notes SET kind = 'restored'", "UPDATE notes SET text = 'x'", "DELETE FROM notes"):
        with pytest.raises(DBAPIError):
            session.execute(text(statement))
        session.rollback()


def test_it_needs_a_ground_and_something_that_was_published(session):
    published(session)
    with pytest.raises(FormRefused):
        taking_down.take_down(session, DAY, slug_of(session), "")
    for slug in ("no-such-statement", "a\0b", ""):
        with pytest.raises(NotFound):
            taking_down.take_down(session, DAY, slug, GROUND)
    assert rows(session, Note) == []


def test_what_is_noted_meanwhile_shows_when_it_is_shown_again(session):
    made = published(session)
    slug = slug_of(session)
    taking_down.take_down(session, DAY, slug, GROUND)
    noting.note(session, DAY, made.user.id, made.statement.public_id, NoteKind.RETRACTION, "It is wrong.")
    assert shown(session) == []
    taking_down.restore(session, DAY, slug, "Lifted.")
    assert publication.by_slug(session, slug).retracted
