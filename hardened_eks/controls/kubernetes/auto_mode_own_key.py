from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.keys import customer_key

_PATH = "spec.ephemeralStorage.kmsKeyID"


@control(
    id="KB-31",
    title="Volumes of Auto Mode nodes are encrypted with a customer managed key",
    requirement="node.ebs.cmk",
    types=("Kubernetes::eks.amazonaws.com::NodeClass",),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "You cannot write a policy for the account's aws/ebs key, and cannot share it, limit its use or revoke access "
        "to it."
    ),
    fix="Set ephemeralStorage.kmsKeyID to a key of your own that the cluster role can use.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/auto-kms.html",
    blind="A key that is a literal, an import or a parameter counts as a customer managed key that the role can use.",
    detective="Cluster(auto_mode=...) writes these objects to an output of its stack, and you apply them.",
)
def auto_mode_own_key(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not customer_key(resource.get(_PATH), assembly):
        yield Problem("it has no customer managed key", _PATH)
