import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control


@control(
    id="DP-11",
    title="Repository lifecycle policies are JSON of the right shape",
    types=("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="ECR refuses the policy with InvalidParameterException; with luck at creation, otherwise on a later update.",
    fix=(
        'Give every rule rulePriority, selection (tagStatus, countType, countNumber) and action {"type": '
        '"expire"}; only one rule for "any", with the highest number.'
    ),
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
)
def ecr_lifecycle_json(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "LifecyclePolicy.LifecyclePolicyText" if resource.type == "AWS::ECR::Repository" else "LifecyclePolicy"
    text = resource.get(path)
    if not isinstance(text, str):
        return
    try:
        policy = json.loads(text)
    except ValueError as error:
        yield Problem(f"the lifecycle policy is no JSON: {error}", path)
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
            yield f"rule {number} needs a rulePriority of its own, got {priority!r}"
        if selection.get("tagStatus") not in ("tagged", "untagged", "any"):
            yield f"rule {number} needs tagStatus tagged, untagged or any, got {selection.get('tagStatus')!r}"
        if selection.get("tagStatus") == "tagged" and not (
            selection.get("tagPrefixList") or selection.get("tagPatternList")
        ):
            yield f"rule {number} selects tagged images without tagPrefixList or tagPatternList"
        if selection.get("countType") not in (
            "imageCountMoreThan",
            "sinceImagePushed",
            "sinceImagePulled",
            "sinceImageTransitioned",
        ):
            yield f"rule {number} has the unknown countType {selection.get('countType')!r}"
        if not isinstance(selection.get("countNumber"), int) or selection["countNumber"] < 1:
            yield f"rule {number} needs a countNumber of at least 1, got {selection.get('countNumber')!r}"
        action = rule.get("action")
        if not isinstance(action, dict) or action.get("type") not in ("expire", "transition"):
            yield f"rule {number} needs the action expire or transition"
