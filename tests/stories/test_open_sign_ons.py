"""58 organisations and people ask to sign on an open page; the lead comes to the right fifty, each click counted.

All over HTTP and by the letters that are mailed: forms, confirmations, "this was not us", the lead's own pages.
"""

import html
import json
import re
from datetime import timedelta

from sqlalchemy import select

from tests.actions.acting import rows, sign
from tests.builders import NOW, QUOTELESS, World, circulate, world
from tests.ground.application import Site, code_in, hidden, link_in, text_of
from tests.prove.invariants import violations
from workflow.actions import deadline
from workflow.models.history import Disclosure
from workflow.models.publication import Publication
from workflow.rules.circulation import Rule

ASKED, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=5)
PLACES = ("Ferry", "Mill", "Bridge", "Orchard", "Quarry", "Meadow", "Harbour", "Chapel", "Tower", "Willow")
KINDS = ("Circle", "Alliance", "Womens Council", "Youth Forum", "Relief Fund")
RIGHT = [f"{place} {kind}" for place in PLACES for kind in KINDS]
DOUBLES = ["FERRY CIRCLE", "Mill Alliance, Inc.", "Forum of the Youth Bridge"]
PEOPLE = ["Pia Person", "Omar Other"]
CONTESTED, OUTSIDE, SPOOF = "Chapel Choir", "Ocean Yacht Club", "L\u0430keside Relief"
# What a click, a reason to be typed and a line to be read take, in seconds; a quarter of an hour is to be enough.
CLICK, REASON, LINE = 3, 20, 8


class Lead:
    """The lead at its desk: sees pages, and counts each click and each reason typed."""

    def __init__(self, site: Site, made: World, path: str) -> None:
        self.client, self.clicks, self.reasons = site.client(), 0, 0
        site.sign_in(self.client, made.user)
        self._fields: list[tuple[str, str]] = []
        self._follow(path)

    def _follow(self, path: str) -> None:
        self.clicks += 1
        self.page = self.client.get(path, follow_redirects=True).get_data(as_text=True)
        self._fields = []

    def click(self, words: str) -> None:
        """A link with these words."""
        found = re.search(rf'<a href="([^"]*)"[^>]*>{re.escape(words)}', self.page)
        assert found, words
        self._follow(html.unescape(found[1]))

    def tick(self, *names: str) -> None:
        """The boxes before these names."""
        for name in names:
            found = re.search(rf'name="id" value="(\d+)"><span><bdi>{re.escape(html.escape(name))}</bdi>', self.page)
            assert found, name
            self.clicks += 1
            self._fields.append(("id", found[1]))

    def tick_all(self) -> None:
        """All that the list finds."""
        assert 'name="all"' in self.page
        self.clicks += 1
        self._fields.append(("all", "yes"))

    def press(self, words: str) -> None:
        """A button of the form about applications; its hidden fields go with it."""
        found = re.search(rf'<button[^>]*?(?:name="(\w+)" value="(\w+)")?>{re.escape(words)}</button>', self.page)
        assert found, words
        forms = re.findall(r'<form[^>]*method="post".*?</form>', self.page, re.DOTALL)
        (form,) = (one for one in forms if f">{words}</button>" in one)
        carried = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
        fields = [*((name, html.unescape(value)) for name, value in carried), *self._fields]
        if found[1]:
            fields.append((found[1], found[2]))
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        action = re.search(r'action="([^"]*)"', form)
        assert action
        self.clicks += 1
        answer = self.client.post(html.unescape(action[1]), data=data, follow_redirects=True)
        assert answer.status_code == 200
        self.page, self._fields = answer.get_data(as_text=True), []

    def type_reason(self, words: str) -> None:
        assert 'name="reason"' in self.page
        self.reasons += 1
        self._fields.append(("reason", words))

    @property
    def names(self) -> list[str]:
        found = re.findall(r'name="id" value="\d+"><span><bdi>(.*?)</bdi>', self.page)
        return [html.unescape(one) for one in found]


def ask(site: Site, path: str, number: int, name: str) -> str:
    """Fill in the form on the open page, as somebody with a browser of its own; gives the mail address used."""
    client, mail = site.client(), f"office@group{number}.example.org"
    whose = {"REMOTE_ADDR": f"198.51.100.{number}"}
    site.at(ASKED)
    shown = client.get(path, environ_overrides=whose).get_data(as_text=True)
    site.at(ASKED + timedelta(seconds=90))
    form = {
        "form_token": hidden(shown, "form_token"),
        "digest": hidden(shown, "digest"),
        "individual": "yes" if name in PEOPLE else "no",
        "name": name,
        "country": "Ocean" if name == OUTSIDE else "Valley Republic",
        "person_name": f"Person {number}",
        "person_role": "" if name in PEOPLE else "Chair",
        "mail": mail,
        "authority": "yes",
    }
    assert client.post(path, data=form, environ_overrides=whose).status_code == 303
    return mail


def say(site: Site, mail: str, said: str) -> None:
    """Open the link in the letter to this address, choose and send."""
    letter = next(one for one in site.letters(mail) if "/open/confirm/" in text_of(one))
    client, link = site.client(), link_in(letter, "/open/confirm/")
    token = hidden(client.get(link).get_data(as_text=True), "form_token")
    assert client.post(link, data={"form_token": token, "said": said, "code": code_in(letter)}).status_code == 303


def opened_over_http(site: Site, made: World) -> str:
    """The lead opens the page; gives its path."""
    client = site.client()
    site.sign_in(client, made.user)
    path = f"/desk/statements/{made.statement.public_id}/open-page"
    token = hidden(client.get(path).get_data(as_text=True), "csrf_token")
    client.post(path, data={"csrf_token": token, "understood": "yes", "criteria": "Groups that work in the valley."})
    found = re.search(r"http://localhost(/open/\w{32})", client.get(path).get_data(as_text=True))
    assert found
    return found[1]


def asked_by_all(site: Site, path: str) -> None:
    """58 ask, all confirm, and one of them says afterwards that it was not them."""
    everybody = [*RIGHT, *DOUBLES, *PEOPLE, CONTESTED, OUTSIDE, SPOOF]
    assert len(everybody) == 58
    mails = {name: ask(site, path, number, name) for number, name in enumerate(everybody)}
    site.deliver()
    for mail in mails.values():
        say(site, mail, "confirm")
    say(site, mails[CONTESTED], "contest")


def gone_through(site: Site, made: World) -> Lead:
    """The lead from the mail to the right fifty."""
    (told,) = [one for one in site.letters(made.user.mail) if "ask to sign" in str(one["Subject"])]
    lead = Lead(site, made, link_in(told, "/desk/statements/") + "/applications")
    assert len(lead.names) == 48
    assert OUTSIDE in lead.names
    lead.tick(OUTSIDE)
    lead.press("Refuse …")
    lead.type_reason("Only groups that work in the valley.")
    lead.press("Refuse now")
    lead.tick_all()
    lead.press("Accept …")
    assert "Accept these 47?" in lead.page
    lead.press("Accept now")
    lead.click("Striking")
    assert set(lead.names) == {*DOUBLES, SPOOF, "Ferry Circle", "Mill Alliance", "Bridge Youth Forum"}
    assert lead.page.count("could be taken for") == 7
    lead.tick("Ferry Circle", "Mill Alliance", "Bridge Youth Forum")
    lead.press("Accept …")
    lead.press("Accept now")
    assert set(lead.names) == {*DOUBLES, SPOOF}
    lead.tick_all()
    lead.press("Refuse …")
    lead.type_reason("This organisation is listed already.")
    lead.press("Refuse now")
    lead.click("People")
    assert set(lead.names) == set(PEOPLE)
    lead.tick_all()
    lead.press("Refuse …")
    lead.type_reason("Only organisations are listed under this text.")
    lead.press("Refuse now")
    assert "All that wait (0)" in lead.page
    assert "Accepted (50)" in lead.page
    return lead


def test_the_lead_comes_to_the_right_fifty_in_a_quarter_of_an_hour(any_site):
    site = any_site
    with site.session() as session:
        made = circulate(world(session, members=2, edition=QUOTELESS), rule=Rule(hold_open=True))
        asked_by_all(site, opened_over_http(site, made))
        site.at(LATER)
        site.deliver()
        lead = gone_through(site, made)
        assert (lead.clicks, lead.reasons) == (20, 3)
        assert lead.clicks * CLICK + lead.reasons * REASON + 58 * LINE < 15 * 60
        site.deliver()
        receipts = [one for one in site.letters("group") if "/sign/" in text_of(one)]
        assert len(receipts) == 50
        sign(made, 0, now=LATER)
        sign(made, 1, now=LATER)
        deadline.reached(session, NOW + timedelta(days=2), made.circulation.id)
        assert listed(session) == {*RIGHT, "Lakeside Relief", "Hillside Forum"}
        assert violations(session) == []


def listed(session) -> set[str]:
    """The names under the published text."""
    (published,) = rows(session, Publication)
    chosen = select(Disclosure.value).where(Disclosure.commitment.in_(json.loads(published.listing)))
    found = {value["listed_name"] for value in session.scalars(chosen)}
    session.rollback()
    return found
