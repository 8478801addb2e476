from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="IA-11",
    title="Stacks make no IAM users, and attach no policy to one",
    requirement="iam.user.none_in_stack",
    types=(
        "AWS::IAM::User",
        "AWS::IAM::AccessKey",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::UserToGroupAddition",
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
    ),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Keys of users never expire and travel.",
    fix="Use roles, and IAM Identity Center for people.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    enforced_by="CreatorRole",
)
def no_users(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in (
        "AWS::IAM::User",
        "AWS::IAM::AccessKey",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::UserToGroupAddition",
    ):
        yield Problem(f"an {resource.type.removeprefix('AWS::IAM::')} is made")
    elif resource.items("Users"):
        yield Problem("the policy is attached to users", "Users")
