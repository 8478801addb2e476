import json
from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="CP-13",
    title="The VPC CNI add-on enforces network policies",
    requirement="eks.network.vpc_cni_policy",
    types=("AWS::EKS::Addon",),
    severity=Severity.HIGH,
    why="Without it NetworkPolicy objects are accepted by the API and do nothing: every pod reaches every pod.",
    fix='Set ConfigurationValues of vpc-cni to {"enableNetworkPolicy": "true"}.',
    source="https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html",
    blind="Configuration written as YAML text, and other policy engines such as Calico or Cilium.",
)
def network_policy(addon: Resource, assembly: Assembly) -> Iterator[Problem]:
    if addon.get("AddonName") != "vpc-cni":
        return
    text = addon.get("ConfigurationValues")
    try:
        values = json.loads(str(text)) if text is not None else {}
    except ValueError:
        values = {}
    enabled = values.get("enableNetworkPolicy") if isinstance(values, dict) else None
    if str(enabled).lower() != "true":
        yield Problem(
            "vpc-cni does not enforce network policies (enableNetworkPolicy is not true)", "ConfigurationValues"
        )
