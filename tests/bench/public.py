"""Public pages a second, as a share of a bare Flask constant on the same server in the same run."""

from pathlib import Path

from tests.bench import load
from tests.bench.servers import environment, serving
from tests.builders import LINKS, NOW, SIGNING, circulate, offered, world
from tests.ground.application import settings_for
from workflow import db
from workflow.actions import signing

CLIENTS = 8
REQUESTS = 4000


def publish(url: str, members: int) -> str:
    """Publish a statement signed by `members` organisations; gives the path of its page."""
    engine = db.engine_for(url)
    with db.sessions_for(engine, SIGNING)() as session:
        made = circulate(world(session, members=members, lead=f"Public {members}"))
        for index, invitation in enumerate(made.invitations):
            signing.answer(session, LINKS, NOW, invitation.id, 1, offered(made, index))
        session.rollback()
        slug = session.get_one(type(made.statement), made.statement.id).slug
    engine.dispose()
    return f"/statements/{slug}"


def measure(url: str, directory: Path) -> dict[str, float]:
    """Requests a second: "bare", and the public page of 7 signatories as "page"; medians of three each."""
    path = publish(url, 7)
    settings = settings_for(url, directory, demo=True)
    found: dict[str, list[float]] = {"bare": [], "page": []}
    with (
        serving("workflow.serving:application", environment(settings)) as page_port,
        serving("tests.bench.servers:bare") as bare_port,
    ):
        for _ in range(3):
            for name, port, address in (("bare", bare_port, "/"), ("page", page_port, path)):
                request = load.get(address, f"127.0.0.1:{port}")
                found[name].append(load.run(port, [request] * REQUESTS, CLIENTS, 200))
    return {name: sorted(figures)[1] for name, figures in found.items()}
