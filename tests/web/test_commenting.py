"""Remarks by link over HTTP: on passages, as suggestions, as objections; who sees them, and what became of them."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select

from tests.builders import EDITION, NOW, World, circulate, world
from tests.ground.application import Site, hidden
from tests.web.signing_visit import ANSWER, Visit
from workflow.actions import circulation as circulating
from workflow.actions import commenting, disposing, drafting, in_force
from workflow.models.coalition import Contact
from workflow.models.commenting import Comment
from workflow.models.signing import Answer
from workflow.rules.circulation import Purpose, Role, Rule, Visibility
from workflow.text.passages import Passage, chosen

FORTY = {"passage_block": "b1", "passage_exact": "forty days", "passage_before": "The valley road has been closed for"}
ROAD = {"passage_block": "b3"}


@pytest.fixture
def session(site):
    with site.session() as opened:
        yield opened


def opened(site: Site, made: World, index: int = 0) -> Visit:
    visit = Visit(site, made, index)
    visit.open()
    return visit


def send(visit: Visit, step: str, **fields: str):
    """Send a form, and follow where it leads."""
    answer = visit.send(step, **fields)
    if answer.status_code == 303:
        visit.keep(visit.client.get(answer.headers["Location"]))
    return answer


def remark(visit: Visit, step: str = "comment", **fields: str):
    return send(visit, step, **{"text": "Is that so?", "person_name": "Isa Example", **fields})


def rows(site: Site, row: type) -> list:
    with site.session() as session:
        return list(session.scalars(select(row).order_by(row.id)))


def revise(made: World, body: str) -> None:
    """Another text in force, as the lead would."""
    edition = replace(EDITION, body=body, quotes=())
    who = (made.session, NOW, made.user.id, made.statement.public_id)
    revision = drafting.revise(*who, edition, made.revision.number)
    in_force.put_in_force(*who, revision.number)


def form(page: str) -> str:
    """The comment form."""
    found = re.search(r'<form[^>]*id="comment".*?</form>', page, re.DOTALL)
    assert found
    return unescape(found.group())


def thread(page: str, text: str) -> str:
    """The remark with these words."""
    found = [one for one in re.findall(r'<article class="remark".*?</article>', page, re.DOTALL) if text in one]
    assert len(found) == 1, (text, len(found))
    return re.sub(r"<form.*?</form>", "", unescape(found[0]), flags=re.DOTALL)


def words(html: str) -> str:
    """What a reader reads of it."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?(bdi|a|span|time)\b[^>]*>", "", html)).split())


def test_the_link_behind_a_paragraph_names_it_above_the_form_and_notes_nothing(site, session):
    visit = opened(site, circulate(world(session)))
    link = f"{visit.base}?on=b1#comment"
    assert f'href="{link}"' in visit.page
    visit.keep(visit.client.get(f"{visit.base}?on=b1"))
    shown = form(visit.page)
    assert hidden(shown, "passage_block") == "b1" and hidden(shown, "passage_exact") == ""
    assert "paragraph 1" in shown and "Families cannot reach the clinic.</blockquote>" in shown
    assert "closed for forty days. Families cannot reach the clinic.</textarea>" in shown
    assert not rows(site, Comment)
    for unknown in ("b99", "x" * 5000, "", "b1'"):
        visit.keep(visit.client.get(visit.base, query_string={"on": unknown}))
        assert hidden(form(visit.page), "passage_block") == ""


def test_a_remark_on_words_stands_at_its_place(site, session):
    visit = opened(site, circulate(world(session)))
    sent = remark(visit, **FORTY)
    (kept,) = rows(site, Comment)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{visit.base}#remark-{kept.id}")
    assert Passage.from_json(kept.passage) == chosen(EDITION, "b1", "forty days", FORTY["passage_before"])
    visit.open()
    shown = thread(visit.page, "Is that so?")
    assert "Comment on paragraph 1" in words(shown) and "forty days" in words(shown)
    assert "Lakeside Relief · Isa Example (your organisation)" in words(shown)
    assert f'id="remark-{kept.id}"' in shown and 'data-passage-block="b1" data-passage-start="36"' in shown
    assert re.search(rf'<a class="passage-remarks" href="#remark-{kept.id}"[^>]*>1 remark<', visit.page)


def test_a_remark_on_the_whole_text_needs_no_place(site, session):
    visit = opened(site, circulate(world(session)))
    remark(visit, passage_block="", passage_exact="", passage_before="")
    visit.open()
    assert "Comment on the whole text" in words(thread(visit.page, "Is that so?"))


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"passage_block": "b99"}, "There is no such place in this text."),
        ({"passage_block": "b1", "passage_exact": "sixty days"}, "These words do not stand in paragraph 1."),
        ({"passage_block": "b1", "passage_exact": "a"}, "These words stand more than once in paragraph 1."),
        ({"passage_block": "\x00", "passage_exact": "\ud7ff" * 5000}, "There is no such place in this text."),
    ],
)
def test_words_that_are_not_there_are_pointed_out_and_nothing_typed_is_lost(site, session, place, sentence):
    visit = opened(site, circulate(world(session)))
    refused = remark(visit, **place, suggests="yes", proposed="My own words")
    assert refused.status_code == 400
    shown = form(visit.page)
    assert sentence in shown and 'href="#field-comment-passage"' in visit.page
    assert "Is that so?</textarea>" in shown and "My own words</textarea>" in shown
    assert 'value="Isa Example"' in shown and re.search(r'name="suggests" value="yes" checked', shown)
    assert not rows(site, Comment)


def test_a_suggestion_is_shown_as_a_redline(site, session):
    visit = opened(site, circulate(world(session)))
    assert remark(visit, **FORTY, text="", suggests="yes", proposed="fifty days").status_code == 303
    (kept,) = rows(site, Comment)
    assert (kept.kind, kept.proposed, kept.text) == ("suggestion", "fifty days", "")
    visit.open()
    shown = thread(visit.page, "fifty")
    assert "Suggestion on paragraph 1" in words(shown)
    assert re.search(r"<del>.*forty.*</del>", shown) and re.search(r"<ins>.*fifty.*</ins>", shown)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({**FORTY, "proposed": "forty days"}, "These are the words that stand there already."),
        ({**FORTY, "proposed": "", "text": ""}, "Please type the wording that you propose"),
        ({"proposed": "fifty"}, "Please choose the words for which you propose others."),
        ({**FORTY, "proposed": "x" * 10_001}, "too long"),
        ({**FORTY, "proposed": "a\u202eb"}, "turns the direction of writing"),
    ],
)
def test_a_suggestion_that_lacks_something_comes_back(site, session, fields, sentence):
    visit = opened(site, circulate(world(session)))
    assert remark(visit, **{"suggests": "yes", **fields}).status_code == 400
    assert sentence in form(visit.page)
    assert fields["proposed"] + "</textarea>" in form(visit.page)
    assert not rows(site, Comment)


def test_what_is_proposed_but_not_suggested_is_a_comment(site, session):
    """The field is filled in beforehand; whoever does not tick the box proposes nothing."""
    visit = opened(site, circulate(world(session)))
    remark(visit, **FORTY, proposed="forty days")
    (kept,) = rows(site, Comment)
    assert (kept.kind, kept.proposed) == ("comment", "")


@pytest.mark.parametrize("code", [False, True])
def test_an_objection_carries_its_place_through_check_and_code_into_the_sentence(site, session, code):
    made = circulate(world(session), code=code)
    visit = opened(site, made)
    led = remark(visit, "object", **FORTY, text="It was fifty.")
    assert led.status_code == 200
    answer = visit.page[visit.page.index('id="answer"') :]
    assert re.search(r'value="objection" checked', answer) and "It was fifty.</textarea>" in answer
    assert "Your objection is about paragraph 1:" in answer and 'value="Isa Example"' in answer
    assert "Is that so?" not in form(visit.page)
    passage = unescape(hidden(answer, "passage"))
    assert (rows(site, Comment), rows(site, Answer)) == ([], [])
    visit.check(kind="objection", text="It was fifty.", authority="", passage=passage)
    assert "Check your answer" in visit.page and "paragraph 1" in visit.page and "forty days" in visit.page
    if code:
        visit.again("code")
        assert "paragraph 1" in visit.page
        assert visit.again("record", code=visit.code()).status_code == 303
    else:
        assert visit.again("record").status_code == 303
    (given,) = rows(site, Answer)
    assert Passage.from_json(given.passage).exact == "forty days"
    receipt = visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    assert "paragraph 1:" in receipt and "forty days" in receipt
    other = opened(site, made, 1)
    assert "Lakeside Relief objects to paragraph 1" in words(other.page)
    shown = words(thread(other.page, "It was fifty."))
    assert "Objection to paragraph 1 Objection stands" in shown and "Lakeside Relief · Ada Example" in shown


def test_change_something_keeps_the_place_and_it_can_be_given_up(site, session):
    visit = opened(site, circulate(world(session)))
    remark(visit, "object", **FORTY)
    passage = unescape(hidden(visit.page, "passage"))
    visit.check(kind="objection", text="No", passage=passage)
    visit.again("check", change="yes")
    assert "Your objection is about paragraph 1:" in visit.page
    visit.check(kind="objection", text="No", passage=passage, whole_text="yes")
    assert "paragraph 1" not in visit.page
    visit.again("record")
    assert rows(site, Answer)[0].passage is None


@pytest.mark.parametrize(
    "passage",
    ["x", "{}", "[" * 100_000, "1", '"b1"', json.dumps({**chosen(EDITION, "b1", "forty").to_json(), "start": 0})],
)
@pytest.mark.parametrize("step", ["check", "code", "record"])
def test_a_place_that_is_none_is_refused_and_nothing_typed_is_lost(site, session, passage, step):
    visit = opened(site, circulate(world(session)))
    refused = visit.send(step, **{**ANSWER, "kind": "objection", "text": "My words", "passage": passage})
    assert refused.status_code == 400
    assert "There is no such place in this text." in visit.page and "My words</textarea>" in visit.page
    assert not rows(site, Answer)


def test_only_an_objection_is_about_a_place(site, session):
    visit = opened(site, circulate(world(session)))
    visit.check(passage=json.dumps(chosen(EDITION, "b1", "forty").to_json()))
    assert 'name="passage"' not in visit.page
    visit.again("record")
    assert rows(site, Answer)[0].passage is None


def test_an_observer_is_offered_no_objection(site, session):
    made = circulate(world(session), roles=[Role.OBSERVER, Role.REQUIRED, Role.REQUIRED])
    visit = opened(site, made)
    assert "We cannot sign while this stands" not in visit.page
    assert remark(visit, **FORTY).status_code == 303


NEW_BODY = "First something new.\n\nThe valley road has been closed for **forty** days. Families cannot reach it."


@pytest.mark.parametrize("step", ["comment", "object"])
def test_a_text_that_moved_meanwhile_keeps_the_remark_on_its_words(site, session, step):
    made = circulate(world(session))
    visit = opened(site, made)
    revise(made, NEW_BODY)
    refused = remark(visit, step, **FORTY, suggests="yes", proposed="fifty days")
    assert refused.status_code == 409
    shown = form(visit.page)
    assert (hidden(shown, "passage_block"), hidden(shown, "passage_exact")) == ("b2", "forty days")
    assert "paragraph 2" in shown and "fifty days</textarea>" in shown and "Is that so?</textarea>" in shown
    assert re.search(r'name="suggests" value="yes" checked', shown)
    assert not rows(site, Comment)
    again = send(visit, "comment", **typed(shown))
    assert again.status_code == 303
    assert Passage.from_json(rows(site, Comment)[0].passage).block == "b2"


def typed(shown: str) -> dict[str, str]:
    """What a browser would send of the comment form."""
    names = ("passage_block", "passage_exact", "passage_before")
    fields = {name: hidden(shown, name) for name in names}
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)
    return {**fields, **dict(areas), "suggests": "yes", "person_name": "Isa Example"}


def test_words_that_went_meanwhile_are_shown_once_more(site, session):
    made = circulate(world(session))
    visit = opened(site, made)
    revise(made, "Nothing of it stayed.")
    remark(visit, **FORTY)
    shown = form(visit.page)
    assert hidden(shown, "passage_block") == "" and "do not stand in the text any more" in shown
    assert "<blockquote" in shown and "forty days</blockquote>" in shown and "Is that so?</textarea>" in shown


def test_an_objection_to_a_text_that_moved_keeps_its_place_or_says_that_it_is_gone(site, session):
    made = circulate(world(session))
    visit = opened(site, made)
    remark(visit, "object", **FORTY)
    passage = unescape(hidden(visit.page, "passage"))
    clinic = json.dumps(chosen(EDITION, "b1", "the clinic").to_json())
    revise(made, NEW_BODY)
    fields = {**ANSWER, "digest": made.revision.digest, "kind": "objection", "text": "My words"}
    for step in ("check", "code", "record"):
        assert visit.send(step, **fields, passage=passage).status_code == 409
        assert "Your objection is about paragraph 2:" in visit.page and "My words</textarea>" in visit.page
        assert " checked" not in visit.page
        assert visit.send(step, **fields, passage=clinic).status_code == 409
        assert "do not stand in the text any more" in visit.page and "the clinic</blockquote>" in visit.page
        assert 'name="passage"' not in visit.page


def test_a_thread_is_replied_to_by_members(site, session):
    made = circulate(world(session))
    first, second = opened(site, made), opened(site, made, 1)
    remark(first, **FORTY)
    (kept,) = rows(site, Comment)
    second.open()
    sent = send(second, "reply", thread=str(kept.id), text="It was.", person_name="Bo Example")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{second.base}#remark-{kept.id}")
    first.open()
    assert "Hillside Forum · Bo Example" in words(thread(first.page, "Is that so?"))
    assert "It was." in thread(first.page, "Is that so?")


def test_a_reply_that_lacks_something_comes_back_open(site, session):
    visit = opened(site, circulate(world(session)))
    remark(visit, **FORTY)
    remark(visit, **ROAD, text="Another.")
    visit.open()
    one, other = rows(site, Comment)
    assert send(visit, "reply", thread=str(other.id), text="Long thought", person_name=" ").status_code == 400
    assert "Long thought</textarea>" in visit.page and visit.page.count("<details open>") == 1
    assert f'href="#field-reply-{other.id}-person_name"' in visit.page
    assert f'id="field-reply-{other.id}-person_name"' in visit.page
    assert f'id="field-reply-{one.id}-person_name" name="person_name" type="text" value="Isa Example"' in visit.page
    assert send(visit, "reply", thread=str(other.id), text="", person_name="Ada").status_code == 400


@pytest.mark.parametrize("thread_id", ["", "x", "-1", "9" * 30, "٣", "999999"])
def test_a_reply_to_nothing_is_none(site, session, thread_id):
    visit = opened(site, circulate(world(session)))
    assert send(visit, "reply", thread=thread_id, text="Hello", person_name="Ada").status_code == 404
    assert not rows(site, Comment)


@pytest.mark.parametrize("visibility", Visibility)
def test_others_see_what_the_circulation_says(site, session, visibility):
    made = circulate(world(session), visibility=visibility)
    first, second = opened(site, made), opened(site, made, 1)
    remark(first, **FORTY)
    (kept,) = rows(site, Comment)
    first.open()
    assert "Lakeside Relief · Isa Example (your organisation)" in words(thread(first.page, "Is that so?"))
    second.open()
    if visibility is Visibility.NOTHING:
        assert "Is that so?" not in second.page and "passage-remarks" not in second.page
        assert "Only Valley Coalition and your own organisation" in words(second.page)
    else:
        shown = words(thread(second.page, "Is that so?"))
        assert ("Lakeside Relief · Isa Example" in shown) is (visibility is Visibility.EVERYTHING)
        assert ("An organisation ·" in shown) is (visibility is Visibility.POSITIONS)
    if visibility is not Visibility.EVERYTHING:
        assert "Isa Example" not in second.page
    answered = send(second, "reply", thread=str(kept.id), text="We agree.", person_name="Bo Example")
    assert answered.status_code == (404 if visibility is Visibility.NOTHING else 303)


def test_a_stricter_circulation_hides_what_others_said_before(site, session):
    made = circulate(world(session))
    remark(opened(site, made), **FORTY)
    circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    made = circulate(made, visibility=Visibility.NOTHING)
    assert "Is that so?" in opened(site, made).page
    assert "Is that so?" not in opened(site, made, 1).page


def test_colleagues_see_each_others_remarks_whatever_others_see(site, session):
    made = world(session)
    session.add(Contact(organisation_id=made.members[0].id, name="Cy", mail="cy@example.org"))
    session.commit()
    made = circulate(made, visibility=Visibility.NOTHING)
    first, second = opened(site, made), opened(site, made, 1)
    assert first.invitation.signatory_id == second.invitation.signatory_id
    remark(first, **FORTY)
    second.open()
    assert "Lakeside Relief · Isa Example (your organisation)" in words(thread(second.page, "Is that so?"))
    assert 'value="Isa Example"' not in second.page  # whose link this is has typed nothing yet


@pytest.mark.parametrize("visibility", Visibility)
def test_what_the_organisations_say_is_told_as_far_as_it_may_be(site, session, visibility):
    made = circulate(world(session), visibility=visibility)
    first = opened(site, made)
    first.check()
    first.again("record")
    page = words(opened(site, made, 1).page)
    assert ("What the organisations say so far" in page) is (visibility is not Visibility.NOTHING)
    assert ("Signed off 1: Lakeside Relief" in page) is (visibility is Visibility.EVERYTHING)


def test_who_comes_back_reads_what_became_of_the_comments(site, session):
    made = circulate(world(session), rule=Rule(purpose=Purpose.COMMENT))
    visit, other = opened(site, made), opened(site, made, 1)
    remark(visit, **FORTY, text="Say fifty.")
    remark(other, **ROAD, text="Too long.", person_name="Bo Example")
    remark(other, text="Well put.", person_name="Bo Example")
    assert "What became of the remarks" not in opened(site, made).page
    forty, road, whole = (one.id for one in rows(site, Comment))
    who = (session, NOW, made.user.id, made.statement.public_id)
    disposing.dispose(*who, forty, "accepted", "")
    disposing.dispose(*who, road, "declined", "The school <matters>.")
    revise(made, "The valley road has been closed for fifty days.\n\nThe road is the only way to the school.")
    visit.open()
    told = visit.page[visit.page.index('id="became"') : visit.page.index('<article class="statement"')]
    assert re.findall(r'href="#remark-(\d+)"', told) == [str(forty), str(whole), str(road)]  # their own first
    for said in (
        f"Comment on the whole text (remark {whole}) Hillside Forum · Bo Example Not answered yet",
        f"Comment on paragraph 2 (remark {road}) Hillside Forum · Bo Example Declined",
        f"Comment on revision 1, since changed (remark {forty}) Lakeside Relief · Isa Example (your organisation)",
    ):
        assert said in words(told)
    assert "The school &lt;matters&gt;." in told
    assert "Comment on paragraph 2" in words(thread(visit.page, "Too long."))
    gone = thread(visit.page, "Say fifty.")
    assert "made on paragraph 1 of revision 1" in words(gone) and "data-passage-block" not in gone
    assert "forty days" in gone


def test_the_comments_stand_before_the_objection_while_comments_are_asked_for(site, session):
    made = circulate(world(session), rule=Rule(purpose=Purpose.COMMENT))
    page = opened(site, made).page
    assert page.index('id="comments"') < page.index('id="answer"')
    signed = circulate(replace(made, statement=drafting.begin(session, NOW, made.user.id, made.coalition.id, EDITION)))
    page = opened(site, signed).page
    assert page.index('id="answer"') < page.index('id="comments"')


@pytest.mark.parametrize("step", ["comment", "object", "reply"])
def test_what_was_typed_survives_the_end_of_the_circulation(site, session, step):
    made = circulate(world(session))
    visit = opened(site, made)
    circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    clinic = {"passage_block": "b1", "passage_exact": "Families", "passage_before": EDITION.body[:51].replace("*", "")}
    typed = {**clinic, "proposed": "My own wording", "suggests": "yes", "thread": "1", "text": "Long thought"}
    refused = remark(visit, step, **typed)
    assert refused.status_code == 410
    assert "Long thought</textarea>" in visit.page and "My own wording</textarea>" in visit.page
    assert "forty" not in visit.page  # what it was about is nobody's to see any more


@pytest.mark.parametrize("step", ["comment", "object", "reply"])
def test_a_form_asked_for_by_its_address_leads_back_to_the_text(site, session, step):
    visit = opened(site, circulate(world(session)))
    response = visit.client.get(f"{visit.base}{step}")
    assert (response.status_code, response.headers["Location"]) == (303, visit.base)


def test_the_same_remark_sent_twice_is_one(site, session):
    visit = opened(site, circulate(world(session)))
    for _ in range(2):
        assert remark(visit, **FORTY, suggests="yes", proposed="fifty days").status_code == 303
    assert len(rows(site, Comment)) == 1


def test_no_words_of_a_remark_are_markup(site, session):
    visit = opened(site, circulate(world(session)))
    remark(visit, **FORTY, text="<b>so</b>", suggests="yes", proposed="<i>x</i>", person_name="A <u>")
    visit.open()
    for tag in ("<b>so", "<i>x", "A <u>"):
        assert tag not in visit.page


def test_a_page_with_many_remarks_costs_the_same_statements(site, session):
    from sqlalchemy import event

    made = circulate(world(session))
    visit = opened(site, made)
    costs = []
    for number in (1, 30):
        for at in range(number):
            place = chosen(EDITION, "b1", "forty").to_json()
            commenting.comment(
                *(session, NOW, visit.invitation.id, 1),
                digest=made.revision.digest, person_name="Ada", text=f"{number} {at}", passage=place,
            )  # fmt: skip
        engine = site.app.extensions["undersigned"].engine
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *given, seen=seen: seen.append(given[2]))
        visit.client.get(visit.base)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 12, costs
