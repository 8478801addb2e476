"""Which add-ons a cluster gets, and what a user may change about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hardened_eks.addons._arguments import configuration_problems, name_problems, version_problems
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BEFORE_NODES = ("eks-pod-identity-agent", "vpc-cni", "kube-proxy", "eks-node-monitoring-agent")
"""Without these a node does not become ready, or its first pods get no credentials."""
AFTER_NODES = ("coredns", "aws-ebs-csi-driver", "metrics-server")
"""These run as pods on nodes, so that they cannot become healthy before there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonOptions:
    """Changes to the add-ons that every cluster gets.

    Raises:
        ConfigurationError: naming every unknown add-on, malformed version and configuration that is not JSON.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    """Add-on name to version, for example ``{"coredns": "v1.12.4-eksbuild.1"}``. Default: EKS's default version."""
    configurations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Add-on name to configuration, laid over ours. Default: ours alone."""
    extra: Sequence[str] = ()
    """Names of further add-ons, made after the nodes. Default: none."""
    exclude: Sequence[str] = ()
    """Names of default add-ons to leave out. Default: none."""

    def __post_init__(self) -> None:
        """Check names, versions and configurations."""
        problems = Problems("AddonOptions")
        default = (*BEFORE_NODES, *AFTER_NODES)
        for argument, names in (("extra", self.extra), ("exclude", self.exclude)):
            problems.require(not isinstance(names, str), f"{argument} needs a list of names, got the text {names!r}")
        problems.raise_any()
        chosen = {*default, *self.extra} - {*self.exclude}
        for name in self.exclude:
            problems.require(
                name in default, f"exclude names {name!r}, which is no default add-on; those are {', '.join(default)}"
            )
        for name in self.extra:
            problems.extend(name_problems(name))
            problems.require(name not in default, f"extra names {name!r}, which every cluster gets: leave it out")
        for name, version in self.versions.items():
            problems.require(
                name in chosen, f"versions names {name!r}, which the cluster does not get: add it to extra"
            )
            problems.extend(version_problems(name, version))
        for name, configuration in self.configurations.items():
            problems.require(
                name in chosen, f"configurations names {name!r}, which the cluster does not get: add it to extra"
            )
            problems.extend(configuration_problems(name, configuration))
        problems.raise_any()
