"""What a member's pages and letters say is true for that member, in that round."""

from dataclasses import replace

import pytest

from tests.builders import QUOTELESS, circulate, world
from tests.ground.application import text_of
from tests.web.signing_visit import Visit
from workflow.models.signing import CodeChallenge
from workflow.rules.circulation import ALL_REQUIRED, Purpose, Role
from workflow.rules.completion import Completion, Ending

COMMENTS = replace(ALL_REQUIRED, purpose=Purpose.COMMENT)


@pytest.fixture
def session(site):
    with site.session() as opened:
        yield opened


def objected(visit) -> None:
    visit.open()
    visit.check(kind="objection", text="Not like this")
    assert visit.again("record").status_code == 303
    visit.keep(visit.client.get(f"{visit.base}receipt"))


def test_the_receipt_of_an_objection_to_a_draft_promises_no_publication(site, session):
    visit = Visit(site, circulate(world(session, edition=QUOTELESS), rule=COMMENTS))
    objected(visit)
    assert "Nothing is signed in this round" in visit.page
    assert "The text is published" not in visit.page


def test_declining_to_sign_and_declining_a_remark_are_two_words(site, session):
    made = circulate(world(session, edition=QUOTELESS))
    visit = Visit(site, made)
    visit.open()
    visit.check(kind="decline", text="We cannot.")
    assert "Declined to sign" in visit.page


def test_an_optional_member_that_has_not_signed_is_not_told_that_all_have(site, session):
    roles = [Role.REQUIRED, Role.REQUIRED, Role.OPTIONAL]
    made = circulate(world(session, edition=QUOTELESS), roles=roles, ending=Ending(how=Completion.PRESS))
    for index in range(2):
        visit = Visit(site, made, index)
        visit.open()
        visit.check(listed_name=made.members[index].listed_name)
        assert visit.again("record").status_code == 303
    while site.deliver():
        pass
    told = [one for one in site.letters("contact2@") if "is final" in str(one["Subject"])]
    assert len(told) == 1
    assert "All have signed" not in str(told[0]["Subject"]) + text_of(told[0])


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "1" * 500, "12345x"])
def test_what_cannot_be_a_code_costs_no_try(site, session, typed):
    visit = Visit(site, circulate(world(session, edition=QUOTELESS), code=True))
    visit.open()
    visit.check()
    visit.again("code")
    right = visit.code()
    for _ in range(6):
        assert visit.again("record", code=typed).status_code == 400
        assert "six digits" in visit.page
    assert session.query(CodeChallenge).one().tries == 0
    session.rollback()
    assert visit.again("record", code=right).status_code == 303


def test_a_new_code_is_not_said_to_be_mailed_before_it_is_asked_for(site, session):
    visit = Visit(site, circulate(world(session, edition=QUOTELESS), code=True))
    visit.open()
    visit.check()
    visit.again("code")
    wrong = "000000" if visit.code() != "000000" else "111111"
    for _ in range(5):
        visit.again("record", code=wrong)
    assert "Press the button" in visit.page and "Send me a new code" in visit.page
