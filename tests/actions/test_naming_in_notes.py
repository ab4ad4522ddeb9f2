"""Who is counted and not named is named by no word that comes later, and nobody finds out by trying who it is."""

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.actions.acting import events, reread, rows, sign
from tests.actions.test_noting import DAY, LATE, act, published, who
from tests.actions.test_taking_down import shown, slug_of
from tests.builders import NAMES, QUOTELESS, World, circulate, world
from workflow.actions import noting, taking_down, translating
from workflow.models.coalition import Organisation
from workflow.models.notes import Note
from workflow.models.signing import CodeChallenge
from workflow.models.translations import Translation
from workflow.queries import mentions, taken_down
from workflow.queries.noting import after_page
from workflow.rules.circulation import Kind, Role
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.refusals import FormRefused

WITHHELD, FORUM = NAMES[0], NAMES[1]
FRENCH = replace(QUOTELESS, language="fr", headline="Ouvrez la route", body="La route.")


def one_withheld(session: Session, **how) -> World:
    """The first has signed, and is not to be named any more."""
    made = published(session, **how)
    act(made, 0, LaterKind.WITHHOLD)
    return made


def refused(does, *args, **how) -> dict[str, str]:
    """The ids of the problems by field."""
    with pytest.raises(FormRefused) as raised:
        does(*args, **how)
    return {field: problem.id for field, problem in raised.value.problems.items()}


def test_no_ground_of_a_takedown_names_who_is_not_named(session):
    one_withheld(session)
    slug = slug_of(session)
    ground = f"At the suit of {WITHHELD.upper()}."
    assert refused(taking_down.take_down, session, DAY, slug, ground) == {"reason": "note.names-withheld"}
    assert shown(session) == [slug] and rows(session, Note) == []
    taking_down.take_down(session, DAY, slug, f"At the suit of {FORUM}.")
    assert refused(taking_down.restore, session, DAY, slug, ground) == {"reason": "note.names-withheld"}
    assert taken_down.taken_down(session, slug).reason == f"At the suit of {FORUM}."
    session.rollback()
    taking_down.restore(session, DAY, slug, "The order was lifted.")
    assert shown(session) == [slug]


@pytest.mark.parametrize("field", ["headline", "lead_paragraph", "body", "notes", "place"])
def test_no_translation_names_who_is_not_named(session, field):
    made = one_withheld(session)
    naming = replace(FRENCH, **{field: f"Signé aussi par _{WITHHELD}_."})
    assert refused(translating.add_translation, *who(made), naming) == {field: "edition.names-withheld"}
    assert rows(session, Translation) == [] and "translation added" not in events(session)
    translating.add_translation(*who(made), replace(FRENCH, body=f"Avec {FORUM}."))


def test_a_translation_may_name_whom_the_signed_text_names(session):
    """What everybody signed stands; that of the mail's domain is weighed by itself, for many share one."""
    text = replace(QUOTELESS, body=f"The road of {WITHHELD}.")
    made = one_withheld(session, edition=text)
    domain = made.contacts[0].mail.rpartition("@")[2]
    naming = replace(FRENCH, body=f"La route de {WITHHELD}.")
    assert mentions.translation_naming(session, made.circulation.id, made.revision.parsed, naming) == ([], True)
    session.rollback()
    elsewhere = replace(naming, notes=f"Voir {domain}.")
    assert refused(translating.add_translation, *who(made), elsewhere) == {"notes": "edition.names-withheld"}
    translating.add_translation(*who(made), naming)


def test_what_was_added_before_a_name_was_withheld_is_pointed_out(session):
    made = published(session)
    translating.add_translation(*who(made), replace(FRENCH, body=f"Signé aussi par {WITHHELD}."))
    found = mentions.one_still_named(session, made.circulation, made.signatories[0].id)
    assert found == mentions.StillNamed(added=("fr",))
    assert mentions.one_still_named(session, made.circulation, made.signatories[1].id) is None
    assert mentions.withheld_still_named(session, made.circulation) == {}
    session.rollback()
    act(made, 0, LaterKind.WITHHOLD)
    assert after_page(session, made.statement.id).still_named == {made.signatories[0].id: found}


def test_no_mended_name_holds_one_that_is_not_named(session):
    made = one_withheld(session)
    place = made.signatories[1].id
    for name in (WITHHELD, f"{FORUM} and {WITHHELD}"):
        assert refused(noting.fix_name, *who(made), place, name, "") == {"name": "note.names-withheld"}
    assert rows(session, Note) == []
    noting.fix_name(*who(made), place, f"{FORUM} e.V.", "")


def test_a_name_that_holds_anothers_can_be_mended_and_names_for_editions_are_looked_at_too(session):
    arabic = replace(QUOTELESS, language="ar", headline="الطريق", body="الطريق مغلق.")
    made = one_withheld(session, translations=[arabic])
    place = made.signatories[1].id
    with_withheld = {"ar": f"منتدى {WITHHELD}"}
    problems = refused(noting.fix_name, *who(made), place, "Hillside Council", "", names=with_withheld)
    assert problems == {"name-in-ar": "note.names-withheld"}
    session.execute(
        update(Organisation)
        .where(Organisation.id == made.members[1].id)
        .values(name=f"Friends of {WITHHELD}", listed_name=f"Friends of {WITHHELD}")
    )
    session.commit()
    noting.fix_name(*who(made), place, f"Friends of {WITHHELD} e.V.", "", names={"ar": ""})


def everybody(session: Session) -> World:
    """A roll of seven: the first two have signed, of whom one is withheld; one has declined, others said nothing."""
    return one_withheld(session, members=7)


@pytest.mark.parametrize("named", [0, 2, 3, 4])
def test_words_that_come_by_a_link_are_refused_alike_whoever_they_name(session, named):
    """Withheld, outstanding or named: the refusal is the same, so trying tells nothing."""
    made = everybody(session)
    said = f"We signed beside {NAMES[named]}."
    assert refused(act, made, 1, LaterKind.WITHDRAW, text=said) == {"text": "note.names-others"}
    assert refused(act, made, 5, LaterKind.SIGN_LATE, text=said) == {"text": "note.names-others"}
    assert rows(session, Note) == []


def test_a_withdrawal_names_who_declined_and_who_is_listed_no_more_than_who_is_withheld(session):
    made = circulate(world(session, 4, QUOTELESS), roles=[Role.REQUIRED] * 3 + [Role.OPTIONAL], ending=LATE)
    sign(made, 3, Kind.DECLINE)
    sign(made, 0, withheld=True)
    sign(made, 1)
    sign(made, 2)
    made = reread(made)
    for named in (0, 1, 3):
        problems = refused(act, made, 2, LaterKind.WITHDRAW, text=f"Beside {NAMES[named]}, no more.")
        assert problems == {"text": "note.names-others"}, NAMES[named]
    act(made, 2, LaterKind.WITHDRAW, text="We do not stand by it.")


def test_dropping_names_one_by_one_finds_nobody(session):
    made = everybody(session)
    guess = [one for one in NAMES if one != FORUM]
    while guess:
        said = f"We signed beside {', '.join(guess)}."
        assert refused(act, made, 1, LaterKind.WITHDRAW, text=said) == {"text": "note.names-others"}
        guess.pop(0)
    act(made, 1, LaterKind.WITHDRAW, text="We signed beside others.")
    assert rows(session, CodeChallenge) == []


def test_ones_own_name_may_stand_there_unless_one_is_withheld(session):
    made = everybody(session)
    withheld = {"text": "note.names-withheld"}
    assert refused(act, made, 0, LaterKind.WITHDRAW, text=f"We, {WITHHELD}, go.") == withheld
    late = f"We, {NAMES[2]}, come."
    assert refused(act, made, 2, LaterKind.SIGN_LATE, text=late, withheld=True) == withheld
    act(made, 1, LaterKind.WITHDRAW, text=f"We, {FORUM}, go.")
    act(made, 2, LaterKind.SIGN_LATE, text=late)
    assert [one.text for one in rows(session, Note)] == [f"We, {FORUM}, go.", late]


def test_the_lead_names_whom_it_knows_to_be_named(session):
    made = everybody(session)
    noting.note(*who(made), NoteKind.CORRECTION, f"{NAMES[3]} was asked, and {FORUM} signed.")
    told = Later(LaterKind.WITHDRAW, "", "Ada Example", "Chair", f"{NAMES[3]} told us.")
    noting.act_at_desk(*who(made), made.signatories[1].id, told)
    naming = replace(told, text=f"{WITHHELD} told us.")
    assert refused(noting.act_at_desk, *who(made), made.signatories[0].id, naming) == {"text": "note.names-withheld"}
