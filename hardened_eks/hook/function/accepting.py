"""The waivers of an account: a waiver file in a parameter of Systems Manager."""

from __future__ import annotations

import time
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final, Protocol

from hardened_eks._records import dataclass
from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.waivers import waivers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardened_eks.evidence import Waiver

_FRESH: Final = 60.0
"""Seconds for which a parameter is not read again."""


class Ssm(Protocol):
    """The part of boto3's client of Systems Manager that is used here."""

    def get_parameter(self, **arguments: Any) -> Mapping[str, Any]:
        """Return a parameter."""


@dataclass(slots=True)
class Accepted:
    """The reader of the parameter, which caches it for a minute."""

    name: str
    """Name of the parameter. Empty: there is none."""
    client: Callable[[], Ssm]
    clock: Callable[[], float] = time.monotonic
    _waivers: tuple[Waiver, ...] = field(default=(), init=False)
    _problem: str = field(default="", init=False)
    _until: float = field(default=float("-inf"), init=False)

    def read(self) -> tuple[tuple[Waiver, ...], str]:
        """Return the waivers, and the reason why they cannot be read; empty if they can.

        A parameter that does not exist contains none. Without waivers, every finding counts, so none passes by mistake.
        """
        if self.name and self.clock() >= self._until:
            self._waivers, self._problem = self._read()
            self._until = self.clock() + _FRESH
        return self._waivers, self._problem

    def _read(self) -> tuple[tuple[Waiver, ...], str]:
        try:
            text = self.client().get_parameter(Name=self.name, WithDecryption=True)["Parameter"]["Value"]
            return waivers_of(str(text), self.name), ""
        except UnusableInputError as error:
            return (), "; ".join(map(str, error.problems))
        except Exception as error:  # noqa: BLE001 - errors of botocore, which this module does not import
            response = getattr(error, "response", None)
            code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
            if code == "ParameterNotFound":
                return (), ""
            return (), f"{self.name} cannot be read: {code or error}"
