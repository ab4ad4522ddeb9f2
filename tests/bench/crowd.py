"""Public pages under a crowd, beside nginx that sends the same bytes from disk; `workflow run` as it comes.

Needs `nginx` and `wrk`. The nginx in front is set up as docs/operations.md says: its lines are read from there.
"""

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from tests.bench import crowd_data
from tests.ground.application import settings_for
from workflow.config import Settings

CLIENTS, SECONDS, TIMES = 32, 2, 15
SIZES = (10, 1000, 10_000)
# Both numbers of statements have these, and so they are compared.
LISTS = {"front_page": "/", "front_page_second": "/page/2", "feed": "/feed.atom", "feed_second": "/feed/2.atom"}
OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
Figures = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Load:
    """What one run of the load brought: requests a second, and the 99th percentile in milliseconds."""

    rate: float
    p99: float


def tools() -> tuple[str, str] | None:
    """The programs nginx and wrk, where both are here."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    wrk = shutil.which("wrk")
    return (nginx, wrk) if nginx and wrk else None


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1800):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, "the server did not start"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server took too long to start")


@contextmanager
def running(command: list[str], port: int, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """A server of ours as long as it is looked at; only what was started here is ended."""
    log = subprocess.DEVNULL
    # A session of its own for each: the kernel shares processors out between sessions, not only between processes.
    process = subprocess.Popen(command, env=dict(env or os.environ), stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def workflow_command(settings: Settings, port: int, command: str = "run") -> tuple[list[str], dict[str, str]]:
    """The command as an operator types it, and its settings."""
    env = {
        **os.environ,
        "WORKFLOW_DATABASE_URL": settings.database_url,
        "WORKFLOW_SECRET_KEYS": ",".join(settings.secret_keys),
        "WORKFLOW_BASE_URL": f"http://127.0.0.1:{port}",
        "WORKFLOW_MAIL_URL": settings.mail_url,
        "WORKFLOW_MAIL_FROM": settings.mail_from,
        "WORKFLOW_DATA_DIR": str(settings.data_dir),
        "WORKFLOW_PORT": str(port),
    }
    return [sys.executable, "-m", "workflow.cli", command], env


# nginx --------------------------------------------------------------------------------------------

FRAME = """\
daemon off;
{user}worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    types {{ text/html html; }}
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""
STATIC = """\
    server {{
        listen 127.0.0.1:{port};
        root {root};
        open_file_cache max=100;
        default_type text/html;
    }}
"""


def nginx_command(nginx: str, folder: Path, servers: str) -> list[str]:
    """The command that runs nginx with these servers and nothing outside `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    user = "user root;\n" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(FRAME.format(folder=folder, servers=servers, user=user))
    subprocess.run([nginx, "-p", str(folder), "-c", str(conf), "-t"], check=True, capture_output=True)
    return [nginx, "-p", str(folder), "-c", str(conf)]


def documented(port: int, behind: int, folder: Path) -> str:
    """The set-up of docs/operations.md, on loopback and without TLS."""
    blocks = re.findall(r"```nginx\n(.*?)```", OPERATIONS.read_text(), re.S)
    said = next(block for block in blocks if "proxy_cache_path" in block)
    lines = [line for line in said.splitlines() if "ssl_certificate" not in line]
    text = "\n".join(lines)
    for typed, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("server_name sign.example.org;", "server_name 127.0.0.1;"),
        ("/var/cache/nginx/undersigned", f"{folder}/cache"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{behind}"),
    ):
        text = text.replace(typed, here)
    return text


# The load -----------------------------------------------------------------------------------------


def _get(port: int, path: str, host: int) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": f"127.0.0.1:{host}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


def press(wrk: str, port: int, path: str, host: int, seconds: int = SECONDS) -> Load:
    """So many clients ask for one address over and over, each as soon as it was answered."""
    command = [wrk, "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", "-H", f"Host: 127.0.0.1:{host}"]
    said = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True)
    assert "Non-2xx" not in said.stdout and "Socket errors" not in said.stdout, said.stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said.stdout)
    assert rate and p99, said.stdout
    return Load(float(rate.group(1)), float(p99.group(1)) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99.group(2)])


def beside(wrk: str, host: int, ours: tuple[int, str], theirs: tuple[int, str]) -> dict[str, object]:
    """One against the other, in turns, and the medians; `spread` says how much the single shares differ."""
    for port, path in (ours, theirs):
        press(wrk, port, path, host, 1)
    pairs = []
    for _ in range(TIMES):
        against = press(wrk, *theirs, host)
        pairs.append((press(wrk, *ours, host), against))
    shares = [mine.rate / other.rate for mine, other in pairs]
    return {
        "value": round(statistics.median(shares), 4),
        "unit": "share",
        "per_second": round(statistics.median(mine.rate for mine, _ in pairs), 1),
        "against_per_second": round(statistics.median(other.rate for _, other in pairs), 1),
        "p99_ratio": round(statistics.median(mine.p99 / other.p99 for mine, other in pairs), 2),
        "spread": [round(min(shares), 3), round(max(shares), 3)],
        "clients": CLIENTS,
    }


def note(figures: Figures, name: str, found: dict[str, object], against: str) -> None:
    """Enter one figure, and print it."""
    figures[name] = {**found, "against": against}
    print(
        f"{name}: {found['per_second']}/s of {found['against_per_second']}/s = {found['value']} "
        f"(single runs {found['spread']}), p99 {found['p99_ratio']} times"
    )


# The benches --------------------------------------------------------------------------------------


def bench(url: str, base: Path, figures: Figures) -> None:
    """One page of three sizes, out of the box and behind nginx, each beside nginx and a file."""
    found = tools()
    if found is None:
        print("pages under a crowd: not measured, because nginx or wrk is not here (Debian: nginx-light, wrk)")
        return
    nginx, wrk = found
    crowd_data.fill(url, SIZES, 50)
    port, front, static = free_port(), free_port(), free_port()
    root = base / "www"
    with ExitStack() as stack:
        command, env = workflow_command(settings_for(url, base), port)
        stack.enter_context(running(command, port, env))
        # Until then the worker needs a processor, and the pages do not name their files yet.
        crowd_data.wait_for_files(url)
        _copy(port, root)
        servers = STATIC.format(port=static, root=root) + documented(front, port, base)
        stack.enter_context(running(nginx_command(nginx, base / "nginx", servers), static))
        for size in SIZES:
            path, file = f"/statements/of-{size}", f"/of-{size}.html"
            assert _get(static, file, static) == _get(port, path, port) == _get(front, path, port)
            name = "public_page_share_of_nginx" if size == SIZES[0] else f"public_page_share_{size}_signatories"
            against = f"nginx sending the same {(root / file[1:]).stat().st_size} bytes from disk"
            note(figures, name, beside(wrk, port, (port, path), (static, file)), against)
        path, file = f"/statements/of-{SIZES[0]}", f"/of-{SIZES[0]}.html"
        note(
            figures,
            "public_page_behind_nginx_share_of_nginx",
            beside(wrk, port, (front, path), (static, file)),
            "nginx sending the same bytes from disk",
        )


def _copy(port: int, root: Path) -> None:
    """The pages as files for nginx."""
    root.mkdir()
    for size in SIZES:
        (root / f"of-{size}.html").write_bytes(_get(port, f"/statements/of-{size}", port))


def bench_many(urls: Mapping[int, str], base: Path, figures: Figures) -> None:
    """The list and the feed with 50 and with 10,000 publications: first made, and then asked for by a crowd."""
    found = tools()
    if found is None:
        print("many statements: not measured, because wrk is not here")
        return
    many, few = max(urls), min(urls)
    with ExitStack() as stack:
        ports = {}
        for count, url in urls.items():
            crowd_data.fill(url, (), count)
            folder = base / f"of-{count}"
            folder.mkdir()
            # The web alone: a worker would make 10,000 PDFs meanwhile.
            command, env = workflow_command(settings_for(url, folder), port := free_port(), "web")
            subprocess.run([*command[:-1], "migrate"], env=env, check=True, capture_output=True)
            ports[count] = stack.enter_context(running(command, port, env))
        first = {count: _first_seconds(port) for count, port in ports.items()}
        for name, path in LISTS.items():
            host = ports[many]  # the name in Host is looked at without its port
            figure = beside(found[1], host, (ports[many], path), (ports[few], path))
            figure["first_ratio"] = round(first[many][path] / first[few][path], 2)
            note(figures, f"{name}_{many}_over_{few}_statements", figure, f"the same with {few} statements")
    print(json.dumps({count: {path: round(value, 4) for path, value in one.items()} for count, one in first.items()}))


def _first_seconds(port: int) -> dict[str, float]:
    """How long the first asking takes, which has the page made."""
    found = {}
    for path in LISTS.values():
        begun = time.perf_counter()
        try:
            _get(port, path, port)
        except URLError as error:
            raise AssertionError(path) from error
        found[path] = time.perf_counter() - begun
    return found
