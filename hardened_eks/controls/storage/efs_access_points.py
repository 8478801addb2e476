from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="ST-12",
    title="EFS access points set the root directory and the user",
    requirement="efs.access_points",
    types=("AWS::EFS::AccessPoint",),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Without these settings, a pod sees the whole file system, as any user that it claims to be, including root.",
    fix="Set RootDirectory.Path to a dedicated directory, and PosixUser to a user other than 0.",
    source="https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
    blind=(
        "Access points that the EFS CSI driver creates for volume claims, and pods that mount the file system directly."
    ),
    detective="No construct creates file systems; they are part of the team's own stacks.",
)
def efs_access_points(point: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = point.get("RootDirectory.Path", "/")  # absent means everything
    if path == "/":
        yield Problem("it gives access to the whole file system", "RootDirectory.Path")
    for name in ("Uid", "Gid"):
        value = point.get(f"PosixUser.{name}")
        if value is None:
            yield Problem("clients act as any user that they claim to be", f"PosixUser.{name}")
        elif str(value) == "0":
            yield Problem("clients act as root", f"PosixUser.{name}")
