from __future__ import annotations

from typing import Final

from hardened_eks.baseline.load_balancers import TLS_POLICY
from hardened_eks.baseline.policies._pods import OBJECT_CHANGES, SPEC
from hardened_eks.baseline.policies.model import Match, Policy, Validation
from hardened_eks.baseline.policies.service import CLOSED, LOGGED, MODERN_TLS

_SECURE: Final = "has(l.protocolPort) && l.protocolPort.matches('(?i)^(https|tls)')"

POLICY = Policy(
    id="gateway-load-balancer",
    title="Load balancers of Gateways are internal, use TLS 1.2 or newer and write access logs",
    why="By default these load balancers accept TLS 1.0 and write no logs, and one field opens them to the internet.",
    # The AWS Load Balancer Controller reads the first group. EKS Auto Mode has groups of its own for such kinds.
    # https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/loadbalancerconfig/
    # https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-gateway-api.html
    matches=(
        Match("gateway.k8s.aws", ("loadbalancerconfigurations",), versions=("*",)),
        Match("eks.amazonaws.com", ("loadbalancerconfigurations",), versions=("*",)),
        Match("aga.k8s.aws", ("globalaccelerators",), versions=("*",)),
    ),
    conditions=(OBJECT_CHANGES,),
    variables=(
        SPEC,
        ("accelerator", 'request.kind.kind == "GlobalAccelerator"'),
        (
            "listeners",
            (
                "has(variables.spec.listenerConfigurations) && variables.spec.listenerConfigurations != null"
                " ? variables.spec.listenerConfigurations : []"
            ),
        ),
        (
            "attributes",
            (
                "has(variables.spec.loadBalancerAttributes) && variables.spec.loadBalancerAttributes != null"
                " ? variables.spec.loadBalancerAttributes : []"
            ),
        ),
    ),
    validations=(
        Validation(
            "!variables.accelerator",
            "an accelerator opens internal load balancers to the internet: let the platform team create it",
        ),
        Validation(
            "!has(variables.spec.scheme) || variables.spec.scheme == null || variables.spec.scheme == 'internal'",
            "the load balancer faces the internet: set spec.scheme to internal",
        ),
        Validation(
            f"variables.listeners.all(l, has(l.sslPolicy) && l.sslPolicy != null ? l.sslPolicy.matches('{MODERN_TLS}')"
            f" : !({_SECURE}))",
            f"a listener takes TLS before 1.2: set its sslPolicy to a policy of TLS 1.2 or newer, such as {TLS_POLICY}",
        ),
        Validation(
            f"variables.accelerator || variables.attributes.exists(a, a.key == '{LOGGED}')"
            f" && variables.attributes.all(a, a.key != '{LOGGED}' || a.value == 'true')",
            f"the load balancer writes no access logs: set {LOGGED} to true in spec.loadBalancerAttributes",
        ),
        Validation(
            f"variables.attributes.all(a, a.key != '{CLOSED}' || a.value == 'true')",
            f"an internet gateway reaches the load balancer over IPv6: remove {CLOSED} from"
            " spec.loadBalancerAttributes",
        ),
    ),
)
