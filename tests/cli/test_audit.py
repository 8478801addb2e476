"""`hardened-eks audit` on the local double of AWS: exit codes, several accounts, waivers, formats, Security Hub."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import _accounts, group
from hardened_eks.controls import CATALOGUE
from hardened_eks.sources import InputProblem, UnusableInputError, saved
from hardened_eks.sources.account import in_cluster
from hardened_eks.sources.account.calls import action
from hardened_eks.sources.account.policies import in_parts
from hardened_eks.sources.account.session import Identity
from tests.reports.test_formats import errors
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws
from tests.sources.account.recorded_cluster import RecordedCluster, at
from tests.sources.account.test_organization import Hub
from tests.sources.assembly import CLUSTER, write
from tests.sources.kubernetes.server import make_certificates, serving

OTHER, CLOSED = "222222222222", "333333333333"
DAY = ("--today", "2026-11-29")


class DoubleOfSession:
    """Stands for the credentials: each account is a double of its own."""

    def __init__(self, doubles: dict[str, DoubleOfAws]) -> None:
        self.doubles = doubles
        self.default_region = self.home = REGION

    def identity(self, role: str | None = None, *, external: str = "") -> Identity:
        account = role.split(":")[4] if role else ACCOUNT
        if account not in self.doubles:
            raise UnusableInputError([InputProblem(external, "AWS refuses: not for you (AccessDenied)")])
        double = self.doubles[account]
        return Identity(account, "aws", double.arn("iam", "role/audit"), double.clients())

    def wrong_regions(self, regions: tuple[str, ...], partition: str) -> list[InputProblem]:
        return []

    def regions(self, identity: Identity) -> list[str]:
        if "ec2:DescribeRegions" in self.doubles[identity.account].refused:
            raise UnusableInputError([InputProblem("--all-regions", "AWS refuses: no Regions (AccessDenied)")])
        return ["eu-central-1", REGION]


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> dict[str, DoubleOfAws]:
    found = {ACCOUNT: DoubleOfAws()}
    monkeypatch.setattr(_accounts, "Session", lambda profile=None, region="", version="": DoubleOfSession(found))
    return found


@pytest.fixture
def double(doubles: dict[str, DoubleOfAws]) -> DoubleOfAws:
    return doubles[ACCOUNT]


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code in {0, 1, 2, 3}
    return result


def audit(*arguments: object) -> Result:
    return run("audit", *DAY, *arguments)


def report(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(audit("--format", "json", *arguments).stdout)
    return found


def public(double: DoubleOfAws, ranges: Sequence[str] = ("0.0.0.0/0",)) -> None:
    describe: Callable[[dict[str, Any]], dict[str, Any]] = double.answers["eks:DescribeCluster"]

    def answer(arguments: dict[str, Any]) -> dict[str, Any]:
        told = describe(arguments)
        told["cluster"]["resourcesVpcConfig"] |= {"endpointPublicAccess": True, "publicAccessCidrs": list(ranges)}
        return told

    double.answers["eks:DescribeCluster"] = answer


class TestExitCodes:
    def test_clean_is_0(self, double: DoubleOfAws) -> None:
        result = audit("--control", "CP-01")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == "passed: 0 findings, examined 1 resource of 1 Region with 1 of 1 control\n"

    def test_findings_are_1_with_the_arn(self, double: DoubleOfAws) -> None:
        public(double)
        result = audit("--control", "CP-01")
        assert result.exit_code == 1
        assert f"  arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments\n" in result.stdout
        assert f"aws://{ACCOUNT}/{REGION}" in result.stdout
        assert result.stdout.startswith("Payments/Cluster  AWS::EKS::Cluster\n")

    def test_partial_is_3_and_no_pass(self, double: DoubleOfAws) -> None:
        double.refuse("kms:GetKeyPolicy")
        result = audit("--control", "CP-01")
        assert result.exit_code == 3
        assert "passed" not in result.stdout
        assert "incomplete: 0 findings, 1 call denied or failed" in result.stdout
        assert "not seen: aws://" in result.stdout
        assert "kms:GetKeyPolicy of " in result.stdout

    def test_partial_with_findings_is_1(self, double: DoubleOfAws) -> None:
        double.refuse("kms:GetKeyPolicy")
        public(double)
        assert audit("--control", "CP-01").exit_code == 1

    def test_findings_below_fail_on_are_warnings(self, double: DoubleOfAws) -> None:
        public(double)
        assert audit("--control", "CP-01", "--fail-on", "critical").exit_code == 0

    def test_partial_with_findings_below_fail_on_is_3(self, double: DoubleOfAws) -> None:
        double.refuse("kms:GetKeyPolicy")
        public(double)
        assert audit("--control", "CP-01", "--fail-on", "critical").exit_code == 3

    def test_no_cluster_is_0_unless_one_is_required(self, doubles: dict[str, DoubleOfAws]) -> None:
        doubles[ACCOUNT] = DoubleOfAws(clusters=())
        result = audit()
        assert result.exit_code == 0
        assert "examined 0 resources, which is not a pass" in result.stdout
        assert audit("--require-eks").exit_code == 1

    def test_a_cluster_that_is_not_there_is_2(self, double: DoubleOfAws) -> None:
        result = audit("--cluster", "payment")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"error: --cluster: no cluster 'payment' was found in {REGION}\n"

    def test_a_cluster_that_nobody_may_see_is_not_seen(self, double: DoubleOfAws) -> None:
        double.refuse("eks:DescribeCluster")
        assert audit("--cluster", "payments").exit_code == 3

    def test_all_mistakes_at_once_and_nobody_is_asked(self, double: DoubleOfAws, tmp_path: Path) -> None:
        result = audit(
            "--control", "CP-99", "--organization", "--save", tmp_path / "no" / "live.json", "--against", tmp_path / "none",
            "--since", tmp_path / "none.json", "--ou", "ou-1", "--aggregator", "all",
        )  # fmt: skip
        assert result.exit_code == 2
        for words in ("CP-99", "--organization-role", "live.json: cannot be written", "none:", "none.json: cannot be read",
                      "--aggregator: reads all accounts"):  # fmt: skip
            assert words in result.stderr
        assert not double.calls


def test_the_policy_is_printed_and_nobody_is_asked(double: DoubleOfAws) -> None:
    result = run("audit", "--print-policy", "--all-regions", "--region", "cn-north-1")
    assert result.exit_code == 0
    (statement,) = json.loads(result.stdout)["Statement"]
    assert "ec2:DescribeRegions" in statement["Action"]
    assert not double.calls


def test_a_policy_that_iam_does_not_take_is_printed_in_parts(
    double: DoubleOfAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_accounts, "in_parts", partial(in_parts, limit=3_000))
    result = run("audit", "--print-policy")
    first, second = json.loads(result.stdout)
    assert first["Statement"][0]["Action"][0] == "access-analyzer:ListAnalyzers"
    assert set(first) == set(second) == {"Version", "Statement"}
    assert "a JSON list of 2, attach each to the role" in result.stderr


@pytest.mark.parametrize(
    "options",
    [(), ("--all-regions",), ("--security-hub",), ("--organization", "--organization-role", "audit"),
     ("--organization", "--organization-role", "audit", "--ou", "ou-1"), ("--aggregator", "all"), ("--role-arn", f"arn:aws:iam::{ACCOUNT}:role/a")],
    ids=lambda options: " ".join(options) or "none",
)  # fmt: skip
def test_no_call_is_made_that_the_policy_of_the_options_has_not(
    doubles: dict[str, DoubleOfAws], double: DoubleOfAws, options: tuple[str, ...]
) -> None:
    doubles[OTHER] = DoubleOfAws(account=OTHER)
    members = {"Accounts": [{"Id": id, "State": "ACTIVE"} for id in (ACCOUNT, OTHER)]}
    double.answers |= {"organizations:ListAccounts": members, "organizations:ListAccountsForParent": members}
    Hub(double)
    public(double)
    printed = json.loads(run("audit", "--print-policy", *options).stdout)
    audit(*options)
    made = {action(call) for one in doubles.values() for call in one.calls} - {"sts:GetCallerIdentity"}
    allowed = {name for one in printed["Statement"] for name in [one["Action"]] if isinstance(name, str)}
    allowed |= {name for one in printed["Statement"] if isinstance(one["Action"], list) for name in one["Action"]}
    assert made
    assert made <= allowed
    assert ("securityhub:BatchImportFindings" in allowed) is ("--security-hub" in options)
    assert ("organizations:ListAccounts" in allowed) is ("--organization" in options)
    assert ("eks:DescribeCluster" in allowed) is ("--aggregator" not in options)


def test_an_aggregator_is_evaluated_by_the_controls_that_need_one_resource_alone(double: DoubleOfAws) -> None:
    """It knows a few types, so a control that follows references would evaluate what it did not read."""
    row = {"resourceType": "AWS::EKS::Cluster", "resourceName": "payments", "resourceId": "payments",
           "accountId": ACCOUNT, "awsRegion": REGION, "arn": double.arn("eks", "cluster/payments"),
           "configuration": {"Name": "payments", "ResourcesVpcConfig": {"EndpointPublicAccess": True}}}  # fmt: skip
    double.answers["config:SelectAggregateResourceConfig"] = {"Results": [json.dumps(row)]}
    found = report("--aggregator", "all")
    assert "CP-01" in {one["control"] for one in found["findings"]}
    evaluated = {one["id"] for one in found["controls"]}
    assert evaluated == {control.id for control in CATALOGUE if control.needs == "resource"}


def test_every_region_is_an_assembly_of_its_own(double: DoubleOfAws) -> None:
    found = report("--all-regions")
    assert found["inputs"] == [f"aws://{ACCOUNT}/eu-central-1", f"aws://{ACCOUNT}/{REGION}"]
    assert double.regions == {"eu-central-1", REGION}
    assert "2 Regions" in found["summary"]


class TestOrganization:
    @pytest.fixture(autouse=True)
    def organization(self, doubles: dict[str, DoubleOfAws]) -> None:
        doubles[OTHER] = DoubleOfAws(account=OTHER)
        members = [{"Id": id, "Status": "ACTIVE"} for id in (ACCOUNT, OTHER, CLOSED)]
        doubles[ACCOUNT].answers["organizations:ListAccounts"] = {"Accounts": members}

    def test_each_account_is_asked_by_its_role(self, doubles: dict[str, DoubleOfAws]) -> None:
        public(doubles[OTHER])
        found = report("--organization", "--organization-role", "audit", "--control", "CP-01")
        (one,) = found["findings"]
        assert one["file"] == f"aws://{OTHER}/{REGION}"
        assert one["arn"] == f"arn:aws:eks:{REGION}:{OTHER}:cluster/payments"
        assert found["counts"]["resourcesExamined"] == 2

    def test_an_account_that_is_closed_is_not_seen(self, doubles: dict[str, DoubleOfAws]) -> None:
        result = audit("--organization", "--organization-role", "audit", "--control", "CP-01")
        assert result.exit_code == 3
        assert f"arn:aws:iam::{CLOSED}:role/audit: AWS refuses: not for you (AccessDenied)" in result.stdout

    def test_an_account_that_does_not_name_its_regions_is_not_seen(self, doubles: dict[str, DoubleOfAws]) -> None:
        doubles[OTHER].refuse("ec2:DescribeRegions")
        found = report("--organization", "--organization-role", "audit", "--all-regions", "--control", "CP-01")
        assert any(f"aws://{OTHER}" in one and "no Regions" in one for one in found["notSeen"])
        assert f"aws://{ACCOUNT}/{REGION}" in found["inputs"]
        doubles[ACCOUNT].refuse("ec2:DescribeRegions")
        assert audit("--all-regions").exit_code == 2

    def test_a_waiver_that_lifts_in_one_account_is_no_finding_of_the_other(
        self, doubles: dict[str, DoubleOfAws], tmp_path: Path
    ) -> None:
        public(doubles[OTHER])
        file = tmp_path / "waivers.yaml"
        file.write_text(
            "waivers:\n  - {control: CP-01, resource: Payments/Cluster, reason: a reason, until: 2027-06-30}\n".replace(
                "2027-06-30", '"2027-06-30"'
            )
        )
        found = report("--organization", "--organization-role", "audit", "--control", "CP-01", "--waivers", file)
        assert [(one["state"], one["control"]) for one in found["findings"]] == [("waived", "CP-01")]
        assert found["waivers"][0]["findings"] == 1
        doubles[OTHER].answers["eks:DescribeCluster"] = DoubleOfAws(account=OTHER).answers["eks:DescribeCluster"]
        unmatched = report("--organization", "--organization-role", "audit", "--control", "CP-01", "--waivers", file)
        assert [one["control"] for one in unmatched["findings"]] == ["WV-02"]


class TestAgainst:
    def test_a_template_that_is_a_file_is_that_of_its_stack(self, double: DoubleOfAws, tmp_path: Path) -> None:
        public(double)
        asked = {**CLUSTER["Properties"], "ResourcesVpcConfig": {
            "EndpointPublicAccess": True, "EndpointPrivateAccess": True, "PublicAccessCidrs": ["0.0.0.0/0"], "SubnetIds": ["subnet-0a0"]}}  # fmt: skip
        open_ = write(tmp_path / "open.json", {"Resources": {"Cluster": {**CLUSTER, "Properties": asked}}})
        assert report("--against", open_, "--control", "CP-01")["findings"] == []
        closed = write(tmp_path / "closed.json", {"Resources": {"Cluster": CLUSTER}})
        (one,) = report("--against", closed, "--control", "CP-01")["findings"]
        assert (one["control"], one["subject"]) == ("CP-01", "Payments/Cluster")

    def test_a_finding_has_the_construct_path_of_the_template(self, double: DoubleOfAws, tmp_path: Path) -> None:
        """The deployed template has none where the CDK CLI left the metadata out."""
        public(double)
        path = "Payments/Cluster/Resource"
        closed = {"Resources": {"Cluster": {**CLUSTER, "Metadata": {"aws:cdk:path": path}}}}
        options = ("--control", "CP-01")
        assert [one["constructPath"] for one in report(*options)["findings"]] == ["Payments/Cluster"]
        (one,) = report("--against", write(tmp_path / "closed.json", closed), *options)["findings"]
        assert one["constructPath"] == path

    def test_the_properties_that_differ_are_named(self, double: DoubleOfAws, tmp_path: Path) -> None:
        closed = write(tmp_path / "closed.json", {"Resources": {"Cluster": CLUSTER}})
        same = report("--against", closed, "--control", "CP-10")["changes"]["drift"]
        public(double)
        drift = report("--against", closed, "--control", "CP-10")["changes"]["drift"]
        (one,) = [one for one in drift if one not in same]
        assert (one["subject"], one["type"]) == ("Payments/Cluster", "AWS::EKS::Cluster")
        assert one["arn"] == f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"
        assert (one["property"], one["template"], one["account"]) == (
            "ResourcesVpcConfig.EndpointPublicAccess", False, True
        )  # fmt: skip
        text = audit("--against", closed, "--control", "CP-10").stdout
        words = "ResourcesVpcConfig.EndpointPublicAccess: false in the template, true in the account"
        assert f"  DIFFERS Payments/Cluster  AWS::EKS::Cluster  {words}\n" in text
        schema = Path(__file__).parents[2] / "docs" / "reference" / "report.schema.json"
        assert errors(schema, audit("--against", closed, "--format", "json").stdout) == []

    def test_what_is_gone_is_named(self, double: DoubleOfAws, tmp_path: Path) -> None:
        addon = {"Type": "AWS::EKS::Addon", "Properties": {"ClusterName": {"Ref": "Cluster"}, "AddonName": "coredns"}}
        file = write(tmp_path / "t.json", {"Resources": {"Cluster": CLUSTER, "Dns": addon}})
        text = audit("--against", file, "--control", "CP-10").stdout
        assert "  DIFFERS Payments/Dns  AWS::EKS::Addon  is in the template but not in the account\n" in text
        double.refuse("cloudformation:ListStackResources")
        assert "not in the account" not in audit("--against", file, "--control", "CP-10").stdout

    def test_what_is_in_no_stack_is_told(self, double: DoubleOfAws, tmp_path: Path) -> None:
        closed = write(tmp_path / "closed.json", {"Resources": {"Cluster": CLUSTER}})
        alone = report("--against", closed, "--control", "CP-01")["changes"]["inNoStack"]
        assert f"AWS::IAM::Role arn:aws:iam::{ACCOUNT}:role/eks" in alone
        assert not [one for one in alone if one.startswith("AWS::EKS::Cluster")]


class TestSince:
    def test_new_and_fixed(self, double: DoubleOfAws, tmp_path: Path) -> None:
        file = tmp_path / "live.json"
        good = double.answers["eks:DescribeCluster"]
        audit("--save", file, "--control", "CP-01")
        public(double)
        new = report("--since", file, "--control", "CP-01")["changes"]
        assert [one["control"] for one in new["new"]] == ["CP-01"]
        assert new["fixed"] == []
        audit("--save", file, "--control", "CP-01")
        double.answers["eks:DescribeCluster"] = good
        text = audit("--since", file, "--control", "CP-01")
        assert text.exit_code == 0
        assert f"Compared with {file}\n  FIXED CP-01 high  Payments/Cluster: the public endpoint is on" in text.stdout

    def test_nothing_new_is_said(self, double: DoubleOfAws, tmp_path: Path) -> None:
        file = tmp_path / "live.json"
        audit("--save", file)
        assert "  no difference\n" in audit("--since", file).stdout


class TestSaved:
    def test_it_is_the_same_file_each_time(self, double: DoubleOfAws, tmp_path: Path) -> None:
        for name in ("a", "b"):
            audit("--save", tmp_path / name)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_what_was_not_seen_is_kept(self, double: DoubleOfAws, tmp_path: Path) -> None:
        double.refuse("ec2:DescribeFlowLogs")
        file = tmp_path / "live.json"
        assert audit("--save", file, "--control", "NW-01").exit_code == 3
        result = run("check", file, "--control", "NW-01", *DAY)
        assert result.exit_code == 3
        assert "resources of AWS::EC2::FlowLog may be missing" in result.stdout

    @pytest.mark.parametrize("before", [None, 0o644, 0o666, 0o400])
    def test_nobody_else_can_read_the_file(self, double: DoubleOfAws, tmp_path: Path, before: int | None) -> None:
        file = tmp_path / "live.json"
        if before is not None:
            file.write_text("old", encoding="utf-8")
            file.chmod(before)
        audit("--save", file, "--control", "CP-01")
        assert file.stat().st_mode & 0o777 == 0o600
        assert saved.KIND in file.read_text(encoding="utf-8")
        assert [one.name for one in tmp_path.iterdir()] == ["live.json"]

    def test_who_has_the_old_file_open_reads_nothing_new(self, double: DoubleOfAws, tmp_path: Path) -> None:
        file = tmp_path / "live.json"
        file.write_text("old", encoding="utf-8")
        with file.open(encoding="utf-8") as reader:
            audit("--save", file, "--control", "CP-01")
            assert reader.read() == "old"

    def test_a_link_is_replaced_and_what_it_leads_to_stays(self, double: DoubleOfAws, tmp_path: Path) -> None:
        target, link = tmp_path / "target", tmp_path / "live.json"
        target.write_text("mine", encoding="utf-8")
        link.symlink_to(target)
        audit("--save", link, "--control", "CP-01")
        assert (target.read_text(encoding="utf-8"), link.is_symlink()) == ("mine", False)

    def test_a_failed_write_leaves_the_old_file(
        self, double: DoubleOfAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "live.json"
        file.write_text("old", encoding="utf-8")

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", full)
        result = audit("--save", file, "--control", "CP-01")
        assert result.exit_code == 2
        assert "cannot be written: No space left on device" in result.stderr
        assert [(one.name, one.read_text(encoding="utf-8")) for one in tmp_path.iterdir()] == [("live.json", "old")]

    def test_a_pipe_is_written_to(self, double: DoubleOfAws, tmp_path: Path) -> None:
        pipe, read = tmp_path / "pipe", []
        os.mkfifo(pipe)
        reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")), daemon=True)
        reader.start()
        audit("--save", pipe, "--control", "CP-01")
        reader.join(timeout=10)
        assert pipe.is_fifo()
        assert saved.KIND in read[0]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda body: body.update({saved.KIND: 99}), "is 99, not 1"),
            (lambda body: body.update(environments={}), "environments is not a list"),
            (lambda body: body["environments"][0].pop("account"), "environments.0 has no account and region"),
            (lambda body: body["environments"][0].update(templates=[]), "environments.0.templates"),
            (lambda body: body["environments"][0].update(hidden=[1]), "values that are not strings"),
        ],
    )
    def test_a_damaged_file_is_refused(
        self, double: DoubleOfAws, tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str
    ) -> None:
        file = tmp_path / "live.json"
        audit("--save", file)
        body = json.loads(file.read_text())
        change(body)
        file.write_text(json.dumps(body))
        result = run("check", file)
        assert result.exit_code == 2
        assert words in result.stderr
        assert len(result.stderr.splitlines()) == 1

    def test_accounts_and_templates_are_not_mixed(self, double: DoubleOfAws, tmp_path: Path) -> None:
        file = tmp_path / "live.json"
        audit("--save", file)
        template = write(tmp_path / "t.json", {"Resources": {"Safe": CLUSTER}})
        result = run("check", file, template)
        assert result.exit_code == 2
        assert "check them in separate runs" in result.stderr


class TestFormats:
    def test_asff_is_what_security_hub_takes(self, double: DoubleOfAws) -> None:
        public(double)
        double.refuse("kms:GetKeyPolicy")
        told = json.loads(audit("--format", "asff").stdout)
        again = json.loads(audit("--format", "asff").stdout)
        assert told == again
        assert len({one["Id"] for one in told}) == len(told) > 20
        for one in told:
            assert len(one["Title"]) <= 256
            assert len(one["Description"]) <= 1024
            assert len(one["Remediation"]["Recommendation"]["Text"]) <= 512
            assert len(one["Id"]) <= 512
            assert one["ProductArn"] == f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
            assert all(isinstance(value, str) and value for value in one["ProductFields"].values())
            assert len(one["Compliance"]["RelatedRequirements"]) <= 32
            assert len(json.dumps(one)) < 240_000
        one = next(one for one in told if one["GeneratorId"] == "hardened-eks/CP-01")
        assert one["Resources"][0]["Type"] == "AwsEksCluster"
        assert one["Resources"][0]["Id"].endswith(":cluster/payments")
        assert (one["Severity"]["Label"], one["Compliance"]["Status"]) == ("HIGH", "FAILED")
        unseen = {one["Compliance"]["Status"] for one in told}
        assert unseen == {"FAILED", "NOT_AVAILABLE"}

    def test_asff_has_the_shape_that_botocore_sends(self, double: DoubleOfAws) -> None:
        import boto3
        from botocore.stub import Stubber

        told = json.loads(audit("--format", "asff").stdout)
        client = boto3.client("securityhub", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b")
        with Stubber(client) as stubber:  # it validates what is sent
            stubber.add_response("batch_import_findings", {"FailedCount": 0, "SuccessCount": len(told[:100])})
            client.batch_import_findings(Findings=told[:100])

    def test_ocsf(self, double: DoubleOfAws) -> None:
        public(double)
        events = json.loads(audit("--format", "ocsf").stdout)
        one = next(one for one in events if one["compliance"]["control"] == "CP-01")
        assert (one["class_uid"], one["type_uid"], one["severity_id"]) == (2003, 200301, 4)
        assert (one["compliance"]["status"], one["status"]) == ("Fail", "New")
        assert one["cloud"]["account"]["uid"] == ACCOUNT
        assert one["resources"][0]["uid"] == f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"
        assert len({one["finding_info"]["uid"] for one in events}) > 20

    def test_json_keeps_its_promise(self, double: DoubleOfAws, tmp_path: Path) -> None:
        public(double)
        audit("--save", tmp_path / "live.json")
        double.refuse("kms:GetKeyPolicy")
        text = audit("--format", "json", "--since", tmp_path / "live.json").stdout
        assert errors(Path(__file__).parents[2] / "docs" / "reference" / "report.schema.json", text) == []

    @pytest.mark.parametrize("format", ["asff", "ocsf"])
    def test_templates_are_in_no_account(self, tmp_path: Path, format: str) -> None:
        template = write(tmp_path / "t.json", {"Resources": {"Safe": CLUSTER}})
        result = run("check", template, "--format", format)
        assert result.exit_code == 2
        assert f"--format: {format} is only for accounts: use `hardened-eks audit`" in result.stderr

    @pytest.mark.parametrize("format", ["json", "sarif", "junit", "github", "markdown", "html"])
    def test_every_other_format_names_the_account(self, double: DoubleOfAws, format: str) -> None:
        public(double)
        result = audit("--format", format)
        assert result.exit_code == 1
        assert ACCOUNT in result.stdout


class TestKubernetes:
    """Against a TLS server with recorded answers."""

    @pytest.fixture
    def cluster(
        self, double: DoubleOfAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[RecordedCluster]:
        monkeypatch.setattr(in_cluster, "_PAUSE", 0.01)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        cluster = RecordedCluster()
        with serving(make_certificates(tmp_path, "IP:127.0.0.1"), cluster) as api:
            at(double, api)
            self.asked = api.asked
            yield cluster

    def test_the_cluster_is_asked_with_a_token_of_its_own(self, double: DoubleOfAws, cluster: RecordedCluster) -> None:
        found = report("--kubernetes", "--control", "KB-36")
        (one,) = [one for one in found["findings"] if one["subject"].endswith("open")]
        assert one["arn"] == f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"
        assert (one["stack"], one["logicalId"]) == ("kubernetes:payments", "Namespace/open")
        assert found["inputs"] == [f"aws://{ACCOUNT}/{REGION}"]
        tokens = {asked.headers["authorization"].removeprefix("Bearer ") for asked in self.asked}
        assert all(one.startswith("k8s-aws-v1.") for one in tokens)

    def test_it_is_not_asked_without_the_option(self, double: DoubleOfAws, cluster: RecordedCluster) -> None:
        assert report("--control", "KB-36")["findings"] == []
        assert self.asked == []

    def test_a_denied_list_is_3_and_no_pass(self, double: DoubleOfAws, cluster: RecordedCluster) -> None:
        cluster.lists["/api/v1/namespaces"] = []
        cluster.deny("/api/v1/namespaces")
        result = audit("--kubernetes", "--control", "KB-36")
        assert result.exit_code == 3
        assert "passed" not in result.stdout
        assert "examined 0 resources, which is not a pass, 1 not seen, 1 call denied or failed" in result.stdout
        assert f"Kubernetes of payments in {REGION}: /api/v1/namespaces: 403" in result.stdout

    def test_two_clusters_are_judged_apart(
        self, doubles: dict[str, DoubleOfAws], double: DoubleOfAws, cluster: RecordedCluster
    ) -> None:
        double.clusters.append("other")
        found = report("--kubernetes", "--control", "KB-36")
        stacks = sorted(one["stack"] for one in found["findings"] if one["logicalId"] == "Namespace/open")
        assert stacks == ["kubernetes:other", "kubernetes:payments"]
        assert "2 Regions" not in found["summary"]

    def test_a_kubeconfig_has_another_token(
        self, double: DoubleOfAws, cluster: RecordedCluster, tmp_path: Path
    ) -> None:
        file = tmp_path / "config"
        server = double.answers["eks:DescribeCluster"]({"name": "payments"})["cluster"]["endpoint"]
        file.write_text(json.dumps({
            "clusters": [{"name": "c", "cluster": {"server": server}}], "users": [{"name": "u", "user": {"token": "abc"}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}]}))  # fmt: skip
        assert report("--kubernetes", "--kubeconfig", file, "--control", "KB-36")["findings"]
        assert {asked.headers["authorization"] for asked in self.asked} == {"Bearer abc"}
        file.write_text(file.read_text().replace(server, "https://else"))
        result = audit("--kubernetes", "--kubeconfig", file, "--control", "KB-36")
        assert result.exit_code == 3
        assert "config has no context whose cluster is arn:aws:eks:" in result.stdout

    def test_a_kubeconfig_that_cannot_be_used_is_2(self, double: DoubleOfAws, tmp_path: Path) -> None:
        result = audit("--kubernetes", "--kubeconfig", tmp_path / "none")
        assert result.exit_code == 2
        assert "none: cannot be read: No such file" in result.stderr
        assert "--kubeconfig: needs --kubernetes" in audit("--kubeconfig", tmp_path / "none").stderr
        assert not double.calls

    def test_an_aggregator_knows_no_cluster_from_inside(self, double: DoubleOfAws) -> None:
        result = audit("--kubernetes", "--aggregator", "all")
        assert result.exit_code == 2
        assert "--kubernetes: --aggregator reads only AWS Config" in result.stderr

    def test_findings_stay_in_security_hub_where_the_cluster_was_not_asked(
        self, double: DoubleOfAws, cluster: RecordedCluster
    ) -> None:
        hub = Hub(double)
        options = ("--security-hub", "--control", "KB-36", "--control", "CP-01")
        first = audit(*options, "--kubernetes")
        assert first.stderr == "Security Hub: 1 imported, 0 archived, 0 failed\n"
        assert audit(*options).stderr == "Security Hub: 0 imported, 0 archived, 0 failed\n"
        cluster.deny("/api/v1/pods")
        cluster.lists["/api/v1/namespaces"] = []
        assert audit(*options, "--kubernetes").stderr == "Security Hub: 0 imported, 0 archived, 0 failed\n"
        del cluster.refused["/api/v1/pods"]
        assert audit(*options, "--kubernetes").stderr == "Security Hub: 0 imported, 1 archived, 0 failed\n"
        assert [one["RecordState"] for one in hub.stored.values()] == ["ARCHIVED"]


class TestSecurityHub:
    def test_what_is_found_is_imported_and_what_is_gone_is_archived(self, double: DoubleOfAws) -> None:
        hub = Hub(double)
        good = double.answers["eks:DescribeCluster"]
        public(double)
        first = audit("--security-hub", "--control", "CP-01")
        assert (first.exit_code, first.stderr) == (1, "Security Hub: 1 imported, 0 archived, 0 failed\n")
        double.answers["eks:DescribeCluster"] = good
        second = audit("--security-hub", "--control", "CP-01")
        assert (second.exit_code, second.stderr) == (0, "Security Hub: 0 imported, 1 archived, 0 failed\n")
        said = [(one["RecordState"], one["Compliance"]["Status"]) for one in hub.stored.values()]
        assert said == [("ARCHIVED", "PASSED")]

    def test_an_archived_finding_is_not_passed_while_its_control_still_fails(self, double: DoubleOfAws) -> None:
        hub = Hub(double)
        good = double.answers["eks:DescribeCluster"]
        public(double, ["0.0.0.0/0"])
        audit("--security-hub", "--control", "CP-03")
        double.answers["eks:DescribeCluster"] = good
        public(double, ["11.0.0.0/8"])
        second = audit("--security-hub", "--control", "CP-03")
        assert second.stderr == "Security Hub: 1 imported, 1 archived, 0 failed\n"
        said = sorted((one["RecordState"], one["Compliance"]["Status"]) for one in hub.stored.values())
        assert said == [("ACTIVE", "FAILED"), ("ARCHIVED", "FAILED")]

    def test_a_refusal_is_2(self, double: DoubleOfAws) -> None:
        Hub(double)
        public(double)
        double.refuse("securityhub:BatchImportFindings")
        result = audit("--security-hub", "--control", "CP-01")
        assert result.exit_code == 2
        assert "error: Security Hub: securityhub:BatchImportFindings" in result.stderr

    def test_nothing_is_written_without_the_option(self, double: DoubleOfAws) -> None:
        public(double)
        audit()
        assert not [
            call for call in double.calls if not call.split(":")[1].startswith(("BatchGet", "Describe", "Get", "List"))
        ]
