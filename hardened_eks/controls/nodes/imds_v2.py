from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.nodes._images import NO_TEMPLATE, open_metadata
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    CONFIGURATION,
    INSTANCE,
    NODEGROUP,
    TEMPLATE,
    settings,
)


@control(
    id="ND-03",
    title="Nodes require IMDSv2 session tokens",
    requirement="node.imds.v2_required",
    types=(TEMPLATE, NODEGROUP, AUTO_SCALING, INSTANCE, CONFIGURATION),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "With IMDSv1, one request that an attacker tricks a server into sending (SSRF) returns the credentials of the "
        "node."
    ),
    fix="Set MetadataOptions.HttpTokens to required in the launch template.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    blind=(
        "Images and accounts whose own default is IMDSv2. The exception is AL2023 in a node group without a launch "
        "template, where EKS requires IMDSv2. A node group without an image keeps the image that it was created with."
    ),
    enforced_by="NodeGroup",
)
def imds_v2(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from launch_not_seen(resource, assembly, "MetadataOptions")
    for where, prefix in settings(resource, "MetadataOptions"):
        if where is None:
            for message in open_metadata(resource, assembly, "accepts IMDSv1"):
                yield Problem(message, "LaunchTemplate", cause=NO_TEMPLATE)
        elif where.get(f"{prefix}MetadataOptions.HttpEndpoint") != "disabled":
            tokens = where.get(f"{prefix}MetadataOptions.HttpTokens", "optional")  # absent means optional
            if tokens != "required":
                yield Problem(f"IMDSv2 is not required (HttpTokens is {tokens})", f"{prefix}MetadataOptions.HttpTokens")
