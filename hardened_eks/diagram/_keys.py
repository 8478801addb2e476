"""The data that each key encrypts, and the retention of each log group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.diagram._names import known, name_of, named
from hardened_eks.diagram.facts import Key, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.evidence import Assembly, Resource

_KEY: Final = "AWS::KMS::Key"
_REPLICA: Final = "AWS::KMS::ReplicaKey"
_LOG: Final = "AWS::Logs::LogGroup"
_CALLED: Final = {
    "AWS::EKS::Cluster": "Kubernetes secrets of",
    "AWS::EC2::LaunchTemplate": "volumes of",
    "AWS::AutoScaling::AutoScalingGroup": "volumes of",
    "AWS::ECR::Repository": "images in",
    "AWS::ECR::RepositoryCreationTemplate": "images in",
    "AWS::Logs::LogGroup": "log",
    "AWS::SNS::Topic": "topic",
    "AWS::SQS::Queue": "queue",
    "AWS::S3::Bucket": "bucket",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::CloudTrail::Trail": "trail",
    "AWS::Backup::BackupVault": "vault",
    "AWS::Lambda::Function": "environment of",
    "AWS::StepFunctions::StateMachine": "state machine",
    "AWS::CloudFormation::Stack": "resources of the nested stack",
}
"""Type of the encrypted resource -> the words before its name; for other types, the last part of the type."""
_WRITTEN_BESIDE: Final = ("AWS::IAM::", "AWS::KMS::", "AWS::CloudWatch::", "AWS::Events::", "AWS::Logs::MetricFilter",
                          "Kubernetes::", "AWS::EKS::AccessEntry", "AWS::EKS::PodIdentityAssociation")  # fmt: skip
"""Types that name a key without being encrypted by it."""


def keys(assembly: Assembly) -> Iterator[Key]:
    """Yield every key."""
    for key in assembly.of(_KEY, _REPLICA):
        things = [*assembly.referring(key), *_by_alias(key, assembly)]
        encrypted = {_thing(one, assembly) for one in things if not one.type.startswith(_WRITTEN_BESIDE)}
        yield Key(name_of(key, assembly), _rotation(key), tuple(sorted(encrypted)))


def _by_alias(key: Resource, assembly: Assembly) -> Iterator[Resource]:
    for alias in assembly.referring(key, "AWS::KMS::Alias"):
        yield from assembly.referring(alias)


def _thing(resource: Resource, assembly: Assembly) -> str:
    said = _CALLED.get(resource.type, resource.type.rpartition("::")[2])
    return f"{said} {name_of(resource, assembly)}"


def _rotation(key: Resource) -> str:
    if key.type == _REPLICA:
        return "rotates like its primary key"
    found = key.flag("EnableKeyRotation", default=False)
    return {True: "rotates", False: "does not rotate"}.get(found, "rotation not known")


def records(assembly: Assembly) -> Iterator[Record]:
    """Yield every log group."""
    for group in assembly.of(_LOG):
        days = group.get("RetentionInDays")
        key = group.get("KmsKeyId")
        kept = "kept forever" if days is None else f"{known(days)} days"
        by = f"key {named(key, group, assembly)}" if key is not None else "no key of your own"
        yield Record(name_of(group, assembly), (kept, by))
