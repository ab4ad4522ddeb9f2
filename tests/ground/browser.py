"""A real Chromium for the tests, found or installed.

In this order: `WORKFLOW_CHROMIUM`, the PATH, the one that Playwright downloaded earlier, Debian's package (as
root), Playwright's download now. Its network ends at this machine. Where none can be had the browser tests
are left out, and the end of the run says how many and why.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.ground.required import leave_out

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class NoBrowser(Exception):
    """No Chromium can be had here; the text says what was tried."""


def arguments() -> list[str]:
    """What to launch Chromium with; its sandbox refuses to be root."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def find(downloaded: Path) -> Path:
    """The Chromium to use; `downloaded` is where Playwright would have put its own. Installs one where it
    must."""
    named = os.environ.get("WORKFLOW_CHROMIUM", "").strip()
    if named:
        if shutil.which(named):
            return Path(named)
        raise NoBrowser(f"WORKFLOW_CHROMIUM names {named}, which cannot be run")
    there = _there(downloaded)
    if there:
        return there
    with _alone():
        tried = []
        for way in (_debian, _playwright):
            there = _there(downloaded)
            if there:
                return there
            tried.append(way())
        there = _there(downloaded)
    if there:
        return there
    raise NoBrowser("; ".join(tried))


def _there(downloaded: Path) -> Path | None:
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return downloaded if downloaded.exists() else None


@contextlib.contextmanager
def _alone():
    """One process installs, the others wait for it."""
    with (Path(tempfile.gettempdir()) / f"undersigned-browser-{os.geteuid()}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _debian() -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "no chromium on the PATH, and Debian's package needs apt-get and root"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for words in (["update"], ["install", "-y", "chromium", "fonts-noto-core"]):
            answer = subprocess.run(
                ["apt-get", "-qq", *words], env=quiet, stdin=subprocess.DEVNULL, capture_output=True,
                text=True, timeout=420, check=False,
            )  # fmt: skip
            if answer.returncode:
                return f"apt-get {words[0]} failed: {answer.stderr.strip()[-200:]}"
    except subprocess.TimeoutExpired:
        return "apt-get took too long"
    return "apt-get brought no chromium"


def _playwright() -> str:
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "Playwright's download took too long"
    if answer.returncode:
        return f"Playwright's download failed: {answer.stderr.strip()[-200:]}"
    return "Playwright's download brought nothing"


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all browser tests of this process (Playwright's sync API)."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            found = find(Path(playwright.chromium.executable_path))
            # The very binary found, headless: Playwright's default is a shell that distributions do not
            # carry.
            launched = playwright.chromium.launch(executable_path=found, args=arguments())
        except (NoBrowser, Error) as error:
            leave_out(f"no browser: {str(error).strip()[:600]}")
            return
        yield launched
        launched.close()


@pytest.fixture
def context(browser):
    """A fresh context: no cookies, English, a desk-sized window."""
    made = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    made.set_default_timeout(45_000)
    yield made
    made.close()
