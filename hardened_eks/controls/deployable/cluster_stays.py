from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Template

_CLUSTER: Final = "AWS::EKS::Cluster"
_KEEPS: Final = ("Retain", "RetainExceptOnCreate")


@control(
    id="DP-113",
    title="No change takes the cluster out of its stack",
    types=("*",),
    needs="stack",
    evidence="template",
    severity=Severity.CRITICAL,
    family=Family.DEPLOYABLE,
    why=(
        "CloudFormation deletes a resource that is removed from the template: the cluster and all its workloads. A "
        "cluster that a DeletionPolicy or deletion protection keeps belongs to no stack, and nobody updates it."
    ),
    fix=(
        "Put the cluster back under its logical ID. To delete it, move the workloads first, and waive this control for "
        "that one deployment. To move it to another stack, keep it (Retain) and import it there."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
    blind=(
        "A stack that is deleted as a whole or is not in the assembly. DP-24 covers a new logical ID. Without the "
        "earlier template (`--against`), nothing is evaluated."
    ),
    detective="Only the earlier template shows that there was a cluster.",
)
def cluster_stays(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    earlier = assembly.previous
    if earlier is None:
        return
    gone = assembly.once(("deployable.gone",), lambda: _gone(assembly, earlier))
    for cluster in gone.get(resource, ()):
        what = f"the cluster {cluster.logical_id} is deployed and no longer in the template"
        if cluster.body.get("DeletionPolicy") in _KEEPS:
            message = f"{what}: its DeletionPolicy keeps it, outside of every stack"
            yield Problem(message, severity=Severity.MEDIUM)
        elif cluster.get("DeletionProtection") is True:
            message = f"{what}: its deletion protection keeps it, outside of every stack"
            yield Problem(message, severity=Severity.MEDIUM)
        else:
            yield Problem(f"{what}: CloudFormation deletes it, with all that runs there")


def _gone(assembly: Assembly, earlier: Assembly) -> dict[Resource, list[Resource]]:
    """Return the removed clusters, by the first resource of their stack."""
    now = {template.name: template for template in assembly.templates}
    known = {(one.template, one.logical_id) for one in earlier.of(_CLUSTER)}
    found: dict[Resource, list[Resource]] = {}
    for cluster in earlier.of(_CLUSTER):
        stack = _stack(cluster.template, now)
        there = [] if stack is None else [one for one in stack.resources.values() if one.type == _CLUSTER]
        renamed = any((cluster.template, one.logical_id) not in known for one in there)
        if stack is None or renamed or any(one.logical_id == cluster.logical_id for one in there):
            continue
        first = next(iter(stack.resources.values()), None)
        if first is not None:
            found.setdefault(first, []).append(cluster)
    return found


def _stack(template: Template, now: dict[str, Template]) -> Template | None:
    """Return the present stack; for a nested stack that was removed as well, its parent."""
    while template.name not in now and template.parent is not None:
        template = template.parent[0]
    return now.get(template.name)
