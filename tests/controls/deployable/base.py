"""What the cases of the deployable area are made of."""

from tests.controls.cases import template

CL = "AWS::EKS::Cluster"
NG = "AWS::EKS::Nodegroup"
LT = "AWS::EC2::LaunchTemplate"
ADDON = "AWS::EKS::Addon"
ENTRY = "AWS::EKS::AccessEntry"
ROLE = "arn:aws:iam::123456789012:role/nodes"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

NODES = template(
    {
        "Template": (
            LT,
            {"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}}},
        ),
        "Cluster": (CL, {"Name": "prod", "Version": "1.36", "BootstrapSelfManagedAddons": True}),
        "Nodes": (
            NG,
            {
                "ClusterName": {"Ref": "Cluster"},
                "AmiType": "BOTTLEROCKET_ARM_64",
                "InstanceTypes": ["m7g.large"],
                "NodeRole": ROLE,
                "ScalingConfig": {"MinSize": 1, "DesiredSize": 2, "MaxSize": 3},
                "Version": "1.35",
                "UpdateConfig": {"MaxUnavailable": 1},
                "Labels": {"team": "payments"},
                "Taints": [{"Key": "gpu", "Value": "true", "Effect": "NO_SCHEDULE"}],
                "LaunchTemplate": {
                    "Id": {"Ref": "Template"},
                    "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
                },
            },
        ),
    }
)


def cluster(**properties):
    return template({"Cluster": (CL, properties)})


def depend(name, *on):
    def mutate(body):
        return {**body, "Resources": {**body["Resources"], name: {**body["Resources"][name], "DependsOn": list(on)}}}

    return mutate


def without(name):
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k != name}}


KEYED = template(
    {
        "Key": (
            "AWS::KMS::Key",
            {
                "KeyPolicy": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                            "Action": "kms:*",
                            "Resource": "*",
                        },
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}},
                            "Action": [
                                "kms:Encrypt*",
                                "kms:Decrypt*",
                                "kms:ReEncrypt*",
                                "kms:GenerateDataKey*",
                                "kms:Describe*",
                            ],
                            "Resource": "*",
                        },
                    ]
                }
            },
        ),
        "Logs": (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "/a", "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "RetentionInDays": 365},
        ),
    }
)

ENTRIES = template(
    {
        "One": (
            ENTRY,
            {
                "ClusterName": "prod",
                "PrincipalArn": ROLE,
                "KubernetesGroups": ["viewers"],
                "AccessPolicies": [{"PolicyArn": POLICY, "AccessScope": {"Type": "namespace", "Namespaces": ["a"]}}],
            },
        ),
    }
)
