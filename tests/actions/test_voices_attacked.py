"""What must not come of several voices: no objection is overlooked, no name is public that enough asked to withhold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import reread, rows, sign, stage_of, verdict
from tests.builders import LINKS, NOW, QUOTELESS, circulate, offered, world
from workflow.actions import contesting, drafting, in_force, signing, standing_in
from workflow.models.circulation import Signatory
from workflow.models.coalition import Contact
from workflow.queries.contesting import mail_mark
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.completion import Completion, Ending

HOLDS = Rule(objections_hold=True)
ROLES = [Role.OPTIONAL, Role.REQUIRED, Role.REQUIRED]
LATE = NOW + timedelta(days=2, minutes=1)


def several(session, contacts=2, needed=2, **how):
    """Lakeside needs so many of its contacts; gives the world and their links."""
    made = world(session, edition=QUOTELESS)
    for number in range(1, contacts):
        mail = f"c{number}@lake.example.org"
        session.add(Contact(organisation_id=made.members[0].id, name=f"C{number}", mail=mail))
    session.commit()
    standing_in.need(session, NOW, made.user.id, made.coalition.id, made.members[0].id, needed)
    circulate(made, **how)
    return made, [one for one in made.invitations if one.signatory_id == made.signatories[0].id]


def by(made, link, kind=Kind.SIGN_OFF, now=NOW, **changes):
    given = offered(made, 0, kind, **changes)
    return signing.answer(made.session, LINKS, now, link.id, link.generation, given).id


def missing(made):
    return [one.id for one in verdict(made).missing]


def test_an_objection_in_time_is_not_undone_by_a_colleague_who_signs_late(session):
    made, (ada, zoe) = several(session, rule=HOLDS, roles=ROLES)
    by(made, ada, Kind.OBJECTION)
    sign(made, 1)
    by(made, zoe, now=LATE)
    sign(made, 2)
    assert stage_of(made) == "circulating"
    assert missing(made) == ["missing.objects"]


@pytest.mark.parametrize("kind", [Kind.DECLINE, Kind.ABSTAIN])
def test_an_objection_is_not_undone_by_a_colleague_who_says_something_else(session, kind):
    made, (ada, zoe, cleo) = several(session, contacts=3, rule=HOLDS, roles=ROLES)
    by(made, ada, Kind.OBJECTION)
    by(made, zoe, kind)
    sign(made, 1)
    sign(made, 2)
    assert missing(made) == ["missing.objects"]
    by(made, cleo, kind)
    assert missing(made) == ["missing.objects"]


def test_an_objection_holds_while_what_a_colleague_signed_is_contested(session):
    made, (ada, zoe) = several(session, rule=HOLDS, roles=ROLES)
    by(made, ada, Kind.OBJECTION)
    signed = by(made, zoe)
    sign(made, 1)
    contesting.contest(session, NOW, ada.id, signed, mail_mark(made.contacts[0].mail))
    sign(made, 2)
    assert stage_of(made) == "circulating"
    assert missing(made) == ["missing.contested"]


def test_an_objection_in_time_that_is_said_again_late_holds_still(session):
    made = circulate(world(session, edition=QUOTELESS), rule=HOLDS, roles=ROLES)
    sign(made, 0, Kind.OBJECTION)
    sign(made, 1)
    sign(made, 2)
    sign(made, 0, Kind.OBJECTION, now=LATE, text="To be clear: not the second paragraph.")
    assert stage_of(made) == "circulating"


def test_a_late_objection_of_one_does_not_undo_that_of_another_in_time(session):
    made, (ada, zoe) = several(session, rule=HOLDS, roles=ROLES)
    by(made, ada, Kind.OBJECTION)
    sign(made, 1)
    sign(made, 2)
    by(made, zoe, Kind.OBJECTION, now=LATE)
    assert stage_of(made) == "circulating"


def test_who_is_withheld_stays_so_when_another_voice_is_void(session):
    made, (ada, zoe, cleo) = several(session, contacts=3)
    by(made, ada, withheld=True)
    by(made, zoe, withheld=True)
    by(made, cleo)
    void = by(made, cleo, listed_name="Lakeside")
    contest = contesting.contest(session, NOW, ada.id, void, mail_mark(made.contacts[0].mail)).id
    contesting.resolve(session, NOW, made.user.id, made.statement.public_id, contest, "void", "We rang.")
    assert rows(session, Signatory)[0].withheld


def test_who_is_withheld_stays_so_over_an_editorial_change(session):
    rule = Rule(editorial_hours=1, editorial_words=10)
    made, (ada, zoe, cleo) = several(session, contacts=3, rule=rule, ending=Ending(Completion.PRESS))
    by(made, ada, withheld=True)
    by(made, zoe, withheld=True)
    about = (session, NOW, made.user.id, made.statement.public_id)
    drafting.revise(*about, replace(QUOTELESS, body=QUOTELESS.body.replace("forty", "40")), 1)
    in_force.put_in_force(*about, 2, editorial=True)
    reread(made)
    by(made, cleo)
    in_force.objections_over(session, NOW + timedelta(hours=1), made.circulation.id)
    (one, *_) = rows(session, Signatory)
    assert (one.voices, one.withheld) == (2, True)
