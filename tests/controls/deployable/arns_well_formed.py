from hardened_eks.controls.deployable import arns_well_formed
from tests.controls.cases import Bad, Case, at, change, template
from tests.controls.deployable.base import ADDON, CL, ENTRY, LT, ROLE, cluster


def referring(name, value, kind):
    return template({"Cluster": (CL, {name: value}), "Target": (kind, {})})


CASE = Case(
    arns_well_formed,
    cluster(
        RoleArn=ROLE,
        EncryptionConfig=[{"Provider": {"KeyArn": "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234"}}],
    ),
    bad={
        **at(
            "RoleArn",
            {
                "role name only": change(CL, "RoleArn", "nodes"),
                "short account": change(CL, "RoleArn", "arn:aws:iam::1234:role/nodes"),
                "instance profile": change(CL, "RoleArn", "arn:aws:iam::123456789012:instance-profile/nodes"),
            },
        ),
        "key id only": Bad(
            change(CL, "EncryptionConfig.0.Provider.KeyArn", "1234-5678"), "EncryptionConfig.0.Provider.KeyArn"
        ),
        "access policy of IAM": Bad(
            template(
                {
                    "E": (
                        ENTRY,
                        {
                            "PrincipalArn": ROLE,
                            "AccessPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}],
                        },
                    )
                }
            ),
            "AccessPolicies.0.PolicyArn",
        ),
        **at(
            "RoleArn",
            {
                "region in a role": change(
                    CL, "RoleArn", {"Fn::Sub": "arn:aws:iam:${AWS::Region}:${AWS::AccountId}:role/x"}
                ),
                "a zero byte": change(CL, "RoleArn", "arn:aws:iam::\0:role/x"),
                "half of an open part": change(CL, "RoleArn", "arn:aws:iam::123456789012:role/x-${y"),
                "a line too many": change(CL, "RoleArn", "arn:aws:iam::123456789012:role/x\n"),
                "colon left out": change(
                    CL, "RoleArn", {"Fn::Sub": "arn:${AWS::Partition}:iam:${AWS::AccountId}:role/x"}
                ),
                "name of a role": referring("RoleArn", {"Ref": "Target"}, "AWS::IAM::Role"),
                "id of a role": referring("RoleArn", {"Fn::GetAtt": ["Target", "RoleId"]}, "AWS::IAM::Role"),
                "ARN of a profile": referring(
                    "RoleArn", {"Fn::GetAtt": ["Target", "Arn"]}, "AWS::IAM::InstanceProfile"
                ),
            },
        ),
        "id of a key": Bad(
            referring("EncryptionConfig", [{"Provider": {"KeyArn": {"Ref": "Target"}}}], "AWS::KMS::Key"),
            "EncryptionConfig.0.Provider.KeyArn",
        ),
        "role of an add-on's service account": Bad(
            template({"A": (ADDON, {"ServiceAccountRoleArn": "cni"})}), "ServiceAccountRoleArn"
        ),
        "role of an add-on": Bad(
            template({"A": (ADDON, {"PodIdentityAssociations": [{"RoleArn": "cni"}]})}),
            "PodIdentityAssociations.0.RoleArn",
        ),
        "managed policy": Bad(
            template({"R": ("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::aws:AmazonEKSClusterPolicy"]})}),
            "ManagedPolicyArns.0",
        ),
        "key of a volume": Bad(
            template(
                {
                    "T": (
                        LT,
                        {
                            "LaunchTemplateData": {
                                "BlockDeviceMappings": [{"Ebs": {"KmsKeyId": "arn:aws:kms:eu-west-1:1234:key/a"}}]
                            }
                        },
                    )
                }
            ),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "alias of a log group's key": Bad(
            template({"L": ("AWS::Logs::LogGroup", {"KmsKeyId": "alias/logs"})}), "KmsKeyId"
        ),
        "key of a repository": Bad(
            template(
                {"R": ("AWS::ECR::Repository", {"EncryptionConfiguration": {"KmsKey": "arn:aws:kms:eu-west-1:key/a"}})}
            ),
            "EncryptionConfiguration.KmsKey",
        ),
    },
    edge={
        "reference": change(CL, "RoleArn", {"Fn::GetAtt": ["Role", "Arn"]}),
        "pseudo parameters": change(CL, "RoleArn", {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x"}),
        "name of a policy later": template(
            {
                "E": (
                    ENTRY,
                    {
                        "PrincipalArn": ROLE,
                        "AccessPolicies": [
                            {
                                "PolicyArn": {
                                    "Fn::Sub": "arn:${AWS::Partition}:eks::aws:cluster-access-policy/${Policy}"
                                }
                            },
                            {"PolicyArn": {"Ref": "PolicyArn"}},
                        ],
                    },
                )
            }
        ),
        "user": template({"U": ("AWS::IAM::User", {}), "E": (ENTRY, {"PrincipalArn": {"Fn::GetAtt": ["U", "Arn"]}})}),
        "secrets key by alias": change(CL, "EncryptionConfig.0.Provider.KeyArn", "alias/eks-secrets"),
        "secrets key by alias, joined": change(
            CL, "EncryptionConfig.0.Provider.KeyArn", {"Fn::Sub": "alias/eks-${AWS::Region}"}
        ),
        "key by alias": template({"R": ("AWS::ECR::Repository", {"EncryptionConfiguration": {"KmsKey": "alias/ecr"}})}),
        "own managed policy": template(
            {
                "P": ("AWS::IAM::ManagedPolicy", {}),
                "R": (
                    "AWS::IAM::Role",
                    {
                        "ManagedPolicyArns": [
                            {"Ref": "P"},
                            {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/X"},
                        ]
                    },
                ),
            }
        ),
    },
)
