"""Our resource handlers for ministack: what it lacks, and what it drops.

Every handler, ministack's own too, first validates the resolved properties against the provider schema that cfn-lint
carries, and fails as CloudFormation does. A type without any handler gets a generic one made of its schema, so that no
type passes unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.emulator import standins
from tests.emulator.resources import (
    audit_manager,
    auto_scaling,
    backups,
    buckets,
    conditions,
    config_rules,
    eks,
    fargate,
    functions,
    generic,
    hooks,
    identity_providers,
    launch_templates,
    logs,
    network,
    ordering,
    organizations,
    packs,
    profiles,
    recorders,
    registry,
    remediations,
    schedules,
    schemas,
    singletons,
    trails,
)

Handlers = dict[str, dict[str, Any]]
WANTED_VERSION = "1.5.33"


class EmulatorChangedError(RuntimeError):
    """ministack is not the version whose insides these handlers know."""


def register() -> None:
    """Put our handlers beside and around ministack's."""
    import importlib.metadata

    version = importlib.metadata.version("ministack")
    if version != WANTED_VERSION:
        raise EmulatorChangedError(f"handlers know ministack {WANTED_VERSION}, this is {version}")
    from ministack.services.cloudformation import provisioners

    ordering.install()
    conditions.install()
    audit_manager.install()
    backups.install()
    logs.install()
    packs.install()
    remediations.install()
    singletons.install()
    trails.install()
    table: Handlers = provisioners._RESOURCE_HANDLERS
    ours_of = (functions, network, logs, registry, eks, fargate, auto_scaling, organizations, recorders, buckets, trails,
               backups, profiles, launch_templates, schedules, packs, config_rules, singletons, audit_manager,
               hooks, identity_providers)  # fmt: skip
    for module in ours_of:
        for type_, ours in module.handlers(table).items():
            table[type_] = ours
    standins.install(table)
    for type_ in schemas.known_types():
        if type_ not in table and not type_.startswith("AWS::CloudFormation::"):
            table[type_] = generic.handler(type_)
    for type_, handler in table.items():
        if schemas.has(type_):
            _validate_first(type_, handler)


def _validate_first(type_: str, handler: dict[str, Any]) -> None:
    create: Callable[..., Any] = handler["create"]

    def validated_create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        schemas.validate(type_, props)
        return create(logical_id, props, stack_name)

    handler["create"] = validated_create
    if "update" in handler:
        update: Callable[..., Any] = handler["update"]

        def validated_update(
            physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any
        ) -> Any:
            schemas.validate(type_, new)
            return update(physical_id, old, new, *rest, **more)

        handler["update"] = validated_update
