"""Controllers, really created by a CloudFormation engine: roles, rights, endpoints and the add-on."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from click.testing import CliRunner, Result

import hardened_eks as hardened
from hardened_eks.cli import group
from tests.addons.controllers_app import NAME, everything
from tests.docs.test_pages import FENCE
from tests.emulator.conftest import Account
from tests.emulator.service import REGION
from tests.iam import Policies, Request, evaluate

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
STACK = "HardenedEks-Addons"
TAG = "aws:ResourceTag/elbv2.k8s.aws/cluster"


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(context={"hardened-eks:dns_firewall": "block"}), STACK)
    cdk.Tags.of(stack).add("application", "payments")
    everything(hardened.Egress.NONE, stack)
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


def without_controllers(template: dict[str, Any]) -> dict[str, Any]:
    """The same stack after somebody took the controllers out of the code."""
    ids = (
        "LoadBalancerController",
        "ExternalSecrets",
        "ClusterAutoscaler",
        "ArgoCd",
        "FluentBit",
        "fluentbit",
        "FsxCsiDriver",
        "awsfsxcsidriver",
        "AdotCollector",
    )
    kept = {name: one for name, one in template["Resources"].items() if not any(id_ in name for id_ in ids)}
    return {**template, "Resources": kept}


def rights(account: Account, role_arn: str) -> list[dict[str, Any]]:
    """The policies of a role, as IAM has them."""
    iam, name = account.client("iam"), role_arn.rpartition("/")[2]
    found = []
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
        found.append(json.loads(document) if isinstance(document, str) else document)
    return found


def run(account: Account, *words: str) -> Result:
    """Run ``hardened-eks`` with the credentials of the account."""
    env = {
        "AWS_ENDPOINT_URL": account.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_PROFILE": None,
    }
    return CliRunner().invoke(group, words, env=env, catch_exceptions=False)


def commands(page: str) -> list[list[str]]:
    """The commands of a page that are ours, as words; the Region is that of the emulator."""
    text = (Path(__file__).parents[2] / "docs/how-to" / page).read_text(encoding="utf-8")
    lines = [line for _, language, body in FENCE.findall(text) if language == "sh" for line in body.splitlines()]
    return [shlex.split(line.replace("eu-west-1", REGION))[1:] for line in lines if line.startswith("hardened-eks ")]


def test_each_service_account_gets_its_rights_and_goes_again(
    account: Account, template: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.deploy(STACK, template)
    monkeypatch.chdir(tmp_path)
    for words in commands("adopt-a-cluster.md"):
        result = run(account, *words)
        assert result.exit_code in {0, 1, 3}, (words, result.output)
    assert result.stdout.count("| ") > 3 and Path("before.json").exists(), "the audit is kept, and the check judges it"
    kept = run(account, "upgrade", "--to", "1.37", "before.json", "--format", "json")
    (one,) = json.loads(kept.stdout)["plans"]
    assert (kept.exit_code, one["cluster"], one["start"]) == (0, NAME, "1.36"), "what an audit kept can be planned"
    assert "Nodes to 1.37" in kept.stdout
    planned = run(account, "upgrade", "--to", "1.37", "--cluster", NAME, "--region", REGION)
    assert planned.exit_code == 3, "the emulator has no insights, and not seen is not a pass"
    assert "Control plane to 1.37" in planned.stdout and "eks:ListInsights failed" in planned.stdout
    eks = account.client("eks")
    listed = eks.list_pod_identity_associations(clusterName=NAME)["associations"]
    roles = {
        (one["namespace"], one["serviceAccount"]): eks.describe_pod_identity_association(
            clusterName=NAME, associationId=one["associationId"]
        )["association"]["roleArn"]
        for one in listed
    }
    balancers = rights(account, roles["aws-load-balancer-controller", "aws-load-balancer-controller"])
    balancer = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/a/1"
    for cluster, allowed in ((NAME, True), ("other", False)):
        request = Request(action="elasticloadbalancing:DeleteLoadBalancer", resource=_here(balancers, balancer),
                          context={TAG: cluster})  # fmt: skip
        assert bool(evaluate(request, Policies(identity=balancers))) is allowed
    assert rights(account, roles["external-secrets", "external-secrets"])
    assert len({roles["argocd", name] for name in ("argocd-server", "argocd-application-controller")}) == 2
    assert "fluent-bit" in eks.list_addons(clusterName=NAME)["addons"]
    pages = account.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    assert {"elasticloadbalancing", "autoscaling"} <= {one["ServiceName"].rpartition(".")[2] for one in pages}
    account.deploy(STACK, without_controllers(template))
    left = eks.list_pod_identity_associations(clusterName=NAME)["associations"]
    assert {one["namespace"] for one in left} == {"kube-system"}, "those of the default add-ons"
    assert "fluent-bit" not in eks.list_addons(clusterName=NAME)["addons"]
    names = [role["RoleName"] for role in account.client("iam").list_roles()["Roles"]]
    assert not any(name.startswith(f"{STACK}-ClusterArgoCd") for name in names)


def _here(policies: list[dict[str, Any]], arn: str) -> str:
    """Put the account of the policies into an ARN."""
    for statement in (one for policy in policies for one in policy["Statement"]):
        for resource in statement["Resource"]:
            if ":loadbalancer/app/" in resource:
                return arn.replace("000000000000", resource.split(":")[4]).replace("us-east-1", resource.split(":")[3])
    raise AssertionError("no statement names load balancers")
