"""ECR: immutability with exclusions, and the settings of the registry."""

from __future__ import annotations

from typing import Any


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = dict(table["AWS::ECR::Repository"])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        result = theirs["create"](logical_id, props, stack_name)
        _enrich(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _enrich(result[0], new)
        return result

    return {"AWS::ECR::Repository": {**theirs, "create": create, "update": update}}


def _enrich(name: str, props: dict[str, Any]) -> None:
    from ministack.services import ecr

    repository = ecr._repositories[name]
    repository["imageTagMutability"] = props.get("ImageTagMutability", "MUTABLE")
    encryption = props.get("EncryptionConfiguration")
    if encryption:
        repository["encryptionConfiguration"] = {
            "encryptionType": encryption["EncryptionType"],
            **({"kmsKey": encryption["KmsKey"]} if "KmsKey" in encryption else {}),
        }
