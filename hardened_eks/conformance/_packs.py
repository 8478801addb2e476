"""AWS Config conformance packs with the managed rules of requirements, and Guard rules where there is none."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.conformance._entries import custom_entry, managed_entry, remedies
from hardened_eks.conformance._guard import CUSTOM
from hardened_eks.conformance._text import as_yaml
from hardened_eks.conformance._values import LEFT_OUT, NEVER, values
from hardened_eks.data import config_rules, regions
from hardened_eks.data.config_packs import asked, frameworks
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.conformance._entries import Remedy
    from hardened_eks.data.config_rules import ManagedRule

TIERS: Final = ("core", "module", "account")
"""The tiers with rules, each with its own pack."""
MOST_RULES: Final = 130
"""The maximum number of rules in a pack
(https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html)."""
MOST_BYTES: Final = 51_200
"""The maximum size in bytes of a template that is passed inline, as CloudFormation does."""
PREFIX: Final = "hardened-eks"
NEW_REGION: Final = "new_region=True"
"""How a caller declares a new Region; the command line replaces it with its own option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One conformance pack."""

    name: str
    """``hardened-eks-core``."""
    tier: str
    identifiers: tuple[str, ...]
    """The managed rules in the pack."""
    custom: tuple[str, ...]
    """The names of the Guard rules in the pack."""
    parameters: tuple[str, ...]
    """The parameters of the template, which has none without remediations."""
    text: str
    """The template as YAML."""

    @property
    def rules(self) -> int:
        """The number of rules in the pack."""
        return len(self.identifiers) + len(self.custom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packs:
    """The packs of a Region."""

    packs: tuple[Pack, ...]
    left_out: Mapping[str, str]
    """Identifier -> the reason why no pack contains it."""
    unknown: bool
    """Whether the list of managed rules lacks the Region, so no rule was omitted for it."""


def packs(
    *,
    region: str,
    tiers: Sequence[str] = TIERS,
    framework: str | None = None,
    parameters: Mapping[str, Mapping[str, str]] | None = None,
    fixes: Sequence[Remedy] = (),
    prefix: str = PREFIX,
    new_region: bool = False,
) -> Packs:
    """Create the packs of a Region.

    Args:
        region: the ID of a Region that this package knows.
        tiers: the packs to create.
        framework: only include rules for requirements of this framework. Default: all.
        parameters: values by rule and parameter, which override those of this library.
        fixes: the remediations that a person can start. Default: none.
        prefix: the prefix of the pack names.
        new_region: whether to accept a Region that this package does not know, for which no rule is omitted. Default:
            reject it.

    Raises:
        ConfigurationError: an unknown Region, tier, framework, rule or parameter, or a pack larger than AWS accepts;
            all mistakes at once.
    """
    given = parameters or {}
    problems = Problems("conformance packs")
    problems.extend(_choice_problems(region, tiers, framework, new=new_region))
    problems.extend(_parameter_problems(given))
    problems.raise_any()
    left_out: dict[str, str] = {}
    made: list[Pack] = []
    for tier in tiers:
        entries: dict[str, dict[str, Any]] = {}
        for identifier, keys in _mapped(tier, framework).items():
            rule = config_rules.rule(identifier)
            assert rule is not None  # a test compares every ID with the list
            filled = _filled(rule, regions.PARTITIONS.get(region, "aws"), given.get(identifier, {}))
            why = _why_not(rule, region, filled, given)
            if why:
                left_out[identifier] = why
            else:
                entries[identifier] = managed_entry(rule, filled, keys)
        entries |= {rule.name: custom_entry(rule) for rule in CUSTOM if _belongs(rule.requirement, tier, framework)}
        made += _split(f"{prefix}-{tier}", tier, entries, fixes)
    for pack in made:
        size = len(pack.text.encode())
        problems.require(
            size <= MOST_BYTES, f"{pack.name} has {size} bytes; a conformance pack can have at most {MOST_BYTES}"
        )
    problems.raise_any()
    return Packs(packs=tuple(made), left_out=left_out, unknown=not config_rules.listed(region))


def _choice_problems(region: object, tiers: Any, framework: object, *, new: bool) -> Iterator[str]:
    yield from _region_problems(region, new=new)
    if isinstance(tiers, str) or not isinstance(tiers, list | tuple) or not tiers:
        yield f"tiers needs a list with one or more of {', '.join(TIERS)}, got {tiers!r}"
    else:
        yield from (f"tiers contains {tier!r}; use {', '.join(TIERS)}" for tier in tiers if tier not in TIERS)
        if len(set(map(repr, tiers))) < len(tiers):
            yield f"tiers contains a tier more than once, got {list(tiers)!r}"
    if framework is not None and framework not in frameworks():
        yield f"unknown framework {framework!r}; use one of {', '.join(frameworks())}"


def _region_problems(region: object, *, new: bool) -> Iterator[str]:
    if not isinstance(region, str) or not regions.plausible(region):
        near = regions.nearest(region) if isinstance(region, str) else ()
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        yield f"region needs the ID of a Region, such as eu-central-1, got {region!r}{hint}"
    elif region not in regions.PARTITIONS and not new:
        yield (
            f"region {region!r} is not a Region that this package knows; did you mean "
            f"{', '.join(regions.nearest(region))}? If it is new, run `hardened-eks data refresh --only regions` "
            f"(add `--region` if its partition is not aws), or pass {NEW_REGION}"
        )


def _parameter_problems(given: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for identifier, named in given.items():
        rule = config_rules.rule(identifier)
        if rule is None or identifier in NEVER:
            listed = {one for requirement in asked().values() for one in requirement.rules} - NEVER
            near = [] if identifier in NEVER else get_close_matches(str(identifier), listed)
            hint = f"did you mean {', '.join(near)}?" if near else "use an identifier such as EKS_SECRETS_ENCRYPTED"
            yield f"parameters names {identifier!r}, which is not a managed rule in the conformance packs; {hint}"
            continue
        for name, value in named.items():
            if name not in rule.parameters:
                yield f"{identifier} has no parameter {name!r}; its parameters: {', '.join(rule.parameters) or 'none'}"
            elif not isinstance(value, str) or not value:
                yield f"{identifier} needs a string for {name}, got {value!r}"


def _belongs(key: str, tier: str, framework: str | None) -> bool:
    one = asked()[key]
    return one.tier == tier and (framework is None or framework in one.frameworks)


def _mapped(tier: str, framework: str | None) -> Mapping[str, list[str]]:
    """Return the identifiers in the requirements of a tier, with their requirements."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, one in asked().items():
        if _belongs(key, tier, framework):
            for identifier in one.rules:
                found[identifier].append(key)
    return dict(sorted(found.items()))


def _filled(rule: ManagedRule, partition: str, given: Mapping[str, str]) -> dict[str, str]:
    return {**rule.defaults, **values(partition).get(rule.identifier, {}), **given}


def _why_not(rule: ManagedRule, region: str, filled: Mapping[str, str], given: Mapping[str, Mapping[str, str]]) -> str:
    if rule.available(region) is False:
        return f"AWS Config does not support the rule in {region}"
    if rule.identifier in LEFT_OUT and (rule.identifier in NEVER or rule.identifier not in given):
        return LEFT_OUT[rule.identifier]
    missing = [name for name in rule.required if name not in filled]
    return f"set {', '.join(missing)}" if missing else ""


def _split(name: str, tier: str, entries: Mapping[str, dict[str, Any]], fixes: Sequence[Remedy]) -> Iterator[Pack]:
    """Yield one pack, or several if the limit of rules requires it."""
    ids = list(entries)
    parts = [ids[at : at + MOST_RULES] for at in range(0, len(ids), MOST_RULES)]
    custom = {rule.name for rule in CUSTOM}
    for number, part in enumerate(parts, start=1):
        template: dict[str, Any] = {"Resources": {_logical(id_): entries[id_] for id_ in part}}
        here = [fix for fix in fixes if fix.identifier in part]
        if here:
            parameters, more = remedies(here, {fix.identifier: _logical(fix.identifier) for fix in here}, entries)
            template = {"Parameters": parameters, "Resources": template["Resources"] | more}
        yield Pack(
            name=name if len(parts) == 1 else f"{name}-{number}",
            tier=tier,
            identifiers=tuple(id_ for id_ in part if id_ not in custom),
            custom=tuple(id_ for id_ in part if id_ in custom),
            parameters=tuple(template.get("Parameters", ())),
            text=as_yaml(template),
        )


def _logical(id_: str) -> str:
    return id_.replace("-", "_").title().replace("_", "")
