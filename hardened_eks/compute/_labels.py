"""Checks of Kubernetes labels and taints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hardened_eks._tokens import is_text_token
from hardened_eks.baseline.node_labels import LABEL_KEY, LABEL_VALUE, of_kubernetes, reserved_for_taints
from hardened_eks.compute._settings import Taint, TaintEffect
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def label_problems(labels: Mapping[str, str], taints: Sequence[Taint]) -> Iterator[str]:
    """Yield the mistakes in labels and taints."""
    if isinstance(labels, Mapping):
        for key, value in labels.items():
            yield from _key_problems("labels", key)
            yield from _value_problems("label", key, value)
    else:
        yield f"labels needs a mapping of strings to strings, got {labels!r}"
    if not isinstance(taints, list | tuple) or not all(isinstance(taint, Taint) for taint in taints):
        yield f"taints needs a list of Taint, got {taints!r}"
        return
    for taint in taints:
        yield from _key_problems("taints", taint.key)
        yield from _value_problems("taint", taint.key, taint.value)
        if taint.effect not in tuple(TaintEffect):
            yield f"taint {taint.key!r} needs one of {', '.join(TaintEffect)}, got {taint.effect!r}"
    for key, effect in repeated([(taint.key, taint.effect) for taint in taints]):
        yield f"taint {key!r} has the effect {effect} twice: remove one"


def _value_problems(what: str, key: object, value: object) -> Iterator[str]:
    if not isinstance(value, str) or not (is_text_token(value) or LABEL_VALUE.fullmatch(value)):
        yield f"{what} {key!r} needs up to 63 letters, digits, '-', '_' or '.', got {value!r}"


def _key_problems(what: str, key: object) -> Iterator[str]:
    if not isinstance(key, str) or not LABEL_KEY.fullmatch(key):
        yield f"{what} needs keys such as team or example.com/team, got {key!r}"
    elif of_kubernetes(key) if what == "labels" else reserved_for_taints(key):
        yield f"{what} has the key {key!r}, whose prefix is reserved for Kubernetes: use your own prefix"
