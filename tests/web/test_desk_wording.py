"""What the desk says when something cannot be done, was done already, or is chosen elsewhere; and where it leads on."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.acting import new_text, sign
from tests.actions.test_commenting import remark
from tests.builders import NOW, QUOTELESS, circulate, world
from tests.web.desk_page import looks_right
from tests.web.signing_visit import ANSWER, Visit
from tests.web.test_circulation import Desk, fields_of
from tests.web.test_member_wording import change_editorially
from workflow.models.drafting import Statement
from workflow.models.posting import Letter
from workflow.rules.circulation import ALL_REQUIRED, Purpose, Role
from workflow.rules.completion import Completion, Ending
from workflow.text.digest import quote_digest
from workflow.text.passages import chosen

EDITORIAL = replace(ALL_REQUIRED, editorial_hours=24, editorial_words=20)


@pytest.fixture
def session(site):
    with site.session() as opened:
        yield opened


def changed(made) -> None:
    new_text(made, replace(QUOTELESS, place="Hillside"), based_on=1, now=NOW)


def test_putting_in_force_what_is_in_force_says_so_and_leads_to_the_roll(site, session):
    made = circulate(world(session, edition=QUOTELESS))
    desk = Desk(site, made)
    changed(made)
    desk.send(f"{desk.hub}/in-force", revision="2", how="again")
    assert "Revision 2 is in force already" in desk.get(f"{desk.hub}/roll")


def test_nothing_chosen_for_the_sign_offs_stands_in_the_summary(site, session):
    made = circulate(world(session, edition=QUOTELESS), rule=EDITORIAL)
    desk = Desk(site, made)
    desk.send(f"{desk.hub}/edit", 303, **{**desk_fields(desk), "place": "Hillside", "save": "yes"})
    page = desk.send(f"{desk.hub}/in-force", 400, revision="2", how="")
    assert "error-summary" in page and 'href="#field-how"' in page


def desk_fields(desk) -> dict[str, str]:
    return fields_of(desk.get(f"{desk.hub}/edit"), '<form class="form"')


def test_what_concerns_signing_is_said_not_to_be_kept_from_a_comment_round(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    typed = desk.typed(purpose="comment", editorial="yes", at_least="99")
    page = desk.send(f"{desk.form}/check", 200, **typed)
    assert "Nothing of that is kept from the form" in page
    assert "what stands below about them is not kept" in desk.get(desk.form)


def test_no_sign_off_is_said_to_become_stale_while_comments_are_collected(site, session):
    made = circulate(world(session, edition=QUOTELESS), rule=replace(ALL_REQUIRED, purpose=Purpose.COMMENT))
    desk = Desk(site, made)
    desk.send(f"{desk.hub}/edit", 303, **{**desk_fields(desk), "place": "Hillside", "save": "yes"})
    assert "stale" not in desk.get(f"{desk.hub}/in-force")
    visit = Visit(site, made)
    visit.open()
    assert "for declining" not in visit.page


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"deadline_clock": "25:99"}, "deadline_clock", "not a time of day"),
        ({"deadline_day": "2027-02-30"}, "deadline_day", "is not a date"),
        ({"deadline_day": ""}, "deadline_day", "Please fill this in"),
    ],
)
def test_a_deadline_is_mended_where_it_is_wrong(site, session, changes, field, words):
    desk = Desk(site, world(session, edition=QUOTELESS))
    page = desk.send(f"{desk.form}/check", 400, **desk.typed(**changes))
    assert f'href="#field-{field}"' in page and words in page
    assert "Europe/London, or like" not in page


def test_numbers_in_the_summary_say_of_what(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    typed = desk.typed(editorial="yes", editorial_hours="0", editorial_words="x", others="x", validity_days="0")
    page = desk.send(f"{desk.form}/check", 400, **typed)
    for words in ("Hours for objecting: Type a number", "Words of an editorial change: This is not", "Days for which"):
        assert words in page
    assert "Number of those that are not required: This is not" in page


@pytest.mark.parametrize("where", ["edit", "circulate", "in-force"])
def test_what_is_not_possible_any_more_leads_back_to_the_statement(site, session, where):
    made = circulate(world(session, members=1, edition=QUOTELESS), ending=Ending(how=Completion.PRESS))
    desk = Desk(site, made)
    sign(made, 0)
    page = desk.get(f"{desk.hub}/{where}", 409)
    assert f'href="{desk.hub}"' in page and "Go back in your browser" not in page
    assert "<textarea" not in page


# The member ---------------------------------------------------------------------------------------


def test_a_word_on_a_quote_alone_is_said_to_be_recorded(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    quote = quote_digest(visit.made.revision.parsed.authoritative.quotes[0])
    visit.check(kind="only-quotes", **{f"quote-{quote}": "approved"})
    answered = visit.again("record")
    visit.keep(visit.client.get(answered.headers["Location"]))
    assert "What you say of the quote is recorded" in visit.page
    assert "of the quote is recorded" not in visit.client.get(visit.base).text


def test_signing_late_is_said_to_be_recorded(site, session):
    ending = Ending(late_until=NOW + timedelta(days=20))
    roles = [Role.REQUIRED, Role.OPTIONAL, Role.OPTIONAL]
    made = circulate(world(session, edition=QUOTELESS), roles=roles, ending=ending)
    sign(made, 0)
    visit = Visit(site, made, 1)
    visit.land()
    from tests.ground.application import hidden

    visit.client.post(visit.path, data={"form_token": hidden(visit.page, "form_token")})
    visit.keep(visit.client.get(f"{visit.base}after"))
    fields = {**ANSWER, "form_token": hidden(visit.page, "form_token"), "digest": hidden(visit.page, "digest")}
    answered = visit.client.post(f"{visit.base}after/sign-late", data=fields)
    assert answered.status_code == 303
    assert "What you said is recorded" in visit.client.get(answered.headers["Location"]).text


# Saving, importing, taking along --------------------------------------------------------------------


def test_the_same_form_saved_twice_asks_before_it_makes_a_second_statement(site, session):
    made = world(session, edition=QUOTELESS)
    desk = Desk(site, made)
    typed = {**fields_of(desk.get("/desk/statements/new"), '<form class="form"'), "headline": "A road", "save": "yes"}
    typed |= {"body": "It is closed.", "coalition": str(made.coalition.id)}
    desk.send("/desk/statements/new", 303, **typed)
    page = desk.send("/desk/statements/new", 409, **{**typed, "body": "It is closed again."})
    assert "This form was saved as a statement already" in page and "It is closed again." in page
    assert desk.count(Statement) == 2
    looks_right(page)
    with site.session() as one:
        newest = one.query(Statement).order_by(Statement.id.desc()).first()
    assert f'href="/desk/statements/{newest.public_id}"' in page
    desk.send("/desk/statements/new", 303, **typed, second="yes")
    assert desk.count(Statement) == 3
    another = {**typed, **fields_of(desk.get("/desk/statements/new"), '<form class="form"')}
    desk.send("/desk/statements/new", 303, **{**another, "headline": "Another", "save": "yes", "body": "x"})


def test_nothing_chosen_and_a_broken_word_file_are_called_what_they_are(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    page = desk.send("/desk/statements/import", 400)
    assert "Please choose a file, or paste the text" in page and "file is empty" not in page
    broken = desk.send("/desk/statements/import", 400, file=(io.BytesIO(b"not a Word file"), "road.docx"))
    assert "Line 1" not in broken and "does not look like a statement" not in broken


def test_files_of_what_became_of_the_remarks_keep_the_place(site, session):
    made = circulate(world(session, edition=QUOTELESS))
    remark(made, passage=chosen(QUOTELESS, "b1", "forty").to_json())
    new_text(made, replace(QUOTELESS, body=QUOTELESS.body.replace("forty", "fifty")), based_on=1, now=NOW)
    desk = Desk(site, made)
    for form in ("csv", "md"):
        assert "paragraph 1 of revision 1, since changed" in desk.get(f"{desk.hub}/remarks.{form}"), form


def test_asking_for_sign_off_says_how_many_remarks_wait(site, session):
    made = circulate(world(session, edition=QUOTELESS), rule=replace(ALL_REQUIRED, purpose=Purpose.COMMENT))
    remark(made)
    desk = Desk(site, made)
    page = desk.get(f"{desk.hub}/ask-to-sign")
    assert "One remark has no answer from you yet" in page and f"{desk.hub}/remarks?show=waiting" in page


def test_sign_offs_that_are_kept_are_counted_beside_those_that_count(site, session):
    made = circulate(world(session, edition=QUOTELESS), rule=EDITORIAL)
    sign(made, 0)
    sign(made, 1)
    change_editorially(made)
    desk = Desk(site, made)
    for page in (desk.get(f"{desk.hub}/roll"), desk.get(desk.hub)):
        assert "0 of 3 signed" in page and "2 more sign-offs are kept by the editorial change" in page


def test_what_the_lead_publishes_is_led_to_by_that_word(site, session):
    made = circulate(world(session, members=1, edition=QUOTELESS), ending=Ending(how=Completion.PRESS))
    desk = Desk(site, made)
    sign(made, 0)
    for path in (f"{desk.hub}/roll", desk.hub):
        assert "Publish it" in desk.get(path)


# Twice, and at once ---------------------------------------------------------------------------------


def test_a_second_press_of_circulate_leads_to_the_roll_and_says_that_it_went_out(site, session):
    desk = Desk(site, world(session, edition=QUOTELESS))
    typed = desk.typed(cover_note="Please read.\r\n\r\nSoon.")
    for _ in range(2):
        assert "/roll" in desk.send(f"{desk.form}/send", 303, **typed)
    assert "Nothing was sent a second time" in desk.get(f"{desk.hub}/roll")
    assert desk.count(Letter) == 3
    page = desk.send(f"{desk.form}/send", 409, **{**typed, "cover_note": "Another thought."})
    assert "Another thought." in page


def test_publishing_is_looked_at_once_more(site, session):
    made = circulate(world(session, members=1, edition=QUOTELESS), ending=Ending(how=Completion.PRESS))
    desk = Desk(site, made)
    sign(made, 0)
    page = desk.get(f"{desk.hub}/locked")
    assert page.index("Publish now") < page.index("That cannot be undone") < page.index("Yes, publish it")


def test_a_suggestion_shows_what_it_changes_and_not_all_that_stays(site, session):
    long = " ".join(f"stone{number}" for number in range(300))
    edition = replace(QUOTELESS, body=f"{long} forty days {long}")
    made = circulate(world(session, edition=edition))
    passage = chosen(edition, "b1", f"{long} forty days {long}").to_json()
    remark(made, kind="suggestion", text="", passage=passage, proposed=f"{long} fifty days {long}")
    desk = Desk(site, made)
    page = desk.get(f"{desk.hub}/remarks")
    shown = page[page.index("remark-wording") :]
    assert "forty" in shown and "fifty" in shown and "stone150" not in shown[: shown.index("</p>")]
