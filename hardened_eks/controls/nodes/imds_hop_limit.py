from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._images import NO_TEMPLATE, open_metadata
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    CONFIGURATION,
    NODEGROUP,
    TEMPLATE,
    settings,
)


@control(
    id="ND-04",
    title="Only nodes, and not their pods, can reach the instance metadata service",
    requirement="node.imds.hop_limit",
    types=(TEMPLATE, NODEGROUP, AUTO_SCALING, CONFIGURATION),
    needs="assembly",
    severity=Severity.HIGH,
    why="With a hop limit above 1, every pod can read the node's credentials from 169.254.169.254.",
    fix="Set MetadataOptions.HttpPutResponseHopLimit to 1.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    blind=(
        "Pods on the host network can reach the service in any case. A node group without a launch template or an "
        "image keeps the image that it was created with: EKS sets the limit to 1 for AL2023."
    ),
    enforced_by="NodeGroup",
)
def imds_hop_limit(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from launch_not_seen(resource, assembly, "MetadataOptions")
    for where, prefix in settings(resource, "MetadataOptions"):
        path = f"{prefix}MetadataOptions.HttpPutResponseHopLimit"
        if where is None:
            for message in open_metadata(resource, assembly, "has the hop limit 2"):
                yield Problem(message, "LaunchTemplate", cause=NO_TEMPLATE)
        elif where.get(f"{prefix}MetadataOptions.HttpEndpoint") != "disabled":
            limit = where.number(path)  # if absent, the image or the account decides; EKS images use 2
            if limit != 1 or limit is True:
                yield Problem(f"the hop limit is {'not set' if limit is None else limit}", path)
