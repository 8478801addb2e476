from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.condition_keys import exists, offered
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import IDENTITY, own_statements, trust
from hardened_eks.evidence.views.resource_policies import RESOURCE_POLICIES

_NAMED = 3
_LATER = "${"


@control(
    id="DP-70",
    title="Conditions use keys that the actions of the statement support",
    types=(*IDENTITY, *RESOURCE_POLICIES),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "IAM accepts the policy but never matches the condition: permissions that are allowed under it are denied in "
        "the middle of a deployment, and what should be denied under it is not denied."
    ),
    fix="Use a key that the Service Authorization Reference lists for the action, or split the statement.",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    blind=(
        "An action in a statement whose other actions support the key. Services that policies of a cluster account "
        "rarely use. Global keys, except those for tags. Operators that match if the key is absent (IfExists, Null, "
        "ForAllValues)."
    ),
    enforced_by="CreatorRole",
)
def condition_keys_offered(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in _statements(resource):
        for operator, keys in statement.condition_keys.items():
            for key in keys:
                message = "" if _LATER in key else _lack(statement, operator, key)
                if message:
                    place, written = _written(resource, f"{path}.Condition", operator, key)
                    yield Problem(message.format(key=written), place)


def _statements(resource: Resource) -> Iterator[tuple[str, Statement]]:
    if resource.type in RESOURCE_POLICIES:
        path = RESOURCE_POLICIES[resource.type]
        yield from ((statement.at(path), statement) for statement in policies.of(resource, path))
        return
    yield from own_statements(resource)
    if resource.type == "AWS::IAM::Role":
        yield from trust(resource)


def _lack(statement: Statement, operator: str, key: str) -> str:
    """Return the problem of a condition key, with a placeholder for the key as written; empty if there is none."""
    if exists(key) is False:
        return f"no action of {key.partition(':')[0]} has the condition key {{key}}"
    if operator.endswith("ifexists") or operator.startswith("forallvalues:") or operator == "null":
        return ""  # written for actions that do not support it
    have = {action: offered(action, key) for action in statement.actions}
    if not have or any(have.values()) or False not in have.values() or "*" in have:
        return ""
    lacking = [action for action, has in have.items() if has is False]
    more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
    verb = "has" if len(lacking) == 1 else "have"
    return f"{', '.join(lacking[:_NAMED])}{more} {verb} no condition key {{key}}"


def _written(resource: Resource, path: str, operator: str, key: str) -> tuple[str, str]:
    """Return the path and key of a condition operator as written, or in lower case if that is not known."""
    conditions: Any = resource.get(path)
    for name, keys in conditions.items() if isinstance(conditions, dict) else ():
        if str(name).lower() == operator and isinstance(keys, dict):
            return f"{path}.{name}", next((one for one in keys if str(one).lower() == key), key)
    return path.removesuffix(".Condition"), key
