"""The instance types that nodes can have."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hardened_eks._tokens import is_literal, is_token
from hardened_eks.data import instances
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.data.instances import InstanceType

_MOST_TYPES = 20


def known_types(names: Sequence[str], *, allow_unlisted: bool) -> list[InstanceType]:
    """Return the types with known properties: in the data, of a known family, or (opted in) by EC2's naming scheme."""
    found = []
    for name in names:
        if not is_literal(name):
            continue
        kind = instances.known(name) or (instances.by_name(name) if allow_unlisted else None)
        if kind is not None:
            found.append(kind)
    return found


def type_problems(names: object, *, allow_unlisted: bool, allow_plain_transit: bool) -> Iterator[str]:
    """Yield why instance types cannot be used."""
    if isinstance(names, str) or not isinstance(names, list | tuple) or not 1 <= len(names) <= _MOST_TYPES:
        yield f"instance_types needs a list of 1 to {_MOST_TYPES} names such as m7g.large, got {names!r}"
        return
    if any(is_token(name) for name in names):
        yield "instance_types needs names that are known now, since image and architecture follow from them"
        return
    yield from (f"instance_types names {name} twice" for name in repeated(names))
    kinds = known_types(names, allow_unlisted=allow_unlisted)
    for name in names:
        if name not in [kind.name for kind in kinds]:
            yield _unknown(name)
    for kind in kinds:
        yield from _unfit(kind, allow_plain_transit=allow_plain_transit)
    architectures = {kind.architectures[0] for kind in kinds}
    if len(architectures) > 1:
        listing = ", ".join(f"{kind.name} is {kind.architectures[0]}" for kind in kinds)
        yield f"instance_types mixes architectures, and a node group has one image: {listing}; make one group for each"


def _unknown(name: object) -> str:
    near = get_close_matches(str(name), instances.names(), n=3)
    hint = f"did you mean {', '.join(near)}? " if near else ""
    return (
        f"instance type {name!r} is not known ({instances.source()}); {hint}"
        "(for a newer family: allow_unlisted_types=True)"
    )


def _unfit(kind: InstanceType, *, allow_plain_transit: bool) -> Iterator[str]:
    if not kind.nitro:
        yield f"{kind.name} runs on Xen, only Nitro types are allowed: use {', '.join(_alternatives(kind))}"
    elif kind.architectures[0] not in {"arm64", "x86_64"}:
        yield f"{kind.name} is a {kind.architectures[0]} machine, EKS has no image for it"
    elif not kind.encryption_in_transit and not allow_plain_transit:
        yield (
            f"{kind.name} does not encrypt traffic between instances: use {', '.join(_alternatives(kind))} "
            "(or accept it with allow_unencrypted_transit=True)"
        )


def _alternatives(kind: InstanceType) -> list[str]:
    """Return current types of the same class and size that encrypt in transit, newest first."""
    letter, size = kind.name[0], kind.name.split(".", 1)[1]
    fitting = [
        other
        for name in instances.names()
        if name.startswith(letter)
        and name.endswith("." + size)
        and (other := instances.lookup(name)) is not None
        and other.nitro
        and other.encryption_in_transit
        and set(other.architectures) & {*kind.architectures, "arm64"}
    ]
    fitting.sort(key=lambda other: (-int(next(iter(re.findall(r"\d+", other.name)), "0")), len(other.name), other.name))
    return [other.name for other in fitting[:3]] or ["m7g.large", "m7i.large"]


def efa_problems(kinds: Sequence[InstanceType], cards: int) -> Iterator[str]:
    """Yield which instance types support fewer Elastic Fabric Adapters than `cards`. Unknown types are accepted."""
    for kind in kinds:
        able = kind.efa_cards
        if able is not None and able < cards:
            has = f"supports {able}" if able else "has no Elastic Fabric Adapter"
            others = ", ".join(instances.with_efa(cards)[:3])
            yield f"efa_cards={cards}, but {kind.name} {has}: use {others}" + (f", or efa_cards={able}" if able else "")
    starts = {kind.efa[0] for kind in kinds if kind.efa_cards and kind.efa is not None}
    if len(starts) > 1:
        listing = ", ".join(f"{kind.name} from card {kind.efa[0]} on" for kind in kinds if kind.efa and kind.efa[1])
        yield f"instance_types have EFA on different network cards ({listing}): make one group for each"
