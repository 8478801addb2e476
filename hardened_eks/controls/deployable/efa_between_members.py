from collections.abc import Iterator

from hardened_eks.controls._unseen import value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import TEMPLATE, entries
from hardened_eks.evidence.views.security_groups import GROUP, rules_of

_INTERFACES = "LaunchTemplateData.NetworkInterfaces"


@control(
    id="DP-91",
    title="Security groups of EFA interfaces allow all traffic between their members",
    types=(TEMPLATE,),
    needs="assembly",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "EFA uses a protocol of its own, which rules for TCP, UDP or address ranges do not cover. The nodes start, "
        "but the first job that spans two of them hangs until it times out."
    ),
    fix=(
        "Add an ingress rule for all protocols from the group to itself, and an egress rule for all protocols to "
        "itself."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-start.html#efa-start-security",
    enforced_by="NodeGroup",
)
def efa_between_members(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, interface in entries(resource, _INTERFACES):
        if not isinstance(interface, dict) or not str(interface.get("InterfaceType")).startswith("efa"):
            continue
        groups = interface.get("Groups")
        seen = assembly.targets(groups, GROUP, near=resource)
        missing = [way for way in ("Ingress", "Egress") if not any(_passes(group, way, assembly) for group in seen)]
        hidden = [
            problem
            for value in (groups if isinstance(groups, list) else [groups])
            for problem in value_not_seen(resource, assembly, f"{path}.Groups", value, GROUP)
        ]
        if hidden:  # one of them may have the rule
            yield from hidden if missing else ()
            continue
        for way in missing if seen else ():
            names = ", ".join(group.logical_id for group in seen)
            yield Problem(f"{names} has no {way.lower()} rule for all protocols between its members", f"{path}.Groups")


def _passes(group: Resource, direction: str, assembly: Assembly) -> bool:
    return any(rule.all_protocols and rule.within(assembly) for rule in rules_of(group, direction, assembly))
