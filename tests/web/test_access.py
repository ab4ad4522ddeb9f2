"""Who gets where: every route, method and role in one table, which is held against the application's own routes."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import LINKS, SIGNING, logo
from tests.web.living import (
    IN_PUBLIC,
    KEPT,
    NO_PUBLIC_ID,
    NOWHERE,
    Living,
    csrf_of,
    differing,
    dump,
    live_again,
    nonsense,
    slugs,
    undoing,
)
from workflow.links import Purpose
from workflow.text.signing_forms import short_name

ROLES = ("anonymous", "stranger", "lead", "holder", "other", "revoked")
# What an answer comes to, for a form sent empty but with a good token:
#   ok: the page · on: led on · form: the form comes back · not now: refused by the stage that things are in
#   sign in: led to the sign-in page · none: as if it did not exist · dead: the page of a link that has died
TABLE = """
endpoint                   | verb | anonymous| stranger | lead     | holder   | other    | revoked
accounts.change_password   | POST | sign in  | form     | form     | sign in  | sign in  | sign in
accounts.forgotten         | GET  | ok
accounts.forgotten         | POST | form
accounts.me                | GET  | sign in  | ok       | ok       | sign in  | sign in  | sign in
accounts.me                | POST | sign in  | form     | form     | sign in  | sign in  | sign in
accounts.reset             | GET  | ok
accounts.reset             | POST | form
accounts.set_up            | GET  | not now
accounts.set_up            | POST | not now
accounts.sign_in           | GET  | ok       | on       | on       | ok       | ok       | ok
accounts.sign_in           | POST | form
accounts.sign_out          | POST | sign in
circulation.abandon        | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.abandon        | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.add_to_roll    | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.add_to_roll    | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.amend_roll     | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.amend_roll     | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.applications   | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.applications_csv | GET | sign in | none     | ok       | sign in  | sign in  | sign in
circulation.ask_to_sign    | GET  | sign in  | none     | not now  | sign in  | sign in  | sign in
circulation.calendar       | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.check          | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.circulate      | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.close_page     | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.conclude       | GET  | sign in  | none     | not now  | sign in  | sign in  | sign in
circulation.conclude       | POST | sign in  | none     | not now  | sign in  | sign in  | sign in
circulation.count_late     | POST | sign in  | none     | not now  | sign in  | sign in  | sign in
circulation.decide         | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.decide_colleague | POST | sign in | none    | none     | sign in  | sign in  | sign in
circulation.decide_name    | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.extend         | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.extend         | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.invite         | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.mail_preview   | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.open_page      | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.open_page      | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.prepare        | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.prepare        | POST | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.put_in_force   | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.put_in_force   | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.recall         | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.recall         | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.reminders      | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.reminders      | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.evidence       | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.record_answer  | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.record_answer  | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.resolve        | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.resolve        | POST | sign in  | none     | form     | sign in  | sign in  | sign in
circulation.revoke         | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.revoke         | POST | sign in  | none     | on       | sign in  | sign in  | sign in
circulation.roll           | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.sign           | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
circulation.sign           | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.add_contact      | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.add_contact      | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.add_lead         | POST | sign in  | none     | on       | sign in  | sign in  | sign in
coalition.add_member       | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.add_member       | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.contact          | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.contact_left     | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.contact_left     | POST | sign in  | none     | on       | sign in  | sign in  | sign in
coalition.voices           | POST | sign in  | none     | on       | sign in  | sign in  | sign in
coalition.presence         | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.presence         | POST | sign in  | none     | on       | sign in  | sign in  | sign in
coalition.contact          | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.import_          | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.import_          | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.list_            | GET  | sign in  | ok       | ok       | sign in  | sign in  | sign in
coalition.logo             | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.put_logo         | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.remove_logo      | POST | sign in  | none     | on       | sign in  | sign in  | sign in
coalition.member           | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.member           | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.members_csv      | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.name_in_public   | POST | sign in  | none     | on       | sign in  | sign in  | sign in
coalition.new              | GET  | sign in  | ok       | ok       | sign in  | sign in  | sign in
coalition.new              | POST | sign in  | form     | form     | sign in  | sign in  | sign in
coalition.remove_contact   | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.remove_contact   | POST | sign in  | none     | not now  | sign in  | sign in  | sign in
coalition.remove_member    | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.remove_member    | POST | sign in  | none     | not now  | sign in  | sign in  | sign in
coalition.rename           | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
coalition.rename           | POST | sign in  | none     | form     | sign in  | sign in  | sign in
coalition.show             | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
commenting.comment         | POST | none     | none     | none     | not now  | none     | dead
commenting.object_         | POST | none     | none     | none     | not now  | none     | dead
commenting.reply           | POST | none     | none     | none     | form     | none     | dead
disposing.accept           | POST | sign in  | none     | on       | sign in  | sign in  | sign in
disposing.became           | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
disposing.dispose          | POST | sign in  | none     | form     | sign in  | sign in  | sign in
disposing.remarks          | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
disposing.remarks_csv      | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
disposing.remarks_markdown | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
disposing.reply            | POST | sign in  | none     | form     | sign in  | sign in  | sign in
drafting.compare           | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.desk              | GET  | sign in  | ok       | ok       | sign in  | sign in  | sign in
drafting.logo              | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.draft             | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.edit              | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.edit              | POST | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.editions          | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.history           | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.import_           | POST | sign in  | form     | form     | sign in  | sign in  | sign in
drafting.import_into       | POST | sign in  | none     | form     | sign in  | sign in  | sign in
drafting.keep              | POST | sign in  | not now  | not now  | sign in  | sign in  | sign in
drafting.kept              | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.merge             | POST | sign in  | none     | form     | sign in  | sign in  | sign in
drafting.new               | GET  | sign in  | ok       | ok       | sign in  | sign in  | sign in
drafting.new               | POST | sign in  | ok       | ok       | sign in  | sign in  | sign in
drafting.paste             | POST | sign in  | ok       | ok       | sign in  | sign in  | sign in
drafting.preview           | POST | sign in  | ok       | ok       | sign in  | sign in  | sign in
drafting.remove_edition    | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.remove_edition    | POST | sign in  | none     | on       | sign in  | sign in  | sign in
drafting.show              | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
drafting.throw_away        | POST | sign in  | none     | on       | sign in  | sign in  | sign in
log.allowed_signers        | GET  | ok
log.checkpoint             | GET  | ok
log.consistency            | GET  | form
log.inclusion              | GET  | form
log.key_pem                | GET  | ok
log.key_pub                | GET  | ok
log.keys                   | GET  | ok
log.keys_json              | GET  | ok
log.leaves                 | GET  | ok
opening.ask                | POST | form
opening.confirm            | GET  | ok
opening.page               | GET  | ok
opening.say                | POST | form
opening.sent               | GET  | ok
posting.letter             | GET  | ok
posting.mailbox            | GET  | ok
public.by_coalition        | GET  | ok
public.card                | GET  | ok
public.coalition_feed      | GET  | ok
public.embed               | GET  | ok
public.feed                | GET  | ok
public.oembed_             | GET  | none
public.press_kit           | GET  | ok
public.robots              | GET  | ok
public.sitemap             | GET  | ok
public.sitemap_page        | GET  | ok
public.statement           | GET  | ok
public.statement_json      | GET  | ok
public.statement_logo      | GET  | ok
public.statement_markdown  | GET  | ok
public.statement_minisign  | GET  | ok
public.statement_proof     | GET  | ok
public.statement_pdf       | GET  | ok
public.statement_record    | GET  | ok
public.statement_signature | GET  | ok
public.statement_ssh       | GET  | ok
public.statement_text      | GET  | ok
public.statements          | GET  | ok
publication.after_         | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
publication.arrange        | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
publication.arrange        | POST | sign in  | none     | form     | sign in  | sign in  | sign in
publication.arrange_signatories | POST | sign in  | none     | on       | sign in  | sign in  | sign in
publication.import_translation| POST | sign in  | none     | form     | sign in  | sign in  | sign in
publication.locked         | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
publication.move_embargo   | POST | sign in  | none     | form     | sign in  | sign in  | sign in
publication.note           | POST | sign in  | none     | form     | sign in  | sign in  | sign in
publication.publish        | POST | sign in  | none     | not now  | sign in  | sign in  | sign in
publication.reconfirm      | POST | sign in  | none     | on       | sign in  | sign in  | sign in
publication.signatory      | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
publication.signatory      | POST | sign in  | none     | form     | sign in  | sign in  | sign in
publication.translation    | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
publication.translation    | POST | sign in  | none     | ok       | sign in  | sign in  | sign in
signing.after              | GET  | none     | none     | none     | on       | none     | dead
signing.away               | POST | none     | none     | none     | form     | none     | dead
signing.calendar           | GET  | none     | none     | none     | ok       | none     | dead
signing.check              | POST | none     | none     | none     | not now  | none     | dead
signing.code               | POST | none     | none     | none     | not now  | none     | dead
signing.contest            | GET  | ok
signing.contest            | POST | form
signing.draft              | GET  | none     | none     | none     | ok       | none     | dead
signing.logo               | GET  | none     | none     | none     | ok       | none     | dead
signing.fresh              | POST | on
signing.hand_over          | GET  | none     | none     | none     | ok       | none     | dead
signing.hand_over          | POST | none     | none     | none     | form     | none     | dead
signing.landing            | GET  | none     | none     | none     | ok       | ok       | dead
signing.later              | GET  | none     | none     | none     | on       | none     | dead
signing.later              | POST | none     | none     | none     | on       | none     | dead
signing.on_its_way         | GET  | ok
signing.open_              | POST | none     | none     | none     | on       | on       | dead
signing.receipt            | GET  | none     | none     | none     | on       | none     | dead
signing.record             | POST | none     | none     | none     | not now  | none     | dead
signing.recorded           | GET  | ok
signing.recorded           | POST | form
signing.step               | GET  | none     | none     | none     | on       | none     | dead
signing.text               | GET  | none     | none     | none     | ok       | none     | dead
leaving.leave              | GET  | ok
leaving.leave              | POST | ok
press.journalist           | POST | sign in  | none     | on       | sign in  | sign in  | sign in
press.list_                | GET  | sign in  | ok       | ok       | sign in  | sign in  | sign in
press.list_                | POST | sign in  | form     | form     | sign in  | sign in  | sign in
previewing.file            | GET  | none
previewing.landing         | GET  | ok
previewing.landing         | POST | on
previewing.text            | GET  | none
public.statement_as_of     | GET  | ok
publication.press          | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
publication.press          | POST | sign in  | none     | on       | sign in  | sign in  | sign in
publication.previews       | GET  | sign in  | none     | ok       | sign in  | sign in  | sign in
publication.previews       | POST | sign in  | none     | form     | sign in  | sign in  | sign in
publication.renew_preview  | POST | sign in  | none     | on       | sign in  | sign in  | sign in
publication.revoke_preview | POST | sign in  | none     | on       | sign in  | sign in  | sign in
static                     | GET  | ok
style.style                | GET  | ok
verifying.page             | GET  | ok
verifying.verify           | POST | form
"""


# What an empty form cannot say: without it the lead, too, would be told that there is nothing.
FILLED = {
    "circulation.decide_name": {"proposed": "Harbour Aid & Friends", "accept": "yes"},
    "circulation.put_in_force": {"revision": "2", "how": "again"},
    "publication.signatory": {"what": "mend"},
    "circulation.count_late": {"answer": "2"},
}


def rows() -> dict[tuple[str, str], tuple[str, ...]]:
    found = {}
    for line in TABLE.strip().splitlines()[1:]:
        endpoint, method, *expected = (part.strip() for part in line.split("|"))
        found[endpoint, method] = tuple(expected * (len(ROLES) if len(expected) == 1 else 1))
    return found


@pytest.fixture
def living(demo_site):
    return live_again(demo_site)


def told(answer: TestResponse) -> str:
    code, place = answer.status_code, answer.headers.get("Location", "")
    if code in (302, 303):
        return "sign in" if place.startswith("/sign-in") else "on"
    return {200: "ok", 400: "form", 404: "none", 409: "not now", 410: "dead"}.get(code, str(code))


# Which link a role holds: `revoked` opened one that has died since.
HELD = {"holder": "opened", "other": "newest", "revoked": "revoked"}


def browser(living: Living, role: str) -> FlaskClient:
    """A browser of this role: signed in, or with the cookie of the link it holds."""
    users = {"stranger": living.stranger, "lead": living.lead}
    if role in users:
        return living.signed_in(users[role])
    return living.holder(*([HELD[role]] if role in HELD else []))


# Routes that begin with a statement in another stage; every other is tried on the one that circulates.
DRAFTS = {
    "drafting.remove_edition",
    "circulation.prepare",
    "circulation.check",
    "circulation.mail_preview",
    "circulation.circulate",
}
LOCKED = {
    *("publication.locked", "publication.publish", "publication.move_embargo", "publication.reconfirm"),
    *("publication.previews", "publication.renew_preview", "publication.revoke_preview"),
}
CONTESTED = {"circulation.resolve", "circulation.evidence"}
PUBLISHED = {"publication.after_", "publication.note", "publication.signatory"}
PUBLISHED |= {"publication.translation", "publication.import_translation"}
OF_APPLICATION = ("opening.confirm", "opening.say")
WITH_PAGE = {"circulation.close_page"}
BEGUN = {
    "contested": CONTESTED,
    "draft": DRAFTS,
    "locked": LOCKED,
    "published": PUBLISHED,
    "with a page": WITH_PAGE,
}


def things(living: Living, role: str, endpoint: str = "") -> dict[str, object]:
    """The lead's own things by the names that addresses carry; a link holder comes with the token it holds."""
    made = living.worlds[next((stage for stage, begun in BEGUN.items() if endpoint in begun), "circulating")]
    circulating = living.worlds["circulating"]
    whose = made.signatories[0] if endpoint == "publication.signatory" else circulating.signatories[2]
    letters = sorted((living.site.settings.data_dir / "mail").glob("*.eml"))
    tokens = {"accounts.set_up": LINKS.make(Purpose.SET_UP, ["set-up"])}
    tokens |= dict.fromkeys(OF_APPLICATION, LINKS.make(Purpose.APPLICATION, [living.applications[1]]))
    tokens["signing.contest"] = LINKS.make(Purpose.CONTEST, living.receipt)
    tokens["signing.recorded"] = LINKS.make(Purpose.RECORDED, living.told_of)
    tokens["previewing.landing"] = LINKS.make(Purpose.PREVIEW, [living.previews["open"], 1])
    tokens["leaving.leave"] = LINKS.make(Purpose.PRESS, [living.journalists["own"]])
    tokens["accounts.reset"] = LINKS.make(Purpose.RESET, [living.lead.id, 1])
    return {
        "public_id": made.statement.public_id,
        "coalition_id": made.coalition.id,
        "organisation_id": made.members[0].id,
        "contact_id": made.contacts[0].id,
        "signatory_id": whose.id,
        "comment_id": living.remarks["suggestion"],
        "contest_id": living.contests["contested"],
        "recording_id": living.recordings["contested"],
        "invitation_id": living.links["revoked" if role == "revoked" else "opened"][0],
        "page_key": living.page_key,
        "key_name": short_name(SIGNING.public),
        "preview_id": living.previews["open"],
        "journalist_id": living.journalists["own"],
        "count": 0,
        "token": tokens.get(endpoint) or (living.token(HELD[role]) if role in HELD else nonsense()),
        "slug": slugs(living)[0],
        "coalition": IN_PUBLIC,
        "language": "ar",
        "key": KEPT,
        "step": "check",
        "act": "withdraw",
        "number": 1,
        "form": "pdf",
        "name": letters[0].name,
        "filename": "css/base.css",
        "digest": logo().digest,
    }


def routes(living: Living) -> list[tuple[str, str]]:
    """Endpoint and method of every route; HEAD and OPTIONS say the same as GET."""
    rules = living.site.app.url_map.iter_rules()
    return sorted(
        {
            (rule.endpoint, method)
            for rule in rules
            for method in rule.methods or ()
            if method not in ("HEAD", "OPTIONS")
        }
    )


def address(living: Living, endpoint: str, given: dict[str, object]) -> str:
    rules = (one for one in living.site.app.url_map.iter_rules() if one.endpoint == endpoint)
    rule = min(rules, key=lambda one: len(one.arguments))
    adapter = living.site.app.url_map.bind("localhost")
    return adapter.build(endpoint, {name: given[name] for name in rule.arguments})


def ask(living: Living, client, role: str, endpoint: str, method: str, path: str) -> TestResponse:
    if method == "GET":
        return client.get(path, buffered=True)
    data = {}
    if path.startswith("/preview/"):
        data["form_token"] = LINKS.make(Purpose.PREVIEW_FORM, [living.previews["open"], 1])
    elif path.startswith("/sign/"):
        data["form_token"] = LINKS.make(Purpose.SIGN_FORM, list(living.links[HELD.get(role, "opened")]))
    else:
        data = {"csrf_token": csrf_of(client), **FILLED.get(endpoint, {})}
    return client.open(path, method=method, data=data)


def test_every_route_and_method_stands_in_the_table(living):
    assert sorted(rows()) == routes(living)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_where_the_table_says_and_nowhere_else(living, role):
    wrong, place = [], ROLES.index(role)
    table = rows()
    before = dump(living.site)
    with undoing(living.site) as doing:
        for endpoint, method in routes(living):
            expected = table[endpoint, method][place]
            client = browser(living, role)
            path = address(living, endpoint, things(living, role, endpoint))
            before_it = doing.version()
            answer = ask(living, client, role, endpoint, method, path)
            if told(answer) != expected:
                wrong.append(f"{method} {path}: {told(answer)}, not {expected}")
            if method == "GET" and client.head(path, buffered=True).status_code != answer.status_code:
                wrong.append(f"HEAD {path} is not answered like GET")
            refused = expected in ("none", "sign in") and endpoint != "accounts.sign_out"
            if refused and doing.version() != before_it:
                changed = set(differing(before, dump(living.site))) - {"desk_sessions"}
                wrong += [f"{method} {path} was refused and changed {changed}"] * bool(changed)
            doing.undo()
    assert not wrong, "\n".join(wrong)


def bare(answer: TestResponse) -> tuple[str, list[tuple[str, str]], bytes]:
    """All of an answer but its date."""
    return answer.status, sorted(pair for pair in answer.headers if pair[0] != "Date"), answer.data


def desk_rules(living: Living) -> list[tuple[str, str, set[str]]]:
    """Every desk route that names a thing: endpoint, method, and the names its address carries."""
    views = living.site.app.view_functions
    found = []
    for rule in living.site.app.url_map.iter_rules():
        if getattr(views[rule.endpoint], "__gate__", ("",))[0] == "requires" and rule.arguments:
            found += [(rule.endpoint, method, set(rule.arguments)) for method in sorted(rule.methods or ())]
    return found


@pytest.mark.parametrize("who", ["stranger", "anonymous"])
def test_another_leads_things_cannot_be_told_from_what_does_not_exist(living, who):
    client = browser(living, who)
    csrf = csrf_of(client)
    nowhere = {**dict.fromkeys(things(living, "lead"), NOWHERE), "public_id": NO_PUBLIC_ID, "form": "pdf"}
    before = dump(living.site)
    looked_at = 0
    for endpoint, method, _ in desk_rules(living):
        answers = []
        for given in (things(living, "lead", endpoint), nowhere):
            path = address(living, endpoint, given)
            answer = client.open(path, method=method, data={"csrf_token": csrf} if method == "POST" else None)
            said = bare(answer)
            if who == "anonymous" and method in ("GET", "HEAD"):  # the way back after signing in names the address
                assert told(answer) == "sign in"
                continue
            answers.append(said)
        if answers:
            assert answers[0] == answers[1], (endpoint, method)
            assert who == "anonymous" or method == "OPTIONS" or answers[0][0].startswith("404")
            looked_at += 1
    assert looked_at >= 20
    assert differing(before, dump(living.site)) == []


def test_own_address_with_somebody_elses_part_is_nothing(living):
    """The first name of an address is one's own, the others are another lead's: the same bytes as for nothing."""
    client = browser(living, "lead")
    csrf = csrf_of(client)
    foreign = living.worlds["foreign circulating"]
    others = {
        "organisation_id": foreign.members[0].id,
        "contact_id": foreign.contacts[0].id,
        "signatory_id": foreign.signatories[0].id,
        "invitation_id": foreign.invitations[0].id,
        "comment_id": living.remarks["foreign"],
        "contest_id": living.contests["foreign"],
        "recording_id": living.recordings["foreign"],
        "number": NOWHERE - 1,
    }
    parts = [(endpoint, method, names & set(others)) for endpoint, method, names in desk_rules(living)]
    parts = [one for one in parts if one[2] and one[1] != "OPTIONS"]
    assert len(parts) >= 8
    for endpoint, method, names in parts:
        mine = things(living, "lead", endpoint)
        for name in names:
            answers = []
            for value in (others[name], NOWHERE):
                path = address(living, endpoint, {**mine, name: value})
                data = {"csrf_token": csrf, **FILLED.get(endpoint, {})} if method == "POST" else None
                answers.append(bare(client.open(path, method=method, data=data)))
            assert answers[0] == answers[1], (endpoint, name, method)
            assert answers[0][0].startswith("404"), (endpoint, name, method)


def test_no_page_of_one_lead_names_a_thing_of_another(living):
    """Whatever the desk lists, it lists of one lead."""
    client = browser(living, "stranger")
    mine = [living.public_id(stage) for stage in living.worlds if not stage.startswith("foreign")]
    desk = ("drafting", "circulation", "coalition", "accounts", "disposing")
    for endpoint, method in routes(living):
        if method == "GET" and endpoint.split(".")[0] in desk:
            page = client.get(address(living, endpoint, things(living, "stranger", endpoint))).get_data(as_text=True)
            assert not [one for one in mine if one in page], endpoint
            assert "valley-coalition" not in page, endpoint
