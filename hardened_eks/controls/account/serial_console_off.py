from collections.abc import Iterator

from hardened_eks.controls.account._declared import POLICY, declared
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-05",
    title="Access to the EC2 serial console is disabled",
    requirement="node.ssh.no_remote_access",
    types=("AWS::EC2::SerialConsoleAccess", POLICY),
    needs="resource",
    absence="the setting for serial console access is not known",
    severity=Severity.LOW,
    why="The serial console bypasses security groups, and session logs do not record it.",
    fix="Run `aws ec2 disable-serial-console-access` in each Region, or deploy `OrganizationDefaults`.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html",
    blind="Templates show only the settings of a declarative policy; the account setting itself has no resource type.",
    enforced_by="OrganizationDefaults",
)
def serial_console_off(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if setting.type == POLICY:
        for status, path in declared(setting, "serial_console_access", "status"):
            if status != "disabled":
                yield Problem(f"the serial console can be reached (the status is {status})", path)
    elif setting.flag("SerialConsoleAccessEnabled", default=False) is not False:
        yield Problem("the serial console can be reached", "SerialConsoleAccessEnabled")
