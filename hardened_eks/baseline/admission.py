"""The decision of an API server on a request with a ValidatingAdmissionPolicy.

Semantics: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.baseline import cel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Evaluate = Callable[[str, dict[str, Any]], Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request to the Kubernetes API."""

    resource: str
    operation: str = "CREATE"
    group: str = ""
    version: str = "v1"
    kind: str = "Pod"
    namespace: str | None = "payments"
    object: dict[str, Any] | None = None
    old: dict[str, Any] | None = None
    user: str = "arn:aws:sts::111122223333:assumed-role/dev/alice"
    groups: tuple[str, ...] = ("developers", "system:authenticated")
    namespace_labels: dict[str, str] | None = field(default_factory=dict)
    """Labels in addition to the one that the API server sets. None: the namespace has no labels at all."""
    user_info: dict[str, Any] | None = field(default_factory=dict)
    """Replaces user and groups if not empty. None: the request has no user."""

    def data(self) -> dict[str, Any]:
        resource, _, subresource = self.resource.partition("/")
        name = _metadata(self.object).get("name")
        request: dict[str, Any] = {
            "uid": "1",
            "kind": {"group": self.group, "version": self.version, "kind": self.kind},
            "resource": {"group": self.group, "version": self.version, "resource": resource},
            "operation": self.operation,
            "userInfo": {"username": self.user, "groups": list(self.groups)},
            "dryRun": False,
        }
        if self.user_info is None:
            del request["userInfo"]
        elif self.user_info:
            request["userInfo"] = self.user_info
        if subresource:
            request["subResource"] = subresource
        if name:
            request["name"] = name
        if self.namespace is not None:
            request["namespace"] = self.namespace
        space = None
        if self.namespace is not None and self.kind != "Namespace":
            space = {"metadata": {"name": self.namespace, "labels": self.labels()}}
        return {"request": request, "object": self.object, "oldObject": self.old, "namespaceObject": space}

    def labels(self) -> dict[str, str]:
        if self.kind == "Namespace":
            metadata = _metadata(self.object or self.old)
            labels = metadata.get("labels")
            own = labels if isinstance(labels, dict) else {}
            return {**own, "kubernetes.io/metadata.name": metadata.get("name", "")}
        if self.namespace_labels is None:
            return {}
        return {**self.namespace_labels, "kubernetes.io/metadata.name": self.namespace or ""}


def _metadata(item: dict[str, Any] | None) -> dict[str, Any]:
    found = (item or {}).get("metadata")
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Verdict:
    """The verdict of a policy on a request."""

    denied: bool
    messages: tuple[str, ...] = ()
    error: str = ""


_NOT_ASKED: Final = Verdict(denied=False)


def decide(
    policy: Mapping[str, Any],
    request: Request,
    evaluate: Evaluate = cel.evaluate,
) -> Verdict:
    """Return the verdict of one policy on a request.

    Args:
        policy: the ValidatingAdmissionPolicy.
        request: the request.
        evaluate: function that evaluates CEL and raises `cel.CelError`. Default: the evaluator of this package.
    """
    spec = policy["spec"]
    if not matches(spec["matchConstraints"], request):
        return _NOT_ASKED
    data = {**request.data(), "variables": {}}
    failed = spec.get("failurePolicy", "Fail") == "Fail"
    conditions = []
    for condition in spec.get("matchConditions", ()):
        try:
            conditions.append(evaluate(condition["expression"], data))
        except cel.CelError as error:
            conditions.append(error)
    if False in conditions:
        return _NOT_ASKED
    if errors := [c for c in conditions if c is not True]:
        return Verdict(failed, error=str(errors[0]))
    return _validate(spec, data, evaluate, failed=failed)


def _validate(spec: Mapping[str, Any], data: dict[str, Any], evaluate: Evaluate, *, failed: bool) -> Verdict:
    variables: dict[str, Any] = {}
    data["variables"] = variables
    error = ""
    for variable in spec.get("variables", ()):
        try:
            variables[variable["name"]] = evaluate(variable["expression"], data)
        except cel.CelError as problem:
            error = str(problem)  # servers evaluate lazily: an error counts only if the variable is used
    messages = []
    for validation in spec["validations"]:
        try:
            if evaluate(validation["expression"], data) is not True:
                messages.append(validation["message"])
        except cel.CelError as problem:
            if failed:
                messages.append(validation["message"])
            error = error or str(problem)
    return Verdict(bool(messages), tuple(messages), error)


def matches(constraints: Mapping[str, Any], request: Request) -> bool:
    """Return whether the constraints of a policy match a request."""
    return any(rule_matches(rule, request) for rule in constraints["resourceRules"])


def rule_matches(rule: Mapping[str, Any], request: Request) -> bool:
    """Return whether a resource rule matches a request."""
    return (
        (request.group in rule["apiGroups"] or "*" in rule["apiGroups"])
        and (request.version in rule["apiVersions"] or "*" in rule["apiVersions"])
        and (request.operation in rule["operations"] or "*" in rule["operations"])
        and request.resource in rule["resources"]
    )
