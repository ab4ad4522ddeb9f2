"""Every page of every kind is looked at in a real browser, in light on a desk and in dark on a phone.

A tour names the endpoints whose pages it looks at. A new route that no tour names fails here.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.builders import EDITION, LINKS, SIGNING, logo
from tests.stories.eye import Eye
from tests.stories.live import Live
from tests.text.word_files import para, table, word_file
from tests.web.living import IN_PUBLIC, KEPT, KEPT_NEW, PASSWORD, Living, carry, slugs
from workflow import clock
from workflow.actions import circulation as circulating
from workflow.actions import drafting, in_force, noting, opening, taking_down
from workflow.links import CONFIRMING, Purpose
from workflow.models.circulation import Circulation, Signatory
from workflow.models.coalition import Contact
from workflow.models.opening import Application, OpenPage
from workflow.models.previewing import Preview
from workflow.rules import circulation as rules
from workflow.rules.noting import Later, LaterKind, NoteKind
from workflow.rules.opening import Asks
from workflow.text.signing_forms import short_name

pytestmark = pytest.mark.browser

# What is fetched, not looked at; each is checked to be no HTML.
NO_PAGES = {
    "static", "public.feed", "public.robots", "public.statement_json", "public.statement_markdown",
    "public.statement_record", "public.statement_text", "public.statement_signature", "public.statement_minisign",
    "public.statement_ssh", "public.statement_proof", "log.checkpoint", "log.leaves", "log.inclusion",
    "log.consistency", "log.keys_json", "log.allowed_signers", "log.key_pem", "log.key_pub",
    "public.statement_pdf", "public.card", "public.press_kit", "public.coalition_feed",
    "public.oembed_", "public.sitemap", "public.sitemap_page",
    "drafting.draft", "signing.draft",
    "circulation.calendar", "signing.calendar", "circulation.evidence",
    "coalition.logo", "drafting.logo", "signing.logo", "public.statement_logo",
    "disposing.remarks_csv", "disposing.remarks_markdown", "circulation.applications_csv",
    "previewing.file", "coalition.members_csv",
}  # fmt: skip
# What some of them want to know.
ASKED = {"log.inclusion": "?index=0", "log.consistency": "?from=1&to=1"}
# Addresses without a page of their own: they lead on, or (preview) give a fragment into a page.
LEAD_ON = {
    "accounts.sign_out", "circulation.circulate", "circulation.close_page", "circulation.count_late",
    "circulation.decide_name", "circulation.invite", "circulation.decide_colleague", "coalition.voices",
    "coalition.add_lead", "coalition.remove_logo", "drafting.keep", "drafting.paste", "drafting.preview",
    "drafting.throw_away", "signing.fresh", "signing.open_", "signing.step", "publication.publish",
    "publication.reconfirm",
    "press.journalist", "publication.renew_preview", "publication.revoke_preview",
}  # fmt: skip

WORD_FILE = word_file(para("A headline", style="Title"), para("A paragraph."), table(["a", "b"]))

Tour = Callable[[Live, Eye], None]
TOURS: dict[str, tuple[Tour, frozenset[str]]] = {}


def tour(*endpoints: str) -> Callable[[Tour], Tour]:
    """A walk that looks at the pages of these endpoints, all of them."""

    def enter(walk: Tour) -> Tour:
        TOURS[walk.__name__] = (walk, frozenset(endpoints))
        return walk

    return enter


def living_of(live: Live) -> Living:
    assert live.living is not None
    return live.living


def at_desk(live: Live, eye: Eye) -> Living:
    living = living_of(live)
    live.sign_in(eye.page, living.lead.mail, PASSWORD)
    return living


@tour(
    "public.statements", "public.statement", "public.embed", "public.by_coalition",
    "accounts.sign_in", "accounts.forgotten", "accounts.reset",
    "style.style", "posting.mailbox", "posting.letter", "log.keys",
)  # fmt: skip
def anybody(live: Live, eye: Eye) -> None:
    living = living_of(live)
    eye.go("/")
    for slug in slugs(living):
        eye.go(f"/statements/{slug}")
        eye.go(f"/statements/{slug}/embed")
    eye.go("/keys")
    eye.go(f"/by/{IN_PUBLIC}")
    eye.go("/by/no-such-coalition", 404)
    eye.go("/statements/no-such-statement", 404)
    eye.go("/no/such/page", 404)
    eye.go("/sign-in")
    eye.fill(mail="nobody@example.org", password="wrong wrong wrong")
    eye.press("main form button[type=submit]", 400)
    eye.go("/forgotten")
    eye.fill(mail="no address")
    eye.press("main form button[type=submit]", 400)
    eye.fill(mail="nobody@example.org")
    eye.press("main form button[type=submit]")
    with live.site.session() as session:
        generation = session.get_one(type(living.lead), living.lead.id).generation
    eye.go(f"/reset/{LINKS.make(Purpose.RESET, [living.lead.id, generation])}")
    eye.fill(password="short")
    eye.press("main form button[type=submit]", 400)
    eye.go("/reset/nonsense", 410)
    eye.go(f"/setup/{LINKS.make(Purpose.SET_UP, ['set-up'])}", 409)
    eye.go("/style")
    eye.go("/mailbox")
    eye.press("a.mailbox-letter")
    eye.go("/mailbox?to=nobody@example.org")


@tour("accounts.set_up", "coalition.list_", "drafting.desk", "drafting.new", "coalition.show")
def first_day(live: Live, eye: Eye) -> None:
    eye.go("/")
    eye.go("/mailbox")
    eye.go(f"/setup/{LINKS.make(Purpose.SET_UP, ['set-up'])}")
    eye.press("main form button[type=submit]", 400)
    eye.fill(organisation_name="Valley Office", name="Noor Example", mail="noor@valley.example.org")
    eye.fill(password="a long password for today")
    eye.press("main form button[type=submit]")
    eye.go("/desk")
    eye.go("/desk/statements/new")
    eye.go("/coalitions/new")
    eye.fill(name="Valley")
    eye.page.locator("[name=with_lead]").uncheck()
    eye.press("main form button[type=submit]")
    eye.go("/desk")
    eye.go("/desk/statements/new")


@tour(
    "drafting.editions", "drafting.remove_edition", "publication.translation", "publication.import_translation",
    "public.statement",
)  # fmt: skip
def several_languages(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    draft = f"/desk/statements/{living.public_id('draft')}"
    eye.go(f"{draft}?edition=ar")
    eye.go(f"{draft}/editions")
    eye.go(f"{draft}/edit?edition=ar")
    eye.go(f"{draft}/editions/ar/remove")
    published = f"/desk/statements/{living.public_id('published')}"
    eye.go(f"{published}/translation?edition=fr")
    eye.press("main form button[name=publish]", 400)
    bring_in = "main section form button[type=submit]:has-text('Fill')"
    eye.press(bring_in, 400)
    eye.fill(pasted="Communiqu\u00e9\n\n1/3/2027\n\nUn titre\n\nUn paragraphe.")
    eye.press(bring_in)
    eye.go(f"{published}/after")
    for slug in slugs(living):
        eye.go(f"/statements/{slug}/ar")


@tour(
    "drafting.desk", "drafting.new", "drafting.import_", "drafting.show", "drafting.edit", "drafting.history",
    "drafting.compare", "drafting.import_into", "drafting.kept", "drafting.merge",
)  # fmt: skip
def writing(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    eye.look()
    eye.go("/desk/statements/new")
    eye.page.locator("[name=add][value=contacts]").click()
    eye.look()
    eye.fill(headline="A headline", body="A paragraph.\n\n> A quotation\n\n1. one\n2. two")
    eye.press("main form button[name=preview]:not(.visually-hidden)")
    eye.fill(headline="")
    eye.fill(**{"contacts-0-mail": "no address"})
    eye.press("main form button[name=save]", 400)
    eye.go("/desk/statements/new")
    eye.fill(pasted="Press release\n\n1/3/2027\n\nA headline\n\nA [paragraph](#).\n\nSignatories:\n\nA • B")
    eye.press("main section form button[type=submit]:has-text('Fill')")
    eye.go("/desk/statements/new")
    eye.fill(pasted="+++\nkind = 7\n+++\nText")
    eye.press("main section form button[type=submit]:has-text('Fill')", 400)
    for stage in ("draft", "circulating", "recalled", "abandoned", "published"):
        eye.go(f"/desk/statements/{living.public_id(stage)}")
    draft = f"/desk/statements/{living.public_id('draft')}"
    eye.go(f"{draft}/edit")
    eye.page.locator("[name=based_on]").evaluate("field => { field.value = '1'; }")
    eye.fill(headline="Another headline")
    eye.press("main form button[name=save]", 409)
    eye.page.locator("[name=based_on]").evaluate("field => { field.value = '1'; }")
    eye.fill(place="Elsewhere")
    eye.press("main form button[name=save]", 409)
    eye.press("main form[action$='/merge'] button[type=submit]", 400)
    eye.page.locator("#choice-0-theirs").check()
    eye.press("main form[action$='/merge'] button[type=submit]")
    eye.go(f"{draft}/edit")
    eye.page.locator("[name=file]").set_input_files({"name": "a.docx", "mimeType": "", "buffer": WORD_FILE})
    eye.press("main section form button[type=submit]:has-text('Fill')")
    eye.page.locator("[name=file]").set_input_files({"name": "a.pdf", "mimeType": "", "buffer": b"%PDF-1.7"})
    eye.press("main section form button[type=submit]:has-text('Fill')", 400)
    eye.go(f"/desk/statements/{living.public_id('circulating')}/edit")
    for key in (KEPT, KEPT_NEW):
        eye.go(f"/desk/kept/{key}")
        eye.press("main .button-primary")
    eye.go(f"/desk/statements/{living.public_id('circulating')}/edit")
    eye.fill(headline="Typed while the session ended")
    eye.page.locator("[name=csrf_token]").evaluate_all("all => all.forEach((one) => { one.value = 'stale'; })")
    eye.press("main form button[name=save]", 400)
    published = f"/desk/statements/{living.public_id('published')}/edit"
    eye.go(published, 409)
    eye.go(f"{draft}/edit")
    eye.fill(headline="Too late")
    eye.page.locator("main form").first.evaluate("(form, to) => { form.action = to; }", published)
    eye.press("main form button[name=save]", 409)
    eye.go(f"{draft}/compare?from=1&to=2")
    eye.go(f"{draft}/compare?from=2&to=2")
    eye.go(f"/desk/statements/{living.public_id('published')}/history")
    eye.go("/desk/statements/0123456789abcdef0123", 404)


@tour(
    "circulation.roll", "circulation.sign", "circulation.revoke", "circulation.extend", "circulation.put_in_force",
    "circulation.recall", "circulation.abandon", "circulation.prepare", "circulation.mail_preview",
    "circulation.check", "circulation.reminders",
)  # fmt: skip
def asking(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    for stage in ("circulating", "with code", "recalled", "abandoned", "published"):
        eye.go(f"/desk/statements/{living.public_id(stage)}/roll")
    here = f"/desk/statements/{living.public_id('circulating')}"
    eye.go(f"{here}/sign")
    eye.press("main form.answering button[type=submit]", 400)
    eye.go(f"{here}/revoke/{living.links['opened'][0]}")
    eye.go(f"{here}/deadline")
    eye.fill(deadline_day="2001-01-01", deadline_clock="noon")
    eye.press("main form button[type=submit]", 400)
    eye.go(f"{here}/deadline")
    eye.fill(working_days="5", soft_day="2090-01-01")
    eye.press("main form button[type=submit]", 400)
    eye.fill(working_days="5", soft_day="")
    eye.press("main form button[type=submit]")
    eye.go(f"{here}/reminders")
    eye.fill(remind_hours="soon")
    eye.press("main form button[type=submit]", 400)
    eye.fill(remind_hours="24, 3")
    eye.press("main form button[type=submit]")
    eye.page.locator("main .panel summary").click()
    eye.look()
    eye.go(f"{here}/in-force?revision=2")
    eye.go(f"{here}/recall")
    eye.go(f"{here}/abandon")
    eye.page.goto(f"{live.url}{here}/roll")
    eye.press("main tbody form button[type=submit]:has-text('Accept')")
    eye.press("main tbody form button[type=submit]:has-text('link')")
    draft = f"/desk/statements/{living.public_id('draft')}"
    eye.go(f"{draft}/abandon")
    eye.go(f"{draft}/circulate")
    eye.press("[formaction$='/mail']")
    eye.press("main form button.button-primary")
    eye.fill(deadline_day="", at_least="many")
    eye.press("main form button.button-primary", 400)
    eye.go(f"{draft}/circulate")
    eye.press("main form button.button-primary")


@tour("circulation.amend_roll", "circulation.add_to_roll")
def amending_the_roll(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    world = living.worlds["circulating"]
    here = f"/desk/statements/{world.statement.public_id}/roll"
    eye.go(f"{here}/{world.signatories[1].id}")
    eye.press("main form button[type=submit]", 400)
    eye.page.locator("[name=part][value=off]").check()
    eye.fill(reason="They have left the coalition, which their board told us by phone.")
    eye.press("main form button[type=submit]")
    eye.press("main form button[type=submit]")
    eye.go(f"{here}/add")
    eye.press("main form button[type=submit]", 400)
    eye.page.locator("[name=organisation]").select_option(label=world.members[1].listed_name)
    eye.press("main form button[type=submit]")


@tour("publication.arrange", "publication.arrange_signatories")
def arranging_the_list(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    here = f"/desk/statements/{living.worlds['circulating'].statement.public_id}/listing"
    eye.go(here)
    eye.page.locator("[name=order][value=hand]").check()
    eye.page.locator("[name=style][value=columns]").check()
    eye.press("main form button[name=see]")
    eye.press("main form button[type=submit]")
    number = eye.page.locator("[name^=number-]").first
    number.fill("many")
    eye.press("#signatories .actions button", 400)
    eye.go(here)
    eye.press("#signatories button[name=down]")


@tour(
    "circulation.resolve", "circulation.record_answer", "coalition.presence", "coalition.contact_left",
)  # fmt: skip
def the_people_at_the_desk(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    world = living.worlds["contested"]
    here = f"/desk/statements/{world.statement.public_id}"
    eye.go(f"{here}/roll")
    contest = f"{here}/contest/{living.contests['contested']}"
    eye.go(contest)
    eye.press("main form button[type=submit]", 400)
    eye.page.locator("[name=resolution][value=stands]").check()
    eye.fill(reason="They told us on the phone.")
    eye.press("main form button[type=submit]")
    eye.go(contest)
    eye.go(f"{here}/record/{world.signatories[2].id}")
    eye.press("main form button[type=submit]", 400)
    member = f"/coalitions/{world.coalition.id}/members/{world.members[0].id}"
    contact = f"{member}/contacts/{world.contacts[0].id}"
    eye.go(f"{contact}/presence")
    eye.page.locator("[name=alternate]").check()
    eye.press("main form button[type=submit]")
    eye.go(f"{contact}/left")
    eye.press("main form button[type=submit]")


@tour("signing.contest", "signing.recorded", "signing.hand_over", "signing.away")
def the_people_by_link(live: Live, eye: Eye) -> None:
    living = living_of(live)
    eye.go(f"/sign/contest/{LINKS.make(Purpose.CONTEST, living.receipt)}")
    told = f"/sign/recorded/{LINKS.make(Purpose.RECORDED, living.told_of)}"
    eye.go(told)
    eye.press("main button[value=yes]", 400)
    eye.press("main button[value=no]")
    eye.go(f"/sign/{living.token('opened')}")
    eye.press("main button[type=submit]")
    here = f"/sign/at/{living.links['opened'][0]}/hand-over"
    eye.go(here)
    eye.press("main form[action$=away] button", 400)
    eye.press("main form[action$=hand-over] button", 400)
    eye.fill(name="Di Example", mail="di@elsewhere.example.net")
    eye.press("main form[action$=hand-over] button")


@tour("circulation.ask_to_sign", "circulation.conclude")
def comments_first(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    with live.site.session() as session:
        world = living.worlds["circulating"]
        statement = drafting.begin(session, live.now(), world.user.id, world.coalition.id, EDITION)
        asking = circulating.Asking(
            [(world.members[0].id, rules.Role.REQUIRED), (world.members[1].id, rules.Role.OPTIONAL)],
            live.now() + timedelta(days=2),
            "Europe/London",
            rule=rules.Rule(purpose=rules.Purpose.COMMENT),
        )
        circulating.circulate(session, live.now(), world.user.id, statement.public_id, asking)
    here = f"/desk/statements/{statement.public_id}"
    eye.go(f"{here}/roll")
    eye.go(f"{here}/ask-to-sign")
    eye.go(f"{here}/conclude")
    eye.press("main form button[type=submit]")


@tour(
    "disposing.remarks", "disposing.became", "disposing.reply", "disposing.dispose", "disposing.accept",
)  # fmt: skip
def remarks(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    here = f"/desk/statements/{living.public_id('circulating')}"
    suggestion = f"#remark-{living.remarks['suggestion']}"
    eye.go(f"/desk/statements/{living.public_id('draft')}/remarks")
    eye.go(f"{here}/remarks")
    eye.page.locator(f"{suggestion} summary").first.click()
    eye.press(f"{suggestion} form[action$='/dispose'] button[type=submit]", 400)
    eye.page.locator(f"{suggestion} [name=disposition][value=partly]").check()
    eye.page.locator(f"{suggestion} [name=reason]").fill("Half of it.")
    eye.press(f"{suggestion} form[action$='/dispose'] button[type=submit]")
    eye.page.locator(f"{suggestion} summary").last.click()
    eye.press(f"{suggestion} form[action$='/reply'] button[type=submit]", 400)
    eye.go(f"{here}/became")
    eye.go(f"{here}/became?since=2")
    with live.site.session() as session:
        world = living.worlds["circulating"]
        changed = replace(world.revision.parsed.authoritative, headline="Nothing of what was there")
        drafting.revise(session, live.now(), world.user.id, world.statement.public_id, changed, 2)
    eye.go(f"{here}/remarks?show=all&revision=newest")
    eye.press(f"{suggestion} form[action$='/accept'] button[type=submit]", 409)


@tour(
    "coalition.list_", "coalition.new", "coalition.show", "coalition.rename", "coalition.add_member",
    "coalition.member", "coalition.add_contact", "coalition.contact", "coalition.remove_contact",
    "coalition.remove_member", "coalition.import_", "coalition.put_logo", "coalition.name_in_public",
    "accounts.me", "accounts.change_password",
)  # fmt: skip
def keeping(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    world = living.worlds["circulating"]
    here = f"/coalitions/{world.coalition.id}"
    member = f"{here}/members/{world.members[0].id}"
    save = "main form button[type=submit]:not(.visually-hidden)"
    eye.go("/coalitions")
    for path in ("/coalitions/new", f"{here}/rename", f"{here}/members/new", f"{member}/contacts/new"):
        eye.go(path)
        eye.page.locator("main [name=name]").first.fill("")
        eye.press(save, 400)
    eye.go(here)
    eye.go(member)
    eye.fill(name="")
    eye.press("main form:has([name=listed_name]) button[type=submit]", 400)
    eye.press("main form[action$='/logo'] button[type=submit]", 400)
    eye.go(f"{member}/remove")
    eye.go(f"{here}/members/{living.lead.organisation_id}")
    eye.go(f"{member}/contacts/{world.contacts[0].id}")
    eye.go(f"{member}/contacts/{world.contacts[0].id}/remove")
    eye.go(f"{here}/rename")
    eye.fill(public_name="x" * 301)
    eye.press("main form:has([name=public_name]) button[type=submit]", 400)
    eye.go(f"{here}/import")
    eye.fill(pasted="organisation,contact_name,contact_email,role\nNew Friends,Kim,kim@friends.example.org,observer")
    eye.press(save)
    eye.fill(pasted="no,such,columns\n1,2,3")
    eye.press("main form button:has-text('Show what would change'):not(.visually-hidden)", 400)
    eye.go("/me")
    eye.fill(name="")
    eye.press(save, 400)
    eye.fill(current="wrong wrong wrong", password="another long password")
    eye.press("main form:has([name=current]) button[type=submit]", 400)


MEMBERS_PAGES = (
    "signing.landing", "signing.text", "signing.check", "signing.code", "signing.record", "signing.receipt",
    "commenting.comment", "commenting.object_", "commenting.reply",
)  # fmt: skip


def signing(live: Live, eye: Eye) -> None:
    """All that a member can come upon on the way from the link to the receipt."""
    living = living_of(live)

    def open_(condition: str) -> None:
        eye.page.goto(f"{live.url}/sign/{living.token(condition)}")
        eye.page.locator("main button[type=submit]").first.click()
        eye.page.wait_for_url("**/sign/at/*/*")

    def answer(kind: str = "sign-off", **fields: str) -> None:
        eye.page.locator(f"#answer [name=kind][value={kind}]").check()
        eye.fill(**{"person_name": "Cy Example", "person_role": "Chair", **fields})
        if kind == "sign-off":
            eye.page.locator("#field-authority").check()

    to_check, to_code = "#answer button[type=submit]", "main form[action$='/code'] button[type=submit]"
    record = "main form[action$='/record'] button[type=submit]"
    eye.go(f"/sign/{living.token('opened')}")
    open_("opened")
    eye.look()
    send, here = "#comment button[type=submit]:not([formaction])", eye.page.url.removeprefix(live.url)
    eye.press(to_check, 400)
    eye.press(send, 400)
    eye.go(f"{here}?on=b1")
    eye.page.locator("#field-comment-text").fill("A remark on the first paragraph.")
    eye.page.locator("#field-comment-suggests").check()
    eye.page.locator("#field-comment-proposed").fill("The valley road has been closed for fifty days.")
    eye.page.locator("#field-comment-person_name").fill("Cy Example")
    eye.look()
    eye.press(send)
    eye.page.locator(".remark-acts summary").first.click()
    eye.press(".remark-acts details[open] button[type=submit]", 400)
    eye.page.locator(".remark-acts details[open] textarea").fill("A reply.")
    eye.page.locator(".remark-acts details[open] [name=person_name]").fill("Cy Example")
    eye.press(".remark-acts details[open] button[type=submit]")
    eye.go(f"{here}?on=q1")
    eye.page.locator("#field-comment-text").fill("Not these words.")
    eye.press("#comment button[formaction]")
    eye.press(to_check, 400)
    eye.page.goto(live.url + here)
    answer(listed_name="Friends of the Lake")
    eye.press(to_check)
    eye.press(record)
    eye.page.goto(eye.page.url.removesuffix("receipt"))
    eye.look()
    answer("objection", text="Not with this sentence.")
    eye.page.locator("#answer [name=digest]").evaluate("field => { field.value = '0'.repeat(64); }")
    eye.press(to_check, 409)
    for condition in ("signed", "objected", "observer"):
        open_(condition)
        eye.look()
    open_("with code")
    answer()
    eye.press(to_check)
    eye.press(to_code)
    eye.page.locator("#field-code").fill("000000")
    eye.press(record, 400)
    eye.page.locator("main [name=form_token]").first.evaluate("field => { field.value = 'stale'; }")
    eye.page.locator("#field-code").fill("000000")
    eye.press(record, 400)
    with live.site.session() as session:
        world = living.worlds["with code"]
        changed = replace(world.revision.parsed.authoritative, place="Elsewhere")
        who = (session, live.now(), world.user.id, world.statement.public_id)
        in_force.put_in_force(*who, drafting.revise(*who, changed, 1).number)
    open_("with code")
    eye.look()


@tour(*MEMBERS_PAGES)
def member(live: Live, eye: Eye) -> None:
    signing(live, eye)


@tour(*MEMBERS_PAGES)
def arabic_member(live: Live, eye: Eye) -> None:
    with live.site.session() as session:
        session.execute(update(Contact).values(language="ar", time_zone="Asia/Amman"))
        session.commit()
    signing(live, eye)
    assert eye.page.locator("html").get_attribute("dir") == "rtl"
    behind_dead_links(live, eye)


@tour("signing.on_its_way")
def dead_links(live: Live, eye: Eye) -> None:
    behind_dead_links(live, eye)


@tour(
    "publication.locked", "publication.move_embargo", "publication.signatory", "publication.after_",
    "publication.note",
)  # fmt: skip
def after_the_lock(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    held = living.worlds["locked"]
    with live.site.session() as session:
        session.execute(update(Circulation).where(Circulation.id == held.circulation.id).values(validity_days=1))
        session.commit()
    locked = f"/desk/statements/{living.public_id('locked')}"
    eye.go(locked)
    eye.go(f"{locked}/locked")
    eye.fill(embargo_clock="25:99")
    eye.press("main form[action$=embargo] button", 400)
    eye.go(f"{locked}/after/{held.signatories[0].id}")
    eye.go(f"{locked}/roll")
    eye.go(f"{locked}/recall")
    published = f"/desk/statements/{living.public_id('published')}"
    signatories = living.worlds["published"].signatories
    eye.go(f"{published}/after")
    eye.press("main form:has([value=correction]) button", 400)
    eye.press("main form:has([value=retraction]) button", 400)
    one = f"{published}/after/{signatories[0].id}"
    eye.go(one)
    eye.press("main form:has([value=withdraw]) button", 400)
    eye.press("main form:has([value=withhold]) button", 400)
    eye.fill(name="")
    eye.press("main form:has([value=mend]) button", 400)
    with live.site.session() as session:
        who = (session, live.now(), living.lead.id, living.public_id("published"))
        noting.fix_name(*who, signatories[0].id, "Lakeside Relief Society", "A letter was missing.")
        noting.note(*who, NoteKind.CORRECTION, "It is 38 days.\n\nWe regret the mistake.")
        noting.act_at_desk(*who, signatories[1].id, Later(LaterKind.WITHHOLD, "", authority=True))
        noting.act_at_desk(*who, signatories[1].id, Later(LaterKind.WITHDRAW, "", "Bo Example", "Chair"))
    eye.go(f"{published}/after")
    eye.go(one)
    eye.go(published)
    for slug in slugs(living):
        eye.go(f"/statements/{slug}")
    with live.site.session() as session:
        who = (session, live.now(), living.lead.id, living.public_id("published"))
        noting.note(*who, NoteKind.RETRACTION, "The figures were wrong.")
    eye.go(f"{published}/after")
    for slug in slugs(living):
        eye.go(f"/statements/{slug}")


@tour("signing.landing", "signing.after", "signing.later")
def members_after_the_lock(live: Live, eye: Eye) -> None:
    living = living_of(live)
    held = living.worlds["locked"]
    with live.site.session() as session:
        values = {"validity_days": 1, "embargo_at": live.now() + timedelta(hours=30)}
        session.execute(update(Circulation).where(Circulation.id == held.circulation.id).values(**values))
        session.execute(update(Contact).where(Contact.id == held.contacts[0].id).values(language="ar"))
        session.commit()
    live.later(timedelta(hours=20))
    eye.go(f"/sign/{living.token('opened')}")
    eye.go(f"/sign/{living.token('locked')}", 410)
    eye.press("main button[type=submit]")
    show_details(eye)
    eye.press("main form[action$=withdraw] button", 400)
    show_details(eye)
    eye.press("main form[action$=withhold] button", 400)
    with live.site.session() as session:
        session.execute(update(Circulation).where(Circulation.id == held.circulation.id).values(code_required=True))
        session.commit()
    eye.press("main form[action$=reconfirm] button")
    eye.fill(code="000 000")
    eye.press("main form button", 400)
    with live.site.session() as session:
        session.execute(update(Contact).where(Contact.id == held.contacts[0].id).values(language="en"))
        values = {"late_until": live.now() + timedelta(days=5)}
        asked = living.worlds["published"]
        session.execute(update(Circulation).where(Circulation.id == asked.circulation.id).values(**values))
        session.execute(update(Signatory).where(Signatory.id == asked.signatories[1].id).values(commitment=None))
        session.commit()
    eye.go(f"/sign/{living.token('published')}", 410)
    eye.press("main button[type=submit]")
    other = LINKS.make(Purpose.APPROVAL, [asked.invitations[1].id, 1])
    eye.go(f"/sign/{other}", 410)
    eye.press("main button[type=submit]")
    eye.press("main form[action$=sign-late] button", 400)


@tour("verifying.page", "verifying.verify")
def whoever_found_a_text(live: Live, eye: Eye) -> None:
    check_a_text(eye)


@tour("verifying.page", "verifying.verify")
def whoever_found_a_text_in_arabic(live: Live, eye: Eye) -> None:
    browser = eye.page.context.browser
    assert browser is not None
    context = browser.new_context(locale="ar-JO")
    reader = Eye(live, context.new_page())
    check_a_text(reader)
    assert reader.page.locator("html").get_attribute("dir") == "rtl"
    eye.seen |= reader.seen
    eye.faults += reader.faults
    context.close()


def check_a_text(eye: Eye) -> None:
    eye.go("/")
    published = eye.page.locator(".statement-list-title a").first.get_attribute("href")
    text = eye.page.request.get(f"{eye.page.url.rstrip('/')}{published}.txt").text()
    send = "form[action='/verify'] button[type=submit]"
    eye.go("/verify")
    eye.press(send, 400)
    first = next(line for line in text.split("\n\n") if len(line) > 40)
    for found in (
        text,
        text.replace(first, first.replace(" ", " surely ", 1)),
        first[: len(first) // 2 * 2],
        "Nothing of ours.",
    ):
        eye.fill(pasted=found)
        eye.press(send)


@tour("opening.page", "opening.ask", "opening.sent", "opening.confirm", "opening.say")
def open_to_everybody(live: Live, eye: Eye) -> None:
    ask_to_sign(live, eye, "en")


@tour("opening.page", "opening.ask", "opening.sent", "opening.confirm")
def open_to_everybody_in_arabic(live: Live, eye: Eye) -> None:
    browser = eye.page.context.browser
    assert browser is not None
    context = browser.new_context(locale="ar-JO")
    reader = Eye(live, context.new_page())
    ask_to_sign(live, reader, "ar")
    assert reader.page.locator("html").get_attribute("dir") == "rtl"
    eye.seen |= reader.seen
    eye.faults += reader.faults
    context.close()


def ask_to_sign(live: Live, eye: Eye, language: str) -> None:
    living = living_of(live)
    path, send = f"/open/{living.page_key}", "#ask button[type=submit]"
    eye.go(path)
    eye.press(send, 400)  # nobody is so quick
    live.later(timedelta(minutes=1))
    eye.press(send, 400)
    eye.page.locator("[name=individual]").first.check()
    eye.fill(name="Bridge House", country="Valley", person_name="Bo Example", person_role="Chair")
    eye.fill(mail="b@bh.example.org")
    eye.page.locator("[name=authority]").check()
    kept = eye.page.locator("[name=digest]").input_value()
    eye.page.locator("[name=digest]").evaluate("field => { field.value = '0'.repeat(64); }")
    eye.press(send, 409)
    assert eye.page.locator("[name=digest]").input_value() == kept
    eye.press(send)
    with live.site.session() as session:
        made = session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
        link = f"/open/confirm/{LINKS.make(Purpose.APPLICATION, [made.key])}"
        code = LINKS.code(CONFIRMING, made.key)
    eye.go(link)
    assert eye.page.locator("html").get_attribute("lang") == language
    confirmed = "main form button"
    eye.press(confirmed, 400)
    eye.page.locator("[value=confirm]").check()
    eye.fill(code="junk")
    eye.press(confirmed, 400)
    eye.fill(code=code)
    eye.press(confirmed)
    eye.page.locator("[value=contest]").check()
    eye.press(confirmed)
    eye.go("/open/" + "0" * 32, 404)
    eye.go(f"/open/confirm/{LINKS.make(Purpose.APPLICATION, ['0' * 32])}", 410)


@tour("circulation.open_page", "circulation.applications", "circulation.decide")
def opening_at_the_desk(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    closed = f"/desk/statements/{living.public_id('circulating')}"
    eye.go(f"{closed}/open-page")
    eye.press("main form button[type=submit]", 400)
    eye.go(f"{closed}/applications")
    path = f"/desk/statements/{living.public_id('with a page')}"
    eye.go(f"{path}/open-page")
    with live.site.session() as session:
        world = living.worlds["with a page"]
        page = session.scalars(select(OpenPage)).one()
        for number, name in enumerate(("FERRY CIRCLE", "L\u0430keside Relief", "منظمة السلام للإغاثة", *range(60))):
            asks = Asks(
                world.revision.digest, f"{name}", "Valley", "Nia", "Chair", f"n@n{number}.example.org", False, True
            )
            opening.apply(session, LINKS, live.now(), page.key, asks, f"192.0.2.{number}", "en")
            made = session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
            opening.confirm(session, LINKS, live.now(), made.key, LINKS.code(CONFIRMING, made.key))
    accept, refuse = "main button[value=accept]", "main button[value=refuse]"
    eye.go(f"{path}/applications?show=striking")
    eye.press(accept, 400)
    eye.go(f"{path}/applications")
    eye.page.locator("main [name=id]").first.check()
    eye.press(refuse)
    eye.press("main form button[type=submit]", 400)
    eye.fill(reason="Too far away.")
    eye.press("main form button[type=submit]")
    eye.page.locator("[name=all]").check()
    eye.press(accept)
    eye.press("main form button[type=submit]")
    for show in ("accepted", "refused", "contested", "waiting"):
        eye.go(f"{path}/applications?show={show}&q=a")


@tour("press.list_", "publication.press", "publication.previews")
def press_at_the_desk(live: Live, eye: Eye) -> None:
    living = at_desk(live, eye)
    send = "main form.form button[type=submit]"
    eye.go("/desk/press")
    eye.fill(pasted="Eli Editor <eli@radio.example.org>\nnobody\nDana <dana@paper.example.net>")
    eye.press(send, 400)
    eye.fill(pasted="محرّر الأخبار <news@radio.example.org>")
    eye.press(send)
    eye.press("main td form .button-link")
    path = f"/desk/statements/{living.public_id('locked')}"
    eye.go(f"{path}/press")
    eye.page.locator("[name=journalist]").first.check()
    eye.press(send)
    eye.go(f"{path}/previews")
    eye.fill(pasted="nobody at all")
    eye.press(send, 400)
    eye.fill(pasted="Fay <fay@tv.example.org>")
    eye.press(send)
    eye.go(f"/desk/statements/{living.public_id('circulating')}/previews", 409)
    eye.go(f"/desk/statements/{living.public_id('published')}/press")


@tour("previewing.landing", "previewing.text", "leaving.leave")
def journalists(live: Live, eye: Eye) -> None:
    living = living_of(live)
    ours = LINKS.make(Purpose.PREVIEW, [living.previews["open"], 1])
    eye.go(f"/preview/{ours}")
    eye.press("main form button[type=submit]")
    eye.go(f"/preview/{LINKS.make(Purpose.PREVIEW, [living.previews['revoked'], 1])}", 410)
    with live.site.session() as session:
        session.execute(update(Preview).where(Preview.id == living.previews["open"]).values(language="ar"))
        session.commit()
    eye.go(f"/preview/{ours}")
    eye.press("main form button[type=submit]")
    eye.go(f"/press/leave/{LINKS.make(Purpose.PRESS, [living.journalists['foreign']])}")
    eye.press("main form button[type=submit]")


@tour("public.statement_as_of")
def states_and_a_takedown(live: Live, eye: Eye) -> None:
    slug = slugs(living_of(live))[0]
    eye.go(f"/statements/{slug}/states/0")
    with live.site.session() as session:
        taking_down.take_down(session, live.now(), slug, "By order of the valley court of 2 March 2027.")
    eye.go(f"/statements/{slug}", 451)
    with live.site.session() as session:
        taking_down.restore(session, live.now(), slug, "The order was lifted.")
    eye.go(f"/statements/{slug}/states/1")


def show_details(eye: Eye) -> None:
    eye.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    eye.look(eye.page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus"))


def behind_dead_links(live: Live, eye: Eye) -> None:
    living = living_of(live)
    for condition in ("expired", "revoked", "replaced", "recalled", "abandoned", "published"):
        eye.go(f"/sign/{living.token(condition)}", 410)
    eye.press("main button[type=submit]")
    eye.go(f"/sign/{living.token('opened')}x", 404)
    eye.page.context.clear_cookies()
    eye.go(f"/sign/at/{living.links['with code'][0]}/", 404)
    eye.page.goto(f"{live.url}/sign/{living.token('expired')}")
    eye.press("main button[type=submit]")


@pytest.fixture
def page(browser) -> Iterator[object]:
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(45_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", TOURS)
def test_nothing_is_wrong_with_any_page(name, page, request):
    live = request.getfixturevalue("live" if name == "first_day" else "peopled")
    walk, endpoints = TOURS[name]
    eye = Eye(live, page)
    walk(live, eye)
    assert not eye.faults, "\n".join(eye.faults)
    assert endpoints <= eye.seen, f"not looked at: {sorted(endpoints - eye.seen)}"


def test_every_page_is_on_a_tour(demo_site):
    toured = frozenset().union(*(endpoints for _, endpoints in TOURS.values()))
    endpoints = {rule.endpoint for rule in demo_site.app.url_map.iter_rules()}
    assert len(endpoints) > 50
    assert endpoints - NO_PAGES - LEAD_ON == toured


def test_what_is_no_page_is_no_page(peopled):
    living = living_of(peopled)
    client = living.signed_in(living.lead)
    carry(client, *living.links["opened"])
    opened = LINKS.make(Purpose.PREVIEW_OPENED, [living.previews["open"], 1, int(clock.now().timestamp())])
    client.set_cookie(f"preview-{living.previews['open']}", opened, path=f"/preview/at/{living.previews['open']}/")
    adapter = peopled.site.app.url_map.bind("localhost")
    for endpoint in sorted(NO_PAGES):
        values = {"slug": slugs(living)[0], "filename": "css/base.css", "number": 1, "form": "pdf"}
        values |= {"coalition": IN_PUBLIC, "url": f"{peopled.site.settings.base_url}/statements/{slugs(living)[0]}"}
        stage = "circulating" if endpoint.startswith(("circulation.", "drafting.logo")) else "draft"
        stage = "contested" if endpoint == "circulation.evidence" else stage
        values |= {"public_id": living.public_id(stage), "invitation_id": living.links["opened"][0]}
        values |= {"recording_id": living.recordings["contested"], "digest": logo().digest}
        world = living.worlds["circulating"]
        values |= {"coalition_id": world.coalition.id, "organisation_id": world.members[0].id}
        values |= {"recording_id": living.recordings["contested"], "preview_id": living.previews["open"]}
        values |= {"key_name": short_name(SIGNING.public)}
        asked = ASKED.get(endpoint)
        answer = client.get(adapter.build(endpoint, {}) + asked if asked else adapter.build(endpoint, values))
        assert answer.status_code == 200, endpoint
        assert "html" not in answer.headers["Content-Type"], endpoint
        answer.close()


BROKEN = """() => {
  const main = document.querySelector('main');
  const add = (tag, words, given = {}) => {
    const made = Object.assign(document.createElement(tag), given);
    made.textContent = words;
    main.append(made);
    return made;
  };
  add('h1', 'A second heading');
  add('p', 'faint', {id: 'main'}).style.color = '#999';
  add('p', 'wide').style.width = '2000px';
  add('input', '', {name: 'nameless'});
  document.title = '';
  console.error('something broke');
  fetch('https://elsewhere.example.com/').catch(() => null);
}"""


SEEN_IN_IT = (
    "not one h1", "ids twice", "color-contrast", "scrolls sideways", "without a label", "no title", "something broke",
    "Content Security Policy", "style or script within",
)  # fmt: skip


def test_the_eye_sees_what_is_wrong(live, page):
    eye = Eye(live, page)
    page.goto(f"{live.url}/forgotten")
    page.evaluate(BROKEN)
    eye.look()
    assert [fault for fault in SEEN_IN_IT if not any(fault in found for found in eye.faults)] == []
