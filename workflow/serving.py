"""Serving: the web processes, the worker, and both together under one parent that restarts what dies."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

from workflow.config import Settings

# Longer than one verb of a slow mail server may take (mail/smtp.py), so that the letter in hand is finished.
STOP_SECONDS = 30
WEB_STOP_SECONDS = 10
READY_SECONDS = 60
LONGEST_PAUSE_SECONDS = 30


class PortTaken(Exception):
    """Something else listens where the web was to listen."""


def check_port(settings: Settings) -> None:
    """Raise PortTaken where the address of `settings` cannot be listened on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(
                f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
                "Choose another with WORKFLOW_HOST and WORKFLOW_PORT."
            ) from error


def application() -> Any:
    """The application as a web process serves it: with a thread that watches what is public."""
    from workflow.app import create_app
    from workflow.web.ready_door import DOOR

    app = create_app()
    app.extensions[DOOR].start()
    return app.wsgi_app  # without the frame of Flask.__call__ around it


def serve_web(settings: Settings) -> None:
    """Serve the application until told to stop. Settings reach the processes by the environment."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "workflow.serving:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads,
        respawn_failed_workers=True,
        # Else one visitor who never finishes would keep the whole from stopping.
        workers_kill_timeout=WEB_STOP_SECONDS,
        websockets=False,
        log_access=False,
    ).serve()


class _Child:
    """One process under the parent: started, watched, started again after a growing pause."""

    def __init__(self, arguments: list[str], env: Mapping[str, str]) -> None:
        self._arguments = [sys.executable, "-m", "workflow.cli", *arguments, "--parent", str(os.getpid())]
        self._env = dict(env)
        self._starts: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._starts.append(time.monotonic())
        # A group of its own: Ctrl-C reaches the parent alone, and what the process started ends with it.
        return subprocess.Popen(self._arguments, env=self._env, start_new_session=True)  # noqa: S603 - our own command

    def keep_alive(self) -> None:
        """Start the process again where it ended; the more often lately, the later."""
        if self.process.poll() is None:
            return
        recent = sum(1 for start in self._starts if time.monotonic() - start < 60)
        if time.monotonic() - self._starts[-1] >= min(2.0 ** (recent - 1), LONGEST_PAUSE_SECONDS):
            self._end_group()
            self.process = self._start()

    def stop(self) -> None:
        """Ask the process to end; end it where it does not."""
        if self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        """Wait for the end asked for by `stop`."""
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        """End what the process may have left behind, such as web processes whose own parent was killed."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def end_with(parent: int) -> None:
    """Ask this process to end once `parent`, which started it, is gone: a killed parent leaves nobody listening."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def run(settings: Settings, env: Mapping[str, str] | None = None, when_ready: Callable[[], None] | None = None) -> None:
    """Run web and worker together until SIGINT, SIGTERM or SIGHUP. `when_ready` is called once the web answers."""
    check_port(settings)
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    environment = os.environ if env is None else env
    children = [_Child(["web"], environment), _Child(["worker"], environment)]
    try:
        if _wait_until_ready(settings, stop) and when_ready is not None:
            when_ready()
        while not stop.wait(0.5):
            for child in children:
                child.keep_alive()
    finally:
        for child in children:
            child.stop()
        for child in children:
            child.wait()


def _wait_until_ready(settings: Settings, stop: threading.Event) -> bool:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and not stop.is_set():
        try:
            socket.create_connection((settings.host, settings.port), timeout=1).close()
        except OSError:
            stop.wait(0.2)
        else:
            return True
    return False
