from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import NODE_CLASS
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-25",
    title="Karpenter nodes use an existing instance profile",
    requirement="node.role.least_privilege",
    types=(NODE_CLASS,),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "With `role`, the controller needs permission to create instance profiles and to add roles to them. In an "
        "isolated network it cannot start nodes, because there is no VPC endpoint for IAM."
    ),
    fix="Create the instance profile together with the role, and set it as instanceProfile instead of role.",
    source="https://karpenter.sh/docs/concepts/nodeclasses/#specinstanceprofile",
    enforced_by="Karpenter",
)
def node_class_profile(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    role = resource.get("spec.role")
    if role is not None:
        yield Problem(f"it sets the role {role}, for which Karpenter creates an instance profile", "spec.role")
    elif resource.get("spec.instanceProfile") is None:
        yield Problem("it sets no instanceProfile", "spec.instanceProfile")
