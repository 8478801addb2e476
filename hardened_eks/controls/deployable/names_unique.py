from collections.abc import Iterator

from hardened_eks.controls.deployable._changes import before, shown, stack_of
from hardened_eks.controls.deployable._twins import called, condition_of, first_of_the_same, one_place
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_NAMES = {
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroupName",
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::Chatbot::SlackChannelConfiguration": "SlackChannelId",
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Config::ConfigRule": "ConfigRuleName",
    "AWS::Config::ConformancePack": "ConformancePackName",
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
_PARTS_OF_NAMES = {
    "AWS::EKS::AccessEntry": ("ClusterName", "PrincipalArn"),
    "AWS::EKS::Addon": ("ClusterName", "AddonName"),
    "AWS::EKS::FargateProfile": ("ClusterName", "FargateProfileName"),
    "AWS::EKS::Nodegroup": ("ClusterName", "NodegroupName"),
    "AWS::EKS::PodIdentityAssociation": ("ClusterName", "Namespace", "ServiceAccount"),
}
"""Parts of a cluster -> the properties that together are unique."""
_TWINS_ELSEWHERE = ("AWS::EKS::AccessEntry", "AWS::EKS::PodIdentityAssociation")
"""Parts whose duplicates DP-28 and DP-35 find."""
_CLUSTER = "AWS::EKS::Cluster"
_EVERYWHERE = ("AWS::Chatbot::", "AWS::IAM::", "AWS::S3::")
_WITHIN = {"AWS::Events::Rule": "EventBusName"}


@control(
    id="DP-61",
    title="No two resources of the same type have the same name",
    types=(*_NAMES, *_PARTS_OF_NAMES),
    needs="stack",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'CloudFormation returns "X already exists" for the second one, and the stack rolls back. Which of the two is '
        "created second can change with each deployment. A resource with a new logical ID is created before the one "
        "with the old ID is deleted, so their names must differ too. An account can configure a channel of Slack only "
        "once, in all its Regions."
    ),
    fix=(
        "Omit the name: CloudFormation generates a unique one. If a name must stay, keep the logical ID as well "
        "(override_logical_id), or remove the resource in one deployment and add it in the next."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    blind=(
        "Stacks that are not in the assembly, and stacks whose account or Region is not known. Changes of logical IDs "
        "without the earlier template (`--against`); DP-24 evaluates those of clusters."
    ),
    enforced_by="Cluster",
)
def names_unique(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if assembly.previous is not None and before(resource, assembly) is None:
        yield from _renamed(resource, assembly)
    if resource.type in _PARTS_OF_NAMES:
        yield from _same_part(resource, assembly)
        return
    if len(assembly.of(resource.type)) == 1:
        return
    key = ("deployable.names", resource.type)
    first = assembly.once(key, lambda: _twins(assembly, resource.type)).get(resource)
    if first is not None:
        path = _NAMES[resource.type]
        yield Problem(f"{called(first, resource)} has the name {resource.get(path)} as well", path)


def _same_part(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield a problem if an earlier part of the cluster, such as an add-on, has the same name."""
    *_, path = _PARTS_OF_NAMES[resource.type]
    if resource.type in _TWINS_ELSEWHERE or resource.get(path) is None:
        return
    first = first_of_the_same(resource, assembly, *_PARTS_OF_NAMES[resource.type], certain=True)
    if first is not resource:
        yield Problem(f"{called(first, resource)} has the name {resource.get(path)} in the same cluster", path)


def _twins(assembly: Assembly, type_: str) -> dict[Resource, Resource]:
    """Return the earlier resource for each resource with a duplicate name."""
    firsts: dict[tuple[object, ...], Resource] = {}
    twins: dict[Resource, Resource] = {}
    for resource in assembly.of(type_):
        name = resource.get(_NAMES[type_])
        if name is None or (isinstance(name, Unknown) and name.branches != (name,)):
            continue
        known = not isinstance(name, Unknown)
        place = one_place(resource.template, everywhere=type_.startswith(_EVERYWHERE)) if known else resource.template
        within = str(resource.get(_WITHIN[type_], "")) if type_ in _WITHIN else ""
        first = firsts.setdefault((condition_of(resource), place, str(name), within), resource)
        if first is not resource:
            twins[resource] = first
    return twins


def _renamed(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    """Yield that a deployed resource, which is removed, has the name of a new one."""
    gone = assembly.once(("deployable.renamed",), lambda: _removed(assembly)).get(_identity(resource) or ())
    if gone is None or stack_of(gone, assembly) != stack_of(resource, assembly):
        return
    names = ", ".join(_names(resource))
    yield Problem(f"the logical ID changes from {gone.logical_id} to {resource.logical_id}, with the same {names}")


def _removed(assembly: Assembly) -> dict[tuple[str, ...], Resource]:
    """Return the deployed resources that have a name and are no longer in their stack, by type and name."""
    earlier = assembly.previous
    assert earlier is not None
    types = tuple(type_ for type_ in (*_NAMES, *_PARTS_OF_NAMES) if type_ != _CLUSTER)
    kept = {(one.type, one.logical_id, stack_of(one, assembly)) for one in assembly.of(*types)}
    found: dict[tuple[str, ...], Resource] = {}
    for one in earlier.of(*types):
        key = _identity(one)
        if key and (one.type, one.logical_id, stack_of(one, assembly)) not in kept:
            found[key] = one
    return found


def _identity(resource: Resource) -> tuple[str, ...] | None:
    """Return type and name; None if CloudFormation generates the name."""
    values = [resource.get(name) for name in _names(resource)]
    within = shown(resource.get(_WITHIN[resource.type])) if resource.type in _WITHIN else ""
    return None if any(value is None for value in values) else (resource.type, *map(shown, values), within)


def _names(resource: Resource) -> tuple[str, ...]:
    return _PARTS_OF_NAMES.get(resource.type) or (_NAMES[resource.type],)
