"""Coalitions on a real database: members and contacts kept by one lead, out of reach of any other."""

import threading

import pytest
from sqlalchemy import event, func, select

from tests.builders import NOW, circulate, world
from workflow.actions import coalition
from workflow.actions.circulation import recall
from workflow.actions.inviting import revoke
from workflow.models.coalition import Contact, Member, Organisation
from workflow.queries import coalition as looking
from workflow.rules.circulation import Role
from workflow.rules.refusals import AlreadyThere, FormRefused, InputRefused, InUse, NotFound
from workflow.text.importing import read_members
from workflow.text.membership import ContactValues, MemberValues

HEAD = "organisation,listed_name,country,role,contact_name,contact_email,language,time_zone\n"
PAT = ContactValues("Pat Example", "pat@ferry.example.com", "ar", "Asia/Beirut")


def member_of(made, organisation_id):
    made.session.rollback()
    return looking.member(made.session, made.coalition.id, organisation_id)


def add(made, name="Ferry Friends", contact=PAT, **values):
    return coalition.add_member(
        made.session, NOW, made.user.id, made.coalition.id, MemberValues(name, **values), contact
    )


def imported(made, text):
    return coalition.import_members(made.session, NOW, made.user.id, made.coalition.id, read_members(text.encode()))


def test_a_coalition_has_one_name_within_its_lead(session):
    made, other = world(session), world(session, lead="Hill Coalition")
    again = coalition.create(session, NOW, made.user.id, " River  campaign ")
    assert again.name == "River campaign"
    with pytest.raises(AlreadyThere):
        coalition.create(session, NOW, made.user.id, "River campaign")
    coalition.create(session, NOW, other.user.id, "River campaign")
    with pytest.raises(AlreadyThere):
        coalition.rename(session, NOW, made.user.id, again.id, made.coalition.name)
    with pytest.raises(InputRefused):
        coalition.rename(session, NOW, made.user.id, again.id, " ")
    coalition.rename(session, NOW, made.user.id, again.id, "Lake campaign")
    session.rollback()
    lines = looking.coalitions_of(session, made.user.organisation_id)
    assert {(one.name, one.members) for one in lines} == {(made.coalition.name, 3), ("Lake campaign", 0)}


def test_a_member_is_added_with_its_first_contact(session):
    made = world(session)
    found = member_of(made, add(made, country="Ireland", role="observer"))
    assert (found.name, found.listed_name, found.country, found.role) == (
        "Ferry Friends",
        "Ferry Friends",
        "Ireland",
        "observer",
    )
    [contact] = found.contacts
    assert (contact.name, contact.mail, contact.language, contact.time_zone) == (
        "Pat Example",
        "pat@ferry.example.com",
        "ar",
        "Asia/Beirut",
    )
    with pytest.raises(AlreadyThere):
        add(made)


def test_every_problem_of_a_new_member_is_told_and_nothing_is_kept(session):
    made = world(session)
    with pytest.raises(FormRefused) as refused:
        add(made, name=" ", contact=ContactValues("", "pat", "zz", "Nowhere"), role="boss")
    assert set(refused.value.problems) == {
        "name",
        "role",
        "contact_name",
        "contact_mail",
        "contact_language",
        "contact_time_zone",
    }
    session.rollback()
    assert len(looking.memberships(session, made.coalition.id)) == 3


def test_an_organisation_taken_out_and_added_again_is_the_same_one(session):
    made = world(session)
    organisation_id = add(made)
    coalition.remove_member(session, NOW, made.user.id, made.coalition.id, organisation_id)
    with pytest.raises(NotFound):
        member_of(made, organisation_id)
    assert add(made) == organisation_id
    assert len(member_of(made, organisation_id).contacts) == 1


def test_the_lead_joins_its_own_coalition_once_as_itself(session):
    made = world(session)
    lead_id = made.user.organisation_id
    assert coalition.add_lead(session, NOW, made.user.id, made.coalition.id) == lead_id
    coalition.add_lead(session, NOW, made.user.id, made.coalition.id)
    found = member_of(made, lead_id)
    assert found.is_lead and found.role == "required"
    with pytest.raises(AlreadyThere):
        add(made, name="Valley Coalition")
    coalition.change_member(
        session, NOW, made.user.id, made.coalition.id, lead_id, MemberValues("Something else", "The Valley")
    )
    found = member_of(made, lead_id)
    assert (found.name, found.listed_name) == ("Valley Coalition", "The Valley")


def test_a_member_is_changed_but_not_into_another_one(session):
    made = world(session)
    first, second = (one.id for one in made.members[:2])
    change = coalition.change_member
    change(session, NOW, made.user.id, made.coalition.id, first, MemberValues("Lake", "Lake (UK)", "UK", "optional"))
    found = member_of(made, first)
    assert (found.name, found.listed_name, found.country, found.role) == ("Lake", "Lake (UK)", "UK", "optional")
    for name in ("Lake", "Valley Coalition"):
        with pytest.raises(AlreadyThere):
            change(session, NOW, made.user.id, made.coalition.id, second, MemberValues(name))


def test_a_member_on_an_open_roll_stays_until_the_asking_ends(session):
    made = circulate(world(session), roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER])
    for member in made.members:
        with pytest.raises(InUse):
            coalition.remove_member(session, NOW, made.user.id, made.coalition.id, member.id)
    recall(session, NOW, made.user.id, made.statement.public_id)
    coalition.remove_member(session, NOW, made.user.id, made.coalition.id, made.members[0].id)
    session.rollback()
    assert session.get(Organisation, made.members[0].id) is not None


def test_a_contact_with_a_living_link_stays_until_it_is_revoked(session):
    made = circulate(world(session))
    where = (made.user.id, made.coalition.id, made.members[0].id, made.contacts[0].id)
    with pytest.raises(InUse):
        coalition.remove_contact(session, NOW, *where)
    revoke(session, NOW, made.user.id, made.statement.public_id, made.invitations[0].id)
    coalition.remove_contact(session, NOW, *where)
    assert member_of(made, made.members[0].id).contacts == ()
    session.rollback()
    assert session.get(Contact, made.contacts[0].id).removed


def test_an_address_stands_once_among_the_living_contacts_of_a_member(session):
    made = world(session)
    organisation_id = add(made)
    where = (made.user.id, made.coalition.id, organisation_id)
    with pytest.raises(AlreadyThere):
        coalition.add_contact(session, NOW, *where, ContactValues("Sam", "PAT@ferry.example.com"))
    second = coalition.add_contact(session, NOW, *where, ContactValues("Sam", "sam@ferry.example.com"))
    with pytest.raises(AlreadyThere):
        coalition.change_contact(session, NOW, *where, second, PAT)
    coalition.change_contact(session, NOW, *where, second, ContactValues("Sam S.", "Sam@ferry.example.com"))
    coalition.remove_contact(session, NOW, *where, second)
    with pytest.raises(NotFound):
        coalition.change_contact(session, NOW, *where, second, ContactValues("Sam", "sam@ferry.example.com"))
    assert coalition.add_contact(session, NOW, *where, ContactValues("Sam", "sam@ferry.example.com")) != second


def test_another_lead_reaches_nothing(session):
    made, other = world(session), world(session, lead="Hill Coalition")
    organisation_id, contact_id = made.members[0].id, made.contacts[0].id
    where = (other.user.id, made.coalition.id)
    values = MemberValues("Taken over")
    attempts = [
        lambda: coalition.rename(session, NOW, *where, "Taken over"),
        lambda: coalition.add_member(session, NOW, *where, values),
        lambda: coalition.add_lead(session, NOW, *where),
        lambda: coalition.change_member(session, NOW, *where, organisation_id, values),
        lambda: coalition.remove_member(session, NOW, *where, organisation_id),
        lambda: coalition.add_contact(session, NOW, *where, organisation_id, PAT),
        lambda: coalition.change_contact(session, NOW, *where, organisation_id, contact_id, PAT),
        lambda: coalition.remove_contact(session, NOW, *where, organisation_id, contact_id),
        lambda: coalition.import_members(session, NOW, *where, []),
        # Through its own coalition a lead does not reach another's member or contact either.
        lambda: coalition.change_member(session, NOW, other.user.id, other.coalition.id, organisation_id, values),
        lambda: coalition.remove_contact(
            session, NOW, other.user.id, other.coalition.id, other.members[0].id, contact_id
        ),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert member_of(made, organisation_id).contacts


def test_two_leads_keep_the_same_name_apart(session):
    made, other = world(session), world(session, lead="Hill Coalition")
    assert add(made) != add(other)


FILE = HEAD + (
    "Ferry Friends,The Ferry Friends,Ireland,optional,Pat Example,pat@ferry.example.com,ar,Asia/Beirut\n"
    "Ferry Friends,,,,Sam Example,sam@ferry.example.com,en,Europe/Dublin\n"
    "Valley Coalition,,,,Lea Lead,lea@valley.example.com,en,UTC\n"
    "Lakeside Relief,,UK,required,Contact 0,contact0@valley-coalition.example.com,en,UTC\n"
)


def test_a_members_file_adds_changes_and_says_how_much(session):
    made = world(session)
    counts = imported(made, FILE)
    assert (counts.joined, counts.changed, counts.unchanged) == (2, 1, 0)
    assert (counts.contacts_added, counts.contacts_changed) == (3, 0)
    session.rollback()
    found = {one.name: one for one in looking.members(session, made.coalition.id)}
    ferry = found["Ferry Friends"]
    assert (ferry.listed_name, ferry.country, ferry.role) == ("The Ferry Friends", "Ireland", "optional")
    assert [one.mail for one in ferry.contacts] == ["pat@ferry.example.com", "sam@ferry.example.com"]
    assert found["Valley Coalition"].organisation_id == made.user.organisation_id
    assert found["Lakeside Relief"].country == "UK"
    assert len(found) == 5, "who is not in the file stays"


def test_the_same_file_again_changes_nothing(session):
    made = world(session)
    imported(made, FILE)
    before = rows(session)
    counts = imported(made, FILE)
    assert (counts.joined, counts.changed, counts.unchanged) == (0, 0, 3)
    assert (counts.contacts_added, counts.contacts_changed) == (0, 0)
    assert rows(session) == before


def rows(session):
    session.rollback()
    session.expunge_all()
    return [
        [tuple(row) for row in session.execute(select(*table.__table__.columns).order_by(table.id))]
        for table in (Organisation, Member, Contact)
    ]


def test_a_file_finds_contacts_by_their_address_and_keeps_a_country(session):
    made = world(session)
    imported(made, FILE)
    head = "organisation;contact_name;contact_email;role\n"
    counts = imported(made, head + "Ferry Friends;Pat E.;PAT@ferry.example.com;observer\n")
    assert (counts.changed, counts.contacts_added, counts.contacts_changed) == (1, 0, 1)
    session.rollback()
    [ferry] = [one for one in looking.members(session, made.coalition.id) if one.name == "Ferry Friends"]
    assert (ferry.role, ferry.country) == ("observer", "Ireland")
    assert [one.name for one in ferry.contacts] == ["Pat E.", "Sam Example"]


def test_two_imports_at_the_same_instant_make_each_organisation_once(database):
    with database.sessions() as session:
        made = world(session)
    start = threading.Barrier(3)
    failed = []

    def run():
        with database.sessions() as session:
            start.wait()
            try:
                coalition.import_members(session, NOW, made.user.id, made.coalition.id, read_members(FILE.encode()))
            except Exception as error:  # noqa: BLE001 - whatever it is fails the test
                failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 5
        assert session.scalar(select(func.count()).select_from(Contact)) == 6


def test_looking_takes_as_many_statements_for_many_members_as_for_few(session):
    made = world(session)
    seen = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *call: seen.append(call[2]))

    def statements(count, prefix):
        lines = "".join(
            f"{prefix} {number},,,,Contact,c{number}@{prefix}.example.com,en,UTC\n" for number in range(count)
        )
        imported(made, HEAD + lines)
        session.expunge_all()
        session.rollback()
        seen.clear()
        looking.members(session, made.coalition.id)
        looking.coalitions_of(session, made.user.organisation_id)
        imported(made, HEAD + lines)  # the same again looks, and writes nothing
        return len(seen)

    assert statements(2, "few") == statements(200, "many")


def test_a_member_is_registered_under_a_name_for_each_language(session):
    made = world(session, 2)
    first = made.members[0].id
    values = MemberValues("Lake", "Lake (UK)", listed_names="ar: بحيرة\n\nfr-FR : Le Lac")
    coalition.change_member(session, NOW, made.user.id, made.coalition.id, first, values)
    assert session.get_one(Organisation, first).listed_names == {"ar": "بحيرة", "fr-FR": "Le Lac"}
    for wrong in ("ar بحيرة", "ar:", "zz9: x", "ar: " + "a" * 400, "\n".join(f"en-{at:03d}: x" for at in range(31))):
        with pytest.raises(FormRefused) as refused:
            coalition.change_member(
                session, NOW, made.user.id, made.coalition.id, first, MemberValues("Lake", listed_names=wrong)
            )
        assert "listed_names" in refused.value.problems
