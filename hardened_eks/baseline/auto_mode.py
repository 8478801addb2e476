"""The objects with which Amazon EKS Auto Mode starts nodes: a custom NodeClass and NodePools, as data.

The built-in pools use an AWS owned key, a network that is open by default, and any instance type.

Sources:
    https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html
    https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html
    https://docs.aws.amazon.com/eks/latest/userguide/auto-advanced-security.html
    https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
    https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.baseline.node_labels import LABEL_KEY, LABEL_VALUE, kept_by_pools
from hardened_eks.baseline.objects import thing
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NODE_CLASS: Final = "hardened"
"""Name of the NodeClass; ``default`` is the built-in one."""
SYSTEM: Final = "kube-system"
"""Namespace of the settings and of the network policy that Auto Mode needs."""
STORAGE_CLASS: Final = "hardened-ebs"
"""Name of the StorageClass."""
ARCHITECTURES: Final = ("arm64", "amd64")
BUILT_IN_POOLS: Final = ("general-purpose", "system")
MOST_DAYS: Final = 20
"""A node of Auto Mode lives 21 days at most, of which the last may be spent on draining it."""
_DNS: Final = regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_CATEGORY: Final = regex(r"[a-z]{1,4}")
_NVIDIA: Final = ("g", "gr", "p")
"""Categories with NVIDIA accelerators, whose drivers `advancedSecurity.kernelLockdown` refuses, because they are not
signed: https://github.com/bottlerocket-os/bottlerocket/issues/4218"""
_OLDEST: Final = "4"
"""The last generation of instance types that is refused: all later ones are Nitro."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoModePool:
    """Nodes that Auto Mode starts when pods need them: on Nitro, encrypted in transit, replaced in time.

    Raises:
        ConfigurationError: an argument is invalid. The error lists all mistakes.
    """

    name: str = "general"
    """Name of the NodePool, 1 to 63 lower-case letters, digits and ``-``. Default: ``general``."""
    architectures: Sequence[str] = ("arm64",)
    """Architectures: ``arm64``, ``amd64``, or both if every image supports both. Default: ``arm64``."""
    categories: Sequence[str] = ("c", "m", "r")
    """Categories of instance types, for example ``m``; not those with NVIDIA accelerators, whose drivers the kernel
    lockdown refuses. Default: ``c``, ``m`` and ``r``."""
    spot: bool = False
    """Whether Spot capacity is used, too. Default: no, only on-demand capacity."""
    cpu_limit: int = 100
    """Maximum of vCPUs of all nodes of the pool together. Default: 100."""
    memory_limit_gib: int = 400
    """Maximum of memory of all nodes of the pool together, in GiB. Default: 400."""
    max_lifetime_days: int = 14
    """Lifetime of a node before it is drained, in days, 1 to 20. Default: 14."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Kubernetes labels of the nodes. Default: none."""
    taints: Mapping[str, str] = field(default_factory=dict)
    """Values of taints by key, with the effect NoSchedule, which keeps other pods away. Default: none."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems(f"AutoModePool {self.name!r}")
        problems.extend(self._problems())
        problems.raise_any()

    def _problems(self) -> Iterator[str]:
        if not isinstance(self.name, str) or not _DNS.fullmatch(self.name):
            yield f"name needs 1 to 63 small letters, digits or '-', got {self.name!r}"
        elif self.name in BUILT_IN_POOLS:
            yield f"name {self.name!r} belongs to a built-in pool of EKS: choose another"
        if not _all(self.architectures, lambda one: one in ARCHITECTURES):
            yield f"architectures needs a list of {' or '.join(ARCHITECTURES)}, got {self.architectures!r}"
        yield from _category_problems(self.categories)
        if not isinstance(self.spot, bool):
            yield f"spot needs True or False, got {self.spot!r}"
        for name, most in (
            ("cpu_limit", 1_000_000),
            ("memory_limit_gib", 10_000_000),
            ("max_lifetime_days", MOST_DAYS),
        ):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
                yield f"{name} needs a whole number from 1 to {most}, got {value!r}"
        for name in ("labels", "taints"):
            value = getattr(self, name)
            if not isinstance(value, Mapping) or not _all([*value, *value.values(), ""], _is_text):
                yield f"{name} needs a mapping of strings to strings, got {value!r}"
            else:
                yield from _pair_problems(name, value)


def auto_mode_objects(
    *,
    role: str,
    subnet_ids: Sequence[str],
    security_group_id: str,
    volumes_key_arn: str,
    pools: Sequence[AutoModePool],
    fips: bool = False,
    disk_gib: int = 80,
) -> list[dict[str, Any]]:
    """Return the objects to apply before Auto Mode can start a node, in the order in which to apply them.

    The order is: enforcement of network policies, network of kube-system, storage class, NodeClass, NodePools.

    Args:
        role: name of the nodes' IAM role, which needs an access entry of type EC2.
        subnet_ids: IDs of the private subnets of the nodes.
        security_group_id: ID of the security group of the nodes.
        volumes_key_arn: ARN of the KMS key of node and pod volumes, which the cluster's role may use.
        pools: the node pools.
        fips: use images with FIPS-validated cryptography, which exist only in Regions of the United States and Canada.
            Default: no.
        disk_gib: size of a node's data volume, in GiB. Default: 80.
    """
    controller = {"enable-network-policy-controller": "true"}
    return [
        thing("v1", "ConfigMap", "amazon-vpc-cni", namespace=SYSTEM, data=controller),
        _network_of_the_system(),
        _storage_class(volumes_key_arn),
        thing(
            "eks.amazonaws.com/v1",
            "NodeClass",
            NODE_CLASS,
            spec={
                "role": role,
                "subnetSelectorTerms": [{"id": subnet_id} for subnet_id in subnet_ids],
                "securityGroupSelectorTerms": [{"id": security_group_id}],
                "networkPolicy": "DefaultDeny",
                "networkPolicyEventLogs": "Enabled",
                "ephemeralStorage": {"size": f"{disk_gib}Gi", "kmsKeyID": volumes_key_arn},
                "advancedNetworking": {"associatePublicIPAddress": False},
                "advancedSecurity": {"fips": fips, "kernelLockdown": "integrity"},
            },
        ),
        *(_node_pool(pool) for pool in pools),
    ]


def _network_of_the_system() -> dict[str, Any]:
    """Return the network policy with which add-ons in kube-system, such as metrics-server, run as on other nodes.

    The NodeClass denies the traffic of every pod that no policy allows, in kube-system, too, and an add-on whose pods
    do not become ready fails the deployment. As everywhere, the instance metadata service stays closed. The range
    contains the addresses of pods: the network policy agent compares only addresses
    (https://github.com/aws/aws-network-policy-agent, pkg/fwruleprocessor), and a selector would list every pod.
    """
    from hardened_eks.baseline.network import blocks  # clusters without Auto Mode do not load it

    spec = {
        "podSelector": {},
        "policyTypes": ["Egress", "Ingress"],
        "egress": [{"to": blocks("0.0.0.0/0")}],
        "ingress": [{}],
    }
    return thing("networking.k8s.io/v1", "NetworkPolicy", "allow-add-ons", namespace=SYSTEM, spec=spec)


def _storage_class(key_arn: str) -> dict[str, Any]:
    return thing(
        "storage.k8s.io/v1",
        "StorageClass",
        STORAGE_CLASS,
        annotations={"storageclass.kubernetes.io/is-default-class": "true"},
        provisioner="ebs.csi.eks.amazonaws.com",
        volumeBindingMode="WaitForFirstConsumer",
        allowVolumeExpansion=True,
        # Without it, a pod with such a volume may be scheduled on another node of the cluster, and never start there.
        allowedTopologies=[
            {"matchLabelExpressions": [{"key": "eks.amazonaws.com/compute-type", "values": ["auto"]}]},
        ],
        parameters={"type": "gp3", "encrypted": "true", "kmsKeyId": key_arn},
    )


def _node_pool(pool: AutoModePool) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "nodeClassRef": {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": NODE_CLASS},
        "requirements": [
            _one_of("eks.amazonaws.com/instance-hypervisor", "nitro"),
            _one_of("eks.amazonaws.com/instance-encryption-in-transit-supported", "true"),
            _one_of("eks.amazonaws.com/instance-category", *pool.categories),
            {"key": "eks.amazonaws.com/instance-generation", "operator": "Gt", "values": [_OLDEST]},
            _one_of("kubernetes.io/arch", *pool.architectures),
            _one_of("karpenter.sh/capacity-type", *(("spot", "on-demand") if pool.spot else ("on-demand",))),
        ],
        "expireAfter": f"{24 * pool.max_lifetime_days}h",
        "terminationGracePeriod": "24h",
    }
    if pool.taints:
        # The API server refuses an empty value.
        spec["taints"] = [
            {"key": key, **({"value": value} if value else {}), "effect": "NoSchedule"}
            for key, value in pool.taints.items()
        ]
    metadata = {"metadata": {"labels": dict(pool.labels)}} if pool.labels else {}
    return thing(
        "karpenter.sh/v1",
        "NodePool",
        pool.name,
        spec={
            "template": {**metadata, "spec": spec},
            "limits": {"cpu": str(pool.cpu_limit), "memory": f"{pool.memory_limit_gib}Gi"},
            "disruption": {
                "consolidationPolicy": "WhenEmptyOrUnderutilized",
                "consolidateAfter": "5m",
                "budgets": [{"nodes": "10%"}],
            },
        },
    )


def _category_problems(categories: Any) -> Iterator[str]:
    """Yield which categories of instance types cannot be in a pool."""
    if not _all(categories, lambda one: isinstance(one, str) and _CATEGORY.fullmatch(one) is not None):
        yield f"categories needs a list of categories of instance types such as 'm', got {categories!r}"
    elif locked := [one for one in categories if one in _NVIDIA]:
        yield (
            f"categories needs others than {', '.join(locked)}, whose NVIDIA drivers the kernel lockdown refuses: "
            "leave them out, and apply a NodeClass and a NodePool of your own for them"
        )


def _pair_problems(name: str, pairs: Mapping[str, str]) -> Iterator[str]:
    """Yield which labels or taints the API server refuses. Values may be known only at deployment."""
    for key, value in pairs.items():
        if not LABEL_KEY.fullmatch(key) or not (LABEL_VALUE.fullmatch(value) or "${Token[" in value):
            yield f"{name} needs keys such as example.com/team and values such as payments, got {key!r}: {value!r}"
        elif name == "labels" and (owner := kept_by_pools(key)):
            yield f"labels has the key {key!r}, whose prefix is reserved for {owner}: use your own prefix"


def _one_of(key: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": list(values)}


def _all(values: object, fits: Any) -> bool:
    return isinstance(values, list | tuple) and bool(values) and all(fits(one) for one in values)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
