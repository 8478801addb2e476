from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, conditions, policies
from hardened_eks.evidence.views.resource_policies import open_to_anybody
from hardened_eks.evidence.views.vpc import SUBNET, internet_subnet

_MOUNT = "AWS::EFS::MountTarget"


@control(
    id="ST-13",
    title="EFS file systems are backed up, span several zones and are not public",
    requirement="efs.backup_private",
    types=("AWS::EFS::FileSystem",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "The failure of one zone, one mistake or one open policy is enough to lose or expose the data of every pod "
        "that mounts the file system."
    ),
    fix=(
        "Set BackupPolicy.Status to ENABLED, omit AvailabilityZoneName, put mount targets into private subnets, and "
        "let the policy admit only roles or clients of mount targets."
    ),
    source="https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html",
    blind=(
        "A backup selection by tag is not evaluated: name the file system, or enable its own backup policy. Mount "
        "targets and subnets outside the assembly."
    ),
    detective="No construct creates file systems; they are part of the team's own stacks.",
)
def efs_backed_up(system: Resource, assembly: Assembly) -> Iterator[Problem]:
    status = system.get("BackupPolicy.Status", "not set")
    if status != "ENABLED" and not list(assembly.referring(system, "AWS::Backup::BackupSelection")):
        yield Problem(f"it is not backed up (the status is {status})", "BackupPolicy.Status")
    if system.get("AvailabilityZoneName") is not None:
        yield Problem("it is in one Availability Zone", "AvailabilityZoneName")
    for target in assembly.referring(system, _MOUNT):
        subnet = assembly.target(target.get("SubnetId"), SUBNET, near=target)
        if subnet is not None and internet_subnet(subnet, assembly):
            yield Problem(f"{target.logical_id} is in a subnet with a route to the internet")
    for statement in policies.statements(system.get("FileSystemPolicy")):
        inside = "elasticfilesystem:accessedviamounttarget" in conditions.narrowing_keys(statement.conditions)
        if open_to_anybody(statement) and not inside:
            message = (
                "the admitted principals are known only at deployment" if statement.unknown else "everybody is admitted"
            )
            yield Problem(message, statement.at("FileSystemPolicy"))
