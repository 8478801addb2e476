import re
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.expressions import LATER

_LIMITS = {
    "AWS::EKS::Cluster": ("Name", 100, r"[0-9A-Za-z][A-Za-z0-9_-]*"),
    "AWS::EKS::Nodegroup": ("NodegroupName", 63, r"[0-9A-Za-z][A-Za-z0-9_-]*"),
    "AWS::IAM::Role": ("RoleName", 64, r"[\w+=,.@-]+"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", 128, r"[\w+=,.@-]+"),
    "AWS::Logs::LogGroup": ("LogGroupName", 512, r"[.\-_/#A-Za-z0-9]+"),
    "AWS::ECR::Repository": (
        "RepositoryName",
        256,
        r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*",
    ),
    "AWS::EC2::SecurityGroup": ("GroupName", 255, r"(?!sg-)[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+"),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateName", 128, r"[A-Za-z0-9().\-/_]{3,}"),
    "AWS::KMS::Alias": ("AliasName", 256, r"alias/(?!aws/)[A-Za-z0-9/_-]+"),
    "AWS::Events::Rule": ("Name", 64, r"[.\-_A-Za-z0-9]+"),
    "AWS::SNS::Topic": ("TopicName", 256, r"[A-Za-z0-9_-]+(?:\.fifo)?"),
    "AWS::SQS::Queue": ("QueueName", 80, r"[A-Za-z0-9_-]+(?:\.fifo)?"),
    "AWS::S3::Bucket": ("BucketName", 63, r"(?!xn--)[a-z0-9][a-z0-9.-]+[a-z0-9]"),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", 128, r"[\w+=,.@-]+"),
    "AWS::IAM::Policy": ("PolicyName", 128, r"[\w+=,.@-]+"),
    "AWS::IAM::User": ("UserName", 64, r"[\w+=,.@-]+"),
    "AWS::Lambda::Function": ("FunctionName", 64, r"[A-Za-z0-9_-]+"),
    "AWS::CloudWatch::Alarm": ("AlarmName", 255, r"[^\x00-\x1f]+"),
    "AWS::CloudTrail::Trail": ("TrailName", 128, r"[A-Za-z0-9][A-Za-z0-9._-]+[A-Za-z0-9]"),
    "AWS::SecretsManager::Secret": ("Name", 512, r"[A-Za-z0-9/_+=.@-]+"),
    "AWS::AutoScaling::AutoScalingGroup": ("AutoScalingGroupName", 255, r"[^:\x00-\x1f]+"),
}


@control(
    id="DP-23",
    title="Names do not exceed the length that the service accepts",
    types=(
        "AWS::EKS::Cluster",
        "AWS::IAM::Role",
        "AWS::IAM::ManagedPolicy",
        "AWS::EKS::Nodegroup",
        "AWS::Logs::LogGroup",
        "AWS::ECR::Repository",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::LaunchTemplate",
        "AWS::KMS::Alias",
        "AWS::Events::Rule",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::S3::Bucket",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::Policy",
        "AWS::IAM::User",
        "AWS::Lambda::Function",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudTrail::Trail",
        "AWS::SecretsManager::Secret",
        "AWS::AutoScaling::AutoScalingGroup",
    ),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "The service rejects the call during deployment. Names built from stack names break when somebody renames a "
        "stack."
    ),
    fix="Shorten the name, or omit it so that CloudFormation generates one.",
    source="https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html",
    blind="Generated names, and values that are inserted into a name at deployment.",
    enforced_by="Cluster",
)
def names_not_too_long(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path, longest, shape = _LIMITS[resource.type]
    name = resource.get(path)
    if isinstance(name, Unknown):
        least = len(LATER.sub("", str(name)))
        if least > longest:
            yield Problem(f"the name has at least {least} characters; at most {longest} are allowed", path)
    if not isinstance(name, str):
        return
    if len(name) > longest:
        yield Problem(f"the name has {len(name)} characters; at most {longest} are allowed", path)
    elif not re.fullmatch(shape, name):
        yield Problem(f"{name!r} does not match {shape}", path)
