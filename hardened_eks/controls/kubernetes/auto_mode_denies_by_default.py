from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-30",
    title="Auto Mode nodes deny traffic that no network policy allows",
    requirement="eks.network.vpc_cni_policy",
    types=("Kubernetes::eks.amazonaws.com::NodeClass",),
    needs="resource",
    severity=Severity.HIGH,
    why="With DefaultAllow, every pod can reach every other pod until somebody writes a policy that selects it.",
    fix=(
        "Set networkPolicy to DefaultDeny, and enable the controller by setting enable-network-policy-controller to "
        '"true" in the ConfigMap amazon-vpc-cni in kube-system.'
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html",
    blind="Whether the ConfigMap and the policies exist. Auto Mode does not support another CNI.",
    detective="Cluster(auto_mode=...) writes these objects to an output of its stack, and you apply them.",
)
def auto_mode_denies_by_default(resource: Resource, _: Assembly) -> Iterator[Problem]:
    policy = resource.get("spec.networkPolicy", "DefaultAllow")
    if policy != "DefaultDeny":
        yield Problem(f"networkPolicy is {policy}", "spec.networkPolicy")
