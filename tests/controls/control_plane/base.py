"""What the cases of the control-plane area are made of."""

from hardened_eks.data.kubernetes import supported
from tests.controls.cases import template

CLUSTER = "AWS::EKS::Cluster"
ADDON = "AWS::EKS::Addon"
LOGS = "Logging.ClusterLogging.EnabledTypes"
VPC = "ResourcesVpcConfig"
KEY_ARN = "EncryptionConfig.0.Provider.KeyArn"


def logs(*types):
    return [{"Type": t} for t in types]


ALL = logs("api", "audit", "authenticator", "controllerManager", "scheduler")

GOOD = template(
    {
        "Key": ("AWS::KMS::Key", {}),
        "Cluster": (
            CLUSTER,
            {
                "Name": "one",
                "Version": supported()[-1],
                "ResourcesVpcConfig": {"EndpointPublicAccess": False, "EndpointPrivateAccess": True},
                "Logging": {"ClusterLogging": {"EnabledTypes": ALL}},
                "EncryptionConfig": [
                    {"Resources": ["secrets"], "Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}}
                ],
                "AccessConfig": {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False},
                "DeletionProtection": True,
            },
        ),
        "Cni": (
            ADDON,
            {
                "AddonName": "vpc-cni",
                "ClusterName": {"Ref": "Cluster"},
                "ConfigurationValues": '{"enableNetworkPolicy": "true"}',
            },
        ),
    }
)
