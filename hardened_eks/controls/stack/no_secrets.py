import re
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls._secrets import secrets_in
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

_SECRET_NAME = re.compile(r"(?i)^(master_?user_?password|password|secret_?string|auth_?token|db_?password|api_?key)$")
_REFERENCE = re.compile(r"^(arn:|/|\\$\\{)")


@control(
    id="CF-01",
    title="Templates and outputs hold no secrets",
    requirement="cfn.no_secrets",
    types=("*",),
    severity=Severity.HIGH,
    why="Whoever may read the template, the change set or the outputs reads the secret; it stays in their history.",
    fix="Use dynamic references ({{resolve:secretsmanager:...}}) or parameters with NoEcho.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html",
    blind="Secrets that look like nothing in particular, and what parameters carry at deployment.",
    detective="No construct can keep a user from writing a secret into a property.",
)
def no_secrets(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, name, value in _texts(resource.properties, ()):
        if "{{resolve:" in value or value.startswith("arn:"):
            continue
        found = next((what for what in secrets_in(value) if what != "a password"), None)
        if found is not None:
            yield Problem(f"the value holds {found}", ".".join(path))
        elif _SECRET_NAME.search(name) and value and not _REFERENCE.search(value):
            yield Problem(f"{name} is written in plain text", ".".join(path))


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, str(index)))
    elif isinstance(value, str) and path:
        yield path, path[-1], value
