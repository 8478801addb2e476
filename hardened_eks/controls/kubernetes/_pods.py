"""Where the pods of an object are, and which of their containers a policy refuses."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Judge = Callable[[dict[str, Any]], Sequence[str]]

_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")
_BY_KIND: Final = {type_.rpartition("::")[2]: path for type_, path in objects.POD_SPECS.items()}
_OPEN: Final = r"\$\{[^}/]+\}"
_ECR: Final = regex(
    rf"(?:\d{{12}}|{_OPEN})\.dkr[.-]ecr(?:-fips)?\.(?:[a-z0-9-]+|{_OPEN})"
    rf"\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|{_OPEN})(?=/)"
)
"""Private registries, with the endpoints for IPv6: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""


def pod_path(item: dict[str, Any]) -> str:
    """Return the path of the pod's specification, or an empty string if the object has no pods."""
    path = _BY_KIND.get(str(item.get("kind")), "")
    return path if path and isinstance(_at(item, path), dict) else ""


def places(item: dict[str, Any], messages: Sequence[str], judged: Judge) -> Iterator[tuple[str, str]]:
    """Yield the path and the message of each refused part: a container, the pod, or the object as a whole.

    Args:
        item: the object.
        messages: the messages of a policy on it.
        judged: a function that returns the messages of the policy on another object.
    """
    path = pod_path(item)
    if not path or not messages:
        yield from (("", message) for message in messages)
        return
    spec = _at(item, path)
    of_the_pod = [message for message in judged(_with(item, path, {})) if message in messages]
    yield from ((path, message) for message in of_the_pod)
    open_ = [message for message in messages if message not in of_the_pod]
    told: set[str] = set()
    for name in _LISTS if open_ else ():
        containers = spec.get(name)
        for index, container in enumerate(containers if isinstance(containers, list) else ()):
            for message in judged(_with(item, path, {name: [container]})):
                if message in open_:
                    told.add(message)
                    yield f"{path}.{name}.{index}", message
    yield from ((path, message) for message in open_ if message not in told)


def private_registries(item: Any) -> set[str]:
    """Return the private Amazon ECR registries of the images of an object, including its image volumes."""
    spec = _at(item, pod_path(item)) if isinstance(item, dict) else None
    parts = [(name, "image") for name in _LISTS] + [("volumes", "image.reference")]
    images = [_at(one, path) for name, path in parts for one in _list(_at(spec, name))]
    return {match[0] for image in images if isinstance(image, str) and (match := _ECR.match(image))}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _with(item: dict[str, Any], path: str, containers: dict[str, Any]) -> dict[str, Any]:
    """Return the object with only these containers."""
    changed = copy.deepcopy(item)
    spec = _at(changed, path)
    for name in _LISTS:
        spec.pop(name, None)
    spec.update(containers)
    return changed


def _at(item: Any, path: str) -> Any:
    for step in path.split("."):
        item = item.get(step) if isinstance(item, dict) else None
    return item
