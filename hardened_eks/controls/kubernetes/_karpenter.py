"""How controls read Karpenter's objects: what an EC2NodeClass starts, and what a NodePool allows it to choose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.data import instances
from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hardened_eks.data.instances import InstanceType
    from hardened_eks.evidence import Resource

NODE_CLASS: Final = "Kubernetes::karpenter.k8s.aws::EC2NodeClass"
NODE_POOL: Final = "Kubernetes::karpenter.sh::NodePool"
MAPPINGS: Final = "spec.blockDeviceMappings"
REQUIREMENTS: Final = "spec.template.spec.requirements"
BOTTLEROCKET_DEVICES: Final = ("/dev/xvda", "/dev/xvdb")
_GROUPS: Final = ("karpenter.k8s.aws/", "eks.amazonaws.com/")
_TYPE: Final = "node.kubernetes.io/instance-type"
_GENERATION: Final = regex(r"[a-z]+?(?:-)?(\d+)")
_CATEGORY: Final = regex(r"[a-z]+")
_UNITS: Final = {"ms": 1 / 3_600_000, "h": 1.0, "m": 1 / 60, "s": 1 / 3600}
_DURATION: Final = regex(r"(\d+(?:\.\d+)?)(ms|h|m|s)")


def volumes(node_class: Resource) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the path, the device and the EBS settings of each volume of a NodeClass."""
    for path, mapping in node_class.each(MAPPINGS):
        written = mapping if isinstance(mapping, dict) else {}
        ebs = written.get("ebs")
        yield path, str(written.get("deviceName", mapping)), ebs if isinstance(ebs, dict) else {}


def is_bottlerocket(node_class: Resource) -> bool:
    """Return whether the nodes run Bottlerocket, which has two volumes."""
    terms = node_class.items("spec.amiSelectorTerms")
    aliases = [str(term.get("alias", "")) for term in terms if isinstance(term, dict)]
    return node_class.get("spec.amiFamily") == "Bottlerocket" or any(a.startswith("bottlerocket@") for a in aliases)


def hours(value: object) -> float | None:
    """Return a Kubernetes duration in hours, or None for ``Never`` and for a value that is not a duration."""
    if not isinstance(value, str) or not re.fullmatch(f"(?:{_DURATION.pattern})+", value):
        return None
    return sum(float(amount) * _UNITS[unit] for amount, unit in _DURATION.findall(value))


def admitted(pool: Resource, label: str, value: str, fits: Callable[[InstanceType], bool]) -> list[str]:
    """Return the instance families or types that a pool may choose although they do not fit. Empty if there are none.

    Args:
        pool: a NodePool.
        label: the well-known label to check, without its group.
        value: what the label must be.
        fits: whether an instance type has the value of the label.
    """
    needed = list(_requirements(pool))
    if any(_demands(key, operator, values, label, value) for key, operator, values in needed):
        return []
    types = [values for key, operator, values in needed if key == _TYPE and operator == "In"]
    if types:
        return [name for name in map(str, types[0]) if (kind := instances.known(name)) is None or not fits(kind)]
    named = _named_families(needed)
    candidates = list(instances.families()) if named is None else named
    left = [name for name in candidates if all(_lets(name, *one) for one in needed)]
    return [name for name in left if (kind := instances.family(name)) is None or not fits(kind)]


def _requirements(pool: Resource) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield the key, operator and values of each requirement that is fully known."""
    for one in pool.items(REQUIREMENTS):
        if not isinstance(one, dict):
            continue
        key, operator, values = one.get("key"), one.get("operator"), one.get("values", [])
        if isinstance(key, str) and isinstance(operator, str) and isinstance(values, list):
            yield key, operator, values


def _short(key: str) -> str:
    return next((key.removeprefix(group) for group in _GROUPS if key.startswith(group)), "")


def _demands(key: str, operator: str, values: list[Any], label: str, value: str) -> bool:
    return _short(key) == label and operator == "In" and bool(values) and all(one == value for one in values)


def _named_families(needed: list[tuple[str, str, list[Any]]]) -> list[str] | None:
    found = [values for key, operator, values in needed if _short(key) == "instance-family" and operator == "In"]
    return [str(name) for name in found[0]] if found else None


def _lets(family: str, key: str, operator: str, values: list[Any]) -> bool:
    """Return whether a requirement allows a family. A requirement that is not fully known allows every family."""
    if any(isinstance(value, Unknown) for value in values):
        return True
    texts = [str(value) for value in values]
    match _short(key) or key:
        case "instance-family":
            return _compared(family, operator, texts)
        case "instance-category":
            match_ = _CATEGORY.match(family)
            return match_ is None or _compared(match_[0], operator, texts)
        case "instance-generation":
            number = _GENERATION.match(family)
            return number is None or _compared(number[1], operator, texts)
        case "kubernetes.io/arch":
            kind = instances.family(family)
            names = {"x86_64": "amd64"}
            return kind is None or _compared(names.get(kind.architectures[0], kind.architectures[0]), operator, texts)
        case _:
            return True


def _compared(value: str, operator: str, texts: list[str]) -> bool:
    match operator:
        case "In":
            return value in texts
        case "NotIn":
            return value not in texts
        case "Gt" | "Lt" | "Gte" | "Lte" if texts and texts[0].isdecimal() and value.isdecimal():
            number, bound = int(value), int(texts[0])
            return {
                "Gt": number > bound,
                "Lt": number < bound,
                "Gte": number >= bound,
                "Lte": number <= bound,
            }[operator]
        case _:
            return True
