"""The policies' form: sizes, actions and condition keys that exist, parameters that the cluster sends."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import aws_cdk as cdk
import botocore.session
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.data.log_types import CONTROL_PLANE
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Template as Evidence
from hardened_eks.guardrails import LIMITS, Kind, Settings, guardrails, organization_guardrails
from hardened_eks.guardrails._shape import PARAMETERS, shape

POLICIES = guardrails(Settings(organization_id="o-exampleorg1"))
SERVICES = {"logs": "logs", "access-analyzer": "accessanalyzer"}
NO_OPERATION = {"eks:MutateViaKubernetesApi", "ecr:UntagResource"}
"""Actions of IAM that are called otherwise in the API."""
EKS_KEYS = {
    *("endpointPublicAccess", "endpointPrivateAccess", "authenticationMode", "bootstrapClusterCreatorAdminPermissions"),
    *("deletionProtection", "supportType", "encryptionConfigProviderKeyArns", "kubernetesVersion", "policyArn"),
    *("accessScope", "kubernetesGroups", "principalArn"),
}


def actions() -> list[str]:
    listed = [s["Action"] for policy in POLICIES for s in policy.statements]
    return sorted({one for given in listed for one in ([given] if isinstance(given, str) else given)} - {"*"})


def test_kinds_and_names() -> None:
    assert [(policy.name, str(policy.kind), policy.kind.organizations_type) for policy in POLICIES] == [
        ("hardened-eks-shape", "scp", "SERVICE_CONTROL_POLICY"),
        ("hardened-eks-access", "scp", "SERVICE_CONTROL_POLICY"),
        ("hardened-eks-evidence", "scp", "SERVICE_CONTROL_POLICY"),
        ("hardened-eks-data", "rcp", "RESOURCE_CONTROL_POLICY"),
        ("hardened-eks-boundary", "boundary", ""),
    ]
    assert [p.kind for p in guardrails(Settings())] == [Kind.SCP] * 3 + [Kind.BOUNDARY]
    assert guardrails(Settings(name_prefix="bank", boundary="path/limit"))[0].name == "bank-shape"


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_form(policy: Any) -> None:
    sids = [statement["Sid"] for statement in policy.statements]
    assert len(sids) == len(set(sids))
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)
    assert len(policy.text) <= LIMITS[policy.kind]
    assert json.loads(policy.text) == policy.content
    effects = {statement["Effect"] for statement in policy.statements if statement["Sid"] != "Within"}
    assert effects == {"Deny"}
    if policy.kind is Kind.RCP:
        assert all(s["Principal"] == "*" and s["Resource"] == "*" for s in policy.statements)
        known = {"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "logs"}
        assert {one.partition(":")[0] for s in policy.statements for one in s["Action"]} <= known


def test_limits() -> None:
    assert LIMITS == {Kind.SCP: 10_240, Kind.RCP: 5_120, Kind.BOUNDARY: 6_144}


def test_fails_when_policies_are_too_large() -> None:
    many = tuple(f"a-role-with-a-name-{number}" for number in range(60))
    with pytest.raises(ConfigurationError) as caught:
        organization_guardrails(Settings(break_glass_roles=many))
    assert [re.sub(r"\d{5,}", "N", problem) for problem in caught.value.problems] == [
        f"hardened-eks-{name} has N characters, but a policy of type scp can have at most N: list fewer roles, accounts or log groups, "
        "or cover several with one pattern"
        for name in ("shape", "access")
    ]


def test_every_action_exists() -> None:
    session = botocore.session.get_session()
    strange = []
    for action in actions():
        service, _, name = action.partition(":")
        operations = session.get_service_model(SERVICES.get(service, service)).operation_names
        found = any(fnmatchcase(operation, name) for operation in operations)
        if not found and action not in NO_OPERATION:
            strange.append(action)
    assert strange == []
    assert len(actions()) > 80


def test_every_eks_condition_key_exists() -> None:
    used = set(re.findall(r'"eks:([a-z]\w+(?:/\w+)?)":', json.dumps([policy.content for policy in POLICIES])))
    assert used == EKS_KEYS | {f"loggingType/{name}" for name in CONTROL_PLANE}


@pytest.fixture(scope="module")
def properties() -> Any:
    """What the default cluster sends, as CloudFormation gets it."""
    stack = cdk.Stack(cdk.App(), "Payments")
    hardened.Cluster(stack, "Cluster", version="1.36")
    (found,) = Template.from_stack(stack).find_resources("AWS::EKS::Cluster").values()
    return Evidence("Payments", {"Resources": {"Cluster": found}}).resources["Cluster"]


def test_every_parameter_that_the_shape_asks_for_is_known() -> None:
    asked = set(re.findall(r'"(eks:[a-z]\w+(?:/\w+)?)":', json.dumps(list(shape(Settings())))))
    assert asked == set(PARAMETERS)


@pytest.mark.parametrize(("key", "path"), sorted(PARAMETERS.items()))
def test_the_cluster_sends_every_parameter_that_the_shape_asks_for(properties: Any, key: str, path: str) -> None:
    """An omitted parameter is refused by the guardrail: without it the library would lock its own users out."""
    value = properties.get(path)
    assert value is not None
    if key.startswith("eks:loggingType/"):
        assert key.partition("/")[2] in [one["Type"] for one in value]


def test_the_cluster_has_the_shape(properties: Any) -> None:
    written = {path: properties.get(path) for path in PARAMETERS.values()}
    assert {path: value for path, value in written.items() if isinstance(value, str | bool)} == {
        "ResourcesVpcConfig.EndpointPublicAccess": False,
        "ResourcesVpcConfig.EndpointPrivateAccess": True,
        "AccessConfig.BootstrapClusterCreatorAdminPermissions": False,
        "AccessConfig.AuthenticationMode": "API",
        "DeletionProtection": True,
        "UpgradePolicy.SupportType": "STANDARD",
        "Version": "1.36",
    }
