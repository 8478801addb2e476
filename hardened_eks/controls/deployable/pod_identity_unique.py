from collections.abc import Iterator

from hardened_eks.controls.deployable._twins import first_of_the_same
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-35",
    title="One Pod Identity association a service account, and a trust that admits Pod Identity",
    types=("AWS::EKS::PodIdentityAssociation",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS answers ResourceInUseException for a second association; with a role that does not trust "
        "pods.eks.amazonaws.com for sts:AssumeRole and sts:TagSession every pod fails to start its SDK."
    ),
    fix="Keep one association; trust pods.eks.amazonaws.com with both actions.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html",
    enforced_by="PodRole",
)
def pod_identity_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    first = first_of_the_same(resource, assembly, "ClusterName", "Namespace", "ServiceAccount")
    if first is not resource:
        yield Problem(f"{first.logical_id} is an association of the same service account", "ServiceAccount")
    role = assembly.target(resource.get("RoleArn"), "AWS::IAM::Role", near=resource)
    if role is None:
        return
    statements = [s for s in role.items("AssumeRolePolicyDocument.Statement") if isinstance(s, dict)]
    actions: set[str] = set()
    for statement in statements:
        if "pods.eks.amazonaws.com" in str(statement.get("Principal")) and statement.get("Effect") == "Allow":
            value = statement.get("Action")
            actions |= {str(a).lower() for a in (value if isinstance(value, list) else [value])}
    if not {"sts:assumerole", "sts:tagsession"} <= actions and not actions & {"sts:*", "*"}:
        yield Problem(
            f"the trust of {role.logical_id} lacks sts:AssumeRole and sts:TagSession for pods.eks.amazonaws.com",
            "RoleArn",
        )
