"""SQL statements per request for the main pages with 7, 70 and 700 signatories: the number must not grow."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.builders import KEYS, LINKS, SIGNING, World, circulate, offered, world
from tests.ground.application import settings_for
from workflow import clock, db
from workflow.actions import signing
from workflow.app import create_app
from workflow.links import Purpose
from workflow.models.accounts import DeskSession
from workflow.queries.accounts import key_hash
from workflow.web.gates import FORM_FIELD, LINK_COOKIE

SIZES = (7, 70, 700)
KEY = "bench-session-key"


def _asked(app: Flask, members: int) -> World:
    house = app.extensions["undersigned"]
    session = house.sessions()
    now = clock.now()
    made = circulate(
        world(session, members=members, lead=f"Count {members}"),
        code=False,
        now=now,
        deadline=now + timedelta(days=2),
    )
    for index in range(members - 1):
        signing.answer(session, LINKS, now, made.invitations[index].id, 1, offered(made, index))
    key = f"{KEY}-{members}"
    session.add(
        DeskSession(user_id=made.user.id, key_hash=key_hash(key), created_at=now, ends_at=now + timedelta(days=1))
    )
    session.commit()
    session.close()
    return made


def _client(app: Flask, made: World, members: int) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction(base_url="http://localhost") as cookie:
        cookie["_user_id"] = f"{KEY}-{members}"
    invitation = made.invitations[-1]
    client.set_cookie(
        LINK_COOKIE.format(invitation.id),
        LINKS.make(Purpose.OPENED, [invitation.id, 1]),
        path=f"/sign/at/{invitation.id}/",
    )
    return client


def pages(client: FlaskClient, made: World) -> dict[str, Callable[[], int]]:
    """The main pages in the order in which they are asked for; the last sign-off publishes in between."""
    invitation = made.invitations[-1]
    desk = f"/desk/statements/{made.statement.public_id}"
    at = f"/sign/at/{invitation.id}"
    wanted = offered(made, len(made.members) - 1)
    form = {
        FORM_FIELD: LINKS.make(Purpose.SIGN_FORM, [invitation.id, 1]),
        "kind": "sign-off",
        "digest": wanted.digest,
        "listed_name": wanted.listed_name,
        "person_name": wanted.person_name,
        "person_role": wanted.person_role,
        "authority": "yes",
    }

    def get(path: str) -> Callable[[], int]:
        return lambda: client.get(path).status_code

    return {
        "desk": get("/desk"),
        "statement at the desk": get(desk),
        "roll": get(f"{desk}/roll"),
        "landing": get(f"/sign/{LINKS.make(Purpose.APPROVAL, [invitation.id, 1])}"),
        "text by link": get(f"{at}/"),
        "check your answer": lambda: client.post(f"{at}/check", data=form).status_code,
        "last sign-off": lambda: client.post(f"{at}/record", data=form).status_code,
        "receipt": get(f"{at}/receipt"),
        "front page": get("/"),
        "public page": lambda: client.get(f"/statements/{_slug(made)}").status_code,
        "public record": lambda: client.get(f"/statements/{_slug(made)}.json").status_code,
        "feed": get("/feed.atom"),
    }


def _slug(made: World) -> str:
    with closing(made.session):
        made.session.rollback()
        slug = made.session.get_one(type(made.statement), made.statement.id, populate_existing=True).slug
        made.session.rollback()
    return str(slug)


def count(url: str, directory: Path) -> dict[str, list[int]]:
    """By page: how many SQL statements it takes with each of SIZES signatories."""
    found: dict[str, list[int]] = {}
    for members in SIZES:
        app = create_app(settings_for(url, directory, demo=True))
        engine = app.extensions["undersigned"].engine
        made = _asked(app, members)
        made.session = db.sessions_for(db.engine_for(url), SIGNING)()
        seen: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *given, seen=seen: seen.append(given[2]))
        for name, ask in pages(_client(app, made, members), made).items():
            seen.clear()
            code = ask()
            assert code in (200, 303), f"{name}: {code}"
            found.setdefault(name, []).append(
                sum(one.split(None, 1)[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK") for one in seen)
            )
        engine.dispose()
    return found


def bench(url: str, directory: Path, figures: dict[str, dict[str, object]]) -> list[str]:
    """Print the counts, note them in `figures`, and give the pages whose number grows."""
    assert KEYS
    grown = []
    for name, counts in count(url, directory).items():
        print(f"{name:24} " + "  ".join(f"{size}: {n:3}" for size, n in zip(SIZES, counts, strict=True)))
        figures[f"statements_{name.replace(' ', '_')}"] = {
            "value": counts[-1],
            "unit": "SQL statements per request with 700 signatories",
            "against": f"{counts[0]} with 7",
        }
        # Inserting 700 letters takes more statements than 7: one more a thousand rows of each kind, in batches.
        allowed = counts[0] + (8 if name == "last sign-off" else 0)
        if counts[-1] > allowed:
            grown.append(f"{name} {counts}")
    return grown
