"""A script that runs apart may not take much of anything, and knows nothing of where it runs."""

import time
from dataclasses import replace

import pytest

from workflow.text.apart import Limits, run_apart

LIMITS = Limits(memory=300 * 2**20, seconds=1, output=10_000, wall=20)


@pytest.fixture
def script(tmp_path):
    def written(source: str) -> str:
        path = tmp_path / "script.py"
        path.write_text(source)
        return str(path)

    return written


def test_input_comes_in_and_output_comes_out(script):
    ended = run_apart(script("import sys; print(sys.stdin.read().upper()); sys.exit(7)"), b"words", LIMITS)
    assert (ended.code, ended.said) == (7, b"WORDS\n")


@pytest.mark.parametrize(
    "greedy",
    [
        "x = bytearray(400 * 2**20)",
        "while True: pass",
        "import sys; sys.stdout.write('x' * 20_000); sys.stdout.flush()",
    ],
)
def test_what_takes_too_much_is_ended(script, greedy):
    ended = run_apart(script(greedy), b"", LIMITS)
    assert ended.code not in (0, None)
    assert len(ended.said) <= LIMITS.output


def test_what_only_waits_is_ended_too(script):
    began = time.monotonic()
    assert run_apart(script("import time; time.sleep(60)"), b"", replace(LIMITS, wall=0.5)).code is None
    assert time.monotonic() - began < 60


def test_nothing_of_our_environment_is_there(script, monkeypatch):
    monkeypatch.setenv("WORKFLOW_SECRET_KEYS", "a secret that is nobody's business")
    ended = run_apart(script("import os, sys; print(dict(os.environ), os.getcwd(), sys.path)"), b"", LIMITS)
    assert ended.code == 0
    assert b"WORKFLOW" not in ended.said
    assert b"workflow/text" not in ended.said
