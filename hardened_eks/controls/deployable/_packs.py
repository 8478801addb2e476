"""AWS Config rules in templates, in a conformance pack or separately."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.data import config_rules
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RULE: Final = "AWS::Config::ConfigRule"
_ALLOWED: Final = (RULE, "AWS::Config::RemediationConfiguration")
_MOST_RULES: Final = 130
"""https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html"""


def parsed(body: str) -> Any:
    """Return the template of a pack, including short forms of functions, or None if it is not YAML."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml takes an eighth of the time

    class Loader(base):  # type: ignore[misc]
        """A YAML loader that accepts any tag as a function."""

    def function(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> Any:
        return {f"Fn::{name}": getattr(node, "value", None) if isinstance(node, yaml.ScalarNode) else True}

    Loader.add_multi_constructor("!", function)
    try:
        return yaml.load(body, Loader)  # noqa: S506 (a safe one)
    except (yaml.YAMLError, ValueError, RecursionError):  # a number with thousands of digits, or deeply nested lists
        return None


def pack_problems(template: Any, region: str) -> Iterator[tuple[str, bool]]:
    """Yield the reasons why AWS Config rejects a pack, and whether each is certain."""
    resources = template.get("Resources") if isinstance(template, dict) else None
    if not isinstance(resources, dict) or not all(isinstance(one, dict) for one in resources.values()):
        yield "the template has no resources that can be read", True
        return
    written = {id_: one.get("Properties") for id_, one in resources.items() if one.get("Type") == RULE}
    rules = {id_: one if isinstance(one, dict) else {} for id_, one in written.items()}
    if len(rules) > _MOST_RULES:
        yield f"the pack has {len(rules)} rules; AWS Config accepts at most {_MOST_RULES}", True
    for id_, one in resources.items():
        if one.get("Type") not in _ALLOWED:
            yield f"{id_} is {one.get('Type')}, but a pack can contain only rules and remediations", True
    names = [str(rule.get("ConfigRuleName")) for rule in rules.values() if rule.get("ConfigRuleName") is not None]
    yield from ((f"several rules have the name {name}", True) for name in repeated(names))
    for id_, rule in rules.items():
        yield from ((f"{id_}: {problem}", certain) for problem, certain in rule_problems(rule, region))


def rule_problems(rule: Mapping[str, Any], region: str) -> Iterator[tuple[str, bool]]:
    """Yield the reasons why AWS Config rejects a managed rule, and whether each is certain."""
    source = rule.get("Source")
    identifier = source.get("SourceIdentifier") if isinstance(source, dict) and source.get("Owner") == "AWS" else None
    if not isinstance(identifier, str) or "${" in identifier:
        return
    if identifier not in config_rules.identifiers():
        yield f"{identifier} is not a known managed rule", False
        return
    known = config_rules.rule(identifier)
    if known is None:
        return
    if region and known.available(region) is False:
        yield f"{identifier} is not available in {region}", True
    given = _given(rule.get("InputParameters"))
    missing = [name for name in known.required if given is not None and name not in given]
    if missing:
        yield f"{identifier} needs {', '.join(missing)}", True


def _given(parameters: Any) -> Mapping[str, Any] | None:
    """Return the parameters, or None if they are not known."""
    if parameters is None:
        return {}
    if isinstance(parameters, str):
        try:
            parameters = json.loads(parameters)
        except (ValueError, RecursionError):
            return None
    return (
        parameters
        if isinstance(parameters, dict) and not any(str(key).startswith("Fn::") for key in parameters)
        else None
    )
