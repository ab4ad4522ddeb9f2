""" "This was not us" over HTTP: from the receipt, by one button, whatever became of the link; then the lead's page."""

import re
from datetime import timedelta

import pytest

from tests.actions.acting import rows, sign, stage_of
from tests.actions.test_several_voices import two
from tests.builders import LINKS, NOW, QUOTELESS, circulate, offered, world
from tests.ground.application import hidden, link_in, text_of
from tests.web.signing_visit import Visit
from tests.web.test_circulation import Desk
from workflow.actions import inviting, signing
from workflow.links import Purpose
from workflow.models.circulation import Circulation
from workflow.models.coalition import Contact
from workflow.models.contesting import Contest
from workflow.models.drafting import Statement
from workflow.models.publication import Publication
from workflow.queries.cli import standing_of
from workflow.queries.commenting import positions
from workflow.queries.contesting import mail_mark
from workflow.rules.completion import Completion, Ending
from workflow.text.instants import iso

TAKES_BACK = 'value="taken-back"'


@pytest.fixture
def session(site):
    with site.session() as opened_:
        yield opened_


def signed(site, session):
    """Lakeside has two contacts, and one of them has signed, with the page still open."""
    made = world(session, edition=QUOTELESS)
    session.add(Contact(organisation_id=made.members[0].id, name="Zoe", mail="zoe@lake.example.org"))
    session.commit()
    circulate(made)
    visit = Visit(site, made)
    visit.open()
    visit.check()
    assert visit.again("record").status_code == 303
    site.deliver()
    return made, visit


def receipt_link(site, to):
    (receipt,) = [one for one in site.letters(to) if "Receipt" in one["Subject"]]
    return link_in(receipt, "/sign/contest/")


def press(client, path):
    page = client.get(path)
    assert page.status_code == 200
    return client.post(path, data={"form_token": hidden(page.get_data(as_text=True), "form_token")})


def test_from_the_receipt_by_one_button_and_looking_changes_nothing(site, session):
    made, visit = signed(site, session)
    path = receipt_link(site, "zoe@lake.example.org")
    browser = site.client()
    page = browser.get(path).get_data(as_text=True)
    assert "Ada Example" in page and QUOTELESS.headline not in page
    assert rows(session, Contest) == []
    assert browser.post(path, data={"form_token": "forged"}).status_code == 400
    assert rows(session, Contest) == []
    assert press(browser, path).status_code == 303
    assert "This answer is contested" in browser.get(path).get_data(as_text=True)
    shown = visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    assert "An answer of your organisation is contested" in shown
    site.deliver()
    assert [one for one in site.letters("desk@") if "Contested:" in one["Subject"]]
    desk = Desk(site, made)
    for index in (1, 2):
        sign(made, index)
    assert "says that an answer was not its own" in desk.get(f"{desk.hub}/roll")
    assert stage_of(made) == "circulating"


def test_a_revoked_or_handed_on_link_takes_nothing_from_the_receipt(site, session):
    made, _visit = signed(site, session)
    path = receipt_link(site, "contact0@")
    inviting.revoke(session, NOW, made.user.id, made.statement.public_id, made.invitations[0].id)
    assert press(site.client(), path).status_code == 303
    assert len(rows(session, Contest)) == 1


def test_a_strange_link_is_nobodys(site, session):
    made, visit = signed(site, session)
    path = receipt_link(site, "contact0@")
    assert site.client().get(path + "x").status_code == 404
    assert site.client().get(visit.path.replace("/sign/", "/sign/contest/")).status_code == 404
    contact = session.get_one(Contact, made.contacts[0].id)
    contact.mail = "new@lake.example.org"  # the old mailbox may be somebody else's now
    session.commit()
    assert site.client().get(path).status_code == 404


@pytest.mark.parametrize(("resolution", "published"), [("stands", 1), ("void", 0)])
def test_the_lead_resolves_it_on_a_page_of_its_own(site, session, resolution, published):
    made, _visit = signed(site, session)
    press(site.client(), receipt_link(site, "zoe@"))
    desk = Desk(site, made)
    for index in (1, 2):
        sign(made, index)
    roll = desk.get(f"{desk.hub}/roll")
    path = re.search(r'href="([^"]*/contest/\d+)"', roll).group(1)
    assert "Zoe" in desk.get(path)
    assert "Why" in desk.send(path, 400, path, resolution="", reason="kept words")
    desk.send(path, 303, path, resolution=resolution, reason="We rang <them>.")
    assert len(rows(session, Publication)) == published
    assert "We rang &lt;them&gt;." in desk.get(path)
    site.deliver()
    (told,) = [one for one in site.letters("zoe@") if "the contested answer" in one["Subject"]]
    assert resolution in told["Subject"].replace("is void", "void")


def test_after_the_publication_the_lead_is_led_to_the_note(site, session):
    made, _visit = signed(site, session)
    desk = Desk(site, made)
    for index in (1, 2):
        sign(made, index)
    path = receipt_link(site, "zoe@")
    assert "published already" in site.client().get(path).get_data(as_text=True)
    press(site.client(), path)
    (contest,) = rows(session, Contest)
    where = f"{desk.hub}/contest/{contest.id}"
    page = desk.get(where)
    assert f"{desk.hub}/after/{made.signatories[0].id}" in page
    assert "It counts again" not in page and "as if it had never been given" not in page
    after = desk.get(f"{desk.hub}/after")
    assert "Contested: to be resolved" in after and where in after
    desk.send(where, 303, where, resolution="void", reason="Nobody of ours.")
    assert "Contested, and you said that it is void" in desk.get(f"{desk.hub}/after")
    assert f"{desk.hub}/after/{made.signatories[0].id}" in desk.get(where)


def test_the_receipt_of_what_published_promises_nothing_that_is_over(site, session):
    made, _visit = signed(site, session)
    sign(made, 1)
    site.deliver()
    (before,) = site.letters("contact1@")[-1:]
    assert "stops counting at once" in text_of(before)
    sign(made, 2)
    site.deliver()
    (receipt,) = [one for one in site.letters("contact2@") if "Receipt" in one["Subject"]]
    words = text_of(receipt)
    assert "stops counting at once" not in words and "The text is published already" in words


def test_what_is_answered_while_another_answer_is_contested_says_that_it_does_not_count_yet(site, session):
    made, visit = signed(site, session)
    press(site.client(), receipt_link(site, "zoe@"))
    assert "An answer of your organisation is contested" in site.client().get(visit.path).text
    sign(made, 0)
    site.deliver()
    told = [text_of(one) for one in site.letters() if "has signed" in one["Subject"]]
    receipts = [text_of(one) for one in site.letters("contact0@") if "Receipt" in one["Subject"]]
    says = "nothing that the organisation answers counts before"
    assert [says in " ".join(one.split()) for one in told] == [False, True]
    assert [says in " ".join(one.split()) for one in receipts] == [False, True]


@pytest.mark.parametrize("late", [False, True])
def test_each_of_several_voices_can_be_contested_from_its_own_receipt(site, session, late):
    made, zoe = two(session, ending=Ending(Completion.PRESS))
    said_at = NOW + timedelta(days=3) if late else NOW
    answers = [
        signing.answer(session, LINKS, said_at, one.id, one.generation, offered(made, 0)).id
        for one in (made.invitations[0], zoe)
    ]
    site.at(said_at)
    mark = mail_mark(made.contacts[0].mail)
    for answer in answers:  # not only the newest
        path = "/sign/contest/" + LINKS.make(Purpose.CONTEST, [made.invitations[0].id, answer, mark])
        assert "This was not us" in site.client().get(path).text
    first = "/sign/contest/" + LINKS.make(Purpose.CONTEST, [made.invitations[0].id, answers[0], mark])
    assert press(site.client(), first).status_code == 303
    assert "This answer is contested" in site.client().get(first).text
    assert [one.answer_id for one in rows(session, Contest)] == [answers[0]]


def test_only_an_answer_that_stands_can_be_taken_back(site, session):
    made, visit = signed(site, session)
    desk = Desk(site, made)
    record = f"{desk.hub}/record/{made.signatories[0].id}"
    assert TAKES_BACK not in desk.get(f"{desk.hub}/record/{made.signatories[1].id}")
    assert TAKES_BACK in visit.open().text and TAKES_BACK in desk.get(record)
    press(site.client(), receipt_link(site, "zoe@"))
    (contest,) = rows(session, Contest)
    path = f"{desk.hub}/contest/{contest.id}"
    desk.send(path, 303, path, resolution="void", reason="We rang them.")
    assert TAKES_BACK not in visit.open().text and TAKES_BACK not in desk.get(record)
    visit.check()
    assert "recorded already" not in visit.page and "Nothing is recorded yet." in visit.page
    visit.again("record")
    assert TAKES_BACK in visit.open().text and TAKES_BACK in desk.get(record)
    visit.check(kind="taken-back", authority="")
    assert "What is taken back" in visit.page
    visit.again("record")
    assert TAKES_BACK not in visit.open().text and TAKES_BACK not in desk.get(record)
    site.deliver()
    receipt = [one for one in site.letters("contact0@") if "Receipt" in one["Subject"]][-1]
    assert "take it back" not in text_of(receipt) and "you can answer again" in text_of(receipt)


def test_a_contested_answer_is_not_called_signed_off_anywhere(site, session):
    made, _visit = signed(site, session)
    desk = Desk(site, made)
    badge = 'mark-full">Signed off</span>'
    assert badge in desk.get(f"{desk.hub}/roll")
    press(site.client(), receipt_link(site, "zoe@"))
    roll = desk.get(f"{desk.hub}/roll")
    assert badge not in roll and 'mark-bar">Contested: does not count</span>' in roll
    (lakeside,) = [one for one in standing_of(*told(session, made))["roll"] if one["organisation"] == "Lakeside Relief"]
    assert (lakeside["answer"], lakeside["counts"], lakeside["contested"]) == ("sign-off", False, True)
    seen = positions(session, session.get_one(Circulation, made.circulation.id))
    assert [(one.kind, one.count) for one in seen] == [(None, 3)], "the others are told that it signed"
    session.rollback()
    (contest,) = rows(session, Contest)
    path = f"{desk.hub}/contest/{contest.id}"
    desk.send(path, 303, path, resolution="stands")
    roll = desk.get(f"{desk.hub}/roll")
    assert badge in roll and "Contested: does not count" not in roll


def told(session, made):
    return session, session.get_one(Statement, made.statement.id), "http://localhost", iso
