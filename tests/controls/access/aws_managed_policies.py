from hardened_eks.controls.access import aws_managed_policies
from hardened_eks.data.addons import ADDONS
from tests.controls.access.base import AWS_POLICY, GROUP, IDENTITIES, ROLE, USER, attached, either, sub
from tests.controls.cases import Bad, Case, at, both, change, drop, hide

CASE = Case(
    aws_managed_policies,
    IDENTITIES,
    bad={
        **at(
            "ManagedPolicyArns.0",
            {
                "power users": attached(AWS_POLICY + "PowerUserAccess"),
                "administrator": attached(AWS_POLICY + "AdministratorAccess"),
                "a job's": attached(AWS_POLICY + "job-function/SystemAdministrator"),
                "of another partition": attached("arn:aws-us-gov:iam::aws:policy/AmazonS3FullAccess"),
                "joined": attached(
                    {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/ReadOnlyAccess"]]}
                ),
                "with Sub": attached(sub("arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess")),
            },
        ),
        "after a good one": Bad(
            attached(AWS_POLICY + "AmazonEKSClusterPolicy", AWS_POLICY + "IAMFullAccess"), "ManagedPolicyArns.1"
        ),
        "on a condition": Bad(
            attached(either(AWS_POLICY + "ReadOnlyAccess", {"Ref": "AWS::NoValue"})), "ManagedPolicyArns.0"
        ),
        "list on a condition": Bad(
            change(ROLE, "ManagedPolicyArns", either([AWS_POLICY + "ReadOnlyAccess"], [])), "ManagedPolicyArns.0"
        ),
        "one text": Bad(change(ROLE, "ManagedPolicyArns", AWS_POLICY + "ReadOnlyAccess"), "ManagedPolicyArns"),
        "of a user": Bad(change(USER, "ManagedPolicyArns", [AWS_POLICY + "ReadOnlyAccess"]), "ManagedPolicyArns.0"),
        "of a group": Bad(change(GROUP, "ManagedPolicyArns", [AWS_POLICY + "ReadOnlyAccess"]), "ManagedPolicyArns.0"),
        "hidden": Bad(hide(ROLE, "ManagedPolicyArns"), "ManagedPolicyArns"),
        "one hidden": Bad(both(attached("x"), hide(ROLE, "ManagedPolicyArns.0")), "ManagedPolicyArns.0"),
    },
    edge={
        "what EKS asks for": attached(
            AWS_POLICY + "AmazonEKSClusterPolicy",
            AWS_POLICY + "AmazonEC2ContainerRegistryPullOnly",
            AWS_POLICY + "AmazonSSMManagedInstanceCore",
            AWS_POLICY + "service-role/AmazonEBSCSIDriverPolicy",
            AWS_POLICY + "AmazonEBSCSIDriverPolicyV2",
            AWS_POLICY + "AmazonEBSCSIDriverEKSClusterScopedPolicy",
        ),
        "what AWS Backup asks for": attached(
            AWS_POLICY + "AWSBackupServiceRolePolicyForS3Backup",
            AWS_POLICY + "service-role/AWSBackupServiceRolePolicyForBackup",
        ),
        "what add-ons ask for": attached(*(AWS_POLICY + name for known in ADDONS.values() for name in known.policies)),
        "joined": attached(sub("arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy")),
        "one's own": attached({"Ref": "Managed"}, "arn:aws:iam::111122223333:policy/payments"),
        "of another stack": attached({"Fn::ImportValue": "base:Policy"}),
        "none": drop(ROLE, "ManagedPolicyArns"),
        "malformed": attached(5, None, {}, []),
    },
)
