"""Policies of identities, inline and attached, and their statements."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from hardened_eks.evidence import Assembly, Resource, Unknown, conditions, graph, intrinsics, policies
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.left_open import CFN_JSON, has_any
from hardened_eks.evidence.noting import apart, unnoted
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.unknown import branches, flat
from hardened_eks.evidence.views.boundaries import is_boundary

STANDALONE = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
IDENTITY = (*STANDALONE, "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
"""Types that contain an identity-based policy."""
NOT_KNOWN: Final = "the policy is not known before deployment"

_OF_IAM: Final = ("iam:CreateUser", "iam:AttachRolePolicy", "iam:PutUserPolicy", "iam:PassRole")
"""Actions that only a pattern for every IAM action matches together."""
_OF_SERVICES: Final = (
    "arn:aws:iam::111122223333:role/name",
    "arn:aws-cn:s3:::bucket",
    "arn:aws:eks:eu-west-1:1:cluster/x",
)
"""ARNs that only a pattern for every resource matches together."""
_KINDS: Final = {
    "iam": ("role/", "user/", "group/", "policy/"),
    "kms": ("key/",),
    "eks": ("cluster/", "access-entry/"),
    "ec2": ("instance/", "snapshot/", "image/", "launch-template/"),
    "rds": ("snapshot:", "cluster-snapshot:"),
    "ssm": ("parameter/",),
    "secretsmanager": ("secret:",),
    "lambda": ("function:",),
    "logs": ("log-group:",),
    "ecr": ("repository/",),
}
"""The kinds of resources that a pattern may cover as a whole without naming the kind in full: ``parameter*``."""
_OF_THE_HOLDER: Final = frozenset(
    {
        "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:userid",
        "kms:calleraccount", "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount",
    }
)  # fmt: skip
"""Condition keys that are the same in every call of one identity, or name its account or organization as a whole."""
_WHERE: Final = {"iam": ["", "111122223333"], "s3": ["", ""]}
"""Region and account in the ARNs of services that leave them out."""
_ANY_NAMES: Final = ("0f3c9a52-6d1e-4b7a-8c05-e2d94f61b738", "b71e04d8-93ac-4f26-a5e9-1c80d7365fb2")
"""Names that only a pattern for every name matches together."""
_SPREAD: Final = ("Action", "NotAction", "Resource", "NotResource")


def own_statements(resource: Resource) -> Sequence[tuple[str, Statement]]:
    """Return each statement in the resource itself with its path; cached, because many checks use it.

    A permissions boundary grants nothing, so only its Deny statements are returned.
    """
    if has_any(resource.template):  # each caller records the read, not only the first one
        return tuple(_given(resource))
    key = ("statements", resource.logical_id)
    return intrinsics.once(resource.template, key, lambda: tuple(_given(resource)), ())


def _given(resource: Resource) -> Iterator[tuple[str, Statement]]:
    found = tuple(all_statements(resource))
    with unnoted(resource.template.assembly):
        limits = is_boundary(resource, [statement for _, statement in found])
        given = [one for one in found if not (limits and one[1].allows)]
    yield from given


def all_statements(resource: Resource) -> Iterator[tuple[str, Statement]]:
    """Yield each statement of the resource with its path, including those of a permissions boundary."""
    if resource.type in STANDALONE:
        places = ["PolicyDocument"]
    else:
        places = [
            path if isinstance(policy, Unknown) else f"{path}.PolicyDocument"
            for path, policy in resource.each("Policies")
        ]
    for path in places:
        yield from _statements_at(resource, path)


def wide_statements(resource: Resource) -> str:
    """Return the cause that findings about wide statements of one resource share."""
    return f"wide statements of {resource.logical_id}"


def attached_statements(role: Resource, assembly: Assembly) -> Iterator[tuple[str, str, Statement]]:
    """Yield the statements of a role's own policies and of those in the assembly that are attached to it.

    Each comes with its path in the role (empty for a policy that names the role) and the policy name for messages.
    """
    yield from ((path, "its inline policy", statement) for path, statement in own_statements(role))
    for path, arn in managed_policies(role):
        policy = assembly.target(arn, "AWS::IAM::ManagedPolicy", near=role)
        if policy is not None:
            for _, statement in all_statements(policy):
                yield path, f"its policy {policy.logical_id}", statement
    several = assembly.pointing("Roles", role, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
    for policy in (*several, *assembly.pointing("RoleName", role, "AWS::IAM::RolePolicy")):
        for _, statement in own_statements(policy):
            yield "", f"its policy {policy.logical_id}", statement


def managed_policies(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Yield the ARNs of the attached managed policies with their paths, in every branch of a condition."""
    for path, written in resource.each("ManagedPolicyArns"):
        for arn in flat(written):
            yield path, arn


def trust(role: Resource) -> Iterator[tuple[str, Statement]]:
    """Yield the statements of a role's trust policy."""
    yield from _statements_at(role, "AssumeRolePolicyDocument")


def _statements_at(resource: Resource, path: str) -> tuple[tuple[str, Statement], ...]:
    """Return the statements of a document with their paths; cached, because many controls use it."""
    key = (f"statements of {path}", resource.logical_id)
    document = resource.get(path)
    return intrinsics.once(
        resource.template, key, lambda: tuple((one.at(path), one) for one in _statements(document)), ()
    )


def bare(text: str) -> str:
    """Replace each unknown part of a string with ``_``, so that only its literal colons and stars remain."""
    return LATER.sub("_", text) if "{" in text else text


def every_action(statement: Statement) -> bool:
    """Return whether the statement covers, or may cover, all actions."""
    return any(("*" in action and set(action) <= set("*?:")) or bare(action) == "_" for action in statement.actions)


def every_resource(resource: str) -> bool:
    """Return whether a resource is ``*`` or an ARN with only a service, a Region and an account."""
    service, name = _parts(resource)
    return bool(service and name) and set(name) <= set("*/:?")


def every_service(resource: str) -> bool:
    """Return whether a resource is ``*`` or an ARN of every service."""
    return every_resource(resource) and set(_parts(resource)[0]) <= {"*"}


def every_in_iam(statement: Statement) -> bool:
    """Return whether a statement allows, or may allow, every IAM action on every IAM resource."""
    resources = bool(statement.not_resources) or any(
        every_resource(one) and _parts(one)[0].lower() in {"*", "iam"} for one in statement.resources
    )
    return resources and (
        every_action(statement)
        or any(all(policies.matches(one, action) for one in _OF_IAM) for action in statement.actions)
    )


def limits(statement: Statement) -> frozenset[str]:
    """Return the condition keys, in lower case, that narrow a statement of an identity.

    A condition on the identity itself, or on its own account or organization, does not: the identity's calls meet it
    for every resource.
    """
    return conditions.narrowing_keys(statement.conditions, statement.actions) - _OF_THE_HOLDER


def every_of_a_kind(resource: str, service: str) -> bool:
    """Return whether a resource covers all of `service`, or all of one kind: ``role/*``, ``secret:*``."""
    if any(covers_all(resource, service, kind) for kind in _KINDS.get(service, ("",))):
        return True
    of, name = _parts(resource)
    if of != service and set(of) > {"*"}:
        return False
    return (
        every_resource(resource)
        or (of != "s3" and re.fullmatch(r"[\w-]+[:/][*/:?]*\*[*/:?]*", name) is not None)  # s3: the name of one bucket
    )


def covers_all(resource: str, service: str, kind: str) -> bool:
    """Return whether a pattern matches every resource of a kind (``key/...``), at least in one Region and account."""
    pattern = bare(resource)
    parts = pattern.split(":", 5)
    where = _WHERE.get(service, ["eu-west-1", "111122223333"])
    own = parts[1:5] if len(parts) == 6 else ["aws", service, *where]
    partition, _, region, account = (part.replace("*", "x").replace("?", "x") for part in own)
    return bool({"*", "?"} & set(pattern)) and all(
        policies.matches(f"arn:{partition}:{service}:{region}:{account}:{kind}{name}", pattern) for name in _ANY_NAMES
    )


def in_one_region(resource: str) -> bool:
    """Return whether an ARN names a Region, which limits it like a condition on ``aws:RequestedRegion``."""
    parts = bare(resource).split(":", 5)
    return len(parts) > 5 and bool(parts[3]) and not set("*?") & set(parts[3])


def _parts(resource: str) -> tuple[str, str]:
    """Return the service and the name in an ARN; a star matches everything after it."""
    parts = bare(resource).split(":", 5)
    if parts[0] != "arn":
        return ("*", "*") if all(policies.matches(one, resource) for one in _OF_SERVICES) else ("", "")
    return (parts[2] if len(parts) > 2 else parts[-1]), parts[-1]


def required(statement: Statement, key: str) -> list[tuple[str, ...]]:
    """Return the required values of a condition key (see `conditions.required`)."""
    return conditions.required(statement.conditions, key)


def _statements(document: Any) -> Iterator[Statement]:
    """Yield the statements of a document, in both branches of template conditions."""
    for alternative in branches(document):
        if not isinstance(alternative, dict):
            yield from policies.statements(alternative)
            continue
        for place, entry in policies.placed(alternative.get("Statement")):
            for one in flat(entry):
                notes = policies.notes_of(one)
                for plain in _plain(apart(one)[0]):
                    for statement in policies.statement_of(place, plain):
                        yield policies.noting(statement, place, notes)


def _plain(entry: Any) -> Iterator[Any]:
    """Yield a statement without template conditions: with joined lists, and one for each principal and condition."""
    if not isinstance(entry, dict):
        yield entry
        return
    entry = {**entry, **{key: flat(entry[key]) for key in _SPREAD if key in entry}}
    for principal in branches(entry.get("Principal")):
        for condition in branches(entry.get("Condition")):
            one = {**entry, "Principal": principal, "Condition": condition}
            if isinstance(principal, dict):
                one["Principal"] = {kind: flat(names) for kind, names in principal.items()}
            if isinstance(condition, dict):
                one["Condition"] = {operator: _keys(keys) for operator, keys in condition.items()}
            yield one


def _keys(keys: Any) -> Any:
    """Return the keys of a condition; the CDK's CfnJson contains keys that are known only at deployment."""
    source = graph.target(keys.expression, keys.template) if isinstance(keys, Unknown) else None
    if source is None or source.type != CFN_JSON:
        return keys
    try:
        return json.loads(str(source.get("Value")))
    except ValueError:
        return keys
