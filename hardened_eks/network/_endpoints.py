"""VPC endpoints, each with its own policy.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html,
https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html,
https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-minimum-s3-permissions.html,
https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-operations-s3-buckets.html,
https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/vpc_endpoint_policies
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._roles import shared
from hardened_eks.data import endpoints
from hardened_eks.data.regions import patch_buckets
from hardened_eks.network._security_group import SecurityGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

# Actions of nodes, add-ons and the SSM agent. A service that is not listed allows all actions with its own prefix.
_ACTIONS = {
    "ecr.api": ("ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:Describe*",
                "ecr:GetDownloadUrlForLayer", "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"),
    "ecr.dkr": ("ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer", "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"),
    "eks-auth": ("eks-auth:AssumeRoleForPodIdentity",),
    "eks": ("eks:Describe*", "eks:List*", "eks:AccessKubernetesApi"),
    "logs": ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:Describe*",
             "logs:PutRetentionPolicy"),
    "sts": ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
    "secretsmanager": ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
    "lambda": ("lambda:InvokeFunction", "lambda:GetFunction", "lambda:GetFunctionConfiguration"),
}  # fmt: skip
# Services with resources that another account can share with our principals: the policy must also limit resources.
_CROSS_ACCOUNT = frozenset(
    {"dynamodb", "events", "execute-api", "kinesis-streams", "lambda", "s3", "s3-global.accesspoint", "s3express",
     "sns", "sqs", "states"}
)  # fmt: skip
# Actions of pods on their own objects. They must not change retention, ACLs or the buckets themselves.
_OBJECTS = (
    "s3:GetObject", "s3:GetObjectAttributes", "s3:GetObjectTagging", "s3:GetObjectVersion",
    "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion",
    "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
    "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:GetBucketLocation",
)  # fmt: skip


def security_group(scope: Construct, vpc_id: str) -> SecurityGroup:
    """Create the endpoints' security group, which admits nobody yet and has no outbound rules."""
    return SecurityGroup(
        scope, "EndpointsSecurityGroup", description="VPC endpoints: HTTPS from nodes and pods", vpc_id=vpc_id
    )


def admit(endpoints: SecurityGroup, scope: Construct, name: str, client_id: str) -> None:
    """Create the inbound and the outbound rule in the client's scope, to avoid circular references between stacks."""
    create(
        ec2.CfnSecurityGroupIngress,
        scope,
        f"{name}ToEndpointsIngress",
        group_id=endpoints.group_id,
        source_security_group_id=client_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="HTTPS from nodes and pods",
    )
    create(
        ec2.CfnSecurityGroupEgress,
        scope,
        f"{name}ToEndpointsEgress",
        group_id=client_id,
        destination_security_group_id=endpoints.group_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="AWS services through VPC endpoints",
    )


def interface(
    scope: Construct,
    service: str,
    *,
    vpc_id: str,
    region: str,
    subnet_ids: Sequence[str],
    security_group_id: str,
    organization_id: str | None,
) -> ec2.CfnVPCEndpoint:
    """Create an interface endpoint with private DNS."""
    return create(
        ec2.CfnVPCEndpoint,
        scope,
        _construct_id(service),
        vpc_id=vpc_id,
        service_name=_service_name(service, region),
        vpc_endpoint_type="Interface",
        private_dns_enabled=True,
        subnet_ids=list(subnet_ids),
        security_group_ids=[security_group_id],
        policy_document=_policy(service, organization_id),
    )


def gateway(
    scope: Construct,
    service: str,
    *,
    vpc_id: str,
    region: str,
    route_tables: Sequence[str | ec2.CfnRouteTable],
    organization_id: str | None,
) -> ec2.CfnVPCEndpoint:
    """Create a gateway endpoint, which is a route in each table."""
    return create(
        ec2.CfnVPCEndpoint,
        scope,
        _construct_id(service),
        vpc_id=vpc_id,
        service_name=f"com.amazonaws.{_aws.region()}.{service}",
        vpc_endpoint_type="Gateway",
        route_table_ids=list(route_tables),
        policy_document=s3_policy(organization_id, region) if service == "s3" else _policy(service, organization_id),
    )


@cache
def _policy(service: str, organization_id: str | None) -> cdk.IResolvable:
    return shared(*_interface_statements(service, organization_id))


@cache
def s3_policy(organization_id: str | None, region: str, *, custom_resources: bool = False) -> cdk.IResolvable:
    """Return the policy of the S3 endpoint.

    Args:
        organization_id: ID of the organization whose principals and buckets are admitted. None: those of the account.
        region: Region of the stack, whose buckets of Patch Manager are admitted if their names are known.
        custom_resources: also admit responses of custom resources to CloudFormation. Default: no.
    """
    return shared(*_s3_statements(organization_id, region), *(_answers() if custom_resources else ()))


def _answers() -> list[dict[str, Any]]:
    # A custom resource uploads its response to a presigned URL of CloudFormation, so only the bucket can be limited.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
    bucket = f"cloudformation-custom-resource-response-{_region_without_dashes()}"
    resource = f"arn:{_aws.partition()}:s3:::{bucket}/*"
    return [{"Sid": "CustomResources", "Principal": {"AWS": "*"}, "Action": "s3:PutObject", "Resource": resource}]


@cache
def _region_without_dashes() -> str:
    return cdk.Fn.join("", cdk.Fn.split("-", _aws.region()))


def _construct_id(service: str) -> str:
    return "".join(part.capitalize() for part in service.replace("-", ".").split(".")) + "Endpoint"


def _service_name(service: str, region: str) -> str:
    here = region if region in endpoints.REGIONS_WITH_OTHER_NAMES else _aws.region()
    return endpoints.service_name(service, here)


def _s3_statements(organization_id: str | None, known_region: str) -> list[dict[str, Any]]:
    """Admit image layers, the agents' own buckets, and buckets of this account or organization."""
    region, partition = _aws.region(), _aws.partition()
    # Layers are downloaded with presigned URLs of ECR, and agents are anonymous, so only the bucket can be limited.
    public = (
        f"prod-{region}-starport-layer-bucket",
        f"amazon-ssm-{region}",
        f"aws-ssm-{region}",
        f"{region}-birdwatcher-prod",
        f"aws-ssm-document-attachments-{region}",
        f"al2023-repos-{region}-de612dc2",
        # By full name: a pattern instead of the suffix would also admit a bucket that somebody else creates.
        *(patch_buckets(known_region) or ()),
    )
    return [
        {
            "Sid": "AwsOwnedBuckets",
            "Principal": {"AWS": "*"},
            "Action": "s3:GetObject",
            "Resource": [f"arn:{partition}:s3:::{bucket}/*" for bucket in public],
        },
        {
            "Sid": "OwnBuckets",
            "Principal": {"AWS": "*"},
            "Action": list(_OBJECTS),
            "Resource": "*",
            "Condition": {"StringEquals": {**_our_principals(organization_id), **_our_resources(organization_id)}},
        },
    ]


def _interface_statements(service: str, organization_id: str | None) -> list[dict[str, Any]]:
    plain, prefix = service.removesuffix("-fips"), endpoints.iam_prefix(service)
    principals, resources = _our_principals(organization_id), _our_resources(organization_id)
    statement: dict[str, Any] = {
        "Principal": {"AWS": "*"},
        "Action": list(_ACTIONS.get(plain, ["*" if prefix == "*" else f"{prefix}:*"])),
        "Resource": "*",
        "Condition": {"StringEquals": {**principals, **(resources if plain in _CROSS_ACCOUNT else {})}},
    }
    return [statement] if plain != "sts" else _sts_statements(statement, organization_id)


def _sts_statements(ours: dict[str, Any], organization_id: str | None) -> list[dict[str, Any]]:
    """Admit our principals and pods, but only to our roles: data could leave through another account's role."""
    roles = f"arn:{_aws.partition()}:iam::{'*' if organization_id else _aws.account()}:role/*"
    resources = _our_resources(organization_id) if organization_id else {}
    principals = _our_principals(organization_id)
    # A pod has a Kubernetes token and is not an AWS principal yet ({"AWS": "*"} does not match it), so only the role
    # that it assumes can be limited.
    federated = {"Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": roles}
    return [
        {**ours, "Resource": roles, "Condition": {"StringEquals": {**principals, **resources}}},
        {**federated, **({"Condition": {"StringEquals": resources}} if resources else {})},
        {**ours, "Action": "sts:GetCallerIdentity"},
    ]


def _our_principals(organization_id: str | None) -> dict[str, str]:
    if organization_id is not None:
        return {"aws:PrincipalOrgID": organization_id}
    return {"aws:PrincipalAccount": _aws.account()}


def _our_resources(organization_id: str | None) -> dict[str, str]:
    if organization_id is not None:
        return {"aws:ResourceOrgID": organization_id}
    return {"aws:ResourceAccount": _aws.account()}
