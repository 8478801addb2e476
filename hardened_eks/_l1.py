"""L1 constructs and keys, created in one request and without the checks that Node repeats."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import jsii

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

P = ParamSpec("P")
L1 = TypeVar("L1")


def create(kind: Callable[P, L1], /, *args: P.args, **properties: P.kwargs) -> L1:
    """Return ``kind(*args, **properties)``: the same construct, for a third of the time that Python takes.

    A class of the CDK checks the type of each property twice in Python, when it is called and when it packs the
    properties, and needs the annotations of both calls for that. The type checker knows the types of our calls, our
    constructs check what users pass to them, and Node checks each value again when it unpacks it.

    Args:
        kind: a class of the CDK, with properties.
        *args: scope and ID.
        **properties: properties of the resource; None leaves one out.

    Raises:
        TypeError: the class has no property of that name.
        RuntimeError: a property is missing or has the wrong type. The message of Node names it.
    """
    names = _names(kind)
    if names is None:
        return kind(*args, **properties)
    given: dict[str, Any] = properties
    if unknown := given.keys() - names.keys():
        msg = f"{kind.__name__} has no property {', '.join(sorted(unknown))}; it has: {', '.join(names)}"
        raise TypeError(msg)
    class_ = cast("type[L1]", kind)
    made = class_.__new__(class_)
    values = {names[name]: value for name, value in given.items() if value is not None}
    jsii.create(_without_interfaces(kind), made, [*args, values])
    return made


@cache
def _without_interfaces(kind: Any) -> Any:
    """Return a class of the CDK as jsii knows it in requests: jsii would name the interfaces of `kind` in each one.

    Node knows them, and would compare the lists for every new construct.
    """
    return type(kind.__name__, (), {"__jsii_type__": kind.__jsii_type__})


@cache
def _names(kind: Any) -> Mapping[str, str] | None:
    """Return the CloudFormation names of the properties of a class, by their Python names; None: not known."""
    properties = vars(sys.modules[kind.__module__]).get(f"{kind.__name__}Props")
    names: Mapping[str, str] | None = getattr(properties, "__jsii_name_mapping__", None)
    return names
