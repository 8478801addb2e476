"""Fn::Join within Conditions, which ministack takes for a text that equals nothing (the bootstrap template uses it)."""

from __future__ import annotations

import sys
from typing import Any


def install() -> None:
    """Fold every Fn::Join of a template's Conditions before ministack evaluates them."""
    from ministack.services.cloudformation import engine

    evaluate = engine._evaluate_conditions

    def with_joins(template: dict[str, Any], params: dict[str, Any]) -> dict[str, bool]:
        folded = {**template, "Conditions": _fold(template.get("Conditions") or {}, params)}
        result: dict[str, bool] = evaluate(folded, params)
        return result

    for name, module in list(sys.modules.items()):
        if name.startswith("ministack.services.cloudformation") and hasattr(module, "_evaluate_conditions"):
            module._evaluate_conditions = with_joins  # type: ignore[attr-defined]


def _fold(value: Any, params: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_fold(item, params) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Fn::Join"]:
        delimiter, items = value["Fn::Join"]
        if isinstance(items, dict) and items.get("Ref") in params:
            items = [item.strip() for item in str(params[items["Ref"]]["Value"]).split(",")]
        return delimiter.join(
            str(params[item["Ref"]]["Value"]) if isinstance(item, dict) and item.get("Ref") in params else str(item)
            for item in items
        )
    return {key: _fold(item, params) for key, item in value.items()}
