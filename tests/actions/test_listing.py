"""How the signatories are listed, on a real database: chosen until the lock, frozen in the publication."""

import json
from dataclasses import replace

import pytest

from tests.actions.acting import disclosed, events, new_text, rows, sign, stage_of
from tests.builders import NOW, QUOTELESS, World, circulate, world
from tests.formats.publishing import PLAIN
from workflow.actions import amending, amending_roll, noting
from workflow.actions import listing as arranging
from workflow.actions.listing import Said
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.record_file import json_file
from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Organisation
from workflow.models.listing import ListedAs
from workflow.models.publication import Publication
from workflow.queries.publication import by_slug
from workflow.rules.circulation import Kind, Purpose, Role, Rule
from workflow.rules.listing import AddresseeListed, Manner, Mark, Order, Style
from workflow.rules.noting import Later, LaterKind
from workflow.rules.refusals import FormRefused, NotFound, WrongStage

ADDRESS = "https://sign.example.org/statements/x"


def living(session, members: int = 4, countries: tuple[str, ...] = ()) -> World:
    made = world(session, members=members, edition=QUOTELESS)
    for member, country in zip(made.members, countries, strict=False):
        session.get_one(Organisation, member.id).country = country
    session.commit()
    return circulate(made)


def choose(made: World, manner: Manner) -> None:
    arranging.choose(made.session, NOW, made.user.id, made.statement.public_id, manner)


def say(made: World, said: dict[int, Said], step: tuple[int, int] | None = None) -> None:
    by_id = {made.members[at].id: one for at, one in said.items()}
    who = (made.session, NOW, made.user.id, made.statement.public_id)
    arranging.say(*who, by_id, (made.members[step[0]].id, step[1]) if step else None)


def publish(made: World):
    for index in range(len(made.members)):
        sign(made, index)
    return public(made)


def public(made: World):
    (found,) = rows(made.session, Publication)
    shown = by_slug(made.session, found.slug)
    made.session.rollback()
    return shown


def test_without_a_choice_it_is_the_alphabet_on_one_line(session):
    found = publish(living(session))
    assert found.names == ("Harbour Aid", "Hillside Forum", "Lakeside Relief", "The Orchard Trust")
    assert found.style is Style.LINE
    assert "Harbour Aid • Hillside Forum" in text_file(found, ADDRESS, PLAIN)


def test_by_country_with_a_name_for_each_code(session):
    made = living(session, countries=("SE", "International", "DE", "SE"))
    choose(made, Manner(Order.COUNTRY, Style.NUMBERED))
    text = text_file(publish(made), ADDRESS, PLAIN)
    assert (
        "Germany\n\n1. Harbour Aid\n\nSweden\n\n2. Lakeside Relief\n3. The Orchard Trust"
        "\n\nInternational\n\n4. Hillside Forum"
    ) in text
    assert "list arranged" in events(session)


def test_a_country_that_changes_after_the_lock_moves_nobody(session):
    made = living(session, members=2, countries=("SE", "DE"))
    choose(made, Manner(Order.COUNTRY))
    found = publish(made)
    with session.begin():
        for member in made.members:
            session.get_one(Organisation, member.id).country = "FR"
    assert public(made).entries == found.entries


def test_sections_signs_acronyms_and_individuals_stand_in_every_form(session):
    made = living(session)
    choose(made, Manner(Order.SECTION, Style.COLUMNS, sections=("Organisers", "Supporters")))
    say(
        made,
        {
            0: Said("Supporters", acronym="LR"),
            1: Said("Organisers", mark=Mark.UMBRELLA),
            2: Said("Organisers"),
            3: Said(mark=Mark.IDENTIFICATION, individual=True),
        },
    )
    found = publish(made)
    assert found.counts == (3, 1)
    text = text_file(found, ADDRESS, PLAIN)
    assert (
        "3 organisations\n\nOrganisers\n\nHarbour Aid\nHillside Forum†\n\nSupporters\n\nLakeside Relief (LR)"
        "\n\nOne individual\n\nThe Orchard Trust*\n\n* Affiliation"
    ) in text
    markdown = markdown_file(found, ADDRESS, PLAIN)
    assert "#### Organisers\n\n- Harbour Aid\n- Hillside Forum†" in markdown
    assert "### One individual\n\n- The Orchard Trust\\*" in markdown


def test_by_hand_with_up_and_down(session):
    made = living(session)
    choose(made, Manner(Order.HAND))
    say(made, {}, (3, -3))  # The Orchard Trust was last
    say(made, {}, (2, 1))  # Harbour Aid was second by now
    assert publish(made).names == ("The Orchard Trust", "Hillside Forum", "Harbour Aid", "Lakeside Relief")


def test_the_arabic_article_is_ignored_where_that_was_chosen(session):
    made = world(session, members=3)
    for member, name in zip(made.members, ("النور", "الوادي", "جمعية البحيرة"), strict=True):
        session.get_one(Organisation, member.id).listed_name = name
        member.listed_name = name
    session.commit()
    circulate(made)
    choose(made, Manner(article_ignored=True))
    assert publish(made).names == ("جمعية البحيرة", "النور", "الوادي")


def test_after_the_lock_nothing_is_chosen_any_more(session):
    made = living(session, members=1)
    sign(made, 0)
    assert stage_of(made) == "published"
    with pytest.raises(WrongStage):
        choose(made, Manner(Order.HAND))
    with pytest.raises(WrongStage):
        say(made, {0: Said("Organisers")})
    with pytest.raises(WrongStage):
        say(made, {}, (0, 1))


def test_nobody_arranges_the_list_of_another(session):
    made, other = living(session), world(session, members=1, lead="Other Coalition")
    with pytest.raises(NotFound):
        arranging.choose(session, NOW, other.user.id, made.statement.public_id, Manner())
    with pytest.raises(NotFound):
        arranging.say(session, NOW, made.user.id, made.statement.public_id, {other.members[0].id: Said("x")})
    with pytest.raises(NotFound):
        arranging.say(session, NOW, made.user.id, made.statement.public_id, {}, (other.members[0].id, 1))
    assert rows(session, ListedAs) == []


def test_what_is_said_of_a_withheld_signatory_is_in_no_public_byte(session):
    made = living(session, members=2, countries=("Hiddenland", "Lakeland"))
    choose(made, Manner(Order.COUNTRY))
    say(made, {0: Said("Secret section", acronym="HID", mark=Mark.UMBRELLA)})
    sign(made, 0, withheld=True)
    sign(made, 1)
    (found,) = rows(session, Publication)
    shown = public(made)
    for word in ("Hiddenland", "Secret", "HID", "umbrella"):
        assert word not in text_file(shown, ADDRESS, PLAIN) + found.record + found.manner + found.listing
        assert word not in json.dumps([one.value for one in disclosed(session).values()])


def test_a_mended_name_keeps_its_heading_and_its_signs(session):
    made = living(session, members=2)
    choose(made, Manner(Order.SECTION, sections=("Organisers",)))
    say(made, {0: Said("Organisers", acronym="LR", mark=Mark.UMBRELLA)})
    publish(made)
    who = (session, NOW, made.user.id, made.statement.public_id)
    noting.fix_name(*who, made.signatories[0].id, "Lakeside Relief Fund", "It was spelt wrongly.")
    assert "Organisers\n\nLakeside Relief Fund (LR)†" in text_file(public(made), ADDRESS, PLAIN)


# Counts in the text -------------------------------------------------------------------------------

COUNTED = replace(
    QUOTELESS,
    headline="{Organisations|words} organisations ask for the valley road",
    lead_paragraph="We are {organisations} organisations and {individuals|one:one person|other:# people}.",
)


def test_counts_are_filled_in_at_the_lock_and_signed_as_written(session):
    made = circulate(world(session, members=3, edition=COUNTED))
    say(made, {2: Said(individual=True)})
    digest = made.revision.digest
    found = publish(made)
    assert found.edition.headline == "Two organisations ask for the valley road"
    assert found.edition.lead_paragraph == "We are 2 organisations and one person."
    assert found.digest == digest
    assert found.values["counts"] == {"organisations": 2, "individuals": 1, "signatories": 3}
    assert found.values["statement"]["content"]["editions"][0]["headline"] == COUNTED.headline
    assert found.slug == "two-organisations-ask-for-the-valley-road"
    for form in (text_file(found, ADDRESS, PLAIN), markdown_file(found, ADDRESS, PLAIN)):
        assert "Two organisations ask" in form and "{" not in form
    (row,) = rows(session, Publication)
    assert row.headline == found.edition.headline


def test_a_text_without_places_has_no_counts_in_its_record(session):
    assert "counts" not in publish(living(session, members=1)).values


def test_a_withdrawal_after_the_publication_changes_no_count_in_the_text(session):
    made = circulate(world(session, members=2, edition=COUNTED))
    publish(made)
    later = Later(LaterKind.WITHDRAW, "", "Ada Example", "Director", "", authority=True)
    who = (session, NOW, made.user.id, made.statement.public_id)
    noting.act_at_desk(*who, made.signatories[0].id, later)
    found = public(made)
    assert (found.count, found.edition.headline) == (1, "Two organisations ask for the valley road")


# Who is written to ----------------------------------------------------------------------------------

ADDRESSED = replace(QUOTELESS, addressees=("Harbour Aid, Lakeside",), cc=("The Ministry",))


def test_who_is_written_to_is_not_asked_to_sign(session):
    made = world(session, members=3, edition=ADDRESSED)
    with pytest.raises(AddresseeListed) as refused:
        circulate(made)
    assert refused.value.params == {"names": ["Harbour Aid"]}
    assert stage_of(made) == "draft"


def test_who_is_written_to_may_look_on_and_never_signs(session):
    made = circulate(world(session, members=3, edition=ADDRESSED), roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER])
    who = (session, NOW, made.user.id, made.statement.public_id)
    with pytest.raises(AddresseeListed):
        amending_roll.change_part(*who, made.signatories[2].id, Role.OPTIONAL, "They want to sign.")
    assert [one.role for one in rows(session, Signatory)] == ["required", "optional", "observer"]


def test_comments_can_be_asked_of_anybody(session):
    made = circulate(world(session, members=3, edition=ADDRESSED), rule=Rule(purpose=Purpose.COMMENT))
    assert stage_of(made) == "circulating"


def test_a_new_text_is_not_addressed_to_those_who_sign(session):
    made = circulate(world(session, members=3, edition=QUOTELESS))
    with pytest.raises(AddresseeListed):
        new_text(made, ADDRESSED, based_on=1)


def test_nobody_is_added_or_named_as_who_is_written_to(session):
    made = circulate(world(session, members=2, edition=ADDRESSED))
    who = (session, NOW, made.user.id, made.statement.public_id)
    sign(made, 0, listed_name="Ministry, The")
    with pytest.raises(AddresseeListed):
        amending.decide_name(*who, made.signatories[0].id, "Ministry, The", True)
    amending.decide_name(*who, made.signatories[0].id, "Ministry, The", False)
    sign(made, 1)
    assert stage_of(made) == "published"
    with pytest.raises(FormRefused):
        noting.fix_name(*who, made.signatories[0].id, "HARBOUR AID", "It was spelt wrongly.")


# Who signed, beside the organisation --------------------------------------------------------------


def with_persons(session) -> World:
    """Three have signed: one person wants to be named, one does not, one would, and its organisation is withheld."""
    made = living(session, members=3)
    choose(made, Manner(style=Style.PERSONS))
    sign(made, 0, person_named=True, person_name="Ada Example")
    sign(made, 1, person_name="Omar Example")
    sign(made, 2, person_named=True, person_name="Jun Example", withheld=True)
    return made


def everything(made: World) -> str:
    """Every byte of the publication's forms, and of its row."""
    found = public(made)
    (row,) = rows(made.session, Publication)
    forms = (text_file(found, ADDRESS, PLAIN), markdown_file(found, ADDRESS, PLAIN), json_file(found).decode())
    return "".join((*forms, row.record, row.manner, row.listing))


def test_a_person_is_named_only_where_that_person_wants_it(session):
    made = with_persons(session)
    text = text_file(public(made), ADDRESS, PLAIN)
    assert "\n\nHillside Forum\nAda Example, Director, Lakeside Relief\n\n" in text
    assert "Omar" not in everything(made) and "Jun" not in everything(made)
    given = json.loads(json_file(public(made)))
    assert [one["value"] for one in given["persons"]] == [{"person_name": "Ada Example", "person_role": "Director"}]
    assert {one["person"] for one in given["record"]["signatories"] if "person" in one} == {
        one["commitment"] for one in given["persons"]
    }


def test_in_any_other_style_no_person_is_disclosed(session):
    made = living(session, members=1)
    sign(made, 0, person_named=True, person_name="Ada Example")
    assert "Ada" not in everything(made)
    assert "person" not in json.loads(json_file(public(made)))


def test_who_is_withheld_later_takes_the_person_along(session):
    made = with_persons(session)
    later = Later(LaterKind.WITHHOLD, "", authority=True)
    who = (session, NOW, made.user.id, made.statement.public_id)
    noting.act_at_desk(*who, made.signatories[0].id, later)
    assert "Ada" not in everything(made) and "Lakeside Relief" not in everything(made)
    assert public(made).unnamed == 2


def test_unlocking_takes_back_what_the_lock_disclosed_of_persons(session):
    made = living(session, members=1)
    circulation = made.circulation
    assert circulation is not None
    session.get_one(Circulation, circulation.id).completion = "press"
    session.commit()
    choose(made, Manner(style=Style.PERSONS))
    sign(made, 0, person_named=True, person_name="Ada Example")
    assert "Ada Example" in json.dumps([one.value for one in disclosed(session).values() if "person_name" in one.value])
    sign(made, 0, Kind.TAKEN_BACK)
    assert [one.value for one in disclosed(session).values() if "person_name" in one.value] == []
    assert rows(session, Signatory)[0].person_commitment is None
