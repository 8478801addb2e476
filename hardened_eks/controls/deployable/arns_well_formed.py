import re
from collections.abc import Iterator
from typing import Any

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.expressions import LATER

_OPEN = "\0"
"""Replaces each part of a string that is known only at deployment: `LATER` in every shape takes long to compile."""
_PARTITION = rf"arn:(aws[a-z-]*|{_OPEN})"
_ACCOUNT = rf"(\d{{12}}|{_OPEN})"
_NAME = rf"[\w+=,.@/{_OPEN}-]+"
_ROLE = regex(rf"{_PARTITION}:iam::{_ACCOUNT}:role/{_NAME}")
_PRINCIPAL = regex(rf"{_PARTITION}:iam::{_ACCOUNT}:(role|user)/{_NAME}")
_KEY = regex(rf"{_PARTITION}:kms:[\w{_OPEN}-]+:{_ACCOUNT}:((key|alias)/)?{_NAME}")
_IAM_POLICY = regex(rf"{_PARTITION}:iam::(aws|\d{{12}}|{_OPEN}):policy/{_NAME}")
_POLICY = regex(rf"{_PARTITION}:eks::aws:cluster-access-policy/[\w{_OPEN}]+")
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
_LISTS = {
    "AWS::EKS::Addon": ("PodIdentityAssociations", "RoleArn", _ROLE),
    "AWS::EKS::AccessEntry": ("AccessPolicies", "PolicyArn", _POLICY),
    "AWS::IAM::Role": ("ManagedPolicyArns", "", _IAM_POLICY),
}
_KEYS = {
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData.BlockDeviceMappings", "Ebs.KmsKeyId"),
    "AWS::ECR::Repository": ("EncryptionConfiguration", "KmsKey"),
}
"""Properties in which a key may also be given by its ID or alias."""
_ARN_OF = {_ROLE: ("AWS::IAM::Role",), _PRINCIPAL: ("AWS::IAM::Role", "AWS::IAM::User"), _KEY: ("AWS::KMS::Key",)}
_TOLD = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::InstanceProfile", "AWS::KMS::Key")


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
        "AWS::EC2::LaunchTemplate",
        "AWS::ECR::Repository",
        "AWS::IAM::Role",
    ),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="The service rejects the call during deployment, after other resources were created.",
    fix=(
        "Take the ARN from the resource (Fn::GetAtt) or copy it completely: "
        "arn:partition:service:region:account:resource."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    blind="Whether the resource that the ARN names exists.",
    enforced_by="Cluster",
)
def arns_well_formed(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, value, shape in _written(resource):
        if path.endswith("KeyArn") and str(value).startswith("alias/"):
            continue  # EKS accepts the alias of a key as its ARN (API reference, Provider); CloudWatch Logs does not
        wrong = _reference_problem(value, shape) if isinstance(value, Unknown) else ""
        text = str(value)
        if wrong:
            yield Problem(wrong, path)
        elif isinstance(value, str | Unknown) and not LATER.match(text) and not _fits(text, shape):
            kind = "ARN of an EKS access policy" if shape is _POLICY else "ARN of the expected kind"
            yield Problem(f"{text!r} is not an {kind}", path)


def _written(resource: Resource) -> Iterator[tuple[str, Any, re.Pattern[str]]]:
    """Yield (path, value, shape) for every ARN in the resource."""
    for path, shape in _SHAPES.get(resource.type, {}).items():
        yield path, resource.get(path), shape
    if resource.type in _LISTS:
        path, key, shape = _LISTS[resource.type]
        for index, item in enumerate(resource.items(path)):
            value = item.get(key) if key and isinstance(item, dict) else item if not key else None
            yield f"{path}.{index}" + (f".{key}" if key else ""), value, shape
    if resource.type in _KEYS:
        path, key = _KEYS[resource.type]
        whole = resource.get(path)
        for at in [f"{path}.{n}.{key}" for n in range(len(whole))] if isinstance(whole, list) else [f"{path}.{key}"]:
            value = resource.get(at)
            if str(value).startswith("arn:"):
                yield at, value, _KEY


def _fits(text: str, shape: re.Pattern[str]) -> bool:
    return _OPEN not in text and shape.fullmatch(LATER.sub(_OPEN, text)) is not None


def _reference_problem(value: Unknown, shape: re.Pattern[str]) -> str:
    """Return the problem of a Ref or Fn::GetAtt that does not return the required ARN."""
    if not isinstance(value.expression, dict) or shape not in _ARN_OF:
        return ""
    function, argument = next(iter(value.expression.items()))
    parts = argument if isinstance(argument, list) else str(argument).split(".", 1)
    found = value.template.resources.get(str(parts[0])) if parts else None
    if function not in ("Ref", "Fn::GetAtt") or found is None or found.type not in _TOLD:
        return ""
    attribute = str(parts[1]) if function == "Fn::GetAtt" and len(parts) > 1 else ""
    if found.type not in _ARN_OF[shape]:
        return f"{found.logical_id} is an {found.type}; use the ARN of an {' or '.join(_ARN_OF[shape])}"
    given = f"{found.logical_id}.{attribute}" if attribute else f"Ref of {found.logical_id}"
    return "" if attribute == "Arn" else f"{given} is not an ARN; use Fn::GetAtt {found.logical_id}.Arn"
