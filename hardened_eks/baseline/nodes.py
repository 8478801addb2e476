"""The objects of Karpenter, Auto Mode and AWS Fargate from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline import families, karpenter
from hardened_eks.baseline.auto_mode import AutoModePool, auto_mode_objects
from hardened_eks.baseline.fargate_logging import logging_objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.baseline.settings import Settings

_NODE_CLASS: Final = "hardened"
_FAMILIES: Final = ("m7g", "m8g", "c7g", "c8g", "r7g", "r8g")
_DISK_GIB: Final = 80


def node_objects(settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield NodeClasses, NodePools and their related objects, and the settings of Fargate's log router."""
    if settings.fargate_logs is not None:
        yield from logging_objects(**settings.fargate_logs)
    if settings.karpenter is not None:
        yield from _of_karpenter(settings.karpenter)
    if settings.auto_mode is not None:
        given = settings.auto_mode
        yield from auto_mode_objects(
            role=given["role"],
            subnet_ids=given["subnets"],
            security_group_id=given["security_group"],
            volumes_key_arn=given["volumes_key"],
            pools=[AutoModePool(**pool) for pool in given.get("pools", ({},))],
            fips=given.get("fips", False),
            disk_gib=given.get("disk_gib", _DISK_GIB),
        )


def _of_karpenter(given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    tagged = [{"tags": {karpenter.discovery_key(given["cluster"]): "nodes"}}] if "cluster" in given else []
    yield karpenter.node_class(
        _NODE_CLASS,
        instance_profile=given["instance_profile"],
        volumes_key_arn=given["volumes_key"],
        subnets=tagged or [{"id": id_} for id_ in given["subnets"]],
        security_groups=tagged or [{"id": id_} for id_ in given["security_groups"]],
        bottlerocket_version=given["bottlerocket_version"],
        disk_gib=given.get("disk_gib", _DISK_GIB),
        user_data=karpenter.BOTTLEROCKET_SETTINGS,
        kubelet={},
        tags=given.get("tags", {}),
    )
    for pool in given.get("pools", ({},)):
        chosen = pool.get("families", _FAMILIES)
        yield karpenter.node_pool(
            pool.get("name", "general"),
            node_class=_NODE_CLASS,
            families=chosen,
            architectures=families.architectures(chosen),
            spot=pool.get("spot", False),
            cpus=pool.get("cpu_limit", 256),
            lifetime_hours=pool.get("max_lifetime_days", 14) * 24,
            labels=pool.get("labels", {}),
            taints=[{"effect": "NoSchedule", **taint} for taint in pool.get("taints", ())],
        )
