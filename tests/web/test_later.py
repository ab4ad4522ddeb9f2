"""Once the text is final: the member's page and the desk's, over HTTP."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.actions.acting import invitation_of, reread, sign
from tests.builders import LINKS, NOW, QUOTELESS, circulate, world
from tests.ground.application import code_in, hidden, link_in, text_of
from tests.web.living import csrf_of
from tests.web.signing_visit import Visit
from tests.web.test_circulation import fields_of
from workflow.actions import noting
from workflow.models.circulation import Circulation
from workflow.models.drafting import Statement
from workflow.models.notes import Note
from workflow.rules.circulation import Kind, Role
from workflow.rules.completion import Completion, Ending
from workflow.rules.noting import Later, LaterKind
from workflow.text.instants import in_zone

AT = NOW + timedelta(days=3)
EMBARGO = Ending(Completion.EMBARGO, embargo_at=in_zone(AT, "Europe/London"), late_until=NOW + timedelta(days=9))
WHO = {"person_name": "Ada Example", "person_role": "Chair"}


def asked(site, ending=EMBARGO, *, members=3, signing=2, code=False, **how):
    """The first have signed; where a code is asked for, as if they had typed it."""
    with site.session() as session:
        roles = [Role.REQUIRED] * signing + [Role.OPTIONAL] * (members - signing)
        made = circulate(world(session, members, QUOTELESS), ending=ending, roles=roles, **how)
        for index in range(signing):
            sign(made, index)
        made = reread(made)
        if code:
            made.circulation.code_required = True
            session.merge(made.circulation)
            session.commit()
            reread(made)
    return made


def stage(site) -> str:
    with site.session() as session:
        return session.query(Statement).one().stage


def open_after(site, made, index=0) -> Visit:
    """Land on the link as it stands after the lock, press the button, and follow."""
    visit = Visit(site, made, index)
    assert visit.land().status_code == 410
    pressed = visit.client.post(visit.path, data={"form_token": hidden(visit.page, "form_token")})
    assert pressed.status_code == 303 and pressed.headers["Location"].endswith("/after")
    visit.keep(visit.client.get(pressed.headers["Location"]))
    return visit


def say(visit: Visit, act: str, **fields: str):
    return visit.send(f"after/{act}", **fields)


def publish(site, at=AT):
    site.at(at)
    site.deliver()
    assert stage(site) == "published"


def test_a_member_sees_that_the_text_is_locked_and_when_it_is_published(any_site):
    made = asked(any_site)
    visit = open_after(any_site, made)
    assert "The text is final, and not public yet" in visit.page
    assert "Nothing is public before Thursday 4 March 2027, 09:00 Europe/London" in visit.page
    assert QUOTELESS.headline in visit.page
    assert "Withdraw now" not in visit.page and "Take it back now" in visit.page
    receipt = visit.client.get(f"{visit.base}receipt").get_data(as_text=True)
    assert "The text is final, and not public yet" in receipt


def test_taking_back_by_link_unlocks(any_site):
    made = asked(any_site)
    visit = open_after(any_site, made)
    assert say(visit, "withdraw").status_code == 400
    assert "Please type your name" in visit.page
    answer = say(visit, "withdraw", **WHO)
    assert answer.status_code == 303
    assert stage(any_site) == "circulating"
    assert visit.client.get(answer.headers["Location"]).headers["Location"].endswith(f"/at/{visit.invitation.id}/")
    assert visit.client.get(visit.base).status_code == 200


def test_withdrawing_after_the_publication_by_the_code(any_site):
    made = asked(any_site, code=True)
    publish(any_site)
    visit = open_after(any_site, made)
    assert say(visit, "withdraw", **WHO, text="We were misled.").status_code == 200
    assert "Six digits were mailed" in visit.page
    any_site.deliver()
    digits = code_in(any_site.letters(made.contacts[0].mail)[-1])
    wrong = visit.again("after/withdraw", code="000000" if digits != "000000" else "111111")
    assert wrong.status_code == 400 and "Tries left: 4" in visit.page
    assert visit.again("after/withdraw", code=digits).status_code == 303
    page = any_site.client().get("/").get_data(as_text=True)
    slug = re.search(r'href="(/statements/[^"]+)"', page).group(1)
    public = any_site.client().get(slug).get_data(as_text=True)
    assert "We were misled." in public and "Withdrew its sign-off" in public
    any_site.deliver()
    told = [one["Subject"].strip() for one in any_site.letters(made.contacts[0].mail)]
    assert "Receipt: Lakeside Relief and the statement of Valley Coalition" in told
    assert "Withdraw now" not in open_after(any_site, made).page


def test_without_the_code_twice_is_once(site):
    made = asked(site)
    publish(site)
    visit, other = open_after(site, made), open_after(site, made)
    assert say(visit, "withdraw", **WHO).status_code == 303
    assert say(other, "withdraw", **WHO).status_code == 409
    assert "This was said already" in other.page
    with site.session() as session:
        assert session.query(Note).count() == 1


def test_signing_late_and_what_the_public_sees(any_site):
    made = asked(any_site)
    publish(any_site)
    visit = open_after(any_site, made, 2)
    assert "Sign now" in visit.page
    assert say(visit, "sign-late", **WHO).status_code == 400
    assert say(visit, "sign-late", **WHO, authority="yes").status_code == 303
    slug = public_path(any_site)
    public = any_site.client().get(slug).get_data(as_text=True)
    assert "3 signatories as of 4 March 2027, 2 at publication" in public
    assert "Signed later" in public
    for form in (".txt", ".md", ".json"):
        assert "Harbour Aid" in any_site.client().get(slug + form).get_data(as_text=True)
    # The roll says the same: who has signed later has answered, and a withdrawal stands there too.
    assert say(open_after(any_site, made, 0), "withdraw", **WHO).status_code == 303
    client = any_site.client()
    any_site.sign_in(client, made.user)
    roll = client.get(f"/desk/statements/{made.statement.public_id}/roll").get_data(as_text=True)
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr id=.*?</tr>", roll, re.DOTALL)]
    late = next(row for row in rows if "Signed later" in row)
    assert late.startswith("Harbour Aid") and "Signed later · Thursday 4 March 2027" in late
    assert "No answer yet" not in late and "Not opened yet" not in late
    withdrawn = next(row for row in rows if "Withdrawn" in row)
    assert withdrawn.startswith(made.signatories[0].name) and "Withdrawn · Thursday 4 March 2027" in withdrawn
    any_site.at(EMBARGO.late_until + timedelta(seconds=1))
    assert "Sign now" not in open_after(any_site, made, 1).page


@pytest.mark.parametrize("until", [EMBARGO.late_until, None])
def test_who_can_still_sign_is_told_so_when_it_is_published(any_site, until):
    made = asked(any_site, replace(EMBARGO, late_until=until))
    publish(any_site)
    any_site.deliver()
    told = [
        [one for one in any_site.letters(who.mail) if one["Subject"].startswith("Published")] for who in made.contacts
    ]
    (signed,), (still,) = told[0], told[2]
    for letter, offered_it in ((signed, False), (still, until is not None)):
        for words in (text_of(letter), letter.get_body(("html",)).get_content()):
            assert ("wants to sign as well" in words) is offered_it
            assert ("/sign/" in words) is offered_it
    if until is not None:
        assert "until Wednesday 10 March 2027" in " ".join(text_of(still).split())
        assert "Please do not pass it on" in text_of(still)
        assert link_in(still) == Visit(any_site, made, 2).path and "Sign now" in open_after(any_site, made, 2).page


def public_path(site) -> str:
    page = site.client().get("/").get_data(as_text=True)
    return re.search(r'href="(/statements/[^"]+)"', page).group(1)


def test_reconfirming_is_one_click(any_site):
    made = asked(any_site, Ending(Completion.EMBARGO, embargo_at=AT, validity_days=2))
    any_site.at(AT)
    any_site.deliver()
    any_site.deliver()
    assert stage(any_site) == "locked"
    letter = any_site.letters(made.contacts[1].mail)[-1]
    assert letter["Subject"] == "Does the sign-off of Hillside Forum still stand?"
    for index in (0, 1):
        visit = open_after(any_site, made, index)
        assert "Does your sign-off still stand?" in visit.page
        assert visit.again("after/reconfirm").status_code == 303
    assert stage(any_site) == "published"


def test_a_name_is_taken_out_by_its_contact_on_every_process(any_site):
    from workflow.app import create_app

    made = asked(any_site)
    publish(any_site)
    slug = public_path(any_site)
    other = create_app(any_site.settings)  # another process with a shelf of its own
    forms = ("", ".txt", ".md", ".json")
    for app in (any_site.app, other):
        for form in forms:
            assert "Hillside Forum" in app.test_client().get(slug + form).get_data(as_text=True)
        assert "Hillside Forum" in app.test_client().get("/feed.atom").get_data(as_text=True)
    visit = open_after(any_site, made, 1)
    assert say(visit, "withhold").status_code == 400
    assert say(visit, "withhold", authority="yes").status_code == 303
    for app in (any_site.app, other):
        for path in (*(slug + form for form in forms), "/feed.atom"):
            assert "Hillside Forum" not in app.test_client().get(path).get_data(as_text=True)
    assert "one of which asked for its name to be withheld" in any_site.client().get(slug).get_data(as_text=True)
    other.extensions["undersigned"].engine.dispose()


@pytest.mark.parametrize("act", ["reconfirm", "withdraw", "sign-late", "withhold"])
def test_a_step_asked_for_without_its_form_leads_to_the_page(site, act):
    made = asked(site)
    visit = open_after(site, made)
    assert visit.client.get(f"{visit.base}after/{act}").status_code == 303
    assert visit.client.post(f"{visit.base}after/{act}").status_code == 400  # no form token
    hostile = say(visit, act, digest="x" * 9000, **dict.fromkeys(WHO, "\x00\r\nBcc: x"), authority="yes")
    assert hostile.status_code in (400, 409)


# The desk ----------------------------------------------------------------------------------------


def desk(site, made):
    client = site.client()
    site.sign_in(client, made.user)
    return client, f"/desk/statements/{made.statement.public_id}"


def send(client, path: str, **fields: str):
    page = client.get("/me").get_data(as_text=True)
    return client.post(path, data={"csrf_token": hidden(page, "csrf_token"), **fields})


def test_the_locked_page_moves_the_embargo(any_site):
    made = asked(any_site)
    client, here = desk(any_site, made)
    page = client.get(f"{here}/locked").get_data(as_text=True)
    assert "Nothing is public before Thursday 4 March 2027, 09:00 Europe/London" in page
    assert "Publish now" not in page
    assert send(client, f"{here}/publish").status_code == 409
    skipped = {"embargo_day": "2027-03-28", "embargo_clock": "01:30", "embargo_zone": "Europe/London"}
    wrong = send(client, f"{here}/embargo", **skipped)
    assert wrong.status_code == 400 and 'value="2027-03-28"' in wrong.get_data(as_text=True)
    good = {"embargo_day": "2027-03-29", "embargo_clock": "10:00", "embargo_zone": "Europe/London"}
    assert send(client, f"{here}/embargo", **good).status_code == 303
    assert "Monday 29 March 2027, 10:00 Europe/London (UTC+01:00)" in client.get(f"{here}/locked").text
    publish(any_site, NOW + timedelta(days=28))
    client, here = desk(any_site, made)
    assert client.get(f"{here}/locked").status_code == 409


def test_the_lead_presses(any_site):
    made = asked(any_site, Ending(Completion.PRESS))
    client, here = desk(any_site, made)
    assert "Publish now" in client.get(f"{here}/locked").text
    assert send(client, f"{here}/publish").status_code == 303
    assert stage(any_site) == "published"


def test_the_lead_is_told_why_it_cannot_press(any_site):
    made = asked(any_site, Ending(Completion.PRESS, validity_days=1))
    client, here = desk(any_site, made)
    any_site.at(AT)
    answer = send(client, f"{here}/publish")
    assert answer.status_code == 409
    assert "sign-offs that count are older than one day" in answer.text
    assert "2 sign-offs have to be reconfirmed" in answer.text


def test_a_locked_text_is_recalled_at_the_desk(any_site):
    made = asked(any_site)
    client, here = desk(any_site, made)
    page = client.get(f"{here}/recall")
    assert page.status_code == 200
    assert "put it in force" not in page.text, "a locked text cannot be changed"
    assert send(client, f"{here}/recall").status_code == 303
    assert stage(any_site) == "draft"


def test_notes_and_names_at_the_desk(any_site):
    made = asked(any_site)
    publish(any_site)
    client, here = desk(any_site, made)
    assert send(client, f"{here}/note", kind="correction").status_code == 400
    unsure = send(client, f"{here}/note", kind="correction", text="It is 38 days.")
    assert unsure.status_code == 400 and ">\nIt is 38 days.</textarea>" in unsure.text
    assert 'id="field-correction-sure-error"' in unsure.text and "it cannot be changed afterwards" in unsure.text
    assert "It is 38 days." not in any_site.client().get(public_path(any_site)).text
    assert (
        'id="field-correction-sure" name="sure" value="yes" checked'
        in send(client, f"{here}/note", kind="correction", text="", sure="yes").text
    )
    assert send(client, f"{here}/note", kind="correction", text="It is 38 days.", sure="yes").status_code == 303
    again = send(client, f"{here}/note", kind="correction", text="It is 38 days.", sure="yes")
    assert again.status_code == 303 and again.headers["Location"] == f"{here}/after"
    assert "That is so already." in client.get(f"{here}/after").text
    assert "2 organisations stand by it" in client.get(f"{here}/after").text
    one = f"{here}/after/{made.signatories[0].id}"
    assert client.get(one).status_code == 200
    assert send(client, one, what="mend", name="").status_code == 400
    warned = send(client, one, what="mend", name="Hilside Forum")  # another one is listed as Hillside Forum
    page = warned.get_data(as_text=True)
    assert warned.status_code == 200 and "one letter is different" in page and "Nothing is mended yet" in page
    assert hidden(page, "seen") == "Hilside Forum"
    assert send(client, one, what="mend", name="Lakeside Relief Society").status_code == 303
    two = f"{here}/after/{made.signatories[1].id}"
    assert send(client, two, what="withhold").status_code == 400
    assert send(client, two, what="withhold", authority="yes").status_code == 303
    assert send(client, one, what="withdraw", **WHO).status_code == 303
    slug = public_path(any_site)
    page = any_site.client().get(slug).text
    assert "It is 38 days." in page and "Lakeside Relief Society" in page and "Hillside" not in page
    assert send(client, f"{here}/note", kind="retraction", text="Wrong.").status_code == 400
    assert send(client, f"{here}/note", kind="retraction", text="Wrong.", sure="yes").status_code == 303
    assert "<strong>Retracted</strong>" in any_site.client().get("/").text
    page = any_site.client().get(slug).text
    assert page.index("Retracted on") < page.index(QUOTELESS.headline, page.index("<main"))
    shown = client.get(f"{here}/after").text
    assert "Withdrawn" in shown and "Counted, and not named" in shown and "Name mended" in shown
    assert "One organisation had signed it" in shown and "stands by it" not in shown, "it is retracted"
    assert client.get(here).status_code == 200
    any_site.deliver()
    assert [one["Subject"].strip() for one in any_site.letters(made.contacts[2].mail)][-2:] == [
        "A withdrawal: " + QUOTELESS.headline,
        "Retracted: " + QUOTELESS.headline,
    ]


def test_an_expired_link_is_made_fresh_also_after_the_publication(any_site):
    made = asked(any_site)
    publish(any_site)
    any_site.at(NOW + timedelta(days=80))
    visit = Visit(any_site, made)
    assert visit.land().status_code == 410
    fields = {"form_token": hidden(visit.page, "form_token")}
    assert visit.client.post(f"{visit.path}/fresh", data=fields).status_code == 303
    any_site.deliver()
    visit.path = link_in(any_site.letters(made.contacts[0].mail)[-1])
    assert visit.land().status_code == 410
    pressed = visit.client.post(visit.path, data={"form_token": hidden(visit.page, "form_token")})
    visit.keep(visit.client.get(pressed.headers["Location"]))
    assert say(visit, "withdraw", **WHO).status_code == 303


# The form ----------------------------------------------------------------------------------------


def form(site, **fields: str):
    """The form to circulate, as the lead fills it in."""
    with site.session() as session:
        made = world(session, 2, QUOTELESS)
    client, here = desk(site, made)
    page = client.get(f"{here}/circulate").get_data(as_text=True)
    typed = {f"role-{one.id}": "required" for one in made.members}
    usual = {"purpose": "sign-off", "visibility": "everything", "revision": "1", "validity_days": "90"}
    until = {"deadline_day": "2027-03-03", "deadline_clock": "18:00", "deadline_zone": "Europe/London"}
    data = {"csrf_token": hidden(page, "csrf_token"), **usual, **until, **typed, **fields}
    return client, here, data


def test_the_lead_chooses_an_embargo_before_circulating(any_site):
    embargo = {"completion": "embargo", "embargo_day": "2027-03-29", "embargo_clock": "10:00"}
    client, here, data = form(any_site, **embargo, late_until="2027-04-30", withheld_allowed="yes")
    checked = client.post(f"{here}/circulate/check", data=data)
    assert checked.status_code == 200
    assert "Nothing is public before Monday 29 March 2027, 10:00 Europe/London (UTC+01:00)" in checked.text
    assert "A sign-off holds for 90 days" in checked.text
    assert "until <time" in checked.text and ">the end of 30 April 2027 (Europe/London)</time>" in checked.text
    assert "1 May" not in checked.text
    assert client.post(f"{here}/circulate/send", data=data).status_code == 303
    with any_site.session() as session:
        one = session.query(Circulation).one()
        assert (one.completion, one.embargo_at.isoformat()) == ("embargo", "2027-03-29T09:00:00+00:00")
        assert one.late_until.isoformat() == "2027-04-30T23:00:00+00:00"  # the end of that day in London
        assert (one.withheld_allowed, one.validity_days, one.embargo_zone) == (True, 90, "Europe/London")


ENDINGS = [
    {"completion": "embargo", "embargo_day": "2027-03-29", "embargo_clock": "10:00", "late_until": "2027-04-30"},
    {"completion": "hold", "hold_minutes": "25", "withheld_allowed": "yes"},
    {"completion": "press", "validity_days": "30", "withheld_allowed": "yes"},
]
ENDS = ("completion", "embargo_day", "embargo_clock", "late_until", "withheld_allowed", "validity_days")


@pytest.mark.parametrize("chosen", ENDINGS)
def test_after_a_recall_the_form_says_as_before_when_it_is_published(site, chosen):
    client, here, data = form(site, **chosen)
    assert client.post(f"{here}/circulate/send", data=data).status_code == 303
    assert send(client, f"{here}/recall").status_code == 303
    page = client.get(f"{here}/circulate").text
    again = fields_of(page)
    assert {name: again.get(name, "") for name in ENDS} == {name: data.get(name, "") for name in ENDS}
    assert again["hold_minutes"] == data.get("hold_minutes", "10")
    assert again["deadline_zone"] == "Europe/London"
    assert "Published at once" not in page, "what differs from the usual is not folded away"


def test_an_embargo_that_has_passed_meanwhile_is_pointed_out_and_never_forgotten(site):
    client, here, data = form(site, **ENDINGS[0])
    assert client.post(f"{here}/circulate/send", data=data).status_code == 303
    with site.session() as session:
        session.execute(update(Circulation).values(embargo_at=NOW - timedelta(hours=1)))
        session.commit()
    assert send(client, f"{here}/recall").status_code == 303
    again = fields_of(client.get(f"{here}/circulate").text)
    assert again["completion"] == "embargo"
    until = {"deadline_day": "2027-03-03", "deadline_clock": "18:00"}
    answer = client.post(f"{here}/circulate/check", data={**again, **until, "csrf_token": csrf_of(client)})
    assert answer.status_code == 400
    assert "lies in the past" in answer.text


def test_the_ending_of_a_signing_outlives_the_comments_after_it(site):
    client, here, data = form(site, **ENDINGS[0])
    assert client.post(f"{here}/circulate/send", data=data).status_code == 303
    assert send(client, f"{here}/recall").status_code == 303
    comment = {**data, "purpose": "comment", "completion": "at-once", "deadline_zone": "Asia/Beirut"}
    assert client.post(f"{here}/circulate/send", data=comment).status_code == 303
    page = client.get(f"{here}/ask-to-sign").text
    assert "Nothing is public before Monday 29 March 2027, 12:00 Asia/Beirut" in page, "the same instant"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"completion": "embargo"}, "This is not a time of day"),
        ({"completion": "embargo", "embargo_day": "2027-03-28", "embargo_clock": "01:30"}, "skip 01:30"),
        ({"completion": "embargo", "embargo_day": "2027-02-01", "embargo_clock": "10:00"}, "lies in the past"),
        ({"completion": "hold", "hold_minutes": "0"}, "number from 1 to"),
        ({"completion": "soon"}, "when the text is to be published"),
        ({"validity_days": "x"}, "not a whole number"),
        ({"validity_days": "0"}, "number from 1 to"),
        ({"late_until": "2027-02-01"}, "is over"),
        ({"late_until": "9999-12-31"}, "is not a date"),
        ({"late_until": "\0"}, "is not a date"),
    ],
)
def test_an_ending_that_cannot_be_comes_back_with_its_sentence(site, fields, words):
    client, here, data = form(site, **fields)
    answer = client.post(f"{here}/circulate/check", data=data)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_member_asks_not_to_be_named(any_site):
    with any_site.session() as session:
        made = circulate(world(session, 2, QUOTELESS))
    visit = Visit(any_site, made)
    visit.open()
    assert "Count us, but do not publish our name" in visit.page
    assert visit.check(withheld="yes").status_code == 200
    assert "Counted, and not named" in visit.page
    assert visit.again("record").status_code == 303
    assert "Counted, and not named" in visit.client.get(f"{visit.base}receipt").text
    other = Visit(any_site, made, 1)
    other.open()
    assert "Lakeside Relief" not in other.page
    client, here = desk(any_site, made)
    assert "Asked not to be named" in client.get(f"{here}/roll").text


TICKED = re.compile(r'name="withheld" value="yes" checked')


def test_every_form_knows_that_the_name_was_taken_out(site):
    with site.session() as session:
        made = circulate(world(session, 3, QUOTELESS), ending=Ending(Completion.PRESS))
        for index in range(2):
            sign(made, index)
        assert not TICKED.search(opened_by(site, made))
        sign(made, 2)
        reread(made)
        link = invitation_of(made, 0)
        told = Later(LaterKind.WITHHOLD, made.revision.digest, "Pia", "Chair", authority=True)
        noting.act(session, LINKS, NOW, link.id, link.generation, told)
        sign(made, 2, Kind.TAKEN_BACK)  # the text is open again
        session.rollback()
        assert TICKED.search(opened_by(site, made))
        client, here = desk(site, made)
        assert TICKED.search(client.get(f"{here}/record/{made.signatories[0].id}").text)
        assert not TICKED.search(client.get(f"{here}/record/{made.signatories[1].id}").text)


def opened_by(site, made):
    visit = Visit(site, made)
    visit.open()
    return visit.page


def test_where_all_are_named_the_form_does_not_offer_it(site):
    with site.session() as session:
        made = circulate(world(session, 2, QUOTELESS), ending=Ending(withheld_allowed=False))
    visit = Visit(site, made)
    visit.open()
    assert "do not publish our name" not in visit.page
    visit.check(withheld="yes")
    assert visit.again("record", withheld="yes").status_code == 400
