"""Custom resources of the CDK that create EKS resources, converted to the corresponding CloudFormation types.

The CDK's ``aws_eks.Cluster`` and ``FargateProfile`` call the EKS API from a Lambda function, so their properties are in
camel case below ``Config``, as in the API. Controls know only the shape of CloudFormation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES: Final = {
    "Custom::AWSCDK-EKS-Cluster": "AWS::EKS::Cluster",
    "Custom::AWSCDK-EKS-FargateProfile": "AWS::EKS::FargateProfile",
}
"""The custom resource types -> the CloudFormation types that they are converted to."""
_CONFIG: Final = "Config"
_PAIRS: Final = frozenset({"tags", "labels"})
"""Mappings with user-defined keys, for which CloudFormation has lists of keys and values."""
_MAX_DEPTH: Final = 60

Step = tuple[str, ...]
Places = dict[Step, Step]


def adapt(type_: str, body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any], Mapping[Step, Step]]:
    """Return the type, the body and, for each property path that was converted, the path in the template.

    Properties beside ``Config`` (the function, the role that calls EKS) stay unchanged.
    """
    if type_ not in TYPES:
        return type_, body, {}
    written = body.get("Properties")
    properties = written if isinstance(written, dict) else {}
    places: Places = {}
    config = _shape(properties.get(_CONFIG), (), (_CONFIG,), places, 0)
    rest = {key: value for key, value in properties.items() if key != _CONFIG}
    shaped: Any = {**rest, **config} if isinstance(config, dict) and not _is_function(config) else config
    places[()] = (_CONFIG,)
    places.update({(key,): (key,) for key in rest})
    return TYPES[type_], {**body, "Properties": {} if shaped is None else shaped}, places


def written(path: Step, places: Mapping[Step, Step]) -> Step:
    """Return the path of the property `path` in the template, or the path where it would be."""
    length = next((n for n in range(len(path), -1, -1) if path[:n] in places), None)
    if length is None:
        return path
    return places[path[:length]] + tuple(step[:1].lower() + step[1:] for step in path[length:])


def _is_function(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref"))


def _shape(value: Any, here: Step, there: Step, places: Places, depth: int) -> Any:
    """Convert `value`, which is at the path `there`, to the shape of the property at the path `here`."""
    places[here] = there
    if depth > _MAX_DEPTH:
        return value
    if isinstance(value, list):
        return [
            _shape(item, (*here, str(index)), (*there, str(index)), places, depth + 1)
            for index, item in enumerate(value)
        ]
    if not isinstance(value, dict):
        return value
    if _is_function(value):
        return _branches(value, here, there, depth)
    if here == ("Logging",):
        return _logging(value, there, places)
    shaped: dict[str, Any] = {}
    for key, item in value.items():
        name = key[:1].upper() + key[1:]
        path, origin = (*here, name), (*there, key)
        if key in _PAIRS and isinstance(item, dict) and not _is_function(item):
            shaped[name] = _pairs(item, path, origin, places)
        else:
            shaped[name] = _shape(item, path, origin, places, depth + 1)
    return shaped


def _branches(value: dict[str, Any], here: Step, there: Step, depth: int) -> Any:
    """Return an intrinsic function unchanged, or an ``Fn::If`` with converted branches; paths end at the function."""
    argument = value.get("Fn::If")
    if not isinstance(argument, list) or len(argument) != 3:
        return value
    return {"Fn::If": [argument[0], *(_shape(branch, here, there, {}, depth + 1) for branch in argument[1:])]}


def _pairs(value: dict[str, Any], here: Step, there: Step, places: Places) -> list[dict[str, Any]]:
    places[here] = there
    for index, key in enumerate(value):
        for step in ((), ("Key",), ("Value",)):
            places[(*here, str(index), *step)] = (*there, key)
    return [{"Key": key, "Value": item} for key, item in value.items()]


def _logging(value: dict[str, Any], there: Step, places: Places) -> dict[str, Any]:
    """Return the enabled log types as ``ClusterLogging.EnabledTypes``; the API also lists disabled ones."""
    setups = value.get("clusterLogging")
    origin = (*there, "clusterLogging")
    types: Step = ("Logging", "ClusterLogging", "EnabledTypes")
    places[types[:2]] = places[types] = origin
    if not isinstance(setups, list):
        return {"ClusterLogging": {"EnabledTypes": setups}} if setups is not None else {}
    found: list[Any] = []
    for number, setup in enumerate(setups):
        if not isinstance(setup, dict) or _is_function(setup):
            found.append(setup)
            continue
        if str(setup.get("enabled", False)).lower() != "true":
            continue
        named = setup.get("types")
        for index, name in enumerate(named if isinstance(named, list) else [named]):
            places[*types, str(len(found)), "Type"] = (*origin, str(number), "types", str(index))
            found.append({"Type": name})
    return {"ClusterLogging": {"EnabledTypes": found}}
