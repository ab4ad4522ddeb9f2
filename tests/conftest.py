"""What every test can ask for. The ground (PostgreSQL, browser, network guard) stands in tests/ground."""

pytest_plugins = [
    "tests.ground.network",
    "tests.ground.required",
    "tests.ground.postgres",
    "tests.ground.browser",
    "tests.ground.databases",
    "tests.ground.application",
]
