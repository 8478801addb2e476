from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.destinations import foreign

_FIELD: Final = regex(r"\$\{([a-z0-9-]+)\}")
# The fields of the default format with addresses, ports, time and action.
_NEEDED: Final = ("srcaddr", "dstaddr", "dstport", "protocol", "start", "action", "interface-id")
_INSTEAD: Final = {"srcaddr": "pkt-srcaddr", "dstaddr": "pkt-dstaddr", "start": "end"}


@control(
    id="NW-27",
    title="Flow logs record who communicated with whom, and stay in the account",
    requirement="vpc.flow_logs",
    types=("AWS::EC2::FlowLog",),
    severity=Severity.MEDIUM,
    why=(
        "A flow log without addresses, ports or the accept or reject action is of no use to an investigation. A flow "
        "log in another account's bucket can be read by that account."
    ),
    fix=(
        "Omit LogFormat, or include srcaddr, dstaddr, dstport, protocol, start, action and interface-id in it, and "
        "send the log to a log group or bucket of the stack."
    ),
    source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
    blind=(
        "Who reads the destination. A bucket outside the assembly has no account in its ARN and is a finding: waive "
        "it and name its owner, for example the log archive of the organization."
    ),
    enforced_by="Network",
)
def flow_log_useful(log: Resource, assembly: Assembly) -> Iterator[Problem]:
    written = log.get("LogFormat")  # absent means the default format, which has all of them
    if written is not None:
        fields = set(_FIELD.findall(str(written.expression) if isinstance(written, Unknown) else str(written)))
        missing = [name for name in _NEEDED if name not in fields and _INSTEAD.get(name) not in fields]
        if missing:
            yield Problem(f"its records do not contain {', '.join(missing)}", "LogFormat")
    destination = log.get("LogDestination")
    other = "" if destination is None else foreign(destination, log, assembly)
    if other:
        yield Problem(other, "LogDestination")
    if log.get("DeliverCrossAccountRole") is not None:
        yield Problem("a role of another account delivers it", "DeliverCrossAccountRole")
