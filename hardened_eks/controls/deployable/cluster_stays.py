from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Template, intrinsics

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
        "CloudFormation deletes a resource that is removed from the template, or whose condition becomes false: the "
        "cluster and all its workloads. A "
        "cluster that a DeletionPolicy or deletion protection keeps belongs to no stack, and nobody updates it."
    ),
    fix=(
        "Put the cluster back under its logical ID, without a condition that can be false. To delete it, move the "
        "workloads first, and waive this control for that one deployment. To move it to another stack, keep it "
        "(Retain) and import it there."
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
    for cluster, how in gone.get(resource, ()):
        what = f"the cluster {cluster.logical_id} is deployed and {how}"
        if cluster.body.get("DeletionPolicy") in _KEEPS:
            message = f"{what}: its DeletionPolicy keeps it, outside of every stack"
            yield Problem(message, severity=Severity.MEDIUM)
        elif cluster.get("DeletionProtection") is True:
            message = f"{what}: its deletion protection keeps it, outside of every stack"
            yield Problem(message, severity=Severity.MEDIUM)
        else:
            yield Problem(f"{what}: CloudFormation then deletes it, with all that runs there")


def _gone(assembly: Assembly, earlier: Assembly) -> dict[Resource, list[tuple[Resource, str]]]:
    """Return the removed clusters and how they were removed, by the first resource that their stack keeps."""
    now = {template.name: template for template in assembly.templates}
    known = {(one.template, one.logical_id) for one in earlier.of(_CLUSTER)}
    found: dict[Resource, list[tuple[Resource, str]]] = {}
    for cluster in earlier.of(_CLUSTER):
        stack = _stack(cluster.template, now)
        there = [] if stack is None else [one for one in stack.resources.values() if one.type == _CLUSTER]
        renamed = any((cluster.template, one.logical_id) not in known for one in there)
        same = next((one for one in there if one.logical_id == cluster.logical_id), None)
        how = "no longer in the template" if same is None else _unmade(cluster, same)
        if stack is None or (same is None and renamed) or not how:
            continue
        first = next((one for one in stack.resources.values() if _standing(one) is not False), None)
        if first is not None:
            found.setdefault(first, []).append((cluster, how))
    return found


def _standing(resource: Resource) -> bool | None:
    """Return whether a resource is created; None if that is not known."""
    wanted = resource.body.get("Condition")
    return intrinsics.condition(wanted, resource.template) if isinstance(wanted, str) else True


def _unmade(old: Resource, now: Resource) -> str:
    """Return how the condition of a deployed cluster can delete it; empty if that did not change."""
    if _standing(old) is False or _standing(now) is True:
        return ""
    wanted = now.body["Condition"]
    if _standing(now) is False:
        return f"its condition {wanted} is now false"
    return (
        ""
        if _written(old) == _written(now)
        else f"its new condition {wanted} may be false (set its parameters with --parameters)"
    )


def _written(resource: Resource) -> object:
    """Return the condition of a resource, as its template defines it."""
    return resource.template.section("Conditions").get(str(resource.body.get("Condition")))


def _stack(template: Template, now: dict[str, Template]) -> Template | None:
    """Return the present stack; for a nested stack that was removed as well, its parent."""
    while template.name not in now and template.parent is not None:
        template = template.parent[0]
    return now.get(template.name)
