"""Nothing is left out in silence: what was skipped, and why, stands last.

Under WORKFLOW_REQUIRE_ALL=1 it is a failure.
"""

import os

import pytest

REQUIRE_ALL = os.environ.get("WORKFLOW_REQUIRE_ALL", "") not in ("", "0")


def leave_out(reason: str) -> None:
    """Leave the running test out: the machine lacks something. A failure where all is required."""
    if REQUIRE_ALL:
        pytest.fail(f"WORKFLOW_REQUIRE_ALL is set, but: {reason}", pytrace=False)
    pytest.skip(reason)


def _left_out(report) -> bool:
    return report.skipped and not hasattr(report, "wasxfail")


def _refuse(report) -> None:
    if REQUIRE_ALL and _left_out(report):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"WORKFLOW_REQUIRE_ALL is set, but this was left out: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    """The last words before the closing line: how many tests were left out, and for which reason."""
    result = yield
    _tell(terminalreporter)
    return result


def _tell(terminalreporter) -> None:
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        counts[reason] = counts.get(reason, 0) + 1
    if counts:
        terminalreporter.section("left out", yellow=True)
        for reason, number in sorted(counts.items()):
            terminalreporter.write_line(f"{number} {'test' if number == 1 else 'tests'} left out: {reason}")
