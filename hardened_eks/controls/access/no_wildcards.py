from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.actions import creates_unnamed, without_resources
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.policies import matches
from hardened_eks.evidence.views.iam import (
    IDENTITY,
    NOT_KNOWN,
    every_resource,
    in_one_region,
    limits,
    own_statements,
    wide_statements,
)

# Patterns of actions that mostly support no resource (data/actions.json lists single ones), and SSM agent channels.
_WITHOUT_RESOURCE = (
    "ec2:describe*", "autoscaling:describe*", "elasticloadbalancing:describe*", "logs:describe*", "iam:list*",
    "ecr:getauthorizationtoken", "ecr:*registry*", "ecr:*pullthroughcache*", "ecr:*creationtemplate*",
    "ecr:*signingconfiguration", "ecr:*replicationconfiguration", "cloudwatch:putmetricdata", "cloudwatch:listmetrics",
    "cloudwatch:getmetric*", "xray:put*", "xray:get*", "ssmmessages:*", "ec2messages:*",
    "ssm:updateinstanceinformation",
    "ssm:listassociations", "sts:getcalleridentity", "kms:createkey", "kms:listkeys", "kms:listaliases",
    "eks:listclusters", "eks:describeaddonversions", "tag:getresources", "inspector2:*", "s3:listallmybuckets",
    "route53:list*", "acm:listcertificates", "guardduty:list*", "config:put*", "cloudformation:listexports",
)  # fmt: skip
# Actions that only read names and settings, or create a group that nothing uses yet; and those that read secrets.
_HARMLESS = (
    "*:describe*", "*:list*", "acm:get*", "cloudwatch:get*", "ec2:get*", "eks:get*", "elasticloadbalancing:get*",
    "iam:get*", "route53:get*", "shield:get*", "waf-regional:get*", "wafv2:get*", "ec2:createsecuritygroup",
)  # fmt: skip
_SHOWS_SECRETS = (
    "cognito-idp:describeuserpoolclient", "ec2:describeinstanceattribute", "ec2:describelaunchtemplateversions",
    "ec2:getconsole*", "ec2:getlaunchtemplatedata", "ec2:getpassworddata", "ecs:describetask*",
)  # fmt: skip
_NAMED = 5
"""How many actions a message names."""


@control(
    id="IA-03",
    title="Policies name resources wherever the action supports it",
    requirement="iam.policy.no_wildcards",
    types=IDENTITY,
    needs="resource",
    severity=Severity.MEDIUM,
    why="A statement for every resource also covers resources that nobody considered, including those created later.",
    fix="Name the ARNs. If the stack does not know them, add a condition (tag, Region or calling service).",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    blind=(
        "A statement with a condition passes, unless every call meets the condition: whether it is narrow enough is "
        "for a reviewer to decide. The following also pass: wildcards within the name of a resource, ARNs that end "
        "after Region and account, and EC2 actions that only create something whose ID EC2 assigns. Statements that "
        "only allow listing and describing have low severity."
    ),
    enforced_by="CreatorRole",
)
def no_wildcards(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    cause = wide_statements(resource)
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem(NOT_KNOWN, path, cause=NOT_KNOWN)
        if statement.not_actions:
            yield Problem("NotAction allows everything but a list", f"{path}.NotAction", cause=cause)
        wide = statement.not_resources or [r for r in statement.resources if every_resource(r) and not in_one_region(r)]
        if wide and not limits(statement):
            narrow = [action for action in statement.actions if not _without_resource(action)]
            if narrow:
                key = "NotResource" if statement.not_resources else "Resource"
                low = Severity.LOW if all(_harmless(action) for action in narrow) else None
                yield Problem(_message(narrow), f"{path}.{key}", cause=cause, severity=low)


def _without_resource(action: str) -> bool:
    return (
        any(matches(action, pattern) for pattern in _WITHOUT_RESOURCE)
        or without_resources(action)
        or creates_unnamed(action)
    )


def _harmless(action: str) -> bool:
    """Return whether an action, or all actions of a pattern, only read names and settings."""
    return any(matches(action, pattern) for pattern in _HARMLESS) and not any(
        matches(secret.replace("*", "x"), action) or matches(action, secret) for secret in _SHOWS_SECRETS
    )


def _message(actions: list[str]) -> str:
    more = len(actions) - _NAMED
    return f"every resource for {', '.join(actions[:_NAMED])}{f' and {more} more' if more > 0 else ''}"
