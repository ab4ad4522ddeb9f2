"""The desk's pages as they are looked up: what they hold, and that their cost does not grow with the roll."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.builders import EDITION, LINKS, NOW, circulate, offered, world
from workflow.actions import commenting, drafting, inviting, signing
from workflow.actions.circulation import abandon, recall
from workflow.actions.in_force import put_in_force
from workflow.models.posting import Letter
from workflow.queries import desk
from workflow.queries.desk_roll import roll_page
from workflow.rules.circulation import Kind, Role
from workflow.rules.refusals import NotFound


def sign(made, index, kind=Kind.SIGN_OFF, **changes):
    invitation = made.invitations[index]
    signing.answer(made.session, LINKS, NOW, invitation.id, 1, offered(made, index, kind, **changes))


def statements_of(session, look):
    """How many SQL statements `look` sends."""
    session.rollback()
    session.expunge_all()
    sent = []

    def count(connection, cursor, statement, *rest):
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    look()
    event.remove(engine, "before_cursor_execute", count)
    return len(sent)


def test_the_desk_says_what_is_missing_and_shows_what_circulates_first(session):
    made = circulate(world(session))
    sign(made, 0)
    drafting.begin(
        session,
        NOW + timedelta(hours=1),
        made.user.id,
        made.coalition.id,
        type(EDITION)(language="en", kind="open-letter", headline="A later draft", body=""),
    )
    first, second = desk.statements(session, made.user.organisation_id)
    assert (first.stage, first.signed, first.asked) == ("circulating", 1, 3)
    assert first.missing.params["names"] == ("Hillside Forum", "Harbour Aid")
    assert (second.stage, second.headline, second.missing) == ("draft", "A later draft", None)


def test_the_desk_of_another_lead_is_empty(session):
    circulate(world(session))
    other = world(session, lead="Another Coalition")
    assert [line.stage for line in desk.statements(session, other.user.organisation_id)] == ["draft"]
    assert [one.members for one in desk.coalitions(session, other.user.organisation_id)] == [3]


def test_a_statement_page_shows_the_text_in_force_and_the_newest_one(session):
    made = circulate(world(session))
    changed = type(EDITION)(**{**EDITION.__dict__, "headline": "Another headline"})
    drafting.revise(session, NOW, made.user.id, made.statement.public_id, changed, 1)
    page = desk.statement_page(session, made.statement.public_id)
    assert (page.shown.number, page.latest.number) == (1, 2)
    line = desk.statements(session, made.user.organisation_id)[0]
    assert (line.headline, line.revision) == (EDITION.headline, 1)
    assert [one.number for one in page.revisions] == [2, 1]
    assert page.revisions[0].saved_by == "Lea Lead"
    put_in_force(session, NOW, made.user.id, made.statement.public_id, 2)
    assert desk.statement_page(session, made.statement.public_id).shown.number == 2


def test_after_recall_the_newest_text_is_shown_and_nothing_is_missing(session):
    made = circulate(world(session))
    recall(session, NOW, made.user.id, made.statement.public_id)
    page = desk.statement_page(session, made.statement.public_id)
    assert (page.open, page.missing, page.shown.number) == (False, None, 1)


def test_an_unknown_statement_is_not_found(session):
    with pytest.raises(NotFound):
        desk.statement_page(session, "0" * 20)
    with pytest.raises(NotFound):
        roll_page(session, world(session).statement.public_id)  # a draft has no roll yet


def test_the_history_tells_names_while_they_are_disclosed_and_does_without_afterwards(session):
    made = circulate(world(session))
    sign(made, 1, Kind.OBJECTION)
    newest = desk.events(session, made.statement.id, newest=1)[0]
    assert newest.kind == "answered"
    assert newest.facts["signatory"] == {"organisation": "Hillside Forum"}
    assert newest.facts["said"]["text"] == "We cannot carry the second paragraph."
    assert [one.number for one in desk.events(session, made.statement.id)] == [3, 2, 1]
    session.rollback()
    session.query(desk.Disclosure).delete()
    session.commit()
    erased = desk.events(session, made.statement.id, newest=1)[0]
    assert isinstance(erased.facts["signatory"], str)


def test_the_roll_shows_answers_letters_and_comments(session):
    made = circulate(world(session), roles=[Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL])
    sign(made, 0, listed_name="Lakeside Relief International")
    sign(made, 1, Kind.DECLINE)
    invitation = made.invitations[2]
    remark = {"digest": made.revision.digest, "person_name": "Petra Person", "text": "A remark."}
    commenting.comment(session, NOW, invitation.id, generation=1, **remark)
    page = roll_page(session, made.statement.public_id)
    first, second, third = page.lines
    assert first.standing.name_held
    assert first.answer.person_role == "Director"
    assert first.answer.at_desk is False
    assert second.answer.text == "We cannot carry the second paragraph."
    assert (third.comments, page.remarked) == (1, (1, 1))
    assert [line.contacts[0].letter.fate for line in page.lines] == ["waiting"] * 3
    assert page.missing.id == "missing.several"


def test_a_failed_letter_is_reported_until_a_new_one_makes_up_for_it(session):
    made = circulate(world(session))
    letter = session.query(Letter).filter_by(invitation_id=made.invitations[0].id).one()
    letter.failed_at, letter.last_error = NOW, "550 no such mailbox"
    session.commit()
    assert desk.statements(session, made.user.organisation_id)[0].failed_letters == 1
    page = roll_page(session, made.statement.public_id)
    assert [one.trouble for one in page.failed] == ["550 no such mailbox"]
    assert page.lines[0].contacts[0].letter.fate == "failed"
    inviting.invite(session, NOW, made.user.id, made.statement.public_id, made.contacts[0].id)
    page = roll_page(session, made.statement.public_id)
    assert not page.failed
    assert desk.statements(session, made.user.organisation_id)[0].failed_letters == 0
    assert page.lines[0].contacts[0].letter.fate == "waiting"


def test_an_ended_circulation_can_still_be_looked_at(session):
    made = circulate(world(session))
    sign(made, 0)
    abandon(session, NOW, made.user.id, made.statement.public_id)
    page = roll_page(session, made.statement.public_id)
    assert (page.open, page.circulation.outcome, page.progress) == (False, "abandoned", (1, 3))


def test_no_page_of_the_desk_costs_more_for_a_longer_roll(session):
    counts = []
    for members in (7, 70):
        made = circulate(world(session, members=members, lead=f"Lead of {members}"))
        sign(made, 0)
        public_id, lead_id, statement_id = made.statement.public_id, made.user.organisation_id, made.statement.id
        counts.append(
            [
                statements_of(session, lambda lead_id=lead_id: desk.statements(session, lead_id)),
                statements_of(session, lambda public_id=public_id: desk.statement_page(session, public_id)),
                statements_of(session, lambda public_id=public_id: roll_page(session, public_id)),
                statements_of(session, lambda id_=statement_id: desk.events(session, id_, newest=12)),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10
