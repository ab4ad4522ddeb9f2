"""Who asked not to be named stays unnamed until a contact asks for something else; no note names them either."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.actions.acting import invitation_of, reread, rows, sign, stage_of
from tests.actions.test_several_voices import by, need
from tests.builders import LINKS, NOW, QUOTELESS, circulate, world
from workflow.actions import amending, contesting, drafting, in_force, noting
from workflow.actions import circulation as circulating
from workflow.models.circulation import Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.models.notes import Note
from workflow.queries.contesting import mail_mark
from workflow.queries.people import withheld_before
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.completion import Completion, Ending
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.refusals import FormRefused

EMBARGO = Ending(how=Completion.EMBARGO, embargo_at=NOW + timedelta(days=5), late_until=NOW + timedelta(days=30))
OPEN_LATE = Ending(late_until=NOW + timedelta(days=30))


def later(made, index: int, kind: LaterKind, **said) -> None:
    reread(made)
    link = invitation_of(made, index)
    told = Later(kind, made.revision.digest, "Pia", "Chair", authority=True, **said)
    noting.act(made.session, LINKS, NOW, link.id, link.generation, told)


def withheld(made, index: int) -> bool:
    return rows(made.session, Signatory)[index].withheld


def two_voices(session, *more: str, **how):
    """The first needs two of its contacts, who are its own, Zoe, and more."""
    made = world(session, edition=QUOTELESS)
    for name in ("Zoe", *more):
        session.add(Contact(organisation_id=made.members[0].id, name=name, mail=f"{name}@lake.example.org"))
    session.commit()
    need(made, 2)
    circulate(made, ending=EMBARGO, **how)
    known = [one.id for one in made.contacts]
    links = [one for one in rows(session, Invitation) if one.contact_id not in known]
    for index in range(3):
        sign(made, index)
    by(made, links[0])
    assert stage_of(made) == "locked"
    later(made, 0, LaterKind.WITHHOLD)
    sign(made, 2, Kind.TAKEN_BACK)
    return made, links


def test_a_later_answer_that_is_void_gives_no_name_back(session):
    made = circulate(world(session, edition=QUOTELESS), ending=EMBARGO)
    sign(made, 0)
    again = sign(made, 0, person_role="Chair").id
    for index in (1, 2):
        sign(made, index)
    later(made, 0, LaterKind.WITHHOLD)
    found = contesting.contest(session, NOW, invitation_of(made, 0).id, again, mail_mark(made.contacts[0].mail)).id
    contesting.resolve(session, NOW, made.user.id, made.statement.public_id, found, "void", "Not theirs.")
    assert withheld(made, 0)


def test_what_a_third_contact_says_about_something_else_gives_no_name_back(session):
    made, links = two_voices(session, "Yan")
    by(made, links[1], Kind.DECLINE)
    assert withheld(made, 0)


def test_hours_for_objecting_that_end_give_no_name_back(session):
    made, _links = two_voices(session, rule=Rule(editorial_hours=4, editorial_words=5))
    who = (session, NOW, made.user.id, made.statement.public_id)
    drafting.revise(*who, replace(QUOTELESS, place="Hillside"), 1)
    in_force.put_in_force(*who, 2, editorial=True)
    in_force.objections_over(session, NOW + timedelta(hours=5), reread(made).circulation.id)
    assert withheld(made, 0)


def test_who_signs_anew_and_asks_to_be_named_is_named(session):
    made, links = two_voices(session)
    by(made, links[0])
    sign(made, 0, person_role="Chair")
    assert not withheld(made, 0)


def test_the_form_knows_that_it_asked_not_to_be_named(session):
    made = circulate(world(session, edition=QUOTELESS))
    who = (session, NOW, made.user.id, made.statement.public_id)
    of_first = (session, made.statement.id, made.members[0].id)
    assert not withheld_before(*of_first)
    sign(made, 0, withheld=True)
    assert withheld_before(*of_first)
    sign(made, 0, Kind.OBJECTION)
    assert withheld_before(*of_first)  # an objection says nothing about the name
    session.rollback()
    circulating.recall(*who)
    circulate(made)
    assert withheld_before(*of_first)
    sign(made, 0)
    assert not withheld_before(*of_first)


def published(session, **names: str):
    made = world(session, edition=QUOTELESS)
    if names:
        chosen = update(Organisation).where(Organisation.id == made.members[0].id)
        session.execute(chosen.values(name=names["name"], listed_name=names["name"]))
        session.commit()
        made.members[0].name = made.members[0].listed_name = names["name"]
    circulate(made, ending=OPEN_LATE)
    for index in range(3):
        sign(made, index)
    return made, (session, NOW, made.user.id, made.statement.public_id)


def test_the_reason_of_a_mending_goes_with_the_name(session):
    made, who = published(session)
    noting.fix_name(*who, made.signatories[0].id, "Upland Assembly", "A slip.")
    noting.fix_name(*who, made.signatories[0].id, "Highland Union", "They are not Upland Assembly any more.")
    later(made, 0, LaterKind.WITHHOLD)
    assert [one.text for one in rows(session, Note)] == ["", ""]


@pytest.mark.parametrize(
    "said", ["شكرا لإغاثة البحيرة", "قالت إِغاثة البحيرة", "الأمل وإغاثة البحيرة", "قالت إغاثة البحيرة"]
)
def test_an_arabic_name_is_found_behind_what_is_written_together_with_it(session, said):
    made, who = published(session, name="إغاثة البحيرة")
    noting.note(*who, NoteKind.CORRECTION, said)
    noting.note(*who, NoteKind.CORRECTION, "البحيرة كبيرة")
    later(made, 0, LaterKind.WITHHOLD)
    assert [one.text for one in rows(session, Note)] == ["", "البحيرة كبيرة"]


def test_no_later_note_names_who_is_not_named(session):
    made, who = published(session)
    later(made, 0, LaterKind.WITHHOLD)
    name = made.members[0].listed_name
    with pytest.raises(FormRefused) as refused:
        noting.note(*who, NoteKind.CORRECTION, f"{name.upper()} asked for it.")
    assert refused.value.problems["text"].id == "note.names-withheld"
    with pytest.raises(FormRefused):
        later(made, 0, LaterKind.WITHDRAW, text=f"We, {name}, do not stand by it.")
    assert rows(session, Note) == []
    noting.note(*who, NoteKind.CORRECTION, f"{made.members[1].listed_name} asked for it.")
    later(made, 0, LaterKind.WITHDRAW, text="We do not stand by it.")
    assert len(rows(session, Note)) == 2


def test_the_hours_for_objecting_are_not_cut_off_by_another_deadline(session):
    rule = Rule(editorial_hours=24, editorial_words=5)
    made = circulate(world(session, edition=QUOTELESS), rule=rule, roles=[Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL])
    sign(made, 2)
    who = (session, NOW, made.user.id, made.statement.public_id)
    drafting.revise(*who, replace(QUOTELESS, place="Hillside"), 1)
    in_force.put_in_force(*who, 2, editorial=True)
    with pytest.raises(FormRefused) as refused:
        amending.extend(*who, NOW + timedelta(hours=4), "UTC")
    assert refused.value.problems["deadline_day"].id == "objections-cut-off"
    amending.extend(*who, NOW + timedelta(hours=25), "UTC")
