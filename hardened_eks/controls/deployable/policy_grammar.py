import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.intrinsics import structure
from hardened_eks.evidence.policies import placed
from hardened_eks.evidence.views.iam import STANDALONE
from hardened_eks.evidence.views.resource_policies import RESOURCE_POLICIES

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_EQUALS = ("Equals", "NotEquals")
_ORDER = (*_EQUALS, "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_OPERATORS = {
    *(f"String{end}" for end in (*_EQUALS, "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")),
    *(f"{kind}{end}" for kind in ("Numeric", "Date") for end in _ORDER),
    *(f"Arn{end}" for end in (*_EQUALS, "Like", "NotLike")),
    *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"),
}
_KNOWN = {name.lower() for name in _OPERATORS}
_TOP = {"Version", "Id", "Statement"}
_ELEMENTS = {
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"),
}
_VERSIONS = ("2012-10-17", "2008-10-17")
_KINDS = {
    "identity": ("an identity-based policy", "Resource", "Principal"),
    "trust": ("a trust policy", "Principal", "Resource"),
}
"""Kind -> its name in words, the element that it needs, and the one that it must not have."""
_WITH_POLICIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")


@control(
    id="DP-62",
    title="Policies follow the IAM policy grammar",
    types=(*STANDALONE, *_WITH_POLICIES, *RESOURCE_POLICIES),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'The service returns MalformedPolicyDocument ("Syntax errors in policy", "Has prohibited field Resource"), '
        "and CloudFormation does not accept a function as the key of a condition."
    ),
    fix="Write the elements and operators as in the IAM reference.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    blind="Policies that are known only at deployment.",
    enforced_by="CreatorRole",
)
def policy_grammar(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in RESOURCE_POLICIES:
        path = RESOURCE_POLICIES[resource.type]
        yield from _document(resource.get(path), path, "resource")
    elif resource.type in STANDALONE:
        yield from _document(resource.get("PolicyDocument"), "PolicyDocument", "identity")
    else:
        yield from _document(resource.get("AssumeRolePolicyDocument"), "AssumeRolePolicyDocument", "trust")
        for place, policy in resource.each("Policies"):
            path = f"{place}.PolicyDocument"
            yield from _document(policy.get("PolicyDocument") if isinstance(policy, dict) else None, path, "identity")


def _document(document: Any, path: str, kind: str) -> Iterator[Problem]:
    document = structure(document)
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError as error:
            yield Problem(f"the policy is not JSON: {error}", path)
    if not isinstance(document, dict):
        return
    for name in document:
        if name not in _TOP:
            yield Problem(f"a policy has no element {name!r}", f"{path}.{name}")
    version = document.get("Version")
    if isinstance(version, str) and version not in _VERSIONS:
        yield Problem(f"the policy language has no version {version!r}; use {_VERSIONS[0]}", f"{path}.Version")
    for place, statement in placed(document.get("Statement")):
        if isinstance(statement, dict):
            yield from _statement(statement, f"{path}.{place}", kind)


def _statement(statement: dict[str, Any], path: str, kind: str) -> Iterator[Problem]:
    for name in statement:
        if name not in _ELEMENTS and not name.startswith("Fn::"):
            yield Problem(f"a statement has no element {name!r}", f"{path}.{name}")
    effect = statement.get("Effect")
    if effect is None or (isinstance(effect, str) and effect not in ("Allow", "Deny")):
        yield Problem(f"Effect must be Allow or Deny, got {effect!r}", f"{path}.Effect")
    if not {"Action", "NotAction"} & statement.keys():
        yield Problem("the statement has neither Action nor NotAction", path)
    for name in ("Action", "Principal", "Resource"):
        if {name, f"Not{name}"} <= statement.keys():
            yield Problem(f"the statement has both {name} and Not{name}", f"{path}.Not{name}")
    if kind in _KINDS:
        yield from _by_kind(statement, path, *_KINDS[kind])
    conditions = statement.get("Condition")
    for operator, keys in conditions.items() if isinstance(conditions, dict) else ():
        yield from _condition(str(operator), keys, f"{path}.Condition.{operator}")


def _by_kind(statement: dict[str, Any], path: str, what: str, needed: str, prohibited: str) -> Iterator[Problem]:
    for name in (prohibited, f"Not{prohibited}"):
        if name in statement:
            yield Problem(f"{what} cannot have {name}", f"{path}.{name}")
    if not {needed, f"Not{needed}"} & statement.keys():
        yield Problem(f"the statement has neither {needed} nor Not{needed}", path)


def _condition(operator: str, keys: Any, path: str) -> Iterator[Problem]:
    plain = operator.lower().removeprefix("forallvalues:").removeprefix("foranyvalue:")
    if plain.removesuffix("ifexists") not in _KNOWN or plain == "nullifexists":
        yield Problem(f"IAM has no condition operator {operator!r}", path)
    for key in keys if isinstance(keys, dict) else ():
        if "${" in str(key) or str(key).startswith("!"):
            yield Problem(f"a function cannot be a key, but {key!r} is used as one", path)
