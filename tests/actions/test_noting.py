"""After the publication: withdrawal, late sign-offs, mended and withheld names, correction, retraction."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.actions.acting import contacts_of, events, letters, reread, rows, sign, stage_of
from tests.builders import LINKS, NOW, QUOTELESS, World, circulate, world
from tests.formats.publishing import PLAIN
from tests.prove.invariants import violations
from workflow.actions import coalition, noting
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.record import PublicStatement
from workflow.formats.record_file import json_file
from workflow.models.circulation import Invitation
from workflow.models.drafting import Statement
from workflow.models.history import Disclosure
from workflow.models.notes import Note
from workflow.models.posting import Job
from workflow.models.publication import Publication
from workflow.queries import public_lists, publication
from workflow.rules.circulation import Role
from workflow.rules.completion import Completion, Ending
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.refusals import (
    FormRefused,
    LateSigningOver,
    LinkExpired,
    LinkReplaced,
    LinkRevoked,
    NotFound,
    NothingChanged,
    ObserversDoNotSign,
    TextMoved,
    WrongStage,
)
from workflow.text.digest import commitment
from workflow.text.membership import ContactValues

DAY = NOW + timedelta(days=1)
LATE = Ending(late_until=NOW + timedelta(days=10))


def published(session: Session, *, members: int = 3, signing: int = 2, ending: Ending = LATE, **how) -> World:
    """The first `signing` are required and have signed; the others are optional."""
    roles = how.pop("roles", [Role.REQUIRED] * signing + [Role.OPTIONAL] * (members - signing))
    lead = f"Lead {len(rows(session, Statement))}"
    text, translations = how.pop("edition", QUOTELESS), how.pop("translations", ())
    made = circulate(world(session, members, text, lead, translations), roles=roles, ending=ending, **how)
    for index in range(signing):
        sign(made, index)
    return reread(made)


def act(made: World, index: int, kind: LaterKind, *, now=DAY, **changes: object) -> None:
    values = {"person_name": "Ada Example", "person_role": "Chair", "authority": True, **changes}
    later = Later(kind, values.pop("digest", made.revision.digest), **values)
    noting.act(made.session, LINKS, now, made.invitations[index].id, 1, later)


def who(made: World):
    return made.session, DAY, made.user.id, made.statement.public_id


def public(made: World) -> PublicStatement:
    made.session.rollback()
    (row,) = rows(made.session, Publication)
    found = publication.by_slug(made.session, row.slug)
    made.session.rollback()
    return found


def test_the_list_of_statements_counts_who_stands_by_a_text_now(session):
    made = published(session)

    def counted() -> int:
        (line,), _ = public_lists.published(session, 1, 10)
        session.rollback()
        return line.signatories

    assert counted() == 2
    act(made, 2, LaterKind.SIGN_LATE)
    assert counted() == 3
    act(made, 0, LaterKind.WITHDRAW)
    assert counted() == 2


def test_a_withdrawal_is_a_dated_note_and_the_record_stays(session):
    made = published(session)
    before = public(made)
    act(made, 0, LaterKind.WITHDRAW, text="We were misled.")
    after = public(made)
    assert (after.record, after.record_digest) == (before.record, before.record_digest)
    assert after.names == ("Hillside Forum",)
    assert (after.count, len(after.listing)) == (1, 2)
    words = text_file(after, "https://x.example.org", PLAIN)
    assert "2 March 2027 – Lakeside Relief: Withdrew its sign-off\nWe were misled." in words
    assert "One signatory as of 2 March 2027, 2 at publication" in words
    (told,) = json.loads(json_file(after))["notes"]
    assert told.pop("said") == commitment(told.pop("salt"), {"text": "We were misled."})
    assert told == {
        "at": "2027-03-02T09:00:00Z",
        "event": after.notes[0].event,
        "kind": "withdrawal",
        "signatory": after.notes[0].commitment,
        "text": "We were misled.",
    }
    assert [one.facts["act"] for one in letters(session, "later_receipt")] == ["withdraw"]
    assert len(letters(session, "later_told")) == 1
    assert len(letters(session, "noted")) == 3
    assert violations(session) == []
    with pytest.raises(NotFound):
        act(made, 0, LaterKind.WITHDRAW)
    with pytest.raises(NotFound):
        act(made, 2, LaterKind.WITHDRAW)  # has not signed


def test_the_lead_records_a_withdrawal_and_the_member_is_told_at_once(session):
    made = published(session)
    later = Later(LaterKind.WITHDRAW, "", "Ada Example", "Chair", "By telephone.")
    noting.act_at_desk(*who(made), made.signatories[0].id, later)
    assert public(made).names == ("Hillside Forum",)
    (note,) = rows(session, Note)
    assert (note.user_id, note.invitation_id, note.person_name) == (made.user.id, None, "Ada Example")
    assert [one.contact_id for one in letters(session, "later_receipt")] == [made.contacts[0].id]
    assert letters(session, "later_told") == []
    with pytest.raises(NotFound):
        noting.act_at_desk(*who(made), made.signatories[2].id, Later(LaterKind.SIGN_LATE, "", "A", "B", authority=True))


def test_who_signs_late_stands_apart_until_the_declared_day(session):
    made = published(session)
    act(made, 2, LaterKind.SIGN_LATE)
    found = public(made)
    assert found.names == ("Hillside Forum", "Lakeside Relief")
    assert found.late == (("Harbour Aid", DAY),)
    words = text_file(found, "https://x.example.org", PLAIN)
    assert "3 signatories as of 2 March 2027, 2 at publication" in words
    assert "2 March 2027 – Harbour Aid: Signed after the publication" in words
    with pytest.raises(NotFound):
        act(made, 2, LaterKind.SIGN_LATE)
    with pytest.raises(NotFound):
        act(made, 0, LaterKind.SIGN_LATE)
    act(made, 2, LaterKind.WITHDRAW)
    assert public(made).late == ()
    assert violations(session) == []


def test_late_is_until_the_declared_day_and_not_after(session):
    made = published(session)
    act(made, 2, LaterKind.SIGN_LATE, now=LATE.late_until)
    other = published(session, ending=Ending())
    with pytest.raises(LateSigningOver):
        act(other, 2, LaterKind.SIGN_LATE)
    third = published(session)
    with pytest.raises(LateSigningOver):
        act(third, 2, LaterKind.SIGN_LATE, now=LATE.late_until + timedelta(seconds=1))


def test_a_late_sign_off_needs_a_person_with_authority_and_no_observer(session):
    made = published(session, roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER], signing=1)
    for wrong in ({"authority": False}, {"person_name": ""}, {"person_role": ""}):
        with pytest.raises(FormRefused):
            act(made, 1, LaterKind.SIGN_LATE, **wrong)
    with pytest.raises(ObserversDoNotSign):
        act(made, 2, LaterKind.SIGN_LATE)
    with pytest.raises(TextMoved):
        act(made, 1, LaterKind.SIGN_LATE, digest="0" * 64)
    assert rows(session, Note) == []


def test_a_named_signatory_becomes_withheld_and_is_counted_still(session):
    made = published(session)
    act(made, 0, LaterKind.WITHHOLD)
    found = public(made)
    assert (found.names, found.count, found.unnamed) == (("Hillside Forum",), 2, 1)
    for form in (text_file(found, "x", PLAIN), markdown_file(found, "x", PLAIN), json_file(found).decode()):
        assert "Lakeside" not in form.replace("Lakeside, 1 March", "").replace('"place":"Lakeside"', "")
    assert "2 organisations, one of which asked for its name to be withheld for safety" in text_file(found, "x", PLAIN)
    assert not [one for one in rows(session, Disclosure) if one.value == {"listed_name": "Lakeside Relief"}]
    assert violations(session) == []
    with pytest.raises(NothingChanged):
        act(made, 0, LaterKind.WITHHOLD)
    act(made, 0, LaterKind.WITHDRAW)
    assert "An organisation that asked not to be named: Withdrew" in text_file(public(made), "x", PLAIN)


def test_words_of_notes_that_hold_the_name_go_with_it(session):
    made = published(session)
    noting.note(*who(made), NoteKind.CORRECTION, "LAKESIDE relief was told a wrong date.")
    noting.note(*who(made), NoteKind.CORRECTION, f"{'The road is long. ' * 20}See www.Lakeside-Relief.example.org.")
    noting.note(*who(made), NoteKind.CORRECTION, "The road is 9 miles long.")
    noting.act_at_desk(*who(made), made.signatories[0].id, Later(LaterKind.WITHHOLD, "", authority=True))
    assert [one.text for one in public(made).notes] == ["", "", "The road is 9 miles long."]
    assert "taken out for the safety" in text_file(public(made), "x", PLAIN)
    assert events(session)[-1] == "name withheld"


def test_a_sign_off_can_be_withheld_from_the_beginning(session):
    made = circulate(world(session, 2, QUOTELESS))
    sign(made, 0, withheld=True)
    sign(made, 1)
    found = public(made)
    assert (found.names, found.count, found.unnamed) == (("Hillside Forum",), 2, 1)
    assert len(found.values["signatories"]) == 2
    assert not [one for one in rows(session, Disclosure) if one.value == {"listed_name": "Lakeside Relief"}]
    assert violations(session) == []


def test_where_every_organisation_is_to_be_named_none_can_be_withheld(session):
    made = circulate(world(session, 2, QUOTELESS), ending=Ending(withheld_allowed=False))
    with pytest.raises(FormRefused):
        sign(made, 0, withheld=True)


def test_a_withheld_name_before_the_publication(session):
    made = published(session, ending=Ending(Completion.PRESS))
    assert stage_of(made) == "locked"
    act(made, 0, LaterKind.WITHHOLD)
    assert not [one for one in rows(session, Disclosure) if one.value == {"listed_name": "Lakeside Relief"}]


def test_a_name_is_mended_without_new_sign_offs(session):
    made = published(session)
    noting.fix_name(*who(made), made.signatories[0].id, "Lakeside Relief e.V.", "")
    found = public(made)
    assert found.names == ("Hillside Forum", "Lakeside Relief e.V.")
    assert not [one for one in rows(session, Disclosure) if one.value == {"listed_name": "Lakeside Relief"}]
    assert [one.facts["act"] for one in letters(session, "later_receipt")] == ["name-fix"]
    with pytest.raises(NothingChanged):
        noting.fix_name(*who(made), made.signatories[0].id, "Lakeside Relief e.V.", "")
    with pytest.raises(FormRefused) as refused:  # nobody is to stand there twice by a slip of the pen
        noting.fix_name(*who(made), made.signatories[0].id, "hillside forum", "")
    assert refused.value.problems["name"].id == "note.anothers-name"
    noting.fix_name(*who(made), made.signatories[0].id, "Lakeside Relief Society", "")
    assert "Lakeside Relief Society" in public(made).names
    act(made, 0, LaterKind.WITHHOLD)
    assert (public(made).names, public(made).unnamed) == (("Hillside Forum",), 1)
    with pytest.raises(NotFound):
        noting.fix_name(*who(made), made.signatories[0].id, "Lakeside", "")
    assert violations(session) == []


def test_a_correction_and_a_retraction_stand_beside_the_original(session):
    made = published(session)
    before = public(made)
    noting.note(*who(made), NoteKind.CORRECTION, "It is 38 days.")
    noting.note(*who(made), NoteKind.RETRACTION, "The figures were wrong.")
    after = public(made)
    assert stage_of(made) == "retracted"
    assert after.record == before.record
    words = text_file(after, "x", PLAIN)
    assert words.startswith("Retracted on 2 March 2027")
    assert "Correction\nIt is 38 days." in words
    assert len(letters(session, "noted")) == 6
    assert events(session)[-2:] == ["corrected", "retracted"]
    with pytest.raises(WrongStage):
        noting.note(*who(made), NoteKind.RETRACTION, "Once more.")
    noting.note(*who(made), NoteKind.CORRECTION, "A note still can be added.")
    with pytest.raises(WrongStage):
        act(made, 2, LaterKind.SIGN_LATE)
    assert violations(session) == []


@pytest.mark.parametrize("kind", [NoteKind.CORRECTION, NoteKind.RETRACTION])
def test_the_same_note_is_not_published_twice_by_a_second_press(session, kind):
    made = published(session)
    noting.note(*who(made), kind, "It is 38 days.")
    with pytest.raises(NothingChanged):
        noting.note(*who(made), kind, "It is 38 days.")
    assert len(public(made).notes) == 1 and len(letters(session, "noted")) == 3
    noting.note(*who(made), NoteKind.CORRECTION, "It is 39 days.")
    noting.note(*who(made), NoteKind.CORRECTION, "It is 38 days.")
    assert len(public(made).notes) == 3, "what came between may have to be taken back"


def test_a_note_needs_words_and_a_publication(session):
    made = published(session)
    with pytest.raises(FormRefused):
        noting.note(*who(made), NoteKind.CORRECTION, "")
    locked = published(session, ending=Ending(Completion.PRESS))
    with pytest.raises(WrongStage):
        noting.note(*who(locked), NoteKind.CORRECTION, "Too early.")
    with pytest.raises(WrongStage):
        act(locked, 0, LaterKind.WITHDRAW)


def test_an_expired_link_does_nothing_later(session):
    made = published(session)
    with pytest.raises(LinkExpired):
        act(made, 0, LaterKind.WITHDRAW, now=NOW + timedelta(days=60))


def test_another_address_and_a_removed_contact_say_nothing_later_by_the_old_link(session):
    made = published(session)
    where = (session, DAY, made.user.id, made.coalition.id)
    values = {"name": "Bo Example", "mail": "bo@lakeside.example.org", "language": "en", "time_zone": "UTC"}
    changed = ContactValues(**values)
    assert not coalition.change_contact(*where, made.members[0].id, made.contacts[0].id, changed)
    with pytest.raises(LinkReplaced):
        act(made, 0, LaterKind.WITHDRAW)
    coalition.remove_contact(*where, made.members[1].id, made.contacts[1].id)
    with pytest.raises(LinkRevoked):
        act(made, 1, LaterKind.WITHDRAW)
    assert rows(session, Note) == []


def told(session: Session, note: str) -> list[int | None]:
    return contacts_of([one for one in letters(session, "noted") if one.facts["note"] == note])


def test_every_note_is_mailed_to_everybody_who_was_asked_and_to_nobody_else(session):
    """Whoever has a receipt of a late sign-off, or of a mended name, is not told a second time."""
    made, other = published(session), published(session)
    revoked = made.invitations[2].id
    everybody = sorted(one.contact_id for one in made.invitations)
    act(made, 2, LaterKind.SIGN_LATE)
    assert told(session, "late") == everybody[:2]
    noting.fix_name(*who(made), made.signatories[0].id, "Lakeside Relief e.V.", "")
    assert told(session, "name-fix") == everybody[1:]
    act(made, 1, LaterKind.WITHDRAW)
    assert told(session, "withdrawal") == everybody
    session.execute(update(Invitation).where(Invitation.id == revoked).values(revoked_at=DAY))
    session.commit()
    for kind in (NoteKind.CORRECTION, NoteKind.RETRACTION):
        noting.note(*who(made), kind, "It is so.")
        assert told(session, kind.value) == everybody[:2], "not by a link that was revoked"
    strangers = {one.contact_id for one in other.invitations}
    assert not strangers & {one.contact_id for one in letters(session, "noted")}


def test_many_who_sign_late_are_told_of_together(session):
    """One letter some minutes later stands for all who signed until then; the next one waits as long again."""
    made = published(session, members=6)
    for index, minutes in ((2, 0), (3, 9), (4, 11), (5, 12)):
        act(made, index, LaterKind.SIGN_LATE, now=DAY + timedelta(minutes=minutes))
    late = [one for one in letters(session, "noted") if one.facts["note"] == "late"]
    assert sorted({one.created_at for one in late}) == [DAY, DAY + timedelta(minutes=11)]
    due = {job.run_at for job in rows(session, Job) if job.subject_id in {one.id for one in late}}
    assert due == {DAY + timedelta(minutes=10), DAY + timedelta(minutes=21)}
