"""Servers under measurement: granian with one process, the same for the application and for a bare Flask."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from workflow.config import Settings

PAGE = "x" * 20_000


def bare() -> Flask:
    """Flask with one route that answers a constant: what any page is measured against."""
    app = Flask("bare")

    @app.get("/")
    def constant() -> str:
        return PAGE

    return app


def _serve(target: str, port: int, threads: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        target,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        log_enabled=False,
    ).serve()


def environment(settings: Settings) -> dict[str, str]:
    """Settings as the environment that a process reads them from."""
    return {
        "WORKFLOW_DEMO": "1",
        "WORKFLOW_DATABASE_URL": settings.database_url,
        "WORKFLOW_SECRET_KEYS": ",".join(settings.secret_keys),
        "WORKFLOW_SIGNING_KEY": settings.signing_key,
        "WORKFLOW_DATA_DIR": str(settings.data_dir),
    }


@contextmanager
def serving(target: str, env: dict[str, str] | None = None, threads: int = 4) -> Iterator[int]:
    """A server for `target`; gives its port, and ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.servers", target, str(port), str(threads)],
        env={**os.environ, "WORKFLOW_PORT": str(port), **(env or {})},
    )
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, "the server did not start"
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
