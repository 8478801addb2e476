from hardened_eks.controls.deployable import create_only_unchanged
from tests.controls.cases import ITSELF, Bad, Case, both, change, drop, template
from tests.controls.deployable.base import CL, cluster

DEPLOYED = {
    "Name": "prod",
    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "Version": "1.36",
    "BootstrapSelfManagedAddons": False,
    "EncryptionConfig": [{"Resources": ["secrets"], "Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}}],
    "KubernetesNetworkConfig": {"ServiceIpv4Cidr": "172.20.0.0/16"},
    "AccessConfig": {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False},
}

CASE = Case(
    create_only_unchanged,
    cluster(**DEPLOYED),
    bad={
        "name": Bad(change(CL, "Name", "other"), "Name"),
        "role": Bad(change(CL, "RoleArn", {"Fn::GetAtt": ["Other", "Arn"]}), "RoleArn"),
        "key dropped": Bad(drop(CL, "EncryptionConfig"), "EncryptionConfig"),
        "service range": Bad(
            change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.100.0.0/16"),
            "KubernetesNetworkConfig.ServiceIpv4Cidr",
        ),
        "self-managed add-ons": Bad(drop(CL, "BootstrapSelfManagedAddons"), "BootstrapSelfManagedAddons"),
        "creator": Bad(
            change(CL, "AccessConfig.BootstrapClusterCreatorAdminPermissions", True),
            "AccessConfig.BootstrapClusterCreatorAdminPermissions",
        ),
        "logical id": Bad(template({"Renamed": (CL, DEPLOYED)}), ITSELF),
        "hidden name": Bad(change(CL, "Name", {"Ref": "P"}), "Name"),
    },
    edge={
        "version": change(CL, "Version", "1.37"),
        "logs": change(CL, "Logging", {}),
        "in quotation marks": both(
            change(CL, "BootstrapSelfManagedAddons", "false"),
            change(CL, "AccessConfig.BootstrapClusterCreatorAdminPermissions", "false"),
        ),
    },
    previous=cluster(**DEPLOYED),
)
