"""The benchmarks can fail: on a broken budget, on a broken case."""

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import __main__ as bench
from benchmarks import budgets, comparison, report
from benchmarks.__main__ import GROUPS
from benchmarks.cases import Case
from benchmarks.cases._check import multiply
from benchmarks.cases._synth import bare
from benchmarks.measure import BenchmarkError, Measured, Usage, run
from tests.speed.test_requests import LOADED

ROOT = Path(__file__).parents[1]


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
    (found,) = report.verdicts("user", group)
    assert found["verdict"] == verdict


def test_a_machine_that_is_slower_in_one_round_breaks_nothing_and_hides_nothing() -> None:
    (met,) = report.verdicts("user", measured(floor=(1, 2, 3), user_unchecked=(10, 20, 30), user=(10.5, 21, 31.5)))
    assert (met["value"], met["noise"], met["verdict"]) == (1.05, 0, "met")
    (broken,) = report.verdicts("user", measured(floor=(1, 2, 3), user_unchecked=(10, 20, 30), user=(12, 24, 36)))
    assert (broken["value"], broken["noise"], broken["verdict"]) == (1.2, 0, "BROKEN")


def test_a_broken_budget_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    group = measured(**STEADY, user=(12.0, 12.0, 12.0))
    assert report.publish("user", group, {"cores": "4"}, write=False) == [
        "cdk synth as users run it, with ours / without"
    ]
    assert "| 1.1 x | 1.2 | 0% | BROKEN |" in capsys.readouterr().out


def test_a_budget_without_its_peer_is_not_judged() -> None:
    assert report.verdicts("user", measured(**STEADY)) == []


def test_every_group_with_a_budget_is_measured() -> None:
    assert {budget.group for budget in budgets.BUDGETS} <= set(GROUPS)
    assert list(GROUPS) == list(report.TITLES)


def test_every_group_is_run_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make bench GROUP=user` installs no peers, starts no emulator and measures nothing else."""
    done: list[str] = []
    monkeypatch.setattr(bench, "adopt_orphans", lambda: None)
    monkeypatch.setattr(bench.peers, "install", lambda *names: done.extend(names))
    monkeypatch.setattr(bench, "serving", lambda: pytest.fail("the emulator is for other groups"))
    monkeypatch.setitem(GROUPS, "user", lambda _folder, emulator: (Case(emulator or "user", "user", ("true",)),))
    monkeypatch.setattr(bench, "measure", lambda group, *_: done.append(group) or measured(**STEADY))
    result = CliRunner().invoke(bench.main, ["--only", "user", "--no-write"])
    assert (result.exit_code, done) == (0, ["user"])


def test_quick_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, int, bool]] = []
    monkeypatch.setattr(bench, "adopt_orphans", lambda: None)
    monkeypatch.setattr(bench.peers, "install", lambda *names: pytest.fail("no peers"))
    for name in bench.QUICK:
        monkeypatch.setitem(GROUPS, name, lambda *_: ())
    monkeypatch.setattr(bench, "measure", lambda group, cases, rounds, *_: rounds)
    monkeypatch.setattr(
        bench.report, "publish", lambda name, rounds, _, *, write, findings: done.append((name, rounds, write)) or []
    )
    assert CliRunner().invoke(bench.main, ["--quick"]).exit_code == 0
    assert done == [(name, bench.FEWEST, False) for name in bench.QUICK]


def test_a_group_ends_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round that would not fit is not begun; three are measured in any case."""
    clock = [0.0]
    monkeypatch.setattr(bench.time, "monotonic", lambda: clock[0])

    def one(*_: object, **__: object) -> Usage:
        clock[0] += 60
        return Usage(1, 1, 1)

    monkeypatch.setattr(bench, "run", one)
    cases = (Case("floor", "floor", ("true",)),)
    for seconds, rounds in ((480, 7), (300, 4), (1, 3)):
        assert len(bench.measure("user", cases, 9, tmp_path, seconds).runs["floor"]) == rounds, seconds


def test_the_page_is_made_of_the_last_result_of_each_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RESULTS", "PAGE"):
        monkeypatch.setattr(report, name, tmp_path / name)
    for user in ((10.0, 10.0, 10.0), (10.5, 10.5, 10.5)):
        report.publish("user", measured(**STEADY, user=user), {"date": "2026-11-29"}, write=True)
    report.publish("diagram", measured(floor=(1.0,), diagram=(0.2,)), {"date": "2026-11-30"}, write=True)
    page = report.PAGE.read_text()
    assert page == report.page(report.stored())
    assert "| cdk synth as users run it, with ours / without | 1.1 x | 1.05 | 0% | met |" in page
    assert page.index("make bench GROUP=diagram`: date 2026-11-30") < page.index(
        "make bench GROUP=user`: date 2026-11-29"
    )


def test_the_page_is_that_of_the_results() -> None:
    assert report.PAGE.read_text(encoding="utf-8") == report.page(report.stored())


def test_the_modules_of_the_floor_of_typed_resources_are_those_of_the_cluster() -> None:
    """`imports.py` has one L1 of each CDK module that the reference cluster asks for."""
    source = (ROOT / "benchmarks" / "apps" / "imports.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^from aws_cdk import (aws_\w+)", source, re.MULTILINE))
    assert imported == set(LOADED[: LOADED.index("aws_applicationautoscaling")])


def test_bare_resources_have_the_bodies_of_their_templates(tmp_path: Path) -> None:
    topic, key = {"Ref": "Topic"}, {"Fn::GetAtt": ["Key", "Arn"]}
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Fn::Join": ["", ["x", key, topic, "*"]]}}
    logging = {"LogGroup": {"Ref": "AWS::StackName"}}
    written = {
        "Key": ("AWS::KMS::Key", {"KeyPolicy": {"Statement": [{"Sid": "Manage"}]}}),
        "Topic": ("AWS::SNS::Topic", {"KmsMasterKeyId": key}),
        "Policy": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [statement]}}),
        "Function": (
            "AWS::Lambda::Function", {"Code": {"ZipFile": "x"}, "Role": "arn", "LoggingConfig": logging, "Timeout": 3}
        ),
        "Own": ("Custom::Own", {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}}),
    }  # fmt: skip
    resources = {id_: {"Type": kind, "Properties": properties} for id_, (kind, properties) in written.items()}
    (tmp_path / "A.template.json").write_text(json.dumps({"Resources": resources}))
    case = bare("ours", 2)
    env = {**case.env, "TEMPLATES": str(tmp_path), "CDK_OUTDIR": str(tmp_path / "out")}
    run(list(case.command), cwd=tmp_path, env=env)
    made = [json.loads(file.read_text())["Resources"] for file in sorted((tmp_path / "out").glob("*.template.json"))]
    assert made == [resources, resources]


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


def test_what_two_audits_find_is_put_side_by_side() -> None:
    events = [
        {"metadata": {"event_code": check}, "status_code": status}
        for check, status in (
            ("kms_cmk_rotation_enabled", "FAIL"),
            ("kms_cmk_rotation_enabled", "PASS"),
            ("made_up", "PASS"),
        )
    ]
    text = comparison.table(comparison.of_prowler(events), {"KY-01": 2, "SG-01": 1})
    assert text.startswith("prowler fails 1 times in 1 checks; ours finds 3 in 2 controls.")
    assert "| kms_cmk_rotation_enabled | 1 fail, 1 pass | KY-01 | KY-01: 2 |" in text
    assert "| made_up | 1 pass | no control |  |" in text
    assert text.endswith("Controls with findings that match no prowler check: SG-01 (1).")


def test_an_audit_is_measured_by_the_clock_and_many_clusters_by_one() -> None:
    group = measured(audit=(1.0,), prowler=(20.0,), floor=(1.0,), saved_0=(0.2,), saved_1=(0.4,), saved_200=(60.2,))
    found = {one["name"]: (one["value"], one["verdict"]) for one in report.verdicts("audit", group)}
    assert found == {
        "hardened-eks audit / prowler, wall time": (0.05, "met"),
        "each of 200 clusters in 10 accounts / one alone, beyond start-up": (1.5, "met"),
        "peak memory of 200 clusters in 10 accounts": (100, "met"),
    }


def test_what_each_audit_finds_is_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RESULTS", "PAGE"):
        monkeypatch.setattr(report, name, tmp_path / name)
    group = measured(floor=(1.0,), audit=(1.0,))
    report.publish("audit", group, {"cores": "2"}, write=True, findings="the table")
    assert report.PAGE.read_text().endswith("### Findings of each tool\n\nthe table\n")


def test_a_large_peer_is_installed_only_where_it_is_measured() -> None:
    assert [group for group, peers in bench.PEERS.items() if "prowler" in peers] == ["audit"]
    assert bench.ASKED_FOR == {"audit"}
