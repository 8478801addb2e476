import os
from collections import Counter
from datetime import date

import hypothesis
import pytest

from hardened_eks import _clock

# One test turns CDK's built-in validation on again; it costs two seconds a process.
os.environ.setdefault("CDK_VALIDATION", "false")
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
# The apps of the tests are new ones, as the CDK's command line starts them with the tutorial's cdk.json.
os.environ.setdefault("CDK_CONTEXT_JSON", '{"hardened-eks:dns_firewall": "block"}')

SYNTHS = 635
"""The whole suite may synthesize as often in its own processes (618 and 621 in two runs with two workers; each worker
makes the shared fixtures that its files ask for). A test that only reads shares a fixture's synth."""

# A machine that is busy is slow, which says nothing of the code.
hypothesis.settings.register_profile("here", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("here")

TODAY = date(2026, 11, 29)
"""The day on which the tests judge, whatever the calendar says."""

synths: Counter[str] = Counter()
"""By test file, of this process and, in the end, of all workers."""


def _fixed_day() -> date:
    return TODAY


_the_calendar, _clock.today = _clock.today, _fixed_day  # as early as this: tables of cases are made at import


@pytest.fixture
def any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge on the day of the calendar, for what has to pass on any day."""
    monkeypatch.setattr(_clock, "today", _the_calendar)


@pytest.fixture(scope="session", autouse=True)
def _count_synths() -> None:
    import aws_cdk as cdk
    from aws_cdk import assertions

    for owner, name in ((cdk.App, "synth"), (assertions.Template, "from_stack")):
        original = getattr(owner, name)

        def counted(*args: object, _original: object = original, **kwargs: object) -> object:
            synths[os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]] += 1
            return _original(*args, **kwargs)  # type: ignore[operator]

        setattr(owner, name, staticmethod(counted) if name == "from_stack" else counted)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["synths"] = dict(synths)
    elif sum(synths.values()) > SYNTHS:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    synths.update(getattr(node, "workeroutput", {}).get("synths", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    total = sum(synths.values())
    most = ", ".join(f"{number} in {file}" for file, number in synths.most_common(5))
    terminalreporter.section("synths")
    terminalreporter.write_line(f"{total} of at most {SYNTHS}: {most}")
