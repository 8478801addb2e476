from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-22",
    title="Pods' sessions carry the tags of their cluster, namespace and service account",
    requirement="iam.workload_identity.trust_scope",
    types=("AWS::EKS::PodIdentityAssociation",),
    severity=Severity.MEDIUM,
    why=(
        "The tags say which pod acts: trusts and policies that tell pods apart by them no longer do, and CloudTrail "
        "does not say it either."
    ),
    fix="Leave DisableSessionTags out. A policy that is too long for the session is shortened, not freed of its tags.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html",
    needs="resource",
    enforced_by="PodRole",
)
def pod_session_tags(association: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "DisableSessionTags"
    disabled = association.flag(path, default=False)
    if disabled is not False:
        yield Problem(f"its sessions carry no tags ({path} is {disabled})", path)
