"""Canary words in texts nobody may see yet: not one byte of them gets out on any surface, before the instant."""

import base64
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from tests.actions.acting import reread
from tests.builders import LINKS, NOW, World, circulate, offered, world
from tests.formats.publishing import publish
from tests.ground.application import hidden, text_of
from tests.opening import applied
from tests.web.living import KEPT, NO_PUBLIC_ID, NO_SLUG
from workflow.actions import (
    amending,
    amending_roll,
    coalition_public,
    codes,
    commenting,
    contesting,
    deciding,
    disposing,
    drafting,
    handing,
    in_force,
    inviting,
    locked,
    opening,
    previewing,
    recording,
    reminding,
    sessions,
    signing,
    standing_in,
)
from workflow.actions import circulation as circulating
from workflow.links import Purpose
from workflow.mail.outbox import Kind as LetterKind
from workflow.models.circulation import Circulation
from workflow.models.coalition import Coalition, Contact, Organisation
from workflow.models.drafting import Statement
from workflow.models.opening import Application, OpenPage
from workflow.models.posting import Letter
from workflow.models.publication import Publication
from workflow.queries.contesting import mail_mark
from workflow.rules.circulation import Kind, Role, Rule
from workflow.rules.circulation import Purpose as RulePurpose
from workflow.rules.completion import AT_ONCE, Completion, Ending
from workflow.rules.handing import Colleague
from workflow.rules.noting import Later, LaterKind
from workflow.rules.publication import slug as slug_of
from workflow.rules.quoting import QuoteWord
from workflow.rules.recording import Evidence
from workflow.rules.refusals import SignOffsTooOld
from workflow.rules.reminding import Reminders
from workflow.rules.signing import Offered, QuoteOffered
from workflow.text.addresses import Address
from workflow.text.content import Edition, MediaContact, Quote
from workflow.text.digest import quote_digest

TEXT, NOTE, MEMBER = "Zanarikestrel", "Quillowmarten", "Brambertussock"
HEADLINE = f"The {TEXT} headline"
SECRET = Edition(
    language="en",
    kind="press-release",
    label=f"Label {TEXT}",
    date="2027-03-01",
    place=f"Place {TEXT}",
    headline=HEADLINE,
    lead_paragraph=f"Lead {TEXT}.",
    body=f"The first **{TEXT}** paragraph.\n\n[[quote 1]]\n\n- [{TEXT}](https://{TEXT}.example.org/)",
    quotes=(Quote(f"Ada {TEXT}", f"Role {TEXT}", f"Body {TEXT}", f"Said {TEXT}."),),
    ends=f"ENDS {TEXT}",
    notes=f"Note {TEXT}.",
    contacts=(MediaContact(f"Press {TEXT}", "", f"{TEXT}@press.example.org", ""),),
    addressees=(f"To {TEXT}",),
    cc=(f"Copy {TEXT}",),
)
# The same text in another language, with a word of its own beside the one that both have.
TRANSLATED = replace(SECRET, language="ar", label=f"{TEXT} Saffronwhimbrel")
INSTANT = NOW + timedelta(hours=5)
LOCKED = {
    "embargoed": Ending(Completion.EMBARGO, embargo_at=INSTANT, late_until=NOW + timedelta(days=9)),
    "held for minutes": Ending(Completion.HOLD, hold_minutes=300),
    "waiting for the press": Ending(Completion.PRESS),
}
STAGES = ("draft", "circulating", "recalled", "abandoned", *LOCKED)
ACCEPTS = (
    "text/html",
    "application/json",
    "application/pdf",
    "text/plain",
    "text/markdown",
    "application/atom+xml",
    "*/*;q=0.1",
)
SUFFIXES = (
    ".json",
    ".txt",
    ".md",
    ".html",
    ".pdf",
    ".xml",
    "/record",
    "/feed.atom",
    "/embed",
    "/card.png",
    "/press-kit.zip",
    "/",
    "?format=json",
    "?q=headline",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ELSEWHERE = (
    *(
        "/",
        "/?page=1",
        "/?q=headline",
        "/feed.atom",
        "/robots.txt",
        "/sitemap.xml",
        "/sitemap-1.xml",
        "/statements",
        "/statements/",
    ),
    *("/statements.json", "/search?q=headline", "/feed", "/rss", "/api/statements", "/.well-known/security.txt"),
    *("/static/", "/static/../undersigned.sqlite3", "/sign/", "/sign/at/1/", "/mailbox", "/desk.json", "/nothing"),
)


def begin(session, lead: str, translations: Sequence[Edition] = ()) -> World:
    """A draft in which every part holds a canary, of a coalition whose members' names hold one."""
    made = world(session, 3, SECRET, lead, translations)
    for index, member in enumerate(made.members):
        name = f"{MEMBER} {index}"
        session.execute(update(Organisation).where(Organisation.id == member.id).values(name=name, listed_name=name))
        member.name = member.listed_name = name
    ids = [contact.id for contact in made.contacts]
    session.execute(update(Contact).where(Contact.id.in_(ids)).values(name=f"Cy {MEMBER}"))
    session.commit()
    coalition_public.name_in_public(session, NOW, made.user.id, made.coalition.id, in_public(lead))
    return made


def in_public(lead: str) -> str:
    """The name of its coalition in public, which is none before it has published."""
    return f"{TEXT} campaign {lead}"


def ask(made: World, **how: object) -> World:
    made = circulate(made, **how)
    made.session.execute(
        update(Circulation).where(Circulation.id == made.circulation.id).values(cover_note=f"Note {NOTE}")
    )
    made.session.commit()
    return made


def in_every_stage(session) -> dict[str, World]:
    found = {}
    for stage in STAGES:
        made = found[stage] = begin(session, f"Lead of {stage}", (TRANSLATED,))
        who = (session, NOW, made.user.id, made.statement.public_id)
        if stage == "draft":
            continue
        ask(made, ending=LOCKED.get(stage, AT_ONCE))
        if stage == "recalled":
            circulating.recall(*who)
        elif stage == "abandoned":
            circulating.abandon(*who)
        elif stage in LOCKED:
            for index, invitation in enumerate(made.invitations):
                signing.answer(session, LINKS, NOW, invitation.id, 1, offered(made, index))
            assert session.get_one(Statement, made.statement.id).stage == "locked"
            session.rollback()
        else:
            signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, offered(made, 0))
    return found


def canaries(answer, *words: str) -> list[str]:
    """Which of the words an answer holds, anywhere: in its bytes, its headers, or what its cookies carry."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    whole = answer.data + headers.encode() + _unpacked(answer)
    return [word for word in words if word.lower().encode() in whole.lower()]


def _unpacked(answer) -> bytes:
    """What stands inside the signed values of cookies: they are encoded, not secret."""
    found = b""
    for cookie in answer.headers.getlist("Set-Cookie"):
        for part in cookie.partition(";")[0].partition("=")[2].split("."):
            try:
                found += base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            except ValueError:
                continue
    return found


def arguments(made: World) -> dict[str, object]:
    """What somebody who knows every number of a statement would put into an address."""
    return {
        "public_id": made.statement.public_id,
        "slug": made.statement.public_id,
        "language": "ar",
        "coalition_id": made.coalition.id,
        "coalition": made.session.scalar(select(Coalition.slug).where(Coalition.id == made.coalition.id)),
        "organisation_id": made.members[0].id,
        "contact_id": made.contacts[0].id,
        "signatory_id": made.signatories[0].id if made.signatories else 1,
        "invitation_id": made.invitations[0].id if made.invitations else 1,
        "token": LINKS.make(Purpose.OPENED, [made.invitations[0].id if made.invitations else 1, 1]),
        "filename": "css/base.css",
        "page_key": NO_PUBLIC_ID,
        "page": 1,
        "digest": "0" * 64,
        "key_name": "0" * 16,
        "step": "check",
        "act": "withdraw",
        "preview_id": 1,
        "journalist_id": 1,
        "count": 0,
        "comment_id": 1,
        "contest_id": 1,
        "recording_id": 1,
        "key": KEPT,
        "number": 1,
        "form": "txt",
    }


def every_address(site, found: dict[str, World]) -> list[str]:
    adapter = site.app.url_map.bind("localhost")
    paths = []
    for rule in site.app.url_map.iter_rules():
        for stage in ("draft", "circulating", "embargoed") if rule.arguments else ("draft",):
            given = arguments(found[stage])
            assert rule.arguments <= set(given), f"{rule}: say in arguments() what stands in this address"
            paths.append(adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments}, method=None))
    return sorted(set(paths))


def test_nobody_outside_gets_a_byte_of_what_is_not_public(any_site, caplog):
    site = any_site
    caplog.set_level(logging.DEBUG)
    with site.session() as session:
        public = publish(session, ["Harbour Aid"])
        found = in_every_stage(session)
    client = site.client()
    paths = [*every_address(site, found), *ELSEWHERE]
    assert len(paths) > 80
    looks = [(path + suffix, "GET", "text/html") for path in paths for suffix in SUFFIXES if path != "/"]
    looks += [(path, "GET", accept) for path in paths for accept in ACCEPTS]
    looks += [(path, method, "text/html") for path in paths for method in METHODS]
    for path, method, accept in looks:
        answer = client.open(path, method=method, headers={"Accept": accept}, buffered=True)
        assert answer.status_code < 500, (method, path)
        assert canaries(answer, TEXT, NOTE, MEMBER) == [], (method, path, accept)
    assert not [word for word in (TEXT, NOTE, MEMBER) if word.lower() in caplog.text.lower()]
    assert client.get(f"/statements/{public}").status_code == 200


def guesses(found: dict[str, World]) -> list[str]:
    """Every address under which somebody could look for a statement that is not public."""
    named = [slug_of(HEADLINE), *(f"{slug_of(HEADLINE)}-{number}" for number in range(2, 5))]
    for made in found.values():
        named += [made.statement.public_id, str(made.statement.id), made.statement.public_id[:8]]
    return named


def whole(answer) -> tuple:
    return answer.status, sorted(pair for pair in answer.headers if pair[0] != "Date"), answer.data


@pytest.mark.parametrize("guise", ["anonymous", "lead", "link holder"])
def test_an_unpublished_address_answers_like_an_unknown_one(site, guise):
    with site.session() as session:
        publish(session, ["Harbour Aid"])
        found = in_every_stage(session)
    client = site.client()
    made = found["circulating"]
    if guise == "lead":
        site.sign_in(client, made.user)
    elif guise == "link holder":
        path = site.approval_path(made.invitations[1])
        token = hidden(client.get(path).get_data(as_text=True), "form_token")
        assert client.post(path, data={"form_token": token}).status_code == 303
    kinds = ({"Accept": accept} for accept in ACCEPTS)
    sent = [*kinds, {"If-None-Match": "*"}, {"Range": "bytes=0-9"}, {"Accept-Language": "ar"}, {"If-Match": '"x"'}]
    for form in ("", ".json", ".txt", ".md", "/record", ".pdf", ".html", "/"):
        for headers in sent:
            for method in ("GET", "HEAD"):
                nothing = whole(client.open(f"/statements/{NO_SLUG}{form}", method=method, headers=headers))
                assert nothing[0].startswith("404")
                for name in guesses(found):
                    seen = whole(client.open(f"/statements/{name}{form}", method=method, headers=headers))
                    assert seen == nothing, (name, form, method, headers)


def test_the_pages_before_the_deliberate_act_and_behind_dead_links_hold_no_word(site):
    """Landing, dead links of each kind, sign-in, and the refusals of every form that they carry."""
    with site.session() as session:
        made = ask(begin(session, "A lead"))
        who = (session, NOW, made.user.id, made.statement.public_id)
        paths = [site.approval_path(invitation) for invitation in made.invitations]
        inviting.revoke(*who, made.invitations[1].id)
        inviting.invite(*who, made.contacts[2].id)
        recalled = ask(begin(session, "Another lead"))
        signing.answer(session, LINKS, NOW, recalled.invitations[0].id, 1, offered(recalled, 0))
        circulating.recall(session, NOW, recalled.user.id, recalled.statement.public_id)
        paths += [site.approval_path(invitation) for invitation in recalled.invitations[:2]]
        paths += [paths[0] + "x", f"/sign/{LINKS.make(Purpose.RESET, [1, 1])}"]
    client = site.client()
    codes = set()
    for at in (NOW, NOW + timedelta(days=60)):
        site.at(at)
        for path in paths:
            for method in METHODS:
                for where in (path, f"{path}/fresh"):
                    answer = client.open(where, method=method)
                    codes.add(answer.status_code)
                    assert canaries(answer, TEXT, NOTE) == [], (method, where)
    assert {200, 400, 404, 405, 410} <= codes
    for path in ("/sign-in", "/forgotten", f"/sign-in?next=/desk/statements/{made.statement.public_id}", "/reset/x"):
        assert canaries(client.get(path), TEXT, NOTE, MEMBER) == []
    pressed = client.post(paths[3], data={"form_token": LINKS.make(Purpose.SIGN_FORM, [recalled.invitations[0].id, 1])})
    assert pressed.status_code in (303, 410)
    receipt = client.get(f"/sign/at/{recalled.invitations[0].id}/receipt")
    assert canaries(receipt, TEXT, NOTE) == []


def reviewed(session) -> None:
    """What only a review brings: comments are closed, a quote gets its word, an editorial change is made."""
    asked = ask(begin(session, "A lead who listens"), rule=Rule(purpose=RulePurpose.COMMENT))
    circulating.conclude(session, NOW, asked.user.id, asked.statement.public_id)
    made = ask(begin(session, "A lead who polishes"), rule=Rule(editorial_hours=2, editorial_words=5))
    who = (session, NOW, made.user.id, made.statement.public_id)
    quote = Quote(f"Ada {TEXT}", "", made.members[0].listed_name, f"Said {TEXT}.")
    in_force.put_in_force(*who, drafting.revise(*who, replace(SECRET, quotes=(quote,)), 1).number)
    reread(made)
    said = (QuoteOffered(quote_digest(quote), QuoteWord.REWORDED, f"Rather {TEXT}."),)
    signing.answer(session, LINKS, NOW, made.invitations[0].id, 1, replace(offered(made, 0), kind=None, quotes=said))
    signing.answer(session, LINKS, NOW, made.invitations[1].id, 1, offered(made, 1))  # kept by what follows
    polished = replace(SECRET, quotes=(quote,), label=f"Fine {TEXT}")
    in_force.put_in_force(*who, drafting.revise(*who, polished, 2).number, editorial=True)


def rolls(session) -> None:
    """What a roll that changes brings, and a silence that is broken. Why somebody is dropped is told in the mail."""
    made = ask(begin(session, "A lead with a long roll"))
    who = (session, NOW, made.user.id, made.statement.public_id)
    amending_roll.change_part(*who, made.signatories[1].id, Role.OPTIONAL, "Their board meets too late.")
    amending_roll.change_part(*who, made.signatories[2].id, None, "They have left.")
    late = signing.answer(session, LINKS, NOW + timedelta(days=3), made.invitations[1].id, 1, offered(made, 1))
    amending.count_late(*who, made.signatories[1].id, late.id)
    silent = ask(begin(session, "A lead who waits for silence"), rule=Rule(silence=True))
    broken = offered(silent, 1, Kind.OBJECTION, text=f"Not {TEXT}.")
    signing.answer(session, LINKS, NOW, silent.invitations[1].id, 1, broken)


def open_page(session) -> None:
    """What an open page brings: told to the roll, confirmed, waiting, refused, contested, and stale with a new text."""
    made = ask(begin(session, "A lead who opens up"), rule=Rule(hold_open=True))
    who = (session, NOW, made.user.id, made.statement.public_id)
    page = opening.open_it(*who, "Groups of the valley.", understood=True)
    asked = [
        applied(made, page, name, now=NOW, mail=f"nia@{number}.example.org")
        for number, name in enumerate(("Ferry Circle", "Mill Group", "Bridge House", "Never Asked"))
    ]
    applied(made, page, "Not yet", now=NOW, confirm=False)
    deciding.accept(*who, [asked[0].id])
    deciding.refuse(*who, [asked[1].id], "Too far away.")
    opening.contest(session, NOW, asked[3].key)
    session.expunge_all()


def stale_applications(session) -> None:
    """Another text where somebody waits after having asked to sign the one before."""
    found = session.scalars(select(OpenPage).options(joinedload(OpenPage.circulation))).one()
    statement = session.get_one(Statement, found.circulation.statement_id)
    who = (session, NOW, found.opened_by_id, statement.public_id)
    in_force.put_in_force(*who, drafting.revise(*who, replace(SECRET, ends=f"Over {TEXT}"), 1).number, vouched=True)


def refusals_taken_back(session) -> None:
    """Who has been told of a refusal is told that it was undone."""
    refused = session.scalars(select(Application).where(Application.decision == "refused")).one()
    circulation = session.get_one(Circulation, refused.circulation_id)
    statement = session.get_one(Statement, circulation.statement_id)
    who = (session, NOW, circulation.opened_by_id, statement.public_id)
    deciding.undo(*who, [refused.id])


def closed_page(session) -> None:
    """A page that is closed while somebody waits."""
    made = ask(begin(session, "A lead who closes"), rule=Rule(hold_open=True))
    who = (session, NOW, made.user.id, made.statement.public_id)
    page = opening.open_it(*who, "", understood=True)
    applied(made, page, "Ferry Circle", now=NOW, mail="nia@9.example.org")
    opening.close_it(*who)


def locked_letters(session) -> World:
    """What only a locked text brings: its instant is moved, sign-offs are too old, one is taken back."""
    before = NOW - timedelta(days=2)
    waiting = all_signed(session, "A lead who waits", replace(LOCKED["embargoed"], validity_days=1), before)
    who = (waiting.user.id, waiting.statement.public_id)
    locked.move_embargo(session, NOW, *who, INSTANT + timedelta(hours=1), "UTC")
    dana = [Address("Dana", "dana@paper.example.net")]
    previewing.add(session, NOW, *who, dana, language="en", time_zone="Asia/Beirut", hours=None)
    said = Later(LaterKind.RECONFIRM, waiting.revision.digest)
    locked.reconfirm(session, LINKS, NOW, waiting.invitations[0].id, 1, said)
    held = all_signed(session, "A lead who presses", Ending(Completion.PRESS, validity_days=1), before)
    with pytest.raises(SignOffsTooOld):
        locked.publish_now(session, NOW, held.user.id, held.statement.public_id)
    stopped = all_signed(session, "A lead who is stopped", LOCKED["waiting for the press"], NOW)
    signing.answer(session, LINKS, NOW, stopped.invitations[0].id, 1, offered(stopped, 0, Kind.TAKEN_BACK))
    return waiting


def shown_and_taken_back(site, session, waiting: World) -> None:
    """What a journalist is told who was sent a preview: the instant is moved, and then the text is recalled."""
    who = (session, NOW, waiting.user.id, waiting.statement.public_id)
    locked.move_embargo(*who, INSTANT + timedelta(hours=2), "UTC")
    site.deliver()
    circulating.recall(*who)


def held_at_its_instant(site, session) -> None:
    """What a journalist is told who was sent a preview of a text whose sign-offs are too old at its instant."""
    ending = replace(LOCKED["embargoed"], embargo_at=NOW + timedelta(hours=1), validity_days=1)
    made = all_signed(session, "A lead who is held", ending, NOW - timedelta(days=2))
    who, eli = (made.user.id, made.statement.public_id), [Address("Eli", "eli@radio.example.net")]
    previewing.add(session, NOW, *who, eli, language="en", time_zone="UTC", hours=None)
    site.deliver()


def all_signed(session, lead: str, ending: Ending, when) -> World:
    made = ask(begin(session, lead), ending=ending, now=when)
    for index, invitation in enumerate(made.invitations):
        signing.answer(session, LINKS, when, invitation.id, 1, offered(made, index))
    return made


def rung(made: World, index: int) -> tuple[int, Offered, Evidence]:
    """What somebody said on the phone."""
    said = offered(made, index, Kind.DECLINE, text=f"Not {TEXT}.")
    return made.signatories[index].id, said, Evidence("phone", f"On {TEXT}.")


def people(session) -> None:
    """Somebody hands over to a colleague, somebody says that an answer was not theirs."""
    made = ask(begin(session, "A lead whose members hand over"))
    invitation = made.invitations[1]
    given = signing.answer(session, LINKS, NOW, invitation.id, 1, offered(made, 1)).id
    recording.record(session, NOW, made.user.id, made.statement.public_id, *rung(made, 2))
    contesting.contest(session, NOW, invitation.id, given, mail_mark(made.contacts[1].mail))
    standing_in.away(session, NOW, made.invitations[0].id, 1, NOW + timedelta(days=1))
    handing.hand_over(session, LINKS, NOW, made.invitations[0].id, 1, Colleague("Di", "di@elsewhere.example.net"))


def every_letter(site, session) -> World:
    """What happens to a statement until a letter of every kind but the last has been put."""
    made = begin(session, "A lead")
    ask(made, roles=[Role.REQUIRED, Role.REQUIRED, Role.REQUIRED], deadline=NOW + timedelta(hours=2))
    who = (session, NOW, made.user.id, made.statement.public_id)
    first, second = made.invitations[0].id, made.invitations[1].id
    signing.answer(session, LINKS, NOW, first, 1, offered(made, 0, listed_name="Another name"))
    amending.decide_name(*who, made.signatories[0].id, "Another name", accept=True)
    digest = made.revision.digest
    said = commenting.comment(session, NOW, second, 1, digest=digest, person_name="Cy", text=f"On {TEXT}: no.").id
    disposing.reply_as_lead(*who, said, f"Why not {TEXT}?")
    disposing.dispose(*who, said, "declined", f"{TEXT} stays.")
    again = {"thread_id": said, "person_name": "Cy", "text": f"Not {TEXT}!"}
    commenting.reply(session, NOW, second, 1, **again)
    signing.answer(session, LINKS, NOW, second, 1, offered(made, 1, Kind.OBJECTION, text=f"Not {TEXT}."))
    reminding.plan(*who, Reminders(hours=(1,)))
    inviting.invite(*who, made.contacts[2].id)
    inviting.fresh_link(session, NOW, made.invitations[2].id, 1)
    amending.extend(*who, NOW + timedelta(hours=3), "Europe/London")
    revision = drafting.revise(*who, replace(SECRET, label=f"Another {TEXT}"), 1)
    in_force.put_in_force(*who, revision.number, vouched=True)
    reviewed(session)
    rolls(session)
    people(session)
    open_page(session)
    site.deliver()
    stale_applications(session)
    closed_page(session)
    sessions.ask_reset(session, LINKS, NOW, made.user.mail, "192.0.2.1")
    coded = ask(begin(session, "A lead with codes"), code=True)
    codes.ask_code(session, NOW, coded.invitations[0].id, 1, offered(coded, 0))
    waiting = locked_letters(session)
    site.deliver()
    shown_and_taken_back(site, session, waiting)
    held_at_its_instant(site, session)
    for hours in (2, 4):
        site.at(NOW + timedelta(hours=hours))
        site.deliver()
    site.at(NOW)
    refusals_taken_back(session)
    circulating.recall(*who)
    circulating.abandon(session, NOW, coded.user.id, coded.statement.public_id)
    site.deliver()
    return made


def test_no_letter_holds_a_word_of_the_text_before_it_is_public(site):
    with site.session() as session:
        every_letter(site, session)
        kinds = set(session.scalars(select(Letter.kind).where(Letter.sent_at.is_not(None))))
    public = {"published", "noted", "release", "release_noted", "taken_down"}
    assert kinds == {kind.value for kind in LetterKind} - public
    letters = site.letters()
    assert len(letters) >= 25
    noted = 0
    for letter in letters:
        parts = [str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text"]
        words = "\n".join([*parts, *(f"{name}: {value}" for name, value in letter.items())])
        assert TEXT.lower() not in words.lower(), letter["Subject"]
        noted += NOTE in words
    assert noted >= 6  # the cover note is written to be read in the mail


def test_once_published_it_is_there(any_site):
    site = any_site
    with site.session() as session:
        made = ask(begin(session, "A lead"))
        client = site.client()
        path = f"/statements/{slug_of(HEADLINE)}"
        surfaces = [path, *(path + form for form in (".json", ".txt", ".md")), "/feed.atom", "/"]
        for index, invitation in enumerate(made.invitations):
            assert not any(canaries(client.get(one), TEXT, NOTE, MEMBER) for one in surfaces)
            signing.answer(session, LINKS, NOW, invitation.id, 1, offered(made, index))
        assert session.scalar(select(Publication.slug)) == slug_of(HEADLINE)
    for surface in surfaces:
        assert canaries(client.get(surface), TEXT) == [TEXT], surface
        assert canaries(client.get(surface), NOTE) == [], surface
    assert canaries(client.get(path), MEMBER) == [MEMBER]
    assert canaries(client.get(f"{path}/record"), TEXT, MEMBER) == [TEXT]  # names stand beside the record
    site.deliver()
    told = [letter for letter in site.letters() if HEADLINE in text_of(letter)]
    assert len(told) == 4  # three contacts and the lead


def test_a_guess_at_a_statement_number_finds_nothing(site):
    with site.session() as session:
        begin(session, "A lead")
    client = site.client()
    for number in range(30):
        for path in (f"/statements/{number}", f"/desk/statements/{number}", f"/sign/at/{number}/"):
            assert canaries(client.get(path), TEXT, MEMBER) == []
    assert client.get(f"/desk/statements/{NO_PUBLIC_ID}").status_code == 302


def test_an_embargoed_text_is_nowhere_until_its_instant_and_everywhere_from_it_on(any_site):
    site = any_site
    with site.session() as session:
        made = ask(begin(session, "A lead"), ending=LOCKED["embargoed"])
        for index, invitation in enumerate(made.invitations):
            signing.answer(session, LINKS, NOW, invitation.id, 1, offered(made, index))
    client = site.client()
    path = f"/statements/{slug_of(HEADLINE)}"
    surfaces = [path, *(path + form for form in (".json", ".txt", ".md", "/record")), "/feed.atom", "/", "/?page=1"]
    site.at(INSTANT - timedelta(seconds=1))
    site.deliver()
    for one in surfaces:
        assert canaries(client.get(one), TEXT, NOTE, MEMBER) == [], one
    site.at(INSTANT)
    site.deliver()
    for one in surfaces:
        assert canaries(client.get(one), TEXT) == [TEXT], one
