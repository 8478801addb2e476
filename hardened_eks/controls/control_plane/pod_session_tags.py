from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-22",
    title="Pod sessions carry the tags of their cluster, namespace and service account",
    requirement="iam.workload_identity.trust_scope",
    types=("AWS::EKS::PodIdentityAssociation",),
    severity=Severity.MEDIUM,
    why=(
        "The tags identify the pod. Without them, trust policies, permissions and CloudTrail records that rely on the "
        "tags can no longer distinguish pods."
    ),
    fix="Omit DisableSessionTags. If the policy is too long for the session, shorten the policy instead.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html",
    needs="resource",
    enforced_by="PodRole",
)
def pod_session_tags(association: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "DisableSessionTags"
    disabled = association.flag(path, default=False)
    if disabled is not False:
        yield Problem(f"its sessions carry no tags ({path} is {disabled})", path)
