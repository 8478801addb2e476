from collections.abc import Iterator

from hardened_eks.baseline.policies.gateway_load_balancer import POLICY
from hardened_eks.controls.kubernetes._admission import refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-38",
    title=POLICY.title,
    requirement=("k8s.service.exposure", "k8s.ingress.tls"),
    types=(
        "Kubernetes::gateway.k8s.aws::LoadBalancerConfiguration",
        "Kubernetes::eks.amazonaws.com::LoadBalancerConfiguration",
        "Kubernetes::aga.k8s.aws::GlobalAccelerator",
    ),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=POLICY.why,
    fix="Set the scheme to internal, name a TLS policy for each listener, and turn access logs on.",
    source="https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/loadbalancerconfig/",
    blind="Gateways without a LoadBalancerConfiguration: the defaults of their class or controller apply.",
    detective="The admission policy `gateway-load-balancer` of `hardened-eks manifests` and Workloads enforces it.",
)
def gateway_load_balancer_internal(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
