"""How complete the docstrings of the public names are, read from the source by griffe."""

import re
from collections.abc import Iterator

import griffe

from docs.constructs import TYPED_OPTIONS

PLAIN = {"self", "cls"}
NO_DEFAULT = re.compile(r"\bDefault: \S|\bNone: ")
EMPTY = {"None", "()", "{}", '""', "_EMPTY"}
REFUSES = re.compile(r"\braise_any\(|\braise ConfigurationError|\bproblems_in\(")


def problems(name: str, found: griffe.Object) -> Iterator[str]:
    """Yield what the docstrings of a public name and of its public members leave out."""
    if found.docstring is None or not found.docstring.value.strip():
        yield f"{name}: no docstring"
        return
    if isinstance(found, griffe.Function):
        yield from _function_problems(name, found)
    if not isinstance(found, griffe.Class) or name.split(".")[-1] in TYPED_OPTIONS:
        return
    made = found.all_members.get("__init__")
    if "dataclass" in found.labels:
        yield from _dataclass_problems(name, found)
    elif made is not None:
        yield from _function_problems(name, _final(made))
    for member, value in sorted(found.all_members.items()):
        target = _final(value)
        if member.startswith("_"):
            continue
        if not (target.docstring and target.docstring.value.strip()):
            yield f"{name}.{member}: no docstring"
        elif isinstance(target, griffe.Function):
            yield from _function_problems(f"{name}.{member}", target)


def _final(found: griffe.Object | griffe.Alias) -> griffe.Object:
    return found.final_target if isinstance(found, griffe.Alias) else found


def _function_problems(name: str, function: griffe.Object) -> Iterator[str]:
    assert isinstance(function, griffe.Function), name
    if not function.docstring:
        yield f"{name}: {function.name} has no docstring"
        return
    written = _arguments(function)
    taken = {one.name: one for one in function.parameters if one.name not in PLAIN}
    for parameter in taken.values():
        if parameter.name not in written:
            yield f"{name}: {parameter.name} is not in Args"
        elif parameter.default is not None and not NO_DEFAULT.search(written[parameter.name]):
            yield f"{name}: {parameter.name} does not state its default"
    for extra in sorted(set(written) - set(taken)):
        yield f"{name}: {extra} is in Args, and is not an argument"
    if REFUSES.search(function.source) and "Raises" not in _sections(function):
        yield f"{name}: raises ConfigurationError, and has no Raises"


def _dataclass_problems(name: str, class_: griffe.Class) -> Iterator[str]:
    for field, value in class_.all_members.items():
        attribute = _final(value)
        if field.startswith("_") or not isinstance(attribute, griffe.Attribute) or not attribute.annotation:
            continue
        if attribute.value is not None and attribute.docstring:
            said = " ".join(attribute.docstring.value.split())
            if not NO_DEFAULT.search(said):
                yield f"{name}: {field} does not state its default"
    check = class_.all_members.get("__post_init__")
    if check is not None and REFUSES.search(_final(check).source) and "Raises" not in _sections(class_):
        yield f"{name}: raises ConfigurationError, and has no Raises"


def _sections(found: griffe.Object) -> set[str]:
    assert found.docstring, found.path
    return {"Raises"} if re.search(r"^ *Raises:\n +\w*Error: \w", found.docstring.value, flags=re.MULTILINE) else set()


def _arguments(function: griffe.Function) -> dict[str, str]:
    """Return the description of each argument by its name."""
    assert function.docstring, function.path
    sections = function.docstring.parse("google", warnings=False)
    return {
        item.name.lstrip("*"): " ".join(item.description.split())
        for section in sections
        if isinstance(section, griffe.DocstringSectionParameters)
        for item in section.value
    }
