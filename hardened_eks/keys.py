"""Customer managed keys, one for each kind of data, so that each has its own permissions and can be disabled alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import region_of
from hardened_eks._kinds import KEY, KEYS, is_a, key_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._roles import NO_FOREIGN_GRANTS, document
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")


@KEYS.own
class Keys(Construct):
    """The customer managed keys of a cluster. Each is created on first use, unless you pass it.

    A new key rotates yearly and has a waiting period of 30 days before its deletion. CloudFormation keeps it when the
    stack is deleted, because data is lost without its key. The account's root principal can manage each key, so that
    nobody is locked out (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        secrets: kms.IKey | None = None,
        volumes: kms.IKey | None = None,
        logs: kms.IKey | None = None,
        images: kms.IKey | None = None,
        notifications: kms.IKey | None = None,
        functions: kms.IKey | None = None,
    ) -> None:
        """Create the construct, without any key.

        Args:
            scope: the parent construct of new keys.
            id: construct ID.
            secrets: key that encrypts all Kubernetes API data. It can never be replaced by another key. Default: a new
                key.
            volumes: key that encrypts node and pod volumes. It must admit the Auto Scaling service-linked role. After a
                change, the EBS driver may not use the key of existing volumes (docs/how-to/add-ons.md). Default: a new
                key.
            logs: key that encrypts CloudWatch log groups. It must admit CloudWatch Logs. Default: a new key.
            images: key that encrypts ECR repositories. Default: a new key.
            notifications: key that encrypts SNS topics and SQS queues. Default: a new key.
            functions: key that encrypts the variables of Lambda functions. Default: a new key.

        Raises:
            ConfigurationError: an argument is not a key, or a key is not symmetric or in another Region. The error
                lists all mistakes.
        """
        given = {
            "secrets": secrets,
            "volumes": volumes,
            "logs": logs,
            "images": images,
            "notifications": notifications,
            "functions": functions,
        }
        problems = problems_in(scope, f"Keys '{id}'")
        problems.extend(key_problems(**given))
        if any(key is not None for key in given.values()):
            problems.extend(_use_problems(region_of(scope), given))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self._keys: dict[str, kms.IKey | None] = {name.capitalize(): key for name, key in given.items()}

    @property
    def secrets(self) -> kms.IKey:
        """The key that encrypts all Kubernetes API data. The role of the control plane can use it.

        It is the only key that does not limit grants to AWS services, because such a condition does not recognize the
        grant of EKS and would prevent the creation of the cluster
        (https://docs.aws.amazon.com/eks/latest/userguide/create-cluster.html).
        """
        return self._key("Secrets", "Kubernetes API data", [_grants(_account_principal())])

    @property
    def volumes(self) -> kms.IKey:
        """The key that encrypts volumes. The service-linked role of Auto Scaling can use it to launch managed nodes.

        The policy names the role in a condition and not as the principal, because KMS refuses principals that do not
        exist, and the role may not exist yet in a new account
        (https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html).
        """
        arn = (
            f"arn:{_aws.partition()}:iam::{_aws.account()}:role/aws-service-role/autoscaling.amazonaws.com/"
            "AWSServiceRoleForAutoScaling*"
        )
        launcher = {"ArnLike": {"aws:PrincipalArn": arn}}
        everybody = {"AWS": "*"}
        account = {"StringEquals": {"kms:CallerAccount": _aws.account()}}
        return self._key(
            "Volumes",
            "node and pod volumes",
            [
                {"Principal": everybody, "Action": list(_USE), "Resource": "*", "Condition": {**launcher, **account}},
                _grants(everybody, {**launcher, **account}),
                dict(NO_FOREIGN_GRANTS),
            ],
        )

    @property
    def logs(self) -> kms.IKey:
        """The key that encrypts log groups, only in this account and Region, and only through CloudWatch Logs."""
        groups = f"arn:{_aws.partition()}:logs:{_aws.region()}:{_aws.account()}:log-group:*"
        return self._key(
            "Logs",
            "log groups",
            [
                {
                    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
                    "Principal": {"Service": f"logs.{_aws.region()}.{_aws.url_suffix()}"},
                    "Action": list(_USE),
                    "Resource": "*",
                    "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
                },
                dict(NO_FOREIGN_GRANTS),
            ],
        )

    @property
    def images(self) -> kms.IKey:
        """The key that encrypts ECR repositories. Only ECR creates grants on it, when a repository is created."""
        return self._key("Images", "container images", _grants_through("ecr"))

    @property
    def notifications(self) -> kms.IKey:
        """The key that encrypts topics and queues. Alarms, rules and topics of this account can write to them."""
        use = {"Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*"}
        return self._key(
            "Notifications",
            "notifications",
            [
                {
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
                    **use,
                },
                # SNS writes to encrypted queues, and names its topic; no source says that it names the account too.
                {
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Condition": {"ArnLike": {"aws:SourceArn": _aws.arn("sns", "*")}},
                    **use,
                },
                # EventBridge does not name its caller when it writes to an encrypted topic, so a condition would deny
                # it: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
                {"Principal": {"Service": "events.amazonaws.com"}, **use},
                dict(NO_FOREIGN_GRANTS),
            ],
        )

    @property
    def functions(self) -> kms.IKey:
        """The key that encrypts the variables of Lambda functions; only Lambda creates grants on it.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
        """
        return self._key("Functions", "variables of functions", _grants_through("lambda"))

    @property
    def existing(self) -> Mapping[str, kms.IKey]:
        """The existing keys by name: ``secrets``, ``logs`` ... The other properties create their keys on first use."""
        return {name.lower(): key for name, key in self._keys.items() if key is not None}

    def _key(self, name: str, what: str, statements: list[dict[str, Any]]) -> kms.IKey:
        key = self._keys[name]
        if key is None:
            manage = {"Sid": "Manage", "Principal": _account_principal(), "Action": "kms:*", "Resource": "*"}
            key = create(
                kms.Key,
                self,
                name,
                description=f"Encrypts {what}",
                enable_key_rotation=True,
                pending_window=_aws.thirty_days(),
                removal_policy=cdk.RemovalPolicy.RETAIN,
                policy=iam.PolicyDocument.from_json(document(manage, *statements)),
            )
            self._keys[name] = key
        return key


def _use_problems(region: str, given: Mapping[str, kms.IKey | None]) -> Iterator[str]:
    """Yield which keys services cannot use. All services need symmetric keys of their own Region.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    """
    for name, key in given.items():
        if key is None or not is_a(KEY, key):
            continue
        made = key.node.default_child
        spec = made.key_spec if isinstance(made, kms.CfnKey) else None
        if is_literal(spec) and spec != "SYMMETRIC_DEFAULT":
            yield f"{name} needs a symmetric key (KeySpec.SYMMETRIC_DEFAULT), got {spec}: pass another, or leave it out"
        place = key.env.region
        if is_literal(place) and is_literal(region) and place != region:
            yield f"{name} needs a key of the stack's Region {region}, got one of {place}: pass another, or none"


def _account_principal() -> dict[str, str]:
    return {"AWS": f"arn:{_aws.partition()}:iam::{_aws.account()}:root"}


def _grants_through(name: str) -> list[dict[str, Any]]:
    """Return the statements that let only one service create grants on behalf of the account."""
    others = {**NO_FOREIGN_GRANTS["Condition"], "StringNotLikeIfExists": {"kms:ViaService": _aws.via(name)}}
    through = {**_aws.through(name), "StringEquals": {"kms:CallerAccount": _aws.account()}}
    return [_grants(_account_principal(), through), {**NO_FOREIGN_GRANTS, "Condition": others}]


def _grants(principal: dict[str, str], condition: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the statement that lets only AWS services create grants on behalf of `principal`."""
    return {
        "Principal": principal,
        "Action": "kms:CreateGrant",
        "Resource": "*",
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}, **(condition or {})},
    }
