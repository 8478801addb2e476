"""Problems for subjects that a control cannot examine, because the deciding values are not in the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.controls.model import Problem
from hardened_eks.evidence import Unknown
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.unknown import branches
from hardened_eks.evidence.views import eks_roles, user_data
from hardened_eks.evidence.views.auto_scaling import PROFILE, profile_paths
from hardened_eks.evidence.views.keys import KEY, key_of
from hardened_eks.evidence.views.launch import entries, named_types, policies_of, prefix_of
from hardened_eks.evidence.views.launch_source import launch_settings, unseen_settings
from hardened_eks.evidence.views.node_roles import unseen_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

_SETTINGS: Final = "launch settings that are not seen"
_ROLE: Final = "a node role that is not seen"
_NOUNS: Final = {
    KEY: "key",
    "AWS::EC2::LaunchTemplate": "launch template",
    "AWS::EC2::PlacementGroup": "placement group",
    "AWS::EC2::SecurityGroup": "security group",
    "AWS::EC2::Subnet": "subnet",
    "AWS::EC2::VPC": "VPC",
    "AWS::EKS::Cluster": "cluster",
    "AWS::IAM::InstanceProfile": "instance profile",
    "AWS::IAM::ManagedPolicy": "guardrail",
    "AWS::IAM::Role": "role",
    "AWS::Logs::LogGroup": "log group",
    "AWS::Route53Resolver::FirewallDomainList": "domain list",
    "AWS::Route53Resolver::FirewallRuleGroup": "rule group",
    "AWS::S3::Bucket": "bucket",
}


def launch_not_seen(resource: Resource, assembly: Assembly, *sections: str) -> Iterator[Problem]:
    """Yield a problem if the source of the launch settings in `sections` is not among the templates.

    Args:
        resource: a node group, an instance or an Auto Scaling group; other resources have their own settings.
        assembly: the assembly that may contain its launch template.
        sections: the settings that the control reads, such as ``MetadataOptions``.
    """
    for message, path in unseen_settings(resource, assembly, *sections):
        yield Problem(message, path, cause=_SETTINGS, unseen=True)


def types_not_seen(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield the same if a resource sets no instance type itself but its launch template may."""
    if next(named_types(resource), None) is None:
        yield from launch_not_seen(resource, assembly, "InstanceType")


def user_data_not_seen(resource: Resource) -> Iterator[Problem]:
    """Yield a problem if the user data of a resource is not known."""
    path = f"{prefix_of(resource)}UserData"
    value = resource.get(path)
    if isinstance(value, Unknown) and any(text_not_known(text) for text in user_data.readings(value)):
        what = f"the user data {value} is not known before deployment"
        yield Problem(what, path, cause="user data that is not seen", unseen=True)


def text_not_known(text: str) -> bool:
    """Return whether a string consists only of values that are known at deployment."""
    return bool(text) and not LATER.sub("", text).strip()


def role_not_seen(user: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield a problem for each node role of `user` that is not among the templates."""
    for message, path in unseen_roles(user, assembly):
        yield Problem(message, path, cause=_ROLE, unseen=True)


def not_seen(user: Resource, assembly: Assembly, path: str, type_: str) -> Iterator[Problem]:
    """Yield a problem for each property of `user` that names resources outside the templates.

    Args:
        user: the evaluated resource.
        assembly: the assembly that may contain the named resources.
        path: the property with the name or a list of names. Each branch of a condition counts.
        type_: the CloudFormation type of the named resource. A role may also be named by an ARN with its fixed name,
            and a key by an alias; AWS managed keys and policies are known.
    """
    values = (value for _, value in entries(user, path))
    yield from _problem(path, [one for value in values for one in _hidden(user, assembly, value, type_)], type_)


def value_not_seen(user: Resource, assembly: Assembly, path: str, value: Any, type_: str) -> Iterator[Problem]:
    """Yield the same for one value at `path`; nothing for a value that is not a name, which schemas check."""
    yield from _problem(path, list(_hidden(user, assembly, value, type_)), type_)


def _hidden(user: Resource, assembly: Assembly, value: Any, type_: str) -> Iterator[str]:
    for branch in branches(value):
        named = isinstance(branch, Unknown) or (isinstance(branch, str) and branch != "")
        if named and not _seen(user, assembly, branch, type_):
            yield str(branch)


def _problem(path: str, hidden: list[str], type_: str) -> Iterator[Problem]:
    if hidden:
        noun = _NOUNS[type_]
        names = ", ".join(dict.fromkeys(hidden))
        what = f"the {noun} {names} is" if len(set(hidden)) == 1 else f"the {noun}s {names} are"
        yield Problem(f"{what} not among the templates", path, cause=f"a {noun} that is not seen", unseen=True)


def policies_not_seen(role: Resource, assembly: Assembly, path: str = "") -> Iterator[Problem]:
    """Yield a problem for each policy of a role outside the templates; AWS managed policies are known.

    Args:
        role: the role, or a user or group.
        assembly: the assembly that may contain its policies.
        path: the property of the evaluated resource, if that is not `role`. Default: that of the policy.
    """
    for name, arn, place in policies_of(role):
        if name is None and assembly.target(arn, near=role) is None:
            what = f"what {arn} of the role {role.logical_id} allows is not among the templates"
            yield Problem(what, path or place, cause="a policy that is not seen", unseen=True)


def self_managed_role_not_seen(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield a problem if the role of self-managed nodes, its launch template or its profile is not seen."""
    yield from launch_not_seen(group, assembly, "IamInstanceProfile")
    template = launch_settings(group, assembly)
    for path in profile_paths(template) if template is not None else ():
        assert template is not None
        named = template.get(path)
        profile = assembly.target(named, PROFILE, near=template)
        if profile is None:
            yield from value_not_seen(template, assembly, "MixedInstancesPolicy", named, PROFILE)
        for role in profile.items("Roles") if profile is not None else ():
            yield from value_not_seen(template, assembly, "MixedInstancesPolicy", role, eks_roles.ROLE)


def name_not_seen(user: Resource, assembly: Assembly, path: str, type_: str) -> Iterator[Problem]:
    """Yield the same as `not_seen` for resources that are evaluated by name: a literal name is enough."""
    for place, value in entries(user, path):
        if isinstance(value, Unknown) and not LATER.sub("", str(value)).strip(":/*-"):
            yield from value_not_seen(user, assembly, place, value, type_)


def _seen(user: Resource, assembly: Assembly, value: Any, type_: str) -> bool:
    if type_ == KEY:
        return "alias/aws/" in str(value) or key_of(value, user, assembly) is not None
    if type_ == eks_roles.ROLE:
        return eks_roles.seen(user, value, assembly) is not None
    if ":aws:policy/" in str(value):
        return True
    return assembly.target(value, type_, near=user) is not None
