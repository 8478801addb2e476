from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import GROUP, INGRESS, WIDE, rules


@control(
    id="SG-05",
    title="Ingress rules open few ports of one protocol",
    requirement="sg.narrow_ingress",
    types=(GROUP, INGRESS),
    severity=Severity.MEDIUM,
    why="A rule for all ports admits whatever listens tomorrow: a debug port, a kubelet, a sidecar's admin page.",
    fix="Write one rule for each port that the client really needs; all ports are fine within one group only.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    blind=(
        "Rules between members of the same group are left alone (nodes and their pods talk on any port). A range "
        "counts as wide from 100 ports; a prefix list outside the assembly is a finding, but not for TCP 443. The "
        " Guard registry refuses every range, and every source wider than /32."
    ),
    enforced_by="Cluster",
)
def narrow_ingress(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for rule in rules(resource, "Ingress"):
        if rule.within(assembly):
            continue
        if not rule.only_https:
            for path, prefix_list in rule.unseen_lists(assembly):
                yield Problem(f"prefix list {prefix_list} is not in the assembly, so nobody sees whom it admits", path)
        if rule.all_protocols:
            yield Problem("all protocols and ports are open to another group or range", rule.path("IpProtocol"))
        elif len(rule.ports) >= WIDE:
            yield Problem(f"{len(rule.ports)} ports are open ({rule.described_ports})", rule.path("ToPort"))
