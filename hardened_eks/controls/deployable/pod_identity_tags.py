from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import is_set
from hardened_eks.evidence.views.iam import trust

_TAGS = ("kubernetes-", "eks-cluster-")


@control(
    id="DP-48",
    title="Pod Identity sends the session tags that the role requires",
    types=("AWS::EKS::PodIdentityAssociation",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "A trust policy that requires tags rejects a session without them (AccessDenied in every pod), and EKS does "
        "not allow a session policy together with session tags."
    ),
    fix=(
        "Omit DisableSessionTags if the trust policy requires tags. With a session Policy, set DisableSessionTags and "
        "restrict the trust policy by aws:SourceArn and aws:SourceAccount."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html",
    enforced_by="PodRole",
)
def pod_identity_tags(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    disabled = resource.flag("DisableSessionTags", default=False)
    if is_set(resource.get("Policy")) and disabled is False:
        yield Problem("a session policy needs DisableSessionTags", "DisableSessionTags")
    role = assembly.target(resource.get("RoleArn"), "AWS::IAM::Role", near=resource)
    if disabled is not True:
        return
    if role is None:
        yield from not_seen(resource, assembly, "RoleArn", "AWS::IAM::Role")
        return
    allowed = [s for _, s in trust(role) if s.allows and s.does("sts:AssumeRole")]
    asked = [[key for key in map(_tag, _keys(s.conditions)) if key.startswith(_TAGS)] for s in allowed]
    if asked and all(asked):
        message = (
            f"the trust policy of {role.logical_id} requires the tag {asked[0][0]}, which is not sent with this setting"
        )
        yield Problem(message, "DisableSessionTags")


def _keys(conditions: object) -> Iterator[str]:
    for operator, keys in conditions.items() if hasattr(conditions, "items") else ():
        if not operator.endswith("ifexists"):
            yield from keys


def _tag(key: str) -> str:
    return key.removeprefix("aws:requesttag/").removeprefix("aws:principaltag/")
