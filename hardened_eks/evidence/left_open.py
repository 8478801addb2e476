"""Values that a template leaves open: they are not in the templates, but are given or read at deployment.

A parameter without a default and without allowed values gets its value at deployment. The default of a Parameter Store
parameter is only a name, and the default of a NoEcho parameter is a secret. Outputs of templates that were not given,
attributes of custom resources, dynamic references and what macros make are read at deployment. A value that consists
only of such parts is left open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.evidence import rendering
from hardened_eks.evidence.expressions import (
    DYNAMIC,
    LATER,
    MACRO,
    MAX_DEPTH,
    OUTPUTS,
    VARIABLE,
    is_intrinsic,
    is_secret,
    is_stored,
    named,
    output_of,
)
from hardened_eks.evidence.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hardened_eks.evidence.unknown import Scope

FUNCTIONS: Final = ("functions", "")
"""The key of `memo` for all functions of a template that can refer to resources, if it leaves nothing open."""
REFERRING: Final = frozenset({"Ref", "Fn::Sub", *OUTPUTS})
_HAS_ANY: Final = ("left open", "")
_SEPARATORS: Final = " \t\r\n:/,;.*-_@"
_PARTS: Final[Mapping[str, slice]] = {
    "Fn::Select": slice(-1, None),
    "Fn::Split": slice(-1, None),
    "Fn::If": slice(1, None),
}
"""Functions of a list of arguments -> those that the value comes from."""
_STORED: Final = "AWS::SSM::Parameter::Value<"
_BOOTSTRAP: Final = "/cdk-bootstrap/"
_WHOLE: Final = frozenset({"Fn::Base64", "Fn::ToJsonString"})
_PSEUDO: Final = regex(r"\$\{(?:AWS::|Fn::)[^}]*\}", hints=("${aws::", "${fn::"))
"""A part of a rendered key that only the deployment knows."""
_NESTED: Final = "AWS::CloudFormation::Stack"
_CUSTOM: Final = "AWS::CloudFormation::CustomResource"
CFN_JSON: Final = "Custom::AWSCDKCfnJson"
"""The CDK's function that returns its property ``Value``, parsed: an object with keys that only AWS knows."""
_SEEN: Final = ("AWS::", "Kubernetes::")
"""How the types begin whose attributes name the resource or belong to it alone."""

Kind = Literal[
    "parameter", "stored parameter", "export", "stack output", "attribute", "dynamic reference", "macro", "mapping"
]
_TOGETHER: Final = "check that template together with this one"
_DEPLOYED: Final = "hardened-eks audit evaluates what is deployed"
_WORDS: Final[Mapping[Kind, tuple[str, str, str]]] = {
    "parameter": (
        "{}, a parameter with a value that is given at deployment",
        "/Parameters/{}: its value is given at deployment",
        "set it with --parameters {}=VALUE",
    ),
    "stored parameter": (
        "{}, a parameter with a value that is read from Parameter Store at deployment",
        "/Parameters/{}: its value is read from Parameter Store at deployment",
        _DEPLOYED,
    ),
    "export": (
        "{}, an export of a template that was not given",
        ": the export {} belongs to a template that was not given",
        _TOGETHER,
    ),
    "stack output": (
        "{}, an output of a template that was not given",
        ": the output {} belongs to a template that was not given",
        _TOGETHER,
    ),
    "attribute": (
        "{}, an attribute with a value that is returned at deployment",
        "/{}: its value is returned at deployment",
        _DEPLOYED,
    ),
    "dynamic reference": ("{}, which is read at deployment", ": {} is read at deployment", _DEPLOYED),
    "macro": ("{}, a macro that is applied at deployment", ": the macro {} is applied at deployment", _DEPLOYED),
    "mapping": (
        "{}, a mapping that is read with a key that is given at deployment",
        "/Mappings/{}: its key is given at deployment",
        _DEPLOYED,
    ),
}
"""Kind -> the name in a message, the statement in a report after the name of the stack, and the way out."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A part of a template that is given or read at deployment, and that determines a value."""

    kind: Kind
    name: str
    """The name of a parameter or export, ``Stack.Output``, ``Resource.Attribute``, or the reference as written."""

    def __str__(self) -> str:
        return _WORDS[self.kind][0].format(self.name)

    def within(self, stack: str) -> str:
        """Return its place and why its value is unknown: ``Stack/Parameters/Name: its value is given ...``."""
        return stack + _WORDS[self.kind][1].format(self.name)

    @property
    def way_out(self) -> str:
        """How the user lets the controls see the value."""
        return _WORDS[self.kind][2].format(self.name)


def listed(openings: Iterable[Opening]) -> str:
    """Return openings as the object of "depends on"."""
    return " and on ".join(map(str, openings))


def openings_of(value: Any, template: Scope) -> tuple[Opening, ...]:
    """Return the openings that determine a whole value; empty if a part of the value is known.

    One branch of an ``Fn::If`` is enough. A parameter whose type is the ID of an existing resource leaves nothing open,
    because a written ID says as little.
    """
    return tuple(dict.fromkeys(_open(value, template, 0)))


def has_any(template: Scope) -> bool:
    """Return whether a template, or its parent, leaves a value open."""
    found: bool | None = template.memo.get(_HAS_ANY)
    if found is None:
        found = template.memo[_HAS_ANY] = (
            any(map(_leaves_open, template.section("Parameters").values()))
            or _reads_elsewhere(template.section("Resources"), template)
            or (template.parent is not None and has_any(template.parent[0]))
        )
    return found


def _leaves_open(parameter: Any) -> bool:
    if not isinstance(parameter, dict):
        return False
    type_ = str(parameter.get("Type"))
    if type_.startswith(_STORED):
        if str(parameter.get("Default")).startswith(_BOOTSTRAP):
            return False  # in every template of the CDK, and in its rules alone
        type_ = type_.removeprefix(_STORED).removesuffix(">")
    elif not is_secret(parameter) and ("Default" in parameter or parameter.get("AllowedValues")):
        return False
    return not (type_.startswith(("AWS::", "List<AWS::")) and type_.rstrip(">").endswith("::Id"))


def returns_values(resource: Any) -> bool:
    """Return whether attributes can have any value: the outputs of a nested stack, or what a function returns."""
    return resource.type in (_CUSTOM, _NESTED) or not resource.type.startswith(_SEEN)


def _reads_elsewhere(body: Any, template: Scope) -> bool:  # noqa: C901 - all in one frame
    """Return whether anything reads an output that was not given, or an answer of a resource, or is dynamic."""
    answers = frozenset(name for name, resource in template.resources.items() if returns_values(resource))
    functions: list[dict[str, Any]] = []
    parts = [body]
    for part in parts:  # grows on the way
        if isinstance(part, str):
            if "{" in part and (DYNAMIC in part or (answers and "${" in part and _is_of(answers, part))):
                return True
        elif isinstance(part, dict):
            if MACRO in part:
                return True
            if len(part) == 1:
                ((function, argument),) = part.items()
                if function in REFERRING:
                    if function in OUTPUTS and _is_open(function, argument, template, answers):
                        return True
                    functions.append(part)
                elif function == "Fn::FindInMap" and any(True for _ in _looked_up(argument, template, 0)):
                    return True
            parts += part.values()
        elif isinstance(part, list):
            parts += part
    template.memo[FUNCTIONS] = functions
    return False


def _is_of(answers: frozenset[str], pattern: str) -> bool:
    names = (name.partition(".") for literal, name in VARIABLE.findall(pattern) if not literal)
    return any(dot and name in answers for name, dot, _ in names)


def _is_open(function: str, argument: Any, template: Scope, answers: frozenset[str]) -> bool:
    if function == "Fn::GetAtt":
        name = argument[0] if isinstance(argument, list) and argument else argument
        if not isinstance(name, str) or name.partition(".")[0] not in answers:
            return False
    return output_of(function, argument, template) is None


def _open(value: Any, template: Scope, depth: int) -> Iterator[Opening]:  # noqa: C901 - one branch a function
    if isinstance(value, Unknown):
        yield from _open(value.expression, value.template, depth + 1)
        return
    if isinstance(value, str):
        yield from _dynamic(value)
        return
    if not isinstance(value, dict | list) or depth > MAX_DEPTH:
        return
    if isinstance(value, dict) and MACRO in value:
        yield Opening("macro", _macro(value[MACRO]))
        return
    if isinstance(value, list) or not is_intrinsic(value):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _open(part, template, depth + 1)
        return
    function, argument = next(iter(value.items()))
    if function == "Ref":
        yield from _parameter(argument, template, depth)
    elif function in OUTPUTS:
        yield from _read(function, argument, template, depth)
    elif function in _PARTS and isinstance(argument, list):
        yield from _open(argument[_PARTS[function]], template, depth + 1)
    elif function == "Fn::FindInMap":
        yield from _looked_up(argument, template, depth)
    elif function in _WHOLE:
        yield from _open(argument, template, depth + 1)
    elif function in ("Fn::Sub", "Fn::Join"):
        parts = _variables(argument) if function == "Fn::Sub" else _joined(argument)
        yield from list(_together(parts, template, depth)) or _dynamic(rendering.text(value, template))


def _dynamic(text: str) -> Iterator[Opening]:
    """Yield the dynamic references of a string that contains nothing else."""
    if DYNAMIC in text and not LATER.sub("", text).strip(_SEPARATORS):
        yield from (Opening("dynamic reference", one) for one in LATER.findall(text) if one.startswith(DYNAMIC))


def _read(function: str, argument: Any, template: Scope, depth: int) -> Iterator[Opening]:
    """Yield the openings of an output, or of an attribute that can have any value."""
    given = output_of(function, argument, template)
    if given is not None:
        yield from _open(given.value, given.home, depth + 1)
    elif function == "Fn::ImportValue":
        yield Opening("export", rendering.text(argument, template))
    elif function == "Fn::GetStackOutput" and isinstance(argument, dict):
        names = (rendering.text(argument.get(key), template) for key in ("StackName", "OutputName"))
        yield Opening("stack output", ".".join(names))
    elif function == "Fn::GetAtt":
        name = ".".join(map(str, argument)) if isinstance(argument, list) else str(argument)
        resource = template.resources.get(name.partition(".")[0])
        if resource is not None and resource.type == CFN_JSON and name.endswith(".Value"):
            properties = resource.body.get("Properties")
            yield from _open(properties.get("Value") if isinstance(properties, dict) else None, template, depth + 1)
        elif resource is not None and returns_values(resource):
            yield Opening("attribute", name)


def _looked_up(argument: Any, template: Scope, depth: int) -> Iterator[Opening]:
    """Yield the openings of the keys of a mapping; the rows of a key that is a reference are tried one by one."""
    if not isinstance(argument, list) or len(argument) < 3:
        return
    row = argument[1].get("Ref") if isinstance(argument[1], dict) else None
    passed = template.parent is not None and row in template.parent[1]
    tried = isinstance(argument[0], str) and isinstance(row, str) and len(argument) == 3 and not passed
    for key in argument[2:] if tried else argument:
        yield from _open(key, template, depth + 1)
        if _PSEUDO.search(rendering.text(key, template)):
            yield Opening("mapping", rendering.text(argument[0], template))


def _macro(call: Any) -> str:
    name = call.get("Name") if isinstance(call, dict) else call
    return name if isinstance(name, str) else MACRO


def _variables(argument: Any) -> list[Any]:
    """Return the parts of an ``Fn::Sub``: strings, and the values of its variables."""
    pattern, given = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(pattern, str) or not isinstance(given, dict):
        return []
    parts: list[Any] = []
    last = 0
    for found in VARIABLE.finditer(pattern):
        literal, name = found.groups()
        parts += [pattern[last : found.start()], name if literal else given.get(name, named(name))]
        last = found.end()
    return [*parts, pattern[last:]]


def _joined(argument: Any) -> list[Any]:
    items = argument[-1] if isinstance(argument, list) and argument else None
    return items if isinstance(items, list) else []


def _together(parts: list[Any], template: Scope, depth: int) -> Iterator[Opening]:
    """Yield the openings of the parts of a string, unless a part is known."""
    found: list[Opening] = []
    for part in parts:
        openings = list(_open(part, template, depth + 1))
        if not openings and not (isinstance(part, str) and not part.strip(_SEPARATORS)):
            return
        found += openings
    yield from found


def _parameter(name: Any, template: Scope, depth: int) -> Iterator[Opening]:
    if not isinstance(name, str) or name in template.parameters or name in template.section("Resources"):
        return
    parameter = template.section("Parameters").get(name)
    if is_stored(parameter):
        if _leaves_open(parameter):
            yield Opening("stored parameter", name)
    elif template.parent is not None and name in template.parent[1]:
        above, passed = template.parent
        yield from _open(passed[name], above, depth + 1)
    elif _leaves_open(parameter):
        yield Opening("parameter", name)
