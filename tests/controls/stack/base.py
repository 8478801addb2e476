"""What the cases of the stack area are made of."""

from tests.controls.cases import at, change, drop, hide, template

CLUSTER = "AWS::EKS::Cluster"
REPOSITORY = "AWS::ECR::Repository"
NODES = "AWS::EKS::Nodegroup"
FARGATE = "AWS::EKS::FargateProfile"
FUNCTION = "AWS::Lambda::Function"
HOST = "AWS::EC2::Instance"
OWNED = [{"Key": "application", "Value": "payments"}]


def listed(type_):
    """Return the case of a type whose tags are a list."""
    return {
        "good": template({"It": (type_, {"Tags": OWNED})}),
        "bad": at(
            "Tags",
            {
                "none": drop(type_, "Tags"),
                "empty": change(type_, "Tags", []),
                "its name": change(type_, "Tags", [{"Key": "Name", "Value": "one"}]),
                "AWS's": change(type_, "Tags", [{"Key": "aws:cloudformation:stack-name", "Value": "one"}]),
                "the CDK's": change(type_, "Tags", [{"Key": "aws-cdk:subnet-name", "Value": "isolated"}]),
                "Kubernetes's": change(type_, "Tags", [{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
                "the autoscaler's": change(
                    type_, "Tags", [{"Key": "k8s.io/cluster-autoscaler/enabled", "Value": "true"}]
                ),
                "Karpenter's": change(type_, "Tags", [{"Key": "karpenter.sh/discovery", "Value": "one"}]),
                "without key": change(type_, "Tags", [{"Value": "payments"}]),
                "with an empty key": change(type_, "Tags", [{"Key": "", "Value": "payments"}]),
                "hidden": hide(type_, "Tags"),
                "one hidden": hide(type_, "Tags.0"),
                "none after all": change(type_, "Tags", {"Ref": "AWS::NoValue"}),
                "one branch only": change(type_, "Tags", {"Fn::If": ["Whether", OWNED, {"Ref": "AWS::NoValue"}]}),
                "malformed": change(type_, "Tags", 5),
                "malformed items": change(type_, "Tags", [5, None, "application"]),
            },
        ),
        "edge": {
            "beside others": change(type_, "Tags", [{"Key": "Name", "Value": "one"}, *OWNED]),
            "value in a parameter": hide(type_, "Tags.0.Value"),
            "key in a parameter": hide(type_, "Tags.0.Key"),
            "each branch": change(type_, "Tags", {"Fn::If": ["Whether", OWNED, [{"Key": "team", "Value": "x"}]]}),
        },
    }
