"""Cluster administrators: the roles with such an access entry, and the CloudTrail events for their use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence.environment import elsewhere
from hardened_eks.evidence.views.eks_roles import ENTRY, ROLE, roles_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.evidence import Assembly, Resource

ADMIN: Final = "AmazonEKSClusterAdminPolicy"


def policies(entry: Resource) -> Iterator[tuple[str, str]]:
    """Yield (path, name) for the access policies of an entry; an unknown name is rendered with ``${...}``."""
    for path, policy in entry.each("AccessPolicies"):
        arn = policy.get("PolicyArn") if isinstance(policy, dict) else policy
        if arn is not None:
            yield path, str(arn).rsplit("/", 1)[-1]


def is_admin(entry: Resource) -> bool:
    """Return whether the principal of an entry is a cluster administrator."""
    return any(name == ADMIN for _, name in policies(entry))


def cause(role: Resource) -> str:
    """Return the cause that findings about a cluster administrator role share."""
    return f"cluster admin of {role.logical_id}"


def admin_roles(assembly: Assembly) -> frozenset[Resource]:
    """Return the roles that an access entry of the assembly makes cluster administrators."""
    return assembly.once("break_glass.roles", lambda: frozenset(_admin_roles(assembly)))


def _admin_roles(assembly: Assembly) -> Iterator[Resource]:
    for entry in assembly.of(ENTRY):
        if is_admin(entry):
            yield from principals(entry, assembly)


def principals(entry: Resource, assembly: Assembly) -> list[Resource]:
    """Return the roles of the assembly that are the principal of an entry, by reference or fixed name."""
    referred = assembly.mentions(entry, "PrincipalArn")
    last = str(entry.get("PrincipalArn")).rsplit("/", 1)[-1]
    found = [*(one for one in referred if one.type == ROLE), *roles_named(last, assembly)]
    return [role for role in dict.fromkeys(found) if mentions(entry, "PrincipalArn", role, assembly)]


def mentions(resource: Resource, path: str, role: Resource, assembly: Assembly) -> bool:
    """Return whether a property mentions a role, by reference or fixed name."""
    if role in assembly.mentions(resource, path):
        return True
    name = role.get("RoleName")
    if not isinstance(name, str) or elsewhere(resource.template, role.template):
        return False
    written = assembly.once(("break_glass.text", resource, path), lambda: str(resource.get(path)))
    return name in written and re.search(rf"/{re.escape(name)}(?![\w+=,.@/-])", written) is not None


def arn_of(role: Resource) -> str:
    """Return the ARN of a role if its name is fixed, or else a similar ARN."""
    name = role.get("RoleName")
    path = role.get("Path", "/")
    path = path if isinstance(path, str) else "/"
    name = name if isinstance(name, str) else role.logical_id
    return f"arn:aws:iam::{role.template.account or '123456789012'}:role{path}{name}"


def takings(role: Resource) -> list[Mapping[str, Any]]:
    """Return CloudTrail events for the use of a role, as EventBridge receives them.

    A complete rule matches all of them: they differ in the caller, network, client and duration.
    """
    account = role.template.account or "${AWS::AccountId}"
    region = role.template.region or "${AWS::Region}"
    user = {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": f"arn:aws:iam::{account}:user/ana",
        "accountId": account,
        "accessKeyId": "ASIAEXAMPLE",
        "userName": "ana",
        "sessionContext": {"attributes": {"creationDate": "2026-11-01T01:00:00Z", "mfaAuthenticated": "true"}},
    }
    session = {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:ben@example.com",
        "arn": f"arn:aws:sts::{account}:assumed-role/AWSReservedSSO_BreakGlass_0123456789abcdef/ben@example.com",
        "accountId": account,
        "accessKeyId": "ASIAEXAMPLF",
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "principalId": "AROAEXAMPLE", "accountId": account},
            "attributes": {"creationDate": "2026-11-01T02:00:00Z", "mfaAuthenticated": "false"},
        },
    }
    first = _taking(role, user, address="203.0.113.7", agent="aws-cli/2.31.0", name="incident-4711", seconds=3600)
    second = _taking(role, session, address="2001:db8::7", agent="Boto3/1.44.5", name="night", seconds=900)
    for event in (first, second):
        event.update(account=account, region=region)
        event["detail"].update(awsRegion=region, recipientAccountId=account)
    return [first, second]


def _taking(
    role: Resource, who: Mapping[str, Any], *, address: str, agent: str, name: str, seconds: int
) -> dict[str, Any]:
    arn = arn_of(role)
    asked = {"roleArn": arn, "roleSessionName": name, "durationSeconds": seconds, "sourceIdentity": name}
    return {
        "version": "0",
        "source": "aws.sts",
        "detail-type": "AWS API Call via CloudTrail",
        "resources": [],
        "detail": {
            "eventVersion": "1.11",
            "userIdentity": who,
            "eventSource": "sts.amazonaws.com",
            "eventName": "AssumeRole",
            "sourceIPAddress": address,
            "userAgent": agent,
            "requestParameters": asked,
            "responseElements": {
                "credentials": {"accessKeyId": "ASIAEXAMPLG"},
                "assumedRoleUser": {"arn": f"{arn}/{name}"},
                "sourceIdentity": name,
            },
            "resources": [{"accountId": arn.split(":")[4], "type": "AWS::IAM::Role", "ARN": arn}],
            "readOnly": True,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "eventCategory": "Management",
        },
    }
