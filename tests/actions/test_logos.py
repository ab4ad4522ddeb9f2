"""Logos, on a real database: what an organisation let stand is frozen in the lock, and goes with the name."""

import pytest
from sqlalchemy import select

from tests.actions.acting import disclosed, rows, sign, stage_of
from tests.actions.test_several_voices import by, two
from tests.builders import NOW, QUOTELESS, World, circulate, logo, world
from tests.formats.publishing import PLAIN
from workflow.actions import listing as arranging
from workflow.actions import logos as acting
from workflow.actions import noting
from workflow.actions.listing import Said
from workflow.formats.markdown_file import markdown_file
from workflow.formats.plain import text_file
from workflow.formats.record_file import json_file
from workflow.models.coalition import Organisation
from workflow.models.logos import Logo
from workflow.models.publication import Publication
from workflow.queries import logos as looking
from workflow.queries.listing import listing_page, said_of
from workflow.queries.publication import by_slug
from workflow.rules.circulation import Kind
from workflow.rules.completion import Completion, Ending
from workflow.rules.listing import Manner, Style
from workflow.rules.noting import Later, LaterKind
from workflow.rules.refusals import FormRefused, NotFound


def put(made: World, index: int, shade: int = 10) -> str:
    """Give a member a logo; its digest."""
    brought = logo(shade)
    acting.put_logo(made.session, NOW, made.user.id, made.coalition.id, made.members[index].id, brought)
    return brought.digest


def remove(made: World, index: int) -> None:
    acting.remove_logo(made.session, NOW, made.user.id, made.coalition.id, made.members[index].id)


def living(session, members: int = 3, style: Style = Style.LOGOS, **how) -> World:
    made = circulate(world(session, members=members, edition=QUOTELESS), **how)
    arranging.choose(session, NOW, made.user.id, made.statement.public_id, Manner(style=style))
    return made


def public(made: World):
    (found,) = rows(made.session, Publication)
    shown = by_slug(made.session, found.slug)
    made.session.rollback()
    return shown


def logos_of(made: World) -> dict[str, str]:
    return {entry.name: entry.logo for entry in public(made).entries}


def expected(made: World) -> dict[str, str]:
    page = listing_page(made.session, made.statement.public_id)
    made.session.rollback()
    return {one.entry.name: one.entry.logo for one in page.candidates}


def listed(session) -> list[dict]:
    """What a lock has disclosed of the signatories."""
    values = [one.value for one in disclosed(session).values()]
    return sorted((one for one in values if "listed_name" in one and "text" not in one), key=str)


def test_what_was_let_stand_is_published_and_nothing_else(session):
    made = living(session, members=4)
    digests = [put(made, index, 10 + index) for index in range(3)]
    assert expected(made)["Hillside Forum"] == digests[1]  # it may still let it stand
    sign(made, 0, logo=digests[0])
    sign(made, 1)  # not this logo
    sign(made, 2, logo=digests[2], withheld=True)
    assert expected(made)["Hillside Forum"] == ""
    sign(made, 3)  # has none
    assert logos_of(made) == {"Hillside Forum": "", "Lakeside Relief": digests[0], "The Orchard Trust": ""}
    found = public(made)
    assert found.logos == {digests[0]}
    assert looking.contents(session, found.logos) == {digests[0]: logo(10).content}
    assert (found.style, found.unnamed) == (Style.LOGOS, 1)
    assert not found.listed_plainly
    session.rollback()
    whole = json_file(found).decode()
    assert digests[0] in whole and digests[0] not in found.record
    assert digests[1] not in whole and digests[2] not in whole
    for text in (text_file(found, "", PLAIN), markdown_file(found, "", PLAIN)):
        assert "Lakeside Relief" in text and "Hillside Forum" in text and "Harbour Aid" not in text


def test_in_every_other_style_no_logo_is_shown_or_disclosed(session):
    made = living(session, members=2, style=Style.COLUMNS)
    digest = put(made, 0)
    assert said_of(session, made.statement.id, made.members[0].id)[1].logo == ""
    session.rollback()
    with pytest.raises(FormRefused):
        sign(made, 0, logo=digest)
    arranging.choose(session, NOW, made.user.id, made.statement.public_id, Manner(style=Style.LOGOS))
    sign(made, 0, logo=digest)
    arranging.choose(session, NOW, made.user.id, made.statement.public_id, Manner(style=Style.COLUMNS))
    sign(made, 1)
    assert public(made).logos == frozenset()
    assert digest not in json_file(public(made)).decode()


def test_a_logo_that_was_not_shown_is_refused_and_one_that_changed_stands_nowhere(session):
    made = living(session, members=2)
    first = put(made, 0)
    with pytest.raises(FormRefused) as refused:
        sign(made, 0, logo="0" * 64)
    assert refused.value.problems["logo"].id == "logo-changed"
    sign(made, 0, logo=first)
    put(made, 0, 99)  # it has seen the first, and not this one
    assert expected(made)["Lakeside Relief"] == ""
    with pytest.raises(FormRefused):
        sign(made, 0, logo=first, person_name="Zoe")
    sign(made, 1)
    assert logos_of(made)["Lakeside Relief"] == ""


def test_replacing_or_removing_it_later_changes_nothing_that_is_published(session):
    made = living(session, members=2)
    digest = put(made, 0)
    sign(made, 0, logo=digest)
    sign(made, 1)
    before = public(made)
    put(made, 0, 99)
    remove(made, 0)
    assert public(made) == before
    assert looking.content(session, digest) == logo().content
    session.rollback()


def test_what_is_locked_is_frozen_and_an_unlock_forgets_it(session):
    made = living(session, members=2, ending=Ending(Completion.PRESS))
    digest = put(made, 0)
    sign(made, 0, logo=digest)
    sign(made, 1)
    assert stage_of(made) == "locked"
    assert listed(session) == [{"listed_name": "Hillside Forum"}, {"listed_name": "Lakeside Relief", "logo": digest}]
    sign(made, 1, Kind.TAKEN_BACK)
    assert stage_of(made) == "circulating"
    put(made, 0, 99)
    sign(made, 1)
    assert listed(session) == [{"listed_name": "Hillside Forum"}, {"listed_name": "Lakeside Relief"}]


def test_a_name_that_is_taken_back_takes_the_logo_along_and_a_mended_one_keeps_it(session):
    made = living(session, members=2)
    digests = [put(made, 0, 10), put(made, 1, 20)]
    for index in range(2):
        sign(made, index, logo=digests[index])
    who = (session, NOW, made.user.id, made.statement.public_id)
    noting.fix_name(*who, made.signatories[1].id, "Hillside Forum e.V.", "Registered.")
    assert logos_of(made) == {"Hillside Forum e.V.": digests[1], "Lakeside Relief": digests[0]}
    noting.act_at_desk(*who, made.signatories[0].id, Later(LaterKind.WITHHOLD, made.revision.digest, authority=True))
    found = public(made)
    assert found.logos == {digests[1]}
    assert digests[0] not in json_file(found).decode()


def test_individuals_stand_in_letters(session):
    made = living(session, members=2)
    digest = put(made, 0)
    said = {made.members[0].id: Said(individual=True)}
    arranging.say(session, NOW, made.user.id, made.statement.public_id, said)
    assert said_of(session, made.statement.id, made.members[0].id)[1].logo == ""
    session.rollback()
    with pytest.raises(FormRefused):
        sign(made, 0, logo=digest)


def test_contacts_who_differ_about_the_logo_do_not_say_the_same(session):
    made, zoe = two(session)
    arranging.choose(session, NOW, made.user.id, made.statement.public_id, Manner(style=Style.LOGOS))
    digest = put(made, 0)
    sign(made, 0, logo=digest)
    by(made, zoe)
    assert stage_of(made) == "circulating"
    by(made, zoe, logo=digest)
    assert stage_of(made) == "published"
    assert logos_of(made)["Lakeside Relief"] == digest


def test_former_logos_are_thrown_away_until_somebody_was_asked(session):
    made = world(session, members=2)
    first = put(made, 0)
    put(made, 1)  # the same picture, of another
    second = put(made, 0, 99)
    assert {(one.organisation_id, one.digest) for one in rows(session, Logo)} == {
        (made.members[0].id, second),
        (made.members[1].id, first),
    }
    circulate(made)
    put(made, 0, 50)
    remove(made, 0)
    assert len(rows(session, Logo)) == 3
    assert session.scalar(select(Organisation.logo).where(Organisation.id == made.members[0].id)) == ""
    session.rollback()


def test_nobody_brings_a_logo_for_the_member_of_another_or_looks_at_it(session):
    made, other = living(session), world(session, members=1, lead="Other Coalition")
    digest = put(made, 0)
    with pytest.raises(NotFound):
        acting.put_logo(session, NOW, other.user.id, made.coalition.id, made.members[0].id, logo())
    with pytest.raises(NotFound):
        acting.put_logo(session, NOW, other.user.id, other.coalition.id, made.members[0].id, logo())
    with pytest.raises(NotFound):
        acting.remove_logo(session, NOW, other.user.id, other.coalition.id, made.members[0].id)
    for look in (
        lambda: looking.content_of(session, made.members[1].id, digest),
        lambda: looking.content_on_roll(session, other.statement.public_id, digest),
        lambda: looking.content(session, "0" * 64),
    ):
        with pytest.raises(NotFound):
            look()
    assert looking.content_on_roll(session, made.statement.public_id, digest) == logo().content
    session.rollback()
