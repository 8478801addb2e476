from collections.abc import Iterator

from hardened_eks.controls.deployable._changes import before, changed
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_GROUP = ("AmiType", "CapacityType", "DiskSize", "InstanceTypes", "NodeRole", "RemoteAccess", "Subnets")
_ARGO = tuple(f"Configuration.ArgoCd.{name}" for name in ("AwsIdc", "EndpointPrefix", "Namespace"))
REPLACED = {
    "AWS::Backup::BackupVault": (("BackupVaultName",), ("EncryptionKeyArn",)),
    "AWS::EC2::SecurityGroup": (("GroupName",), ("GroupDescription",)),
    "AWS::ECR::Repository": (("RepositoryName",), ("EncryptionConfiguration",)),
    "AWS::EKS::AccessEntry": (("ClusterName", "PrincipalArn"), ("Type",)),
    "AWS::EKS::Addon": (("AddonName", "ClusterName"), ("NamespaceConfig",)),
    "AWS::EKS::Capability": (("CapabilityName", "ClusterName"), ("Type", *_ARGO)),
    "AWS::EKS::FargateProfile": (
        ("ClusterName", "FargateProfileName"),
        ("PodExecutionRoleArn", "Selectors", "Subnets"),
    ),
    "AWS::EKS::IdentityProviderConfig": (("ClusterName", "IdentityProviderConfigName"), ("Oidc", "Type")),
    "AWS::EKS::Nodegroup": (("ClusterName", "NodegroupName"), _GROUP),
    "AWS::IAM::InstanceProfile": (("InstanceProfileName",), ("Path",)),
    "AWS::IAM::ManagedPolicy": (("ManagedPolicyName",), ("Description", "Path")),
    "AWS::IAM::Role": (("RoleName",), ("Path",)),
}
"""Type -> the properties that name its resources, and the other properties whose change replaces them."""


@control(
    id="DP-67",
    title="A replaced resource gets a new name",
    types=tuple(REPLACED),
    needs="resource",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "CloudFormation creates the new resource before it deletes the old one, so the name is still in use: "
        '"CloudFormation cannot update a stack when a custom-named resource requires replacing", or the service '
        "returns AlreadyExists."
    ),
    fix="Omit the name, or change it together with the property. A new logical ID with a new name also works.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    blind="Nothing is evaluated without the earlier template (`--against`).",
    detective=(
        "The constructs omit names if a change replaces the resource; roles and access entries are named by the app."
    ),
)
def replaced_under_one_name(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    old = before(resource, assembly)
    if old is None:
        return
    names, others = REPLACED[resource.type]
    if any(resource.get(name) is None or changed(resource, old, name) for name in names):
        return
    for path in others:
        if changed(resource, old, path):
            yield Problem(f"{path} changes, which replaces the resource, but {names[-1]} stays the same", path)
