"""Principals and resource types are of the partition that the stack is in."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Template
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

import hardened_eks as hardened
from hardened_eks._principals import arn_problems
from hardened_eks.errors import ConfigurationError

CHINA = "arn:aws-cn:iam::123456789012:role/auditors"
COMMERCIAL = "arn:aws:iam::123456789012:role/auditors"


def stack_in(region: str | None) -> cdk.Stack:
    env = None if region is None else cdk.Environment(account="123456789012", region=region)
    return cdk.Stack(cdk.App(), "Partition", env=env)


@pytest.mark.parametrize(
    ("region", "arn", "partition"),
    [
        ("eu-west-1", CHINA, "aws"),
        ("cn-north-1", COMMERCIAL, "aws-cn"),
        ("us-gov-west-1", COMMERCIAL, "aws-us-gov"),
        ("cn-north-1", CHINA, None),
        ("eu-west-1", COMMERCIAL, None),
        ("", CHINA, None),
        ("${Token[AWS.Region.4]}", CHINA, None),
        ("xx-west-1", CHINA, None),
    ],
)
def test_principals(region: str, arn: str, partition: str | None) -> None:
    found = list(arn_problems("principal", arn, region=region))
    assert len(found) == (partition is not None)
    assert all(f"{region} is in the partition {partition}" in problem for problem in found)


def test_fails_when_an_access_entry_names_a_role_of_another_partition() -> None:
    stack = stack_in("eu-west-1")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    with pytest.raises(ConfigurationError, match="eu-west-1 is in the partition aws"):
        cluster.grant_view(CHINA)
    cluster.grant_view(COMMERCIAL)
    Template.from_stack(stack).has_resource_properties("AWS::EKS::AccessEntry", {"PrincipalArn": COMMERCIAL})


def test_fails_when_the_break_glass_role_trusts_a_user_of_another_partition() -> None:
    stack = stack_in("eu-west-1")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    with pytest.raises(ConfigurationError, match="eu-west-1 is in the partition aws: name an IAM user there"):
        cluster.add_break_glass_role(trusted=["arn:aws-cn:iam::123456789012:user/ana"])


def test_a_break_glass_role_of_a_stack_without_a_region_trusts_any_partition() -> None:
    stack = stack_in(None)
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    assert cluster.add_break_glass_role(trusted=["arn:aws-cn:iam::123456789012:user/ana"]).sealed is False


def test_fails_when_a_repository_admits_a_role_of_another_partition() -> None:
    with pytest.raises(ConfigurationError, match="cn-north-1 is in the partition aws-cn"):
        hardened.Repository(stack_in("cn-north-1"), "Repository", pull=[COMMERCIAL])


def test_fails_when_an_imported_clusters_name_and_arn_differ() -> None:
    arn = "arn:aws:eks:eu-west-1:123456789012:cluster/billing"
    with pytest.raises(ConfigurationError, match="'payments' and arn '.*cluster/billing' name two clusters"):
        hardened.Cluster.from_cluster_attributes(stack_in("eu-west-1"), "Cluster", name="payments", arn=arn)
    made = hardened.Cluster.from_cluster_attributes(stack_in("eu-west-1"), "Cluster", name="billing", arn=arn)
    assert made.arn == arn


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
def test_a_kubectl_handler_is_created_in_every_partition(region: str) -> None:
    stack = stack_in(region)
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    kubectl = cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"])
    assert kubectl.entry is not None
    assert stack.resolve(kubectl.entry.resource.principal_arn) == stack.resolve(kubectl.role.role_arn)


def detect(stack: cdk.Stack, channel: hardened.AlertChannel, evidence: str = "none") -> None:
    cluster = hardened.Cluster.from_cluster_attributes(
        stack, "Cluster", name="payments", keys=hardened.Keys(stack, "Keys")
    )
    hardened.Detection(
        stack,
        "Detection",
        cluster=cluster,
        alerts=channel,
        trail="elsewhere",
        dashboard=False,
        evidence=evidence,  # type: ignore[arg-type]
    )


def fargate(stack: cdk.Stack) -> None:
    hardened.Cluster(stack, "Cluster", version="1.36").add_fargate_profile(
        "Jobs", selectors=[hardened.FargateSelector(namespace="jobs")]
    )


def over_https(stack: cdk.Stack) -> None:
    arn = f"arn:{cdk.Aws.PARTITION}:secretsmanager:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:secret:alerts-AbCdEf"
    secret = secretsmanager.Secret.from_secret_complete_arn(stack, "Token", arn)
    detect(stack, hardened.alerts.PagerDuty(secret=secret))


SLACK = hardened.alerts.Slack(workspace_id="T0123ABCD", channel_id="C0123ABCD")
TEAMS = hardened.alerts.Teams(
    tenant_id="11111111-2222-3333-4444-555555555555", team_id="11111111-2222-3333-4444-555555555555",
    channel_id="19%3aabcdefghijklmnop%40thread.tacv2",
)  # fmt: skip
LACKING: dict[str, Callable[[cdk.Stack], object]] = {
    "AWS::EKS::FargateProfile": fargate,
    "AWS::Chatbot::SlackChannelConfiguration": lambda stack: detect(stack, SLACK),
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": lambda stack: detect(stack, TEAMS),
    "AWS::Events::ApiDestination": over_https,
    "AWS::CloudWatch::LogAlarm": lambda stack: detect(stack, hardened.alerts.Email("a@b.example"), "log-alarm"),
    "AWS::CloudFormation::LambdaHook": lambda stack: hardened.Hook(
        stack, "Hook", alerts=hardened.alerts.Email("a@b.example")
    ),
}


@pytest.mark.parametrize("kind", LACKING)
def test_what_govcloud_lacks_is_refused_there_and_made_elsewhere(kind: str) -> None:
    assert kind not in PROVIDER_SCHEMA_MANAGER.get_resource_types("us-gov-west-1")
    with pytest.raises(ConfigurationError, match=kind):
        LACKING[kind](stack_in("us-gov-west-1"))
    made = stack_in("eu-west-1")
    LACKING[kind](made)
    types = {one.cfn_resource_type for one in made.node.find_all() if isinstance(one, cdk.CfnResource)}
    assert kind in types


def test_a_hook_of_an_organization_names_no_region_that_lacks_hooks() -> None:
    with pytest.raises(
        ConfigurationError, match="a hook needs .*, which CloudFormation may not support in us-gov-east-1"
    ):
        hardened.OrganizationHook(
            stack_in("us-gov-west-1"), "Hook", organizational_units=["r-ab12"], regions=["us-gov-east-1"],
            code_bucket_prefix="hooks", alerts=[],
        )  # fmt: skip
