"""Conformance packs of AWS Config, made from the requirements that name a managed rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.controls.frameworks import requirements
from hardened_eks.data import config_rules, regions
from hardened_eks.errors import Problems
from hardened_eks.reports._config_values import LEFT_OUT, NEVER, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.data.config_rules import ManagedRule

FRAMEWORK: Final = "config"
"""Id of the framework whose references are identifiers of managed rules."""
TIERS: Final = ("core", "module", "account")
"""The tiers with managed rules, each a pack of its own."""
MOST_RULES: Final = 130
"""The most rules of a pack (https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html)."""
MOST_BYTES: Final = 51_200
"""The most bytes of a template that is passed as text, as CloudFormation passes it."""
_MOST_DESCRIPTION: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One conformance pack."""

    name: str
    """``hardened-eks-core``."""
    identifiers: tuple[str, ...]
    """The managed rules in it."""
    text: str
    """The template, as YAML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packs:
    """The packs of a region."""

    packs: tuple[Pack, ...]
    left_out: Mapping[str, str]
    """Identifier -> why no pack has it."""
    unknown: bool
    """Whether the list of managed rules says nothing of the region, so that nothing was left out for it."""


def packs(
    controls: Sequence[Control],
    *,
    region: str,
    tiers: Sequence[str] = TIERS,
    parameters: Mapping[str, Mapping[str, str]] | None = None,
) -> Packs:
    """Make the packs of a region.

    Args:
        controls: named in the descriptions of the rules whose requirement they answer.
        region: id of a region.
        tiers: the packs to make.
        parameters: values by rule and parameter, before those of this library.

    Raises:
        ConfigurationError: no region, an unknown rule or parameter; a pack larger than AWS takes; all at once.
    """
    given = parameters or {}
    problems = Problems("conformance packs")
    problems.extend(_region_problems(region))
    problems.extend(_parameter_problems(given))
    problems.raise_any()
    left_out: dict[str, str] = {}
    made: list[Pack] = []
    for tier in tiers:
        entries: dict[str, dict[str, Any]] = {}
        for identifier, keys in _mapped(tier).items():
            rule = config_rules.rule(identifier)
            assert rule is not None  # a test holds every id against the list
            filled = _filled(rule, regions.PARTITIONS.get(region, "aws"), given.get(identifier, {}))
            why = _why_not(rule, region, filled, given)
            if why:
                left_out[identifier] = why
            else:
                entries[identifier] = _entry(rule, filled, keys, controls)
        made += _split(f"hardened-eks-{tier}", entries)
    for pack in made:
        size = len(pack.text.encode())
        problems.require(size <= MOST_BYTES, f"{pack.name} has {size} bytes, a pack at most {MOST_BYTES}")
    problems.raise_any()
    return Packs(packs=tuple(made), left_out=left_out, unknown=not config_rules.listed(region))


def _region_problems(region: object) -> Iterator[str]:
    if not isinstance(region, str) or not regions.plausible(region):
        yield f"region needs the id of a region, such as eu-central-1, got {region!r}"


def _parameter_problems(given: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for identifier, named in given.items():
        rule = config_rules.rule(identifier)
        if rule is None or identifier in NEVER:
            yield f"{identifier} is no managed rule of the packs"
            continue
        for name in named:
            if name not in rule.parameters:
                yield f"{identifier} has no parameter {name!r}, it has {', '.join(rule.parameters) or 'none'}"


def _mapped(tier: str) -> Mapping[str, list[str]]:
    """Return the identifiers that the requirements of a tier name, and by which requirements."""
    found: dict[str, list[str]] = defaultdict(list)
    for requirement in requirements().values():
        if requirement.tier == tier:
            for identifier in requirement.references.get(FRAMEWORK, ()):
                found[identifier].append(requirement.key)
    return dict(sorted(found.items()))


def _filled(rule: ManagedRule, partition: str, given: Mapping[str, str]) -> dict[str, str]:
    return {**rule.defaults, **values(partition).get(rule.identifier, {}), **given}


def _why_not(rule: ManagedRule, region: str, filled: Mapping[str, str], given: Mapping[str, Mapping[str, str]]) -> str:
    if rule.available(region) is False:
        return f"AWS Config has no such rule in {region}"
    if rule.identifier in LEFT_OUT and (rule.identifier in NEVER or rule.identifier not in given):
        return LEFT_OUT[rule.identifier]
    missing = [name for name in rule.required if name not in filled]
    return f"give {', '.join(missing)}" if missing else ""


def _entry(
    rule: ManagedRule, filled: Mapping[str, str], keys: Sequence[str], controls: Sequence[Control]
) -> dict[str, Any]:
    ids = [control.id for control in controls if set(control.requirements) & set(keys)]
    text = ", ".join([*keys, *ids])
    properties: dict[str, Any] = {
        "ConfigRuleName": rule.identifier.lower().replace("_", "-"),
        "Description": text if len(text) <= _MOST_DESCRIPTION else f"{text[: _MOST_DESCRIPTION - 4]} ...",
    }
    if filled:
        properties["InputParameters"] = dict(sorted(filled.items()))
    properties["Source"] = {"Owner": "AWS", "SourceIdentifier": rule.identifier}
    return {"Type": "AWS::Config::ConfigRule", "Properties": properties}


def _split(name: str, entries: Mapping[str, dict[str, Any]]) -> Iterator[Pack]:
    """Yield one pack, or as many as the limit of rules asks for."""
    import yaml

    ids = list(entries)
    parts = [ids[at : at + MOST_RULES] for at in range(0, len(ids), MOST_RULES)]
    for number, part in enumerate(parts, start=1):
        resources = {identifier.title().replace("_", ""): entries[identifier] for identifier in part}
        text = yaml.safe_dump({"Resources": resources}, sort_keys=False, width=4096)
        yield Pack(name=name if len(parts) == 1 else f"{name}-{number}", identifiers=tuple(part), text=text)
