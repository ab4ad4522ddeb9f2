"""The long proofs, with progress, and what they found in build/prove.json.

    python -m tests.prove [--scale 0.1] [--only NAME] [--seed 7]

Ends with 1 where anything does not hold.
"""

import argparse
import json
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.ground.postgres import Server, start
from tests.prove.proofs import (
    Found,
    Proof,
    anchor,
    embargo_canary,
    kill,
    live,
    live_on_rules,
    note_everywhere,
    order,
    order_on_database,
    race,
    redline,
    say,
    tampered_records,
    tampered_rows,
    try_doors,
    withheld_names,
)
from workflow import db
from workflow.upgrade import upgrade

RESULTS = Path("build") / "prove.json"
SEED = 20270301
MOST_TOLD = 20

# Those of one line run side by side; races have both processors for themselves. A proof whose name says which
# database it wants gets a migrated one of its own; one that names none gets none.
PROOFS: tuple[dict[str, Proof], ...] = (
    *(
        {f"last_signers_race_{database}_{how}": partial(race, how)}
        for database in ("sqlite", "postgresql")
        for how in ("threads", "processes")
    ),
    {"life_walk_rules": live_on_rules, "doors_by_rules": try_doors},
    {"life_walk_sqlite": live, "life_walk_postgresql": live},
    {"kills_sqlite": kill, "kills_postgresql": kill},
    {"withheld_bytes": withheld_names, "withheld_bytes_postgresql": withheld_names},
    {"record_tampering_refused": tampered_records},
    {"tampering_found": tampered_rows, "tampering_found_postgresql": tampered_rows},
    # Alone, each: they are about seconds.
    {"embargo_canary": embargo_canary},
    {"embargo_canary_postgresql": embargo_canary},
    {"redline_round_trip": redline, "comment_anchoring": anchor},
    {"notes_on_four_processes_postgresql": note_everywhere},
    {"answer_orders": order},
    {"answer_orders_sqlite": order_on_database, "answer_orders_postgresql": order_on_database},
)


def database_for(name: str, folder: Path, server: Server | None) -> str:
    """A migrated database for one proof; nothing for a proof that needs none."""
    if "sqlite" not in name and "postgresql" not in name:
        return ""
    url = server.create(name) if server else f"sqlite:///{folder / name}.sqlite3"
    engine = db.engine_for(url)
    upgrade(engine)
    engine.dispose()
    return url


def side_by_side(chosen: dict[str, Proof], urls: dict[str, str], scale: float, seed: int) -> dict[str, Found]:
    """Run proofs in processes of their own, and tell of each as it ends."""
    found = {}
    begun = time.monotonic()
    with ProcessPoolExecutor(len(chosen), mp_context=get_context("spawn")) as pool:
        running = {pool.submit(proof, urls[name], scale, seed): name for name, proof in chosen.items()}
        for done in as_completed(running):
            name = running[done]
            found[name] = done.result()
            wrong = len(found[name].violations)
            say(f"{name}: {found[name].runs} runs, {wrong} violations, {time.monotonic() - begun:.0f} s")
            for one in found[name].violations[:20]:
                say(f"  {one}")
    return found


def write(found: dict[str, Found], seed: int) -> None:
    """Put what was found into build/prove.json; what other runs found there stays."""
    RESULTS.parent.mkdir(exist_ok=True)
    told = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name, one in found.items():
        what = {"what": one.violations[:MOST_TOLD]} if one.violations else {}
        told[name] = {"runs": one.runs, "violations": len(one.violations), "seed": seed, **what}
    RESULTS.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    """What was asked for."""
    names = [name for line in PROOFS for name in line]
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="how much of it: 0.1 is a tenth (default 1.0)")
    parser.add_argument("--only", choices=names, metavar="NAME", help=f"only one of: {', '.join(names)}")
    parser.add_argument("--seed", type=int, default=SEED, help=f"where walks and moments begin (default {SEED})")
    asked = parser.parse_args()
    if asked.scale <= 0:
        parser.error("--scale must be more than 0")
    return asked


def main() -> int:
    """Run what was asked for; 1 where anything does not hold."""
    asked = arguments()
    lines = [{name: proof for name, proof in line.items() if asked.only in (None, name)} for line in PROOFS]
    chosen = [line for line in lines if line]
    names = [name for line in chosen for name in line]
    server = start() if any("postgresql" in name for name in names) else None
    begun, violations = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="undersigned-prove-") as folder:
        for line in chosen:
            say(f"{', '.join(line)} …")
            urls = {name: database_for(name, Path(folder), server if "postgresql" in name else None) for name in line}
            found = side_by_side(line, urls, asked.scale, asked.seed)
            write(found, asked.seed)
            violations += sum(len(one.violations) for one in found.values())
    if server is not None:
        server.stop()
    say(f"{violations} violations in {time.monotonic() - begun:.0f} s; {RESULTS} says of what.")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
