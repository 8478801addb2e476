import base64
from collections.abc import Iterator

from hardened_eks.controls import intrinsics
from hardened_eks.controls._secrets import secrets_in
from hardened_eks.controls.evidence import Assembly, Resource, Unknown
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-14",
    title="User data carries no secrets",
    requirement="node.userdata.no_secrets",
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance", "AWS::AutoScaling::LaunchConfiguration"),
    severity=Severity.HIGH,
    why="User data is readable by everybody who may describe the launch template and by every process on the node.",
    fix="Fetch secrets at run time from Secrets Manager through the role.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
    blind="Secrets that look like nothing in particular.",
)
def user_data_no_secrets(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = ("LaunchTemplateData." if resource.type.endswith("Template") else "") + "UserData"
    value = resource.get(path)
    if value is not None:
        for what in secrets_in(_decoded(value)):
            yield Problem(f"the user data holds {what}", path)


def _decoded(value: object) -> str:
    inner = (
        value.expression.get("Fn::Base64")
        if isinstance(value, Unknown) and isinstance(value.expression, dict)
        else None
    )
    if inner is not None and isinstance(value, Unknown):
        return intrinsics.text(inner, value.template)
    try:
        return base64.b64decode(str(value), validate=True).decode(errors="replace")
    except ValueError:
        return str(value)
