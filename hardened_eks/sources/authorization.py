"""The permissions in an account, from saved responses of AWS APIs: IAM account authorization details, and EKS.

A response is converted to resources in CloudFormation format, so that it can be read like a template. An attached
policy lists all principals it is attached to.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence import Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Resources = dict[str, dict[str, Any]]

_DETAILS: Final = "RoleDetailList"
_CLUSTER: Final = "cluster"
_POLICIES: Final = "associatedAccessPolicies"
_LARGEST: Final = 256 * 2**20
_KINDS: Final = (
    ("RoleDetailList", "Role", "RolePolicyList"),
    ("UserDetailList", "User", "UserPolicyList"),
    ("GroupDetailList", "Group", "GroupPolicyList"),
)


def split(paths: Sequence[str]) -> tuple[list[str], list[tuple[str, dict[str, Any]]]]:
    """Return the paths that are not such responses, and the responses with their paths.

    Raises:
        UnusableInputError: a response is one page of several, or too large.
    """
    others, answers, problems = [], [], []
    for path in paths:
        answer = _read(path)
        if answer is None:
            others.append(path)
        elif answer.get("IsTruncated") is True:
            problems.append(InputProblem(path, "it is one page of several: run the command without --no-paginate"))
        else:
            answers.append((path, answer))
    if problems:
        raise UnusableInputError(problems)
    return others, answers


def as_template(answers: Sequence[tuple[str, Mapping[str, Any]]]) -> Template:
    """Return the resources in responses, named after the account if they include IAM details.

    Raises:
        UnusableInputError: a response does not have the expected format.
    """
    resources: Resources = {}
    account = ""
    for path, answer in answers:
        try:
            found = dict(_resources(answer))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"not a response of AWS ({type(error).__name__}: {error})"
            raise UnusableInputError([InputProblem(path, message)]) from error
        resources |= found
        account = account or _account(answer)
    return Template(f"account {account}".strip(), {"Resources": resources}, account=account)


def _read(path: str) -> dict[str, Any] | None:
    """Return a response, or None for a directory, a template or invalid JSON, which other readers report."""
    file = Path(path)
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return None
        body = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    known = _DETAILS in body or _POLICIES in body or (set(body) == {_CLUSTER} and isinstance(body[_CLUSTER], dict))
    return body if known else None


def _account(answer: Mapping[str, Any]) -> str:
    for kind, _, _ in _KINDS:
        for one in answer.get(kind, ()):
            return str(one["Arn"]).split(":")[4]
    return ""


def _resources(answer: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if _CLUSTER in answer and _DETAILS not in answer:
        cluster = answer[_CLUSTER]
        properties = {"Name": cluster["name"], "RoleArn": cluster["roleArn"]}
        yield f"Cluster/{cluster['name']}", {"Type": "AWS::EKS::Cluster", "Properties": properties}
    if _POLICIES in answer:
        yield _entry(answer)
    attached = {one["Arn"]: _document(one) for one in answer.get("Policies", ())}
    for kind, word, inline in _KINDS:
        for one in answer.get(kind, ()):
            yield f"{word}/{one[f'{word}Name']}", _identity(one, word, inline, attached)


def _identity(one: Mapping[str, Any], word: str, inline: str, attached: Mapping[str, Any]) -> dict[str, Any]:
    policies = [{"PolicyName": p["PolicyName"], "PolicyDocument": p["PolicyDocument"]} for p in one.get(inline, ())]
    for policy in one.get("AttachedManagedPolicies", ()):
        document = attached.get(policy["PolicyArn"])
        if document is not None:
            policies.append({"PolicyName": policy["PolicyName"], "PolicyDocument": document})
    properties = {f"{word}Name": one[f"{word}Name"], "Path": one.get("Path", "/"), "Policies": policies}
    if word == "Role":
        properties["AssumeRolePolicyDocument"] = one["AssumeRolePolicyDocument"]
    if word == "User":
        properties["Groups"] = list(one.get("GroupList", ()))
    return {"Type": f"AWS::IAM::{word}", "Properties": properties}


def _document(policy: Mapping[str, Any]) -> Any:
    versions = [one for one in policy.get("PolicyVersionList", ()) if one.get("IsDefaultVersion")]
    return versions[0]["Document"] if versions else None


def _entry(answer: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    cluster, principal = answer["clusterName"], answer["principalArn"]
    policies = [
        {
            "PolicyArn": one["policyArn"],
            "AccessScope": {
                "Type": one["accessScope"]["type"],
                "Namespaces": one["accessScope"].get("namespaces", []),
            },
        }
        for one in answer[_POLICIES]
    ]
    properties = {"ClusterName": cluster, "PrincipalArn": principal, "AccessPolicies": policies}
    return f"AccessEntry/{cluster}/{principal}", {"Type": "AWS::EKS::AccessEntry", "Properties": properties}
