from collections.abc import Iterator

from hardened_eks.controls.deployable._twins import called, first_of_the_same
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-35",
    title="A service account has one Pod Identity association",
    types=("AWS::EKS::PodIdentityAssociation",),
    needs="stack",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EKS returns ResourceInUseException ("Association already exists") for the second one, and the stack rolls '
        "back."
    ),
    fix="Keep one association for each service account, with one role.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html",
    enforced_by="PodRole",
)
def pod_identity_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    first = first_of_the_same(resource, assembly, "ClusterName", "Namespace", "ServiceAccount")
    if first is not resource:
        yield Problem(f"{called(first, resource)} is an association for the same service account", "ServiceAccount")
