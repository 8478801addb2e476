from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.views.boundaries import is_boundary

_NAMES = {
    "AWS::EKS::Nodegroup": "NodegroupName",
    "AWS::EKS::FargateProfile": "FargateProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::S3::Bucket": "BucketName",
}


@control(
    id="CF-02",
    title="Resources that a name change would replace have generated names",
    requirement="cfn.no_explicit_names",
    types=tuple(_NAMES),
    needs="resource",
    evidence="template",
    severity=Severity.LOW,
    why=(
        "A change that requires replacement fails with AlreadyExists, and the name can be guessed before the resource "
        "exists."
    ),
    fix="Omit the name.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html",
    blind=(
        "Clusters, roles, repositories and log groups: other resources must know their names in advance. Permissions "
        "boundaries, which refer to themselves by name."
    ),
    enforced_by="Cluster",
)
def no_explicit_names(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = _NAMES[resource.type]
    if is_boundary(resource, policies.of(resource, "PolicyDocument")):
        return
    if resource.get(path) is not None:
        yield Problem(f"the name is fixed: {resource.get(path)}", path)
