"""How much work something is, told in a fixed piece of work done beside it: a busy or a slow machine slows both.

Nothing here says how many seconds a thing may take. What is asked of hostile input is that it does not
cost out of all measure, and `make bench` has the figures.
"""

import gc
import time
from collections.abc import Callable
from statistics import mean
from typing import TypeVar

Found = TypeVar("Found")

# What else runs on the machine only ever adds to a time: one try within the bound is enough.
TRIES = 3


def yardstick() -> float:
    """Seconds of this thread for words put together, counted and sorted: about a tenth of one if idle."""
    begun = time.thread_time()
    found: dict[str, list[int]] = {}
    for number in range(120_000):
        found.setdefault(f"{number * 7919 % 4001:x}", []).append(number)
    " ".join(sorted(found, key=lambda word: (len(found[word]), word))).replace("a", "b").split("b")
    return time.thread_time() - begun


def within(bound: float, work: Callable[[], Found]) -> Found:
    """What `work` gives, if it is at most `bound` yardsticks of work in one of three tries; else AssertionError.

    The collector rests meanwhile: it would look through all that earlier tests left in memory, which is not the work's
    doing and can take longer.
    """
    tries = []
    gc.disable()
    try:
        for _ in range(TRIES):
            before = yardstick()
            begun = time.thread_time()
            found = work()
            took = time.thread_time() - begun
            tries.append(took / mean((before, yardstick())))
            if tries[-1] <= bound:
                return found
    finally:
        gc.enable()
    raise AssertionError(f"yardsticks of work: {[round(one, 1) for one in tries]}, and {bound} are allowed")
