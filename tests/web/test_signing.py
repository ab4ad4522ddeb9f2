"""The member's side over HTTP: nothing before a deliberate act, every refusal with what was typed, one receipt."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.actions.test_amending_roll import change
from tests.builders import EDITION, NOW, circulate, offered, world
from tests.ground.application import hidden
from tests.web.signing_visit import ANSWER, Visit
from workflow.actions import circulation as circulating
from workflow.actions import codes, drafting, in_force, signing
from workflow.models.circulation import Invitation
from workflow.models.coalition import Contact
from workflow.models.commenting import Comment
from workflow.models.publication import Publication
from workflow.models.signing import Answer, CodeChallenge
from workflow.rules.circulation import Kind, Purpose, Role, Rule

WORDS = ("valley", "clinic", "doctor", "Please read and answer")


@pytest.fixture
def session(site):
    with site.session() as opened:
        yield opened


def count(site, row: type) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def put_in_force(made, **changes: str) -> None:
    """Another text in force, as the lead would."""
    edition = replace(EDITION, body="The valley road was closed for **fifty** days.", quotes=(), **changes)
    revision = drafting.revise(made.session, NOW, made.user.id, made.statement.public_id, edition, 1)
    in_force.put_in_force(made.session, NOW, made.user.id, made.statement.public_id, revision.number)


def test_before_the_button_no_word_of_the_text_is_shown_and_nothing_is_noted(site, session):
    visit = Visit(site, circulate(world(session)))
    landed = visit.land()
    assert landed.status_code == 200
    assert "Valley Coalition" in visit.page and "Lakeside Relief" in visit.page and "Contact 0" in visit.page
    assert not [word for word in WORDS if word in visit.page.replace("Valley Coalition", "")]
    assert landed.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in landed.headers
    assert visit.client.head(visit.path).status_code == 200
    assert session.get(Invitation, visit.invitation.id).opened_at is None


def test_the_button_takes_the_token_out_of_the_address(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.land()
    token = visit.path.rpartition("/")[2]
    pressed = visit.client.post(visit.path, data={"form_token": hidden(visit.page, "form_token")})
    assert (pressed.status_code, pressed.headers["Location"]) == (303, visit.base)
    cookie = pressed.headers["Set-Cookie"]
    assert f"opened-{visit.invitation.id}=" in cookie
    assert f"Path={visit.base}" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    page = visit.client.get(visit.base).get_data(as_text=True)
    assert token not in page
    assert session.get(Invitation, visit.invitation.id).opened_at == NOW


def test_the_text_is_shown_with_all_that_is_needed_to_answer(site, session):
    made = circulate(world(session))
    visit = Visit(site, made)
    assert visit.open().status_code == 200
    for words in (
        "Seven organisations ask for the valley road",
        "<strong>forty</strong>",
        "Please read and answer.",
        "Wednesday 3 March 2027, 09:00 UTC",
        "Wednesday 3 March 2027, 09:00 Europe/London",
        "as soon as all 3 required organisations have signed",
        "Waiting for",
        made.revision.digest,
        "This link was made for",
        'name="listed_name" type="text" value="Lakeside Relief"',
    ):
        assert words in visit.page, words
    assert " checked" not in visit.page
    assert re.search(r'name="person_name" type="text" value=""', visit.page)


def test_without_the_cookie_or_with_that_of_another_link_nothing_opens(site, session):
    made = circulate(world(session))
    visit, other = Visit(site, made), Visit(site, made, 1)
    assert visit.client.get(visit.base).status_code == 404
    other.open()
    cookie = other.client.get_cookie(f"opened-{other.invitation.id}", path=other.base)
    visit.client.set_cookie(f"opened-{visit.invitation.id}", cookie.value, path=visit.base)
    refused = visit.client.get(visit.base)
    assert refused.status_code == 404
    assert "clinic" not in refused.get_data(as_text=True)


def test_signing_without_the_code(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    checked = visit.check()
    assert checked.status_code == 200
    assert "Check your answer" in visit.page and "Sign for Lakeside Relief now" in visit.page
    assert count(site, Answer) == 0
    recorded = visit.again("record")
    assert (recorded.status_code, recorded.headers["Location"]) == (303, f"{visit.base}receipt")
    receipt = visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    answer = session.scalar(select(Answer))
    assert (answer.kind, answer.person_name, answer.listed_name) == ("sign-off", "Ada Example", "Lakeside Relief")
    for words in (answer.event_hash, visit.made.revision.digest, "Ada Example", "Monday 1 March 2027, 09:00 UTC"):
        assert words in receipt
    assert "Hillside Forum and Harbour Aid" in receipt


def test_signing_with_the_code(any_site):
    with any_site.session() as session:
        visit = Visit(any_site, circulate(world(session), code=True))
    visit.open()
    visit.check(person_name="  Ada \t Example ", text="One\r\ntwo & <three>")
    assert "Send me the code" in visit.page and "c•••@valley-coalition.example.com" in visit.page
    assert visit.again("code").status_code == 200
    assert 'autocomplete="one-time-code"' in visit.page and 'inputmode="numeric"' in visit.page
    code = visit.code()
    wrong = visit.again("record", code="000000" if code != "000000" else "000001")
    assert wrong.status_code == 400
    assert "Tries left: 4" in visit.page
    assert count(any_site, Answer) == 0
    assert visit.again("record", code=f" {code[:3]} {code[3:]} ").status_code == 303
    with any_site.session() as session:
        answer = session.scalar(select(Answer))
        assert (answer.person_name, answer.text) == ("Ada Example", "One\ntwo & <three>")


def test_a_code_typed_with_arabic_digits_is_the_same_code(site, session):
    visit = Visit(site, circulate(world(session), code=True))
    visit.open()
    visit.check()
    visit.again("code")
    arabic = visit.code().translate({ord(str(value)): chr(0x0660 + value) for value in range(10)})
    assert visit.again("record", code=arabic).status_code == 303


def test_a_spent_code_offers_a_new_one_and_loses_nothing(site, session):
    visit = Visit(site, circulate(world(session), code=True))
    visit.open()
    visit.check()
    visit.again("code")
    site.at(NOW + timedelta(minutes=11))
    assert visit.again("record", code=visit.code()).status_code == 400
    assert "Send me a new code" in visit.page and "can no longer be used" in visit.page
    assert visit.again("code").status_code == 200
    assert visit.again("record", code=visit.code()).status_code == 303


def test_too_many_codes_leave_the_field_for_the_one_that_was_mailed(site, session):
    visit = Visit(site, circulate(world(session), code=True))
    visit.open()
    visit.check()
    for _ in range(codes.CODES_PER_WINDOW):
        assert visit.again("code").status_code == 200
    code = visit.code()
    assert visit.again("code").status_code == 429
    assert "Minutes to wait" in visit.page
    assert visit.again("record", code=code).status_code == 303
    fresh = Visit(site, visit.made, client=visit.client)
    fresh.open()
    fresh.check(kind="decline", text="Why")
    refused = fresh.again("code")
    assert refused.status_code == 429
    assert "Minutes to wait" in fresh.page and "Check your answer" in fresh.page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": ""}, "Please choose what your organisation answers."),
        ({"kind": "published"}, "Please choose what your organisation answers."),
        ({"person_name": " "}, "Please type your name."),
        ({"person_role": ""}, "Please type your role"),
        ({"listed_name": ""}, "Please type the name of your organisation"),
        ({"authority": ""}, "not as a private person"),
        ({"kind": "objection"}, "which words you object to"),
        ({"kind": "decline"}, "Please give the reason"),
        ({"person_name": "A\u202eda"}, "turns the direction of writing"),
        ({"text": "x" * 10_001}, "too long"),
    ],
)
def test_what_is_lacking_is_said_and_what_was_typed_is_still_there(site, session, fields, sentence):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    typed = {"person_name": "Bo Beispiel", "person_role": "Chair", "listed_name": "Lakeside", **fields}
    refused = visit.check(**typed)
    assert refused.status_code == 400
    assert 'class="error-summary"' in visit.page and 'aria-invalid="true"' in visit.page
    assert sentence in visit.page
    for field, value in typed.items():
        if field in ("person_name", "person_role", "listed_name") and value.strip():
            assert f'name="{field}" type="text" value="{value}"' in visit.page
    assert count(site, Answer) == 0


def test_change_something_leads_back_with_everything_typed(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    visit.check(kind="objection", text="Not\nthis", person_name="Bo Beispiel")
    assert visit.again("check", change="yes").status_code == 200
    assert "Not\nthis</textarea>" in visit.page and 'value="Bo Beispiel"' in visit.page
    assert re.search(r'value="objection" checked', visit.page)


@pytest.mark.parametrize("step", ["check", "code", "record", "comment"])
def test_a_text_put_in_force_meanwhile_refuses_with_the_differences(site, session, step):
    made = circulate(world(session), code=step == "code")
    visit = Visit(site, made)
    visit.open()
    put_in_force(made)
    refused = visit.send(step, **{**ANSWER, "text": "My words stay", "person_name": "Bo Beispiel"})
    assert refused.status_code == 409
    assert "was changed while you were reading" in visit.page
    assert re.search(r"<del>.*forty", visit.page, re.DOTALL) and re.search(r"<ins>.*fifty", visit.page, re.DOTALL)
    assert "My words stay" in visit.page and 'value="Bo Beispiel"' in visit.page
    assert " checked" not in visit.page
    assert hidden(visit.page, "digest") != made.revision.digest
    assert (count(site, Answer), count(site, Comment), count(site, CodeChallenge)) == (0, 0, 0)
    if step != "comment":
        visit.check()
        assert "Check your answer" in visit.page


def test_who_signed_an_earlier_text_sees_what_changed_since(site, session):
    made = circulate(world(session))
    visit = Visit(site, made)
    visit.open()
    visit.check()
    visit.again("record")
    put_in_force(made)
    page = visit.client.get(visit.base).get_data(as_text=True)
    assert "You signed revision 1; revision 2 is in force" in page
    assert re.search(r"<del>.*forty", page, re.DOTALL)
    assert 'value="Ada Example"' in page  # typed before, by this very link
    receipt = visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    assert "A newer text is in force" in receipt


def test_a_recalled_text_that_is_circulated_again_shows_what_changed_since_it_was_signed(site, session):
    made = circulate(world(session))
    signing.answer(session, None, NOW, made.invitations[0].id, 1, offered(made, 0))
    circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    edition = replace(EDITION, headline="Six organisations ask for the road")
    drafting.revise(session, NOW, made.user.id, made.statement.public_id, edition, 1)
    visit = Visit(site, circulate(made))
    visit.open()
    assert "You signed revision 1; revision 2 is in force" in visit.page
    assert re.search(r"<ins>.*Six", visit.page, re.DOTALL)
    assert "has answered so far" not in visit.page


def test_an_answer_can_be_changed_and_taken_back(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    assert "take our answer back" not in visit.page
    for kind, text in (("sign-off", ""), ("objection", "Not this"), ("taken-back", ""), ("sign-off", "")):
        visit.check(kind=kind, text=text)
        assert visit.again("record").status_code == 303
        visit.keep(visit.client.get(visit.base))
        assert ("We take our answer back" in visit.page) is (kind != "taken-back")
    kinds = session.scalars(select(Answer.kind).order_by(Answer.id)).all()
    assert kinds == ["sign-off", "objection", "taken-back", "sign-off"]


def test_the_same_answer_twice_is_one_row_also_when_it_published(site, session):
    visit = Visit(site, circulate(world(session, members=1)))
    visit.open()
    visit.check()
    fields = visit.hidden_fields()
    for _ in range(2):
        assert visit.client.post(f"{visit.base}record", data=fields).status_code == 303
    assert (count(site, Answer), count(site, Publication)) == (1, 1)
    receipt = visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    assert "/statements/seven-organisations-ask-for-the-valley-road-to-be-reopened" in receipt


def test_colleagues_see_what_their_organisation_has_answered(site, session):
    made = world(session)
    colleague = Contact(organisation_id=made.members[0].id, name="Cy", mail="cy@example.org")
    session.add(colleague)
    session.commit()
    made = circulate(made)
    first, second = (Visit(site, made, index) for index in (0, 1))
    assert first.invitation.signatory_id == second.invitation.signatory_id
    first.open()
    first.check()
    first.again("record")
    second.open()
    assert "Ada Example, Director, signed off revision 1" in second.page
    assert re.search(r'name="person_name" type="text" value=""', second.page)


@pytest.mark.parametrize("rule", [Rule(), Rule(silence=True), Rule(purpose=Purpose.COMMENT)])
def test_an_observer_reads_what_it_may_do_and_is_asked_for_no_answer(site, session, rule):
    edition = replace(EDITION, quotes=(), body="The road must open.")
    made = circulate(world(session, edition=edition), roles=[Role.REQUIRED, Role.OBSERVER, Role.REQUIRED], rule=rule)
    visit = Visit(site, made, 1)
    for page in (visit.land().text, visit.open().text):
        assert "for an answer" not in page
        assert "Answer by" not in page
        assert "Read and answer" not in page
        assert "read and answer for" not in page
        assert "to read and comment as an observer" in page
        assert "Comments are welcome until" in page
    assert "nswer" not in visit.client.get(f"{visit.base}deadline.ics").text
    assert "answers for" not in visit.client.get(f"{visit.base}hand-over").text
    site.at(NOW + timedelta(days=3))
    for page in (visit.land().text, visit.open().text):
        assert "You can still read and comment." in page or rule.silence
        assert "late answer" not in page


def test_who_signed_and_is_an_observer_now_is_offered_no_other_answer(site, session):
    made = circulate(world(session, edition=replace(EDITION, quotes=(), body="The road must open.")))
    visit = Visit(site, made, 1)
    visit.open()
    visit.check(listed_name="Hillside Forum")
    visit.again("record")
    for page in (visit.land().text, visit.client.get(f"{visit.base}receipt").text, visit.open().text):
        assert "chang" in page, "as long as it is asked"
    change(made, 1, Role.OBSERVER)
    for page in (visit.land().text, visit.client.get(f"{visit.base}receipt").text, visit.open().text):
        assert "can be changed" not in page and "change the answer" not in page
        assert "There is nothing to do" not in page and 'value="taken-back"' not in page
        assert "observer" in page
    for page in (visit.client.get(f"{visit.base}receipt").text, visit.page):
        assert "it does not count, and cannot be changed" in page, "nor is it said what became of it"


def test_an_observer_who_is_quoted_is_asked_for_its_word(site, session):
    made = circulate(world(session), roles=[Role.OBSERVER, Role.REQUIRED, Role.REQUIRED])
    visit = Visit(site, made, 0)
    for page in (visit.land().text, visit.open().text):
        assert "for an answer" in page
        assert "Answer by" in page


def test_an_observer_comments_and_cannot_sign(site, session):
    made = circulate(world(session), roles=[Role.REQUIRED, Role.OBSERVER, Role.REQUIRED])
    visit = Visit(site, made, 1)
    visit.open()
    assert "You take part as an observer" in visit.page and 'name="kind"' not in visit.page
    assert visit.send("comment", text="Well put.", person_name="Obi Server").status_code == 303
    visit.open()
    assert "Well put." in visit.page
    for step in ("check", "code", "record"):
        refused = visit.send(step, **{**ANSWER, "text": "Let us sign"})
        assert refused.status_code == 400
        assert "Let us sign" in visit.page
        visit.open()
    assert count(site, Answer) == 0


def test_a_comment_that_lacks_something_comes_back(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    assert visit.send("comment", text="", person_name="Bo Beispiel").status_code == 400
    assert 'href="#field-comment-text"' in visit.page and 'value="Bo Beispiel"' in visit.page
    assert visit.send("comment", text="A word", person_name="").status_code == 400
    assert "A word</textarea>" in visit.page
    assert count(site, Comment) == 0


def test_another_listed_name_is_pointed_out(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    visit.check(listed_name="Lakeside & Friends")
    assert "has to accept that name" in visit.page and "Lakeside &amp; Friends" in visit.page
    visit.again("record")
    assert "has to accept that name" in visit.client.get(f"{visit.base}receipt").get_data(as_text=True)


def test_after_the_deadline_a_late_answer_is_said_to_be_late(site, session):
    visit = Visit(site, circulate(world(session)))
    site.at(NOW + timedelta(days=3))
    visit.land()
    assert "The deadline has passed" in visit.page
    visit.open()
    visit.check()
    assert "The deadline has passed" in visit.page
    visit.again("record")
    assert "came after the deadline" in visit.client.get(f"{visit.base}receipt").get_data(as_text=True)


def test_a_forged_form_is_refused_and_gives_back_what_was_typed(site, session):
    made = circulate(world(session))
    visit, other = Visit(site, made), Visit(site, made, 1)
    other.open()
    foreign = hidden(other.page, "form_token")
    visit.open()
    for token in ("", "x", foreign):
        for step in ("check", "code", "record", "comment"):
            data = {**ANSWER, "text": "Long thought", "digest": made.revision.digest, "form_token": token}
            refused = visit.client.post(f"{visit.base}{step}", data=data)
            assert refused.status_code == 400
            assert "Long thought" in refused.get_data(as_text=True)
        assert visit.client.post(visit.path, data={"form_token": token}).status_code == 400
    assert (count(site, Answer), count(site, Comment)) == (0, 0)


def test_the_pages_speak_the_contacts_language_and_keep_the_texts_own(site, session):
    made = world(session)
    contact = session.get(Contact, made.contacts[0].id)
    contact.language, contact.time_zone = "ar", "Asia/Beirut"
    session.commit()
    visit = Visit(site, circulate(made))
    visit.open()
    assert '<html lang="ar" dir="rtl">' in visit.page
    assert '<article class="statement" lang="en" dir="ltr">' in visit.page
    assert "Asia/Beirut" in visit.page and "Europe/London" in visit.page


def test_a_robot_that_sends_every_form_with_junk_records_no_answer_while_the_code_is_on(site, session):
    made = circulate(world(session), code=True)
    visit = Visit(site, made)
    visit.open()
    junk = ("", "x", "yes", "1", "sign-off", "123456", "9" * 40, "\x00", "٣")
    base = {"form_token": hidden(visit.page, "form_token"), "digest": made.revision.digest}
    for value in junk:
        for step in ("check", "code", "record"):
            fields = dict.fromkeys((*ANSWER, "code", "challenge"), value)
            answered = visit.client.post(f"{visit.base}{step}", data={**fields, **base})
            assert answered.status_code < 500
            full = {**ANSWER, **base, "code": value, "challenge": value}
            assert visit.client.post(f"{visit.base}{step}", data=full).status_code < 500
            broken = {**full, "digest": value}
            assert visit.client.post(f"{visit.base}{step}", data=broken).status_code < 500
    assert count(site, Answer) == 0


def test_a_page_costs_the_same_statements_whatever_the_size_of_the_roll(site, session):
    from sqlalchemy import event

    costs = []
    for members, lead in ((2, "Small Lead"), (40, "Large Lead")):
        visit = Visit(site, circulate(world(session, members=members, lead=lead)))
        visit.open()
        engine = site.app.extensions["undersigned"].engine
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *given, seen=seen: seen.append(given[2]))
        visit.client.get(visit.base)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 10, costs


def test_kinds_in_the_form_are_those_of_the_rules(site, session):
    visit = Visit(site, circulate(world(session)), 1)
    visit.open()
    offered_kinds = set(re.findall(r'name="kind" value="([^"]*)"', visit.page))
    assert offered_kinds == {kind.value for kind in Kind} - {"taken-back"}


@pytest.mark.parametrize("step", ["check", "code", "record"])
def test_a_step_asked_for_without_its_form_leads_back_to_the_text(site, step):
    with site.session() as session:
        made = circulate(world(session))
    visit = Visit(site, made)
    visit.open()
    response = visit.client.get(f"{visit.base}{step}")
    assert (response.status_code, response.headers["Location"]) == (303, visit.base)
