from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown, graph


@control(
    id="NW-02",
    title="The default security group of a VPC has no rules",
    requirement="vpc.default_sg_closed",
    types=("AWS::EC2::VPC",),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "A network interface without a security group gets the default group, which allows all traffic between its "
        "members and to any destination."
    ),
    fix=(
        "Use a construct that removes the rules of the group (hardened_eks.Network, or ec2.Vpc with "
        "restrict_default_security_group=True), and add no rules to it."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    blind=(
        "CloudFormation cannot change the initial rules of the group, so a custom resource that receives the ID of "
        "the group counts as one that removes them. Account-wide automation, such as AWS Config remediation, is not "
        "seen."
    ),
    enforced_by="Network",
)
def default_security_group_closed(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    group = assembly.target(vpc.get("DefaultSecurityGroup"), "AWS::EC2::SecurityGroup", near=vpc)
    if group is not None:  # in an account, the group itself
        if group.items("SecurityGroupIngress") or not _lets_nothing_out(group):
            yield Problem(f"its default security group {group.get('GroupId')} has rules")
        return
    closed = False
    for user in assembly.referring(vpc):
        if user.type.startswith("Custom::") or user.type == "AWS::CloudFormation::CustomResource":
            closed = closed or _names_default_group(user.properties, vpc)
        elif user.type.startswith("AWS::EC2::SecurityGroup") and _is_default_group(user.get("GroupId"), vpc):
            yield Problem(f"{user.logical_id} adds a rule to its default security group")
    if not closed:
        yield Problem("nothing removes the rules of its default security group")


def _lets_nothing_out(group: Resource) -> bool:
    return all(
        isinstance(rule, dict) and rule.get("CidrIp") == "255.255.255.255/32"
        for rule in group.items("SecurityGroupEgress")
    )


def _names_default_group(value: object, vpc: Resource) -> bool:
    if isinstance(value, dict):
        return any(_names_default_group(item, vpc) for item in value.values())
    if isinstance(value, list):
        return any(_names_default_group(item, vpc) for item in value)
    return _is_default_group(value, vpc)


def _is_default_group(value: object, vpc: Resource) -> bool:
    if isinstance(value, str):  # a literal ID, if the evidence contains the ID of the group
        return bool(value == vpc.get("DefaultSecurityGroup"))
    return (
        isinstance(value, Unknown)
        and "DefaultSecurityGroup" in str(value)
        and graph.target(value.expression, value.template) is vpc
    )
