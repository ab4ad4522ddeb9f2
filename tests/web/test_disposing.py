"""The lead's side of the remarks over HTTP: all beside the text, nothing typed lost, nothing guessed, no markup."""

import csv
import io
import re
from dataclasses import replace
from html import unescape

import pytest

from tests.actions.acting import new_text
from tests.builders import EDITION, NAMES, NOW, World, circulate, offered, world
from tests.ground.application import link_in, text_of
from tests.web.desk_page import looks_right
from tests.web.test_circulation import Desk, fields_of
from workflow.actions import commenting, drafting, signing
from workflow.models.commenting import Comment
from workflow.models.drafting import Revision
from workflow.rules.circulation import Kind
from workflow.text.passages import chosen

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) **loud** {{ 7 * 7 }}"


class Board(Desk):
    """The lead's browser on the remarks of a statement with a suggestion, a comment and an objection."""

    def __init__(self, site, **changes):
        with site.session() as session:
            made = circulate(world(session))
            super().__init__(site, made)
            passage = chosen(EDITION, "b1", "forty").to_json()
            self.suggestion = self.remark(session, 0, kind="suggestion", passage=passage, proposed="fifty", **changes)
            self.comment = self.remark(session, 1, text="Who says so?", passage=chosen(EDITION, "b2", "").to_json())
            invitation = made.invitations[2]
            given = offered(made, 2, Kind.OBJECTION, text="Not with this.")
            signing.answer(session, None, NOW, invitation.id, 1, given)
            session.rollback()
            self.objection = max(one.id for one in session.query(Comment))
        self.page = f"{self.hub}/remarks"

    def remark(self, session, index, **changes) -> int:
        values = {"digest": self.made.revision.digest, "person_name": f"Person {index}", "text": ""}
        id_ = commenting.comment(session, NOW, self.made.invitations[index].id, 1, **{**values, **changes}).id
        session.expunge_all()
        session.rollback()
        return id_

    def row(self, id_: int) -> Comment:
        with self.site.session() as session:
            found = session.get_one(Comment, id_)
            session.expunge_all()
            return found

    def act(self, what: str, id_: int, expected: int = 303, **fields: object) -> str:
        return self.send(f"{self.page}/{id_}/{what}", expected, page=self.page, **fields)

    def shown(self, query: str = "") -> list[int]:
        page = self.get(self.page + query)
        return [int(id_) for id_ in re.findall(r'<article class="remark" id="remark-(\d+)"', page)]


def test_the_remarks_stand_beside_the_text_in_its_order(any_site):
    board = Board(any_site)
    page = board.get(board.page)
    looks_right(page)
    assert board.shown() == [board.objection, board.suggestion, board.comment]
    assert "3 remarks, 3 not answered yet" in page
    assert re.search(rf'href="#remark-{board.suggestion}"[^>]*>1 remark<', page)
    assert f'id="remark-{board.suggestion}"' in page
    assert 'data-passage-block="b1"' in page
    assert "Suggestion on paragraph 1" in page
    assert "Objection stands" in page
    for name in NAMES[:3]:
        assert name in page


def test_the_statement_and_the_roll_lead_to_them(site):
    board = Board(site)
    board.act("dispose", board.comment, disposition="accepted")
    for path in (board.hub, f"{board.hub}/roll"):
        page = board.get(path)
        assert "3 remarks, 2 not answered yet" in page
        assert f'href="{board.page}"' in page


def test_without_remarks_the_page_says_so_and_nothing_leads_there(site):
    with site.session() as session:
        desk = Desk(site, circulate(world(session)))
    assert "No remarks yet" in desk.get(f"{desk.hub}/remarks")
    assert "/remarks" not in desk.get(desk.hub)
    assert "No remarks yet" in desk.get(f"{desk.hub}/became")


def test_what_is_shown_can_be_chosen(site):
    board = Board(site)
    board.act("dispose", board.comment, disposition="declined", reason="The council says so.")
    assert board.shown() == [board.objection, board.suggestion], "those that wait come first"
    assert board.shown("?show=all") == [board.objection, board.suggestion, board.comment]
    assert board.shown("?show=suggestions") == [board.suggestion]
    assert board.shown("?show=objections") == [board.objection]
    assert board.shown(f"?show=all&of={NAMES[1]}") == [board.comment]
    assert board.shown("?show=all&of=Nobody") == []
    assert board.shown("?show=nonsense") == [board.objection, board.suggestion]
    assert board.shown(f"?show=waiting&at={board.comment}") == [board.objection, board.suggestion, board.comment]


def test_one_lands_at_the_same_remark(site):
    board = Board(site)
    token = board.get(board.page)
    data = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', token)[1], "show": "waiting"}
    acts = {"reply": {"text": "Thank you."}, "dispose": {"disposition": "accepted"}}
    for what, fields in acts.items():
        answer = board.client.post(f"{board.page}/{board.comment}/{what}", data={**data, **fields})
        assert answer.status_code == 303
        assert answer.location == f"{board.page}?show=waiting&at={board.comment}#remark-{board.comment}"
        assert f'id="remark-{board.comment}"' in board.get(answer.location.partition("#")[0])


def test_an_answer_is_kept_and_shown(any_site):
    board = Board(any_site)
    board.act("dispose", board.comment, disposition="partly", reason="We name\nthe district.")
    kept = board.row(board.comment)
    assert (kept.disposition, kept.reason) == ("partly", "We name\nthe district.")
    page = board.get(f"{board.page}?show=all")
    assert "We name\nthe district." in page
    assert "Partly accepted" in page
    assert "A remark of Hillside Forum on revision 1 was partly accepted" in board.get(f"{board.hub}/history")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Please choose what becomes of this remark."),
        ({"disposition": "maybe"}, "Please choose what becomes of this remark."),
        ({"disposition": "declined", "reason": " "}, "Please give the reason in a sentence or two"),
        ({"disposition": "declined", "reason": "x" * 10_001}, "too long"),
        ({"disposition": "declined", "reason": "a\x00b"}, "cannot be seen or printed"),
        ({"disposition": "declined", "reason": "a\u202eb"}, "turns the direction of writing"),
    ],
)
def test_a_bad_answer_comes_back_as_typed(any_site, fields, sentence):
    board = Board(any_site)
    page = board.act("dispose", board.comment, 400, **fields)
    looks_right(page)
    assert sentence in unescape(page)
    typed = fields_of(page, f'action="{board.page}/{board.comment}/dispose"')
    assert typed["reason"] == fields.get("reason", "")
    if fields.get("disposition") == "declined":
        assert re.search(r'value="declined" checked', page)
    assert f'href="#field-{"reason" if "reason" in fields else "disposition"}-{board.comment}"' in page
    assert board.row(board.comment).disposition is None


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 10_001, "a\x00b", "a\u202eb"])
def test_a_bad_reply_comes_back_as_typed(any_site, text):
    board = Board(any_site)
    page = board.act("reply", board.comment, 400, text=text, show="all")
    assert fields_of(page, f'action="{board.page}/{board.comment}/reply"')["text"] == text
    assert board.count(Comment) == 3


def test_people_s_words_are_text_on_every_page_and_in_every_file(any_site):
    board = Board(any_site, text=HOSTILE, person_name=HOSTILE)
    board.act("reply", board.suggestion, text=HOSTILE)
    board.act("dispose", board.suggestion, disposition="declined", reason=HOSTILE)
    for path in (f"{board.page}?show=all", f"{board.hub}/became", f"{board.hub}/history"):
        page = board.get(path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1)) **loud** {{ 7 * 7 }}" in page
    text = board.get(f"{board.page}.md")
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "[x]" not in text.replace("\\[x\\]", "")
    assert "**loud**" not in text


def test_one_click_puts_the_wording_into_the_next_draft(any_site):
    board = Board(any_site)
    board.act("accept", board.suggestion, based_on="1")
    kept = board.row(board.suggestion)
    with any_site.session() as session:
        taken = session.get_one(Revision, kept.taken_into_id)
        assert (taken.number, "**fifty** days" in taken.parsed.authoritative.body) == (2, True)
    page = board.get(f"{board.page}?show=all")
    assert "Accepted: revision 2 has this wording." in page
    assert "Taken up in revision 2" in page
    assert "Revision 2 is saved but not in force" in page
    assert "since changed" not in page, "the text in force has the words still"
    newest = board.get(f"{board.page}?show=all&revision=newest")
    assert "Suggestion on revision 1, since changed" in newest


def test_a_text_that_moved_under_the_page_is_shown_first(site):
    board = Board(site)
    with site.session() as session:
        made = board.made
        drafting.revise(session, NOW, made.user.id, made.statement.public_id, replace(EDITION, ends="END"), 1)
    board.act("accept", board.suggestion, based_on="1")
    assert board.row(board.suggestion).disposition is None
    page = board.get(board.page)
    assert "Somebody has saved another revision meanwhile." in page
    based_on = fields_of(page, f'action="{board.page}/{board.suggestion}/accept"')["based_on"]
    board.act("accept", board.suggestion, based_on=based_on)
    assert board.row(board.suggestion).disposition == "accepted"


@pytest.mark.parametrize("based_on", ["", "0", "x", "99999999999999999999", "-1", "٢"])
def test_whatever_the_page_says_it_was_based_on_nothing_breaks(any_site, based_on):
    board = Board(any_site)
    board.act("accept", board.suggestion, based_on=based_on)
    assert board.row(board.suggestion).disposition is None


def moved(board: Board, body: str) -> None:
    with board.site.session() as session:
        made = replace(board.made, session=session)
        new_text(made, replace(EDITION, body=body), based_on=1)


def test_what_would_be_a_guess_is_shown_and_left_to_the_lead(any_site):
    board = Board(any_site)
    moved(board, EDITION.body.replace("closed for **forty** days", "impassable since January"))
    page = board.act("accept", board.suggestion, 409, based_on="2")
    looks_right(page)
    assert "Nothing was changed." in page
    assert "<strong>forty</strong>" in page, "as it was"
    assert "fifty" in page, "as it is proposed"
    assert "impassable since January" in page, "as it is now"
    assert f'href="{board.hub}/edit#field-body"' in page
    assert "Change paragraph 1" in page
    assert board.row(board.suggestion).disposition is None


def test_a_conflict_within_the_text_names_where_the_words_stand_now(site):
    board = Board(site)
    with site.session() as session:
        words = chosen(EDITION, "b1", "closed for forty days").to_json()
        other = board.remark(session, 0, kind="suggestion", passage=words, proposed="impassable")
    moved(board, "A new beginning.\n\n" + EDITION.body)
    page = board.act("accept", other, 409, based_on="2")
    assert "Change paragraph 2" in page
    assert "there may be bold, a link or a footnote among them" in page


def test_a_quote_is_changed_in_its_own_field(site):
    board = Board(site)
    with site.session() as session:
        words = chosen(EDITION, "q1", "Ada Example").to_json()
        other = board.remark(session, 0, kind="suggestion", passage=words, proposed="Bo Example")
    page = board.act("accept", other, 409, based_on="1")
    assert f'href="{board.hub}/edit#field-quotes-0-text"' in page
    assert 'id="field-quotes-0-text"' in board.get(f"{board.hub}/edit")


def test_what_took_it_up_by_hand_can_be_named(site):
    board = Board(site)
    moved(board, "Shorter.")
    board.act("dispose", board.comment, disposition="accepted", into="2")
    assert "Taken up in revision 2" in board.get(f"{board.page}?show=all")
    board.act("dispose", board.comment, 404, disposition="accepted", into="9")


@pytest.mark.parametrize("id_", ["0", "999999", "2147483648", "99999999999999999999999"])
@pytest.mark.parametrize("what", ["reply", "dispose", "accept"])
def test_a_remark_that_is_not_there_is_nothing(any_site, what, id_):
    board = Board(any_site)
    board.act(what, id_, 404, text="Words.", disposition="accepted", based_on="1")
    board.act(what, id_, 404)


def test_the_list_says_what_became_of_them_and_since_when(site):
    board = Board(site)
    board.act("dispose", board.comment, disposition="declined", reason="The council says so.")
    moved(board, "Shorter.")
    with site.session() as session:
        made = replace(board.made, session=session)
        later = commenting.comment(
            session, NOW, made.invitations[0].id, 1, digest=_digest(made), person_name="Cy", text="Better."
        ).id
    page = board.get(f"{board.hub}/became")
    looks_right(page)
    assert "The council says so." in page
    assert "Not answered yet" in page
    assert page.count("<article") == 4
    since = board.get(f"{board.hub}/became?since=2")
    assert since.count("<article") == 1
    assert f"became-{later}" in since
    assert "3 remarks" not in board.get(f"{board.hub}/in-force"), "the text in force is the newest: nothing to do"


def _digest(made: World) -> str:
    made.session.rollback()
    return made.session.query(Revision).order_by(Revision.number.desc()).first().digest


def test_putting_a_text_in_force_says_that_the_list_goes_with_it(site):
    board = Board(site)
    board.act("accept", board.suggestion, based_on="1")
    page = board.get(f"{board.hub}/in-force")
    assert "3 remarks, 2 not answered yet" in page
    assert f'href="{board.hub}/became"' in page


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\tTab", '="quoted"')


def test_the_table_is_one_for_spreadsheets_and_runs_nothing(any_site):
    board = Board(any_site)
    with any_site.session() as session:
        for text in FORMULAS:
            board.remark(session, 1, text=text, person_name="=HYPERLINK")
    board.act("dispose", board.comment, disposition="declined", reason='=1+1\nand "more", with commas')
    answer = board.client.get(f"{board.page}.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 3 + len(FORMULAS)
    assert {row["Words"] for row in rows} >= {f"'{text}" for text in FORMULAS if not text.startswith("\t")}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    (declined,) = (row for row in rows if row["What became of it"] == "Declined")
    assert declined["Reason"] == '\'=1+1\nand "more", with commas'
    assert (declined["Organisation"], declined["Place"], declined["Revision"]) == (NAMES[1], "paragraph 2", "1")
    (suggestion,) = (row for row in rows if row["Kind"] == "Suggestion")
    assert (suggestion["Passage"], suggestion["Proposed wording"]) == ("forty", "fifty")


def test_the_text_says_the_same(site):
    board = Board(site)
    board.act("accept", board.suggestion, based_on="1")
    board.act("reply", board.objection, text="What would help?")
    text = board.get(f"{board.page}.md")
    assert text.startswith("# What became of the remarks: Seven organisations")
    assert "## Suggestion on paragraph 1\n" in text
    assert "> forty\n" in text
    assert "fifty" in text
    assert "**Accepted**" in text
    assert "**Valley Coalition (Lea Lead):** What would help?" in text


# Letters -------------------------------------------------------------------------------------------


def test_letters_say_that_there_is_an_answer_and_no_word_of_it(site):
    board = Board(site, text="Zanarikestrel wrote this.")
    site.deliver()
    board.act("reply", board.suggestion, text="Quillowmarten thanks you.")
    board.act("dispose", board.suggestion, disposition="declined", reason="Brambertussock says no.")
    site.deliver()
    told = site.letters(board.made.contacts[0].mail)[-2:]
    assert {str(one["Subject"]) for one in told} == {
        "Valley Coalition has replied to your remark",
        "Valley Coalition has answered what you remarked",
    }
    for letter in told:
        words = text_of(letter) + str(letter.get_body(("html",)).get_content())
        for secret in ("Zanarikestrel", "Quillowmarten", "Brambertussock", "forty", "fifty", EDITION.headline):
            assert secret not in words
        assert site.client().get(link_in(letter)).status_code == 200


def test_the_lead_is_told_once_of_many_and_how_many_more(site):
    board = Board(site)
    site.deliver()
    (first,) = (one for one in site.letters(board.made.user.mail) if "commented" in str(one["Subject"]))
    assert "One more has come in since." in text_of(first)
    assert f"{board.page}#remark-{board.suggestion}" in text_of(first)


def test_a_member_s_reply_is_told_to_the_lead_with_its_place(site):
    board = Board(site)
    with site.session() as session:
        who = (session, NOW, board.made.invitations[1].id, 1)
        commenting.reply(*who, thread_id=board.suggestion, person_name="Bo Example", text="Zanarikestrel.")
    site.deliver()
    (told,) = (one for one in site.letters(board.made.user.mail) if "replied" in str(one["Subject"]))
    assert "Bo Example of Hillside Forum has replied" in text_of(told)
    assert f"{board.page}#remark-{board.suggestion}" in text_of(told)
    assert "Zanarikestrel" not in text_of(told)


def test_a_letter_about_an_answer_is_of_no_use_once_the_link_is_closed(site):
    board = Board(site)
    site.deliver()
    board.act("dispose", board.suggestion, disposition="declined", reason="No.")
    board.send(f"{board.hub}/recall")
    before = len(site.letters(board.made.contacts[0].mail))
    site.deliver()
    after = [str(one["Subject"]) for one in site.letters(board.made.contacts[0].mail)[before:]]
    assert len(after) == 1
    assert "answered" not in after[0]


@pytest.mark.parametrize("answered", [True, False])
def test_a_new_text_says_where_the_list_is(site, answered):
    board = Board(site)
    if answered:
        board.act("dispose", board.comment, disposition="declined", reason="No.")
    site.deliver()
    moved(board, "Shorter.")
    site.deliver()
    for contact in board.made.contacts:
        letter = site.letters(contact.mail)[-1]
        assert "The text was changed" in str(letter["Subject"])
        assert ("What became of the remarks on the text so far" in text_of(letter)) == answered
