"""Generate the reference of the public names from the source, without running it. Every member has an entry."""

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import griffe

import hardened_eks

TYPED_OPTIONS = {
    "FargateOptions": "FargateProfile",
    "NodeGroupOptions": "NodeGroup",
    "SelfManagedOptions": "SelfManagedNodeGroup",
    "KarpenterOptions": "Karpenter",
}
"""Map from each ``TypedDict`` of options to the class that documents these arguments."""
ROOT = Path(__file__).parents[1]


def page(note: str) -> str:
    """Return docs/reference/constructs.md: each public name, followed by its public members."""
    lines = ["# Constructs", "", note, "Import the names as `import hardened_eks as hardened`.", ""]
    for name in hardened_eks.__all__:
        lines += _entry(name, _found(name))
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def entries(text: str) -> set[str]:
    """Return the members that have an entry on a page, for example ``Cluster.add_node_group``."""
    return {line.split("`")[1] for line in text.splitlines() if line.startswith(("## `", "### `"))}


@cache
def package() -> griffe.Module:
    """Return the source of the library, which is read once."""
    found = griffe.load("hardened_eks", search_paths=[str(ROOT)])
    assert isinstance(found, griffe.Module)
    return found


def _found(name: str) -> griffe.Object:
    """Return the definition of a public name in the source."""
    value = getattr(hardened_eks, name)
    if inspect.ismodule(value):
        path = value.__name__.removeprefix("hardened_eks.")
    else:
        path = f"{value.__module__}.{value.__qualname__}".removeprefix("hardened_eks.")
    return _final(package()[path])


def _final(found: griffe.Object | griffe.Alias) -> griffe.Object:
    return found.final_target if isinstance(found, griffe.Alias) else found


def _entry(name: str, found: griffe.Object) -> Iterator[str]:
    yield from (f"## `{name}`", "")
    yield from _docstring(found)
    if isinstance(found, griffe.Function):
        yield from _signature(f"hardened.{name}", found)
    if isinstance(found, griffe.Module):
        for member in map(str, found.exports or ()):
            yield from _entry(f"{name}.{member}", _final(found[member]))
    if isinstance(found, griffe.Class):
        yield from _constructor(name, found)
        for member, value in sorted(found.all_members.items()):
            if not member.startswith("_"):
                yield from _member(name, member, value)


def _constructor(name: str, found: griffe.Class) -> Iterator[str]:
    made = found.all_members.get("__init__")
    made = _final(made) if made is not None else None
    if isinstance(made, griffe.Function):
        yield from _signature(f"hardened.{name}", made)
        yield from _docstring(made)
    elif "dataclass" in found.labels:
        fields = [(m, a) for m, a in found.all_members.items() if isinstance(a, griffe.Attribute) and a.annotation]
        shown = [f"    {m}: {a.annotation}{f' = {a.value}' if a.value is not None else ''}," for m, a in fields]
        yield from ("```text", f"hardened.{name}(", "    *,", *shown, ")", "```", "")


def _member(owner: str, name: str, value: griffe.Object | griffe.Alias) -> Iterator[str]:
    found = _final(value)
    yield from (f"### `{owner}.{name}`", "")
    if owner in TYPED_OPTIONS:
        yield from (f"The same as the argument of [`{TYPED_OPTIONS[owner]}`](#{TYPED_OPTIONS[owner].lower()}).", "")
    if isinstance(found, griffe.Function):
        yield from _signature(name, found)
    elif isinstance(found, griffe.Attribute) and found.value is not None and name.isupper():
        yield from (f"Value: `{found.value}`.", "")
    yield from _docstring(found)


def _docstring(found: griffe.Object) -> Iterator[str]:
    text = found.docstring.value.strip() if found.docstring else ""
    if text:
        yield from (*text.splitlines(), "")


def _signature(name: str, function: griffe.Function) -> Iterator[str]:
    """Yield a call with one parameter per line, so that no annotation is wrapped."""
    yield from ("```text", f"{name}(")
    keyword_only = False
    for parameter in function.parameters:
        if parameter.name in {"self", "cls"}:
            continue
        if parameter.kind is griffe.ParameterKind.keyword_only and not keyword_only:
            keyword_only = True
            yield "    *,"
        star = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}.get(
            parameter.kind, ""
        )
        default = "" if star or parameter.default is None else f" = {parameter.default}"
        yield f"    {star}{parameter.name}: {parameter.annotation}{default},"
    yield from (f") -> {function.returns}" if function.name != "__init__" else ")", "```", "")
