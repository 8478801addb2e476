"""The completeness of public docstrings, read from the source by griffe."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import griffe

from docs.constructs import TYPED_OPTIONS

MODULES = {
    "controls": ("Assembly", "Control", "Family", "Problem", "Resource", "Severity", "Subject", "Unknown", "control"),
    "baseline": ("Namespace", "Settings", "manifests"),
    "detections": ("Detection", "EventPattern", "MetricAlarm", "MetricFilter"),
    "testing": ("assert_hardened",),
    "errors": ("UnusableInputError",),
}
"""Public names outside of the top level (docs/explanation/stability.md)."""
VARIADIC = {griffe.ParameterKind.var_positional, griffe.ParameterKind.var_keyword}
DEFAULT = re.compile(r"\bDefaults?: \S")
REFUSES = re.compile(r"\braise_any\(|\braise ConfigurationError|\bproblems_in\(")


def public(package: griffe.Module) -> Iterator[tuple[str, griffe.Object]]:
    """Yield each public class and function with its name."""
    for name in map(str, package.exports or ()):
        found = final(package[name])
        if not isinstance(found, griffe.Module):
            yield name, found
            continue
        for member in map(str, found.exports or ()):
            yield f"{name}.{member}", final(found[member])
    for module, names in MODULES.items():
        yield from ((f"{module}.{name}", final(package[f"{module}.{name}"])) for name in names)


def problems(name: str, found: griffe.Object) -> Iterator[str]:
    """Yield what is missing in the docstrings of a public name and its public members."""
    if not _text(found):
        yield f"{name}: no docstring"
    if isinstance(found, griffe.Function):
        yield from _function_problems(name, found)
    if not isinstance(found, griffe.Class) or name in TYPED_OPTIONS:
        return
    if _is_dataclass(found):
        yield from _field_problems(name, found)
    elif "__init__" in found.all_members:
        yield from _function_problems(name, final(found.all_members["__init__"]))
    for member, value in sorted(found.all_members.items()):
        target = final(value)
        if member.startswith("_"):
            continue
        if not _text(target):
            yield f"{name}.{member}: no docstring"
        elif isinstance(target, griffe.Function):
            yield from _function_problems(f"{name}.{member}", target)


def _is_dataclass(class_: griffe.Class) -> bool:
    return any(one.callable_path.rpartition(".")[2] == "dataclass" for one in class_.decorators)


def final(found: griffe.Object | griffe.Alias) -> griffe.Object:
    """Return the definition behind an alias."""
    return found.final_target if isinstance(found, griffe.Alias) else found


def _function_problems(name: str, function: griffe.Object) -> Iterator[str]:
    if not isinstance(function, griffe.Function) or "property" in function.labels:
        return
    written = _arguments(function)
    taken = {one.name: one for one in function.parameters if one.name not in {"self", "cls"}}
    for parameter in taken.values():
        if parameter.name not in written:
            yield f"{name}: {parameter.name} is not in Args"
            continue
        yield from _literal_problems(f"{name}: {parameter.name}", parameter.annotation, written[parameter.name])
        if parameter.default is not None and parameter.kind not in VARIADIC:
            if not DEFAULT.search(written[parameter.name]):
                yield f"{name}: {parameter.name} has a default that its description does not state"
            elif not _states(written[parameter.name], str(parameter.default)):
                yield f"{name}: {parameter.name} is {parameter.default} by default, its description states another value"
    for extra in sorted(set(written) - set(taken)):
        yield f"{name}: {extra} is in Args and is not an argument"
    if _refuses(function) and not _has_raises(function):
        yield f"{name}: raises ConfigurationError and has no Raises"


def _field_problems(name: str, class_: griffe.Class) -> Iterator[str]:
    """Yield what is missing for the fields of a dataclass, which are the arguments of its constructor."""
    for field, value in class_.all_members.items():
        attribute = final(value)
        if field.startswith("_") or not isinstance(attribute, griffe.Attribute):
            continue
        yield from _literal_problems(f"{name}: {field}", attribute.annotation, _text(attribute))
        if attribute.value is None:
            continue
        if "instance-attribute" not in attribute.labels:
            continue
        if not DEFAULT.search(_text(attribute)):
            yield f"{name}: {field} has a default that its docstring does not state"
        elif not _states(_text(attribute), str(attribute.value)):
            yield f"{name}: {field} is {attribute.value} by default, its docstring states another value"
    check = class_.all_members.get("__post_init__")
    if check is not None and _refuses(final(check)) and not _has_raises(class_):
        yield f"{name}: raises ConfigurationError and has no Raises"


def _literal_problems(name: str, annotation: object, text: str) -> Iterator[str]:
    """Yield which strings of a Literal a description does not list, unless it refers to another class."""
    for group in re.findall(r"Literal\[([^\]]*)\]", str(annotation)):
        for value in re.findall(r"""['"]([^'"]*)['"]""", group):
            if f"``{value}``" not in text and "as in `" not in text:
                yield f"{name} can be {value!r}, which its description does not list"


def _states(text: str, value: str) -> bool:
    """Return whether a description states the default in the code, if that is a literal that can be compared."""
    try:
        default = ast.literal_eval(value)
    except ValueError:
        return True
    start = re.split(r"\bDefaults?: ", text, maxsplit=1)[-1]
    if isinstance(default, bool):
        other = r"(no|off|false)\b" if default else r"(yes|on|true)\b"
        return re.match(other, start, flags=re.I) is None
    if isinstance(default, int):
        return re.search(rf"(?<![\d,]){default}(?![\d,]\d)|(?<![\d,]){default:,}(?!\d)", start) is not None
    if isinstance(default, str) and default and not default.startswith("cron("):
        return f"``{default}``" in start
    if isinstance(default, tuple) and default and all(isinstance(one, str) for one in default) and "``" in start:
        return all(f"``{one}``" in start for one in default)
    return True


def _text(found: griffe.Object) -> str:
    return " ".join(found.docstring.value.split()) if found.docstring else ""


def _arguments(function: griffe.Function) -> dict[str, str]:
    """Return the description of each documented argument."""
    sections = function.docstring.parse("google", warnings=False) if function.docstring else ()
    return {
        item.name.lstrip("*"): " ".join(item.description.split())
        for section in sections
        if isinstance(section, griffe.DocstringSectionParameters)
        for item in section.value
    }


def _has_raises(found: griffe.Object) -> bool:
    return re.search(r"\bRaises: (?:.* )?ConfigurationError: \S", _text(found)) is not None


@cache
def _raising(module: griffe.Module) -> frozenset[str]:
    """Return the functions of a module that raise ConfigurationError, directly or through each other."""
    functions = {name: final(one) for name, one in module.members.items() if isinstance(one, griffe.Function)}
    found = {name for name, one in functions.items() if REFUSES.search(one.source)}
    while more := {name for name, one in functions.items() if name not in found and _calls(one, found)}:
        found |= more
    return frozenset(found)


def _refuses(function: griffe.Object) -> bool:
    return bool(REFUSES.search(function.source)) or _calls(function, _raising(function.module))


def _calls(function: griffe.Object, names: frozenset[str] | set[str]) -> bool:
    return any(re.search(rf"(?<![\w.]){name}\(", function.source) for name in names - {function.name})
