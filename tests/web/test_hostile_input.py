"""Junk in every field of every form and every part of every address: refused calmly, never a fault, never half done."""

import io
import os
import re
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from urllib.parse import quote_from_bytes, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from tests.builders import LINKS
from tests.ground.effort import TRIES, within, yardstick
from tests.stories.browser_without_scripts import Form, forms_of
from tests.web.living import (
    Living,
    Undoing,
    addresses,
    carry,
    csrf_of,
    differing,
    dump,
    live,
    live_again,
    rules_with,
    undoing,
)
from workflow import clock
from workflow.links import Purpose

MEGABYTE = 1024 * 1024
# A value of bytes, as a row shows it.
BYTES = re.compile(r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*\"""")
# As bytes, because a browser that means harm sends what is no UTF-8 too.
JUNK: dict[str, bytes] = {
    "nothing": b"",
    "NUL": b"a\0b",
    "lone surrogate": b"a\xed\xa0\x80b",
    "broken UTF-8": b"\xff\xfe\xc3(",
    "turned around": "a\u202eb\u2066c".encode(),
    "script": b"\"><script>alert(1)</script>'{{7*7}}%s%(x)s",
    "header": b"a\r\nBcc: x@example.org\r\n\r\n=?UTF-8?Q?a=0ABcc=3A_x?=",
    "number": b"99999999999999999999999999",
    "odd digits": "\u00b2\u0663\uff11".encode(),
    "negative": b"-1",
    "marks": ("e" + "\u0301" * 3000).encode(),
    "deep": b"> " * 3000 + b"[" * 3000 + b"*_" * 2000 + b"(" * 2000,
    "deep file": b"+++\na = " + b"[" * 20_000 + b"\n+++\n" + b"- " * 3000,
    "long": b"x" * 600_000,
}
ONE_BY_ONE = ("NUL", "lone surrogate", "number", "odd digits", "deep", "long")
REFUSED_IN_TEXT = ("NUL", "long")
# What one database takes and the other does not: the rest of the junk is tried on one of them.
OF_DATABASES = ("NUL", "lone surrogate", "broken UTF-8", "number", "marks", "long")
# Fields with words of a person; what cannot be kept in one of them is refused, not cut and not dropped.
WORDS = re.compile(
    r"(contact_)?(name|person_name|person_role|listed_name|headline|label|place|text|body|notes|cover_note)"
)


def browser(living: Living) -> FlaskClient:
    client = living.signed_in(living.lead)
    for condition in ("opened", "with code", "locked"):
        carry(client, *living.links[condition])
    opened = LINKS.make(Purpose.PREVIEW_OPENED, [living.previews["open"], 1, int(clock.now().timestamp())])
    client.set_cookie(f"preview-{living.previews['open']}", opened, path=f"/preview/at/{living.previews['open']}/")
    return client


def pages(living: Living, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every page with forms that the lead and the holder of a link meet: its path and its HTML."""
    seen = set()
    stages = ("draft", "circulating", "with code", "with a page", "contested", "locked", "published")
    own = {living.public_id(stage) for stage in stages}
    anonymous = living.site.client()
    for rule in rules_with(living.site, "GET"):
        if rule.endpoint.split(".")[0] in ("public", "static", "style", "posting"):
            continue
        # The first ones are the lead's own.
        for path in islice(addresses(living, rule), 4 if "organisation_id" in rule.arguments else None):
            if "public_id" in rule.arguments and not any(one in path for one in own):
                continue
            for who in (client, anonymous):
                answer = who.get(path)
                if answer.mimetype != "text/html":
                    continue
                shapes = tuple(
                    sorted((form.action.split("/")[-1], *sorted(form.names)) for form in forms_of(answer.text))
                )
                if answer.status_code == 200 and (rule.endpoint, shapes) not in seen:
                    seen.add((rule.endpoint, shapes))
                    yield path, answer.text


_FOUND: dict[str, list[tuple[str, str, Form]]] = {}


def forms(living: Living, client: FlaskClient) -> list[tuple[str, str, Form]]:
    """The forms of this installation, found once: copies of it have the same."""
    key = living.public_id("draft")
    if key not in _FOUND:
        _FOUND[key] = find_forms(living, client)
    return _FOUND[key]


def find_forms(living: Living, client: FlaskClient) -> list[tuple[str, str, Form]]:
    """One form for each route that takes one: endpoint, address, and the form as its page gives it.

    Pages that only a form leads to ("check your answer") are reached by the fields of the form before them.
    """
    adapter = living.site.app.url_map.bind("localhost")
    found: dict[str, tuple[str, str, Form]] = {}
    for path, html in pages(living, client):
        for form in forms_of(html):
            targets = {form.action or path, *(action for *_, action in form.buttons if action)}
            for target in targets if form.method == "post" else ():
                endpoint, _ = adapter.match(urlsplit(target).path, method="POST")
                found.setdefault(endpoint, (endpoint, target, form))
    check = found["signing.check"]
    names = check[2].names | {"code", "challenge"}
    for endpoint, step in (("signing.code", "code"), ("signing.record", "record")):
        form = Form(values=check[2].values, names=names)
        found.setdefault(endpoint, (endpoint, check[1].replace("/check", f"/{step}"), form))
    prepare = found["circulation.check"]
    for endpoint, end in (("circulation.circulate", "/circulate/send"), ("circulation.prepare", "/circulate")):
        found.setdefault(endpoint, (endpoint, prepare[1].replace("/circulate/check", end), prepare[2]))
    lead = f"/coalitions/{living.worlds['draft'].coalition.id}/members/lead"
    found.setdefault("coalition.add_lead", ("coalition.add_lead", lead, Form(names={"csrf_token"})))
    member = f"/coalitions/{living.worlds['draft'].coalition.id}/members/{living.worlds['draft'].members[0].id}"
    voices = Form(names={"csrf_token", "needed"})
    found.setdefault("coalition.voices", ("coalition.voices", f"{member}/voices", voices))
    # Those that end a session come last.
    return sorted(found.values(), key=lambda one: (one[0].startswith("accounts."), one[0]))


def body_of(fields: dict[str, bytes]) -> bytes:
    return b"&".join(f"{name}={quote_from_bytes(value)}".encode() for name, value in fields.items())


def filled(form: Form, tokens: dict[str, str]) -> dict[str, bytes]:
    values = {name: (form.values.get(name) or [""])[0].encode() for name in form.names}
    return {**values, **{name: token.encode() for name, token in tokens.items() if name in form.names}}


def tokens_for(client: FlaskClient, form: Form) -> dict[str, str]:
    """The tokens of the page itself are good; only a page of somebody else's browser needs another."""
    tokens = {"csrf_token": csrf_of(client)}
    return tokens if "csrf_token" in form.names else {}


# Preview, paste and keeping are a script's, merging follows a race; the way to a fresh link stands on the pages of
# dead links; setting up is over.
UNREACHED = {
    *("drafting.keep", "drafting.merge", "drafting.paste", "drafting.preview"),
    *("accounts.set_up", "signing.fresh"),
    *("publication.publish", "publication.reconfirm"),  # one button each, where the lead presses or has to reconfirm
    "circulation.conclude",  # its page is of a circulation for comment only; its form is one button
    # One button each, where an answer came late, a colleague waits, or nobody has contested yet.
    *("circulation.count_late", "circulation.decide_colleague", "signing.contest"),
}


def test_every_route_that_takes_a_form_is_reached(site):
    living = live_again(site)
    reached = {endpoint for endpoint, _, _ in forms(living, browser(living))}
    every = {rule.endpoint for rule in rules_with(site, "POST")}
    assert every - reached <= UNREACHED, every - reached


def send(client: FlaskClient, path: str, fields: dict[str, bytes]):
    return client.post(path, data=body_of(fields), content_type="application/x-www-form-urlencoded")


def tried(client: FlaskClient, path: str, fields: dict[str, bytes], doing: Undoing) -> tuple[TestResponse, bool]:
    """What is answered, its traces undone, and whether it cost out of all measure each of three times.

    What else the machine or the collector of this process does only ever adds to a time.
    """
    for _ in range(TRIES):
        began = time.thread_time()
        answer = send(client, path, fields)
        took = time.thread_time() - began
        doing.undo()
        if took <= 1 or took <= 40 * yardstick():
            return answer, False
    return answer, True


def kinds_for(field: str, at: int) -> list[str]:
    """What is tried in the at-th field of a form: by turns two kinds, and always what words must not hold.

    `WHOLE=1` tries each kind in each field.
    """
    if os.environ.get("WHOLE"):
        return list(ONE_BY_ONE)
    by_turns = {ONE_BY_ONE[at % len(ONE_BY_ONE)], ONE_BY_ONE[(at + 3) % len(ONE_BY_ONE)]}
    return sorted(by_turns | (set(REFUSED_IN_TEXT) if WORDS.fullmatch(field) else set()))


def test_junk_in_any_field_is_refused_and_never_a_fault(site):
    living = live_again(site)
    client = browser(living)
    slow, sent = [], 0
    with undoing(site) as doing:
        for endpoint, path, form in forms(living, client):
            good = filled(form, tokens_for(client, form))
            names = sorted(form.names - {"csrf_token", "form_token", "file"})
            for field, kind in [(name, kind) for at, name in enumerate(names) for kind in kinds_for(name, at)]:
                answer, much = tried(client, path, {**good, field: JUNK[kind]}, doing)
                sent += 1
                assert answer.status_code < 500, (endpoint, field, kind)
                if kind in REFUSED_IN_TEXT and WORDS.fullmatch(field):
                    assert answer.status_code != 303, (endpoint, field, kind)
                if much:
                    slow.append((endpoint, field, kind))
    assert sent > 500
    assert not slow


def test_junk_in_every_field_at_once_is_refused_on_both_databases(any_site):
    living = live(any_site)
    client = browser(living)
    before = None
    for endpoint, path, form in forms(living, client):
        good = tokens_for(client, form)
        kept = {name: (form.values.get(name) or [""])[0].encode() for name in ("form_token",) if name in form.names}
        on_postgresql = any_site.app.extensions["undersigned"].engine.dialect.name == "postgresql"
        for kind, junk in JUNK.items():
            if on_postgresql and kind not in OF_DATABASES:
                continue
            fields = {**dict.fromkeys(form.names - {"file"}, junk), **kept}
            fields |= {name: token.encode() for name, token in good.items()}
            if not set(fields) - {"csrf_token", "form_token"}:
                continue  # a button and nothing else: there is nothing to be said wrongly
            before = before or dump(any_site)
            answer = send(client, path, fields)
            assert answer.status_code < 500, (endpoint, kind)
            assert not answer.headers.get("Location", "").startswith("/sign-in") or endpoint.startswith("accounts.")
    assert before is not None
    for table, rows in dump(any_site).items():
        # What is bytes (a picture, a signature) may have any; words may not.
        wrong = [row for row in (BYTES.sub("", row) for row in rows) if "\\x00" in row or "\ud800" in row]
        assert not wrong, table


def test_junk_in_any_part_of_an_address_is_nothing(any_site):
    living = live(any_site)
    client = browser(living)
    words = ("%00", "%ED%A0%80", "%FF", "..%2F", "%F0%9F%98%80", "x" * 5000, "%E2%80%AE", "'%20OR%201=1--", "0")
    numbers = ("0", "-1", "2147483648", "9223372036854775808", "9" * 400, "1.0", "%D9%A1", "%00", "1%00")
    token = csrf_of(client).encode()
    before = dump(any_site)
    for rule in any_site.app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint == "static":
            continue
        good = next(iter(addresses(living, rule))) if "GET" in (rule.methods or ()) else None
        parts = re.findall(r"<(?:int:|path:)?(\w+)>", rule.rule)
        for chosen in parts:
            for junk in numbers if f"<int:{chosen}>" in rule.rule else words:
                path = re.sub(rf"<(int:)?{chosen}>", junk.replace("\\", "\\\\"), rule.rule)
                path = re.sub(r"<int:\w+>", "1", path)
                path = re.sub(r"<\w+>", living.public_id("circulating"), path)
                for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                    data = body_of({"csrf_token": token}) if method == "POST" else None
                    answer = client.open(path, method=method, data=data, content_type=FORM if data else None)
                    assert answer.status_code in (301, 308, 400, 404, 405, 409, 410) or (
                        rule.endpoint in ALIKE and answer.status_code in (200, 303)
                    ), (method, path[:80], answer.status_code)
        assert good is None or client.get(good).status_code < 500
    assert differing(before, dump(any_site)) == []


FORM = "application/x-www-form-urlencoded"
ALIKE = {"signing.fresh"}  # tells nobody whether a link is sent


def test_junk_in_queries_cookies_and_headers_is_no_fault(any_site):
    living = live(any_site)
    junk = "%00%ED%A0%80%FF" + "9" * 40
    strange = {
        "Accept-Language": "x" * 5000 + ",\xff;q=a",
        "Cookie": 'desk="; opened-1=\xff\x01; desk=a.b.c; ' + "x" * 3000,
        "If-None-Match": '"' + "x" * 5000,
        "If-Modified-Since": "never",
        "Range": "bytes=9-1,-5",
        "Accept": "\xff/*;q=9",
        "User-Agent": "\x7f",
        "Referer": "::::",
    }
    names = ("page", "from", "to", "revision", "next", "coalition", "language", "q", "mail")
    query = "&".join(f"{name}={junk}" for name in names) + "&%00=%00&=&&[]=1"
    for rule in rules_with(any_site, "GET"):
        if rule.endpoint == "static":
            continue
        path = next(iter(addresses(living, rule)))
        for client in (browser(living), any_site.client()):
            for answer in (client.get(f"{path}?{query}"), any_site.client().get(path, headers=strange)):
                assert answer.status_code < 500, path


def test_too_much_is_refused_before_it_is_read(site):
    living = live_again(site)
    client = browser(living)
    before = dump(site)
    forms_ = forms(living, client)
    boundary = "x" * 20
    parts = b"".join(
        b'--%b\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nb\r\n' % (boundary.encode(), number)
        for number in range(10_000)
    )
    kinds = [
        (FORM, b"csrf_token=" + b"x" * 10 * MEGABYTE),
        (f"multipart/form-data; boundary={boundary}", b"--" + boundary.encode() + b"\r\n" + b"x" * 10 * MEGABYTE),
        (f"multipart/form-data; boundary={boundary}", parts + b"--" + boundary.encode() + b"--\r\n"),
    ]
    assert len(forms_) > 25
    for endpoint, path, _ in forms_:
        for content_type, body in kinds:
            answer = client.post(path, data=body, content_type=content_type)
            assert answer.status_code == 413, (endpoint, content_type, answer.status_code)
        for content_type in ("application/json", "text/plain", "multipart/form-data", "application/xml"):
            answer = client.post(path, data=b"[" * 100_000, content_type=content_type)
            assert answer.status_code == 400, (endpoint, content_type)
    assert differing(before, dump(site)) == []


def test_ten_thousand_fields_are_answered_soon(site):
    living = live_again(site)
    client = browser(living)
    token = csrf_of(client)
    rows = [f"quotes-{at}-text=x&contacts-{at}-name=x&role-{at}=required" for at in range(10_000)]
    body = "&".join([f"csrf_token={token}", "save=yes", "headline=x", "kind=press-release", "language=en", *rows])
    for path in ("/desk/statements/new", f"/desk/statements/{living.public_id('draft')}/edit"):
        answer = within(100, partial(client.post, path, data=body, content_type=FORM))
        assert 400 <= answer.status_code < 500, path


def bomb(client: FlaskClient, path: str, token: str, content: bytes, pasted: bool):
    said = {"pasted": content} if pasted else {"file": (io.BytesIO(content), "x.md")}
    return client.post(path, data={"csrf_token": token, "take": "yes", **said})


def test_files_that_are_bombs_are_refused(site):
    living = live_again(site)
    client = browser(living)
    token = csrf_of(client)
    coalition = living.worlds["draft"].coalition.id
    bombs = {
        "deep": b"+++\na = " + b"[" * 100_000,
        "dotted": b"+++\n" + b"a." * 20_000 + b"a = 1\n+++\n",
        "tables": b"+++\n" + b"".join(b"[[quote]]\n" for _ in range(20_000)) + b"+++\nx",
        "NUL": b"Press release\n\0\n",
        "no text": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 100,
        "columns": b"organisation" + b"," * 100_000,
        "quoted": b'organisation,listed_name\n"' + b"a\n" * 100_000,
        "rows": b"organisation,listed_name,country,role,contact_name,contact_email,language,time_zone\n"
        + b"".join(b"A%d,,,required,,,,\n" % number for number in range(15_000)),
    }
    before = dump(site)
    for name, content in bombs.items():
        for path in ("/desk/statements/import", f"/coalitions/{coalition}/import"):
            for pasted in (True, False):
                answer = within(100, partial(bomb, client, path, token, content, pasted))
                assert answer.status_code < 500, (name, path)
    assert differing(before, dump(site)) == []


def test_a_form_of_another_purpose_fits_nowhere(site):
    """The field names of one form in another: ids come from addresses and tokens only."""
    living = live_again(site)
    client = browser(living)
    foreign = living.worlds["foreign circulating"]
    wrong = {
        "user_id": str(living.stranger.id),
        "lead_id": str(living.stranger.organisation_id),
        "organisation_id": str(foreign.members[0].id),
        "public_id": foreign.statement.public_id,
        "coalition_id": str(foreign.coalition.id),
        "stage": "published",
        "invitation_id": str(foreign.invitations[0].id),
    }
    with site.session() as session:
        before = session.execute(text("SELECT * FROM statements WHERE lead_id = :id"), _of(living)).all()
    with undoing(site) as doing:
        for _, path, form in forms(living, client):
            client = browser(living)
            client.post(path, data={**filled(form, tokens_for(client, form)), **wrong})
            with site.session() as session:
                after = session.execute(text("SELECT * FROM statements WHERE lead_id = :id"), _of(living)).all()
            assert after == before, path
            doing.undo()


def _of(living: Living) -> dict[str, int]:
    return {"id": living.stranger.organisation_id}


def test_a_link_token_is_no_form_token_and_the_other_way_round(site):
    living = live_again(site)
    client = browser(living)
    id_, generation = living.links["opened"]
    for purpose in Purpose:
        token = LINKS.make(purpose, [id_, generation])
        answer = client.post(f"/sign/at/{id_}/check", data={"form_token": token})
        assert (answer.status_code == 400) is (purpose != Purpose.SIGN_FORM)
