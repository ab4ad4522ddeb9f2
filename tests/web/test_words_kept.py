"""Whatever is refused, and wherever: the words that were typed stand on the page that says so."""

import re
from dataclasses import replace

import pytest

from tests.builders import EDITION, NOW, circulate, world
from tests.ground.application import hidden
from tests.web.desk_page import looks_right
from tests.web.signing_visit import ANSWER, Visit
from tests.web.test_circulation import Desk
from workflow.actions import circulation as circulating
from workflow.actions import drafting, in_force
from workflow.text.digest import quote_digest

WORDS = "Nobody walks far."
OTHERS = "It is a long way."
QUOTE = quote_digest(EDITION.quotes[0])


@pytest.fixture
def session(site):
    with site.session() as opened:
        yield opened


def put_in_force(made, edition) -> None:
    who = (made.session, NOW, made.user.id, made.statement.public_id)
    revision = drafting.revise(*who, edition, 1)
    in_force.put_in_force(*who, revision.number)


def reworded(quote: str = QUOTE, **changes: str) -> dict[str, str]:
    return {**ANSWER, "kind": "only-quotes", f"quote-{quote}": "reworded", f"wording-{quote}": WORDS, **changes}


def wording_in(page: str, quote: str) -> str:
    found = re.search(rf'<textarea[^>]*name="wording-{quote}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return found[1] if found else ""


# Words for a quote --------------------------------------------------------------------------------


def test_words_for_a_quote_that_was_changed_meanwhile_stand_with_its_new_words(site, session):
    made = circulate(world(session))
    visit = Visit(site, made)
    visit.open()
    quote = replace(EDITION.quotes[0], text=OTHERS)
    put_in_force(made, replace(EDITION, quotes=(quote,)))
    assert visit.send("check", **reworded()).status_code == 409
    assert wording_in(visit.page, quote_digest(quote)) == WORDS
    assert 'value="reworded" checked' not in visit.page


def test_words_for_a_quote_that_went_meanwhile_are_shown_once_more(site, session):
    made = circulate(world(session))
    visit = Visit(site, made)
    visit.open()
    body = EDITION.body.replace("[[quote 1]]\n\n", "")
    put_in_force(made, replace(EDITION, quotes=(), body=body))
    assert visit.send("check", **reworded()).status_code == 409
    assert WORDS in visit.page
    assert "does not stand in the text any more" in visit.page


def test_words_for_a_quote_stay_where_nothing_was_chosen_for_it(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    typed = reworded()
    del typed[f"quote-{QUOTE}"]
    assert visit.send("check", **typed).status_code == 400
    assert wording_in(visit.page, QUOTE) == WORDS
    assert visit.send("check", **{**typed, "kind": "abstain"}).status_code == 400, "and they are not dropped silently"
    assert "Please choose what your organisation says of its quote" in visit.page


@pytest.mark.parametrize("how", ["visit ended", "recalled"])
def test_words_for_a_quote_come_back_where_nothing_is_answered_any_more(site, session, how):
    made = circulate(world(session))
    visit = Visit(site, made)
    visit.open()
    if how == "recalled":
        circulating.recall(session, NOW, made.user.id, made.statement.public_id)
    else:
        visit.client = site.client()
    assert visit.send("check", **reworded()).status_code in (404, 410)
    assert "The words that should stand instead" in visit.page and WORDS in visit.page


# The desk -----------------------------------------------------------------------------------------

TYPED = {
    "circulate/check": {"cover_note": "Please read it soon."},
    "remarks/1/dispose": {"reason": "It is so.", "disposition": "declined"},
    "import": {"pasted": "Press release"},
}


@pytest.fixture
def desk(site):
    with site.session() as opened:
        yield Desk(site, circulate(world(opened)))


def path_of(desk: Desk, where: str) -> str:
    return "/desk/statements/import" if where == "import" else f"{desk.hub}/{where}"


@pytest.mark.parametrize("how", ["cookie gone", "session ended"])
@pytest.mark.parametrize("where", TYPED)
def test_signed_out_meanwhile_says_so_and_gives_the_words_back(desk, where, how):
    token = hidden(desk.get("/me"), "csrf_token")
    if how == "cookie gone":
        desk.client.delete_cookie("desk")
    else:
        with desk.site.session() as session:
            from workflow.models.accounts import DeskSession

            session.query(DeskSession).delete()
            session.commit()
    answer = desk.client.post(path_of(desk, where), data={**TYPED[where], "csrf_token": token})
    assert answer.status_code == 403
    assert "You are signed out" in answer.text
    for words in TYPED[where].values():
        assert words in answer.text or words == "declined"
    assert answer.headers["Cache-Control"] == "no-store"
    looks_right(answer.text)


def test_a_remark_that_is_not_there_gives_back_what_was_said_of_it(desk):
    page = desk.send(f"{desk.hub}/remarks/999/dispose", 404, reason="It is so.", disposition="declined")
    assert "There is nothing here" in page and "It is so." in page


def test_a_reply_to_a_remark_that_is_not_there_comes_back(site, session):
    visit = Visit(site, circulate(world(session)))
    visit.open()
    assert visit.send("reply", thread="999", text="So it is.", person_name="Bo Beispiel").status_code == 404
    assert "So it is." in visit.page
