from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import NODE_POOL, hours
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_MOST_HOURS = 30 * 24


@control(
    id="KB-29",
    title="Karpenter replaces nodes within 30 days",
    requirement="node.lifetime.bounded",
    types=(NODE_POOL,),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "Nodes are patched by being replaced. A node that is never replaced keeps its old kernel, and any intruder on "
        "it."
    ),
    fix="Set spec.template.spec.expireAfter to 720h or less.",
    source="https://karpenter.sh/docs/concepts/disruption/#expiration",
    blind="Pods that must not be disrupted keep a node longer than that, unless terminationGracePeriod is set.",
    enforced_by="Karpenter",
)
def node_pool_lifetime(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    # If omitted, it is 720h. Before v1 of the API, it was a setting of the disruption.
    for path in ("spec.template.spec.expireAfter", "spec.disruption.expireAfter"):
        written = resource.get(path)
        lifetime = hours(written)
        if written is not None and (lifetime is None or lifetime > _MOST_HOURS):
            yield Problem(f"expireAfter is {written}", path)
