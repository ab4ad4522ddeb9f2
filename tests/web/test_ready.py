"""What is ready before Flask: encodings, conditions, parts; what is kept, for how much room, and until when."""

import gzip
import hashlib
import threading
from datetime import timedelta

import brotli
import pytest
from sqlalchemy import event, text
from werkzeug.test import EnvironBuilder

from tests.builders import NOW
from tests.formats.publishing import SEVEN, publish, take_back, titled
from workflow.web.ready import Ready, encoding_for
from workflow.web.ready_door import DOOR, MOST_AT_ONCE
from workflow.web.ready_memory import Memory, Place
from workflow.web.ready_watch import Watch

BODY = b"".join(b"%d bottles on the wall\n" % number for number in range(200))
TAG = hashlib.sha256(BODY).hexdigest()[:32]
TEXT = [("Content-Type", "text/plain; charset=utf-8"), ("ETag", f'"{TAG}"'), ("Cache-Control", "public, max-age=5")]


def ask(ready, method="GET", **sent):
    status, headers, body = ready.answer({"REQUEST_METHOD": method, **{f"HTTP_{k}": v for k, v in sent.items()}})
    return int(status[:3]), dict(headers), body


# One answer ---------------------------------------------------------------------------------------


def test_each_encoding_has_the_same_words_and_a_name_of_its_own():
    ready = Ready(TEXT, BODY)
    plain, zipped, small = (ask(ready, ACCEPT_ENCODING=one) for one in ("", "gzip", "gzip, deflate, br"))
    assert plain[2] == gzip.decompress(zipped[2]) == brotli.decompress(small[2]) == BODY
    assert [one[1].get("Content-Encoding") for one in (plain, zipped, small)] == [None, "gzip", "br"]
    assert [one[1]["ETag"] for one in (plain, zipped, small)] == [f'"{TAG}"', f'"{TAG}-gzip"', f'"{TAG}-br"']
    for status, headers, body in (plain, zipped, small):
        assert (status, headers["Vary"], headers["Content-Length"]) == (200, "Accept-Encoding", str(len(body)))
        assert headers["Cache-Control"] == "public, max-age=5"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("gzip;q=0.2, identity;q=0.8", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("*, br;q=0", "gzip"),
        ("deflate", ""),
        ("br;q=x, gzip", "gzip"),
        ("gzip;q=0", ""),
    ],
)
def test_the_encoding_is_the_one_that_is_liked_best(accepted, encoding):
    assert encoding_for(accepted) == encoding


def test_who_holds_the_bytes_of_an_encoding_is_told_so_for_that_encoding():
    ready = Ready(TEXT, BODY)
    for encoding, tag in (("", f'"{TAG}"'), ("gzip", f'"{TAG}-gzip"'), ("br", f'"{TAG}-br"')):
        for held in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            status, headers, body = ask(ready, ACCEPT_ENCODING=encoding, IF_NONE_MATCH=held)
            assert (status, body, headers["ETag"]) == (304, b"", tag)
            assert headers["Vary"] == "Accept-Encoding" and "Content-Length" not in headers
    assert ask(ready, ACCEPT_ENCODING="br", IF_NONE_MATCH=f'"{TAG}"')[0] == 200


def test_what_cannot_shrink_is_sent_as_it_is():
    for headers, body in (([("Content-Type", "application/pdf")], BODY), (TEXT, b"short")):
        status, sent, got = ask(Ready(headers, body), ACCEPT_ENCODING="br")
        assert (status, got, "Vary" in sent, "Content-Encoding" in sent) == (200, body, False, False)


def test_head_has_the_headers_and_no_body():
    ready = Ready(TEXT, BODY)
    for encoding in ("", "br"):
        get = ask(ready, ACCEPT_ENCODING=encoding)
        head = ask(ready, "HEAD", ACCEPT_ENCODING=encoding, RANGE="bytes=0-1")
        assert head == (200, get[1], b"")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=5-9", 5, 9),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=9-999999", 9, None),
    ],
)
def test_a_part_is_of_the_plain_bytes(asked, first, last):
    status, headers, body = ask(Ready(TEXT, BODY), RANGE=asked, ACCEPT_ENCODING="br", IF_RANGE=f'"{TAG}"')
    expected = BODY[first : None if last is None else last + 1]
    begun = first if first >= 0 else len(BODY) + first
    assert (status, body) == (206, expected)
    assert headers["Content-Range"] == f"bytes {begun}-{begun + len(expected) - 1}/{len(BODY)}"
    assert headers["ETag"] == f'"{TAG}"' and "Content-Encoding" not in headers


def test_a_part_that_is_not_there_is_said_not_to_be():
    ready = Ready(TEXT, BODY)
    for asked in (f"bytes={len(BODY)}-", "bytes=-0"):
        status, headers, body = ask(ready, RANGE=asked)
        assert (status, body, headers["Content-Range"]) == (416, b"", f"bytes */{len(BODY)}")
    for asked in ("bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=9-5", "bytes=a-b"):
        assert ask(ready, RANGE=asked)[0::2] == (200, BODY)
    # Other bytes than those it has the beginning of: the whole.
    assert ask(ready, RANGE="bytes=0-1", IF_RANGE='"another"')[0::2] == (200, BODY)
    assert ask(ready, RANGE="bytes=0-1", IF_NONE_MATCH=f'"{TAG}"')[0] == 304


# The room for them --------------------------------------------------------------------------------


def keep(memory, key, about=None, size=1000, generation=0):
    memory.keep(key, Place(about), {}, Ready(TEXT, b"x" * size), generation)


def test_room_is_bounded_and_what_nobody_asks_for_goes_first():
    memory = Memory(room=80_000, room_for_queries=45_000)
    for number in range(4):
        keep(memory, f"/{number}")
    memory.places["/0"].asked_for = True
    for number in range(4, 9):
        keep(memory, f"/{number}")
    assert "/0" in memory.places and "/1" not in memory.places
    assert sum(place.size for place in memory.places.values()) <= 80_000
    pages = [key for key in memory.places if isinstance(key, str)]
    for number in range(50):
        keep(memory, ("/", f"x={number}"))
    assert [key for key in memory.places if isinstance(key, str)] == pages, "queries pushed pages out"
    keep(memory, "/huge", size=50_000)
    assert "/huge" not in memory.places


def test_what_was_read_before_a_change_is_not_kept_after_it():
    memory = Memory()
    keep(memory, "/a", frozenset({1}))
    keep(memory, "/b", frozenset({2}))
    keep(memory, "/")
    memory.places["/a"].asked_for = True
    assert memory.forget({1}) == ["/a"]
    assert set(memory.places) == {"/b"}, "the list tells of every statement"
    keep(memory, "/a", frozenset({1}), generation=0)
    assert "/a" not in memory.places
    keep(memory, "/a", frozenset({1}), generation=1)
    memory.forget(None)
    assert not memory.places


# The door -----------------------------------------------------------------------------------------


class Asked(list):
    """What reached the application behind a site's door, by address."""

    def __init__(self, site):
        door = site.app.extensions[DOOR]
        self._wsgi, door._wsgi = door._wsgi, self

    def __call__(self, environ, start_response):
        self.append(environ["PATH_INFO"])
        return self._wsgi(environ, start_response)


def test_what_is_ready_does_not_reach_the_application(any_site):
    with any_site.session() as session:
        path = f"/statements/{publish(session)}"
    client, asked = any_site.client(), Asked(any_site)
    for address in (path, f"{path}.txt", "/", "/?page=1", "/robots.txt", "/static/css/base.css"):
        asked.clear()
        first = client.get(address)
        for sent in ({}, {"If-None-Match": first.headers["ETag"]}, {"Range": "bytes=0-3"}, {"Accept-Encoding": "br"}):
            client.get(address, headers=sent), client.head(address, headers=sent)
        assert len(asked) == 1, address
        again = client.get(address)
        assert (again.data, again.headers) == (first.data, first.headers)


def test_what_stands_after_the_question_mark_is_ignored_where_the_page_ignores_it(site):
    with site.session() as session:
        path = f"/statements/{publish(session)}"
    client, asked = site.client(), Asked(site)
    assert client.get(f"{path}?fbclid=abc").data == client.get(path).data == client.get(f"{path}?utm=x").data
    assert asked == [path]
    assert client.get("/?page=1").status_code == 200
    assert client.get("/?page=7").status_code == 404
    for _ in range(2):
        client.get("/?page=7")
    assert asked[1:] == ["/", "/", "/", "/"], "what is not there was kept"


def test_the_list_is_kept_in_each_language(site):
    client, asked = site.client(), Asked(site)
    for language in ("ar", "en", "ar,en;q=0.5", "fr", "", "en-GB,en;q=0.9", "ar-EG,ar;q=0.9"):
        answer = client.get("/", headers={"Accept-Language": language} if language else {})
        assert ('dir="rtl"' in answer.text) == language.startswith("ar"), language
        assert answer.headers["Vary"] == "Accept-Language, Accept-Encoding"
    assert len(asked) <= 4


def test_another_host_is_refused_though_the_page_is_ready(site):
    with site.session() as session:
        path = f"/statements/{publish(session)}"
    client = site.client()
    assert client.get(path).status_code == client.get(path).status_code == 200
    for host in ("evil.example", "localhost.evil.example", ""):
        assert client.get(path, headers={"Host": host}).status_code == 400
    assert client.get(path, headers={"Host": "localhost:8000"}).status_code == 200


def test_a_name_taken_back_is_in_no_encoding_any_more(any_site):
    with any_site.session() as session:
        path = f"/statements/{publish(session, SEVEN[:3])}"
    client, decode = any_site.client(), {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
    for gone in (False, True):
        for encoding, plain in decode.items():
            body = plain(client.get(path, headers={"Accept-Encoding": encoding}).data)
            assert (b"Orchard" in body) is not gone, encoding
        if not gone:
            with any_site.session() as session:
                take_back(session, "The Orchard Trust")


def test_one_statement_changes_and_the_other_stays_ready(site):
    with site.session() as session:
        changed = f"/statements/{publish(session, SEVEN[:3])}"
        other = f"/statements/{publish(session, ['Harbour Aid'], titled('Another'), lead='Other')}"
    client = site.client()
    for path in (changed, other, "/robots.txt"):
        client.get(path)
    with site.session() as session:
        take_back(session, "The Orchard Trust")
    asked = Asked(site)
    for path in (changed, other, "/robots.txt", "/feed.atom"):
        client.get(path)
    assert asked == [changed, "/feed.atom"]


def test_many_who_ask_at_once_have_a_page_made_once(site):
    with site.session() as session:
        path = f"/statements/{publish(session)}"
    asked, bodies = Asked(site), []
    threads = [threading.Thread(target=lambda: bodies.append(site.client().get(path).data)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [path] and len(set(bodies)) == 1 and len(bodies) == 8


def test_a_page_is_made_ready_before_somebody_asks(site):
    with site.session() as session:
        slug = publish(session)
        door = site.app.extensions[DOOR]
        door.make_ready([1, 99], ["/", "/feed.atom", "/statements/unknown"])
    asked = Asked(site)
    for path in (f"/statements/{slug}", "/", "/feed.atom"):
        assert site.client().get(path).status_code == 200
    assert asked == []


def test_the_application_answers_where_the_database_does_not_let_itself_be_looked_at(site, monkeypatch):
    with site.session() as session:
        path = f"/statements/{publish(session)}"
    client, asked = site.client(), Asked(site)
    before = client.get(path)
    monkeypatch.setattr(site.app.extensions[DOOR].watch, "look", lambda **_: False)
    for _ in range(2):
        again = client.get(path)
        assert (again.data, again.headers) == (before.data, before.headers)
    assert asked == [path] * 3


def test_what_was_answered_is_answered_again_to_who_asks_the_same_and_to_nobody_else(any_site):
    """While the watch's last look is good, what was answered once is found by all that it depends on."""
    with any_site.session() as session:
        path = f"/statements/{publish(session, SEVEN[:3])}"
    client, door = any_site.client(), any_site.app.extensions[DOOR]
    page = client.get(path)
    asked = [
        ("GET", {}),
        ("GET", {"Accept": "text/plain"}),
        ("GET", {"Accept": "text/html", "Accept-Encoding": "br"}),
        ("GET", {"Accept-Encoding": "gzip"}),
        ("HEAD", {}),
        ("GET", {"If-None-Match": page.headers["ETag"]}),
        ("GET", {"Range": "bytes=0-3"}),
        ("GET", {"Host": "evil.example"}),
        ("POST", {}),
    ]

    def answers():
        found = [client.open(path, method=method, headers=sent) for method, sent in asked]
        return [(one.status_code, one.data, one.headers.get("ETag"), one.headers.get("Vary")) for one in found]

    first = answers()
    assert [status for status, *_ in first] == [200, 200, 200, 200, 200, 304, 206, 400, 405]
    door.watch.good_until = float("inf")  # as if its thread had just looked, and found nothing new
    assert answers() == first
    place, reached = door.memory.places[path], Asked(any_site)
    assert len(place.at_once) == 5, "the five that are whole"
    door._known = None  # who asks the same again does not even come there
    for method, sent in asked[:5]:
        client.open(path, method=method, headers=sent)
    del door._known
    assert reached == []
    assert type(door(EnvironBuilder(path).get_environ(), lambda *_: None)) is list, "granian sends it in chunks"
    with any_site.session() as session:
        take_back(session, "The Orchard Trust")
    door.watch.look()
    assert all(b"Orchard" not in body for _, body, *_ in answers())
    known = len(door.memory.places[path].at_once)
    for long in ({"Accept": "a" * 600}, {"Accept-Language": "a" * 600}):
        client.get(path, headers=long), client.get(f"{path}?fbclid={long}")
    assert len(door.memory.places[path].at_once) == known, "what one alone asks like that is not kept"
    for number in range(100):
        client.get(path, headers={"Accept": f"text/x-{number}"})
    assert len(door.memory.places[path].at_once) == MOST_AT_ONCE


# The watch ----------------------------------------------------------------------------------------


def note(engine, *rows):
    with engine.begin() as connection:
        for number, statement in rows:
            connection.execute(text(f"INSERT INTO public_changes (id, statement_id) VALUES ({number}, {statement})"))


def test_the_watch_tells_every_change_once_and_late_writers_too(database):
    told = []
    watch = Watch(database.engine, told.append)
    note(database.engine, (5, 50))
    assert watch.look() and told == [None]
    watch.look()
    note(database.engine, (9, 90))
    watch.look()
    watch.look()
    # Numbers are given when a writer begins; whoever began before may end after.
    note(database.engine, (7, 70), (3, 30))
    watch.look()
    assert told == [None, {90}, {70, 30}]
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM public_changes"))
    watch.look()
    assert told[3:] == [None], "a restored database is another one"
    watch.look()
    note(database.engine, (20, 0), (21, 5))
    watch.look()
    assert told[-1] is None, "0 is whatever is public"


def test_a_watch_whose_look_is_old_says_so(database):
    watch = Watch(database.engine, lambda _: None)
    watch.start()
    try:
        deadline = threading.Event()
        while not watch.fresh() and not deadline.wait(0.01):
            pass
        broken = []
        event.listen(database.engine, "before_cursor_execute", lambda *_: broken.append(1) or _fail())
        while watch.fresh():
            deadline.wait(0.01)
        assert broken and not watch.fresh()
    finally:
        watch.stop()


def _fail():
    from sqlalchemy.exc import OperationalError

    raise OperationalError("look", {}, Exception("away"))


def test_what_passes_by_itself_is_on_no_public_page(site):
    """What is kept is kept until something changes: a page that knows the time would be wrong soon."""
    with site.session() as session:
        path = f"/statements/{publish(session)}"
    door = site.app.extensions[DOOR]
    found = []
    for later in (timedelta(0), timedelta(days=400)):
        site.at(NOW + later)
        door.memory.forget(None)
        found.append([site.client().get(one).data for one in (path, "/", "/feed.atom", f"{path}.txt", f"{path}.json")])
    assert found[0] == found[1]
