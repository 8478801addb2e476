"""The resources of an assembly that belong to a cluster: a decision that all entry points share.

The rule is in docs/explanation/checks.md, the reasons in docs/adr/0008-scope.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hardened_eks.evidence import Assembly, Resource, Template


class Scope(StrEnum):
    """The resources that are evaluated."""

    EKS = "eks"
    """Resources that belong to a cluster."""
    ALL = "all"
    """All resources."""


_ROOTS: Final = ("EKS::", "ECR::", "Custom::AWSCDK-EKS-", "Kubernetes::", "AWS::ImageBuilder::")
_ROOT_SERVICES: Final = ("::EKS::", "::ECR::")
_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
"""Types of a cluster, its images and its nodes, and of the endpoints that an isolated network has for them."""
_EKS: Final = (
    r"(?i)(?<![a-z0-9])(?:eks|ecr|kubernetes|karpenter|nodeadm|bottlerocket)(?![a-z0-9])|AmazonEKS|AmazonEC2Container"
    r"|AWSServiceRoleForAutoScaling"
)
_SAYS_SO: Final = regex(_EKS)
"""Patterns in a property: actions, ARNs, tags, log groups, service principals, images, user data."""
_IN_TEXT: Final = regex(
    rf"{_EKS}|eks(?![a-z])|(?-i:Eks[A-Z]|EKS)|ECR::|Kubernetes::|ImageBuilder::|::VPCEndpoint"
    r"|\\[ux]|Transform|ForEach"
)
"""Looser patterns for the text of a template, including escaped characters."""
_JOINED: Final = regex(r"\\\r?\n[ \t]*")
"""The end of a line that YAML joins with the next one, inside a word as well."""
_BOOTSTRAP: Final = {
    "CdkBootstrapVersion": "AWS::SSM::Parameter",
    "ContainerAssetsRepository": "AWS::ECR::Repository",
    "StagingBucket": "AWS::S3::Bucket",
}
"""Logical IDs and types that identify the template of `cdk bootstrap`, together with the parameter BootstrapVariant."""
_ACCOUNT_WIDE: Final = (
    "AWS::AccessAnalyzer::", "AWS::AuditManager::", "AWS::Backup::", "AWS::CloudTrail::", "AWS::Config::",
    "AWS::Detective::", "AWS::EC2::SnapshotBlockPublicAccess", "AWS::EC2::VPCBlockPublicAccess", "AWS::GuardDuty::",
    "AWS::IAM::", "AWS::Inspector::", "AWS::InspectorV2::", "AWS::Macie::", "AWS::Organizations::",
    "AWS::RolesAnywhere::", "AWS::SSO::", "AWS::SecurityHub::", "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudFormation::Guard", "AWS::CloudFormation::LambdaHook",
)  # fmt: skip
"""Types with an effect on the whole account, including clusters: permissions and monitoring."""
_ID: Final = regex(r"(?:vpc|subnet|sg|rtb|igw|nat|eigw|vpce|tgw|tgw-attach|pcx|pl|acl|eni|lt|i|vol|fs|ami)-[0-9a-z]+")
_ARN: Final = regex(r"arn:[^:]+:[^:]+:[^:]*:[^:]+:.+")
_AWS_OWN: Final = regex(r"arn:[^:]+:[^:]+:[^:]*:aws:")
_REFERENCE: Final = regex(r"(?:Id|Ids|Arn|Arns|Key|KeyName|Role|Roles|Group|Groups|Subnets|Topic|Queue|Bucket|Vpc)$")
"""Properties that may refer to a part of a cluster if their value is a parameter."""
_MAX_DEPTH: Final = 100


def belonging(assembly: Assembly) -> frozenset[Resource]:
    """Return the resources that belong, or may belong, to a cluster.

    Empty if no resource is about EKS, because then no unresolved reference can lead to a cluster either.
    """
    resources = assembly.of("*")
    roots = [resource for resource in resources if _is_root_type(resource)]
    if not roots and not any(map(_speaks_of_eks, resources)):
        return frozenset()
    edges = _edges(assembly, resources)
    found = _widened(_closure(roots, edges), resources, edges, _speaks_of_eks)
    accounts = _accounts_with_roots(found)
    found = _widened(found, resources, edges, lambda resource: _is_open(resource, assembly))
    wide = {r for r in resources if r.type.startswith(_ACCOUNT_WIDE) and _same_account(r.template, accounts)}
    uses: dict[Resource, set[Resource]] = {resource: set() for resource in resources}
    for resource in resources:
        for users in assembly.users(resource).values():
            for user in users:
                uses[user].add(resource)
    found |= wide | _closure([one for one in wide if not one.type.startswith("AWS::IAM::")], uses)
    return frozenset(found | _stacks_of(found))


def may_be_in(text: str) -> bool:
    """Return whether an unreadable template may contain anything of a cluster; False is certain."""
    return _IN_TEXT.search(text) is not None or _IN_TEXT.search(_JOINED.sub("", text)) is not None


def _widened(
    found: set[Resource],
    resources: Iterable[Resource],
    edges: Mapping[Resource, Iterable[Resource]],
    belongs: Callable[[Resource], bool],
) -> set[Resource]:
    """Add the resources that belong to a cluster by themselves, and those connected with them.

    Connected resources are not read again, because that would change nothing.
    """
    for resource in resources:
        if resource not in found and belongs(resource):
            found |= _closure((resource,), edges)
    return found


def _accounts_with_roots(found: Iterable[Resource]) -> set[str]:
    """Return the accounts of the resources that belong to a cluster by themselves."""
    accounts: set[str] = set()
    for resource in found:
        if resource.template.account not in accounts and (_is_root_type(resource) or _speaks_of_eks(resource)):
            accounts.add(resource.template.account)
    return accounts


def _stacks_of(resources: Iterable[Resource]) -> set[Resource]:
    """Return the nested stacks, at any level, that create the resources."""
    found: set[Resource] = set()
    for template in {resource.template for resource in resources}:
        inner: Any = template
        while inner.parent is not None:
            above = inner.parent[0]
            stack = next((one for one in above.resources.values() if one.id == inner.name), None)
            if stack is not None:
                found.add(stack)
            inner = above
    return found


def _is_root_type(resource: Resource) -> bool:
    return _is_root(resource.written_type) and not _of_bootstrap(resource, "AWS::ECR::Repository")


def _is_root(type_: str) -> bool:
    return type_ == _ENDPOINT or type_.startswith(_ROOTS) or any(service in type_ for service in _ROOT_SERVICES)


def _speaks_of_eks(resource: Resource) -> bool:
    words = (word.lower() for text in _texts(resource) for word in _SAYS_SO.findall(text))
    return any(word != "ecr" or not _of_bootstrap(resource) for word in words)


def _of_bootstrap(resource: Resource, *types: str) -> bool:
    """Return whether a resource is part of `cdk bootstrap`, which creates a repository for assets of any kind.

    In such a template, ECR does not indicate a cluster; other indications count as usual.
    """
    template = resource.template
    if "BootstrapVariant" not in template.section("Parameters") or (types and resource.type not in types):
        return False
    there = template.resources
    return all(name in there and there[name].type == type_ for name, type_ in _BOOTSTRAP.items())


def _texts(resource: Resource) -> Iterator[str]:
    """Yield every string in the properties, including keys, and the defaults of the parameters that they refer to."""
    parameters = resource.template.section("Parameters")
    waiting: list[tuple[Any, int]] = [(resource.body.get("Properties"), 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict) and depth < _MAX_DEPTH:
            name = value.get("Ref") if len(value) == 1 else None
            parameter = parameters.get(name) if isinstance(name, str) else None
            if isinstance(parameter, dict):
                yield str(parameter.get("Default", ""))
            elif name is None:
                waiting += [(key, depth) for key in value if isinstance(key, str)]
                waiting += [
                    (item[1:] if key == "Fn::GetAtt" and isinstance(item, list) else item, depth + 1)
                    for key, item in value.items()
                ]
        elif isinstance(value, list) and depth < _MAX_DEPTH:
            waiting += [(item, depth + 1) for item in value]


def _edges(assembly: Assembly, resources: Iterable[Resource]) -> dict[Resource, set[Resource]]:
    """Return the connections of each resource: those it mentions, those that mention it, and its dependencies."""
    edges: dict[Resource, set[Resource]] = {resource: set() for resource in resources}

    def connect(one: Resource, other: Resource) -> None:
        edges[one].add(other)
        edges[other].add(one)

    for resource in edges:
        for users in assembly.users(resource).values():
            for user in users:
                connect(resource, user)
        there = resource.template.resources
        for name in resource.depends_on:
            if name in there:
                connect(resource, there[name])
    return edges


def _closure(start: Iterable[Resource], edges: Mapping[Resource, Iterable[Resource]]) -> set[Resource]:
    found = set(start)
    waiting = list(found)
    while waiting:
        for other in edges[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _same_account(template: Template, accounts: Iterable[str]) -> bool:
    return not template.account or any(account in {"", template.account} for account in accounts)


def _is_open(resource: Resource, assembly: Assembly) -> bool:
    """Return whether a resource refers to something outside the templates that may belong to a cluster."""
    properties = resource.properties
    waiting: list[tuple[str, Any, int]] = [("", properties, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            waiting += [(str(name), item, depth + 1) for name, item in value.items()]
        elif isinstance(value, list) and depth < _MAX_DEPTH:
            waiting += [(key, item, depth + 1) for item in value]
        elif isinstance(value, Unknown):
            branches = value.branches
            if branches != (value,):
                waiting += [(key, branch, depth + 1) for branch in branches]
            elif _leads_away(value, key, resource, assembly):
                return True
        elif isinstance(value, str) and _names_what_is_elsewhere(value, resource, assembly):
            return True
    return False


def _names_what_is_elsewhere(text: str, resource: Resource, assembly: Assembly) -> bool:
    is_one = _ID.fullmatch(text) or (_ARN.fullmatch(text) and not _AWS_OWN.match(text))
    return bool(is_one) and assembly.target(text, near=resource) is None


def _leads_away(value: Unknown, key: str, resource: Resource, assembly: Assembly) -> bool:
    expression = value.expression
    function = next(iter(expression), "") if isinstance(expression, dict) and len(expression) == 1 else ""
    if function in {"Fn::ImportValue", "Fn::GetStackOutput"}:
        return assembly.target(value, near=resource) is None
    name = expression["Ref"] if function == "Ref" else None
    if not isinstance(name, str) or name.startswith("AWS::") or name in value.template.resources:
        return False
    return bool(_REFERENCE.search(key)) and assembly.target(value, near=resource) is None
