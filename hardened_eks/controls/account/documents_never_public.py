from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_SHARING = "/ssm/documents/console/public-sharing-permission"


@control(
    id="AC-06",
    title="Systems Manager documents cannot be made public",
    requirement="ssm.documents",
    types=("AWS::SSM::ServiceSetting",),
    needs="resource",
    absence="the setting that blocks public sharing of documents is missing",
    severity=Severity.MEDIUM,
    why="A public document shows everybody which commands and software run on your instances.",
    fix=(
        f"Deploy `AccountDefaults`, or run `aws ssm update-service-setting --setting-id {_SHARING} --setting-value "
        "Disable` in each Region."
    ),
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html",
    blind="A missing setting is reported only if the assembly is complete (--complete).",
    enforced_by="AccountDefaults",
)
def documents_never_public(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not str(setting.get("SettingId", "")).endswith(_SHARING):
        return
    value = setting.get("SettingValue", "Enable")
    if value != "Disable":
        yield Problem(f"documents can be made public (SettingValue is {value})", "SettingValue")
