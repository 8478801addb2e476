"""The default add-ons of a cluster, and how to change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import flag_problems
from hardened_eks.addons._arguments import configuration_problems, name_problems, version_problems
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

BEFORE_NODES = ("eks-pod-identity-agent", "vpc-cni", "kube-proxy", "eks-node-monitoring-agent")
"""Without these a node does not become ready, or its first pods get no credentials."""
AFTER_NODES = ("coredns", "aws-ebs-csi-driver", "metrics-server")
"""These run as pods on nodes, so they cannot become healthy before the first node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonOptions:
    """Changes to the add-ons that every cluster gets.

    Raises:
        ConfigurationError: an add-on is unknown or not part of the cluster, a version is malformed, or a configuration
            is not JSON. The error lists all mistakes.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    """Add-on name to version, for example ``{"coredns": "v1.12.4-eksbuild.1"}``. Default: EKS's default version."""
    configurations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Configuration by add-on name, merged over the library's. Default: only the library's."""
    extra: Sequence[str] = ()
    """Names of further add-ons, created after the nodes. Default: none."""
    exclude: Sequence[str] = ()
    """Names of default add-ons to leave out. Default: none."""
    tagged_volumes_only: bool = False
    """Whether the EBS driver gets AmazonEBSCSIDriverPolicyV2, which allows only volumes and snapshots with the tag
    ``ebs.csi.aws.com/cluster: true``. Default: no; AmazonEBSCSIDriverPolicy, which allows every volume of the account.
    """

    @classmethod
    def for_fargate(
        cls,
        *,
        versions: Mapping[str, str] | None = None,
        configurations: Mapping[str, Mapping[str, Any]] | None = None,
        extra: Sequence[str] = (),
    ) -> AddonOptions:
        """Return the add-ons of a cluster without nodes: CoreDNS on Fargate, and no add-ons that run as DaemonSets.

        Such a cluster needs a `FargateProfile` with `FargateSelector.SYSTEM`. Fargate has its own CNI and kube-proxy.
        EKS Pod Identity, network policies and EBS volumes do not work on Fargate.

        Args:
            versions: versions by add-on name, as `AddonOptions.versions`. Default: EKS's default versions.
            configurations: configurations by add-on name, as `AddonOptions.configurations`; that of CoreDNS is merged
                over the library's. Default: only the library's.
            extra: names of further add-ons, as `AddonOptions.extra`. Default: none.

        Raises:
            ConfigurationError: as `AddonOptions`.
        """
        given = dict(configurations or {})
        return cls(
            versions=versions or {},
            configurations={**given, "coredns": {"computeType": "Fargate", **given.get("coredns", {})}},
            extra=extra,
            exclude=(*BEFORE_NODES, "aws-ebs-csi-driver"),
        )

    def __post_init__(self) -> None:
        """Check names, versions and configurations."""
        problems = Problems("AddonOptions")
        default = (*BEFORE_NODES, *AFTER_NODES)
        extra, exclude = (_names(name, getattr(self, name), problems) for name in ("extra", "exclude"))
        versions, configurations = (
            _by_name(name, getattr(self, name), problems) for name in ("versions", "configurations")
        )
        problems.extend(flag_problems(tagged_volumes_only=self.tagged_volumes_only))
        problems.require(
            self.tagged_volumes_only is not True or "aws-ebs-csi-driver" not in exclude,
            "tagged_volumes_only is only for aws-ebs-csi-driver, which exclude leaves out: remove one of the two",
        )
        chosen = [name for name in (*default, *extra) if name not in exclude]
        for name in exclude:
            problems.require(
                name in default,
                f"exclude names {name!r}, which is not a default add-on: use {', '.join(default)}",
            )
        for name in extra:
            problems.extend(name_problems(name))
            problems.require(name not in default, f"extra names {name!r}, which every cluster gets: leave it out")
        for name, version in versions.items():
            problems.require(
                name in chosen, f"versions names {name!r}, which the cluster does not get: add it to extra"
            )
            problems.extend(version_problems(name, version))
        for name, configuration in configurations.items():
            problems.require(
                name in chosen, f"configurations names {name!r}, which the cluster does not get: add it to extra"
            )
            problems.extend(configuration_problems(name, configuration))
        problems.raise_any()


def _names(argument: str, names: object, problems: Problems) -> Sequence[str]:
    if isinstance(names, list | tuple):
        return names
    problems.add(f"{argument} needs a list of names, got {'the string ' if isinstance(names, str) else ''}{names!r}")
    return ()


def _by_name(argument: str, values: object, problems: Problems) -> Mapping[str, Any]:
    if isinstance(values, Mapping):
        return values
    problems.add(f"{argument} needs a mapping by the add-on's name, got {values!r}")
    return {}
