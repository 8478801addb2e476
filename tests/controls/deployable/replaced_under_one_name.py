from hardened_eks.controls.deployable import replaced_under_one_name
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import ADDON, ENTRY, NG, ROLE

PROFILE, IDENTITY = "AWS::EKS::FargateProfile", "AWS::EKS::IdentityProviderConfig"
CAPABILITY, IAM, VAULT = "AWS::EKS::Capability", "AWS::IAM::Role", "AWS::Backup::BackupVault"
OF = {"ClusterName": "prod"}
DEPLOYED = template(
    {
        "Nodes": (NG, {**OF, "NodegroupName": "general", "NodeRole": ROLE, "InstanceTypes": ["m7g.large"]}),
        "Profile": (PROFILE, {**OF, "FargateProfileName": "jobs", "Selectors": [{"Namespace": "jobs"}]}),
        "Identity": (IDENTITY, {**OF, "IdentityProviderConfigName": "id", "Type": "oidc", "Oidc": {"ClientId": "a"}}),
        "Entry": (ENTRY, {**OF, "PrincipalArn": ROLE}),
        "Dns": (ADDON, {**OF, "AddonName": "coredns"}),
        "Delivery": (CAPABILITY, {**OF, "CapabilityName": "argocd", "Type": "ARGOCD"}),
        "Role": (IAM, {"RoleName": "nodes"}),
        "Profiles": ("AWS::IAM::InstanceProfile", {"InstanceProfileName": "nodes", "Roles": ["nodes"]}),
        "Policy": ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "pull", "Description": "Pulls"}),
        "Images": (
            "AWS::ECR::Repository",
            {"RepositoryName": "app", "EncryptionConfiguration": {"EncryptionType": "KMS"}},
        ),
        "Group": ("AWS::EC2::SecurityGroup", {"GroupName": "nodes", "GroupDescription": "Nodes"}),
        "Vault": (VAULT, {"BackupVaultName": "nightly", "EncryptionKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}),
    }
)
OTHER = change(NG, "InstanceTypes", ["m8g.large"])

CASE = Case(
    replaced_under_one_name,
    DEPLOYED,
    bad={
        "instance types": Bad(OTHER, "InstanceTypes"),
        "subnets": Bad(change(NG, "Subnets", ["subnet-1"]), "Subnets"),
        "selectors": Bad(change(PROFILE, "Selectors", [{"Namespace": "batch"}]), "Selectors"),
        "issuer": Bad(change(IDENTITY, "Oidc.ClientId", "b"), "Oidc"),
        "kind of entry": Bad(change(ENTRY, "Type", "EC2_LINUX"), "Type"),
        "namespace of an add-on": Bad(change(ADDON, "NamespaceConfig.Namespace", "dns"), "NamespaceConfig"),
        "kind of capability": Bad(change(CAPABILITY, "Type", "ACK"), "Type"),
        "namespace of a capability": Bad(
            change(CAPABILITY, "Configuration.ArgoCd.Namespace", "cd"), "Configuration.ArgoCd.Namespace"
        ),
        "endpoint of a capability": Bad(
            change(CAPABILITY, "Configuration.ArgoCd.EndpointPrefix", "cd"), "Configuration.ArgoCd.EndpointPrefix"
        ),
        "identity center of a capability": Bad(
            change(
                CAPABILITY,
                "Configuration.ArgoCd.AwsIdc",
                {"IdcInstanceArn": "arn:aws:sso:::instance/ssoins-1", "IdcRegion": "eu-west-1"},
            ),
            "Configuration.ArgoCd.AwsIdc",
        ),
        "path": Bad(change(IAM, "Path", "/eks/"), "Path"),
        "path of a profile": Bad(change("AWS::IAM::InstanceProfile", "Path", "/eks/"), "Path"),
        "path of a policy": Bad(change("AWS::IAM::ManagedPolicy", "Path", "/eks/"), "Path"),
        "words of a policy": Bad(change("AWS::IAM::ManagedPolicy", "Description", "Pulls images"), "Description"),
        "key of images": Bad(
            change("AWS::ECR::Repository", "EncryptionConfiguration.EncryptionType", "AES256"),
            "EncryptionConfiguration",
        ),
        "words of a security group": Bad(
            change("AWS::EC2::SecurityGroup", "GroupDescription", "All nodes"), "GroupDescription"
        ),
        "key of a vault": Bad(change(VAULT, "EncryptionKeyArn", {"Fn::GetAtt": ["Other", "Arn"]}), "EncryptionKeyArn"),
    },
    edge={
        "with a new name": both(OTHER, change(NG, "NodegroupName", "general-2")),
        "without a name": both(OTHER, drop(NG, "NodegroupName")),
        "roles of a profile": change("AWS::IAM::InstanceProfile", "Roles", ["others"]),
        "tags of images": change("AWS::ECR::Repository", "ImageTagMutability", "IMMUTABLE"),
        "another size": change(NG, "ScalingConfig", {"MaxSize": 3}),
        "new": template({"New": (NG, {**OF, "NodegroupName": "general", "InstanceTypes": ["m8g.large"]})}),
    },
    previous=DEPLOYED,
)
