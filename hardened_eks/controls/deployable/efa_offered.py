from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.instances import known, with_efa
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import AUTO_SCALING, NODEGROUP, TEMPLATE, entries, named_types
from hardened_eks.evidence.views.launch_source import launch_template

_CARD = "NetworkCardIndex"


@control(
    id="DP-94",
    title="Instance types support the Elastic Fabric Adapters that their launch template configures",
    types=(TEMPLATE, NODEGROUP, AUTO_SCALING),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 rejects each launch if the instance type, or the network card, does not support EFA. The node group "
        "waits for its nodes, fails after twenty minutes and rolls back."
    ),
    fix=(
        "Use an instance type with that many adapters (usually the largest sizes), or remove InterfaceType. The first "
        "network card of some types does not support EFA."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html#efa-instance-types",
    blind="Launch templates that are not in the assembly; sizes and families that are newer than the data file.",
    enforced_by="NodeGroup",
)
def efa_offered(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    template = resource if resource.type == TEMPLATE else launch_template(resource, assembly)
    if resource.type != TEMPLATE:
        yield from launch_not_seen(resource, assembly, "NetworkInterfaces")
    asked = set() if template is None else _cards(template)
    if not asked or template is None:
        return
    for name, path in named_types(resource):
        kind = known(name) if isinstance(name, str) and "*" not in name else None
        if kind is None or kind.efa is None:
            continue
        first, most = kind.efa
        whose = "" if template is resource else f" of its launch template {template.logical_id}"
        if not most:
            near = ", ".join(with_efa(len(asked))[:3])
            yield Problem(f"{name} does not support EFA, which interfaces{whose} require; {near} do", path)
        elif len(asked) > most:
            yield Problem(
                f"{name} supports EFA on {most} network cards, but interfaces{whose} require {len(asked)}", path
            )
        elif wrong := sorted(card for card in asked if card < first):
            cards = ", ".join(map(str, wrong))
            yield Problem(f"{name} does not support EFA on network card {cards}, which interfaces{whose} require", path)


def _cards(template: Resource) -> set[int]:
    """Return the network cards of the interfaces with EFA."""
    interfaces = [one for _, one in entries(template, "LaunchTemplateData.NetworkInterfaces") if isinstance(one, dict)]
    found = [one.get(_CARD, 0) for one in interfaces if str(one.get("InterfaceType")).startswith("efa")]
    return {int(card) for card in found if isinstance(card, int) or (isinstance(card, str) and card.isdigit())}
