"""The page before anything goes out: it says who really gets a mail, how many have to agree, and what each is asked."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import update

from tests.builders import NOW, QUOTELESS, circulate, world
from tests.web.desk_page import looks_right
from tests.web.test_circulation import Desk, fields_of
from workflow.actions import circulation as acting
from workflow.models.circulation import Circulation, Invitation, Signatory
from workflow.models.coalition import Contact, Organisation
from workflow.rules.circulation import Role, Rule
from workflow.rules.stating import part_under
from workflow.text.instants import in_zone


@pytest.fixture
def desk(site):
    with site.session() as session:
        return Desk(site, world(session, edition=QUOTELESS))


def second_contact(desk, index, name, *, alternate=False, needed=1):
    with desk.site.session() as session:
        member = desk.made.members[index]
        mail = f"{name.split()[0].lower()}@second.example.net"
        session.add(Contact(organisation_id=member.id, name=name, mail=mail, alternate=alternate))
        session.execute(update(Organisation).where(Organisation.id == member.id).values(needed=needed))
        session.commit()


def rows(html):
    """The rows of the table by the organisation that they begin with, as they are read."""
    found = re.findall(r'<tr[^>]*>\s*<th scope="row">(.*?)</tr>', html, flags=re.S)
    words = [" ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in found]
    return {one.partition(" Required")[0].partition(" Optional")[0].partition(" Observer")[0]: one for one in words}


def test_an_alternate_is_not_said_to_get_the_mail_before_it_does(desk):
    second_contact(desk, 0, "Olga Other", alternate=True)
    page = rows(desk.send(f"{desk.form}/check", 200, **desk.typed()))["Lakeside Relief"]
    mailed, _, later = page.partition("Gets no mail yet:")
    assert "Contact 0" in mailed
    assert "Olga Other" not in mailed
    assert "Olga Other" in later
    assert "Gets no mail yet: Olga Other" in " ".join(re.sub("<[^>]*>", " ", desk.get(desk.form)).split())
    desk.send(f"{desk.form}/send", 303, **desk.typed())
    assert desk.count(Invitation) == 3


def test_an_alternate_who_gets_the_mail_at_once_is_marked_as_one(desk):
    second_contact(desk, 0, "Olga Other", alternate=True)
    with desk.site.session() as session:
        away = {"away_until": NOW + timedelta(days=3)}
        session.execute(update(Contact).where(Contact.id == desk.made.contacts[0].id).values(**away))
        session.commit()
    page = rows(desk.send(f"{desk.form}/check", 200, **desk.typed()))
    assert "Gets no mail yet" not in page["Lakeside Relief"]
    assert "olga@second.example.net Alternate, asked at once" in page["Lakeside Relief"]
    assert "Alternate" not in page["Hillside Forum"]
    form = " ".join(re.sub("<[^>]*>", " ", desk.get(desk.form)).split())
    assert "olga@second.example.net Alternate, asked at once" in form


def test_how_many_have_to_say_the_same_is_said_before_they_are_asked(desk):
    second_contact(desk, 0, "Olga Other", needed=2)
    page = rows(desk.send(f"{desk.form}/check", 200, **desk.typed()))
    assert "2 of its contacts have to say the same." in page["Lakeside Relief"]
    assert "have to say the same" not in page["Hillside Forum"]


def test_too_few_contacts_are_pointed_out_beside_the_roll(desk):
    second_contact(desk, 0, "Olga Other", needed=3)
    page = desk.send(f"{desk.form}/check", 400, **desk.typed())
    assert 'href="#field-roll"' in page
    assert "Lakeside Relief" in page


def test_by_silence_nobody_is_said_to_be_required(desk):
    typed = desk.typed(purpose="silence", roles={2: "observer"})
    page = rows(desk.send(f"{desk.form}/check", 200, **typed))
    assert "Lakeside Relief Optional" in page["Lakeside Relief"]
    assert "Harbour Aid Observer" in page["Harbour Aid"]
    assert not [one for one in page.values() if "Required" in one]
    desk.send(f"{desk.form}/send", 303, **typed)
    with desk.site.session() as session:
        assert sorted(one.role for one in session.query(Signatory)) == ["observer", "optional", "optional"]


def test_after_a_silence_the_usual_roles_are_offered_again(site):
    with site.session() as session:
        made = circulate(
            world(session, edition=QUOTELESS),
            rule=Rule(silence=True),
            roles=[Role.REQUIRED, Role.REQUIRED, Role.OBSERVER],
        )
        acting.recall(session, NOW, made.user.id, made.statement.public_id)
        assert session.query(Circulation).one().outcome == "recalled"
    desk = Desk(site, made)
    typed = desk.typed()
    assert [typed[f"role-{one.id}"] for one in made.members] == ["required", "required", "observer"]


@pytest.mark.parametrize("role", list(Role))
def test_the_part_under_a_rule(role):
    assert part_under(Rule(), role) is role
    assert part_under(Rule(silence=True), role) is (Role.OBSERVER if role is Role.OBSERVER else Role.OPTIONAL)


def test_a_number_beyond_the_roll_is_refused_unless_others_are_to_join(desk):
    typed = desk.typed(at_least="5")
    page = desk.send(f"{desk.form}/check", 400, **typed)
    assert "5 of 3" in page
    assert '<a href="#field-at_least">Number of sign-offs:' in page
    typed["by_open_page"] = "yes"
    page = desk.send(f"{desk.form}/check", 200, **typed)
    assert "The roll alone cannot meet the rule" in page
    desk.send(f"{desk.form}/send", 303, **fields_of(page, "circulate/send"))
    roll = desk.get(f"{desk.hub}/roll")
    assert "The roll alone cannot meet the rule" in roll
    assert f'href="{desk.hub}/open-page"' in roll or "open-page" in roll or "/open" in roll
    assert "The roll alone" not in desk.send(f"{desk.form}/check", 409, **typed)


def test_reminders_whose_time_is_over_are_said_not_to_be_sent(desk):
    soon = in_zone(desk.made_at + timedelta(hours=5), "UTC")
    when = {"deadline_day": f"{soon:%Y-%m-%d}", "deadline_clock": f"{soon:%H:%M}", "deadline_zone": "UTC"}
    page = desk.send(f"{desk.form}/check", 200, **desk.typed(remind_hours="24, 3", **when))
    words = " ".join(unescape(re.sub("<[^>]*>", "", page)).split())
    assert "24 hours before would have been Sunday 28 February 2027, 14:00 UTC: that is over" in words
    assert "3 hours before would" not in words
    assert "would have been" not in desk.send(f"{desk.form}/check", 200, **desk.typed(remind_hours="24, 3"))


def test_that_others_will_join_is_said_once_more(desk):
    said = "Others will join by an open page"
    assert said not in desk.send(f"{desk.form}/check", 200, **desk.typed())
    assert said in desk.send(f"{desk.form}/check", 200, **desk.typed(by_open_page="yes"))
    comment = desk.typed(by_open_page="yes", purpose="comment")
    assert said not in desk.send(f"{desk.form}/check", 200, **comment)


def test_a_deadline_after_the_embargo_is_pointed_out(desk):
    said = "The deadline is after the embargo"
    early = desk.typed(completion="embargo", embargo_day="2027-03-02", embargo_clock="06:00")
    page = desk.send(f"{desk.form}/check", 200, **early)
    looks_right(page)
    assert said in page and "The embargo ends at: <time" in page
    late = {**early, "embargo_day": "2027-03-29"}
    assert said not in desk.send(f"{desk.form}/check", 200, **late)
    assert said not in desk.send(f"{desk.form}/check", 200, **{**early, "completion": "at-once"})
    assert said not in desk.send(f"{desk.form}/check", 200, **{**early, "purpose": "comment"})


def test_what_is_usual_is_folded_away_and_what_is_not_is_open(desk):
    def opened(page):
        return [open_ for open_ in re.findall(r'<details class="fold"( open)?>', page) if open_]

    usual = desk.get(desk.form)
    looks_right(usual)
    assert not opened(usual)
    back = desk.send(desk.form, 200, **desk.typed(at_least="2", remind_hours="48"))
    assert len(opened(back)) == 2
    wrong = desk.send(f"{desk.form}/check", 400, **desk.typed(word_hours="many", validity_days="0"))
    looks_right(wrong)
    assert len(opened(wrong)) == 2
    for line in ("Hours for contradicting: ", "Days for which a sign-off holds: "):
        assert f">{line}" in wrong


def test_every_line_of_the_summary_names_its_field_and_leads_there(site):
    with site.session() as session:
        desk = Desk(site, world(session, edition=replace(QUOTELESS, headline="", body="Words.")))
    typed = desk.typed(
        deadline_day="", working_days="none", soft_day="never", remind_hours="soon", at_least="x", others="y",
        word_hours="z", cover_note="\u202e\x00", purpose="sign-off", completion="embargo", embargo_day="",
        late_until="then", visibility="everything", editorial="yes", editorial_hours="0", editorial_words="0",
    )  # fmt: skip
    page = desk.send(f"{desk.form}/check", 400, **typed)
    summary = page[page.index('class="error-summary"') : page.index("</ul>", page.index('class="error-summary"'))]
    lines = re.findall(r'<li><a href="([^"]*)">([^<]*)</a>', summary)
    assert len(lines) == summary.count("<li>") >= 10
    ids = set(re.findall(r'id="([^"]+)"', page))
    for address, words in lines:
        assert address[1:] in ids or address == f"{desk.hub}/edit#field-headline", address
        assert ":" in words or "headline" in words, words
