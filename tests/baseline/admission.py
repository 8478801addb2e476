"""An API server's admission in a hundred lines: what a ValidatingAdmissionPolicy decides on a request.

Semantics: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from hardened_eks.baseline import Settings, manifests
from tests.baseline.cel import CelError, evaluate


@dataclass(frozen=True, kw_only=True)
class Request:
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
    """Labels beside the one that the API server sets; None: the namespace has no labels at all."""
    user_info: dict[str, Any] | None = field(default_factory=dict)
    """Instead of user and groups, if not empty; None: the request says nothing of the user."""

    def data(self) -> dict[str, Any]:
        resource, _, subresource = self.resource.partition("/")
        name = ((self.object or {}).get("metadata") or {}).get("name")
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
            metadata = (self.object or self.old or {}).get("metadata") or {}
            return {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": metadata.get("name", "")}
        if self.namespace_labels is None:
            return {}
        return {**self.namespace_labels, "kubernetes.io/metadata.name": self.namespace or ""}


@dataclass(frozen=True)
class Verdict:
    denied: bool
    messages: tuple[str, ...] = ()
    error: str = ""


class Cluster:
    """The objects that were rendered, as far as admission reads them."""

    record: ClassVar[list[tuple[str, Settings, Any, Request, bool]] | None] = None
    """Every question and its answer, while somebody writes along."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        objects = manifests(settings)
        self.policies = {o["metadata"]["name"]: o for o in objects if o["kind"] == "ValidatingAdmissionPolicy"}
        bindings = [o for o in objects if o["kind"] == "ValidatingAdmissionPolicyBinding"]
        self.bindings = {o["spec"]["policyName"]: o for o in bindings}
        self.config_maps = {
            (o["metadata"]["namespace"], o["metadata"]["name"]): o for o in objects if o["kind"] == "ConfigMap"
        }

    def judge(self, policy: str, request: Request) -> Verdict:
        name = f"hardened-eks-{policy}"
        verdict = decide(self.policies[name], self.bindings[name], self.config_maps, request)
        if Cluster.record is not None:
            Cluster.record.append((policy, self.settings, dict(self.config_maps), request, verdict.denied))
        return verdict


def decide(policy: dict[str, Any], binding: dict[str, Any], config_maps: dict[Any, Any], request: Request) -> Verdict:
    """Return the verdict of one policy on a request."""
    spec = policy["spec"]
    if not matches(spec["matchConstraints"], request):
        return Verdict(False)
    data = {**request.data(), "params": None, "variables": {}}
    failed = spec.get("failurePolicy", "Fail") == "Fail"
    reference = binding["spec"].get("paramRef")
    if reference and "paramKind" in spec:
        data["params"] = config_maps.get((reference["namespace"], reference["name"]))
        if data["params"] is None:
            return Verdict(reference["parameterNotFoundAction"] == "Deny", ("no params found",))
    conditions = []
    for condition in spec.get("matchConditions", ()):
        try:
            conditions.append(evaluate(condition["expression"], data))
        except CelError as error:
            conditions.append(error)
    if False in conditions:
        return Verdict(False)
    if errors := [c for c in conditions if c is not True]:
        return Verdict(failed, error=str(errors[0]))
    return _validate(spec, data, failed=failed)


def _validate(spec: dict[str, Any], data: dict[str, Any], *, failed: bool) -> Verdict:
    variables: dict[str, Any] = {}
    data["variables"] = variables
    error = ""
    for variable in spec.get("variables", ()):
        try:
            variables[variable["name"]] = evaluate(variable["expression"], data)
        except CelError as problem:
            error = str(problem)  # lazily evaluated on a server: an error only where it is read
    messages = []
    for validation in spec["validations"]:
        try:
            if evaluate(validation["expression"], data) is not True:
                messages.append(validation["message"])
        except CelError as problem:
            if failed:
                messages.append(validation["message"])
            error = error or str(problem)
    return Verdict(bool(messages), tuple(messages), error)


def matches(constraints: dict[str, Any], request: Request) -> bool:
    if not any(rule_matches(rule, request) for rule in constraints["resourceRules"]):
        return False
    selector = constraints.get("namespaceSelector")
    if selector and (request.namespace is not None or request.kind == "Namespace"):
        labels = request.labels()
        for expression in selector["matchExpressions"]:
            assert expression["operator"] == "NotIn"
            if labels.get(expression["key"]) in expression["values"]:
                return False
    return True


def rule_matches(rule: dict[str, Any], request: Request) -> bool:
    return (
        (request.group in rule["apiGroups"] or "*" in rule["apiGroups"])
        and (request.version in rule["apiVersions"] or "*" in rule["apiVersions"])
        and (request.operation in rule["operations"] or "*" in rule["operations"])
        and request.resource in rule["resources"]
    )
