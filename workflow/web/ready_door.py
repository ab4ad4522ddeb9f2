"""The door before Flask: what is public and ready is answered from memory, all else goes on to the application.

Only whole answers of public addresses are ever kept. What is not public is not in the memory, so an address that will
be public and one that never will are answered by the same code.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.test import EnvironBuilder
from werkzeug.wsgi import ClosingIterator

from workflow.queries import public_changes
from workflow.web import house
from workflow.web.ready import Answer, Ready
from workflow.web.ready_memory import Key, Memory, Place
from workflow.web.ready_watch import Watch

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
DOOR = "ready-door"
# What the application says of its answer, in the variables that the door gave it.
ABOUT, ANY_QUERY = "undersigned.about", "undersigned.any_query"
LOOKING = ("GET", "HEAD")
# What asks for a part, or for less: the door answers that itself, from the whole.
CONDITIONS = (
    "HTTP_RANGE",
    "HTTP_IF_RANGE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_ACCEPT_ENCODING",
)
VARIES = {"accept": "HTTP_ACCEPT", "accept-language": "HTTP_ACCEPT_LANGUAGE", "accept-encoding": ""}
MOST_HOSTS = 64
# What is found at once is bounded for each address: in number, in the length of what was asked, and without what stands
# after `?`, which is another for everybody.
MOST_AT_ONCE, LONGEST_ASKED = 32, 500
WHOLE = (None, None)
MOST_WARMED = 50


class Door:
    """WSGI in front of an application. `kept`: the endpoints whose answers may be kept."""

    def __init__(self, app: Flask, wsgi: Wsgi, kept: Iterable[str]) -> None:
        self._app, self._wsgi, self._kept = app, wsgi, frozenset(kept)
        self.memory = Memory()
        self._engine = app.extensions[house.KEY].engine
        self.watch = Watch(self._engine, self._forget)
        self._hosts: dict[str | None, bool] = {}
        self._in_hand: dict[Key, Lock] = {}
        self._guard = Lock()
        self._to_warm: SimpleQueue[tuple[list[int], list[str]]] | None = None

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        get = environ.get
        # All that an answer depends on beside its path, and whether less than the whole is asked for. Typed out, as
        # every request of a crowd comes through here.
        conditions = get("HTTP_IF_NONE_MATCH"), get("HTTP_RANGE")
        asked = (
            get("REQUEST_METHOD"),
            get("HTTP_HOST"),
            get("QUERY_STRING"),
            get("HTTP_ACCEPT"),
            get("HTTP_ACCEPT_LANGUAGE"),
            get("HTTP_ACCEPT_ENCODING"),
        )
        # The time first: what is found after a look that is still good is as new as that look.
        if conditions == WHOLE and time.monotonic() < self.watch.good_until:
            place = self.memory.places.get(environ["PATH_INFO"])
            answer = None if place is None else place.at_once.get(asked)
            if place is not None and answer is not None:
                place.asked_for = True
                return _send(answer, start_response)
        if environ["REQUEST_METHOD"] not in LOOKING or not self._is_ours(environ.get("HTTP_HOST")):
            return self._wsgi(environ, start_response)
        place = self._known(environ)
        ready = None if place is None else place.found(environ)
        if place is None or ready is None:
            return self._asked(environ, start_response)
        answer = ready.answer(environ)
        if conditions == WHOLE and len(place.at_once) < MOST_AT_ONCE and _usual(asked):
            place.at_once[asked] = answer
        return _send(answer, start_response)

    def start(self) -> None:
        """Watch, and make ready beforehand what changed, in threads of their own."""
        self._to_warm = SimpleQueue()
        Thread(target=self._warm, name="warm", daemon=True).start()
        self.watch.start()

    # From memory ----------------------------------------------------------------------------------

    def _is_ours(self, host: str | None) -> bool:
        """Whether the host is one that is answered; the application refuses the others."""
        known = self._hosts.get(host)
        if known is None:
            known = host_is_trusted(host, self._app.config["TRUSTED_HOSTS"])
            if len(self._hosts) < MOST_HOSTS:
                self._hosts[host] = known
        return known

    def _known(self, environ: Environ) -> Place | None:
        # Looked for twice: the watch may have it forgotten in between.
        place = self._place(environ)
        if place is None or not self.watch.fresh() or (place := self._place(environ)) is None:
            return None
        place.asked_for = True
        return place

    def _place(self, environ: Environ) -> Place | None:
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
        place = self.memory.places.get(path)
        if query and (place is None or not place.any_query):
            return self.memory.places.get((path, query))
        return place

    def _forget(self, statement_ids: Any) -> None:
        asked = self.memory.forget(statement_ids)
        if self._to_warm is not None:
            self._to_warm.put((sorted(statement_ids or ()), asked))

    # From the application -------------------------------------------------------------------------

    def _asked(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The application's answer; where it may be kept it is made once, whoever else waits for it."""
        if not self._may_be_kept(environ):
            return self._wsgi(environ, start_response)
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING") or ""
        with self._alone((path, query)):
            known = self._known(environ)
            ready = None if known is None else known.found(environ)
            if ready is None:
                # What is read from here on is at least as new as this generation.
                fresh, generation = self.watch.fresh(), self.memory.generation
                asked = {name: value for name, value in environ.items() if name not in CONDITIONS}
                asked["REQUEST_METHOD"] = "GET"
                status, headers, body = _whole(self._wsgi, asked)
                place = _place_for(status, headers, asked)
                if place is None:
                    start_response(status, headers)
                    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]
                ready = Ready(headers, body)
                if fresh:
                    key: Key = path if place.any_query or not query else (path, query)
                    self.memory.keep(key, place, environ, ready, generation)
        return _send(ready.answer(environ), start_response)

    def _may_be_kept(self, environ: Environ) -> bool:
        try:
            path = environ["PATH_INFO"].encode("latin-1").decode()
            endpoint, _ = self._app.url_map.bind("").match(path, method="GET")
        except (HTTPException, UnicodeError):
            return False
        return endpoint in self._kept

    @contextmanager
    def _alone(self, key: Key) -> Any:
        """One at a time for each address."""
        with self._guard:
            lock = self._in_hand.setdefault(key, Lock())
        try:
            with lock:
                yield
        finally:
            with self._guard:
                self._in_hand.pop(key, None)

    # Beforehand -----------------------------------------------------------------------------------

    def _warm(self) -> None:
        assert self._to_warm is not None  # noqa: S101 - `start` has made it
        while True:
            statement_ids, paths = self._to_warm.get()
            with suppress(SQLAlchemyError):
                self.make_ready(statement_ids, paths)

    def make_ready(self, statement_ids: list[int], paths: list[str]) -> None:
        """Have the pages of these statements and these addresses made, before somebody asks for them."""
        with self._engine.connect() as connection:
            slugs = public_changes.slugs(connection, statement_ids) if statement_ids else []
        with self._app.test_request_context():
            pages = [self._app.url_for("public.statement", slug=slug) for slug in slugs]
        base = self._app.extensions[house.KEY].settings.base_url
        for path in list(dict.fromkeys([*pages, *(quote(path.encode("latin-1")) for path in paths)]))[:MOST_WARMED]:
            for encoding in ("br", "gzip"):
                builder = EnvironBuilder(path, base_url=base, headers=[("Accept-Encoding", encoding)])
                ClosingIterator(self(builder.get_environ(), lambda *_: None)).close()
                builder.close()


def _usual(asked: tuple[str | None, ...]) -> bool:
    """Whether others are likely to ask just so."""
    return not asked[2] and sum(len(one or "") for one in asked) <= LONGEST_ASKED


def _send(answer: Answer, start_response: Callable[..., Any]) -> list[bytes]:
    status, headers, body = answer
    start_response(status, list(headers))
    return [body]  # a list: granian sends that in one piece, and anything else bit by bit


def _whole(wsgi: Wsgi, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    """The whole answer of an application."""
    begun: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        del exc_info
        begun[:] = [status, headers]
        return lambda _: None

    chunks = wsgi(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    return begun[0], list(begun[1]), body


def _place_for(status: str, headers: list[tuple[str, str]], environ: Environ) -> Place | None:
    """Where an answer may be kept: whole, the same for everybody who asks for it like this, and said to be public."""
    told: dict[str, str] = {}
    for name, value in headers:
        told[name.lower()] = f"{told[name.lower()]}, {value}" if name.lower() in told else value
    caching = {word.strip().partition("=")[0] for word in told.get("cache-control", "").split(",")}
    varies = [one.strip().lower() for one in told.get("vary", "").split(",") if one.strip()]
    if (
        not status.startswith("200 ")
        or ANY_QUERY not in environ
        or caching & {"no-store", "private"}
        or "set-cookie" in told
        or not VARIES.keys() >= set(varies)
    ):
        return None
    return Place(environ[ABOUT], tuple(VARIES[one] for one in varies if VARIES[one]), environ[ANY_QUERY])


def hang(app: Flask, kept: Iterable[str]) -> Door:
    """Hang the door before `app`."""

    @app.after_request
    def tell(response: Response) -> Response:
        # Only now is it known whether the view looked at what stands after `?`.
        request.environ[ABOUT] = frozenset() if request.endpoint == "static" else g.get("about")
        request.environ[ANY_QUERY] = "args" not in vars(request._get_current_object())  # type: ignore[attr-defined]
        return response

    door = Door(app, app.wsgi_app, kept)
    app.extensions[DOOR] = door
    app.wsgi_app = door  # type: ignore[method-assign]
    return door
