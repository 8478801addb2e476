"""`hardened-eks upgrade`: exit codes, formats, bad input, and what EKS says of a running cluster."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.sources import saved
from hardened_eks.sources.account import session
from hardened_eks.sources.account.asking import Clients
from hardened_eks.sources.account.upgrades import ACTIONS

MANIFEST = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: api}\n"
CLUSTER = {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "prod", "Version": "1.35"}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.json").write_text(json.dumps({"Resources": {"Cluster": CLUSTER}}))
    Path("old.yaml").write_text(MANIFEST)
    Path("new.yaml").write_text(MANIFEST.replace("v1beta1", "v1"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["upgrade", "--today", "2026-11-29", *arguments], catch_exceptions=False)


def test_nothing_blocks() -> None:
    result = run("--to", "1.37", "t.json", "new.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "prod (t.json:1): Kubernetes 1.35 to 1.37" in result.stdout
    assert result.stdout.endswith("nothing blocks the upgrade: 4 steps, each with its own deployment\n")


def test_an_api_that_goes_blocks_and_says_where() -> None:
    result = run("--to", "1.37", "t.json", "old.yaml")
    assert result.exit_code == 1
    assert "old.yaml:1: PodDisruptionBudget api: policy/v1beta1 is removed in Kubernetes" in result.stdout


def test_a_general_plan_needs_no_file() -> None:
    result = run("--from", "1.35", "--to", "1.36")
    assert result.exit_code == 0
    assert "there are no Kubernetes objects in PATHS" in result.stdout


def test_formats_and_a_file() -> None:
    result = run("--to", "1.37", "t.json", "old.yaml", "--format", "json", "--output", "plan.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads(Path("plan.json").read_text())["blocked"] is True
    assert run("--to", "1.37", "t.json", "-f", "markdown").stdout.startswith("# prod (t.json:1)")


def test_versions_of_add_ons_from_a_refreshed_file() -> None:
    addon = {"Type": "AWS::EKS::Addon", "Properties": {"AddonName": "coredns", "AddonVersion": "v1.9.3-eksbuild.1"}}
    Path("t.json").write_text(json.dumps({"Resources": {"Cluster": CLUSTER, "Dns": addon}}))
    known = {"coredns": {"v1.9.3-eksbuild.1": "1.35", "v1.12.4-eksbuild.1": "1.36*"}}
    Path("v.json").write_text(json.dumps({"asked": "EKS, 2026-11-28", "addons": known}))
    result = run("--to", "1.36", "t.json", "new.yaml", "--addon-versions", "v.json")
    assert result.exit_code == 1
    assert "EKS does not support its version v1.9.3-eksbuild.1 with 1.36: set v1.12.4-eksbuild.1" in result.stdout
    assert "note: add-on versions: EKS, 2026-11-28" in result.stdout


def test_what_an_audit_kept() -> None:
    one = saved.Environment(
        "111122223333", "eu-west-1", templates={"111122223333:eu-west-1": {"Resources": {"C": CLUSTER}}}
    )
    Path("before.json").write_text(saved.text([one], day="2026-11-28", version="1"))
    result = run("--to", "1.36", "before.json", "old.yaml")
    assert result.exit_code == 1
    assert "prod (aws://111122223333/eu-west-1): Kubernetes 1.35 to 1.36" in result.stdout
    assert "old.yaml:1: PodDisruptionBudget" in result.stdout
    Path("before.json").write_text(saved.text([one], day="2026-11-28", version="1")[:-30])
    assert run("--to", "1.36", "before.json").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("t.json",), "Missing option '--to'"),
        (("--to", "37", "t.json"), "--to: needs a Kubernetes version such as 1.37, got '37'"),
        (("--to", "1.037", "t.json"), "got '1.037'"),
        (("--to", "1.99", "t.json"), "--to: Kubernetes 1.99 is not known; EKS supports 1.34"),
        (("--to", "1.37", "--from", "abc"), "--from: needs a Kubernetes version"),
        (("--to", "1.36", "--from", "1.37"), "--from: 1.37 is newer than 1.36: EKS can return to an older version"),
        (("--to", "1.34", "t.json"), "t.json:1: cluster prod already has version 1.35"),
        (("--to", "1.37"), "nothing to upgrade: pass PATHS"),
        (("--to", "1.37", "missing.json"), "missing.json: no such file or directory"),
        (("--to", "1.37", "new.yaml"), "PATHS: PATHS contain no cluster: pass --from VERSION"),
        (("--to", "1.37", "t.json", "--region", "eu-west-1"), "--region: needs --cluster"),
        (("--to", "1.37", "t.json", "-o", "no/folder.txt"), "no/folder.txt: cannot be written"),
        (("--to", "1.37", "t.json", "-p", "A"), "needs KEY=VALUE, got 'A'"),
        (("--to", "1.37", "t.json", "--addon-versions", "none.json"), "none.json: cannot be read"),
        (("--to", "1.37", "t.json", "--addon-versions", "new.yaml"), "new.yaml: not JSON"),
        (("--to", "1.37", "t.json", "--addon-versions", "t.json"), "t.json: not a file that"),
    ],
)
def test_bad_input_is_told(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_every_mistake_is_told_at_once() -> None:
    result = run("--to", "x", "--from", "y", "missing.json", "--profile", "p")
    assert result.stderr.count("error:") == 4


@pytest.mark.parametrize(
    ("version", "words"), [(None, "is the default of EKS"), ({"Ref": "V"}, "known only at deployment")]
)
def test_a_version_that_is_not_known_is_asked_for(version: Any, words: str) -> None:
    properties = {"Name": "prod", **({} if version is None else {"Version": version})}
    Path("t.json").write_text(json.dumps({
        "Parameters": {"V": {"Type": "String"}},
        "Resources": {"C": {"Type": "AWS::EKS::Cluster", "Properties": properties}},
    }))  # fmt: skip
    result = run("--to", "1.37", "t.json")
    assert result.exit_code == 2 and words in result.stderr and "--from VERSION" in result.stderr
    assert run("--to", "1.37", "--from", "1.36", "t.json").exit_code == 0


# A running cluster; botocore's own stubs check every answer.


@pytest.fixture
def eks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    core = botocore.session.get_session()
    client = core.create_client("eks", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    identity = session.Identity("111122223333", "aws", "arn:aws:iam::111122223333:role/r", Clients(lambda *_: client))
    monkeypatch.setattr(session.Session, "identity", lambda *_: identity)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def live(*arguments: str) -> Result:
    return run("--cluster", "prod", "--region", "eu-west-1", *arguments)


def facts(eks: Stubber, *, insight: str = "ERROR", denied: str = "") -> None:
    """Queue what one reading of the cluster asks."""
    group_ = {"nodegroupName": "general", "version": "1.36", "amiType": "BOTTLEROCKET_ARM_64"}
    status = {"status": insight, "reason": "Deprecated API usage was detected."}
    summary = {"id": "i-1", "name": "Deprecated APIs removed in Kubernetes v1.37", "category": "UPGRADE_READINESS",
               "kubernetesVersion": "1.37", "insightStatus": status}  # fmt: skip
    detail = {
        "usage": "/apis/networking.k8s.io/v1beta1/servicecidrs", "replacedWith": "/apis/networking.k8s.io/v1/servicecidrs",
        "stopServingVersion": "1.37",
        "clientStats": [{"userAgent": "argocd", "numberOfRequestsLast30Days": 9, "lastRequestTime": datetime.now(UTC)}],
    }  # fmt: skip
    answers: list[tuple[str, dict[str, Any]]] = [
        ("describe_cluster", {"cluster": {"name": "prod", "version": "1.36"}}),
        ("list_addons", {"addons": ["coredns"]}),
        ("describe_addon", {"addon": {"addonName": "coredns", "addonVersion": "v1.12.4-eksbuild.1"}}),
        ("list_nodegroups", {"nodegroups": ["general"]}),
        ("describe_nodegroup", {"nodegroup": group_}),
        ("list_insights", {"insights": [summary]}),
    ]
    if insight != "PASSING":
        told = {**summary, "recommendation": "Move on.", "categorySpecificSummary": {"deprecationDetails": [detail]}}
        answers.append(("describe_insight", {"insight": told}))
    for operation, answer in answers:
        if operation == denied:
            eks.add_client_error(operation, service_error_code="AccessDeniedException")
            if operation == "list_insights":
                break
        else:
            eks.add_response(operation, answer)


def offered(eks: Stubber) -> None:
    fits = {
        "addonVersion": "v1.13.2-eksbuild.1",
        "compatibilities": [{"clusterVersion": "1.37", "defaultVersion": True}],
    }
    answer = {"addons": [{"addonName": "coredns", "addonVersions": [fits]}]}
    eks.add_response("describe_addon_versions", answer, {"addonName": "coredns", "kubernetesVersion": "1.37"})


def test_insights_of_a_running_cluster_block(eks: Stubber) -> None:
    facts(eks)
    offered(eks)
    result = live("--to", "1.37", "new.yaml")
    assert result.exit_code == 1
    assert "prod (111122223333 eu-west-1): Kubernetes 1.36 to 1.37" in result.stdout
    assert (
        "insight Deprecated APIs removed in Kubernetes v1.37: ERROR: Deprecated API usage was detected."
        in result.stdout
    )
    assert "is removed in 1.37; use /apis/networking.k8s.io/v1/servicecidrs; called by argocd." in result.stdout
    assert "coredns: v1.13.2-eksbuild.1, now v1.12.4-eksbuild.1" in result.stdout


def test_a_call_that_is_denied_is_not_a_pass(eks: Stubber) -> None:
    facts(eks, denied="list_insights")
    offered(eks)
    result = live("--from", "1.36", "--to", "1.37", "new.yaml")
    assert result.exit_code == 3
    assert "note: eks:ListInsights failed (AccessDeniedException): its data is not seen" in result.stdout


def test_passing_insights_and_known_add_ons(eks: Stubber) -> None:
    facts(eks, insight="PASSING")
    offered(eks)
    assert live("--from", "1.36", "--to", "1.37", "new.yaml").exit_code == 0


def test_no_such_cluster_lists_those_that_there_are(eks: Stubber) -> None:
    eks.add_client_error("describe_cluster", service_error_code="ResourceNotFoundException")
    eks.add_response("list_clusters", {"clusters": ["payments"]})
    result = live("--from", "1.36", "--to", "1.37")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no cluster 'prod' in 111122223333 eu-west-1; its clusters: payments" in result.stderr


def test_the_cluster_cannot_be_read_at_all(eks: Stubber) -> None:
    eks.add_client_error("describe_cluster", service_error_code="AccessDeniedException")
    result = live("--from", "1.36", "--to", "1.37")
    assert result.exit_code == 2 and "returned no data about 'prod'" in result.stderr


def test_the_help_names_every_right() -> None:
    text = " ".join(run("--help").stdout.split())
    assert [action for action in ACTIONS if action.removeprefix("eks:") not in text] == []
