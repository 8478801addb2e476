from hardened_eks.controls.stack import no_explicit_names
from tests.controls.access.boundary_only_bounds import BOUNDED
from tests.controls.cases import Bad, Case, change, hide, template
from tests.controls.stack.base import CLUSTER, FARGATE, FUNCTION, NODES, REPOSITORY

NAMED = {
    NODES: "NodegroupName",
    FARGATE: "FargateProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    FUNCTION: "FunctionName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::S3::Bucket": "BucketName",
}

NAMELESS = template({t.replace(":", ""): (t, {}) for t in NAMED}, Parameters={"Stage": {"Type": "String"}})

CASE = Case(
    no_explicit_names,
    NAMELESS,
    bad={
        **{t.rsplit(":", 1)[1]: Bad(change(t, path, "payments"), path) for t, path in NAMED.items()},
        "in a parameter": Bad(hide(NODES, "NodegroupName"), "NodegroupName"),
        "joined": Bad(change(FUNCTION, "FunctionName", {"Fn::Sub": "payments-${AWS::Region}"}), "FunctionName"),
        "on a condition": Bad(
            change(FUNCTION, "FunctionName", {"Fn::If": ["Whether", "x", {"Ref": "AWS::NoValue"}]}), "FunctionName"
        ),
    },
    edge={
        "a permissions boundary": BOUNDED,
        "not written after all": change(NODES, "NodegroupName", {"Ref": "AWS::NoValue"}),
        "names that others must know": template(
            {
                "Cluster": (CLUSTER, {"Name": "one"}),
                "Role": ("AWS::IAM::Role", {"RoleName": "one"}),
                "Logs": ("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/one/cluster"}),
                "Images": (REPOSITORY, {"RepositoryName": "one"}),
            }
        ),
        "a name tag": change("AWS::EC2::SecurityGroup", "Tags", [{"Key": "Name", "Value": "one"}]),
    },
)
