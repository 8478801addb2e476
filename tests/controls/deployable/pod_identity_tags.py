from hardened_eks.controls.deployable import pod_identity_tags
from tests.controls.cases import Case, at, both, change, drop, hide, template
from tests.controls.deployable.base import ROLE

IAM, POD = "AWS::IAM::Role", "AWS::EKS::PodIdentityAssociation"
CONDITION = "AssumeRolePolicyDocument.Statement.0.Condition"
PODS = template(
    {
        "Role": (
            IAM,
            {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "pods.eks.amazonaws.com"},
                            "Action": ["sts:AssumeRole", "sts:TagSession"],
                            "Condition": {"StringEquals": {"aws:RequestTag/kubernetes-namespace": "payments"}},
                        }
                    ],
                }
            },
        ),
        "Pod": (
            POD,
            {
                "ClusterName": "prod",
                "Namespace": "payments",
                "ServiceAccount": "api",
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        ),
    }
)
OFF = change(POD, "DisableSessionTags", True)
SOURCE = {"StringEquals": {"aws:SourceAccount": "123456789012"}}

CASE = Case(
    pod_identity_tags,
    PODS,
    bad=at(
        "DisableSessionTags",
        {
            "tags off": OFF,
            "tags off in text": change(POD, "DisableSessionTags", "true"),
            "tag of the cluster": both(
                OFF,
                change(IAM, CONDITION, {"ArnEquals": {"aws:RequestTag/eks-cluster-arn": "arn:aws:eks:a:1:cluster/c"}}),
            ),
            "session policy": change(POD, "Policy", '{"Version": "2012-10-17", "Statement": []}'),
            "both at once": both(OFF, change(POD, "Policy", '{"Version": "2012-10-17", "Statement": []}')),
        },
    ),
    edge={
        "tags off, nothing asked": both(OFF, change(IAM, CONDITION, SOURCE)),
        "tags off, no condition": both(OFF, drop(IAM, CONDITION)),
        "session policy without tags": both(
            OFF, change(IAM, CONDITION, SOURCE), change(POD, "Policy", '{"Version": "2012-10-17", "Statement": []}')
        ),
        "asked only where there": both(
            OFF, change(IAM, CONDITION, {"StringEqualsIfExists": {"aws:RequestTag/kubernetes-namespace": "payments"}})
        ),
        "hidden": hide(POD, "DisableSessionTags"),
        "foreign role": both(OFF, change(POD, "RoleArn", ROLE)),
    },
)
