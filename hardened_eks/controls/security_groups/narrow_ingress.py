from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.security_groups import GROUP, INGRESS, WIDE, Rule, rules


@control(
    id="SG-05",
    title="Ingress rules open only a few ports of one protocol",
    requirement="sg.narrow_ingress",
    types=(GROUP, INGRESS),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "A rule for all ports also admits traffic to every service that starts later, such as a debug port, a kubelet "
        "or the admin page of a sidecar."
    ),
    fix="Write one rule for each port that the client needs. Allow all ports only between nodes.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    blind=(
        "Rules between members of the same group are not evaluated, because nodes and their pods communicate on any "
        "port. Neither are rules between the nodes of a node group and another group if the two admit each other in "
        "the same way, because both contain nodes of one cluster; whether the other group contains only nodes is not "
        "seen. A range of 100 ports or more counts as wide. A prefix list outside the assembly is a finding, except "
        "for TCP 443. The Guard registry rejects every range, and every source wider than /32."
    ),
    enforced_by="Cluster",
)
def narrow_ingress(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for rule in rules(resource, "Ingress"):
        if rule.within(assembly) or _between_nodes(rule, assembly):
            continue
        if not rule.only_https:
            for path, prefix_list in rule.unseen_lists(assembly):
                yield Problem(
                    f"prefix list {prefix_list} is not in the assembly, so nothing shows which addresses it admits",
                    path,
                )
        if rule.all_protocols:
            yield Problem("all protocols and ports are open to another group or range", rule.path("IpProtocol"))
        elif len(rule.ports) >= WIDE and not _one_port(rule):
            yield Problem(f"{len(rule.ports)} ports are open ({rule.described_ports})", rule.path("ToPort"))


def _one_port(rule: Rule) -> bool:
    """Return whether both port numbers are the same unknown value, such as the port of a database."""
    first, last = (rule.values.get(name) for name in ("FromPort", "ToPort"))
    return isinstance(first, Unknown) and isinstance(last, Unknown) and first.expression == last.expression


def _between_nodes(rule: Rule, assembly: Assembly) -> bool:
    """Return whether two groups, one of a node group, admit each other in the same way, as nodes of one cluster do."""
    ends = [rule.values.get(name) for name in ("GroupId", "SourceSecurityGroupId")]
    if None in ends or not any(_of_nodes(end, assembly) for end in ends):
        return False
    back = (*(str(end) for end in reversed(ends)), rule.protocol, rule.ports)
    return back in assembly.once(("security_groups", "opened"), lambda: _opened(assembly))


def _opened(assembly: Assembly) -> frozenset[tuple[Any, ...]]:
    """Return the group, source, protocol and ports of every ingress resource."""
    ends = ("GroupId", "SourceSecurityGroupId")
    return frozenset(
        (*(str(rule.values.get(name)) for name in ends), rule.protocol, rule.ports)
        for resource in assembly.of(INGRESS)
        for rule in rules(resource, "Ingress")
    )


def _of_nodes(group_id: Any, assembly: Assembly) -> bool:
    group = assembly.target(group_id, GROUP)
    templates = () if group is None else assembly.referring(group, "AWS::EC2::LaunchTemplate")
    return any(next(iter(assembly.referring(template, "AWS::EKS::Nodegroup")), None) for template in templates)
