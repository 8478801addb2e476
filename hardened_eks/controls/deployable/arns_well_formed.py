import re
from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control

_PARTITION = r"arn:(aws[a-z-]*|\$\{AWS::Partition\})"
_ROLE = re.compile(_PARTITION + r":iam::(\d{12}|\$\{AWS::AccountId\}):role/[\w+=,.@/-]+")
_PRINCIPAL = re.compile(_PARTITION + r":iam::(\d{12}|\$\{AWS::AccountId\}):(role|user)/[\w+=,.@/-]+")
_KEY = re.compile(_PARTITION + r":kms:[\w${}:-]+:(\d{12}|\$\{AWS::AccountId\}):(key|alias)/[\w/-]+")
_POLICY = re.compile(_PARTITION + r":eks::aws:cluster-access-policy/\w+")
_SHAPES = {
    "AWS::EKS::Cluster": {"RoleArn": _ROLE, "EncryptionConfig.0.Provider.KeyArn": _KEY},
    "AWS::EKS::Nodegroup": {"NodeRole": _ROLE},
    "AWS::EKS::Addon": {"ServiceAccountRoleArn": _ROLE},
    "AWS::EKS::AccessEntry": {"PrincipalArn": _PRINCIPAL},
    "AWS::EKS::PodIdentityAssociation": {"RoleArn": _ROLE},
    "AWS::EKS::FargateProfile": {"PodExecutionRoleArn": _ROLE},
    "AWS::Logs::LogGroup": {"KmsKeyId": _KEY},
    "AWS::EC2::FlowLog": {"DeliverLogsPermissionArn": _ROLE},
}


@control(
    id="DP-06",
    title="ARNs of roles, keys and access policies are well formed",
    types=(
        "AWS::EKS::Cluster",
        "AWS::EKS::Nodegroup",
        "AWS::EKS::Addon",
        "AWS::EKS::AccessEntry",
        "AWS::EKS::PodIdentityAssociation",
        "AWS::EKS::FargateProfile",
        "AWS::Logs::LogGroup",
        "AWS::EC2::FlowLog",
    ),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="The service refuses the call during deployment, after other resources were made.",
    fix="Take the ARN from the resource (Fn::GetAtt) or copy it whole: arn:partition:service:region:account:resource.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    blind="Whether the thing named exists.",
)
def arns_well_formed(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, shape in _SHAPES.get(resource.type, {}).items():
        value = resource.get(path)
        if isinstance(value, str) and not shape.fullmatch(value):
            yield Problem(f"{value!r} is no ARN of the expected kind", path)
    if resource.type == "AWS::EKS::AccessEntry":
        for index, policy in enumerate(resource.items("AccessPolicies")):
            arn = str(policy.get("PolicyArn", "")) if isinstance(policy, dict) else ""
            if arn and not _POLICY.fullmatch(arn):
                yield Problem(f"{arn!r} is no ARN of an EKS access policy", f"AccessPolicies.{index}.PolicyArn")
