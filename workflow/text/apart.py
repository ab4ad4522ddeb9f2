"""Running a script of ours on a stranger's data in a process of its own, that may not take much of anything.

`run_apart` starts this very file as a program, which limits itself and then runs the script: nothing of it has begun
before. It knows the standard library alone.
"""

import contextlib
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

# A thread for each processor would each take address space, and a large machine would refuse what a small one reads.
ONE_OF_EACH = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


@dataclass(frozen=True)
class Limits:
    """Bytes of address space, seconds of processor time, bytes of output, and seconds on the clock."""

    memory: int
    seconds: int
    output: int
    wall: float


@dataclass(frozen=True)
class Ended:
    """How a script ended: its code (below 0 for a signal, None where its time was up), and what it wrote."""

    code: int | None
    said: bytes


def run_apart(script: str, data: bytes, limits: Limits) -> Ended:
    """Run the Python file `script` with `data` as its input; it knows nothing of our environment."""
    numbers = [str(number) for number in (limits.memory, limits.seconds, limits.output)]
    with TemporaryFile() as given, TemporaryFile() as said:
        given.write(data)
        given.seek(0)
        try:
            ended = subprocess.run(  # noqa: S603 - our own script
                [sys.executable, "-E", "-P", str(Path(__file__)), *numbers, script],
                stdin=given,
                stdout=said,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=ONE_OF_EACH,
                timeout=limits.wall,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ended(None, b"")
        said.seek(0)
        return Ended(ended.returncode, said.read(limits.output))


def limit(memory: int, seconds: int, output: int) -> None:
    """Give up for good what is not needed. Where a system has no such limits, the clock of `run_apart` is left."""
    with contextlib.suppress(ImportError):
        import resource

        for kind, most in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, output),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    limit(*map(int, sys.argv[1:4]))
    runpy.run_path(sys.argv[4], run_name="__main__")
