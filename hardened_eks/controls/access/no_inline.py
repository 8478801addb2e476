from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="IA-06",
    title="Roles use managed policies instead of inline policies",
    requirement="iam.policy.no_inline",
    types=(
        "AWS::IAM::Role",
        "AWS::IAM::User",
        "AWS::IAM::Group",
        "AWS::IAM::Policy",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::GroupPolicy",
    ),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "An inline policy appears in no list of policies, cannot be shared between roles, and is easily left out of "
        "reviews."
    ),
    fix="Use AWS::IAM::ManagedPolicy (iam.ManagedPolicy in CDK).",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    blind=(
        "The CDK's grant methods create an AWS::IAM::Policy for the CDK's own roles, which fails this control. Grant "
        "to an iam.ManagedPolicy that is attached to the role, or waive the finding by construct. Grants to PodRole "
        "and ServiceAccountRole pass."
    ),
    enforced_by="Cluster",
)
def no_inline(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"):
        yield Problem("the policy is inline, as every AWS::IAM::Policy is")
    elif resource.items("Policies"):
        yield Problem("the policies are inline", "Policies")
