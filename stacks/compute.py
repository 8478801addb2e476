"""The compute of the reference cluster: one entry for each value of the setting ``compute``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.controls.control_plane import network_policy_enforced

if TYPE_CHECKING:
    from collections.abc import Callable

    from stacks.settings import Settings


_BOTTLEROCKET = "1.66.0"
"""Bottlerocket release of Karpenter's nodes. A new release replaces them, within the disruption budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """One way to run pods."""

    add: Callable[[hardened.Cluster, Settings], object]
    """Function that adds the compute to the cluster."""
    addons: Callable[[], hardened.AddonOptions | None] = lambda: None
    """Function that returns the cluster's add-ons. Default: the add-ons of every cluster."""
    auto_mode: Callable[[], hardened.AutoMode | None] = lambda: None
    """Function that returns the Auto Mode options. Default: Auto Mode is off."""
    instance_types: tuple[str, ...] = ("m7g.large",)
    """Instance types to use if the settings contain none."""


def _managed(cluster: hardened.Cluster, settings: Settings) -> None:
    cluster.add_node_group("general", instance_types=settings.instance_types)


def _self_managed(cluster: hardened.Cluster, settings: Settings) -> None:
    cluster.add_self_managed_nodes("general", instance_types=settings.instance_types)


def _karpenter(cluster: hardened.Cluster, settings: Settings) -> None:
    # Only Karpenter and CoreDNS run on this group.
    cluster.add_node_group("system", instance_types=settings.instance_types, scaling=hardened.Scaling(min=2, max=3))
    karpenter = cluster.add_karpenter(bottlerocket_version=_BOTTLEROCKET)
    cdk.Annotations.of(karpenter).acknowledge_warning(
        "hardened-eks:karpenter-objects", "a trial: apply the objects as described in the stack's output"
    )


def _fargate(cluster: hardened.Cluster, settings: Settings) -> None:
    for name, selector in (
        ("system", hardened.FargateSelector.SYSTEM),
        ("apps", hardened.FargateSelector(namespace="apps-*")),
    ):
        profile = cluster.add_fargate_profile(name, selectors=[selector])
        cdk.Annotations.of(profile).acknowledge_warning(
            "hardened-eks:fargate-log-router", "a trial: check whether logs arrive, or use hardened-eks:egress=nat"
        )
    hardened.waive(
        cluster,
        network_policy_enforced,
        reason="Fargate does not enforce network policies: each pod runs in its own VM, behind a security group",
        until=date(2027, 10, 31),
    )


def _for_fargate() -> hardened.AddonOptions:
    return hardened.AddonOptions.for_fargate()


def _auto_mode(cluster: hardened.Cluster, _: Settings) -> None:
    """Add nothing: nodes start when the objects in the stack's output are applied."""
    assert cluster.auto_mode_nodes is not None
    cdk.Annotations.of(cluster.auto_mode_nodes).acknowledge_warning(
        "hardened-eks:auto-mode-manifests",
        "the person who deploys this app applies the output, as described in docs/how-to/choose-nodes.md",
    )


def _aws_runs_nodes() -> hardened.AutoMode:
    return hardened.AutoMode()


COMPUTE = {
    "managed": Compute(add=_managed),
    "self-managed": Compute(add=_self_managed, instance_types=("m7g.large", "m7gd.large")),
    "karpenter": Compute(add=_karpenter),
    "auto-mode": Compute(add=_auto_mode, auto_mode=_aws_runs_nodes, instance_types=()),
    "fargate": Compute(add=_fargate, addons=_for_fargate, instance_types=()),
}
"""Map from each value of the setting to its compute."""
