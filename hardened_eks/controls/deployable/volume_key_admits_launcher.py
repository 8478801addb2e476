from collections.abc import Iterator

from hardened_eks.controls._unseen import value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.keys import KEY, key_of
from hardened_eks.evidence.views.launch import volumes

_LAUNCHER = "AWSServiceRoleForAutoScaling"
_NEEDED = ("kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt", "kms:DescribeKey")


@control(
    id="DP-43",
    title="The key of node volumes allows Auto Scaling to use it",
    types=("AWS::EC2::LaunchTemplate",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "Auto Scaling starts the nodes with its service-linked role, whose own policy grants no access to keys. Each "
        "instance terminates at once with Client.InvalidKMSKey.InvalidState or Client.InternalError, and the node "
        "group fails."
    ),
    fix=(
        "In the key policy, allow `Encrypt`, `Decrypt`, `ReEncrypt*`, `GenerateDataKey*`, `DescribeKey` and "
        "`CreateGrant` to AWSServiceRoleForAutoScaling, by a condition on aws:PrincipalArn."
    ),
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
    blind="Launch templates that no group of the assembly uses.",
    enforced_by="Keys",
)
def volume_key_admits_launcher(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not any(assembly.referring(resource, "AWS::EKS::Nodegroup", "AWS::AutoScaling::AutoScalingGroup")):
        return
    for path, volume in volumes(resource, "LaunchTemplateData."):
        ebs = volume.get("Ebs") if isinstance(volume, dict) else None
        value = ebs.get("KmsKeyId") if isinstance(ebs, dict) else None
        key = key_of(value, resource, assembly)
        if key is None:
            yield from value_not_seen(resource, assembly, f"{path}.Ebs.KmsKeyId", value, KEY)
            continue
        ours = [s for s in policies.of(key, "KeyPolicy") if s.allows and (s.unknown or _admits(s))]
        missing = [action for action in _NEEDED if not any(s.does(action) for s in ours)]
        if missing:
            message = f"the policy of its key {key.logical_id} does not allow {_LAUNCHER} {', '.join(missing)}"
            yield Problem(message, f"{path}.Ebs.KmsKeyId")


def _admits(statement: Statement) -> bool:
    """Return whether a principal may include the role: by name, or as everybody without other names."""
    wanted = statement.condition("aws:PrincipalArn")
    if wanted and not any(_LAUNCHER in arn or "aws-service-role/*" in arn or arn == "*" for arn in wanted):
        return False
    return bool(wanted) or statement.anybody or any(_LAUNCHER in name for _, name in statement.principals)
