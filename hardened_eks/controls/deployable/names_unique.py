from collections.abc import Iterator

from hardened_eks.controls.deployable._twins import one_place
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_NAMES = {
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroupName",
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::EKS::Cluster": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::SecretsManager::Secret": "Name",
}
_EVERYWHERE = ("AWS::IAM::", "AWS::S3::")
_WITHIN = {"AWS::Events::Rule": "EventBusName"}


@control(
    id="DP-61",
    title="No two resources of the same type have the same name",
    types=tuple(_NAMES),
    needs="stack",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'CloudFormation returns "X already exists" for the second one, and the stack rolls back. Which of the two is '
        "created second can change with each deployment."
    ),
    fix="Omit the name: CloudFormation generates a unique one.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    blind="Stacks that are not in the assembly, and stacks whose account or Region is not known.",
    enforced_by="Cluster",
)
def names_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if len(assembly.of(resource.type)) == 1:
        return
    key = ("deployable.names", resource.type)
    first = assembly.once(key, lambda: _twins(assembly, resource.type)).get(resource)
    if first is not None:
        where = first.logical_id if first.template is resource.template else first.id
        path = _NAMES[resource.type]
        yield Problem(f"{where} has the name {resource.get(path)} as well", path)


def _twins(assembly: Assembly, type_: str) -> dict[Resource, Resource]:
    """Return the earlier resource for each resource with a duplicate name."""
    firsts: dict[tuple[object, ...], Resource] = {}
    twins: dict[Resource, Resource] = {}
    for resource in assembly.of(type_):
        name = resource.get(_NAMES[type_])
        if name is None or "Condition" in resource.body or (isinstance(name, Unknown) and name.branches != (name,)):
            continue
        known = not isinstance(name, Unknown)
        place = one_place(resource.template, everywhere=type_.startswith(_EVERYWHERE)) if known else resource.template
        within = str(resource.get(_WITHIN[type_], "")) if type_ in _WITHIN else ""
        first = firsts.setdefault((place, str(name), within), resource)
        if first is not resource:
            twins[resource] = first
    return twins
