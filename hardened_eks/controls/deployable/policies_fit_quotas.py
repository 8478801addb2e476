import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.expressions import LATER

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
# https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
_INLINE = 10_240
_HOLDERS = {
    "AWS::IAM::Role": (20, _INLINE, "Roles", "RoleName", "AWS::IAM::RolePolicy"),
    "AWS::IAM::User": (20, 2_048, "Users", "UserName", "AWS::IAM::UserPolicy"),
    "AWS::IAM::Group": (10, 5_120, "Groups", "GroupName", "AWS::IAM::GroupPolicy"),
}
"""Type -> quotas for managed policies and for inline policy characters, and the types that attach policies."""
_QUOTAS = {
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", 6_144),
    "AWS::IAM::Policy": ("PolicyDocument", _INLINE),
    "AWS::KMS::Key": ("KeyPolicy", 32_768),
    "AWS::EC2::VPCEndpoint": ("PolicyDocument", 20_480),
    "AWS::S3::BucketPolicy": ("PolicyDocument", 20_480),
}


@control(
    id="DP-38",
    title="Policies stay within the quotas of their services",
    types=(
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::IAM::User",
        "AWS::IAM::Group",
        "AWS::KMS::Key",
        "AWS::EC2::VPCEndpoint",
        "AWS::S3::BucketPolicy",
    ),
    needs="assembly",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why="The service returns LimitExceeded in the middle of a deployment, often when one more grant is added.",
    fix="Split the policy, or grant by prefix and tag instead of listing resources one by one.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    blind="Values that are inserted into a policy at deployment, and policies that are attached outside the assembly.",
    detective="The app decides how many permissions it grants.",
)
def policies_fit_quotas(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in _HOLDERS:
        yield from _of_holder(resource, assembly)
        return
    path, quota = _QUOTAS[resource.type]
    least = _least(resource.get(path), quota)
    if least > quota:
        yield Problem(f"the policy has at least {least:,} characters; {quota:,} are allowed", path)


def _of_holder(holder: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Evaluate all policies of a role, user or group, including those that other resources attach."""
    most, quota, several, single, kind = _HOLDERS[holder.type]
    given = holder.items("ManagedPolicyArns")
    named = {str(assembly.target(arn, near=holder) or arn) for arn in given}
    named |= {str(policy) for policy in assembly.pointing(several, holder, "AWS::IAM::ManagedPolicy")}
    attached = max(len(given), len(named))
    if attached > most:
        yield Problem(f"{attached} managed policies are attached; {most} are allowed", "ManagedPolicyArns")
    documents = [holder.get(f"Policies.{n}.PolicyDocument") for n in range(len(holder.items("Policies")))]
    others = [*assembly.pointing(several, holder, "AWS::IAM::Policy"), *assembly.pointing(single, holder, kind)]
    least = sum(_least(document) for document in [*documents, *(other.get("PolicyDocument") for other in others)])
    if least > quota:
        what = "its inline policies have" if others or len(documents) > 1 else "the policy has"
        yield Problem(f"{what} at least {least:,} characters; {quota:,} are allowed", "Policies")


def _least(document: Any, quota: int = 0) -> int:
    """Count the known characters without whitespace; a missing document has none.

    Not more than `quota` characters are not counted further, because they are within it.
    """
    if document is None:
        return 0
    written = isinstance(document, (str, Unknown))
    text = str(document) if written else json.dumps(document, separators=(",", ":"), default=str)
    return len(text) if len(text) <= quota else len("".join(LATER.sub("", text).split()))
