from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_PATH: Final = "ResourceTypeOptInPreference"
_NEEDED: Final = ("EKS", "EBS", "EFS", "S3")


@control(
    id="AC-10",
    title="AWS Backup backs up EKS, EBS, EFS and S3 in the account",
    requirement="backup.plan",
    types=("AWS::Backup::RegionSettings",),
    needs="resource",
    absence="the services that AWS Backup protects are not known",
    severity=Severity.MEDIUM,
    why="A backup plan that selects by tag silently skips services that are not enabled in the Region settings.",
    fix=(
        "Run `aws backup update-region-settings --resource-type-opt-in-preference EKS=true,EBS=true,EFS=true,S3=true` "
        "in each Region."
    ),
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/service-opt-in.html",
    blind="A backup plan that names a resource by its ARN backs it up regardless of this setting.",
    detective="CloudFormation has no resource type for this setting; `AccountDefaults.commands` lists the command.",
)
def backup_takes_all(settings: Resource, assembly: Assembly) -> Iterator[Problem]:
    off = [name for name in _NEEDED if settings.flag(f"{_PATH}.{name}", default=False) is not True]
    if off:
        yield Problem(f"AWS Backup skips {', '.join(off)}", _PATH)
