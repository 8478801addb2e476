from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_HUB: Final = "AWS::SecurityHub::Hub"
_POLICY: Final = "AWS::SecurityHub::ConfigurationPolicy"


@control(
    id="DT-10",
    title="Security Hub runs standards, and enables new controls automatically",
    requirement="securityhub.enabled",
    types=(_HUB, _POLICY),
    absence="Security Hub is not enabled",
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Security Hub shows the findings of GuardDuty, Inspector and AWS Config in one place. Without a standard, it "
        "checks nothing."
    ),
    fix=(
        "Leave EnableDefaultStandards and AutoEnableControls on, or add AWS::SecurityHub::Standard resources, or let "
        "a configuration policy enable the service."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-standards-enable-disable.html",
    blind=(
        "Security Hub that the organization's administrator enables: an assembly without it is evaluated only if it "
        "is complete (--complete)."
    ),
    enforced_by="ManagedDetectors",
)
def security_hub_enabled(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _POLICY:
        path = "ConfigurationPolicy.SecurityHub.ServiceEnabled"
        enabled = resource.flag(path, default=False)
        if enabled is not True:
            yield Problem(f"the policy turns Security Hub off (ServiceEnabled is {enabled})", path)
        return
    defaults = resource.flag("EnableDefaultStandards", default=True)
    if defaults is not True and not assembly.of("AWS::SecurityHub::Standard"):
        yield Problem(f"no standard is enabled (EnableDefaultStandards is {defaults})", "EnableDefaultStandards")
    new = resource.flag("AutoEnableControls", default=True)
    if new is not True:
        yield Problem(f"new controls are not enabled (AutoEnableControls is {new})", "AutoEnableControls")
