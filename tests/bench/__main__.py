"""`make bench`: prints every figure beside what it is measured against, and writes build/bench.json."""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import public, signoffs, statements
from tests.ground import postgres
from workflow import db
from workflow.upgrade import upgrade

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
STATEMENTS_TO_SIGN = 60


def migrated(url: str) -> str:
    """A database of the right shape."""
    engine = db.engine_for(url)
    upgrade(engine)
    engine.dispose()
    return url


def bench_signoffs(name: str, url: str, directory: Path, figures: dict[str, dict[str, object]]) -> None:
    for clients, (rate, commits) in signoffs.measure(url, directory, STATEMENTS_TO_SIGN).items():
        key = f"signoff_share_of_commits_{name}" + ("" if clients == 16 else f"_{clients}_client")
        figures[key] = {
            "value": round(rate / commits, 4),
            "unit": "share",
            "against": f"raw durable two-row commits, {name}, {clients} clients",
            "per_second": round(rate, 1),
            "against_per_second": round(commits, 1),
        }
        print(
            f"{name}, {clients:2} clients: {rate:7.1f} sign-offs/s of {commits:7.1f} commits/s = {rate / commits:.3f}"
        )


def main() -> int:
    figures: dict[str, dict[str, object]] = {}
    grown: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        places: list[tuple[str, Callable[[], str]]] = [
            ("sqlite", lambda: f"sqlite:///{base / 'bench.sqlite3'}"),
            ("postgresql", lambda: server.create("bench")),
        ]
        server = postgres.start(durable=True)
        try:
            for name, place in places:
                url = migrated(place())
                bench_signoffs(name, url, base, figures)
            page = public.measure(migrated(f"sqlite:///{base / 'public.sqlite3'}"), base)
            figures["public_page_share_of_bare_flask"] = {
                "value": round(page["page"] / page["bare"], 4),
                "unit": "share",
                "against": "a bare Flask constant of 20 kB on the same server",
                "per_second": round(page["page"], 1),
                "against_per_second": round(page["bare"], 1),
            }
            share = page["page"] / page["bare"]
            print(f"public page: {page['page']:.0f}/s of bare Flask {page['bare']:.0f}/s = {share:.3f}")
            grown = statements.bench(migrated(f"sqlite:///{base / 'statements.sqlite3'}"), base, figures)
        finally:
            server.stop()
    BUILD.mkdir(exist_ok=True)
    (BUILD / "bench.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(f"written: {BUILD / 'bench.json'}")
    for page_name in grown:
        print(f"GROWS with signatories: {page_name}")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
