"""The bucket of the access logs of load balancers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from constructs import Construct

from hardened_eks import _aws, _buckets, _owner
from hardened_eks._asked import region_of
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._principals import arn_of
from hardened_eks._roles import document
from hardened_eks._tokens import is_literal, is_text_token, is_token
from hardened_eks._traces import leave_out_useless
from hardened_eks.baseline.load_balancers import PREFIX, service_annotations
from hardened_eks.data.aws_accounts import (
    LOG_DELIVERY_OF_REGION,
    LOG_DELIVERY_SERVICE,
    NETWORK_LOG_DELIVERY_SERVICE,
)
from hardened_eks.errors import Problems
from hardened_eks.governance._custody import MOST_DAYS, role_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam

_CERTIFICATE: Final = regex(r"arn:aws[a-z-]*:(acm|iam):[^\s,]+(,arn:aws[a-z-]*:(acm|iam):[^\s,]+)*")
_PORT: Final = regex(r"[a-z0-9-]{1,63}")
_LAST_PORT: Final = 65_535
_READ: Final = ["s3:GetObject", "s3:GetObjectVersion"]


class AccessLogs(Construct):
    """A bucket for the access logs of load balancers, which only the named roles can read.

    Load balancers of this account and Region, for Ingresses (application) and Services (network), write below the
    prefix ``load-balancers``. Pass the bucket to the setting ``access_logs`` of the baseline, and use
    `service_annotations` for Services. Nobody can delete a file before its retention ends. Elastic Load Balancing does
    not support buckets with a KMS key, so files are encrypted with keys of Amazon S3.
    """

    resource: s3.CfnBucket
    """The CloudFormation resource of the bucket."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        readers: Sequence[iam.IRole | str] = (),
        retention_days: int = 400,
    ) -> None:
        """Create the bucket, its policy, and the bucket for its own access logs.

        Args:
            scope: the parent construct: a stack of the cluster's account and Region.
            id: construct ID.
            readers: roles, or their ARNs, that may read the files. Default: none.
            retention_days: days after which a file is deleted, 1 to 36500. Default: 400.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"AccessLogs '{id}'")
        problems.extend(role_problems("readers", readers))
        problems.extend(_problems(retention_days))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        logs = _buckets.access_log_bucket(self, "AccessLogs")
        self.resource = _buckets.log_bucket(self, "LoadBalancers", access_logs=logs, retention_days=retention_days)
        _buckets.admit_access_logs(self, "AccessLogsPolicy", logs, self.resource)
        arns = [str(arn_of(one)) for one in readers]
        policy = create(
            s3.CfnBucketPolicy,
            self,
            "Policy",
            bucket=self.resource.ref,
            policy_document=document(
                *_deliveries(self.resource.attr_arn, region_of(self)),
                *_custody(self.resource.attr_arn, arns),
                _buckets.tls_only(self.resource.attr_arn),
            ),
        )
        policy.apply_removal_policy(cdk.RemovalPolicy.RETAIN)

    @property
    def bucket_name(self) -> str:
        """Name of the bucket, for ``Settings(access_logs=logs.bucket_name)``, or later for a settings file."""
        return str(self.resource.ref)

    def service_annotations(
        self,
        *,
        certificate_arn: str,
        ports: Sequence[int | str] = (),
        fips: bool = False,
        auto_mode: bool = False,
    ) -> dict[str, str]:
        """Return the annotations for an internal load balancer of a Service, with TLS 1.2 or newer and access logs.

        Args:
            certificate_arn: ARN of the certificate, in AWS Certificate Manager.
            ports: ports, or their names, that are served over TLS. Default: all.
            fips: use FIPS-validated cryptography. Default: no.
            auto_mode: for the load balancers of EKS Auto Mode. Default: no.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = Problems("service_annotations")
        problems.extend(_annotation_problems(certificate_arn, ports))
        problems.extend(flag_problems(fips=fips, auto_mode=auto_mode))
        problems.raise_any()
        return service_annotations(
            bucket=self.bucket_name, certificate_arn=certificate_arn, ports=ports, fips=fips, auto_mode=auto_mode
        )


def _annotation_problems(certificate_arn: object, ports: object) -> Iterator[str]:
    given = isinstance(certificate_arn, str) and _CERTIFICATE.fullmatch(certificate_arn)
    if not given and not is_text_token(certificate_arn):
        yield (
            "certificate_arn needs the ARN of a certificate, arn:aws:acm:REGION:ACCOUNT:certificate/ID, got "
            f"{certificate_arn!r}"
        )
    if not isinstance(ports, list | tuple):
        yield f"ports needs a list of port numbers or names, such as [443], got {ports!r}"
        return
    for port in ports:
        number = isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= _LAST_PORT
        if not number and not (isinstance(port, str) and _PORT.fullmatch(port)) and not is_token(port):
            yield f"ports needs numbers from 1 to {_LAST_PORT} or names such as 'https', got {port!r}"


def _problems(retention_days: object) -> Iterator[str]:
    whole = isinstance(retention_days, int) and not isinstance(retention_days, bool)
    if not whole or not 1 <= retention_days <= MOST_DAYS:  # type: ignore[operator]
        yield f"retention_days needs 1 to {MOST_DAYS} whole days, got {retention_days!r}"


def _deliveries(bucket_arn: str, region: str) -> list[dict[str, Any]]:
    """Return the statements for writers: a principal for each kind of load balancer, and an account in some Regions.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html and
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
    """
    files = f"{bucket_arn}/{PREFIX}/AWSLogs/{_aws.account()}/*"
    ours = {"aws:SourceAccount": _aws.account()}
    network = {"Principal": {"Service": NETWORK_LOG_DELIVERY_SERVICE}}
    by_logs = {"aws:SourceArn": _aws.arn("logs", "*")}
    found: list[dict[str, Any]] = [
        {
            "Sid": "ApplicationLoadBalancers",
            "Principal": {"Service": LOG_DELIVERY_SERVICE},
            "Action": "s3:PutObject",
            "Resource": files,
            "Condition": {"ArnLike": {"aws:SourceArn": _aws.arn("elasticloadbalancing", "loadbalancer/*")}},
        },
        {
            "Sid": "NetworkLoadBalancersLook",
            **network,
            "Action": "s3:GetBucketAcl",
            "Resource": bucket_arn,
            "Condition": {"StringEquals": ours, "ArnLike": by_logs},
        },
        {
            "Sid": "NetworkLoadBalancers",
            **network,
            "Action": "s3:PutObject",
            "Resource": files,
            "Condition": {
                "StringEquals": {**ours, "s3:x-amz-acl": "bucket-owner-full-control"},
                "ArnLike": by_logs,
            },
        },
    ]
    account = LOG_DELIVERY_OF_REGION.get(region) if is_literal(region) else None
    if account is not None:
        found.append(
            {
                "Sid": "ClassicLoadBalancers",
                "Principal": {"AWS": f"arn:{_aws.partition()}:iam::{account}:root"},
                "Action": "s3:PutObject",
                "Resource": files,
            }
        )
    return found


def _custody(bucket_arn: str, readers: Sequence[str]) -> Iterator[dict[str, Any]]:
    others: dict[str, Any] = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    if readers:
        yield {
            "Sid": "Read",
            "Principal": {"AWS": list(readers)},
            "Action": [*_READ, "s3:GetBucketLocation", "s3:ListBucket"],
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
        }
        others["ArnNotLike"] = {"aws:PrincipalArn": list(readers)}
    yield {
        "Sid": "NobodyElseReads",
        "Effect": "Deny",
        "Principal": "*",
        "Action": _READ,
        "Resource": f"{bucket_arn}/*",
        "Condition": others,
    }
    yield {
        "Sid": "NobodyDeletes",  # bucket policies do not apply to S3's lifecycle
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
        "Resource": f"{bucket_arn}/*",
    }
