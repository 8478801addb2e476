import ipaddress
from collections.abc import Iterator
from typing import Any

from hardened_eks.baseline.network import POD_IDENTITY
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_POLICY = "Kubernetes::networking.k8s.io::NetworkPolicy"
_AGENT = ipaddress.ip_network(POD_IDENTITY[0])
_PORT = 80


@control(
    id="DP-97",
    title="Network policies let pods with a role reach the Pod Identity agent",
    types=("AWS::EKS::PodIdentityAssociation",),
    needs="assembly",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "The agent listens on 169.254.170.23 in the network of the node. A network policy that blocks egress also "
        "blocks this address, and the SDK waits for credentials that never arrive."
    ),
    fix=(
        "Set pod_identity: true on the namespace in the settings of the baseline, which allows that address on port 80."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html",
    blind="Network policies outside the assembly, policies for some pods of the namespace, and IPv6 clusters.",
    enforced_by="Workloads",
)
def pod_identity_reached(association: Resource, assembly: Assembly) -> Iterator[Problem]:
    namespace = association.get("Namespace")
    if not isinstance(namespace, str):
        return
    specs = [p.get("spec") for p in assembly.of(_POLICY) if p.get("metadata.namespace") == namespace]
    egress = [spec for spec in specs if isinstance(spec, dict) and _concerns_all(spec) and _closes(spec)]
    if egress and not any(_opens(rule) for spec in egress for rule in spec.get("egress") or ()):
        yield Problem(f"network policies of the namespace {namespace} block the address of the agent", "Namespace")


def _concerns_all(spec: dict[str, Any]) -> bool:
    return spec.get("podSelector") == {}


def _closes(spec: dict[str, Any]) -> bool:
    return "Egress" in (spec.get("policyTypes") or ()) or "egress" in spec


def _opens(rule: Any) -> bool:
    if isinstance(rule, Unknown) or not isinstance(rule, dict):
        return True
    peers, ports = rule.get("to"), rule.get("ports")
    to_agent = not peers or any(_holds(peer) for peer in peers)
    return to_agent and (not ports or any(_is_port(port) for port in ports))


def _holds(peer: Any) -> bool:
    if not isinstance(peer, dict):
        return True
    block = peer.get("ipBlock")
    try:
        return isinstance(block, dict) and _within(block["cidr"]) and not any(map(_within, block.get("except") or ()))
    except (KeyError, TypeError, ValueError):
        return False


def _within(cidr: Any) -> bool:
    network = ipaddress.ip_network(cidr)
    return network.version == _AGENT.version and _AGENT.subnet_of(network)  # type: ignore[arg-type]


def _is_port(port: Any) -> bool:
    first = port.get("port") if isinstance(port, dict) else None
    if not isinstance(first, int):
        return True  # every port, or a named port that is not known here
    last: int = port.get("endPort", first)
    return port.get("protocol", "TCP") == "TCP" and first <= _PORT <= last
