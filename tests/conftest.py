"""What every test can ask for. The ground (PostgreSQL, browser, network guard) stands in tests/ground."""

import gc

from hypothesis import settings

# Five thousand tests leave much in memory that stays; with the usual thresholds the collector looks through it so often
# that an eighth of the time goes into that.
gc.set_threshold(50_000, 20, 50)
# How long one example takes says something about the machine, not about the code.
settings.register_profile("undersigned", deadline=None)
settings.load_profile("undersigned")

pytest_plugins = [
    "tests.ground.network",
    "tests.ground.required",
    "tests.ground.postgres",
    "tests.ground.browser",
    "tests.ground.databases",
    "tests.ground.application",
]
