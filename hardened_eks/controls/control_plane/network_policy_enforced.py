import json
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.worst import as_far_as_known

_CLUSTER: Final = "AWS::EKS::Cluster"
_ADDON: Final = "AWS::EKS::Addon"
_PATH: Final = "ConfigurationValues"


@control(
    id="CP-13",
    title="The VPC CNI enforces Kubernetes network policies",
    requirement="eks.network.vpc_cni_policy",
    types=(_CLUSTER, _ADDON),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Without an agent that enforces them, NetworkPolicy objects have no effect: every pod can reach every other "
        "pod."
    ),
    fix='Install the vpc-cni add-on with ConfigurationValues {"enableNetworkPolicy": "true"}.',
    source="https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html",
    blind=(
        "Whether any NetworkPolicy exists. Another CNI that is installed from inside the cluster, such as Calico or "
        "Cilium: waive the finding and name the CNI. Auto Mode clusters pass, because their NodeClass and a ConfigMap "
        "inside the cluster control enforcement."
    ),
    enforced_by="Addon",
)
def network_policy_enforced(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _ADDON:
        if resource.get("AddonName") == "vpc-cni" and not _enforces(resource.get(_PATH)):
            yield Problem("enableNetworkPolicy is not true, so network policies have no effect", _PATH)
    elif resource.flag("ComputeConfig.Enabled", default=False) is not True and not _has_cni(resource, assembly):
        names = assembly.once("add-ons.unknown", lambda: _unknown_names(assembly))
        yield Problem(
            as_far_as_known("no vpc-cni add-on of the assembly enforces network policies in this cluster", *names)
        )


def _unknown_names(assembly: Assembly) -> list[Unknown]:
    """Return the unknown names that may be those of an add-on or its cluster."""
    names = [addon.get(path) for addon in assembly.of(_ADDON) for path in ("AddonName", "ClusterName")]
    return [name for name in names if isinstance(name, Unknown) and assembly.target(name) is None]


def _has_cni(cluster: Resource, assembly: Assembly) -> bool:
    return any(addon.get("AddonName") == "vpc-cni" for addon in assembly.pointing("ClusterName", cluster, _ADDON))


def _enforces(configuration: Any) -> bool:
    """Return whether the JSON or YAML configuration of the add-on enables enforcement."""
    text = str(configuration) if isinstance(configuration, Unknown) else configuration
    if not isinstance(text, str):
        return False
    try:
        values = json.loads(text)
    except ValueError:  # EKS accepts YAML as well
        pairs = [line.split("#")[0].partition(":") for line in text.splitlines() if not line[:1].isspace()]
        values = {key.strip(" '\""): value.strip(" '\"") for key, _, value in pairs}
    return isinstance(values, dict) and str(values.get("enableNetworkPolicy", "")).lower() == "true"
