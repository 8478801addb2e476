"""Log groups that an investigation needs: audit log, flow logs, DNS queries, CloudTrail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource

GROUP: Final = "AWS::Logs::LogGroup"
_WRITERS: Final = {
    "AWS::EC2::FlowLog": ("LogGroupName", "LogDestination"),
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": ("DestinationArn",),
    "AWS::CloudTrail::Trail": ("CloudWatchLogsLogGroupArn",),
}


def is_control_plane(value: Any, near: Resource, assembly: Assembly) -> bool:
    """Return whether a name, ARN or reference identifies the log group of an EKS control plane."""
    found = assembly.target(value, GROUP, near=near)
    name = str(found.get("LogGroupName", "") if found is not None else value)
    name = name.rsplit(":log-group:", maxsplit=1)[-1].removesuffix(":*")
    return name.startswith("/aws/eks/") and name.endswith("/cluster")


def holds_evidence(group: Resource, assembly: Assembly) -> bool:
    """Return whether a log group holds audit, flow, DNS or CloudTrail records."""
    name = str(group.get("LogGroupName", ""))
    written = assembly.once("logs.evidence", lambda: _written(assembly))
    return (name.startswith("/aws/eks/") and name.endswith("/cluster")) or group in written


def _written(assembly: Assembly) -> frozenset[Resource]:
    return frozenset(
        group
        for type_, paths in _WRITERS.items()
        for writer in assembly.of(type_)
        for path in paths
        for group in assembly.targets(writer.get(path), GROUP, near=writer)
    )
