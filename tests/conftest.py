"""What every test can ask for. The ground (PostgreSQL, browser, network guard) stands in tests/ground."""

from hypothesis import settings

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
