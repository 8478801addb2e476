from hardened_eks.controls.deployable import pod_identity_unique
from tests.controls.cases import Bad, Case, change, template
from tests.controls.deployable.base import ROLE

POD = template(
    {
        "Role": (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "pods.eks.amazonaws.com"},
                            "Action": ["sts:AssumeRole", "sts:TagSession"],
                        },
                    ]
                }
            },
        ),
        "One": (
            "AWS::EKS::PodIdentityAssociation",
            {
                "ClusterName": "prod",
                "Namespace": "a",
                "ServiceAccount": "b",
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        ),
    }
)

CASE = Case(
    pod_identity_unique,
    POD,
    bad={
        "second": Bad(
            template({"Role": POD["Resources"]["Role"], "A": POD["Resources"]["One"], "B": POD["Resources"]["One"]}),
            "ServiceAccount",
        ),
        "no tag session": Bad(
            change("AWS::IAM::Role", "AssumeRolePolicyDocument.Statement.0.Action", "sts:AssumeRole"), "RoleArn"
        ),
        "trust of EC2": Bad(
            change(
                "AWS::IAM::Role", "AssumeRolePolicyDocument.Statement.0.Principal", {"Service": "ec2.amazonaws.com"}
            ),
            "RoleArn",
        ),
    },
    edge={"foreign role": change("AWS::EKS::PodIdentityAssociation", "RoleArn", ROLE)},
)
