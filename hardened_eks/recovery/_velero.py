from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from hardened_eks import _aws, _buckets, _owner
from hardened_eks._asked import key_arn_of, place_problems, stack_of
from hardened_eks._kinds import cluster_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import NO_FOREIGN_GRANTS, document
from hardened_eks._traces import leave_out_useless
from hardened_eks.identity import PodRole, service_account_problems
from hardened_eks.recovery._settings import MOST_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks._cluster_like import ClusterLike

_CLUSTER_TAG: Final = "aws:{}Tag/kubernetes.io/cluster/{}"
_OBJECTS: Final = (
    "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject",
)  # fmt: skip


class VeleroStore(Construct):
    """A bucket for Velero's backups, and the role of its pods, for teams that use Velero with or before AWS Backup.

    Install Velero with Helm, with `service_account` as ``serviceAccount.server.name``, the plug-in for AWS and no
    credentials: the pods get the role through Pod Identity.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        namespace: str = "velero",
        service_account: str = "velero",
        lock_days: int | None = None,
        retention_days: int = 400,
    ) -> None:
        """Create the bucket, its key, the bucket of its access logs, and the role.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster in which Velero runs.
            namespace: Kubernetes namespace of Velero. Default: ``velero``.
            service_account: service account of Velero's server. Default: ``velero``.
            lock_days: days, up to `retention_days`, for which objects cannot be deleted without
                ``s3:BypassGovernanceRetention``; Velero's own ``ttl`` must be longer. Default: no lock.
            retention_days: days after which objects are deleted, 1 to 36500; must be longer than Velero's ``ttl``.
                Default: 400.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"VeleroStore '{id}'")
        problems.extend(cluster_problems(cluster))
        problems.extend(place_problems(scope, cluster=cluster))
        problems.extend(service_account_problems(namespace, service_account))
        problems.extend(_days_problems(lock_days, retention_days))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        key = _buckets.key(self, "Key", what="Velero's backups", statements=[dict(NO_FOREIGN_GRANTS)])
        access_logs = _buckets.access_log_bucket(self, "AccessLogs")
        self.resource = _buckets.bucket(
            self,
            "Backups",
            key_arn=key.key_arn,
            access_logs=access_logs,
            rules=[{"id": "Expire", "status": "Enabled", "expirationInDays": retention_days}],
            lock=None if lock_days is None else {"mode": "GOVERNANCE", "days": lock_days},
        )
        """The CloudFormation resource of the bucket."""
        _buckets.admit_access_logs(self, "AccessLogsPolicy", access_logs, self.resource)
        arn = self.resource.attr_arn
        create(
            s3.CfnBucketPolicy,
            self,
            "Policy",
            bucket=self.resource.ref,
            policy_document=document(_buckets.tls_only(arn)),
        )
        self.role = PodRole(self, "Role", cluster=cluster, namespace=namespace, service_account=service_account)
        """The role of Velero's pods."""
        policy = create(
            iam.CfnManagedPolicy,
            self,
            "RolePolicy",
            description="Velero stores backups and takes snapshots of volumes",
            roles=[self.role.role.role_name],
            policy_document=document(*_statements(arn, key.key_arn, cluster)),
        )
        bucket_id = stack_of(self).resolve(self.resource.logical_id)
        acknowledge(policy, {f"AwsSolutions::AwsSolutions-IAM5[{found}]": why for found, why in _findings(bucket_id)})

    @property
    def bucket_name(self) -> str:
        """Name of the bucket, for Velero's ``backupStorageLocation``."""
        return str(self.resource.ref)


def _findings(bucket_id: str) -> Iterator[tuple[str, str]]:
    yield f"Resource::<{bucket_id}.Arn>/*", "Velero names its objects; the bucket is its own"
    yield (
        "Resource::*",
        "these describe calls take no resource ARN; changes are limited to what carries the cluster's tag",
    )
    volumes = "Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:volume/*"
    for found in (volumes, "Resource::arn:<AWS::Partition>:ec2:<AWS::Region>::snapshot/*"):
        yield found, "AWS chooses their IDs; they must have the cluster's tag"
    for action in ("kms:ReEncrypt*",):
        yield f"Action::{action}", "from and to the one key of the cluster's volumes"


def _statements(bucket_arn: str, key_arn: str, cluster: ClusterLike) -> list[dict[str, Any]]:
    # https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero, limited to the cluster's own
    volumes = f"arn:{_aws.partition()}:ec2:{_aws.region()}:{_aws.account()}:volume/*"
    snapshots = f"arn:{_aws.partition()}:ec2:{_aws.region()}::snapshot/*"
    return (
        [
            {"Action": list(_OBJECTS), "Resource": f"{bucket_arn}/*"},
            {"Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": bucket_arn},
            {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": key_arn},
            {"Action": ["ec2:DescribeSnapshots", "ec2:DescribeVolumes"], "Resource": "*"},
        ]
        + [
            {"Action": action, "Resource": resource, "Condition": {"StringEquals": {tag: value}}}
            for action, resource, tag, value in _ec2(volumes, snapshots, cluster.name)
        ]
        + _volume_key(cluster)
    )


def _volume_key(cluster: ClusterLike) -> list[dict[str, Any]]:
    """Return the statements on the key of the cluster's volumes to restore one; none if the key is not known."""
    if list(cluster.unknown("keys")):
        return []
    key = key_arn_of(cluster.keys.volumes)
    use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"]
    through = _aws.through("ec2")
    grants = {**through, "Bool": {"kms:GrantIsForAWSResource": "true"}}
    return [
        {"Action": use, "Resource": key, "Condition": through},
        {"Action": "kms:CreateGrant", "Resource": key, "Condition": grants},
    ]


def _ec2(volumes: str, snapshots: str, cluster_name: str) -> Iterator[tuple[Any, Any, str, str]]:
    own, made = _CLUSTER_TAG.format("Resource", cluster_name), _CLUSTER_TAG.format("Request", cluster_name)
    yield "ec2:CreateSnapshot", volumes, own, "owned"
    yield ["ec2:CreateSnapshot", "ec2:CreateTags"], snapshots, made, "owned"
    yield "ec2:DeleteSnapshot", snapshots, own, "owned"
    yield ["ec2:CreateVolume", "ec2:CreateTags"], volumes, made, "owned"
    # A restore: EC2 also checks the source (https://github.com/kubernetes-sigs/aws-ebs-csi-driver/issues/2190).
    yield "ec2:CreateVolume", snapshots, own, "owned"


def _days_problems(lock: Any, keep: Any) -> Iterator[str]:
    good = True
    for name, value in (("lock_days", lock), ("retention_days", keep)):
        if name == "lock_days" and value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
            good = False
            yield f"{name} needs 1 to {MOST_DAYS} whole days, got {value!r}"
    if good and lock is not None and keep < lock:
        yield (
            f"retention_days is {keep}, less than lock_days {lock}: a locked object cannot be deleted; pass {lock} or "
            "more"
        )
