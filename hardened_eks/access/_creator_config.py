"""Permissions of the governance role on AWS Config, its packs and aggregators, and on declarative policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws
from hardened_eks.access import _actions
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

AWS_POLICIES: Final = ("service-role/AWSConfigRoleForOrganizations",)
PASSED_TO: Final = ("config.amazonaws.com", "ssm.amazonaws.com")
LINKED_ROLES: Final = (
    "config-conforms.amazonaws.com", "config-multiaccountsetup.amazonaws.com", "config.amazonaws.com",
)  # fmt: skip
WILDCARDS: Final = {
    "Config": "the delivery channel and these lists of AWS Config take no resource ARN; limited to the stack's Region",
    "Administrators": "AWS Config reads its administrators with the caller's permissions, which takes no resource ARN",
    "Trusted": "trusted access of services takes no resource ARN; limited to AWS Config",
    "DeclarativePolicies": "the list of policies takes no resource ARN; limited to declarative policies of EC2",
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""

_TAGS: Final = ("ListTagsForResource", "TagResource", "UntagResource")
_RECORDERS: Final = (
    "DeleteConfigurationRecorder", "DescribeConfigurationRecorders", "ListTagsForResource", "PutConfigurationRecorder",
    "StartConfigurationRecorder",
)  # fmt: skip
_LISTS: Final = (
    "DeleteDeliveryChannel", "DescribeAggregationAuthorizations", "DescribeConfigurationAggregators",
    "DescribeConformancePackStatus", "DescribeConformancePacks", "DescribeDeliveryChannels",
    "DescribeOrganizationConformancePackStatuses", "DescribeOrganizationConformancePacks", "PutDeliveryChannel",
)  # fmt: skip
_PACKS: Final = ("DeleteConformancePack", "PutConformancePack", *_TAGS)
_ORGANIZATION_PACKS: Final = (
    "DeleteOrganizationConformancePack", "GetOrganizationConformancePackDetailedStatus",
    "PutOrganizationConformancePack", *_TAGS,
)  # fmt: skip
_AGGREGATORS: Final = ("DeleteConfigurationAggregator", "PutConfigurationAggregator", *_TAGS)
_AUTHORIZATIONS: Final = ("DeleteAggregationAuthorization", "PutAggregationAuthorization", *_TAGS)
_POLICIES: Final = (
    "AttachPolicy", "DeletePolicy", "DescribePolicy", "DetachPolicy", "ListTagsForResource", "ListTargetsForPolicy",
    "TagResource", "UntagResource", "UpdatePolicy",
)  # fmt: skip
_DECLARATIVE: Final = {"StringEquals": {"organizations:PolicyType": "DECLARATIVE_POLICY_EC2"}}


def config_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements for the recorder, packs, remediation documents and aggregators."""
    names = (f"{reach.prefix}*", "hardened-eks*")
    packs = [_aws.arn("config", f"conformance-pack/{name}") for name in names]
    all_packs = [_aws.arn("config", f"organization-conformance-pack/{name}") for name in names]
    return [
        {"Action": named("config", _RECORDERS), "Resource": _aws.arn("config", "configuration-recorder/*")},
        {"Action": named("config", _PACKS), "Resource": packs},
        {"Action": named("config", _ORGANIZATION_PACKS), "Resource": all_packs},
        {"Action": named("config", _AGGREGATORS), "Resource": _aws.arn("config", "config-aggregator/*")},
        {"Action": named("config", _AUTHORIZATIONS), "Resource": _aws.arn("config", "aggregation-authorization/*")},
        {"Sid": "Config", "Action": named("config", _LISTS), "Resource": "*", "Condition": here()},
        {"Action": named("ssm", _actions.DOCUMENTS), "Resource": _aws.arn("ssm", f"document/{reach.prefix}*")},
        *_linked(),
        *_organization(reach),
    ]


def _linked() -> list[dict[str, Any]]:
    """Return the statements on AWS Config's roles: it looks them up with the caller's permissions and uses one."""
    root = f"arn:{_aws.partition()}:iam::{_aws.account()}:role/aws-service-role"
    recorder = f"{root}/config.amazonaws.com/*"
    return [
        {"Action": "iam:GetRole", "Resource": [f"{root}/{service}/*" for service in LINKED_ROLES]},
        {
            "Action": "iam:PassRole",
            "Resource": recorder,
            "Condition": {"StringEquals": {"iam:PassedToService": "config.amazonaws.com"}},
        },
        {
            "Action": named("iam", ("DeleteServiceLinkedRole", "GetServiceLinkedRoleDeletionStatus", "UpdateRole")),
            "Resource": recorder,
        },
    ]


def _organization(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on the organization: only its own declarative policies of EC2."""
    place = f"arn:{_aws.partition()}:organizations::{_aws.account()}"
    policies = f"{place}:policy/o-*/declarative_policy_ec2/*"
    targets = [f"{place}:{kind}/o-*/*" for kind in ("account", "ou", "root")]
    services = {"StringEquals": {"organizations:ServicePrincipal": list(LINKED_ROLES[1:])}}
    return [
        {
            "Action": "organizations:CreatePolicy",
            "Resource": policies,
            "Condition": both(reach.born(), _DECLARATIVE),
        },
        {
            "Action": named("organizations", _POLICIES),
            "Resource": policies,
            "Condition": both(reach.owned(), reach.kept(), _DECLARATIVE),
        },
        {
            "Action": named("organizations", ("AttachPolicy", "DetachPolicy")),
            "Resource": targets,
            "Condition": _DECLARATIVE,
        },
        {
            "Sid": "DeclarativePolicies",
            "Action": "organizations:ListPolicies",
            "Resource": "*",
            "Condition": _DECLARATIVE,
        },
        {"Sid": "Administrators", "Action": "organizations:ListDelegatedAdministrators", "Resource": "*"},
        {"Sid": "Trusted", "Action": "organizations:EnableAWSServiceAccess", "Resource": "*", "Condition": services},
    ]
