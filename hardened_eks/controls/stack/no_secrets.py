import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Subject, Template, Unknown, intrinsics, rendering
from hardened_eks.evidence.leaves import Leaf, leaves_of
from hardened_eks.evidence.views.secrets import tokens_in

_SECRET_NAME = regex(
    r"(?i)(passwords?|passwd|secret_?string|auth_?token|access_?token|api_?key|secret_?key|secret_?access_?key"
    r"|client_?secret|private_?key)$",
    hints=("passw", "secret", "authtoken", "auth_token", "accesstoken", "access_token", "apikey", "api_key",
           "privatekey", "private_key"),
)  # fmt: skip
_DYNAMIC = regex(r"\{\{resolve:[^}]*\}\}")
# Not the secret itself, but its location, another variable, or a switch such as ManageMasterUserPassword.
_REFERENCE = regex(r"arn:|/|\$|\{\{resolve:|(?i:true|false)$")
_DEEPEST = 50
_JSON_STARTS = "{[ \t\r\n"
_JSON_LINES = ("\n{", "\n[", "\n ", "\n\t", "\n\r")
"""The starts of lines that may be JSON: a quick search, because few strings are."""
_PAIRS = {"Name": "Value", "name": "value"}
"""The keys of a name and its value in lists: the environment of containers in CloudFormation and in Kubernetes."""
_OPENED = frozenset({"Fn::If", "Fn::Base64"})


class _Text(NamedTuple):
    path: tuple[str, ...]
    name: str
    """The name of the value; empty if it is only a part of a value."""
    value: str


@control(
    id="CF-01",
    title="Templates and outputs contain no secrets",
    requirement="cfn.no_secrets",
    types=("*",),
    needs="stack",
    severity=Severity.HIGH,
    why=(
        "Anyone who can read the template, the change set or the outputs can read the secret, which also stays in "
        "their history."
    ),
    fix="Use dynamic references ({{resolve:secretsmanager:...}}) or parameters with NoEcho.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html",
    unread="A secret that is given at deployment is not in the template.",
    blind="Secrets without a recognizable format, and the values of parameters at deployment.",
    detective="No construct can prevent a user from writing a secret into a property.",
)
def no_secrets(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    template = resource.template
    metadata = intrinsics.resolve(resource.body.get("Metadata"), template)
    if _may_hold_one([*chain.from_iterable(resource.leaves.values()), *leaves_of(metadata, "")]):
        for value, path in ((resource.properties, ()), (metadata, ("Metadata",))):
            texts: list[_Text] = []
            _gather(value, path, "", 0, texts)
            yield from _judge(texts)
    if resource.type == "Kubernetes::core::Secret":
        data = resource.get("data")
        encoded = data.items() if isinstance(data, dict) else ()
        yield from _judge([_Text(("data", key), "", _decoded(text)) for key, text in encoded if isinstance(text, str)])
    yield from assembly.once(("stack", "secrets", template), lambda: tuple(_of_entries(template)))


def _of_entries(template: Template) -> Iterator[Problem]:
    """Yield the problems of a template outside its resources."""
    for section, name, key, value in _entries(template):
        texts: list[_Text] = []
        _gather(value, (key,) if key else (), name if key else "", 0, texts)
        for problem in _judge(texts):
            yield replace(problem, subject=Subject.of_entry(template, section, name))
    yield from _shown(template)


def _entries(template: Template) -> Iterator[tuple[str, str, str, Any]]:
    """Yield section, name, key and value; without a key, the whole entry is the value."""
    for name, parameter in template.section("Parameters").items():
        if isinstance(parameter, dict) and not str(parameter.get("Type")).startswith("AWS::SSM::Parameter"):
            yield "Parameters", str(name), "Default", parameter.get("Default")
    for name, output in template.section("Outputs").items():
        if isinstance(output, dict):
            yield "Outputs", str(name), "Value", intrinsics.resolve(output.get("Value"), template)
    for section in ("Mappings", "Metadata"):
        for name, value in template.section(section).items():
            yield section, str(name), "", value


def _may_hold_one(leaves: Sequence[Leaf]) -> bool:
    """Return whether a detailed search is needed; usually a quick check shows that there is no secret."""
    names = {name for name, _ in leaves}
    if "UserData" in names or any(map(_names_a_secret, names)):
        return True
    if not names.isdisjoint(_PAIRS) and any(name in _PAIRS and _names_a_secret(value) for name, value in leaves):
        return True
    texts: list[str] = []
    for _, value in leaves:
        if isinstance(value, str):
            texts.append(value)
        elif not isinstance(value.expression, dict) or not _OPENED.isdisjoint(value.expression):
            return True
        elif "Fn::GetAtt" not in value.expression:
            texts.append(str(value))
    text = "\n".join(("", *texts))
    if any(start in text for start in _JSON_LINES) and any(map(_may_be_json, texts)):
        return True
    return any(tokens_in(text))


def _judge(texts: Sequence[_Text]) -> Iterator[Problem]:
    # Usually there is no secret, and one search over all strings shows it.
    suspicious = any(tokens_in("\n".join(text.value for text in texts)))
    for path, name, value in texts:
        found = next(tokens_in(_DYNAMIC.sub("", value)), None) if suspicious else None
        if found is not None:
            yield Problem(f"the value contains {found}", ".".join(path))
        elif name and value and _names_a_secret(name) and not _REFERENCE.match(value):
            yield Problem(f"{name} is written in plain text", ".".join(path))


@lru_cache(maxsize=4096)
def _names_a_secret(name: Any) -> bool:
    return _SECRET_NAME.search(str(name)) is not None


def _shown(template: Template) -> Iterator[Problem]:
    """Yield a problem for each NoEcho parameter with a default, and for each output that reveals one."""
    hidden = {
        str(name): parameter
        for name, parameter in template.section("Parameters").items()
        if isinstance(parameter, dict) and str(parameter.get("NoEcho")).lower() == "true"
    }
    for name, parameter in hidden.items():
        default = parameter.get("Default")
        if isinstance(default, str) and default and not _names_a_secret(name) and not _REFERENCE.match(default):
            message = f"{name} is a secret (NoEcho), but its default is written in plain text"
            yield Problem(message, "Default", Subject.of_entry(template, "Parameters", name))
    secret = [f"${{{name}}}" for name in hidden]
    for name, output in template.section("Outputs").items() if secret else ():
        shown = rendering.text(output.get("Value"), template) if isinstance(output, dict) else ""
        for reference in secret:
            if reference in shown:
                message = f"the output reveals the parameter {reference[2:-1]}"
                yield Problem(message, "Value", Subject.of_entry(template, "Outputs", str(name)))


def _gather(value: Any, path: tuple[str, ...], name: str, depth: int, into: list[_Text]) -> None:
    """Add every string in a value, also in JSON and base64, with the name of the value."""
    if isinstance(value, str):
        inner = _json(value)
        if inner is not None:
            _gather(inner, path, "", depth + 1, into)
        else:
            into.append(_Text(path, name, value))
        if name == "UserData":
            into.append(_Text(path, "", _decoded(value)))
    elif depth > _DEEPEST:
        return
    elif isinstance(value, dict):
        pairs = {of: value[key] for key, of in _PAIRS.items() if depth and isinstance(value.get(key), str)}
        for key, item in value.items():
            _gather(item, (*path, str(key)), pairs.get(key, str(key)), depth + 1, into)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _gather(item, (*path, str(index)), name, depth + 1, into)
    elif isinstance(value, Unknown):
        _gather_from_unknown(value, path, name, depth, into)


def _gather_from_unknown(value: Unknown, path: tuple[str, ...], name: str, depth: int, into: list[_Text]) -> None:
    if value.branches != (value,):
        for branch in value.branches:
            _gather(branch, path, name, depth + 1, into)
        return
    written = value.expression
    if isinstance(written, dict) and "Fn::Base64" in written:
        written = written["Fn::Base64"]
    text = rendering.text(written, value.template)
    inner = _json(text)
    if inner is None:
        into.append(_Text(path, "", text))
    else:
        _gather(inner, path, "", depth + 1, into)


def _may_be_json(text: str) -> bool:
    return text[:1] in _JSON_STARTS and text.lstrip()[:1] in {"{", "["}


def _json(text: str) -> Any:
    if not _may_be_json(text):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(errors="replace")
    except ValueError:
        return ""
