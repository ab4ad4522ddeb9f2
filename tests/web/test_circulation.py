"""Circulating and watching over HTTP: nothing goes out unseen, nothing typed is lost, everything is explained."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, func, select

from tests.builders import EDITION, LINKS, NOW, World, circulate, offered, world
from tests.ground.application import Site, hidden
from workflow.actions import coalition, drafting, press, signing
from workflow.models.circulation import Circulation, Invitation
from workflow.models.coalition import Contact
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.models.signing import Answer
from workflow.rules.circulation import Kind, Role
from workflow.text.addresses import Address


class Desk:
    """The lead's browser on one statement."""

    def __init__(self, site: Site, made: World) -> None:
        self.site, self.made = site, made
        self.client = site.client()
        site.sign_in(self.client, made.user)
        self.hub = f"/desk/statements/{made.statement.public_id}"
        self.form = f"{self.hub}/circulate"

    def get(self, path: str, expected: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == expected, answer.text
        return answer.text

    def send(self, path: str, expected: int = 303, page: str = "/desk", **fields: object) -> str:
        token = hidden(self.get(page), "csrf_token")
        answer = self.client.post(path, data={**fields, "csrf_token": token})
        assert answer.status_code == expected, answer.text
        return answer.text

    def typed(self, **changes: object) -> dict[str, object]:
        """The form as it is preset, with changes; roles by their index among the members."""
        values = fields_of(self.get(self.form))
        for index, role in changes.pop("roles", {}).items():
            values[f"role-{self.made.members[index].id}"] = role
        return {**values, **changes}

    def count(self, row: type) -> int:
        with self.site.session() as session:
            return session.scalar(select(func.count()).select_from(row)) or 0

    def sign(self, index: int, kind: Kind = Kind.SIGN_OFF, **changes: object) -> None:
        with self.site.session() as session:
            invitation = session.get(Invitation, self.made.invitations[index].id)
            given = offered(self.made, index, kind, **changes)
            signing.answer(session, LINKS, self.made_at, invitation.id, invitation.generation, given)

    made_at = NOW


def fields_of(html: str, inside: str = "<main") -> dict[str, str]:
    """The fields of a form as a browser would send them, but for the token, which is another each second."""
    form = html[html.index(inside) :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and (not re.search("checkbox|radio", tag) or " checked" in tag):
            found[name[1]] = unescape(value[1])
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, flags=re.S):
        found[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, flags=re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    found.pop("csrf_token", None)
    return found


def line_of(html: str) -> str:
    """The line of signatories as it is read."""
    found = re.search(r'<p class="signatories-line".*?</p>', html, flags=re.S)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]*>", "", found[0])).split())


@pytest.fixture
def desk(site: Site):
    """A draft with three members."""
    with site.session() as session:
        yield Desk(site, world(session))


@pytest.fixture
def open_desk(site: Site):
    """A statement that circulates among three required members, without the code."""
    with site.session() as session:
        yield Desk(site, circulate(world(session)))


# Preparing --------------------------------------------------------------------------------------


def test_the_form_is_preset_and_leads_through_a_check_to_the_roll(desk: Desk):
    typed = desk.typed(cover_note="Please read.", roles={2: "observer"})
    assert (typed["deadline_day"], typed["deadline_clock"], typed["deadline_zone"]) == ("2027-03-03", "18:00", "UTC")
    assert typed["code"] == "yes"
    page = desk.send(f"{desk.form}/check", 200, **typed)
    for words in (
        "all 2 required organisations",
        "Wednesday 3 March 2027, 18:00 UTC",
        "contact1@valley-coalition.example.com",
        "Please read.",
        "…",
        EDITION.headline,
    ):
        assert words in page, words
    assert desk.count(Circulation) == 0
    desk.send(f"{desk.form}/send", **fields_of(page, '<form method="post" action="' + desk.form + "/send"))
    with desk.site.session() as session:
        circulation = session.query(Circulation).one()
        assert (circulation.cover_note, circulation.code_required) == ("Please read.", True)
    assert desk.count(Letter) == 3
    assert "Waiting for Lakeside Relief and Hillside Forum" in desk.get(f"{desk.hub}/roll")


def test_nothing_typed_is_lost_on_bad_input(desk: Desk):
    typed = desk.typed(
        cover_note="Kept as it is.",
        roles={0: "optional", 1: "none", 2: "optional"},
        at_least="many",
        deadline_day="2027-03-28",
        deadline_clock="01:30",
        deadline_zone="Europe/London",
    )
    del typed["code"]
    page = desk.send(f"{desk.form}/check", 400, **typed)
    again = fields_of(page)
    assert again == typed
    assert "skip 01:30" in unescape(page)
    for field in ("at_least", "deadline_clock", "roll"):
        assert f'href="#field-{field}"' in page
        assert f'id="field-{field}' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"roles": {0: "optional", 1: "optional", 2: "optional"}}, "Nobody is required"),
        ({"at_least": "4"}, "more sign-offs than there are organisations"),
        ({"deadline_day": "2027-02-28"}, "lies in the past"),
        ({"deadline_zone": "Nowhere/City"}, "not a time zone"),
        ({"cover_note": "x" * 6000}, "too long"),
    ],
)
def test_what_would_be_refused_is_said_before_anything_is_sent(desk: Desk, changes, words):
    for step in ("check", "mail", "send"):
        assert words in unescape(desk.send(f"{desk.form}/{step}", 400, **desk.typed(**changes)))
    assert desk.count(Circulation) == 0


def test_an_organisation_without_a_contact_is_pointed_out(desk: Desk):
    with desk.site.session() as session:
        session.get(Contact, desk.made.contacts[1].id).removed = True
        session.commit()
    assert "Nobody yet." in desk.get(desk.form)
    assert "Nobody to write to at Hillside Forum" in desk.send(f"{desk.form}/check", 400, **desk.typed())


def test_a_draft_without_headline_and_text_is_not_circulated(desk: Desk):
    with desk.site.session() as session:
        bare = type(EDITION)(language="en", kind="press-release", headline="", body="")
        drafting.revise(session, NOW, desk.made.user.id, desk.made.statement.public_id, bare, 1)
    page = desk.send(f"{desk.form}/check", 400, **desk.typed())
    assert "no headline yet" in page
    assert "no text yet" in page


def test_the_check_says_how_many_journalists_get_the_release(desk: Desk):
    assert "no journalist gets the release" in desk.send(f"{desk.form}/check", 200, **desk.typed())
    with desk.site.session() as session:
        people = [Address("Dana", "dana@paper.example"), Address("Eli", "eli@radio.example")]
        press.add(session, NOW, desk.made.user.id, people, "en")
        press.choose(session, NOW, desk.made.user.id, desk.made.statement.public_id, [1, 2])
    assert "2 journalists get the release" in desk.send(f"{desk.form}/check", 200, **desk.typed())


def test_a_text_that_changed_after_the_check_is_not_sent_unseen(desk: Desk):
    page = desk.send(f"{desk.form}/check", 200, **desk.typed())
    checked = fields_of(page, f'<form method="post" action="{desk.form}/send')
    with desk.site.session() as session:
        changed = type(EDITION)(**{**EDITION.__dict__, "headline": "A text that nobody has checked"})
        drafting.revise(session, NOW, desk.made.user.id, desk.made.statement.public_id, changed, 1)
    page = desk.send(f"{desk.form}/send", 409, **checked)
    assert desk.count(Circulation) == 0
    assert "A text that nobody has checked" in page
    desk.send(f"{desk.form}/send", **fields_of(page, f'<form method="post" action="{desk.form}/send'))
    assert desk.count(Circulation) == 1


def test_the_mail_is_shown_as_it_will_be_sent_and_the_way_back_keeps_everything(desk: Desk):
    typed = desk.typed(cover_note="Tonight, please.")
    page = desk.send(f"{desk.form}/mail", 200, **typed)
    assert "contact0@valley-coalition.example.com" in page
    assert "Tonight, please." in page
    assert EDITION.headline not in page, "no word of the draft stands in a mail"
    back = desk.send(desk.form, 200, **fields_of(page))
    assert fields_of(back) == typed


def test_the_roll_of_the_last_circulation_is_the_next_ones_preset(desk: Desk):
    circulate(desk.made, roles=[Role.REQUIRED, Role.OPTIONAL, Role.OBSERVER])
    assert "save a new revision and put it in force" in desk.get(f"{desk.hub}/recall")
    desk.send(f"{desk.hub}/recall", page=f"{desk.hub}/recall")
    assert [desk.typed()[f"role-{member.id}"] for member in desk.made.members] == ["required", "optional", "observer"]


def test_a_statement_that_circulates_is_not_circulated_again(open_desk: Desk):
    open_desk.get(open_desk.form, 409)


# Watching ---------------------------------------------------------------------------------------


def test_the_roll_tells_who_said_what_and_what_is_missing(open_desk: Desk):
    open_desk.sign(0)
    open_desk.sign(1, Kind.OBJECTION)
    page = open_desk.get(f"{open_desk.hub}/roll")
    for words in (
        "Waiting for Harbour Aid",
        "Hillside Forum objects",
        "We cannot carry the second",
        "Person 0",
        "1 of 3",
    ):
        assert words in page, words
    assert page.count("Not opened yet") == 3


def test_a_stale_and_a_late_sign_off_are_told(open_desk: Desk):
    open_desk.sign(0)
    open_desk.made_at = NOW + timedelta(days=3)
    open_desk.sign(1)
    with open_desk.site.session() as session:
        changed = type(EDITION)(**{**EDITION.__dict__, "headline": "Another headline"})
        drafting.revise(session, NOW, open_desk.made.user.id, open_desk.made.statement.public_id, changed, 1)
    assert "After the deadline" in open_desk.get(f"{open_desk.hub}/roll")
    confirmation = open_desk.get(f"{open_desk.hub}/in-force")
    assert re.search(r"<ins>.*?Another.*?</ins>", confirmation, flags=re.S)
    assert "One sign-off so far becomes stale" in confirmation
    open_desk.send(f"{open_desk.hub}/in-force", revision="2", how="again", page=f"{open_desk.hub}/in-force")
    page = open_desk.get(f"{open_desk.hub}/roll")
    assert "Signed an earlier revision" in page
    assert "Answered to revision 1" in page
    assert "Another headline" in page


def test_a_revision_that_is_saved_is_not_in_force_by_itself(open_desk: Desk):
    with open_desk.site.session() as session:
        changed = type(EDITION)(**{**EDITION.__dict__, "headline": "Another headline"})
        drafting.revise(session, NOW, open_desk.made.user.id, open_desk.made.statement.public_id, changed, 1)
    for path in ("", "/roll"):
        page = open_desk.get(open_desk.hub + path)
        assert "Revision 2 is saved but not in force" in page
        assert "Another headline" not in page


def test_a_link_is_sent_again_and_revoked(open_desk: Desk):
    made = open_desk.made
    open_desk.send(f"{open_desk.hub}/invite/{made.contacts[0].id}")
    with open_desk.site.session() as session:
        assert session.get(Invitation, made.invitations[0].id).generation == 2
    path = f"{open_desk.hub}/revoke/{made.invitations[0].id}"
    assert "contact0@" in open_desk.get(path)
    open_desk.send(path, page=path)
    assert "Link revoked" in open_desk.get(f"{open_desk.hub}/roll")
    with open_desk.site.session() as session:
        assert session.get(Invitation, made.invitations[0].id).revoked_at == NOW


def test_a_contact_added_later_can_be_invited(open_desk: Desk):
    with open_desk.site.session() as session:
        late = Contact(organisation_id=open_desk.made.members[0].id, name="Late Contact", mail="late@example.com")
        session.add(late)
        session.commit()
        contact_id = late.id
    assert "Not invited" in open_desk.get(f"{open_desk.hub}/roll")
    open_desk.send(f"{open_desk.hub}/invite/{contact_id}")
    assert "Not invited" not in open_desk.get(f"{open_desk.hub}/roll")
    assert open_desk.count(Invitation) == 4


def test_a_failed_mail_stands_at_the_top_with_its_reason(open_desk: Desk):
    with open_desk.site.session() as session:
        letter = session.query(Letter).filter_by(invitation_id=open_desk.made.invitations[2].id).one()
        letter.failed_at, letter.last_error = NOW, "550 <no> such mailbox"
        session.commit()
    page = open_desk.get(f"{open_desk.hub}/roll")
    assert page.index("550 &lt;no&gt; such mailbox") < page.index('class="missing"')
    assert "One mail could not be delivered." in open_desk.get("/desk")


@pytest.mark.parametrize("accept", ["yes", "no"])
def test_another_name_waits_for_the_lead_and_the_decision_publishes(open_desk: Desk, accept: str):
    open_desk.sign(0, listed_name="Lakeside Relief International")
    open_desk.sign(1)
    open_desk.sign(2)
    page = open_desk.get(f"{open_desk.hub}/roll")
    assert "Wants to be listed as" in page
    assert open_desk.count(Publication) == 0
    place = open_desk.made.signatories[0].id
    open_desk.send(f"{open_desk.hub}/name/{place}", proposed="Lakeside Relief International", accept=accept)
    assert open_desk.count(Publication) == 1
    listed = "Lakeside Relief International" if accept == "yes" else "Lakeside Relief"
    assert line_of(open_desk.get(open_desk.hub)) == f"Harbour Aid • Hillside Forum • {listed}"


def test_a_name_that_was_changed_meanwhile_is_not_accepted_unseen(open_desk: Desk):
    open_desk.sign(0, listed_name="Lakeside Relief International")
    place = open_desk.made.signatories[0].id
    open_desk.send(f"{open_desk.hub}/name/{place}", 404, proposed="Something else", accept="yes")


def test_a_deadline_that_was_typed_with_an_offset_keeps_it_in_the_form(open_desk: Desk):
    path = f"{open_desk.hub}/deadline"
    with open_desk.site.session() as session:
        asked = session.scalars(select(Circulation)).one()
        asked.deadline_zone, before = "UTC+05:30", asked.deadline_at
        session.commit()
    fields = fields_of(open_desk.get(path))
    assert fields["deadline_zone"] == "UTC+05:30"
    open_desk.send(path, 303, path, **fields)  # nothing was changed, and nothing moves
    with open_desk.site.session() as session:
        assert session.scalars(select(Circulation.deadline_at)).one() == before


def test_the_deadline_is_moved_and_bad_input_comes_back(open_desk: Desk):
    path = f"{open_desk.hub}/deadline"
    typed = fields_of(open_desk.get(path))
    assert typed["deadline_zone"] == "Europe/London"
    page = open_desk.send(path, 400, **{**typed, "deadline_day": "2027-02-01"})
    assert fields_of(page)["deadline_day"] == "2027-02-01"
    moved = {**typed, "deadline_day": "2027-03-10"}
    page = open_desk.send(path, 200, **moved)
    assert "Nothing is moved yet." in page
    with open_desk.site.session() as session:
        assert session.query(Circulation).one().deadline_at.date().isoformat() == "2027-03-03"
    open_desk.send(path, **fields_of(page))
    with open_desk.site.session() as session:
        assert session.query(Circulation).one().deadline_at.date().isoformat() == "2027-03-10"
    open_desk.send(path, **{**typed, "deadline_day": "2027-03-10"})


@pytest.mark.parametrize(("how", "stage"), [("recall", "Draft"), ("abandon", "Abandoned")])
def test_ending_the_asking_is_asked_first(open_desk: Desk, how: str, stage: str):
    path = f"{open_desk.hub}/{how}"
    assert "gets a mail" in open_desk.get(path)
    with open_desk.site.session() as session:
        assert session.query(Circulation).one().outcome is None, "looking changed something"
    open_desk.send(path, page=path)
    assert stage in open_desk.get(open_desk.hub)
    assert "history" in open_desk.get(f"{open_desk.hub}/roll")


# The lead's own signature -----------------------------------------------------------------------


@pytest.fixture
def signing_desk(site: Site):
    """A statement that circulates among one member and the lead itself."""
    with site.session() as session:
        made = world(session, members=1)
        lead_id = coalition.add_lead(session, NOW, made.user.id, made.coalition.id)
        session.expunge_all()
        session.rollback()
        made.members.append(type(made.members[0])(id=lead_id, name="Valley Coalition", listed_name="Valley Coalition"))
        yield Desk(site, circulate(made))


def typed_answer(page: str, **changes: object) -> dict[str, object]:
    typed = {"kind": "sign-off", "person_role": "Press officer", "authority": "yes", **changes}
    return {**fields_of(page, '<form class="form answering"'), **typed}


def test_the_lead_signs_at_the_desk_and_completes_the_rule(signing_desk: Desk):
    path = f"{signing_desk.hub}/sign"
    signing_desk.sign(0)
    page = signing_desk.get(path)
    assert " checked" not in page, "an answer is chosen beforehand"
    signing_desk.send(path, **typed_answer(page))
    assert signing_desk.count(Publication) == 1
    assert line_of(signing_desk.get(signing_desk.hub)) == "Lakeside Relief • Valley Coalition"


def test_an_answer_that_lacks_something_comes_back_with_what_was_typed(signing_desk: Desk):
    path = f"{signing_desk.hub}/sign"
    typed = typed_answer(signing_desk.get(path), kind="objection", person_name="Typed Name")
    page = signing_desk.send(path, 400, **typed)
    assert "Typed Name" in page
    assert 'href="#field-text"' in page
    assert signing_desk.count(Answer) == 0


def test_a_text_that_moved_is_shown_and_not_signed(signing_desk: Desk):
    path = f"{signing_desk.hub}/sign"
    typed = typed_answer(signing_desk.get(path), text="A remark that was typed.")
    with signing_desk.site.session() as session:
        user_id, public_id = signing_desk.made.user.id, signing_desk.made.statement.public_id
        changed = type(EDITION)(**{**EDITION.__dict__, "headline": "Another headline"})
        drafting.revise(session, NOW, user_id, public_id, changed, 1)
        from workflow.actions.in_force import put_in_force

        put_in_force(session, NOW, user_id, public_id, 2)
    page = signing_desk.send(path, 409, **typed)
    assert signing_desk.count(Answer) == 0
    assert re.search(r"<ins>.*?Another.*?</ins>", page, flags=re.S)
    assert "A remark that was typed." in page
    assert " checked" not in page, "for another text the answer must be chosen again"
    assert fields_of(page, '<form class="form answering"')["digest"] != typed["digest"]


def test_the_lead_takes_back_its_answer_once(signing_desk: Desk):
    path, back = f"{signing_desk.hub}/sign", 'value="taken-back"'
    assert back not in signing_desk.get(path)
    signing_desk.send(path, **typed_answer(signing_desk.get(path), kind="abstain"))
    assert back in signing_desk.get(path)
    signing_desk.send(path, **typed_answer(signing_desk.get(path), kind="taken-back"))
    assert back not in signing_desk.get(path)


def test_a_lead_that_is_not_on_the_roll_has_nothing_to_sign(open_desk: Desk):
    open_desk.get(f"{open_desk.hub}/sign", 404)


# The cost of a page -----------------------------------------------------------------------------


def test_no_page_of_the_desk_costs_more_for_a_longer_roll(site: Site):
    engine = site.app.extensions["undersigned"].engine
    counts = []
    for members in (7, 70):
        with site.session() as session:
            made = circulate(world(session, members=members, lead=f"Lead of {members}"))
        desk = Desk(site, made)
        desk.sign(0)
        sent: list[str] = []

        def note(connection, cursor, statement, *rest, sent=sent):
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        counts.append([])
        for path in ("/desk", desk.hub, f"{desk.hub}/roll", f"{desk.hub}/in-force"):
            sent.clear()
            desk.get(path)
            counts[-1].append(len(sent))
        event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
