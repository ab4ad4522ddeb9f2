"""The files of a publication: made by a job, of the present state alone, and gone with a name that is taken back."""

from itertools import count

import pytest
from sqlalchemy import func, select, update

from tests.actions.acting import rows, sign
from tests.actions.test_logos import living, put
from tests.builders import LINKS, NOW, QUOTELESS, circulate, logo, offered, world
from workflow.actions import coalition_public, drawing, noting, signing, taking_down
from workflow.mail.drawing import DRAW
from workflow.models.drafting import Statement
from workflow.models.posting import Job
from workflow.models.public_files import PublicFile
from workflow.models.publication import Publication
from workflow.queries import publication
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.publication import FileKind
from workflow.rules.refusals import InputRefused, NotFound

BASE = "https://sign.example.org"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What is made is not looked at here, and setting type takes a second: the names stand for it."""

    def make(found, address, artwork):
        del artwork
        words = f"{address} {found.coalition} {' '.join(found.names)}".encode()
        return {FileKind.PDF: words, FileKind.CARD: None, FileKind.KIT: words}

    monkeypatch.setattr(drawing, "make_files", make)


@pytest.fixture
def made(session):
    """Three have signed, and it is published."""
    made = circulate(world(session, 3, QUOTELESS))
    for index in range(3):
        signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
    return made


def jobs(session) -> list[Job]:
    return [one for one in rows(session, Job) if one.kind == DRAW]


def files(session) -> dict[str, bytes | None]:
    found = {one.kind: one.content for one in session.scalars(select(PublicFile))}
    session.rollback()
    return found


def draw(session, made) -> bool:
    return drawing.draw(session, NOW, made.statement.id, BASE)


def test_a_publication_has_its_files_made_by_a_job_and_not_before(session):
    made = circulate(world(session, 3, QUOTELESS))
    for index in range(2):
        signing.answer(session, LINKS, NOW, made.invitations[index].id, 1, offered(made, index))
    assert jobs(session) == []
    signing.answer(session, LINKS, NOW, made.invitations[2].id, 1, offered(made, 2))
    (job,) = jobs(session)
    assert (job.subject_id, job.run_at) == (made.statement.id, NOW)
    assert files(session) == {}
    usual = {one.urgency for one in rows(session, Job) if one.kind == "send-letter"}
    assert job.urgency < max(usual)
    assert draw(session, made)
    found = files(session)
    assert f"{BASE}/statements/" in found["pdf"].decode() and "Hillside Forum" in found["pdf"].decode()
    assert found["png"] is None, "what cannot be made is a row that says so"
    assert draw(session, made) and len(files(session)) == 3


def test_a_name_taken_back_takes_the_files_with_it_in_the_same_transaction(session, made, monkeypatch):
    assert draw(session, made)
    later = Later(LaterKind.WITHHOLD, made.revision.digest, authority=True)
    who = (session, LINKS, NOW, made.invitations[1].id, 1, later)
    with monkeypatch.context() as broken:
        broken.setattr(noting.outbox, "put_later", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            noting.act(*who)
    assert "Hillside Forum" in files(session)["pdf"].decode(), "nothing happened, so nothing is gone"
    noting.act(*who)
    assert files(session) == {}
    assert len(jobs(session)) == 2
    assert draw(session, made)
    assert not any(b"Hillside Forum" in content for content in files(session).values() if content)


def test_every_note_has_the_files_made_anew(session, made):
    for number, kind in enumerate((NoteKind.CORRECTION, NoteKind.CORRECTION, NoteKind.RETRACTION), 2):
        assert draw(session, made)
        noting.note(session, NOW, made.user.id, made.statement.public_id, kind, f"It is {number} days.")
        assert files(session) == {}
        assert len(jobs(session)) == number, "also where two come in one instant"


def test_what_changes_while_files_are_made_is_never_kept(session, made, monkeypatch):
    make, seen = drawing.make_files, []

    def slowly(found, address, artwork):
        if not seen:
            noting.note(session, NOW, made.user.id, made.statement.public_id, NoteKind.CORRECTION, "It is 38 days.")
        seen.append(len(found.notes))
        return make(found, address, artwork)

    monkeypatch.setattr(drawing, "make_files", slowly)
    assert draw(session, made)
    assert seen == [0, 1]
    found = publication.by_statement(session, made.statement.id)
    assert {one.drawn_from for one in found.files} == {drawing.standing_digest(found)}


def test_what_changes_all_the_time_is_left_to_the_job_of_its_last_change(session, made, monkeypatch):
    make, numbers = drawing.make_files, count(1)

    def slowly(found, address, artwork):
        words = f"Again, {next(numbers)}."
        noting.note(session, NOW, made.user.id, made.statement.public_id, NoteKind.CORRECTION, words)
        return make(found, address, artwork)

    monkeypatch.setattr(drawing, "make_files", slowly)
    assert not draw(session, made)
    assert files(session) == {}
    assert len(jobs(session)) == 1 + drawing.ROUNDS


def test_what_was_published_before_is_drawn_after_an_upgrade_and_at_a_new_address(session, made):
    session.execute(Job.__table__.delete())
    session.commit()
    assert drawing.have_missing_drawn(session, NOW, BASE) == 1
    assert drawing.have_missing_drawn(session, NOW, BASE) == 1
    assert len(jobs(session)) == 1, "two workers that start at once put one job"
    assert draw(session, made)
    assert drawing.have_missing_drawn(session, NOW, BASE) == 0
    assert drawing.have_missing_drawn(session, NOW, "https://elsewhere.example.org") == 1


def test_what_is_taken_down_has_no_files_until_it_is_shown_again(session, made):
    assert draw(session, made)
    slug = session.scalar(select(Publication.slug))
    session.rollback()
    taking_down.take_down(session, NOW, slug, "By order of a court.")
    assert files(session) == {}
    assert draw(session, made) and files(session) == {}
    assert drawing.have_missing_drawn(session, NOW, BASE) == 0
    taking_down.restore(session, NOW, slug, "The order fell.")
    assert len(jobs(session)) == 3
    assert draw(session, made) and files(session)


def test_the_logos_that_stand_in_the_list_are_drawn_and_no_others(session, monkeypatch):
    made, drawn = living(session, members=2), []
    digests = [put(made, index, 10 + index) for index in range(2)]
    sign(made, 0, logo=digests[0])
    sign(made, 1)  # not this logo
    make = drawing.make_files
    monkeypatch.setattr(
        drawing, "make_files", lambda found, at, artwork: drawn.append(artwork) or make(found, at, artwork)
    )
    assert draw(session, made)
    assert [one.logos for one in drawn] == [{digests[0]: logo(10).content}]


def test_a_draft_has_no_files(session):
    made = world(session, 1)
    assert draw(session, made)
    assert session.scalar(select(func.count(PublicFile.id))) == 0


# The name of a coalition in public ----------------------------------------------------------------


def name(session, made, words: str) -> None:
    coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, words)


def test_a_coalition_has_a_name_in_public_only_where_its_lead_gave_it_one(session, made):
    found = publication.by_statement(session, made.statement.id)
    assert (found.coalition, found.coalition_slug) == ("", "")
    assert draw(session, made)
    name(session, made, "  Valley   Campaign ")
    assert files(session) == {} and len(jobs(session)) == 2
    found = publication.by_statement(session, made.statement.id)
    assert (found.coalition, found.coalition_slug) == ("Valley Campaign", "valley-campaign")
    name(session, made, "Valley Campaign")
    assert len(jobs(session)) == 2
    name(session, made, "Another Name")
    found = publication.by_statement(session, made.statement.id)
    assert (found.coalition, found.coalition_slug) == ("Another Name", "valley-campaign"), "an address stays"
    name(session, made, "")
    found = publication.by_statement(session, made.statement.id)
    assert (found.coalition, found.coalition_slug) == ("", "")


def test_two_coalitions_of_one_name_have_addresses_of_their_own(session, made):
    other = world(session, 1, lead="Other Lead")
    name(session, made, "Valley Campaign")
    name(session, other, "Valley Campaign")
    slugs = session.scalars(select(type(made.coalition).slug).order_by(type(made.coalition).id)).all()
    assert slugs == ["valley-campaign", "valley-campaign-2"]


def test_a_name_in_public_is_the_lead_s_to_give_and_one_line(session, made):
    other = world(session, 1, lead="Other Lead")
    with pytest.raises(NotFound):
        coalition_public.name_in_public(session, NOW, other.user.id, made.coalition.id, "Ours")
    for wrong in ("x" * 301, "a\u202eb", "=?UTF-8?Q?a?="):
        with pytest.raises(InputRefused) as caught:
            name(session, made, wrong)
        assert caught.value.field == "public_name"


def test_the_lead_is_named_only_where_it_signed_and_is_named(session, made):
    def lead() -> str:
        return publication.by_statement(session, made.statement.id).lead

    assert lead() == "", "a lead that is on no roll has chosen nothing"
    session.execute(update(Statement).values(lead_id=made.members[1].id))
    session.commit()
    assert lead() == "Hillside Forum"
    later = Later(LaterKind.WITHHOLD, made.revision.digest, authority=True)
    noting.act(session, LINKS, NOW, made.invitations[1].id, 1, later)
    assert lead() == ""
