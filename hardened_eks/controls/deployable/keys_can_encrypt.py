from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls._unseen import value_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.environment import differ
from hardened_eks.evidence.views.keys import KEY, key_of

_PATHS = {
    "AWS::EKS::Cluster": "EncryptionConfig.{}.Provider.KeyArn",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData.BlockDeviceMappings.{}.Ebs.KmsKeyId",
    "AWS::EC2::Volume": "KmsKeyId",
    "AWS::ECR::Repository": "EncryptionConfiguration.KmsKey",
    "AWS::Logs::LogGroup": "KmsKeyId",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
    "AWS::CloudTrail::Trail": "KMSKeyId",
    "AWS::RDS::DBInstance": "KmsKeyId",
    "AWS::EFS::FileSystem": "KmsKeyId",
    "AWS::Backup::BackupVault": "EncryptionKeyArn",
    "AWS::S3::Bucket": (
        "BucketEncryption.ServerSideEncryptionConfiguration.{}.ServerSideEncryptionByDefault.KMSMasterKeyID"
    ),
}
_KEY_ARN = regex(r"arn:[a-z-]+:kms:(?P<region>[a-z0-9-]+):\d{12}:(?:key|alias)/.+")
_BY_BUCKET = ("AWS::CloudTrail::Trail",)


@control(
    id="DP-42",
    title="Keys that are used for encryption are enabled, symmetric and in the Region of the stack",
    types=tuple(_PATHS),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "The service rejects the key: KMS returns DisabledException, InvalidKeyUsageException or NotFoundException, "
        "EKS returns InvalidParameterException."
    ),
    fix="Omit Enabled, KeySpec and KeyUsage: the defaults fit encryption. Use a key of the stack's Region.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    blind=(
        "Whether the service accepts an AWS managed or AWS owned key. The Region of a trail's key, which is that of "
        "its bucket."
    ),
    enforced_by="Keys",
)
def keys_can_encrypt(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path in _paths(resource):
        value = resource.get(path)
        place = _region(value)
        if differ(place, resource.template.region) and resource.type not in _BY_BUCKET:
            yield Problem(f"its key is in {place}, but the stack is in {resource.template.region}", path)
            continue
        key = key_of(value, resource, assembly)
        if key is None:
            yield from value_not_seen(resource, assembly, path, value, KEY)
            continue
        if key.flag("Enabled", default=True) is False:
            yield Problem(f"its key {key.logical_id} is disabled", path)
        spec, usage = key.get("KeySpec", "SYMMETRIC_DEFAULT"), key.get("KeyUsage", "ENCRYPT_DECRYPT")
        if isinstance(spec, str) and spec != "SYMMETRIC_DEFAULT":
            yield Problem(f"its key {key.logical_id} has the spec {spec}, but SYMMETRIC_DEFAULT is needed", path)
        elif isinstance(usage, str) and usage != "ENCRYPT_DECRYPT":
            yield Problem(f"its key {key.logical_id} has the usage {usage}, but ENCRYPT_DECRYPT is needed", path)


def _region(value: object) -> str:
    """Return the Region of a key that is given by its ARN; empty if it is not known."""
    found = _KEY_ARN.fullmatch(value) if isinstance(value, str) else None
    return found["region"] if found else ""


def _paths(resource: Resource) -> Iterator[str]:
    before, several, after = _PATHS[resource.type].partition(".{}")
    if not several:
        yield before
        return
    for place, _ in resource.each(before):
        yield f"{place}{after}"
