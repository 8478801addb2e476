from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.worst import at_worst


@control(
    id="NW-01",
    title="Every VPC has a flow log",
    requirement="vpc.flow_logs",
    types=("AWS::EC2::VPC",),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="Without a record of network connections, nobody can detect an intrusion or reconstruct it.",
    fix="Add an AWS::EC2::FlowLog with ResourceType VPC and TrafficType ALL (or REJECT).",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
    blind=(
        "Flow logs of another stack that reference the VPC by a literal ID. A log of accepted traffic only does not "
        "count, as in Security Hub EC2.6. Logs of individual subnets or interfaces do not count either."
    ),
    enforced_by="Network",
)
def flow_logs(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    accepted = None
    for log in assembly.referring(vpc, "AWS::EC2::FlowLog"):
        if assembly.target(log.get("ResourceId"), "AWS::EC2::VPC", near=log) is not vpc:
            continue
        if log.get("TrafficType") in ("ALL", "REJECT"):
            return
        accepted = log
    if accepted is None:
        yield Problem("no flow log records its traffic")
    else:
        traffic = accepted.get("TrafficType")
        message = f"its flow log {accepted.logical_id} does not record rejected traffic (TrafficType is {traffic})"
        yield Problem(at_worst(message, f"TrafficType of {accepted.logical_id}", traffic))
