"""Argo CD as a capability: private, people of IAM Identity Center, named namespaces, and the steps that are left."""

import json
import re
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
GROUP = "b4d8e428-f011-70a1-5c3e-9f1de2e4b0aa"
ARGUMENTS: dict[str, Any] = {
    "identity_center": INSTANCE,
    "vpc_endpoints": ["vpce-0123456789abcdef0"],
    "namespaces": ["payments", "orders"],
    "admins": [GROUP],
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Synthesizing raises on any finding of ours or of the packs."""
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("argo-cd")))
    stack = cdk.Stack(app, "GitOps", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    hardened.ArgoCdCapability(
        stack, "ArgoCd", cluster=cluster, **ARGUMENTS, viewers=[GROUP], identity_center_region="us-east-1"
    )
    cdk.Validations.of(app).add_plugins(
        hardened.Checks(), cdk_nag.AwsSolutionsChecks(), cdk_nag.NIST80053R5Checks(), cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
    )  # fmt: skip
    return app.synth().get_stack_by_name("GitOps")


def properties(found: Any, type_: str) -> dict[str, Any]:
    (one,) = (r["Properties"] for r in found.template["Resources"].values() if r["Type"] == type_)
    properties: dict[str, Any] = one
    return properties


def test_the_server_is_private_and_knows_people_of_identity_center(found: Any) -> None:
    made = properties(found, "AWS::EKS::Capability")
    argo = made["Configuration"]["ArgoCd"]
    assert (made["Type"], made["DeletePropagationPolicy"], made["ClusterName"]) == ("ARGOCD", "RETAIN", "payments")
    assert argo["NetworkAccess"] == {"VpceIds": ["vpce-0123456789abcdef0"]}
    assert argo["AwsIdc"] == {"IdcInstanceArn": INSTANCE, "IdcRegion": "us-east-1"}
    identity = [{"Id": GROUP, "Type": "SSO_GROUP"}]
    assert argo["RbacRoleMappings"] == [
        {"Role": "ADMIN", "Identities": identity}, {"Role": "VIEWER", "Identities": identity},
    ]  # fmt: skip


def test_cloudformation_knows_all_of_it(found: Any) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", "AWS::EKS::Capability").schema
    made = properties(found, "AWS::EKS::Capability")
    assert set(schema["required"]) <= set(made)
    assert set(made) <= set(schema["properties"])
    assert set(made["Configuration"]["ArgoCd"]) <= set(schema["definitions"]["ArgoCd"]["properties"])


def test_the_role_has_no_right_and_the_service_alone_takes_it(found: Any) -> None:
    role = properties(found, "AWS::IAM::Role")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "capabilities.eks.amazonaws.com"}
    assert sorted(statement["Action"]) == ["sts:AssumeRole", "sts:TagSession"]
    assert not {"Policies", "ManagedPolicyArns"} & set(role)


def test_the_two_steps_are_told(found: Any) -> None:
    (output,) = found.template["Outputs"].values()
    text = "".join(part if isinstance(part, str) else "X" for part in output["Value"]["Fn::Join"][1])
    grant, _, register = text.partition("; 2. ")
    assert "--access-scope type=namespace,namespaces=payments,orders" in grant
    assert grant.startswith("1. aws eks associate-access-policy --cluster-name payments --principal-arn ")
    assert "AmazonEKSEditPolicy" in grant
    secret = json.loads(re.search(r"'(\{.*\})'", register)[1])  # type: ignore[index]
    assert secret["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "cluster"}
    assert secret["stringData"]["server"].endswith("cluster/payments")
    assert any("both steps of the stack's output" in str(m.entry.data) for m in found.messages)


BAD = [
    ({"identity_center": "ssoins-1"}, "identity_center needs the ARN"),
    ({"vpc_endpoints": []}, "vpc_endpoints needs at least one endpoint, or the server would be public"),
    ({"vpc_endpoints": ["eks"]}, "vpc_endpoints needs interface endpoints or their IDs"),
    ({"namespaces": []}, "namespaces needs at least one"),
    ({"namespaces": ["kube-system"]}, "namespaces names 'kube-system'"),
    ({"namespaces": ["*"]}, "namespaces needs names"),
    ({"admins": []}, "admins needs at least one group"),
    ({"viewers": ["the viewers"]}, "viewers needs IDs of groups"),
    ({"editors": GROUP}, "editors needs a list"),
    ({"cluster": 5}, "cluster"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_mistakes_are_named(arguments: dict[str, Any], message: str) -> None:
    stack = cdk.Stack(cdk.App(), "GitOps")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    with pytest.raises(ConfigurationError) as caught:
        hardened.ArgoCdCapability(stack, "ArgoCd", **{"cluster": cluster, **ARGUMENTS, **arguments})
    assert message in str(caught.value)
