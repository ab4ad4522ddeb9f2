"""The lead goes through applications: filtered, searched, many at once, undone, taken along as a table."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import event, insert

from tests.actions.acting import count, letters, rows, stage_of
from tests.builders import QUOTELESS, circulate, world
from tests.ground.application import hidden
from tests.opening import SOON, applied, newest, opened
from tests.web.living import csrf_of
from workflow.actions import circulation as circulating
from workflow.actions import opening
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.coalition import Contact, Organisation
from workflow.models.opening import Application, OpenPage
from workflow.queries.circulation import roll
from workflow.text.mailboxes import mail_key
from workflow.text.nearly import name_key

LATER = SOON + timedelta(hours=1)


@pytest.fixture
def desk(any_site):
    with any_site.session() as session:
        made, page = opened(session)
        any_site.at(LATER)
        client = any_site.client()
        any_site.sign_in(client, made.user)
        yield Desk(any_site, session, made, page, client)


class Desk:
    def __init__(self, site, session, made, page, client):
        self.site, self.session, self.made, self.page, self.client = site, session, made, page, client
        self.path = f"/desk/statements/{made.statement.public_id}"

    def see(self, show="clear", search="", page=1):
        answer = self.client.get(f"{self.path}/applications?show={show}&q={search}&page={page}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def send(self, where="applications", **data):
        return self.client.post(f"{self.path}/{where}", data={"csrf_token": csrf_of(self.client), **data})

    def names(self):
        self.session.rollback()
        return [one.name for one in roll(self.session, self.made.circulation.id)]


def ticked(html):
    return re.findall(r'name="id" value="(\d+)"', html)


def shown(html):
    return re.findall(r'for="tick-\d+">.*?<bdi>(.*?)</bdi>', html)


def test_the_lead_opens_the_page_knowingly_and_closes_it(any_site):
    with any_site.session() as session:
        made = circulate(world(session, edition=QUOTELESS))
        client = any_site.client()
        any_site.sign_in(client, made.user)
        it = Desk(any_site, session, made, None, client)
        html = client.get(f"{it.path}/open-page").get_data(as_text=True)
        assert "Opening it shows the text to everybody who gets the address" in html
        assert "becomes final as soon as its rule is met" in html
        assert f"{it.path}/open-page" in client.get(f"{it.path}/roll").get_data(as_text=True)
        assert it.send("open-page", criteria="Valley groups.").status_code == 400
        assert count(session, OpenPage) == 0
        assert it.send("open-page", criteria="Valley groups.", understood="yes").status_code == 303
        (page,) = rows(session, OpenPage)
        html = client.get(f"{it.path}/open-page").get_data(as_text=True)
        assert f"http://localhost/open/{page.key}" in html
        assert client.get(f"/open/{page.key}").status_code == 200
        assert it.send("open-page/close").status_code == 303
        assert client.get(f"/open/{page.key}").status_code == 404
        assert page.key not in client.get(f"{it.path}/open-page").get_data(as_text=True)


def test_what_nobody_confirmed_is_never_shown(desk):
    applied(desk.made, desk.page, confirm=False)
    for show in ("clear", "striking", "individuals", "waiting", "stale", "accepted", "refused", "contested"):
        html = desk.see(show)
        assert "Ferry Circle" not in html
        assert "(1)" not in html
    assert b"Ferry Circle" not in desk.client.get(f"{desk.path}/applications.csv?show=waiting").data


def test_what_is_striking_stands_apart(desk):
    made, page = desk.made, desk.page
    applied(made, page, "Mill Group")
    applied(made, page, "Ferry Circle")
    applied(made, page, "The FERRY-Circle Ltd.")
    applied(made, page, "L\u0430keside Relief")  # imitates one that was invited
    applied(made, page, "Pia Person", individual=True, person_role="")
    contested = applied(made, page, "Never Asked")
    opening.contest(desk.session, SOON, contested.key)
    assert shown(desk.see("clear")) == ["Mill Group"]
    striking = desk.see("striking")
    assert set(shown(striking)) == {"Ferry Circle", "The FERRY-Circle Ltd.", "L\u0430keside Relief"}
    assert "could be taken for" in striking
    assert "letters that look like others" in striking
    assert shown(desk.see("individuals")) == ["Pia Person"]
    assert len(shown(desk.see("waiting"))) == 5
    assert "Never Asked" in desk.see("contested")


def test_a_spelling_is_striking_and_repeated_where_it_is_asked_once_more(desk):
    found = [applied(desk.made, desk.page, name) for name in ("Lakesyde Relief", "Lakaside Relief", "Mill Group")]
    assert set(shown(desk.see("clear"))) == {"Lakesyde Relief", "Mill Group"}
    html = desk.send(act="accept", id=[str(one.id) for one in found], show="clear").get_data(as_text=True)
    assert html.count("one letter is different") == 2 and "may be one organisation" in html
    html = desk.send(act="accept", id=str(found[2].id), show="clear").get_data(as_text=True)
    assert "may be one organisation" not in html


def test_one_mailbox_with_two_names_is_striking(desk):
    applied(desk.made, desk.page, "Mill Group", mail="mia@mill.example.org")
    applied(desk.made, desk.page, "Other Name", mail="Mia+2@mill.example.org")
    assert shown(desk.see("clear")) == []
    assert desk.see("striking").count("the same mailbox as another") == 2


def test_a_double_that_was_refused_does_not_count_against_the_other(desk):
    one = applied(desk.made, desk.page)
    other = applied(desk.made, desk.page, mail="no@elsewhere.example.org")
    assert desk.send(act="refuse", id=str(other.id), confirmed="yes", reason="Twice.").status_code == 303
    assert ticked(desk.see("clear")) == [str(one.id)]


def test_accepting_is_asked_once_more_done_and_undone(desk):
    found = [applied(desk.made, desk.page, name) for name in ("Mill Group", "Ferry Circle")]
    first = desk.send(act="accept", id=[str(one.id) for one in found], show="clear")
    html = first.get_data(as_text=True)
    assert first.status_code == 200
    assert "Accept these 2?" in html
    assert len(desk.names()) == 2
    assert sorted(ticked(html)) == sorted(str(one.id) for one in found)
    done = desk.send(act="accept", id=ticked(html), show="clear", confirmed="yes")
    assert done.status_code == 303
    assert len(desk.names()) == 4
    batch = parse_qs(urlsplit(done.headers["Location"]).query)["batch"][0]
    page = desk.client.get(done.headers["Location"]).get_data(as_text=True)
    assert "2 are accepted and on the roll." in page
    assert hidden(page, "batch") == batch
    assert desk.send(act="undo", batch=batch).status_code == 303
    assert len(desk.names()) == 2
    assert len(shown(desk.see("clear"))) == 2


def test_refusing_needs_a_reason_which_is_asked_for(desk):
    found = applied(desk.made, desk.page)
    asked = desk.send(act="refuse", id=str(found.id))
    assert asked.status_code == 200
    assert 'name="reason"' in asked.get_data(as_text=True)
    lacking = desk.send(act="refuse", id=str(found.id), confirmed="yes", reason=" ")
    assert lacking.status_code == 400
    assert newest(desk.session).decision is None
    assert desk.send(act="refuse", id=str(found.id), confirmed="yes", reason="Too far away.").status_code == 303
    assert newest(desk.session).reason == "Too far away."
    assert "Too far away." in desk.see("refused")
    assert desk.send(act="undo", id=str(found.id), show="refused").status_code == 303
    assert shown(desk.see("clear")) == ["Ferry Circle"]


def test_nothing_ticked_and_nonsense_change_nothing(desk):
    applied(desk.made, desk.page)
    for data in ({"act": "accept"}, {"act": "bless", "id": "1"}, {}, {"act": "accept", "id": "x" * 20}):
        assert desk.send(**data, confirmed="yes").status_code == 400
    assert desk.send(act="accept", id="99999", confirmed="yes").status_code == 404
    assert desk.send(act="undo", batch="no\0thing").status_code == 400
    assert newest(desk.session).decision is None


def test_searching_finds_names_people_addresses_and_countries(desk):
    applied(desk.made, desk.page, "Mühlen Gruppe", country="Österreich", mail="mia@mill.example.org")
    applied(desk.made, desk.page, "100% Circle_")
    for words in ("mühlen", "MÜHLEN GRUPPE", "österreich", "mia@mill", "newcomer mühl"):
        assert shown(desk.see("clear", words.replace(" ", "+"))) == ["Mühlen Gruppe"], words
    assert shown(desk.see("clear", "0%25")) == ["100% Circle_"]
    assert shown(desk.see("clear", "circle_")) == ["100% Circle_"]
    assert shown(desk.see("clear", "%25%25")) == []
    assert shown(desk.see("clear", "nothing+of+this")) == []
    desk.see("clear", "%00x")


def test_a_table_for_spreadsheets_holds_no_formula(desk):
    applied(desk.made, desk.page, "=HYPERLINK(1)", person_role="@sum", country="+1")
    answer = desk.client.get(f"{desk.path}/applications.csv?show=waiting")
    assert answer.headers["Content-Type"].startswith("text/csv")
    text = answer.data.decode()
    assert '"\'=HYPERLINK(1)"' in text
    assert '"\'@sum"' in text
    assert '"\'+1"' in text


def test_after_the_end_nothing_can_be_decided(desk):
    found = applied(desk.made, desk.page)
    circulating.recall(desk.session, LATER, desk.made.user.id, desk.made.statement.public_id)
    assert ticked(desk.see("clear")) == []
    assert desk.send(act="accept", id=str(found.id), confirmed="yes").status_code == 409
    assert desk.client.get(f"{desk.path}/open-page").status_code == 409


def many(desk, number, start=0):
    """Confirmed applications, as if they had come in one after the other."""
    desk.session.rollback()
    row = {
        "circulation_id": desk.made.circulation.id,
        "revision_id": desk.made.circulation.revision_id,
        "individual": False,
        "country": "Valley Republic",
        "person_name": "Nia",
        "person_role": "Chair",
        "language": "en",
        "imitates": False,
        "made_at": SOON,
        "tries": 0,
        "confirmed_at": SOON,
        "reason": "",
    }
    made = []
    for index in range(start, start + number):
        name = f"Village {index:05d} of the valley"
        mail = f"nia@village{index:05d}.example.org"
        keys = {"key": f"{index:032x}", "name_key": name_key(name), "mail_key": mail_key(mail)}
        made.append({**row, **keys, "name": name, "mail": mail, "words": f"{name}\nnia\n{mail}".casefold()})
    desk.session.execute(insert(Application), made)
    desk.session.commit()


def test_ten_thousand_are_looked_at_and_accepted_like_ten(desk):
    seen = []
    engine = desk.site.app.extensions["undersigned"].engine

    def note(*call):
        seen.append(call[2])

    event.listen(engine, "before_cursor_execute", note)
    costs = []
    for number in (10, 9990):
        many(desk, number, start=count(desk.session, Application))
        seen.clear()
        html = desk.see("clear")
        costs.append(len(seen))
    event.remove(engine, "before_cursor_execute", note)
    assert costs[0] == costs[1]
    assert "10000 applications" in html.replace(",", "")
    assert len(shown(html)) == 50
    assert "Page 1 of 200" in html
    assert len(shown(desk.see("clear", page=200))) == 50
    assert len(shown(desk.see("clear", "09999"))) == 1
    first = desk.send(act="accept", all="yes", show="clear")
    assert "Accept these 500?" in first.get_data(as_text=True)
    assert desk.send(act="accept", all="yes", show="clear", confirmed="yes").status_code == 303
    assert len(desk.names()) == 502
    assert "(9500)" in desk.see("clear").replace(",", "")
    assert len(letters(desk.session, LetterKind.RECEIPT)) == 500
    assert stage_of(desk.made) == "circulating"


def test_a_kept_name_from_an_unknown_address_is_striking(desk):
    kept = Organisation(kept_by_id=desk.made.user.organisation_id, name="Ferry Circle", listed_name="Ferry Circle")
    desk.session.rollback()
    desk.session.add(kept)
    desk.session.commit()
    kept_id = kept.id
    applied(desk.made, desk.page)
    assert shown(desk.see("clear")) == []
    assert "nobody there has this address" in desk.see("striking")
    desk.session.add(Contact(organisation_id=kept_id, name="Nia", mail="NIA@ferrycircle.example.org"))
    desk.session.commit()
    assert shown(desk.see("clear")) == ["Ferry Circle"]
