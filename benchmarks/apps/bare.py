"""The floor of typed resources: those of templates, one L1 each in a stack, with the same bodies, and nothing else.

No scopes, tags, views, keys as L2, dependencies or checks: what is left is what typed constructs cost from Python. Each
reference is asked for once in a stack, as a string.

Environment: TEMPLATES (a folder that another case wrote), COPIES (default 1).
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

import aws_cdk as cdk

JSON = {
    "AccessPolicy", "AssumeRolePolicyDocument", "Content", "EventPattern", "KeyPolicy", "PolicyDocument",
    "RepositoryPolicyText", "ResourcePolicy",
}  # fmt: skip
"""Properties with keys of their own, which the CDK leaves as they are."""
SKIPPED = ("AWS::CDK::Metadata", "AWS::Lambda::LayerVersion")
"""The second is an archive of 30 MB, whose hash would be measured."""


def is_intrinsic(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and re.fullmatch(r"Ref|Fn::\w+", next(iter(value))) is not None


class References:
    """The tokens of a stack."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def fill(self, value: Any) -> Any:
        """Return a value with tokens in place of its intrinsics."""
        if is_intrinsic(value):
            return self._token(value)
        if isinstance(value, dict):
            return {key: self.fill(one) for key, one in value.items()}
        return [self.fill(one) for one in value] if isinstance(value, list) else value

    def _token(self, value: dict[str, Any]) -> str:
        ((name, argument),) = value.items()
        if name == "Ref" and argument.startswith("AWS::"):
            return pseudo(argument)
        if name == "Fn::Join" and argument[0] == "" and isinstance(argument[1], list):
            return "".join(map(str, map(self.fill, argument[1])))
        written = json.dumps(value)
        if written not in self._known:
            self._known[written] = cdk.Fn.ref(argument) if name == "Ref" else cdk.Token.as_string(value)
        return self._known[written]


@cache
def pseudo(name: str) -> str:
    return cdk.Fn.ref(name)


def camel(name: str) -> str:
    """Return the CDK's name of a nested property: KMSKeyId is kmsKeyId there."""
    first = re.match(r"[A-Z]+(?=[A-Z][a-z]|[0-9]|$)|[A-Z]", name)
    return first[0].lower() + name[first.end() :] if first else name


def nested(value: Any, key: str = "") -> Any:
    if key in JSON or is_intrinsic(value):
        return value
    if isinstance(value, dict):
        return {camel(name): nested(one, name) for name, one in value.items()}
    return [nested(one, key) for one in value] if isinstance(value, list) else value


@cache
def l1_of(kind: str) -> tuple[Any, dict[str, str]]:
    """Return the class of a type, and its arguments by the property's name in small letters."""
    _, service, name = kind.split("::")
    found = getattr(getattr(cdk, f"aws_{service.lower()}"), f"Cfn{name}")
    return found, {argument.replace("_", ""): argument for argument in signature(found.__init__).parameters}


def resources(folder: Path) -> Iterator[list[tuple[str, str, dict[str, Any]]]]:
    """Yield the id, type and properties of each resource, by template."""
    for file in sorted(folder.rglob("*.template.json")):
        written = json.loads(file.read_text())["Resources"]
        yield [
            (id_, one["Type"], {name: nested(value, name) for name, value in one.get("Properties", {}).items()})
            for id_, one in written.items()
            if one["Type"] not in SKIPPED
        ]


def make(stack: cdk.Stack, templates: list[tuple[str, str, dict[str, Any]]]) -> None:
    references = References()
    for id_, kind, properties in templates:
        filled = {name: references.fill(value) for name, value in properties.items()}
        if kind.startswith("Custom::") or kind == "AWS::CloudFormation::LambdaHook":
            cdk.CfnResource(stack, id_, type=kind, properties=filled)
            continue
        found, arguments = l1_of(kind)
        found(stack, id_, **{arguments[name.lower()]: value for name, value in filled.items()})


app = cdk.App(context={"aws:cdk:disable-creation-stack-traces": True})
parts = list(resources(Path(os.environ["TEMPLATES"])))
for copy in range(int(os.environ.get("COPIES", "1"))):
    for number, part in enumerate(parts):
        make(cdk.Stack(app, f"Part{copy}x{number}"), part)
app.synth()
