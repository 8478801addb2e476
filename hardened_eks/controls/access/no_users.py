from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_OF_USERS = {
    "AWS::IAM::User": "an IAM user is created",
    "AWS::IAM::AccessKey": "an access key of an IAM user is created",
    "AWS::IAM::UserPolicy": "a policy is attached to an IAM user",
    "AWS::IAM::UserToGroupAddition": "IAM users are added to a group",
}


@control(
    id="IA-11",
    title="Stacks create no IAM users and attach no policies to IAM users",
    requirement="iam.user.none_in_stack",
    types=(*_OF_USERS, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Access keys of users never expire, and they get copied and leaked.",
    fix="Use roles for workloads, and IAM Identity Center for people.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    enforced_by="CreatorRole",
)
def no_users(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in _OF_USERS:
        yield Problem(_OF_USERS[resource.type])
    elif resource.items("Users"):
        yield Problem("the policy is attached to users", "Users")
