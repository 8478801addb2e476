from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-11",
    title="Only access entries give access to the cluster",
    requirement="eks.auth.access_entries",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Anyone who can edit the aws-auth ConfigMap can make anybody an administrator, and neither IAM nor CloudTrail "
        "shows it. A typing error in it locks everybody out."
    ),
    fix="Set AccessConfig.AuthenticationMode to API and grant access with AWS::EKS::AccessEntry.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    blind=(
        "API_AND_CONFIG_MAP fails, because the ConfigMap is still in effect; CIS EKS 4.1.7 and Kubescape accept it as "
        "an intermediate step. The change to API cannot be undone."
    ),
    enforced_by="Cluster",
)
def access_entries(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "AccessConfig.AuthenticationMode"
    mode = cluster.get(path, "CONFIG_MAP")  # the default of the API and of CloudFormation
    if mode != "API":
        yield Problem(f"the aws-auth ConfigMap gives access (AuthenticationMode is {mode})", path)
