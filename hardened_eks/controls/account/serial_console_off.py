from collections.abc import Iterator

from hardened_eks.controls.account._declared import POLICY, declared
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-05",
    title="Nobody reaches the serial console of instances",
    requirement="node.access.ssm",
    types=("AWS::EC2::SerialConsoleAccess", POLICY),
    needs="resource",
    absence="whether the serial console can be reached is not known",
    severity=Severity.LOW,
    why="It is a way into an instance that no security group sees and that no session log records.",
    fix="Run: aws ec2 disable-serial-console-access, in each Region, or deploy `OrganizationDefaults`.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html",
    blind="Templates show only what a declarative policy sets; the account's own setting has no type.",
    enforced_by="OrganizationDefaults",
)
def serial_console_off(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if setting.type == POLICY:
        for status, path in declared(setting, "serial_console_access", "status"):
            if status != "disabled":
                yield Problem(f"the serial console can be reached (the status is {status})", path)
    elif setting.flag("SerialConsoleAccessEnabled", default=False) is not False:
        yield Problem("the serial console can be reached", "SerialConsoleAccessEnabled")
