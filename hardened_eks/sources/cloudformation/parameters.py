"""Template parameters that the user sets for a check."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks.errors import InputProblem
from hardened_eks.evidence.expressions import is_list, is_stored

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Parameters:
    """Values by parameter name or ``Stack:Name``, and the parameters that templates declare."""

    values: Mapping[str, str]
    _declared: set[str] = field(default_factory=set)

    def of(self, stack: str, body: Any) -> dict[str, Any]:
        """Return the values of the parameters that the template `body` of `stack` declares."""
        declared = body.get("Parameters") if isinstance(body, dict) else None
        if not isinstance(declared, dict):
            return {}
        known: dict[str, Any] = {}
        for key, parameter in declared.items():
            name = str(key)
            self._declared |= {name, f"{stack}:{name}"}
            value = self.values.get(f"{stack}:{name}", self.values.get(name))
            if value is not None and not is_stored(parameter):
                several = isinstance(parameter, dict) and is_list(parameter)
                known[name] = [part.strip() for part in value.split(",")] if several else value
        return known

    def unused(self) -> list[InputProblem]:
        """Return a problem for each value without a parameter in any template."""
        shown = ", ".join(sorted(name for name in self._declared if ":" not in name)[:8]) or "none"
        return [
            InputProblem("--parameters", f"no template has the parameter {key!r}; their parameters: {shown}")
            for key in self.values
            if key not in self._declared
        ]
