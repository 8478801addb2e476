from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls._unseen import launch_not_seen, user_data_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, TEMPLATE, prefix_of
from hardened_eks.evidence.views.launch_source import LAUNCHED
from hardened_eks.evidence.views.secrets import secrets_in
from hardened_eks.evidence.views.user_data import literals, texts

_FILES: Final = "AWS::CloudFormation::Init"
_LOGINS: Final = "AWS::CloudFormation::Authentication"


@control(
    id="ND-14",
    title="User data contains no secrets",
    requirement="node.userdata.no_secrets",
    types=(TEMPLATE, INSTANCE, CONFIGURATION, *LAUNCHED),
    needs="assembly",
    severity=Severity.HIGH,
    why="Everybody who can describe the launch template, and every process on the node, can read the user data.",
    fix="Let the role of the node fetch secrets from Secrets Manager at run time.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
    blind="Secrets without a recognizable format.",
    enforced_by="NodeGroup",
)
def user_data_no_secrets(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from launch_not_seen(resource, assembly, "UserData")
    yield from user_data_not_seen(resource)
    path = f"{prefix_of(resource)}UserData"
    written = (what for text in texts(resource.get(path)) for what in secrets_in(text))
    for what in dict.fromkeys(written):
        yield Problem(f"the user data contains {what}", path)
    metadata = resource.body.get("Metadata")
    if isinstance(metadata, dict):
        for what, section in dict.fromkeys(_in_metadata(metadata)):
            yield Problem(f"the metadata that cfn-init reads contains {what}", f"Metadata.{section}")


def _in_metadata(metadata: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (kind of secret, section of the metadata) for each secret."""
    for text in literals(metadata.get(_FILES)):
        yield from ((what, _FILES) for what in secrets_in(text))
    logins = metadata.get(_LOGINS)
    for login in logins.values() if isinstance(logins, dict) else ():
        for name in ("password", "secretKey"):
            value = login.get(name) if isinstance(login, dict) else None
            if isinstance(value, str) and value and "{{resolve:" not in value:
                yield f"a {name}", _LOGINS
