from collections.abc import Iterator

from hardened_eks.controls.deployable._changes import before, changed, shown
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.environment import differ

CREATE_ONLY = (
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
        "If a create-only property or the logical ID changes, CloudFormation creates a second cluster and deletes the "
        "first one with every workload on it."
    ),
    fix=(
        "Keep the deployed value. Or create the new cluster next to the old one under a new logical ID, move the "
        "workloads, and delete the old one deliberately."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-eks-cluster.html",
    blind="Nothing is evaluated without the earlier template (`--against`).",
    enforced_by="Cluster",
)
def create_only_unchanged(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    earlier = assembly.previous
    if earlier is None:
        return
    old = before(resource, assembly)
    if old is None:
        kept = {r.logical_id for r in assembly.of("AWS::EKS::Cluster")}
        for gone in earlier.of("AWS::EKS::Cluster"):
            if gone.template.name == resource.template.name and gone.logical_id not in kept:
                yield Problem(
                    f"the logical ID changes from {gone.logical_id} to {resource.logical_id}: the cluster is replaced"
                )
        return
    for kind in ("account", "region"):
        was, now = getattr(old.template, kind), getattr(resource.template, kind)
        if differ(was, now):
            message = f"the {kind} of the stack changes from {was} to {now}: a second cluster is created next to it"
            yield Problem(message)
    for path in CREATE_ONLY:
        if changed(resource, old, path):
            was, now = shown(old.get(path)), shown(resource.get(path))
            yield Problem(f"{path} changes from {was} to {now}: the cluster is replaced", path)
