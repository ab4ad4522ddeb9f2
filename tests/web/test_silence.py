"""Silence on every page and in every mail: what breaks it and until when, that it is broken, and how to go on."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from tests.actions.acting import events, rows, sign
from tests.builders import NOW, QUOTELESS, circulate, world
from tests.ground.application import hidden, link_in, text_of
from tests.text.languages import ARABIC, ENGLISH
from tests.web.test_circulation import Desk, fields_of
from tests.web.test_commenting import FORTY, opened
from workflow.actions import amending, deadline
from workflow.models.coalition import Member, Organisation
from workflow.models.commenting import Comment
from workflow.models.signing import Answer
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.stating import rule_sentence

UNTIL = NOW + timedelta(days=2)
PUBLISHING = ("as soon as nothing is missing", "Until the text is final", "is published as soon as")


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


@pytest.fixture
def made(session):
    return circulate(world(session, edition=QUOTELESS), rule=Rule(silence=True))


def test_it_is_said_beforehand_what_breaks_it_and_until_when(site, made):
    visit = opened(site, made)
    for page in (visit.page, visit.land().get_data(as_text=True)):
        words = unescape(page)
        assert "One objection, or one proposal of other words, breaks the silence if it comes by <time" in words
        assert "Wednesday 3 March 2027, 09:00" in words
    roll = Desk(site, made).get(f"{Desk(site, made).hub}/roll")
    assert "breaks the silence if it comes by <time" in roll
    site.at(UNTIL + timedelta(seconds=1))
    late = opened(site, made, 1).page
    assert "does not break the silence" in late
    assert "The deadline has passed:" in late


HINT = "Other words break the silence: the text is then not adopted, and everybody is told at once."


def test_beside_the_box_for_other_words_it_says_what_they_do(site, made):
    visit = opened(site, made)
    before = visit.client.get(f"{visit.base}?on=b1").text
    assert HINT in before
    assert "A comment goes to the lead and decides nothing" in before
    site.at(UNTIL + timedelta(seconds=1))
    assert HINT not in visit.client.get(f"{visit.base}?on=b1").text


def test_other_words_are_shown_once_more_before_they_break_it(site, made):
    visit = opened(site, made)
    words = {"text": "Too long.", "person_name": "Isa Example", "suggests": "yes", "proposed": "<b>fifty</b> days"}
    checked = visit.send("comment", **words, **FORTY)
    assert checked.status_code == 200
    assert "This breaks the silence" in checked.text
    assert "&lt;b&gt;fifty&lt;/b&gt; days" in checked.text and "Too long." in checked.text
    assert "forty days" in checked.text
    assert not rows(made.session, Comment)
    back = visit.again("comment", change="yes")
    assert back.status_code == 200 and not rows(made.session, Comment)
    for kept in ("Too long.</textarea>", "&lt;b&gt;fifty&lt;/b&gt; days</textarea>", 'value="Isa Example"'):
        assert kept in back.text
    assert 'value="forty days"' in back.text
    visit.keep(visit.send("comment", **words, **FORTY))
    assert visit.again("comment", breaks="yes").status_code == 303
    (kept,) = rows(made.session, Comment)
    assert (kept.proposed, kept.text, kept.passage["exact"]) == ("<b>fifty</b> days", "Too long.", "forty days")
    again = {**words, "text": "Once more.", **FORTY}
    visit.open()
    assert visit.send("comment", **again).status_code == 303  # nothing is left to be broken


def test_other_words_for_a_translation_are_shown_once_more_in_it_and_kept_there(site, session):
    english, arabic = (
        replace(one, lead_paragraph="", quotes=(), body=one.body.split("\n")[0]) for one in (ENGLISH, ARABIC)
    )
    made = circulate(world(session, edition=english, translations=[arabic]), rule=Rule(silence=True))
    visit = opened(site, made)
    words = ARABIC.body.split()[0]
    at = {"passage_block": "b1", "passage_exact": words, "passage_language": "ar", "edition": "ar"}
    said = {"text": "", "person_name": "سلمى", "suggests": "yes", "proposed": "غير ذلك"}
    checked = visit.send("comment", **said, **at)
    assert checked.status_code == 200 and "This breaks the silence" in checked.text
    assert f'<q lang="ar" dir="rtl">{words}</q>' in checked.text
    assert '<dd lang="ar" dir="rtl">غير ذلك' in checked.text
    back = visit.again("comment", change="yes")
    assert hidden(back.text, "passage_language") == "ar" and f'value="{words}"' in back.text
    visit.keep(visit.send("comment", **said, **at))
    sent = visit.again("comment", breaks="yes")
    assert sent.status_code == 303 and "edition=ar" in sent.headers["Location"]
    (kept,) = rows(made.session, Comment)
    assert (kept.passage["language"], kept.passage["exact"]) == ("ar", words)


def test_an_objection_is_said_to_break_it_before_it_is_sent(site, made):
    visit = opened(site, made)
    said = "This breaks the silence"
    assert said in visit.check(kind="objection", text="It is wrong.", authority="").text
    assert said not in opened(site, made).check(kind="sign-off").text
    site.at(UNTIL + timedelta(seconds=1))
    assert said not in opened(site, made).check(kind="objection", text="It is wrong.", authority="").text


def test_the_leads_own_objection_is_asked_once_more(site, session):
    made = world(session, edition=QUOTELESS)
    lead = session.get_one(Organisation, made.user.organisation_id)
    session.add(Member(coalition_id=made.coalition.id, organisation_id=lead.id))
    session.commit()
    session.expunge_all()
    made = circulate(replace(made, members=[*made.members, lead]), rule=Rule(silence=True))
    desk = Desk(site, made)
    said = {"kind": "objection", "text": "Not like this.", "person_role": "Chair"}
    typed = {**fields_of(desk.get(f"{desk.hub}/sign")), **said}
    page = desk.send(f"{desk.hub}/sign", 200, **typed)
    assert "This breaks the silence" in page and "Not like this.</textarea>" in page
    assert desk.count(Answer) == 0
    desk.send(f"{desk.hub}/sign", 303, **{**typed, "breaks": "yes"})
    assert 'name="breaks" value="yes"' in page
    assert desk.count(Answer) == 1


RECORDED = {"kind": "objection", "text": "Not like this.", "person_name": "Ada", "person_role": "Chair"}


def record(desk, index=1):
    """The lead writes down an objection; gives the form as it was, and the page on which the member has its say."""
    path = f"{desk.hub}/record/{desk.made.signatories[index].id}"
    form = desk.get(path)
    said = {**RECORDED, "how": "phone", "note": "She rang.", "digest": hidden(form, "digest")}
    desk.send(path, 303, path, **said)
    desk.site.deliver()
    told = [one for one in desk.site.letters(f"contact{index}@") if "has recorded an answer" in one["Subject"]]
    return form, link_in(told[-1], "/sign/recorded/")


def test_the_lead_reads_that_an_objection_breaks_it_as_it_is_recorded_and_the_member_that_it_did(site, made):
    form, path = record(Desk(site, made))
    assert "This breaks the silence as soon as you record it" in form
    page = site.client().get(path).text
    assert "An objection breaks it as soon as it is written down" in page
    assert "This breaks the silence" not in page


def test_a_late_recorded_objection_breaks_it_once_the_deadline_is_moved_and_the_member_reads_that(site, session):
    made = circulate(world(session), rule=Rule(silence=True))  # a quote waits for its word, so nothing is adopted yet
    desk = Desk(site, made)
    site.at(UNTIL + timedelta(seconds=1))
    form, path = record(desk)
    assert "This breaks the silence" not in form  # it came too late
    client = site.client()
    assert "breaks" not in client.get(path).text
    who = (made.session, UNTIL + timedelta(seconds=2), made.user.id, made.statement.public_id)
    amending.extend(*who, UNTIL + timedelta(days=1), "UTC")
    assert "silence broken" in events(made.session)
    page = client.get(path).text
    assert "An objection breaks it as soon as it is written down" in page and "Confirm it" in page
    assert "This breaks the silence" not in page


def test_where_other_words_break_nothing_nothing_is_said_of_it(site, made):
    sign(made, 1, Kind.OBJECTION)
    assert HINT not in opened(site, made).page


def test_after_it_was_broken_nothing_speaks_of_publishing_and_the_lead_reads_how_to_go_on(site, made):
    sign(made, 1, Kind.OBJECTION)
    sign(made, 0)
    visit = opened(site, made, 0)
    receipt = visit.client.get(f"{visit.base}receipt").text
    site.deliver()
    letters = [text_of(one) for one in site.letters("contact0@")]
    (kept,) = [one for one in letters if "This is the receipt" in one]
    for words in (visit.page, visit.land().get_data(as_text=True), receipt, kept):
        assert "not adopted" in words
        assert not [one for one in PUBLISHING if one in words]
        assert "Silence counts as agreement" not in words
    assert 'value="decline"' not in visit.page  # what the action would refuse is not offered
    desk = Desk(site, made)
    for page in (desk.get(f"{desk.hub}/roll"), desk.get(desk.hub)):
        assert "The silence was broken: the text is not adopted" in page
        for step in ("recall", "abandon", "edit", "remarks"):
            assert f'href="{desk.hub}/{step}"' in page, step
    assert f'href="{desk.hub}/deadline"' not in desk.get(f"{desk.hub}/roll")
    (told,) = [text_of(one) for one in site.letters(made.user.mail) if "not adopted by silence" in text_of(one)]
    assert "circulate it again" in told
    site.at(UNTIL)
    assert deadline.reached(made.session, UNTIL, made.circulation.id)
    site.deliver()
    (over,) = [text_of(one) for one in site.letters(made.user.mail) if "has passed" in text_of(one)]
    assert "Count late answers" not in over


def test_once_it_is_adopted_who_was_silent_had_no_objection(site, made):
    desk = Desk(site, made)
    assert "No objection" not in desk.get(f"{desk.hub}/roll")
    site.at(UNTIL)
    assert deadline.reached(made.session, UNTIL, made.circulation.id)
    roll = desk.get(f"{desk.hub}/roll")
    assert "No objection" in roll
    assert "No answer yet" not in roll


def test_under_silence_nobody_is_counted_as_unsigned_nor_as_not_having_answered(site, made):
    desk = Desk(site, made)
    visit = opened(site, made)
    for page in (desk.get("/desk"), visit.page):
        assert "No objection so far" in page
        assert "0 of 3 signed" not in page
        assert "No answer yet" not in page
    site.at(UNTIL + timedelta(seconds=1))
    for page in (desk.get("/desk"), opened(site, made).page):
        assert "No objection<" in page
        assert "objection so far" not in page
        assert "No answer yet" not in page


def test_once_it_is_broken_who_said_nothing_has_given_no_answer(site, made):
    sign(made, 1, Kind.OBJECTION)
    assert "No answer yet" in opened(site, made).page
    assert "No objection" not in Desk(site, made).get("/desk")


def test_from_a_broken_silence_the_way_leads_to_the_form(site, made):
    sign(made, 1, Kind.OBJECTION)
    desk = Desk(site, made)
    assert "The form to circulate it again comes next" in desk.get(f"{desk.hub}/recall")
    token = hidden(desk.get("/desk"), "csrf_token")
    answer = desk.client.post(f"{desk.hub}/recall", data={"csrf_token": token})
    assert answer.headers["Location"] == desk.form
    assert desk.typed()[f"role-{made.members[0].id}"] == "required"


def test_under_silence_the_desk_shows_no_list_of_signatories_that_will_never_be(site, made):
    desk = Desk(site, made)
    assert "Signatories, once all" not in desk.get(desk.hub)


def test_a_receipt_under_silence_says_when_it_is_adopted(site, made):
    sign(made, 0)
    site.deliver()
    (kept,) = [text_of(one) for one in site.letters("contact0@") if "This is the receipt" in text_of(one)]
    assert "adopted if nobody objects" in kept
    visit = opened(site, made, 0)
    assert "The text is adopted if nobody objects" in visit.client.get(f"{visit.base}receipt").text


def test_a_broken_silence_states_no_rule_that_could_still_be_met():
    roles = [Role.OPTIONAL]
    assert rule_sentence(Rule(silence=True), roles).id == "rule.silence"
    assert rule_sentence(Rule(silence=True, broken=True, editorial_hours=3), roles).id == "rule.silence-broken"


def test_once_the_deadline_is_over_every_page_says_so(site, session):
    made = circulate(world(session, edition=QUOTELESS))
    desk = Desk(site, made)
    visit = opened(site, made)
    paths = ("/desk", desk.hub, f"{desk.hub}/roll")
    for page in (*map(desk.get, paths), visit.page):
        assert "The deadline has passed" not in page
    site.at(UNTIL + timedelta(seconds=1))
    for page in (*map(desk.get, paths), visit.client.get(visit.base).text):
        assert "The deadline has passed:" in page
