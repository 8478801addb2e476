import base64
import zlib
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown, intrinsics
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, TEMPLATE, prefix_of
from hardened_eks.evidence.views.secrets import secrets_in

_GZIP: Final = b"\x1f\x8b"
_LONGEST: Final = 1_000_000
"""Bytes of compressed user data that are unpacked; EC2 takes 16 KiB of it."""
_DEEPEST: Final = 100
_FILES: Final = "AWS::CloudFormation::Init"
_LOGINS: Final = "AWS::CloudFormation::Authentication"


@control(
    id="ND-14",
    title="User data carries no secrets",
    requirement="node.userdata.no_secrets",
    types=(TEMPLATE, INSTANCE, CONFIGURATION),
    needs="resource",
    severity=Severity.HIGH,
    why="User data is readable by everybody who may describe the launch template and by every process on the node.",
    fix="Fetch secrets at run time from Secrets Manager through the role.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
    blind="Secrets that look like nothing in particular.",
    enforced_by="NodeGroup",
)
def user_data_no_secrets(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = f"{prefix_of(resource)}UserData"
    written = (what for text in _texts(resource.get(path)) for what in secrets_in(text))
    for what in dict.fromkeys(written):
        yield Problem(f"the user data holds {what}", path)
    metadata = resource.body.get("Metadata")
    if isinstance(metadata, dict):
        for what, section in dict.fromkeys(_in_metadata(metadata)):
            yield Problem(f"the metadata that cfn-init reads holds {what}", f"Metadata.{section}")


def _texts(value: Any) -> Iterator[str]:
    """Yield the user data as it will read, as far as it is known, and every text that may become part of it."""
    if isinstance(value, Unknown):
        written = value.expression
        inner = written.get("Fn::Base64", written) if isinstance(written, dict) else written
        yield intrinsics.text(inner, value.template)
        for text in _literals(inner):
            yield text
            yield _decoded(text)
    elif value is not None:
        yield _decoded(str(value))


def _decoded(text: str) -> str:
    try:
        plain = base64.b64decode("".join(text.split()), validate=True)
        if plain.startswith(_GZIP):
            plain = zlib.decompressobj(wbits=31).decompress(plain, _LONGEST)
        return plain.decode(errors="replace")
    except (ValueError, zlib.error):
        return text


def _literals(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _literals(item, depth + 1)


def _in_metadata(metadata: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (what it is, section of the metadata) of each secret."""
    for text in _literals(metadata.get(_FILES)):
        yield from ((what, _FILES) for what in secrets_in(text))
    logins = metadata.get(_LOGINS)
    for login in logins.values() if isinstance(logins, dict) else ():
        for name in ("password", "secretKey"):
            value = login.get(name) if isinstance(login, dict) else None
            if isinstance(value, str) and value and "{{resolve:" not in value:
                yield f"a {name}", _LOGINS
