from collections.abc import Iterator

from hardened_eks.baseline.policies.rbac import POLICY
from hardened_eks.controls.kubernetes._admission import RBAC, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-15",
    title=POLICY.title,
    requirement=(
        "k8s.rbac.no_wildcards",
        "k8s.rbac.escalate_bind_impersonate",
        "k8s.rbac.cluster_admin",
        "k8s.rbac.node_proxy",
        "k8s.rbac.csr_approve",
        "k8s.rbac.webhook_config",
        "k8s.rbac.no_anonymous",
        "k8s.rbac.system_masters",
    ),
    types=RBAC,
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix=(
        "Name API groups, resources and verbs, without bind, escalate, impersonate and nodes/proxy, and bind groups "
        "of people."
    ),
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    blind="Aggregated roles are evaluated by what they select, because the resulting rules are in the cluster only.",
    enforced_by="Workloads",
)
def rbac_least_privilege(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
