from hardened_eks.baseline.policies.gateway_load_balancer import POLICY
from hardened_eks.controls.kubernetes import gateway_load_balancer_internal
from tests.controls.cases import Bad, Case, change, hide
from tests.controls.kubernetes.base import judged_by, thing

BALANCER = "Kubernetes::gateway.k8s.aws::LoadBalancerConfiguration"
LOGS = {"key": "access_logs.s3.enabled", "value": "true"}
TLS = {"protocolPort": "HTTPS:443", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"}
SPEC = {"scheme": "internal", "listenerConfigurations": [TLS], "loadBalancerAttributes": [LOGS]}

IT = thing("gateway.k8s.aws/v1beta1", "LoadBalancerConfiguration", spec=SPEC)

CASE = Case(
    gateway_load_balancer_internal,
    IT,
    bad={
        "on the internet": Bad(change(BALANCER, "spec.scheme", "internet-facing"), ""),
        "TLS 1.0": Bad(change(BALANCER, "spec.listenerConfigurations.0.sslPolicy", "ELBSecurityPolicy-2016-08"), ""),
        "no logs": Bad(change(BALANCER, "spec.loadBalancerAttributes", []), ""),
        "of EKS Auto Mode": Bad(thing("eks.amazonaws.com/v1", "LoadBalancerConfiguration", spec={}), ""),
        "accelerator": Bad(thing("aga.k8s.aws/v1beta1", "GlobalAccelerator", spec={}), ""),
        "hidden": Bad(hide(BALANCER, "spec.scheme"), ""),
    },
    edge={
        "system namespace": thing("gateway.k8s.aws/v1beta1", "LoadBalancerConfiguration", namespace="kube-system"),
        "privileged namespace of the team": judged_by(
            POLICY,
            thing("gateway.k8s.aws/v1beta1", "LoadBalancerConfiguration", namespace="gateways", spec={}),
            privileged_namespaces=["gateways"],
        ),
    },
)
