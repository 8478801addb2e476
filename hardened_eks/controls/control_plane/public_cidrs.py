import ipaddress
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.worst import at_worst

_NARROWEST: Final = {4: 24, 6: 48}
"""Prefix lengths below which a range is wider than one site of an organization."""


@control(
    id="CP-03",
    title="A public API endpoint admits only small, explicitly listed address ranges",
    requirement="eks.endpoint.public_cidrs_restricted",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Every address in PublicAccessCidrs can send requests to the API server, with stolen credentials or without "
        "any."
    ),
    fix=(
        "Turn off the public endpoint (CP-01). If you must keep it, list the addresses of your offices and CI runners "
        "in ResourcesVpcConfig.PublicAccessCidrs, each range at most a /24 (IPv6: /48)."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html#modify-endpoint-access",
    blind=(
        "Who owns the addresses. Other tools reject only 0.0.0.0/0 (checkov CKV_AWS_38, trivy AWS-0041); this control "
        "also rejects a range of more than 256 public IPv4 addresses."
    ),
    enforced_by="Cluster",
)
def public_cidrs(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    public = cluster.flag("ResourcesVpcConfig.EndpointPublicAccess", default=True)
    if public is False:
        return
    path = "ResourcesVpcConfig.PublicAccessCidrs"
    ranges = list(cluster.each(path))
    if not ranges:  # absent or empty means 0.0.0.0/0
        message = "the public endpoint is open to every address (PublicAccessCidrs is not set)"
        yield Problem(at_worst(message, "ResourcesVpcConfig.EndpointPublicAccess", public), path)
    for place, value in ranges:
        complaint = _complaint(value)
        if complaint:
            yield Problem(f"the public endpoint is open to {value}: {complaint}", place)


def _complaint(value: Any) -> str:
    if not isinstance(value, str):
        return "it is known only at deployment"
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return "it is not a CIDR range"
    if network.prefixlen >= _NARROWEST[network.version] or (network.is_private and network.prefixlen > 0):
        return ""
    return f"it is wider than a /{_NARROWEST[network.version]}"
