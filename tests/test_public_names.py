"""The public names are frozen: a renamed argument breaks somebody's app, so it is not renamed by accident.

After a change on purpose, with a file in changes for what breaks:

    python -m tests.test_public_names    # writes tests/public_names.txt and tests/public_modules.txt
"""

import dataclasses
import difflib
import enum
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, is_typeddict

import pytest

import hardened_eks
from tests.docs import docstrings

FROZEN = Path(__file__).with_name("public_names.txt")
MODULES = Path(__file__).with_name("public_modules.txt")
HOW = "the public names changed; if on purpose: python -m tests.test_public_names, and say in changes what breaks"


def parameters(function: Any) -> str:
    """The parameters without defaults, which are optional all the same: ``id, *, version, name=``."""
    shown = []
    star = False
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            shown.append("*")
            star = True
        prefix = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        star = star or prefix == "*"
        shown.append(f"{prefix}{parameter.name}{'=' if parameter.default is not parameter.empty else ''}")
    return ", ".join(shown)


def members(class_: type) -> Iterator[str]:
    """The class's own public members and those of our base classes; what the CDK adds is not ours."""
    found: dict[str, str] = {}
    for base in reversed(class_.__mro__):
        if not base.__module__.startswith("hardened_eks"):
            continue
        for name, value in vars(base).items():
            if name.startswith("_"):
                continue
            function = getattr(value, "__func__", value)
            if inspect.isfunction(function):
                found[name] = f"{name}({parameters(function)})"
            elif hasattr(value, "__get__") or isinstance(value, class_):  # property, cached property, slot; constant
                found[name] = name
        for name in re.findall(r"^ +self\.([a-z]\w*)(?:: .+)? = ", inspect.getsource(base), re.MULTILINE):
            found[name] = name  # set when it is made
    yield from (found[name] for name in sorted(found))


def names() -> Iterator[tuple[str, Any]]:
    """The public names, those of namespaces as ``alerts.Topic``, and what they name."""
    for name in sorted(hardened_eks.__all__):
        public = getattr(hardened_eks, name)
        if not inspect.ismodule(public):
            yield name, public
            continue
        yield from ((f"{name}.{one}", getattr(public, one)) for one in sorted(public.__all__))


def names_of_modules() -> Iterator[tuple[str, Any]]:
    """The names of other modules that are public, which `tests/docs/docstrings.py` lists."""
    for module, public in sorted(docstrings.MODULES.items()):
        found = importlib.import_module(f"hardened_eks.{module}")
        yield from ((f"{module}.{name}", getattr(found, name)) for name in sorted(public))


def lines(listed: Iterator[tuple[str, Any]]) -> Iterator[str]:
    for name, public in listed:
        if not inspect.isclass(public):
            first = next(iter(inspect.signature(public).parameters.values()))
            star = "*" if first.kind is first.VAR_POSITIONAL else ""
            positional = "" if first.kind is first.KEYWORD_ONLY else f"{star}{first.name}"
            rest = parameters(public)
            if not positional:
                optional = "" if first.default is first.empty else "="
                rest = f"*, {first.name}{optional}, {rest.removeprefix('*, ')}".removesuffix(", ")
            yield f"{name}({', '.join(part for part in (positional, rest) if part)})"
            continue
        if is_typeddict(public):
            yield f"{name}(*, {', '.join(sorted(public.__annotations__))})"
            continue
        if getattr(public, "_is_protocol", False):
            yield name
            yield from (f"  .{member}" for member in members(public))
            continue
        if issubclass(public, enum.Enum):
            yield name
            yield from (f"  {member.name} = {member.value!r}" for member in public)
            continue
        yield f"{name}({parameters(public.__init__)})"
        fields = {field.name for field in dataclasses.fields(public)} if dataclasses.is_dataclass(public) else set()
        yield from (f"  .{member}" for member in members(public) if member not in fields)


def text() -> str:
    return "\n".join(lines(names())) + "\n"


def text_of_modules() -> str:
    return "\n".join(lines(names_of_modules())) + "\n"


@pytest.mark.parametrize(("file", "written"), [(FROZEN, text), (MODULES, text_of_modules)])
def test_public_names_are_frozen(file: Path, written: Callable[[], str]) -> None:
    frozen = file.read_text()
    change = "\n".join(
        difflib.unified_diff(frozen.splitlines(), written().splitlines(), "frozen", "now", lineterm="", n=0)
    )
    assert change == "", f"{HOW}\n{change}"


def test_a_class_with_its_constructor_and_methods_is_among_them() -> None:
    frozen = FROZEN.read_text().splitlines()
    assert [line for line in frozen if line.startswith("Cluster(scope, id, *, version, name=, network=")]
    assert "  .grant_view(principal, *, namespaces=)" in frozen
    assert "  .from_cluster_attributes(scope, id, *, name, " in "\n".join(frozen)


if __name__ == "__main__":
    for file, written in ((FROZEN, text), (MODULES, text_of_modules)):
        file.write_text(written())
        print(f"wrote {file}")
