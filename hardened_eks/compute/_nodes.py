"""Common parts of managed and self-managed nodes: launch template, subnets, warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from hardened_eks._asked import key_arn_of
from hardened_eks.compute._launch import Launch
from hardened_eks.compute._settings import OperatingSystem
from hardened_eks.compute._user_data import user_data

if TYPE_CHECKING:
    from constructs import Construct

    from hardened_eks.compute._arguments import NodeArguments
    from hardened_eks.compute._joining import Joining

# https://docs.aws.amazon.com/eks/latest/userguide/bottlerocket-fips-amis.html ("This can cause the node bootstrap to
# fail") and https://github.com/bottlerocket-os/bottlerocket/issues/4372. A warning, not a refusal: user data and
# endpoints that come later can make it work.
NO_WAY_TO_FIPS = (
    "FIPS images pull from the FIPS endpoint of ECR, which this isolated network cannot reach, so nodes will not "
    "join. Use Network(egress=Egress.NAT), or switch the FIPS endpoint off in the user data "
    "(docs/how-to/choose-nodes.md, FIPS), then acknowledge this warning"
)


MORE_PODS = (
    "pods have their own subnets, so the first network interface of a node has no addresses for them. Its kubelet does "
    "not know that, and pods above the number of addresses would not start: pass kubelet=KubeletSettings(max_pods=...) "
    "with the number that max-pods-calculator.sh --cni-custom-networking-enabled returns for your smallest type "
    "(https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html)"
)


def launch_of(
    given: NodeArguments,
    id: str,
    *,
    image_id: str | None = None,
    instance_profile_arn: str | None = None,
    joining: Joining | None = None,
    **more: Any,
) -> Launch:
    """Return the launch settings of nodes.

    Args:
        given: arguments of the nodes.
        id: construct ID of their group, for their name.
        image_id: ID of their image. Default: EKS chooses it.
        instance_profile_arn: ARN of their instance profile. Default: EKS creates one.
        joining: settings with which they join the cluster. Default: EKS adds them.
        **more: further fields of `Launch`.
    """
    system, cluster, group = OperatingSystem(given.operating_system), given.cluster, given.security_group
    # Bottlerocket has separate volumes for the system, and for containers and their data.
    volumes = {"/dev/xvda": None, "/dev/xvdb": given.disk_gib}
    return Launch(
        name=f"{cluster.name}-{id}",
        security_group_id=cluster.node_security_group_id if group is None else group.security_group_id,
        volumes_key_arn=key_arn_of(cluster.keys.volumes),
        volumes={"/dev/xvda": given.disk_gib} if system is OperatingSystem.AL2023 else volumes,
        user_data=user_data(
            system,
            nvidia=given.nvidia,
            session_manager=given.session_manager,
            kubelet=given.kubelet,
            bottlerocket=given.bottlerocket,
            joining=joining,
        ),
        image_id=image_id,
        instance_profile_arn=instance_profile_arn,
        **more,
    )


def node_subnet_ids(given: NodeArguments) -> list[str]:
    """Return the IDs of the nodes' subnets."""
    if given.subnets is None:
        return list(given.cluster.network.node_subnet_ids)
    return [subnet.subnet_id for subnet in given.subnets]


def warn_of_pods(scope: Construct, given: NodeArguments) -> None:
    """Warn if a kubelet accepts more pods than its node has addresses for. EKS only tells managed nodes of its images.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network-tutorial.html
    """
    if given.cluster.network.pod_subnets and (given.kubelet is None or given.kubelet.max_pods is None):
        cdk.Annotations.of(scope).add_warning_v2("hardened-eks:more-pods-than-addresses", MORE_PODS)


def warn_of_fips(scope: Construct, given: NodeArguments) -> None:
    """Warn if FIPS images cannot reach the endpoint from which they pull."""
    if given.fips and given.subnets is None and given.cluster.network.isolated:
        cdk.Annotations.of(scope).add_warning_v2("hardened-eks:fips-without-a-way-out", NO_WAY_TO_FIPS)
