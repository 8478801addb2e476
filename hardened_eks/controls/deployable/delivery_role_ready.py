from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.graph import precedes

_ROLES = {
    "AWS::EC2::FlowLog": ("DeliverLogsPermissionArn",),
    "AWS::CloudTrail::Trail": ("CloudWatchLogsRoleArn",),
    "AWS::Logs::SubscriptionFilter": ("RoleArn",),
    "AWS::KinesisFirehose::DeliveryStream": (
        "S3DestinationConfiguration.RoleARN",
        "ExtendedS3DestinationConfiguration.RoleARN",
    ),
}


@control(
    id="DP-21",
    title="A flow log, trail or delivery stream is created after its write policy is attached",
    types=tuple(_ROLES),
    needs="stack",
    evidence="template",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "If the policy is attached later, the first deployment sometimes fails, or nothing is delivered until the "
        "next retry."
    ),
    fix="Put the policy into the role (Policies), or make the resource depend on the AWS::IAM::Policy.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
    enforced_by="Network",
)
def delivery_role_ready(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path in _ROLES[resource.type]:
        yield from _problems(resource, path, assembly)


def _problems(resource: Resource, path: str, assembly: Assembly) -> Iterator[Problem]:
    role = assembly.target(resource.get(path), "AWS::IAM::Role", near=resource)
    if role is None or role.template is not resource.template:
        return
    several = assembly.pointing("Roles", role, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
    one = assembly.pointing("RoleName", role, "AWS::IAM::RolePolicy")
    attached = [policy for policy in (*several, *one) if policy.template is role.template]
    if role.items("Policies") or role.items("ManagedPolicyArns"):
        return
    if not attached:
        yield Problem(f"its role {role.logical_id} has no policy at all", path)
    for policy in attached:
        if not precedes(policy, resource):
            yield Problem(f"{policy.logical_id} is attached to its role without the resource depending on it", path)
