"""Cases of the control-plane area."""

from hardened_eks.controls import control_plane as c
from hardened_eks.data.kubernetes import supported
from tests.controls.cases import Case, both, change, drop, hide, template

CLUSTER, ADDON = "AWS::EKS::Cluster", "AWS::EKS::Addon"
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


def public(*ranges):
    return both(
        change(CLUSTER, f"{VPC}.EndpointPublicAccess", True), change(CLUSTER, f"{VPC}.PublicAccessCidrs", list(ranges))
    )


def configured(text):
    return change(ADDON, "ConfigurationValues", text)


CASES = [
    Case(
        c.private_endpoint,
        GOOD,
        bad={
            "on": change(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess", True),
            "left out": drop(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess"),
            "hidden": hide(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess"),
        },
        edge={"text": change(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess", "false")},
    ),
    Case(
        c.private_access,
        GOOD,
        {
            "off": change(CLUSTER, f"{VPC}.EndpointPrivateAccess", False),
            "left out": drop(CLUSTER, f"{VPC}.EndpointPrivateAccess"),
            "hidden": hide(CLUSTER, f"{VPC}.EndpointPrivateAccess"),
            "no network settings": drop(CLUSTER, VPC),
        },
        {"text": change(CLUSTER, f"{VPC}.EndpointPrivateAccess", "true")},
    ),
    Case(
        c.public_cidrs,
        GOOD,
        {
            "everybody": public("0.0.0.0/0"),
            "everybody in two halves": public("0.0.0.0/1", "128.0.0.0/1"),
            "everybody on IPv6": public("203.0.113.0/28", "::/0"),
            "a provider's range": public("3.0.0.0/8"),
            "not written": change(CLUSTER, f"{VPC}.EndpointPublicAccess", True),
            "empty": public(),
            "no network settings": drop(CLUSTER, VPC),
            "switch hidden": hide(CLUSTER, f"{VPC}.EndpointPublicAccess"),
            "range hidden": both(public("x"), hide(CLUSTER, f"{VPC}.PublicAccessCidrs.0")),
            "list hidden": both(public("x"), hide(CLUSTER, f"{VPC}.PublicAccessCidrs")),
            "no range": public("office"),
        },
        {
            "offices": public("8.8.8.0/24", "8.8.4.4/32", "2a00:1450::/48"),
            "private": public("10.0.0.0/8"),
            "closed, whatever the list says": change(CLUSTER, f"{VPC}.PublicAccessCidrs", ["0.0.0.0/0"]),
        },
    ),
    Case(
        c.log_types_all,
        GOOD,
        {
            "audit only": change(CLUSTER, LOGS, logs("audit")),
            "scheduler missing": change(CLUSTER, LOGS, ALL[:-1]),
            "none": drop(CLUSTER, "Logging"),
            "hidden": hide(CLUSTER, LOGS),
            "one hidden": hide(CLUSTER, f"{LOGS}.1.Type"),
            "another case": change(CLUSTER, f"{LOGS}.3.Type", "ControllerManager"),
        },
        {"another order": change(CLUSTER, LOGS, ALL[::-1])},
    ),
    Case(
        c.audit_log,
        GOOD,
        {
            "others only": change(CLUSTER, LOGS, logs("api", "scheduler")),
            "none": drop(CLUSTER, "Logging"),
            "hidden": hide(CLUSTER, LOGS),
            "itself hidden": hide(CLUSTER, f"{LOGS}.1.Type"),
        },
        {"audit only": change(CLUSTER, LOGS, logs("audit"))},
    ),
    Case(
        c.secrets_encrypted,
        GOOD,
        {
            "none": drop(CLUSTER, "EncryptionConfig"),
            "empty": change(CLUSTER, "EncryptionConfig", []),
            "without key": drop(CLUSTER, "EncryptionConfig.0.Provider"),
            "of nothing": change(CLUSTER, "EncryptionConfig.0.Resources", []),
            "of what is hidden": hide(CLUSTER, "EncryptionConfig.0.Resources"),
            "hidden": hide(CLUSTER, "EncryptionConfig"),
        },
        {
            "key in a parameter": hide(CLUSTER, KEY_ARN),
            "key by ARN": change(CLUSTER, KEY_ARN, "arn:aws:kms:eu-west-1:111122223333:key/x"),
        },
    ),
    Case(
        c.secrets_customer_key,
        GOOD,
        {
            "none": drop(CLUSTER, "EncryptionConfig"),
            "without key": drop(CLUSTER, KEY_ARN),
            "AWS's": change(CLUSTER, KEY_ARN, "arn:aws:kms:eu-west-1:111122223333:alias/aws/eks"),
            "AWS's, joined": change(
                CLUSTER,
                KEY_ARN,
                {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/eks"},
            ),
            "no key at all": change(CLUSTER, KEY_ARN, {"Ref": "Cni"}),
        },
        {
            "key in a parameter": hide(CLUSTER, KEY_ARN),
            "key of another stack": change(CLUSTER, KEY_ARN, {"Fn::ImportValue": "keys:Secrets"}),
        },
    ),
    Case(
        c.version_supported,
        GOOD,
        {
            "not written": drop(CLUSTER, "Version"),
            "hidden": hide(CLUSTER, "Version"),
            "extended": change(CLUSTER, "Version", "1.32"),
            "long gone": change(CLUSTER, "Version", "1.21"),
            "not there": change(CLUSTER, "Version", "1.99"),
            "extended on a condition": change(CLUSTER, "Version", {"Fn::If": ["C", supported()[0], "1.32"]}),
            "number": change(CLUSTER, "Version", 1.32),
        },
        {
            "number": change(CLUSTER, "Version", float(supported()[-1])),
            "oldest": change(CLUSTER, "Version", supported()[0]),
            "one or the other": change(CLUSTER, "Version", {"Fn::If": ["C", supported()[0], supported()[1]]}),
        },
    ),
    Case(
        c.version_not_oldest,
        GOOD,
        {
            "oldest": change(CLUSTER, "Version", supported()[0]),
            "older": change(CLUSTER, "Version", "1.32"),
            "not written": drop(CLUSTER, "Version"),
            "hidden": hide(CLUSTER, "Version"),
        },
        {
            "second": change(CLUSTER, "Version", supported()[1]),
            "one or the other": change(CLUSTER, "Version", {"Fn::If": ["C", supported()[1], supported()[-1]]}),
        },
    ),
    Case(
        c.deletion_protection,
        GOOD,
        {
            "off": change(CLUSTER, "DeletionProtection", False),
            "left out": drop(CLUSTER, "DeletionProtection"),
            "hidden": hide(CLUSTER, "DeletionProtection"),
        },
        {"text": change(CLUSTER, "DeletionProtection", "true")},
    ),
    Case(
        c.access_entries,
        GOOD,
        {
            "left out": drop(CLUSTER, "AccessConfig"),
            "config map": change(CLUSTER, "AccessConfig.AuthenticationMode", "CONFIG_MAP"),
            "both": change(CLUSTER, "AccessConfig.AuthenticationMode", "API_AND_CONFIG_MAP"),
            "hidden": hide(CLUSTER, "AccessConfig.AuthenticationMode"),
        },
    ),
    Case(
        c.no_creator_admin,
        GOOD,
        {
            "on": change(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions", True),
            "left out": drop(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions"),
            "nothing written": drop(CLUSTER, "AccessConfig"),
            "hidden": hide(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions"),
        },
        {"text": change(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions", "false")},
    ),
    Case(
        c.network_policy_enforced,
        GOOD,
        {
            "not configured": drop(ADDON, "ConfigurationValues"),
            "off": configured('{"enableNetworkPolicy": "false"}'),
            "something else": configured('{"env": {"enableNetworkPolicy": "true"}}'),
            "nested in YAML": configured("env:\n  enableNetworkPolicy: true\n"),
            "commented out": configured("# enableNetworkPolicy: true\n"),
            "no JSON": configured("{"),
            "hidden": hide(ADDON, "ConfigurationValues"),
            "no add-on": drop(ADDON, ""),
            "of another cluster": change(ADDON, "ClusterName", "two"),
            "cluster hidden": hide(ADDON, "ClusterName"),
        },
        {
            "boolean": configured('{"enableNetworkPolicy": true}'),
            "YAML": configured("enableNetworkPolicy: 'true' # at last\n"),
            "joined": configured({"Fn::Sub": '{"enableNetworkPolicy": "true", "x": "${AWS::Region}"}'}),
            "by name": change(ADDON, "ClusterName", "one"),
            "Auto Mode": both(drop(ADDON, ""), change(CLUSTER, "ComputeConfig.Enabled", True)),
        },
    ),
]
