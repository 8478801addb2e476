import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.expressions import broken_json

_AGES = ("sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")
_RULE = {"rulePriority", "description", "selection", "action"}
_SELECTION = {
    *("tagStatus", "tagPrefixList", "tagPatternList", "storageClass"),
    *("countType", "countUnit", "countNumber"),
}


@control(
    id="DP-11",
    title="Lifecycle policies of repositories are JSON with the structure that ECR requires",
    types=("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="ECR rejects the policy with InvalidParameterException, either at creation or only on a later update.",
    fix=(
        'Give every rule a rulePriority, a selection (tagStatus, countType, countNumber) and the action {"type": '
        '"expire"}. Only one rule can have the tagStatus "any", and it needs the highest rulePriority.'
    ),
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
    enforced_by="Repository",
)
def ecr_lifecycle_json(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "LifecyclePolicy.LifecyclePolicyText" if resource.type == "AWS::ECR::Repository" else "LifecyclePolicy"
    text = resource.get(path)
    if isinstance(text, Unknown) and broken_json(str(text)):
        yield Problem("the lifecycle policy is not JSON, regardless of the values inserted at deployment", path)
    if not isinstance(text, str):
        return
    try:
        policy = json.loads(text)
    except ValueError as error:
        yield Problem(f"the lifecycle policy is not JSON: {error}", path)
        return
    rules = policy.get("rules") if isinstance(policy, dict) else None
    if not isinstance(rules, list) or not rules:
        yield Problem("the lifecycle policy needs a non-empty list of rules", path)
        return
    for problem in _rule_problems(rules):
        yield Problem(problem, path)


def _rule_problems(rules: list[Any]) -> Iterator[str]:
    priorities = [rule.get("rulePriority") if isinstance(rule, dict) else None for rule in rules]
    for number, rule in enumerate(rules, 1):
        selection = rule.get("selection") if isinstance(rule, dict) else None
        if not isinstance(selection, dict):
            yield f"rule {number} has no selection"
            continue
        priority = rule.get("rulePriority")
        if not isinstance(priority, int) or priority < 1 or priorities.count(priority) > 1:
            yield f"rule {number} needs its own rulePriority, got {priority!r}"
        for name in sorted({*rule} - _RULE | {*selection} - _SELECTION):
            yield f"rule {number} has the unknown key {name!r}"
        for problem in (*_tag_problems(selection), *_count_problems(selection)):
            yield f"rule {number} {problem}"
        action = rule.get("action")
        if not isinstance(action, dict) or action.get("type") not in ("expire", "transition"):
            yield f"rule {number} needs the action expire or transition"
    yield from _order_problems(rules)


def _tag_problems(selection: dict[str, Any]) -> Iterator[str]:
    status = selection.get("tagStatus")
    lists = [name for name in ("tagPrefixList", "tagPatternList") if selection.get(name)]
    if status not in ("tagged", "untagged", "any"):
        yield f"needs tagStatus tagged, untagged or any, got {status!r}"
    if status == "tagged" and not lists:
        yield "selects tagged images without tagPrefixList or tagPatternList"
    if status in ("untagged", "any") and lists:
        yield f"cannot have {lists[0]} with tagStatus {status}"


def _count_problems(selection: dict[str, Any]) -> Iterator[str]:
    kind, unit, count = (selection.get(name) for name in ("countType", "countUnit", "countNumber"))
    if kind not in ("imageCountMoreThan", *_AGES):
        yield f"has the unknown countType {kind!r}"
    if kind in _AGES and unit != "days":
        yield f"needs the countUnit days, got {unit!r}"
    if kind == "imageCountMoreThan" and unit is not None:
        yield "cannot have countUnit with countType imageCountMoreThan"
    if not isinstance(count, int) or count < 1:
        yield f"needs a countNumber of at least 1, got {count!r}"


def _order_problems(rules: list[Any]) -> Iterator[str]:
    """Yield the problems of a rule for any image, which must be the last and only one for its storage class."""
    last: dict[str, int] = {}
    parts = [(rule.get("rulePriority"), rule.get("selection")) for rule in rules if isinstance(rule, dict)]
    known = [(p, s) for p, s in parts if isinstance(p, int) and isinstance(s, dict)]
    for priority, selection in sorted(known, key=lambda entry: entry[0]):
        storage = str(selection.get("storageClass"))
        if storage in last:
            yield f"the rule with priority {last[storage]} has tagStatus any, so it must be the last and only such rule"
        if selection.get("tagStatus") == "any":
            last[storage] = priority
