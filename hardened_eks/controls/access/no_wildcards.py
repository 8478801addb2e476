import fnmatch
from collections.abc import Iterator

from hardened_eks.controls.access._documents import IDENTITY, own_statements
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

# Actions that know no resource (service authorization reference), and channels of the SSM agent.
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
    severity=Severity.MEDIUM,
    why="A statement for every resource is a statement for the ones nobody thought of.",
    fix="Name the ARNs; where the stack does not know them, limit by a condition (tag, region, calling service).",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    blind="A statement with any condition passes: whether the condition is narrow is for a reviewer.",
)
def no_wildcards(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in own_statements(resource):
        if not statement.allows or statement.unknown or statement.conditions:
            continue
        if statement.not_actions:
            yield Problem("NotAction allows everything but a list", f"{path}.NotAction")
        if "*" in statement.resources or statement.not_resources:
            narrow = [
                a for a in statement.actions if not any(fnmatch.fnmatchcase(a.lower(), p) for p in _WITHOUT_RESOURCE)
            ]
            if narrow:
                yield Problem(f"every resource for {', '.join(narrow[:5])}", f"{path}.Resource")
