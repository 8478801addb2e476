"""The benchmarks can fail: on a broken budget, on a broken case."""

import sys
from pathlib import Path

import pytest

from benchmarks import budgets, report
from benchmarks.cases import Case
from benchmarks.cases._check import multiply
from benchmarks.measure import BenchmarkError, Measured, Usage, run


def measured(**cpu: tuple[float, ...]) -> Measured:
    runs = {name.replace("_", "-"): [Usage(c, c, 100) for c in values] for name, values in cpu.items()}
    return Measured([Case(name, name, ("true",)) for name in runs], runs, dict.fromkeys(runs, 10))


STEADY = {"floor": (1.0, 1.0, 1.0), "user_unchecked": (10.0, 10.0, 10.0)}


@pytest.mark.parametrize(
    ("user", "verdict"),
    [
        ((10.9, 10.9, 10.9), "met"),
        ((11.1, 11.1, 11.1), "BROKEN"),
        ((11.1, 9.9, 13.0), "within the noise"),
    ],
)
def test_a_budget_is_broken_by_more_than_the_noise(user: tuple[float, ...], verdict: str) -> None:
    noisy = {name: user if verdict == "within the noise" else values for name, values in STEADY.items()}
    group = measured(**{**noisy, "user_unchecked": STEADY["user_unchecked"], "user": user})
    (found,) = report.verdicts({"user": group})
    assert found["verdict"] == verdict


def test_a_machine_that_is_slower_in_one_round_breaks_nothing_and_hides_nothing() -> None:
    (met,) = report.verdicts({"user": measured(floor=(1, 2, 3), user_unchecked=(10, 20, 30), user=(10.5, 21, 31.5))})
    assert (met["value"], met["noise"], met["verdict"]) == (1.05, 0, "met")
    (broken,) = report.verdicts({"user": measured(floor=(1, 2, 3), user_unchecked=(10, 20, 30), user=(12, 24, 36))})
    assert (broken["value"], broken["noise"], broken["verdict"]) == (1.2, 0, "BROKEN")


def test_a_broken_budget_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    group = measured(**STEADY, user=(12.0, 12.0, 12.0))
    assert report.publish({"user": group}, {"cores": "4"}, write=False) == [
        "cdk synth as users run it, with ours / without"
    ]
    assert "| 1.1 x | 1.2 | 0% | BROKEN |" in capsys.readouterr().out


def test_a_budget_without_its_peer_is_not_judged() -> None:
    assert report.verdicts({"user": measured(**STEADY)}) == []


def test_every_group_with_a_budget_is_measured() -> None:
    assert {budget.group for budget in budgets.BUDGETS} <= set(report.TITLES)


def test_a_case_that_fails_is_no_fast_case(tmp_path: Path) -> None:
    broken = [sys.executable, "-c", "import sys; sys.exit('boom')"]
    with pytest.raises(BenchmarkError, match="ended with 1\nboom"):
        run(broken, cwd=tmp_path, env={})
    assert run(broken, cwd=tmp_path, env={}, accept=(1,)).cpu > 0


def test_children_count(tmp_path: Path) -> None:
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(3_000_000))'])"
    alone = run([sys.executable, "-c", "pass"], cwd=tmp_path, env={})
    assert run([sys.executable, "-c", child], cwd=tmp_path, env={}).cpu > alone.cpu + 0.02


def test_a_template_is_multiplied_with_its_references() -> None:
    template = {
        "Resources": {
            "Key": {"Type": "AWS::KMS::Key"},
            "KeyAlias": {
                "Type": "AWS::KMS::Alias",
                "Properties": {"TargetKeyId": {"Ref": "Key"}, "AliasName": {"Fn::Sub": "alias/${Key}"}},
            },
        }
    }
    many = multiply(template, 5)["Resources"]
    assert list(many) == ["Keyx0", "KeyAliasx0", "Keyx1", "KeyAliasx1", "Keyx2"]
    assert many["KeyAliasx1"]["Properties"] == {
        "TargetKeyId": {"Ref": "Keyx1"},
        "AliasName": {"Fn::Sub": "alias/${Keyx1}"},
    }
