"""Waiver files, and every mistake in them with its line."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from hardened_eks.evidence import Subject, Template, Waiver
from hardened_eks.evidence.waiver import METADATA_KEY
from hardened_eks.sources import Loaded, UnusableInputError, from_bodies, load
from hardened_eks.sources.waivers import parse_day, read_waivers
from tests.sources.assembly import write

GOOD = """
waivers:
  - control: CP-01
    resource: Payments/Cluster*
    reason: the VPN is late
    until: 2027-01-31
    approver: jane@example.com
  - control: private_endpoint
    path: "*/Cluster"
    reason: the VPN is late
    until: "2027-02-28"
  - control: team_rule
    subject: Payments/Parameters/*
    reason: the VPN is late
    until: 2027-03-31
"""


def test_a_file_of_waivers(tmp_path: Path) -> None:
    path = write(tmp_path / "w.yaml", GOOD)
    one, two, three = read_waivers([path])
    assert (one.control, one.scope, one.by, one.until) == (
        "CP-01",
        "Payments/Cluster*",
        "resource",
        date(2027, 1, 31),
    )
    assert (one.reason, one.approver, one.origin) == ("the VPN is late", "jane@example.com", f"{path}:3")
    assert (two.control, two.scope, two.by, two.origin) == ("private_endpoint", "*/Cluster", "path", f"{path}:8")
    assert (three.control, three.scope, three.by) == ("team_rule", "Payments/Parameters/*", "subject")


def test_json_will_do(tmp_path: Path) -> None:
    path = write(
        tmp_path / "w.json", {"waivers": [{"control": "CP-01", "resource": "a", "reason": "r", "until": "2027-01-31"}]}
    )
    assert len(read_waivers([path])) == 1


def test_no_waivers_are_fine(tmp_path: Path) -> None:
    assert read_waivers([write(tmp_path / "w.yaml", "waivers: []\n")]) == ()


ENTRY = "waivers:\n- control: CP-01\n  resource: a\n  reason: r\n  until: 2027-01-31\n"


@pytest.mark.parametrize(("text", "expected"), [
    ("[]", ["1: not a waiver file: it needs one list, `waivers:`"]),
    ("a: 1", ["1: not a waiver file: it needs one list, `waivers:`"]),
    ("waivers: []\nwaiver: 1", ["2: not a waiver file: it needs one list, `waivers:`"]),
    ("waivers: 1", ["1: not a waiver file: it needs one list, `waivers:`"]),
    ("waivers:\n- 1", ["2: a waiver needs to be a mapping with control, resource, path, subject, reason, until, approver, got 1"]),
    (ENTRY.replace("CP-01", "12"), ["2: control needs to be a string, got 12", "2: a waiver needs the control that it waives"]),
    (ENTRY.replace("resource: a", "resorce: a"), ["3: unknown key 'resorce': did you mean resource",
                                                  "2: a waiver needs one of `resource` (Stack/LogicalId), `path`"]),
    (ENTRY.replace("resource: a", "resource: a\n  path: b"), ["3: a waiver needs one of `resource` (Stack/LogicalId),"]),
    (ENTRY.replace("reason: r", "reason: ' '"), ["4: a waiver needs a reason that a reviewer would accept"]),
    (ENTRY.replace("  reason: r\n", ""), ["2: a waiver needs a reason that a reviewer would accept"]),
    (ENTRY.replace("2027-01-31", "2027-02-31"), ["5: until needs to be an existing date as YYYY-MM-DD, got '2027-02-31'"]),
    (ENTRY.replace("2027-01-31", "31.1.2027"), ["5: until needs to be a date as YYYY-MM-DD, got '31.1.2027'"]),
    (ENTRY.replace("  until: 2027-01-31\n", ""), ["2: a waiver needs `until`, its last valid day, as YYYY-MM-DD"]),
    (ENTRY + "  control: CP-01\n", ["6: duplicate key 'control', which is first on line 2"]),
    ("", ["the file is empty"]),
])  # fmt: skip
def test_fails_with_path_and_line(tmp_path: Path, text: str, expected: list[str]) -> None:
    path = write(tmp_path / "w.yaml", text)
    with pytest.raises(UnusableInputError) as caught:
        read_waivers([path])
    found = [str(problem).removeprefix(f"{path}:").strip() for problem in caught.value.problems]
    assert [f[: len(e)] for f, e in zip(found, expected, strict=True)] == expected


def test_fails_with_the_mistakes_of_all_files(tmp_path: Path) -> None:
    one = write(tmp_path / "one.yaml", "a: 1")
    with pytest.raises(UnusableInputError) as caught:
        read_waivers([one, tmp_path / "two.yaml"])
    assert [problem.path for problem in caught.value.problems] == [str(one), str(tmp_path / "two.yaml")]


def test_days() -> None:
    assert parse_day(date(2027, 1, 1)) == date(2027, 1, 1)
    assert parse_day(datetime(2027, 1, 1, 12)) == date(2027, 1, 1)
    assert isinstance(parse_day(20270101), str)  # type: ignore[arg-type]


class TestInTemplates:
    """In the metadata of a template, or of a resource in it."""

    WAIVER = {"control": "CP-01", "reason": "SEC-1", "until": "2027-06-30"}

    def loaded(self, tmp_path: Path, body: dict[str, Any], name: str = "t.json") -> Loaded:
        file = tmp_path / name
        file.write_text(json.dumps(body, indent=1))
        return load([file])

    def body(self, entry: Any, **metadata: Any) -> dict[str, Any]:
        cluster = {"Type": "AWS::EKS::Cluster", "Metadata": {METADATA_KEY: entry}} if entry else {"Type": "A::B::C"}
        return {"Metadata": metadata, "Resources": {"Cluster": cluster}}

    @pytest.mark.parametrize("entry", [WAIVER, [WAIVER]])
    def test_of_a_resource(self, tmp_path: Path, entry: Any) -> None:
        loaded = self.loaded(tmp_path, self.body(entry))
        (waiver,) = loaded.waivers
        (cluster,) = loaded.assembly.of("AWS::EKS::Cluster")
        assert waiver.covers(Subject.of_resource(cluster))
        assert (waiver.control, waiver.reason, str(waiver.until)) == ("CP-01", "SEC-1", "2027-06-30")
        assert waiver.file.endswith("t.json") and waiver.line

    def test_in_memory_its_last_day_may_be_a_date(self) -> None:
        """Other YAML parsers read it as one."""
        (waiver,) = from_bodies({"T": self.body({**self.WAIVER, "until": date(2027, 6, 30)})}).waivers
        assert waiver.until == date(2027, 6, 30)

    @pytest.mark.parametrize("scope", [{"resource": "*/Cluster"}, {"path": "App/Cluster"}, {"subject": "assembly"}])
    def test_of_the_template_it_names_what_it_covers(self, tmp_path: Path, scope: dict[str, str]) -> None:
        written = {METADATA_KEY: [{**self.WAIVER, **scope}]}
        (waiver,) = self.loaded(tmp_path, self.body(None, **written)).waivers
        assert {waiver.by: waiver.scope} == scope

    @pytest.mark.parametrize("scope", [{"resource": "*"}, {"path": "*"}, {"subject": "*"}])
    def test_of_one_template_it_covers_nothing_of_another(self, tmp_path: Path, scope: dict[str, str]) -> None:
        for name, entry in (("mine.json", {}), ("theirs.json", {METADATA_KEY: {**self.WAIVER, **scope}})):
            body = {"Metadata": entry, "Resources": {"Cluster": {"Type": "AWS::EKS::Cluster"}}}
            (tmp_path / name).write_text(json.dumps(body))
        loaded = load([tmp_path / "mine.json", tmp_path / "theirs.json"])
        (waiver,) = loaded.waivers
        covered = [
            Subject.of_resource(one) for one in loaded.assembly.of("*") if waiver.covers(Subject.of_resource(one))
        ]
        assert [Path(one.file).name for one in covered] == ["theirs.json"]
        assert not waiver.covers(Subject.of_assembly(loaded.assembly))
        alone = load([tmp_path / "theirs.json"])
        assert alone.waivers[0].covers(Subject.of_assembly(alone.assembly)) is ("resource" not in scope)

    def test_of_a_template_it_covers_its_nested_stacks(self) -> None:
        above = Template("Above", {"Resources": {}}, path="above.json")
        below = Template("Below", {"Resources": {"C": {"Type": "AWS::EKS::Cluster"}}}, parent=(above, {}))
        waiver = Waiver("CP-01", "*", "SEC-1", date(2027, 6, 30), by="resource", file="above.json", template="Above")
        assert waiver.covers(Subject.of_resource(below.resources["C"]))

    def test_of_a_resource_it_names_no_other_scope(self, tmp_path: Path) -> None:
        with pytest.raises(UnusableInputError, match="covers that resource, so leave out resource"):
            self.loaded(tmp_path, self.body({**self.WAIVER, "resource": "*"}))

    def test_of_a_resource_it_covers_no_neighbor_by_a_glob(self, tmp_path: Path) -> None:
        (waiver,) = self.loaded(tmp_path, self.body(self.WAIVER), name="t[ab].json").waivers
        template = Template(str(tmp_path / "ta.json"), {"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster"}}})
        assert not waiver.covers(Subject.of_resource(template.resources["Cluster"]))

    def test_of_a_teams_own_control_it_says_so(self, tmp_path: Path) -> None:
        (waiver,) = self.loaded(tmp_path, self.body({**self.WAIVER, "own": True})).waivers
        assert waiver.own

    def test_fails_with_every_mistake_and_its_line(self, tmp_path: Path) -> None:
        body = self.body([5, {**self.WAIVER, "until": "soon"}], **{METADATA_KEY: self.WAIVER})
        with pytest.raises(UnusableInputError) as caught:
            self.loaded(tmp_path, body)
        problems = caught.value.problems
        assert len(problems) == 3 and all(one.line and METADATA_KEY in str(one) for one in problems)

    def test_one_in_code_is_in_the_template_too_and_counts_once(self, tmp_path: Path) -> None:
        # The CDK CLI asks for the paths, by which a waiver knows its resources.
        app = cdk.App(outdir=str(tmp_path / "out"), context={"aws:cdk:enable-path-metadata": True})
        stack = cdk.Stack(app, "Payments")
        stack.template_options.metadata = {"Mine": {"a": 1}}
        cluster = cdk.CfnResource(stack, "Cluster", type="AWS::EKS::Cluster", properties={"Name": "payments"})
        hardened.waive(cluster, "CP-01", reason="SEC-1", until="2027-06-30", approver="jane@example.com")
        hardened.waive(stack, "CF-02", reason="SEC-2", until="2027-06-30", subject="Payments/*")
        app.synth()
        written = json.loads((tmp_path / "out/Payments.template.json").read_text())["Metadata"]
        assert written == {"Mine": {"a": 1}, METADATA_KEY: [
            {**self.WAIVER, "approver": "jane@example.com", "path": "Payments/Cluster"},
            {**self.WAIVER, "control": "CF-02", "reason": "SEC-2", "subject": "Payments/*"},
        ]}  # fmt: skip
        both = load([tmp_path / "out"]).waivers
        assert [(one.control, one.by) for one in both] == [("CP-01", "construct"), ("CF-02", "subject")]
        assert both[0].line and both[0].file.endswith("test_waivers.py")
        (tmp_path / "t.json").write_text((tmp_path / "out/Payments.template.json").read_text())
        alone = load([tmp_path / "t.json"])
        (resource,) = alone.assembly.of("AWS::EKS::Cluster")
        assert [one.control for one in alone.waivers if one.covers(Subject.of_resource(resource))] == ["CP-01"]
