from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.actions import without_resources
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.policies import matches
from hardened_eks.evidence.views.iam import (
    IDENTITY,
    NOT_KNOWN,
    every_resource,
    in_one_region,
    own_statements,
)

# Patterns whose actions nearly all know no resource (data/actions.json has single ones), and the SSM agent's channels.
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


@control(
    id="IA-03",
    title="Policies name resources wherever AWS can tell them apart",
    requirement="iam.policy.no_wildcards",
    types=IDENTITY,
    needs="resource",
    severity=Severity.MEDIUM,
    why="A statement for every resource is a statement for the ones nobody thought of.",
    fix="Name the ARNs; where the stack does not know them, limit by a condition (tag, region, calling service).",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    blind=(
        "A statement with a condition passes, unless any call meets it: whether it is narrow is for a reviewer. "
        "Wildcards within the name of a resource pass, too, and ARNs that end after region and account."
    ),
    enforced_by="CreatorRole",
)
def no_wildcards(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in own_statements(resource):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem(NOT_KNOWN, path)
        if statement.not_actions:
            yield Problem("NotAction allows everything but a list", f"{path}.NotAction")
        wide = statement.not_resources or [r for r in statement.resources if every_resource(r) and not in_one_region(r)]
        if wide and not statement.narrowed:
            narrow = [a for a in statement.actions if not any(matches(a, p) for p in _WITHOUT_RESOURCE)]
            narrow = [action for action in narrow if not without_resources(action)]
            if narrow:
                key = "NotResource" if statement.not_resources else "Resource"
                yield Problem(f"every resource for {', '.join(narrow[:5])}", f"{path}.{key}")
