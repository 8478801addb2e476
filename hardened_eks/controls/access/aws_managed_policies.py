from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.addons import ADDONS
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.iam import managed_policies

# Policies that EKS, its nodes, its add-ons, SSM and AWS Backup require by name.
_ADDONS = frozenset(name.rsplit("/", 1)[-1] for known in ADDONS.values() for name in known.policies)
_SERVICE = ("AmazonEKS", "AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly", "AmazonEBSCSI",
            "AmazonSSMManagedInstanceCore", "AWSBackupServiceRolePolicyFor", "AWSXRayDaemonWriteAccess",
            "CloudWatchAgentServerPolicy")  # fmt: skip


@control(
    id="IA-05",
    title="AWS managed policies are attached only where a service needs them",
    requirement="iam.policy.aws_managed",
    types=("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"),
    needs="resource",
    severity=Severity.LOW,
    why="AWS changes these policies without notice, and most grant more than one workload needs.",
    fix="Write a customer managed policy with only the actions that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    enforced_by="Cluster",
)
def aws_managed_policies(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, arn in managed_policies(resource):
        text = str(arn)
        name = text.rsplit("/", 1)[-1]
        needed = name in _ADDONS or name.startswith(_SERVICE) or "/service-role/" in text
        if ":aws:policy/" in text and not needed:
            yield Problem(f"{name} is attached", path)
        elif isinstance(arn, Unknown) and _parameter(arn):
            yield Problem(f"which policy is attached is not known before deployment: {text}", path)


def _parameter(arn: Unknown) -> bool:
    name = arn.expression.get("Ref") if isinstance(arn.expression, dict) else None
    return isinstance(name, str) and name in arn.template.section("Parameters")
