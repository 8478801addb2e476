"""IAM: the roles, users and policies that a cluster uses. One call returns most of them, for all Regions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import document, own_tags, pick, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker

_KINDS: Final = {"Role": "RoleDetailList", "User": "UserDetailList", "Group": "GroupDetailList",
                 "LocalManagedPolicy": "Policies"}  # fmt: skip
SERVICE_LINKED: Final = "/aws-service-role/"
"""The path of roles that only their service can change."""
_POD_IDENTITY: Final = "pods.eks.amazonaws.com"


def _details(asker: Asker) -> Mapping[str, Mapping[str, Any]]:
    """Return all roles, users, groups and policies of the account: kind -> name, or ARN of a policy -> entry."""

    def ask() -> tuple[Mapping[str, Mapping[str, Any]], list[Refusal]]:
        asking = asker.alike()
        found: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
        for told in asking.answers("iam:GetAccountAuthorizationDetails", Filter=list(_KINDS), MaxItems=1000):
            for kind, key in _KINDS.items():
                for entry in told.get(key, ()):
                    name = entry["Arn"] if kind == "LocalManagedPolicy" else entry[f"{kind}Name"]
                    found[kind][name] = entry
        return found, asking.refusals

    return _noted(asker, asker.clients.once(("iam", "details"), ask))


def _listed(asker: Asker) -> Mapping[str, Mapping[str, Any]] | Refusal:
    """Return the description and session duration of each role, which only the list of all roles has."""

    def ask() -> tuple[Mapping[str, Mapping[str, Any]], list[Refusal]]:
        asking = asker.alike()
        told = asking.pages("iam:ListRoles", "Roles", MaxItems=1000)
        return {one["RoleName"]: pick(one, "MaxSessionDuration", "Description") for one in told}, asking.refusals

    found, refusals = asker.clients.once(("iam", "roles"), ask)
    _noted(asker, (found, refusals))
    return replace(refusals[0], about=f"the account in {asker.region}") if refusals else found


def _noted(asker: Asker, told: tuple[Mapping[str, Any], list[Refusal]]) -> Mapping[str, Any]:
    """Return the details of the account. Each Region records that what was refused is not seen."""
    found, refusals = told
    about = f"the account in {asker.region}"
    asker.refusals += (replace(one, about=about) for one in refusals)
    return found


def role(asker: Asker, name: str) -> Iterator[Found | Wanted]:
    """Yield a role with its policies. Service-linked roles are not evaluated."""
    entry = _details(asker)["Role"].get(name)
    if entry is None or entry.get("Path", "/").startswith(SERVICE_LINKED):
        return
    properties = _identity(entry, "Role")
    properties["AssumeRolePolicyDocument"] = document(entry["AssumeRolePolicyDocument"])
    properties["RoleId"] = entry.get("RoleId", "")
    told = _listed(asker)
    if isinstance(told, Refusal):
        properties["MaxSessionDuration"] = mark(told)
    else:
        properties |= told.get(name, {})
    tags = entry.get("Tags")
    yield Found("AWS::IAM::Role", name, with_tags(properties, tags), entry["Arn"], tag_map(tags))
    for profile in entry.get("InstanceProfileList", ()):
        yield Wanted("instance-profile", profile["InstanceProfileName"])


def user(asker: Asker, name: str) -> Iterator[Found | Wanted]:
    """Yield a user with access to a cluster, and the groups of the user."""
    entry = _details(asker)["User"].get(name)
    if entry is None:
        return
    properties = _identity(entry, "User")
    if entry.get("GroupList"):
        properties["Groups"] = list(entry["GroupList"])
    yield Found(
        "AWS::IAM::User", name, with_tags(properties, entry.get("Tags")), entry["Arn"], tag_map(entry.get("Tags"))
    )
    for group in entry.get("GroupList", ()):
        yield Wanted("group", group)


def group(asker: Asker, name: str) -> Iterator[Found]:
    """Yield a group of users."""
    entry = _details(asker)["Group"].get(name)
    if entry is not None:
        yield Found("AWS::IAM::Group", name, _identity(entry, "Group"), entry["Arn"])


def _identity(entry: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the properties that roles, users and groups share."""
    properties = {**pick(entry, f"{kind}Name", "Path", "Arn")}
    if properties.get("Path") == "/":
        del properties["Path"]
    inline = [
        {"PolicyName": one["PolicyName"], "PolicyDocument": document(one["PolicyDocument"])}
        for one in entry.get(f"{kind}PolicyList", ())
    ]
    attached = [one["PolicyArn"] for one in entry.get("AttachedManagedPolicies", ())]
    boundary = entry.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return {
        **properties,
        **({"Policies": plain(inline)} if inline else {}),
        **({"ManagedPolicyArns": attached} if attached else {}),
        **({"PermissionsBoundary": boundary} if boundary else {}),
    }


def policy(asker: Asker, arn: str) -> Iterator[Found]:
    """Yield a managed policy of the account, in its default version."""
    entry = _details(asker)["LocalManagedPolicy"].get(arn)
    if entry is None:
        return
    default: Mapping[str, Any] = next(
        (one for one in entry.get("PolicyVersionList", ()) if one.get("IsDefaultVersion")), {}
    )
    properties = {
        "PolicyArn": arn, "ManagedPolicyName": entry["PolicyName"], "PolicyDocument": document(default.get("Document")),
        **({"Path": entry["Path"]} if entry.get("Path", "/") != "/" else {}), **pick(entry, "Description"),
    }  # fmt: skip
    yield Found("AWS::IAM::ManagedPolicy", arn, properties, arn)  # CloudFormation gives it no tags


def instance_profile(asker: Asker, name: str) -> Iterator[Found | Wanted]:
    """Yield an instance profile."""
    told = asker.ask("iam:GetInstanceProfile", InstanceProfileName=name)
    if told:
        entry = told["InstanceProfile"]
        roles = [one["RoleName"] for one in entry.get("Roles", ())]
        properties = {**pick(entry, "InstanceProfileName", "Arn"), "Roles": roles}
        yield Found("AWS::IAM::InstanceProfile", name, properties, entry.get("Arn", ""), tag_map(entry.get("Tags")))
        for role_name in roles:
            yield Wanted("role", role_name)


def cluster_roles(asker: Asker, issuer: str) -> Iterator[Found | Wanted]:
    """Yield the OIDC provider of a cluster, and the roles that trust it or EKS Pod Identity."""
    for name, entry in _details(asker)["Role"].items():
        trust = json.dumps(document(entry["AssumeRolePolicyDocument"]), default=str)
        if _POD_IDENTITY in trust or (issuer and issuer in trust):
            yield Wanted("role", name)
    if not issuer:
        return
    arn = f"arn:{asker.partition}:iam::{asker.account}:oidc-provider/{issuer}"
    told = asker.ask("iam:GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn)
    if told:
        properties = {"Arn": arn, "Url": f"https://{issuer}", "ClientIdList": list(told.get("ClientIDList", ())),
                      "ThumbprintList": list(told.get("ThumbprintList", ()))}  # fmt: skip
        tags = own_tags(told.get("Tags"))
        yield Found("AWS::IAM::OIDCProvider", arn, with_tags(properties, tags), arn, tag_map(told.get("Tags")))
