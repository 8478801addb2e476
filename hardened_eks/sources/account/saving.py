"""The resources of an account as templates: one for each stack, and one for resources in no stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.data.account_settings import ACCOUNT_WIDE
from hardened_eks.evidence.resource import ARN
from hardened_eks.sources.account.hiding import hidden_by
from hardened_eks.sources.saved import Environment

if TYPE_CHECKING:
    from hardened_eks.sources.account.reading import Seen


def environment(seen: Seen, *, account_wide: bool = True) -> Environment:
    """Return the resources of one Region as evidence that can be saved.

    Args:
        seen: the resources of the Region.
        account_wide: whether to include the settings that an account has once for all Regions.
    """
    left_out = frozenset() if account_wide else ACCOUNT_WIDE
    refusals = [one for one in seen.refusals if not left_out.intersection(hidden_by([one.action]))]
    alone = f"{seen.account}:{seen.region}"
    bodies: dict[str, dict[str, Any]] = {}
    physical: dict[str, dict[str, str]] = {}
    for index, one in enumerate(seen.found):
        if one.type in left_out:
            continue
        place = seen.places.get(index)
        stack = place.stack if place else alone
        resources = bodies.setdefault(stack, {"Resources": {}})["Resources"]
        logical = place.logical_id if place else f"{one.type.rpartition('::')[2]}:{one.id}"
        if logical in resources:  # two resources with the same tags, of which one is a copy
            logical = f"{logical}:{one.id}"
        entry: dict[str, Any] = {"Type": one.type, "Properties": one.properties}
        metadata = {ARN: one.arn} if one.arn else {}
        if place and place.construct_path:
            metadata["aws:cdk:path"] = place.construct_path
        if metadata:
            entry["Metadata"] = metadata
        resources[logical] = entry
        physical.setdefault(stack, {})[logical] = one.id
    return Environment(
        seen.account, seen.region, seen.clusters, tuple(sorted(seen.complete - left_out)), tuple(map(str, refusals)),
        hidden_by(one.action for one in refusals), dict(sorted(bodies.items())), dict(sorted(physical.items())),
    )  # fmt: skip
