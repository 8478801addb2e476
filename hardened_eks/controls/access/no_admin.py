from collections.abc import Iterator

from hardened_eks.controls.access._documents import IDENTITY, own_statements
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IA-01",
    title="No policy gives full administrator rights",
    requirement="iam.policy.no_admin",
    types=IDENTITY,
    severity=Severity.HIGH,
    why="Whoever takes the role owns the account.",
    fix="Name the actions and resources that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
)
def no_admin(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in own_statements(resource):
        everything = any(a in ("*", "*:*") for a in statement.actions) or (
            statement.not_actions and not statement.not_resources
        )
        if statement.allows and (statement.unknown or (everything and "*" in statement.resources)):
            yield Problem("the policy is not known" if statement.unknown else "every action on every resource", path)
    for index, arn in enumerate(resource.items("ManagedPolicyArns")):
        if str(arn).endswith(":aws:policy/AdministratorAccess"):
            yield Problem("AdministratorAccess is attached", f"ManagedPolicyArns.{index}")
