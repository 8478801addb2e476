"""A file with account data, which an audit writes and a check evaluates in the same way without AWS."""

from __future__ import annotations

import json
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence import Assembly, Template
from hardened_eks.sources.loaded import Loaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KIND: Final = "hardened-eks-account"
"""The first key of a file with account data."""
SCHEMA: Final = 1
_START: Final = f'{{"{KIND}"'
_TEXTS: Final = ("account", "region")


@dataclass(frozen=True, slots=True)
class Environment:
    """One Region of one account."""

    account: str
    region: str
    clusters: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()
    """Types of which all resources are included."""
    not_seen: tuple[str, ...] = ()
    """A sentence for each call that was denied or failed."""
    hidden: tuple[str, ...] = ()
    """Types of which resources may be missing for that reason."""
    templates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Stack -> its resources as a template; resources in no stack are under ``account:region``."""
    physical_ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Stack -> logical ID -> the value that ``Ref`` returns."""

    @property
    def name(self) -> str:
        """``account:region``, which is also the name of the template for resources in no stack."""
        return f"{self.account}:{self.region}"

    @property
    def uri(self) -> str:
        """The environment in the format of the CDK."""
        return f"aws://{self.account}/{self.region}"

    def load(self, paths: Mapping[str, Mapping[str, str]] = {}) -> Loaded:
        """Return the evidence.

        Args:
            paths: stack -> logical ID -> construct path, for stacks without construct paths. Default: none.
        """
        templates = [
            Template(
                name, body, path=self.uri, account=self.account, region=self.region,
                physical_ids=self.physical_ids.get(name, {}), construct_paths=paths.get(name, {}),
            )
            for name, body in self.templates.items()
        ]  # fmt: skip
        assembly = Assembly(templates, complete=self.complete, regions=(self.region,), hidden=self.hidden)
        unread = tuple(InputProblem(self.name, f"not seen: {one}") for one in self.not_seen)
        return Loaded(assembly, notes=self.not_seen, unread=unread)


def text(environments: Iterable[Environment], *, day: str, version: str) -> str:
    """Return the content of the file, which is the same for the same account and date."""
    entries = [
        {
            "account": one.account, "region": one.region, "clusters": list(one.clusters),
            "complete": sorted(one.complete), "notSeen": list(one.not_seen),
            "hidden": sorted(one.hidden),
            "physicalIds": {name: dict(ids) for name, ids in one.physical_ids.items()},
            "templates": {name: dict(body) for name, body in one.templates.items()},
        }
        for one in environments
    ]  # fmt: skip
    head = {KIND: SCHEMA, "version": version, "day": day, "environments": entries}
    return json.dumps(head, indent=1, ensure_ascii=False).replace(f'{{\n "{KIND}"', _START, 1) + "\n"


def is_saved(path: str) -> bool:
    """Return whether a file contains account data, by its first bytes, because a pipe can be read only once."""
    try:
        if not Path(path).is_file():
            return False
        with Path(path).open("rb") as file:
            return file.read(len(_START)) == _START.encode()
    except (OSError, ValueError):
        return False


def read(path: str) -> list[Environment]:
    """Read a file with account data.

    Raises:
        UnusableInputError: the file cannot be read, is damaged, or has a later version.
    """
    try:
        body = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableInputError([InputProblem.unreadable(path, error)]) from error
    except ValueError as error:
        raise UnusableInputError([InputProblem(path, f"not valid JSON: {error}")]) from error
    if not isinstance(body, dict) or body.get(KIND) != SCHEMA:
        told = body.get(KIND) if isinstance(body, dict) else None
        message = f"not a file that `hardened-eks audit --save` of this version wrote: {KIND} is {told!r}, not {SCHEMA}"
        raise UnusableInputError([InputProblem(path, message)])
    entries = body.get("environments")
    if not isinstance(entries, list):
        raise UnusableInputError([InputProblem(path, "damaged: environments is not a list")])
    return [_environment(entry, path, index) for index, entry in enumerate(entries)]


def _environment(entry: Any, path: str, index: int) -> Environment:
    where = f"environments.{index}"
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _TEXTS):
        raise UnusableInputError([InputProblem(path, f"damaged: {where} has no account and region")])
    templates, ids = entry.get("templates", {}), entry.get("physicalIds", {})
    if not all(isinstance(part, dict) and all(isinstance(v, dict) for v in part.values()) for part in (templates, ids)):
        raise UnusableInputError([InputProblem(path, f"damaged: {where}.templates or physicalIds is not a mapping")])
    lists = {key: entry.get(key, []) for key in ("clusters", "complete", "notSeen", "hidden")}
    if not all(isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists.values()):
        raise UnusableInputError(
            [InputProblem(path, f"damaged: a list in {where} contains values that are not strings")]
        )
    return Environment(
        entry["account"], entry["region"], tuple(lists["clusters"]), tuple(lists["complete"]), tuple(lists["notSeen"]),
        tuple(lists["hidden"]), templates, ids,
    )  # fmt: skip
