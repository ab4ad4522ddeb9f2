"""`make bench`: prints every figure beside what it is measured against, and writes build/bench.json.

    python -m tests.bench [--only NAME]

With --only, the other figures that stand there stay.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import crowd, listings, public, redlines, signoffs, statements
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


def bench_servers(figures: dict[str, dict[str, object]]) -> list[str]:
    """All that needs databases and servers; gives the pages that grow with their signatories."""
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
            return statements.bench(migrated(f"sqlite:///{base / 'statements.sqlite3'}"), base, figures)
        finally:
            server.stop()


def bench_redlines(figures: dict[str, dict[str, object]]) -> list[str]:
    redlines.measure(figures)
    return []


def bench_listings(figures: dict[str, dict[str, object]]) -> list[str]:
    listings.measure(figures)
    return []


def bench_crowd(figures: dict[str, dict[str, object]]) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        crowd.bench(migrated(f"sqlite:///{base / 'crowd.sqlite3'}"), base, figures)
        urls = {count: migrated(f"sqlite:///{base / f'{count}.sqlite3'}") for count in (50, 10_000)}
        crowd.bench_many(urls, base, figures)
    return []


# By the name that --only takes.
BENCHES: dict[str, Callable[[dict[str, dict[str, object]]], list[str]]] = {
    "redline_20000_words": bench_redlines,
    "list_11000_names": bench_listings,
    "crowd": bench_crowd,
    "servers": bench_servers,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=BENCHES, metavar="NAME", help=f"only one of: {', '.join(BENCHES)}")
    only = parser.parse_args().only
    results = BUILD / "bench.json"
    kept = only and results.exists()
    figures: dict[str, dict[str, object]] = json.loads(results.read_text()) if kept else {}
    grown = [page for name, bench in BENCHES.items() if only in (None, name) for page in bench(figures)]
    BUILD.mkdir(exist_ok=True)
    results.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"written: {results}")
    for page_name in grown:
        print(f"GROWS with signatories: {page_name}")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
