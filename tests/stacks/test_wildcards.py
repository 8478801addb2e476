"""Every wildcard in a policy of ours, and why it stays; AWS's service authorization reference is the judge.

The reference comes with cfn-lint (``Policies.json``): which actions a service has, and which of them know a resource.
Statements that deny are left out: a wildcard in them takes more away.
"""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

import hardened_eks as hardened
from hardened_eks.addons import AFTER_NODES, BEFORE_NODES
from hardened_eks.evidence import Assembly, Template, Unknown
from hardened_eks.evidence.views import endpoint_policies
from hardened_eks.evidence.policies import Statement, statements
from hardened_eks.data import endpoints, karpenter
from hardened_eks.data.addons import ADDONS
from hardened_eks.network import _endpoints
from hardened_eks.registry import PullThroughCache, SigningRule
from tests.stacks.conftest import Synthesized
from tests.stacks.test_enforced import everything  # noqa: F401 - a fixture

pytestmark = pytest.mark.xdist_group("stacks")

REFERENCE: dict[str, Any] = load_resource(AdditionalSpecs, "Policies.json")
IDENTITY = "AWS::IAM::ManagedPolicy"
HASH = re.compile(r"[0-9A-F]{8}$")
HERE = "arn:${AWS::Partition}:%s:${AWS::Region}:${AWS::AccountId}:"
IAM = "arn:${AWS::Partition}:iam::${AWS::AccountId}:"


class Grant(NamedTuple):
    """One action of one statement that allows, on one resource."""

    kind: str
    owner: str
    """Logical id without its hash."""
    action: str
    resource: str
    statement: Statement


def listed(owner: str, reason: str, *names: str) -> dict[tuple[str, str], str]:
    return {(owner, name): reason for name in names}


NO_RESOURCE = "the action knows no resource"
THIS_KEY = "in a key's own policy * is this key"
BY_CONDITION = "; the condition names who, in the way that the service documents"
WHO_PASSES = "an endpoint's policy says whose principals pass; what they may do, their own policies say"
READS = (
    "reads only; of the actions that these stacks call, those on a VPC's or an instance's attributes know a resource"
)

# (pattern of the logical id, action) -> why the action or its resource is a wildcard.
WILDCARDS = {
    **listed(
        "RecorderKey", THIS_KEY + BY_CONDITION, "kms:*", "kms:Decrypt", "kms:GenerateDataKey",
    ),
    **listed("*Keys*", f"{THIS_KEY}; AWS's default, without which a key can be locked for ever", "kms:*"),
    **listed("*KeysSecrets", f"{THIS_KEY}; for AWS services alone, which make grants with it", "kms:CreateGrant"),
    **listed(
        "*KeysVolumes", THIS_KEY + BY_CONDITION, "kms:CreateGrant", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*",
        "kms:GenerateDataKey*", "kms:DescribeKey",
    ),
    **listed(
        "*KeysLogs", THIS_KEY + BY_CONDITION, "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*",
        "kms:DescribeKey",
    ),
    **listed("*KeysImages", THIS_KEY + BY_CONDITION, "kms:CreateGrant"),
    **listed("*KeysFunctions", THIS_KEY + BY_CONDITION, "kms:CreateGrant"),
    **listed("*KeysNotifications", f"{THIS_KEY}; for three services of AWS", "kms:Decrypt", "kms:GenerateDataKey*"),
    **listed(
        "*NetworkS3Endpoint", "buckets are made by workloads; the condition admits this account's or organization's",
        "s3:GetObject", "s3:GetObjectAttributes", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:PutObject",
        "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts", "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads",
        "s3:GetBucketLocation",
    ),
    **listed(
        "*NetworkEcr???Endpoint", f"{WHO_PASSES}, and images of EKS add-ons are in accounts of AWS",
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
        "ecr:BatchImportUpstreamImage", "ecr:CreateRepository",
    ),
    **listed("*NetworkEcr???Endpoint", NO_RESOURCE, "ecr:GetAuthorizationToken"),
    **listed("*NetworkEcrApiEndpoint", WHO_PASSES, "ecr:Describe*"),
    **listed("*NetworkEc2Endpoint", WHO_PASSES, "ec2:*"),
    **listed("*NetworkEksAuthEndpoint", WHO_PASSES, "eks-auth:AssumeRoleForPodIdentity"),
    **listed("*NetworkEksEndpoint", WHO_PASSES, "eks:Describe*", "eks:List*", "eks:AccessKubernetesApi"),
    **listed("*NetworkStsEndpoint", NO_RESOURCE, "sts:GetCallerIdentity"),
    **listed(
        "*NetworkLogsEndpoint", WHO_PASSES, "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
        "logs:Describe*", "logs:PutRetentionPolicy",
    ),
    **listed("*NetworkSsmEndpoint", WHO_PASSES, "ssm:*"),
    **listed("*NetworkSsmmessagesEndpoint", NO_RESOURCE, "ssmmessages:*"),
    **listed("*NetworkEc2messagesEndpoint", NO_RESOURCE, "ec2messages:*"),
    **listed(
        "*NetworkSecretsmanagerEndpoint", WHO_PASSES, "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"
    ),
    **listed("ClusterNetworkGuarddutyDataEndpoint", WHO_PASSES, "guardduty:*"),
    **listed(
        "CreatorAlerts", NO_RESOURCE, "chatbot:CreateMicrosoftTeamsChannelConfiguration",
        "chatbot:CreateSlackChannelConfiguration", "chatbot:DescribeSlackChannelConfigurations",
        "chatbot:GetMicrosoftTeamsChannelConfiguration", "chatbot:ListTagsForResource",
    ),
    **listed(
        "Network*Endpoint", WHO_PASSES, "sqs:*", "acm-pca:*", "aps:*", "cloudwatch:*", "elasticfilesystem:*", "fsx:*",
        "guardduty:*", "networkflowmonitor:*", "xray:*",
    ),
    **listed(
        "*NetworkDefaultGroupRolePolicy", NO_RESOURCE, "ec2:DescribeSecurityGroups", "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ),
    **listed("BackupsVaultKey", f"{THIS_KEY}; AWS's default, without which a key can be locked for ever", "kms:*"),
    **listed("Trail*Key", f"{THIS_KEY}; AWS's default, without which a key can be locked for ever", "kms:*"),
    **listed(
        "Trail*Key", THIS_KEY + BY_CONDITION, "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey",
        "kms:GenerateDataKey*", "kms:ReEncrypt*",
    ),
    **listed("AdminRolePolicy", NO_RESOURCE, "logs:DescribeLogGroups"),
    **listed("CreatorNetwork", READS, "ec2:Describe*"),
    **listed("CreatorNetwork", NO_RESOURCE, "autoscaling:Describe*", "ssm:ListAssociations"),
    **listed("*NetworkAutoscalingEndpoint", WHO_PASSES, "autoscaling:*"),
    **listed("*NetworkSqsEndpoint", WHO_PASSES, "sqs:*"),
    **listed("*NetworkConfigEndpoint", WHO_PASSES, "config:*"),
    **listed(
        "RulesFunctionRolePolicy", NO_RESOURCE, "config:PutEvaluations", "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ),
    **listed(
        "*TerminationHandlerRolePolicy", NO_RESOURCE, "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeTags", "ec2:DescribeInstances",
    ),
    **listed("*KarpenterLookPolicy", NO_RESOURCE, *karpenter.DESCRIBE, "iam:ListInstanceProfiles"),
    **listed(
        "CreatorCluster", NO_RESOURCE, "eks:CreateCluster", "logs:DescribeIndexPolicies", "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
    ),
    **listed(
        "CreatorDns", NO_RESOURCE, "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery",
        "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
        "route53resolver:GetResolverQueryLogConfigAssociation",
        "route53resolver:ListResolverQueryLogConfigAssociations", "route53resolver:ListResolverQueryLogConfigs",
    ),
    **listed(
        "CreatorDetection", NO_RESOURCE, "cloudwatch:DescribeInsightRules", "logs:DeleteQueryDefinition",
        "logs:DeleteResourcePolicy", "logs:DescribeQueryDefinitions", "logs:PutQueryDefinition",
    ),
    **listed(
        "Detection*RolePolicy", NO_RESOURCE, "logs:CreateLogDelivery", "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
        "logs:PutResourcePolicy", "logs:UpdateLogDelivery", "xray:GetSamplingRules", "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ),
    **listed("DetectionMachinesKey", f"{THIS_KEY}; AWS's default, without which a key can be locked for ever", "kms:*"),
    **listed(
        "DetectionMachinesKey", THIS_KEY + BY_CONDITION, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey",
        "kms:ReEncrypt*",
    ),
    **listed("*KeysFunctions", f"{THIS_KEY}; for Lambda alone, which makes grants with it", "kms:CreateGrant"),
    **listed("*NetworkLambdaEndpoint", WHO_PASSES, "lambda:GetFunction", "lambda:GetFunctionConfiguration",
             "lambda:InvokeFunction"),
    **listed(
        "*RoleGrants", NO_RESOURCE, "ec2:DescribeSubnets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ),
    **listed(
        "*ServiceRoleRights", NO_RESOURCE, "ec2:DescribeSubnets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ),
    **listed("*NetworkConfigEndpoint", WHO_PASSES, "config:*"),
    **listed(
        "RulesFunctionRolePolicy", NO_RESOURCE, "config:PutEvaluations", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ),
    **listed("CreatorKeys", NO_RESOURCE, "kms:CreateKey"),
    **listed("CreatorKeys", "a new key has no ARN yet; the condition asks for keys without an owner", "kms:TagResource"),
    **listed(
        "CreatorImages", NO_RESOURCE, "ecr:CreatePullThroughCacheRule", "ecr:CreateRepositoryCreationTemplate",
        "ecr:DeletePullThroughCacheRule", "ecr:DeleteRepositoryCreationTemplate", "ecr:DeleteSigningConfiguration",
        "ecr:DescribePullThroughCacheRules", "ecr:DescribeRegistry", "ecr:DescribeRepositoryCreationTemplates",
        "ecr:GetRegistryScanningConfiguration", "ecr:GetSigningConfiguration", "ecr:PutRegistryScanningConfiguration",
        "ecr:PutReplicationConfiguration", "ecr:PutSigningConfiguration", "ecr:UpdateRepositoryCreationTemplate",
        "inspector2:Enable", "inspector2:Disable", "inspector2:ListAccountPermissions",
    ),
}  # fmt: skip

OWN_NAMES = "names of what the stacks make begin with their prefix; CloudFormation makes the rest"
MADE_IDS = "AWS makes the id when the resource is made; of this account and region"
BUCKETS = tuple(
    f"arn:${{AWS::Partition}}:s3:::{bucket}/*"
    for bucket in (
        "prod-${AWS::Region}-starport-layer-bucket", "amazon-ssm-${AWS::Region}", "aws-ssm-${AWS::Region}",
        "${AWS::Region}-birdwatcher-prod", "aws-ssm-document-attachments-${AWS::Region}",
        "al2023-repos-${AWS::Region}-de612dc2",
    )
)  # fmt: skip
# (pattern of the logical id, ARN) -> why its name is not given in full.
ARNS = {
    **listed(
        "*TerminationHandlerRolePolicy", "CloudFormation names groups, in stacks of their own too; the tag limits them",
        HERE % "autoscaling" + "autoScalingGroup:*:autoScalingGroupName/*",
    ),
    **listed(
        "*KarpenterLaunchPolicy", "they have no name before they are there; the tags of cluster and pool limit them",
        *(HERE % "ec2" + f"{kind}/*" for kind in karpenter.CREATED),
    ),
    **listed(
        "*KarpenterLaunchPolicy", "images and snapshots are AWS's",
        *(f"arn:${{AWS::Partition}}:ec2:${{AWS::Region}}::{kind}/*" for kind in ("image", "snapshot")),
    ),
    **listed(
        "*KarpenterKeepPolicy", "the tags of cluster and pool limit them", HERE % "ec2" + "instance/*",
        HERE % "ec2" + "launch-template/*",
    ),
    **listed(
        "*KarpenterLookPolicy", "public parameters of AWS, which name images",
        "arn:${AWS::Partition}:ssm:${AWS::Region}::parameter/aws/service/bottlerocket/*",
    ),
    **listed("CreatorCluster", OWN_NAMES, HERE % "ssm" + "parameter/hardened-eks/Payments*"),
    **listed("*NetworkS3Endpoint", "objects of one bucket of AWS, named by digest", *BUCKETS),
    **listed("*NetworkStsEndpoint", "roles of pods are made by workloads", f"{IAM}role/*"),
    **listed(
        "*NetworkStsEndpoint", "roles of pods are made by workloads; the condition names the organization",
        "arn:${AWS::Partition}:iam::*:role/*",
    ),
    **listed("RulesFunctionRolePolicy", "AWS Config makes up the ARNs of rules", HERE % "config" + "config-rule/*"),
    **listed("*DeliveryLogPolicy", "Amazon SNS names its log groups itself", HERE % "logs" + "log-group:sns/*"),
    **listed("RulesFunctionRolePolicy", "AWS Config names its rules itself", HERE % "config" + "config-rule/*"),
    **listed("AccessLogsAccessLogsPolicy", "S3 names its logs; the condition names the bucket", "${*.Arn}/*"),
    **listed(
        "AccessLogsPolicy", "load balancers name their logs", "${*.Arn}/load-balancers/AWSLogs/${AWS::AccountId}/*"
    ),
    **listed(
        "*NetworkS3Endpoint", "CloudFormation names the answers of custom resources",
        "arn:${AWS::Partition}:s3:::cloudformation-custom-resource-response-${Fn::Join}/*",
    ),
    **listed("RecorderAccessLogsPolicy", "S3 names its logs; the condition names the bucket", "${*.Arn}/*"),
    **listed("RecorderPolicy", "AWS Config names its files", "${*.Arn}/AWSLogs/${AWS::AccountId}/Config/*"),
    **listed("TrailBucketAccessLogsPolicy", "S3 names its logs; the condition names the bucket", "${*.Arn}/*"),
    **listed("TrailBucketPolicy", "CloudTrail names its files", "${*.Arn}/AWSLogs/${AWS::AccountId}/*"),
    **listed(
        "TrailWriterPolicy", "CloudTrail numbers its streams; the group is named",
        HERE % "logs" + "log-group:${*}:log-stream:${AWS::AccountId}_CloudTrail_${AWS::Region}*",
    ),
    **listed(
        "CreatorDetection", OWN_NAMES, HERE % "cloudwatch" + "insight-rule/hardened-eks-Payments*",
        "arn:${AWS::Partition}:cloudwatch::${AWS::AccountId}:dashboard/Payments*",
        HERE % "events" + "archive/Payments*", HERE % "scheduler" + "schedule/default/Payments*",
        HERE % "states" + "stateMachine:Payments*", HERE % "states" + "activity:Payments*",
    ),
    **listed("CreatorDetection", MADE_IDS, HERE % "kms" + "key/*", HERE % "logs" + "scheduled-query:*"),
    **listed(
        "Detection*RolePolicy", "streams of one log group, whose names come and go",
        HERE % "logs" + "log-group:/aws/eks/hardened/cluster:*",
        HERE % "logs" + "log-group:/aws/eks/All-Cluster/cluster:*",
    ),
    **listed("CreatorCluster", OWN_NAMES, HERE % "logs" + "log-group:/aws/events/Payments*"),
    **listed(
        "CreatorAlerts", OWN_NAMES, "arn:${AWS::Partition}:chatbot::${AWS::AccountId}:chat-configuration/*/Payments*",
        HERE % "cloudwatch" + "alarm:Payments*", HERE % "events" + "api-destination/Payments*",
        HERE % "events" + "connection/Payments*", HERE % "secretsmanager" + "secret:Payments-alerts/*",
        HERE % "secretsmanager" + "secret:events!connection/Payments*",
    ),
    **listed("CreatorAlerts", "CloudWatch asks for all alarms where it lists some", HERE % "cloudwatch" + "alarm:*"),
    **listed(
        "*RegistryCreatorRolePolicy", "which repositories ECR will create is not known before",
        HERE % "ecr" + "repository/*",
    ),
    **listed(
        "CreatorNetwork", MADE_IDS, HERE % "ec2" + "*", *(HERE % "ec2" + f"{kind}/*" for kind in (
            "elastic-ip", "internet-gateway", "launch-template", "natgateway", "route-table", "security-group",
            "security-group-rule", "subnet", "vpc", "vpc-encryption-control", "vpc-endpoint", "vpc-flow-log",
        )),
    ),
    **listed(
        "CreatorHosts", MADE_IDS, HERE % "ssm" + "association/*", *(HERE % "ec2" + f"{kind}/*" for kind in (
            "instance", "launch-template", "network-interface", "security-group", "subnet", "volume",
        )),
    ),
    **listed(
        "CreatorHosts", "reserved capacity and its groups are the account's own, with the owner tag that lends them",
        *(HERE % "ec2" + f"{kind}/*" for kind in ("capacity-reservation", "placement-group")),
        HERE % "resource-groups" + "group/*",
    ),
    **listed(
        "CreatorHosts", "images and snapshots are AWS's",
        *(f"arn:${{AWS::Partition}}:ec2:${{AWS::Region}}::{kind}/*" for kind in ("image", "snapshot")),
    ),
    **listed(
        "CreatorNetwork", "an adopted VPC may be shared by another account; the condition leaves out this one",
        *(f"arn:${{AWS::Partition}}:ec2:${{AWS::Region}}:*:{kind}/*" for kind in ("subnet", "vpc")),
    ),
    **listed(
        "CreatorNetwork", "private DNS of endpoints is a hosted zone of AWS's", "arn:${AWS::Partition}:route53:::hostedzone/*"
    ),
    **listed(
        "CreatorIdentity", OWN_NAMES, f"{IAM}role/Payments*", f"{IAM}policy/Payments*", f"{IAM}instance-profile/Payments*"
    ),
    **listed(
        "CreatorIdentity", "EKS makes the issuer's name with the cluster",
        f"{IAM}oidc-provider/oidc.eks.${{AWS::Region}}.${{AWS::URLSuffix}}/id/*",
        f"{IAM}oidc-provider/oidc-eks.${{AWS::Region}}.api.aws/id/*",
    ),
    **listed(
        "CreatorHosts", "IAM names the roles of services itself", f"{IAM}role/aws-service-role/*",
        *(f"{IAM}role/aws-service-role/{service}.amazonaws.com/*" for service in (
            "autoscaling", "eks", "eks-fargate", "eks-nodegroup", "spot",
        )),
    ),
    **listed(
        "CreatorCluster", "names of clusters begin with their prefix", *(HERE % "eks" + f"{kind}/Payments*" for kind in (
            "access-entry", "addon", "cluster", "fargateprofile", "nodegroup", "podidentityassociation",
        )), HERE % "eks" + "access-entry/Payments*/role/${AWS::AccountId}/*",
        HERE % "eks" + "access-entry/Payments*/role/${AWS::AccountId}/Payments*", HERE % "logs" + "log-group:/aws/eks/Payments*",
    ),
    **listed("CreatorCluster", OWN_NAMES, HERE % "logs" + "log-group:Payments*"),
    **listed(
        "CreatorHosts", OWN_NAMES, HERE % "autoscaling" + "autoScalingGroup:*:autoScalingGroupName/Payments*"
    ),
    **listed(
        "CreatorDns", MADE_IDS, *(HERE % "route53resolver" + f"{kind}/*" for kind in (
            "firewall-domain-list", "firewall-rule-group", "firewall-rule-group-association",
            "resolver-query-log-config",
        )),
    ),
    **listed("CreatorKeys", MADE_IDS, HERE % "kms" + "key/*"),
    **listed(
        "CreatorParts", OWN_NAMES, HERE % "ssm" + "document/Payments*", HERE % "lambda" + "function:Payments*",
        HERE % "cloudformation" + "stack/Payments*/*",
    ),
    **listed(
        "CreatorParts", "public parameters of AWS, such as the newest image",
        "arn:${AWS::Partition}:ssm:${AWS::Region}::parameter/aws/service/*",
    ),
    **listed("CreatorParts", "the version of the CDK's bootstrap stack", HERE % "ssm" + "parameter/cdk-bootstrap/*"),
    **listed(
        "CreatorAlerts", OWN_NAMES, HERE % "events" + "rule/Payments*", HERE % "sns" + "Payments*",
        HERE % "sqs" + "Payments*",
    ),
    **listed("CreatorImages", OWN_NAMES, HERE % "ecr" + "repository/payments*"),
    **listed(
        "CreatorImages", "the creation template for all names, and the character itself",
        HERE % "ecr" + "repository/ROOT*", HERE % "ecr" + "repository/${*}",
    ),
    **listed(
        "CreatorImages", "ECR demands this beginning of the name", HERE % "secretsmanager" + "secret:ecr-pullthroughcache/*"
    ),
}  # fmt: skip


def documents(value: Any) -> Iterator[Any]:
    """Every policy document in a resource, also those that are written as text."""
    if isinstance(value, str | Unknown):
        text = str(value)
        if text.startswith("{") and '"Statement"' in text:
            yield json.loads(text)
    elif isinstance(value, dict):
        if "Statement" in value:
            yield value
        else:
            for item in value.values():
                yield from documents(item)
    elif isinstance(value, list):
        for item in value:
            yield from documents(item)


def made_with_every_choice() -> dict[str, Any]:
    """What the stacks do not choose: an organization, NAT, all add-ons, tokens of Kubernetes, caches."""
    app = cdk.App()
    stack = cdk.Stack(app, "All")
    organization = "o-a1b2c3d4e5"
    network = hardened.Network(
        stack, "Network", egress="nat", pod_cidrs=["100.64.0.0/16"], endpoints=["sqs"], organization_id=organization
    )
    extra = sorted(set(ADDONS) - {*BEFORE_NODES, *AFTER_NODES})
    cluster = hardened.Cluster(
        stack, "Cluster", version="1.36", network=network, addons=hardened.AddonOptions(extra=extra)
    )
    cluster.add_node_group("general", instance_types=["m7g.large"], session_manager=True)
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"], sealed=True)
    hardened.ServiceAccountRole(stack, "Pod", cluster=cluster, namespace="payments", service_account="api")
    hardened.Registry(
        stack,
        "Registry",
        replicate_to=["eu-west-1"],
        pull_through=[PullThroughCache(prefix="quay", upstream="quay.io")],
        signing=[SigningRule(profile_arn="arn:aws:signer:eu-west-1:123456789012:/signing-profiles/images")],
    )
    hardened.Repository(
        stack, "Repository", organization_id=organization, pull=["arn:aws:iam::123456789012:role/nodes"]
    )
    return app.synth().get_stack_by_name("All").template


@pytest.fixture(scope="module")
def grants(isolated: Synthesized, nat: Synthesized, everything: dict[str, Any]) -> list[Grant]:  # noqa: F811
    bodies = [everything, made_with_every_choice(), *isolated.templates.values(), *nat.templates.values()]
    return [
        Grant(resource.type, HASH.sub("", resource.logical_id), action, on, statement)
        for number, body in enumerate(bodies)
        for resource in Assembly([Template(f"{number}", body)]).of("*")
        if not resource.logical_id.startswith("BoundaryPolicy")  # a permissions boundary permits nothing
        for document in documents(resource.properties)
        for statement in statements(document)
        if statement.allows
        for action in statement.actions
        for on in statement.resources or ("",)  # a trust policy names none
    ]


def described(action: str) -> dict[str, Any]:
    """The actions that a name or a pattern stands for, with what the reference says of each."""
    service, _, name = action.lower().partition(":")
    actions = REFERENCE[service]["Actions"]
    return {other: actions[other] for other in actions if fnmatchcase(other, name)}


def knows_a_resource(action: str) -> bool:
    return any("Resources" in description for description in described(action).values())


def reasons(table: dict[tuple[str, str], str], owner: str, what: str) -> list[tuple[str, str]]:
    plain = re.sub(r"\$\{(?!AWS::)\w+", "${*", what)  # a resource of the stack, whose logical ID has a hash
    return [key for key in table if fnmatchcase(owner, key[0]) and key[1] in (what, plain)]


def compare(found: set[tuple[str, str]], table: dict[tuple[str, str], str]) -> None:
    unknown = sorted(f"{owner}: {what}" for owner, what in found if not reasons(table, owner, what))
    assert unknown == [], "name the resource or the action; what cannot be narrower goes into the table with its reason"
    used = {key for owner, what in found for key in reasons(table, owner, what)}
    assert [key for key in table if key not in used] == [], "these wildcards are gone: take them out of the table"


def test_policies_of_all_kinds_are_read(grants: list[Grant]) -> None:
    assert {grant.kind for grant in grants} == {
        IDENTITY, "AWS::IAM::Role", "AWS::KMS::Key", "AWS::EC2::VPCEndpoint", "AWS::ECR::Repository",
        "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::Logs::ResourcePolicy",
    }  # fmt: skip
    assert not [g for g in grants if g.statement.unknown or g.statement.not_actions or g.statement.not_resources]


def test_every_wildcard_left_has_its_reason(grants: list[Grant]) -> None:
    compare({(g.owner, g.action) for g in grants if "*" in g.action or g.resource == "*"}, WILDCARDS)


def test_every_open_end_of_an_arn_has_its_reason(grants: list[Grant]) -> None:
    compare({(g.owner, g.resource) for g in grants if "*" in g.resource and g.resource != "*"}, ARNS)


def test_no_action_is_everything(grants: list[Grant]) -> None:
    assert [g for g in grants if g.action == "*"] == []


def test_no_action_of_an_identity_is_a_whole_service(grants: list[Grant]) -> None:
    assert [g for g in grants if g.kind == IDENTITY and g.action.endswith(":*")] == []


def test_the_reference_knows_every_action(grants: list[Grant]) -> None:
    assert sorted({g.action for g in grants if not described(g.action)}) == []


def test_the_reference_confirms_that_an_action_knows_no_resource() -> None:
    """And the other way round: no other reason is given for an action that knows none."""
    wrong = {key for key, reason in WILDCARDS.items() if knows_a_resource(key[1]) == (reason == NO_RESOURCE)}
    assert wrong == set()


def test_identities_name_resources_wherever_the_reference_can(grants: list[Grant]) -> None:
    everywhere = {g.action for g in grants if g.kind == IDENTITY and g.resource == "*" and knows_a_resource(g.action)}
    assert everywhere == {"ec2:Describe*", "kms:TagResource"}


def test_an_action_without_a_resource_is_not_given_on_one(grants: list[Grant]) -> None:
    """IAM would never match it: the permission would be missing at deployment."""
    useless = {g.action for g in grants if g.kind == IDENTITY and g.resource != "*" and not knows_a_resource(g.action)}
    assert useless == set()


def test_whoever_is_let_through_everywhere_is_known(grants: list[Grant]) -> None:
    """Endpoint and key policies with Resource * say by a condition or a principal whom they admit."""
    open_to_all = {
        (g.owner, g.action) for g in grants if g.kind != IDENTITY and g.resource == "*" and g.statement.public
    }
    assert open_to_all == set()


# IAM knows no actions of these services, so that no action can be named; the condition on principals holds for them too.
WITHOUT_ACTIONS = {
    "console", "elastic-inference.runtime", "emrwal.prod", "evidently", "evidently-dataplane", "iotroborunner",
}  # fmt: skip


PULL_ONLY = ("ecr.", "secretsmanager")
"""Endpoints that carry nothing away: their policies name actions that only read."""


@pytest.mark.parametrize("organization", [None, "o-a1b2c3d4e5"])
def test_every_endpoint_that_can_be_asked_for_admits_known_principals(organization: str | None) -> None:
    everything_allowed = set()
    for service in endpoints.INTERFACE:
        first, *federated = _endpoints._interface_statements(service, organization)
        whose = set(first["Condition"]["StringEquals"])
        assert "aws:PrincipalOrgID" in whose if organization else "aws:PrincipalAccount" in whose
        carries = service.removesuffix("-fips") in endpoint_policies.CARRIES and not service.startswith(PULL_ONLY)
        assert not carries or first["Resource"] != "*" or whose & {"aws:ResourceAccount", "aws:ResourceOrgID"}, service
        if "*" in first["Action"]:
            everything_allowed.add(service)
        assert bool(federated) == (service in {"sts", "sts-fips"})
    assert everything_allowed == WITHOUT_ACTIONS
