import json
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_CREATE_ONLY = (
    "Name",
    "RoleArn",
    "EncryptionConfig",
    "KubernetesNetworkConfig.IpFamily",
    "KubernetesNetworkConfig.ServiceIpv4Cidr",
    "AccessConfig.BootstrapClusterCreatorAdminPermissions",
    "BootstrapSelfManagedAddons",
    "OutpostConfig",
)


@control(
    id="DP-24",
    title="No change replaces the cluster",
    types=("AWS::EKS::Cluster",),
    needs="stack",
    evidence="template",
    severity=Severity.CRITICAL,
    family=Family.DEPLOYABLE,
    why=(
        "A change of a create-only property makes CloudFormation create a second cluster and delete the "
        "first, with every workload in it; a new logical id does the same."
    ),
    fix=(
        "Keep the value that is deployed, or build the new cluster beside the old one under a new logical id, "
        "move the workloads, and delete the old one on purpose."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-eks-cluster.html",
    blind="Nothing is judged without the earlier template (`--against`).",
    enforced_by="Cluster",
)
def create_only_unchanged(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    earlier = assembly.previous
    if earlier is None:
        return
    old = next(
        (
            r
            for r in earlier.of("AWS::EKS::Cluster")
            if r.logical_id == resource.logical_id
            and (r.template.name == resource.template.name or len(earlier.templates) == 1)
        ),
        None,
    )
    if old is None:
        kept = {r.logical_id for r in assembly.of("AWS::EKS::Cluster")}
        for gone in earlier.of("AWS::EKS::Cluster"):
            if gone.template.name == resource.template.name and gone.logical_id not in kept:
                yield Problem(
                    f"the logical id was {gone.logical_id} and is {resource.logical_id}: the cluster is replaced"
                )
        return
    for path in _CREATE_ONLY:
        before, after = _shown(old.get(path)), _shown(resource.get(path))
        if before != after:
            yield Problem(f"{path} was {before} and is {after}: the cluster is replaced", path)


def _shown(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)
