"""The evaluation of a cluster with a rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.policies.privilege_escalation import POLICY as ESCALATION
from hardened_eks.baseline.policies.trusted_registry import POLICY as REGISTRY
from hardened_eks.config_rules import facts, spaces
from hardened_eks.config_rules.evaluations import Compliance, Evaluation
from hardened_eks.config_rules.workloads import Workloads, judge_of
from hardened_eks.controls.control_plane.access_entries import access_entries
from hardened_eks.controls.control_plane.deletion_protection import deletion_protection
from hardened_eks.controls.control_plane.version_supported import version_supported
from hardened_eks.controls.kubernetes.images_trusted import images_trusted
from hardened_eks.controls.kubernetes.namespace_has_network_policy import namespace_has_network_policy
from hardened_eks.controls.kubernetes.no_privilege_escalation import no_privilege_escalation
from hardened_eks.data.cluster_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardened_eks.config_rules.workloads import Judge
    from hardened_eks.controls.model import Control
    from hardened_eks.sources.kubernetes import Api

_PODS: Final = "/api/v1/pods"
_CONTROLS: Final = {
    one.id: one
    for one in (
        access_entries, deletion_protection, version_supported, images_trusted, namespace_has_network_policy,
        no_privilege_escalation,
    )
}  # fmt: skip
_POLICIES: Final = {no_privilege_escalation: ESCALATION, images_trusted: REGISTRY}
RULE: Final = {one.id: one for one in RULES}


@dataclass(frozen=True, slots=True)
class Question:
    """The control and the parameters of a Config rule."""

    control: Control
    exempt: tuple[str, ...]
    judge: Judge | None
    """The evaluation of pods; None if the rule needs no pods."""

    @classmethod
    def of(cls, check: str, *, registries: tuple[str, ...] = (), exempt: tuple[str, ...] = ()) -> Question:
        """Return the question of a rule.

        Args:
            check: ID of the rule.
            registries: registries from which images may come.
            exempt: namespaces that are not evaluated.

        Raises:
            KeyError: the rule does not exist.
            ConfigurationError: an entry is not a registry, or not the name of a namespace.
        """
        control = _CONTROLS[RULE[check].control]
        policy = _POLICIES.get(control)
        judge = None if policy is None else judge_of(control, policy, registries=registries, exempt=exempt)
        return cls(control, exempt, judge)

    def ask(self, cluster: str, described: Mapping[str, Any], api: Callable[[], Api]) -> list[Evaluation]:
        """Return the evaluations of a cluster: its own, and those of its objects.

        Args:
            cluster: name of the cluster.
            described: ``cluster`` of the response to DescribeCluster.
            api: function that returns its Kubernetes API. It is not called if the response is sufficient.

        Raises:
            ApiError: its Kubernetes API cannot be read.
        """
        if self.judge is not None:
            judge = self.judge
            found = api().fold(
                _PODS,
                lambda: Workloads(cluster, judge, exempt=self.exempt, control=self.control),
                lambda workloads, page: workloads.take(page),
            )
            return [*self._sum(cluster, [*found.evaluations()], "workloads")]
        if self.control is namespace_has_network_policy:
            judged = [*spaces.verdicts(api(), cluster, self.control, exempt=self.exempt)]
            return self._sum(cluster, judged, "namespaces")
        return [facts.verdict(described, cluster, self.control)]

    def _sum(self, cluster: str, judged: list[Evaluation], what: str) -> list[Evaluation]:
        """Return the evaluations after the cluster's own, which has their number. Without any, it does not pass."""
        counted = Counter(one.compliance for one in judged)
        good, bad = counted[Compliance.GOOD], counted[Compliance.BAD]
        text = f"{self.control.id} [{self.control.severity}] {bad} of {good + bad} {what} fail"
        if bad:
            return [Evaluation(cluster, Compliance.BAD, text), *judged]
        compliance = Compliance.GOOD if good else Compliance.NOT_JUDGED
        return [Evaluation(cluster, compliance, text if good else f"there are no {what} to evaluate"), *judged]
