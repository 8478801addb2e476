"""The model of a policy: data from which a ValidatingAdmissionPolicy and its binding are rendered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.baseline.groups import DELIVERY_GROUP
from hardened_eks.baseline.objects import thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hardened_eks.baseline.settings import Settings

API: Final = "admissionregistration.k8s.io/v1"
POLICY_LABEL: Final = "hardened-eks/policy"
"""Label of a ValidatingAdmissionPolicy with the policy's ID as its value."""


@dataclass(frozen=True, slots=True)
class Match:
    """Requests that a policy evaluates: resources of one API group, and operations."""

    group: str
    """API group; an empty string for the core group."""
    resources: tuple[str, ...]
    """Plural names, with ``/subresource`` for a subresource."""
    operations: tuple[str, ...] = ("CREATE", "UPDATE")
    versions: tuple[str, ...] = ("v1",)

    def render(self) -> dict[str, Any]:
        """Return the resource rule."""
        return {
            "apiGroups": [self.group],
            "apiVersions": list(self.versions),
            "operations": list(self.operations),
            "resources": list(self.resources),
        }


@dataclass(frozen=True, slots=True)
class Validation:
    """One CEL expression that must be true, and the message to the user if it is not."""

    expression: str
    message: str

    def render(self, expression: str) -> dict[str, Any]:
        """Return the entry of ``spec.validations``."""
        return {"expression": expression, "message": self.message, "reason": "Forbidden"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One requirement on requests to the Kubernetes API, as data."""

    id: str
    """Stable short name, for example ``image-pinned``."""
    title: str
    """The requirement in one sentence."""
    why: str
    """Why it matters: what an attacker can do without it."""
    matches: tuple[Match, ...]
    variables: tuple[tuple[str, str], ...] = ()
    """Pairs of name and CEL expression, in order. Later ones may use earlier ones. Default: none."""
    validations: tuple[Validation, ...]
    conditions: tuple[tuple[str, str], ...] = ()
    """Pairs of name and CEL expression: further conditions for the policy to apply. Default: none."""
    everywhere: bool = False
    """Whether the policy also applies in system and privileged namespaces and to system users. Default: no."""
    every_namespace: bool = False
    """Whether the policy also applies in system and privileged namespaces, but not to system users. Default: no."""
    admins: bool = False
    """Whether members of the administrators' groups are exempt. Default: no."""
    delivery: bool = False
    """Whether the delivery principal is exempt, because a wrong policy must not refuse its own correction. Default: no.
    """
    warns: bool = False
    """Whether the policy never denies; with mode ``deny``, it warns. Default: no."""

    @property
    def name(self) -> str:
        """Name of the ValidatingAdmissionPolicy and of its binding."""
        return f"hardened-eks-{self.id}"

    @property
    def reads_registries(self) -> bool:
        """Whether the policy depends on the trusted registries."""
        return any(_REGISTRIES in validation.expression for validation in self.validations)

    def render(self, settings: Settings, *, registries: Sequence[str] | None = None) -> dict[str, Any]:
        """Return the ValidatingAdmissionPolicy.

        Args:
            settings: the settings of the cluster.
            registries: the trusted registries, which are not checked. Default: those of the settings.
        """
        listed = settings.registries if registries is None else registries
        spec: dict[str, Any] = {
            "failurePolicy": "Fail",
            "matchConditions": [{"name": n, "expression": e} for n, e in self._conditions(settings)],
            "matchConstraints": {
                "matchPolicy": "Equivalent",
                "resourceRules": [match.render() for match in self.matches],
            },
            "validations": [v.render(_fill(v.expression, settings, listed)) for v in self.validations],
            "variables": [{"name": name, "expression": expression} for name, expression in self.variables],
        }
        return thing(
            API,
            "ValidatingAdmissionPolicy",
            self.name,
            labels={POLICY_LABEL: self.id},
            annotations={"hardened-eks/title": self.title, "hardened-eks/why": self.why},
            spec={key: value for key, value in spec.items() if value != []},
        )

    def bind(self, settings: Settings) -> dict[str, Any]:
        """Return the ValidatingAdmissionPolicyBinding."""
        mode = "warn" if self.warns and settings.mode == "deny" else settings.mode
        actions = {"audit": ["Audit"], "warn": ["Audit", "Warn"], "deny": ["Audit", "Deny"]}[mode]
        spec = {"policyName": self.name, "validationActions": actions}
        return thing(API, "ValidatingAdmissionPolicyBinding", self.name, spec=spec)

    def exempt_namespaces(self, settings: Settings) -> list[str]:
        """Return the namespaces in which the policy does not apply, sorted."""
        if self.everywhere or self.every_namespace:
            return []
        return sorted({*settings.system_namespaces, *settings.named("privileged")})

    def _conditions(self, settings: Settings) -> list[tuple[str, str]]:
        found = [(name, _fill(expression, settings, settings.registries)) for name, expression in self.conditions]
        if namespaces := self.exempt_namespaces(settings):
            found.append(("is-not-in-an-exempt-namespace", _NAMESPACE_IN.format(_list(namespaces))))
        if not self.everywhere:
            users = [*settings.exempt_users, *_OF_THE_API_SERVER]
            found.append(("is-not-by-a-system-user", _USER_IN.format(_list(users))))
        groups = [*(settings.admin_groups if self.admins else ()), *([DELIVERY_GROUP] if self.delivery else ())]
        if groups:
            found.append(("is-not-by-an-administrator", _GROUP_IN.format(_list(groups))))
        return found


_OF_THE_API_SERVER: Final = (
    "system:apiserver",
    "system:serviceaccount:kube-system:clusterrole-aggregation-controller",
)
"""Users that are always exempt: they write the endpoints of the API and aggregated roles."""
_REGISTRIES: Final = "@registries@"
_NAMESPACE_IN: Final = "!(has(request.namespace) && request.namespace in {})"
_USER_IN: Final = "!(has(request.userInfo) && has(request.userInfo.username) && request.userInfo.username in {})"
_GROUP_IN: Final = (
    "!(has(request.userInfo) && has(request.userInfo.groups) && request.userInfo.groups.exists(group, group in {}))"
)


def _list(names: Sequence[str]) -> str:
    """Return a CEL list of strings."""
    return "[" + ", ".join(json.dumps(name) for name in sorted(set(names))) + "]"


def _fill(expression: str, settings: Settings, registries: Sequence[str]) -> str:
    """Return an expression with the registries and the lists of the settings in place of their names."""
    if "@" not in expression:
        return expression
    lists = {
        "@baseline_namespaces@": settings.named("baseline"),
        "@critical_namespaces@": settings.critical_namespaces,
        "@exec_groups@": settings.exec_groups,
        "@privileged_namespaces@": settings.named("privileged"),
        "@rbac_bindings@": settings.rbac_exceptions,
        "@rbac_exceptions@": settings.exceptions,
        _REGISTRIES: [f"{registry.rstrip('/')}/" for registry in registries],
        "@system_namespaces@": settings.system_namespaces,
        "@trusted_namespaces@": settings.trusted_namespaces,
    }
    for name, values in lists.items():
        expression = expression.replace(name, _list(values))
    return expression
