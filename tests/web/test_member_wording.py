"""What a member's pages and letters say is true for that member, in that round."""

from dataclasses import replace

import pytest

from tests.actions.acting import new_text, sign
from tests.builders import NOW, QUOTELESS, circulate, world
from tests.ground.application import text_of
from tests.web.signing_visit import Visit
from workflow.actions import drafting, in_force
from workflow.models.commenting import Comment
from workflow.models.signing import CodeChallenge
from workflow.rules.circulation import ALL_REQUIRED, Purpose, Role
from workflow.rules.completion import Completion, Ending
from workflow.text.digest import quote_digest

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


EDITORIAL = replace(ALL_REQUIRED, editorial_hours=1, editorial_words=20)


def change_editorially(made) -> None:
    who = (made.session, NOW, made.user.id, made.statement.public_id)
    drafting.revise(*who, replace(QUOTELESS, place="Hillside"), 1)
    in_force.put_in_force(*who, 2, editorial=True)


def signed_and_changed(session):
    made = circulate(world(session, edition=QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    change_editorially(made)
    return made


def test_after_an_editorial_change_the_landing_page_knows_that_one_has_signed(site, session):
    made = signed_and_changed(session)
    visit = Visit(site, made)
    visit.land()
    assert "Your organisation has signed, and the sign-off is kept" in visit.page
    assert "if you agree, to sign" not in visit.page
    other = Visit(site, made, 1)
    other.land()
    assert "if you agree, to sign" in other.page


def test_one_hour_is_said_as_one(site, session):
    visit = Visit(site, circulate(world(session, edition=QUOTELESS), rule=EDITORIAL))
    visit.open()
    assert "can object for one hour" in visit.page and "1 hours" not in visit.page


def test_the_way_back_to_the_check_page_says_that_it_is_recorded(site, session):
    visit = Visit(site, circulate(world(session, edition=QUOTELESS)))
    visit.open()
    visit.check()
    assert "Nothing is recorded yet" in visit.page
    fields = visit.hidden_fields()
    assert visit.again("record").status_code == 303
    again = visit.client.post(f"{visit.base}check", data=fields).text
    assert "This very answer is recorded already" in again and "Nothing is recorded yet" not in again
    other = visit.client.post(f"{visit.base}check", data={**fields, "person_name": "Bo Beispiel"}).text
    assert "Nothing is recorded yet" in other


def test_the_same_answer_with_a_word_on_a_quote_is_new(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    quote = f"quote-{quote_digest(visit.made.revision.parsed.authoritative.quotes[0])}"
    visit.check(**{quote: ""})
    fields = visit.hidden_fields()
    assert quote not in fields
    assert visit.again("record").status_code == 303
    approved = visit.client.post(f"{visit.base}check", data={**fields, quote: "approved"}).text
    assert "Nothing is recorded yet" in approved and "recorded already" not in approved


def test_it_is_said_which_answer_is_taken_back(site, session):
    visit = Visit(site, circulate(world(session, edition=QUOTELESS)))
    objected(visit)
    visit.keep(visit.client.get(visit.base))
    visit.check(kind="taken-back")
    assert "What is taken back" in visit.page and "Not like this" in visit.page
    assert visit.again("record").status_code == 303
    receipt = visit.client.get(f"{visit.base}receipt").text
    assert "What is taken back" in receipt and "Not like this" in receipt


def test_a_comment_on_an_old_page_needs_only_to_be_sent_again(site, session):
    made = circulate(world(session, edition=QUOTELESS))
    visit = Visit(site, made)
    visit.open()
    new_text(made, replace(QUOTELESS, place="Hillside"), based_on=1, now=NOW)
    assert visit.send("comment", text="Is it so?", person_name="Bo Beispiel").status_code == 409
    assert "send it once more" in visit.page and "choose your answer again" not in visit.page


def test_an_empty_reply_is_called_a_reply(site, session):
    made = circulate(world(session, edition=QUOTELESS))
    visit = Visit(site, made)
    visit.open()
    visit.send("comment", text="Is it so?", person_name="Bo Beispiel")
    visit.keep(visit.client.get(visit.base))
    kept = session.query(Comment).one()
    session.rollback()
    assert visit.send("reply", thread=str(kept.id), text="", person_name="Bo Beispiel").status_code == 400
    assert "Please write your reply" in visit.page
