"""What holds under attack: forged forms, other sites, strange hosts, tampered tokens, rotated keys, two links."""

import logging
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from tests.builders import KEYS, LINKS, NOW, circulate, offered, world
from tests.ground.application import Site, hidden, text_of
from tests.web.living import (
    KEPT,
    NO_SLUG,
    Living,
    addresses,
    carry,
    csrf_of,
    differing,
    dump,
    live_again,
    rules_with,
)
from tests.web.signing_visit import ANSWER, Visit
from workflow.actions import inviting, signing
from workflow.app import create_app
from workflow.links import Links, Purpose
from workflow.models.accounts import Tries
from workflow.models.commenting import Comment
from workflow.models.signing import Answer
from workflow.rules.refusals import LinkTampered

ELSEWHERE = "elsewhere.example"
LINK_BLUEPRINTS = ("signing", "commenting", "opening", "previewing", "verifying")
# Mail programs press it with nothing but its address (RFC 8058), whose token decides.
ADDRESS_DECIDES = "leaving.leave"
OLD, NEW = KEYS[0], "another-key-9876543210-zyxwvutsrqponmlkjihgf"


@pytest.fixture
def living(site):
    return live_again(site)


def unsafe(living: Living) -> list[tuple[str, str, str]]:
    """Endpoint, method and a living address of every route that changes something."""
    values = {
        "public_id": living.public_id("circulating"),
        "coalition_id": living.worlds["circulating"].coalition.id,
        "organisation_id": living.worlds["circulating"].members[0].id,
        "contact_id": living.worlds["circulating"].contacts[0].id,
        "signatory_id": living.worlds["circulating"].signatories[2].id,
        "invitation_id": living.links["opened"][0],
        "key": KEPT,
        "act": "withhold",
        "language": "fr",
        "comment_id": 1,
        "page_key": living.page_key,
        "contest_id": living.contests["contested"],
        "recording_id": living.recordings["contested"],
        "preview_id": living.previews["open"],
        "journalist_id": living.journalists["own"],
    }
    tokens = {
        "signing.contest": LINKS.make(Purpose.CONTEST, living.receipt),
        "signing.recorded": LINKS.make(Purpose.RECORDED, living.told_of),
        "accounts.reset": LINKS.make(Purpose.RESET, [living.lead.id, 1]),
        "opening.say": LINKS.make(Purpose.APPLICATION, [living.applications[1]]),
        "previewing.landing": LINKS.make(Purpose.PREVIEW, [living.previews["open"], 1]),
        ADDRESS_DECIDES: LINKS.make(Purpose.PRESS, [living.journalists["own"]]),
        "accounts.set_up": LINKS.make(Purpose.SET_UP, ["set-up"]),
    }
    adapter = living.site.app.url_map.bind("localhost")
    found = []
    for rule in living.site.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            given = {**values, "token": tokens.get(rule.endpoint, living.token("opened"))}
            path = adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments}, method)
            found.append((rule.endpoint, method, path))
    assert len(found) >= 30
    return found


def everything(living: Living) -> FlaskClient:
    """A browser of the lead's user in which a link is open too: whatever can be forged, can be forged here."""
    client = living.signed_in(living.lead)
    carry(client, *living.links["opened"])
    carry(client, *living.links["newest"])
    return client


def good_tokens(living: Living, client: FlaskClient) -> dict[str, str]:
    form_token = LINKS.make(Purpose.SIGN_FORM, list(living.links["opened"]))
    return {"csrf_token": csrf_of(client), "form_token": form_token}


# Forged forms -------------------------------------------------------------------------------------


def test_no_form_does_anything_without_its_own_token(living):
    client, stranger = everything(living), living.signed_in(living.stranger)
    good, foreign = good_tokens(living, client), csrf_of(stranger)
    invitation_id, generation = living.links["opened"]
    forged_csrf = ("", "x", good["form_token"], foreign)
    forged_form = (
        *("", "x", good["csrf_token"]),
        LINKS.make(Purpose.SIGN_FORM, list(living.links["newest"])),
        LINKS.make(Purpose.SIGN_FORM, [invitation_id, generation + 1]),
        *(LINKS.make(purpose, [invitation_id, generation]) for purpose in Purpose if purpose != Purpose.SIGN_FORM),
    )
    before = dump(living.site)
    for endpoint, method, path in unsafe(living):
        if endpoint == ADDRESS_DECIDES:
            continue
        by_link = endpoint.split(".")[0] in LINK_BLUEPRINTS
        for forged in forged_form if by_link else forged_csrf:
            data = {"form_token" if by_link else "csrf_token": forged, **ANSWER, "text": "Forged", "kind": "sign-off"}
            data["csrf_token" if by_link else "form_token"] = good["csrf_token" if by_link else "form_token"]
            answer = client.open(path, method=method, data=data)
            assert answer.status_code == 400, (method, path, forged)
    assert differing(before, dump(living.site)) == []


FROM_ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": f"https://{ELSEWHERE}"},
    {"Origin": f"http://localhost.{ELSEWHERE}"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
)


def test_no_form_is_taken_from_another_site_though_its_token_is_good(living):
    client = everything(living)
    good = good_tokens(living, client)
    before = dump(living.site)
    for _, method, path in unsafe(living):
        for headers in FROM_ELSEWHERE:
            answer = client.open(path, method=method, data=good, headers=headers)
            assert answer.status_code == 403, (method, path, headers)
    assert differing(before, dump(living.site)) == []


def test_forms_of_ones_own_site_are_taken(living):
    """The refusals above refuse what they should: as browsers send it from here, the same form goes through."""
    client = everything(living)
    good = good_tokens(living, client)
    path = f"/sign/{living.token('opened')}"
    # With no-referrer browsers say that a form of one's own comes from "null".
    for headers in ({}, {"Origin": "http://localhost"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}):
        assert client.post(path, data=good, headers=headers).status_code == 303
        assert client.post("/me", data=good, headers=headers).status_code == 400  # refused for its empty name only
    assert "name" in client.post("/me", data=good).get_data(as_text=True)


# Hosts and proxies --------------------------------------------------------------------------------


def test_an_unknown_host_gets_no_page(living):
    client = living.site.client()
    for host in (ELSEWHERE, f"localhost.{ELSEWHERE}", f"{ELSEWHERE}:80", "127.0.0.1", "localhost@elsewhere.example"):
        for rule in rules_with(living.site, "GET"):
            path = next(iter(addresses(living, rule)))
            answer = client.get(path, headers={"Host": host})
            assert answer.status_code == 400, (host, path)
            assert ELSEWHERE.encode() not in answer.data + str(answer.headers).encode()
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.post("/sign-in", headers={"Host": ELSEWHERE}).status_code == 400


FORWARDED = {
    "X-Forwarded-Host": ELSEWHERE,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Prefix": "/elsewhere",
    "X-Forwarded-Port": "444",
    "Forwarded": f"for=203.0.113.9;host={ELSEWHERE};proto=https",
    "X-Original-URL": "/desk",
    "X-Rewrite-URL": "/desk",
    "X-HTTP-Method-Override": "DELETE",
}


def test_what_a_visitor_says_of_proxies_is_not_believed(living):
    for rule in rules_with(living.site, "GET"):
        for path in list(addresses(living, rule))[:3]:
            plain = living.site.client().get(path, buffered=True)
            forwarded = living.site.client().get(path, headers=FORWARDED, buffered=True)
            assert _without_csrf(plain) == _without_csrf(forwarded), path
            assert ELSEWHERE not in forwarded.headers.get("Location", "")


def _without_csrf(answer) -> tuple:
    body = re.sub(rb'name="csrf_token" value="[^"]*"', b"", answer.data)
    names = ("Date", "Set-Cookie", "Content-Length")
    return answer.status, sorted(pair for pair in answer.headers if pair[0] not in names), body


def tried_from(site: Site) -> set[str]:
    with site.session() as session:
        return set(session.scalars(select(Tries.fingerprint)))


def test_tries_are_counted_by_the_true_address(living):
    untouched = tried_from(living.site)
    for number in range(3):
        client = living.site.client()
        data = {"mail": f"x{number}@example.org", "password": "p" * 20, "csrf_token": csrf_of(client)}
        client.post("/sign-in", data=data, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    before = tried_from(living.site)
    assert len(before - untouched) == 4  # three mail addresses and one client address
    behind = create_app(replace(living.site.settings, proxy_hops=1))
    client = behind.test_client()
    token = hidden(client.get("/sign-in").get_data(as_text=True), "csrf_token")
    data = {"mail": "x0@example.org", "password": "p" * 20, "csrf_token": token}
    # One proxy is trusted: the address that it saw counts, not what the visitor wrote before it.
    for forged in ("198.51.100.1", "198.51.100.2"):
        headers = {"X-Forwarded-For": f"{forged}, 203.0.113.77", "X-Forwarded-Host": ELSEWHERE}
        assert client.post("/sign-in", data=data, headers=headers).status_code in (400, 401, 403)
    behind.extensions["undersigned"].engine.dispose()
    assert len(tried_from(living.site) - before) == 1


def test_mails_lead_to_the_configured_address_however_the_site_was_reached(demo_site):
    living = live_again(demo_site)
    client = living.site.client()
    sent = len(living.site.letters())
    here = {"Host": "127.0.0.1"}
    token = hidden(client.get("/forgotten", headers=here).get_data(as_text=True), "csrf_token")
    data = {"mail": living.lead.mail, "csrf_token": token}
    client.post("/forgotten", data=data, headers={**here, **FORWARDED})
    living.site.deliver()
    letters = living.site.letters()
    assert len(letters) == sent + 1
    for letter in letters:
        hosts = set(re.findall(r"https?://([^/\s\"<>]+)", text_of(letter)))
        assert hosts <= {"localhost"}, letter["Subject"]


# Headers and cookies ------------------------------------------------------------------------------

# In a tag: a page may show the code of a frame, in which others may have a style.
INLINE = re.compile(
    rb"<style|<[^>]*\s(?:style=|on[a-z]+=\")|javascript:|<script(?![^>]*(\ssrc=|ld\+json))", re.IGNORECASE
)


def guarded(answer, where: str, *, public: bool, framed: bool = False) -> None:
    """Every header that every answer carries. What is `framed` may stand in pages of others, and is else the same."""
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    if framed:
        assert policy.endswith("frame-ancestors *"), where
        policy = policy.replace("frame-ancestors *", "frame-ancestors 'none'")
    assert policy.startswith("default-src 'none'"), where
    assert not re.search(r"unsafe|\*|https?:|blob:", policy), where
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy, where
    assert re.search(r"form-action '(self|none)'", policy), where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["Referrer-Policy"] == "no-referrer", where
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert "Access-Control-Allow-Origin" not in headers and "Server" not in headers, where
    if not public:
        assert headers["X-Robots-Tag"] == "noindex, nofollow", where
        assert headers["Cache-Control"] == "no-store", where
    if answer.mimetype == "text/html":
        assert not INLINE.search(answer.data), (where, INLINE.search(answer.data))


def test_every_answer_carries_its_protection(living):
    people = {
        "anonymous": living.site.client(),
        "lead": living.signed_in(living.lead),
        "holder": living.holder(*living.links),
    }
    seen: set[int] = set()
    for rule in rules_with(living.site, "GET"):
        for path in list(addresses(living, rule))[:12]:
            for who, client in people.items():
                answer = client.get(path, buffered=True)
                seen.add(answer.status_code)
                kept = answer.status_code == 200 and rule.endpoint.startswith(("public.", "log.", "verifying."))
                framed = rule.endpoint == "public.embed" and answer.status_code == 200
                guarded(answer, f"{who} {path}", public=kept or rule.endpoint == "static", framed=framed)
    good = good_tokens(living, people["lead"])
    others = [
        people["lead"].post("/me"),
        people["lead"].post("/me", data=good, headers={"Sec-Fetch-Site": "cross-site"}),
        people["lead"].post("/me", data={**good, "name": "x" * 3_000_000}),
        people["lead"].put("/me"),
        people["anonymous"].get("/nothing/here"),
    ]
    for answer in others:
        seen.add(answer.status_code)
        guarded(answer, answer.request.path, public=False)
    assert {200, 302, 400, 403, 404, 405, 410, 413} <= seen


def test_a_fault_is_a_calm_page_with_its_protection_and_tells_nothing(living, caplog):
    secret = "Zanarikestrel"
    client = living.signed_in(living.lead)
    token = csrf_of(client)
    with living.site.session() as session:
        session.execute(text("ALTER TABLE revisions RENAME TO away"))
        session.commit()
    caplog.set_level(logging.DEBUG)
    coalition = str(living.worlds["draft"].coalition.id)
    data = {"csrf_token": token, "save": "yes", "coalition": coalition, "headline": secret, "body": f"The {secret}."}
    answer = client.post("/desk/statements/new", data={**data, "language": "en", "kind": "press-release"})
    assert answer.status_code == 500
    guarded(answer, "fault", public=False)
    assert "revisions" not in answer.text and "Traceback" not in answer.text and secret not in answer.text
    assert "revisions" in caplog.text, "the operator must find the reason"
    assert secret not in caplog.text


@pytest.fixture
def secure(living):
    """The same installation as visitors see it over HTTPS."""
    app = create_app(replace(living.site.settings, base_url="https://localhost"))
    yield app
    app.extensions["undersigned"].engine.dispose()


def test_over_https_cookies_are_secure_and_browsers_are_told_to_stay(secure, living):
    client = secure.test_client()
    page = client.get("/sign-in", base_url="https://localhost")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    (desk,) = page.headers.getlist("Set-Cookie")
    name, *flags = (part.strip() for part in desk.split(";"))
    assert name.startswith("__Host-desk=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags)
    assert not [flag for flag in flags if flag.lower().startswith("domain")]
    token = LINKS.make(Purpose.SIGN_FORM, list(living.links["opened"]))
    path = f"/sign/{living.token('opened')}"
    pressed = client.post(path, data={"form_token": token}, base_url="https://localhost")
    (link,) = [one for one in pressed.headers.getlist("Set-Cookie") if one.startswith("opened-")]
    flags = {part.strip() for part in link.split(";")}
    here = f"/sign/at/{living.links['opened'][0]}/"
    assert {"Secure", "HttpOnly", "SameSite=Lax", f"Path={here}", "Max-Age=43200"} <= flags


# Tokens -------------------------------------------------------------------------------------------

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_changed_token_opens_nothing(purpose):
    for value in ([1, 1], [12, 3], [99_999, 12], ["set-up"]):
        token = LINKS.make(purpose, value)
        assert LINKS.open(purpose, token) == value
        changed = [token[:at] + one + token[at + 1 :] for at in range(len(token)) for one in f"{ALPHABET}.=%~ "]
        changed += [token[:at] + one + token[at:] for at in range(len(token) + 1) for one in "A.=- \n\0"]
        changed += [token[:at] for at in range(len(token))] + [token[at:] for at in range(1, len(token))]
        changed += [token.swapcase(), token + token, token + "=", token.replace(".", "", 1)]
        for bad in changed:
            if bad != token:
                with pytest.raises(LinkTampered):
                    LINKS.open(purpose, bad)
        for other in Purpose:
            if other != purpose:
                with pytest.raises(LinkTampered):
                    LINKS.open(other, token)
    for odd in ("", ".", "é" * 40, "\ud800", "x" * 100_000, "." * 10_000):
        with pytest.raises(LinkTampered):
            LINKS.open(purpose, odd)


def test_a_changed_link_is_answered_like_nonsense_at_every_place_of_it(living):
    client, token = living.site.client(), living.token("opened")
    nothing = _whole(client.get("/sign/nonsense"))
    assert nothing[0].startswith("404")
    asked = 0
    for at in range(len(token)):
        for one in ("A", "b", "_"):
            if token[at] != one:
                assert _whole(client.get(f"/sign/{token[:at]}{one}{token[at + 1 :]}")) == nothing, at
                asked += 1
    assert asked > 100
    for purpose in Purpose:
        other = LINKS.make(purpose, list(living.links["opened"]))
        assert (_whole(client.get(f"/sign/{other}")) == nothing) is (purpose != Purpose.APPROVAL)


def _whole(answer) -> tuple:
    return answer.status, sorted(pair for pair in answer.headers if pair[0] != "Date"), answer.data


def test_links_are_short_and_survive_mail_software(living):
    longest = LINKS.make(Purpose.APPROVAL, [2**31 - 1, 2**31 - 1])
    assert len(f"https://sign.a-rather-long-coalition-name.example.org/sign/{longest}") <= 200
    for value in range(500):
        token = LINKS.make(Purpose.APPROVAL, [value, 1 + value % 7])
        assert re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", token), "a dot at its end would be cut off"
    tokens = {living.token(name) for name in living.links}
    found = 0
    for letter in living.site.letters():
        parts = [str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text"]
        found += all(any(token in part for token in tokens) for part in parts)
    assert found >= 5, "a link is broken over lines, or not in both parts"


def test_nothing_that_opens_anything_rests_in_the_database_or_in_the_journal(site, caplog):
    caplog.set_level(logging.DEBUG)
    with site.session() as session:
        made = circulate(world(session), code=True)
    site.deliver()
    visit = Visit(site, made)
    visit.open()
    visit.check()
    visit.again("code")
    code = visit.code()
    site.deliver()
    assert visit.again("record", code="000000" if code != "000000" else "000001").status_code == 400
    assert visit.again("record", code=code).status_code == 303
    client = site.client()
    for path in ("/sign/at/1/", f"{visit.path}x", f"/reset/{visit.path[6:]}"):
        client.get(path)
    with site.session() as session:
        inviting.invite(session, NOW, made.user.id, made.statement.public_id, made.contacts[1].id)
    token = hidden(client.get("/forgotten").get_data(as_text=True), "csrf_token")
    client.post("/forgotten", data={"mail": made.user.mail, "csrf_token": token})
    site.deliver()
    secrets = {
        LINKS.make(purpose, [id_, generation])
        for purpose in Purpose
        for id_ in range(1, 10)
        for generation in (1, 2, 3)
    }
    resting = "\n".join(row for rows in dump(site).values() for row in rows)
    # The file too: what was written and deleted stays in its pages.
    raw = b"".join(file.read_bytes() for file in site.settings.data_dir.glob("undersigned.sqlite3*"))
    assert made.user.mail in resting and made.user.mail.encode() in raw
    for secret in secrets:
        assert secret not in resting and secret.encode() not in raw
        assert secret.rpartition(".")[2].encode() not in raw, "a signature rests on the disk"
        assert secret not in caplog.text
    assert not re.search(rf"(?<![\w.]){code}(?!\w)", resting) and code not in caplog.text
    assert visit.path not in caplog.text


def test_what_rests_of_a_desk_session_opens_nothing(living):
    client = living.signed_in(living.lead)
    assert client.get("/desk").status_code == 200
    with client.session_transaction(base_url="http://localhost") as cookie:
        key = cookie["_user_id"]
    resting = "\n".join(row for rows in dump(living.site).values() for row in rows)
    assert key not in resting
    with living.site.session() as session:
        hashes = list(session.execute(text("SELECT key_hash FROM desk_sessions")).scalars())
    for kept in hashes:
        thief = living.site.client()
        with thief.session_transaction(base_url="http://localhost") as cookie:
            cookie["_user_id"] = kept
        assert thief.get("/desk").status_code == 302


# Rotated keys -------------------------------------------------------------------------------------


def test_tokens_and_codes_of_an_older_key_still_open_and_new_ones_are_of_the_new():
    old, both, new = Links((OLD,)), Links((NEW, OLD)), Links((NEW,))
    for purpose in Purpose:
        before, after = old.make(purpose, [7, 1]), both.make(purpose, [7, 1])
        assert both.open(purpose, before) == [7, 1] == new.open(purpose, after)
        assert after == new.make(purpose, [7, 1]) != before
        for links, token in ((new, before), (old, after)):
            with pytest.raises(LinkTampered):
                links.open(purpose, token)
    code = old.code(1, "digest", "hash")
    assert both.code_fits(code, 1, "digest", "hash")
    assert not both.code_fits(code, 2, "digest", "hash")


def test_rotating_keys_breaks_no_visit_and_taking_the_old_one_away_ends_them(living):
    client = everything(living)
    invitation_id, _ = living.links["opened"]
    paths = {f"/sign/{living.token('opened')}": 200, f"/sign/at/{invitation_id}/": 200, "/desk": 200}
    dead = {f"/sign/{living.token('opened')}": 404, f"/sign/at/{invitation_id}/": 404, "/desk": 302}
    jar = client._cookies
    for keys, expected in (((NEW, OLD), paths), ((NEW,), dead)):
        app = create_app(replace(living.site.settings, secret_keys=keys))
        other = app.test_client()
        other._cookies = jar.copy()
        for path, status in expected.items():
            assert other.get(path).status_code == status, (keys, path)
        app.extensions["undersigned"].engine.dispose()


# Two links in one browser -------------------------------------------------------------------------


def answers(site: Site) -> list[tuple[int, str]]:
    with site.session() as session:
        return [(one.invitation_id, one.kind) for one in session.scalars(select(Answer).order_by(Answer.id))]


def test_an_answer_goes_to_the_organisation_on_whose_page_it_was_typed(any_site):
    with any_site.session() as session:
        made = circulate(world(session))
    client = any_site.client()
    first, second = Visit(any_site, made, 0, client), Visit(any_site, made, 1, client)
    first.open()
    second.open()  # the newer cookie must not speak for the older tab
    first.check(kind="decline", text="Not us")
    second.check(kind="sign-off", listed_name="Hillside Forum")
    assert first.again("record").status_code == 303
    assert second.again("record").status_code == 303
    assert answers(any_site) == [(first.invitation.id, "decline"), (second.invitation.id, "sign-off")]
    for visit, name in ((first, "Lakeside Relief"), (second, "Hillside Forum")):
        assert name in client.get(f"{visit.base}receipt").get_data(as_text=True)


def test_the_page_of_one_link_cannot_answer_for_the_other(site):
    with site.session() as session:
        made = circulate(world(session))
    client = site.client()
    first, second = Visit(site, made, 0, client), Visit(site, made, 1, client)
    first.open()
    second.open()
    for step in ("check", "code", "record", "comment"):
        data = {**ANSWER, "digest": made.revision.digest, "text": "Hm", "form_token": hidden(first.page, "form_token")}
        named = {"invitation_id": first.invitation.id, "signatory_id": first.invitation.signatory_id}
        assert client.post(f"{second.base}{step}", data={**data, **named}).status_code == 400
    # Ids come from the token, never from the form.
    second.check(listed_name="Hillside Forum")
    fields = {**second.hidden_fields(), "invitation_id": str(first.invitation.id), "signatory_id": "1"}
    assert client.post(f"{second.base}record", data=fields).status_code == 303
    assert answers(site) == [(second.invitation.id, "sign-off")]
    with site.session() as session:
        assert session.scalar(select(Comment)) is None


def test_the_code_of_one_link_signs_nothing_for_the_other(site):
    with site.session() as session:
        made = circulate(world(session), code=True)
    client = site.client()
    first, second = Visit(site, made, 0, client), Visit(site, made, 1, client)
    for visit in (first, second):
        visit.open()
        visit.check()
        visit.again("code")
    mine, other = first.hidden_fields()["challenge"], second.code()
    assert second.again("record", challenge=mine, code=first.code()).status_code == 400
    assert second.again("record", challenge=mine, code=other).status_code == 400
    assert answers(site) == []


def test_a_code_is_good_for_one_answer_only(site):
    with site.session() as session:
        made = circulate(world(session), code=True)
    visit = Visit(site, made)
    visit.open()
    visit.check()
    visit.again("code")
    code, fields = visit.code(), visit.hidden_fields()
    for changed in ({"kind": "decline", "text": "No"}, {"listed_name": "Another"}, {"person_name": "Bo"}):
        refused = visit.client.post(f"{visit.base}record", data={**fields, "code": code, **changed})
        assert refused.status_code == 400
    assert answers(site) == []
    assert visit.client.post(f"{visit.base}record", data={**fields, "code": code}).status_code == 303
    again = visit.client.post(f"{visit.base}record", data={**fields, "code": code, "person_role": "Chair"})
    assert again.status_code == 400
    assert len(answers(site)) == 1
    # Nor does it bring the answer back after another one was given.
    visit.open()
    visit.check(kind="decline", text="No")
    visit.again("code")
    assert visit.again("record", code=visit.code()).status_code == 303
    replayed = visit.client.post(f"{visit.base}record", data={**fields, "code": code})
    assert replayed.status_code == 400
    assert [kind for _, kind in answers(site)] == ["sign-off", "decline"]


def test_a_link_speaks_for_one_circulation_only(site):
    """The link of a circulation that was recalled answers nothing in the one that followed."""
    from workflow.actions import circulation as circulating

    with site.session() as session:
        made = circulate(world(session))
        old = made.invitations[0].id
        circulating.recall(session, NOW, made.user.id, made.statement.public_id)
        made = circulate(made)
        signing.open_link(session, NOW, made.invitations[0].id, 1)
        answer = offered(made, 0)
    client = site.client()
    carry(client, old, 1)
    data = {**ANSWER, "digest": answer.digest, "form_token": LINKS.make(Purpose.SIGN_FORM, [old, 1])}
    assert client.post(f"/sign/at/{old}/record", data=data).status_code == 410
    assert client.get(f"/statements/{NO_SLUG}").status_code == 404
    assert answers(site) == []
