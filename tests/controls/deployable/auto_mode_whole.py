from hardened_eks.controls.deployable import auto_mode_whole
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template
from tests.controls.deployable.base import CL, ROLE, cluster

IAM = "AWS::IAM::Role"
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
}
POLICIES = [
    f"arn:aws:iam::aws:policy/AmazonEKS{name}Policy"
    for name in ("Cluster", "Compute", "BlockStorage", "LoadBalancing", "Networking")
]
OWN = {"Effect": "Allow", "Action": ["ec2:*", "elasticloadbalancing:*"], "Resource": "*"}
AUTO = template(
    {
        "Role": (IAM, {"AssumeRolePolicyDocument": {"Statement": [TRUST]}, "ManagedPolicyArns": POLICIES}),
        "Cluster": (
            CL,
            {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "AccessConfig": {"AuthenticationMode": "API"},
                "BootstrapSelfManagedAddons": False,
                "ComputeConfig": {"Enabled": True, "NodePools": ["general-purpose"], "NodeRoleArn": ROLE},
                "StorageConfig": {"BlockStorage": {"Enabled": True}},
                "KubernetesNetworkConfig": {"ElasticLoadBalancing": {"Enabled": True}},
            },
        ),
    }
)

CASE = Case(
    auto_mode_whole,
    AUTO,
    bad={
        "no storage": Bad(drop(CL, "StorageConfig"), "StorageConfig.BlockStorage"),
        "no load balancing": Bad(
            change(CL, "KubernetesNetworkConfig.ElasticLoadBalancing.Enabled", "false"),
            "KubernetesNetworkConfig.ElasticLoadBalancing",
        ),
        "storage alone": Bad(
            cluster(
                StorageConfig={"BlockStorage": {"Enabled": True}},
                AccessConfig={"AuthenticationMode": "API"},
                BootstrapSelfManagedAddons=False,
            ),
            "ComputeConfig",
            "KubernetesNetworkConfig.ElasticLoadBalancing",
        ),
        **at(
            "AccessConfig",
            {
                "authentication left out": drop(CL, "AccessConfig"),
                "config map": change(CL, "AccessConfig.AuthenticationMode", "CONFIG_MAP"),
            },
        ),
        "add-ons on": Bad(change(CL, "BootstrapSelfManagedAddons", True), "BootstrapSelfManagedAddons"),
        "add-ons on, as a string": Bad(change(CL, "BootstrapSelfManagedAddons", "true"), "BootstrapSelfManagedAddons"),
        "pools without a role": Bad(drop(CL, "ComputeConfig.NodeRoleArn"), "ComputeConfig.NodePools"),
        "role without pools": Bad(drop(CL, "ComputeConfig.NodePools"), "ComputeConfig.NodeRoleArn"),
        "no policies": Bad(drop(IAM, "ManagedPolicyArns"), "RoleArn"),
        "the policy of any cluster alone": Bad(change(IAM, "ManagedPolicyArns", POLICIES[:1]), "RoleArn"),
        "one policy too few": Bad(change(IAM, "ManagedPolicyArns", POLICIES[:-1]), "RoleArn"),
        "no tags": Bad(change(IAM, "AssumeRolePolicyDocument.Statement.0.Action", "sts:AssumeRole"), "RoleArn"),
    },
    edge={
        "off": cluster(ComputeConfig={"Enabled": False}),
        "hidden": both(hide(CL, "StorageConfig.BlockStorage.Enabled"), hide(CL, "AccessConfig.AuthenticationMode")),
        "hidden pools": both(hide(CL, "ComputeConfig.NodePools"), drop(CL, "ComputeConfig.NodeRoleArn")),
        "no built-in pools": both(drop(CL, "ComputeConfig.NodePools"), drop(CL, "ComputeConfig.NodeRoleArn")),
        "both ways in": change(CL, "AccessConfig.AuthenticationMode", "API_AND_CONFIG_MAP"),
        "a policy of one's own": both(
            drop(IAM, "ManagedPolicyArns"),
            change(IAM, "Policies", [{"PolicyName": "auto", "PolicyDocument": {"Statement": [OWN]}}]),
        ),
        "a policy that is not seen": change(IAM, "ManagedPolicyArns", ["arn:aws:iam::111122223333:policy/auto"]),
        "foreign role": change(CL, "RoleArn", ROLE),
        "add-ons left out, as the CDK does": drop(CL, "BootstrapSelfManagedAddons"),
    },
)
