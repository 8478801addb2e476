from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks._kinds import cluster_problems, flag_problems, problems_in
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._roles import document
from hardened_eks._tokens import is_number_token
from hardened_eks._views import role_view
from hardened_eks.access._alarm import alarm
from hardened_eks.access._entry import AccessEntry, AccessPolicy
from hardened_eks.alerts._channel import TOPIC
from hardened_eks.alerts._combined import as_channel, channel_problems
from hardened_eks.alerts._topic import PrivateTopic
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sns as sns

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.alerts import AlertChannel

_SESSION_SECONDS = 3600
_LEAST_MFA_AGE, _MOST_MFA_AGE = 60, 3600


class BreakGlassRole(Construct):
    """The one cluster administrator, for emergencies: named people, fresh MFA, one hour, and everybody can see it.

    The session carries a source identity, so that CloudTrail names the person and not only the role
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html).
    """

    resource: iam.CfnRole
    """The CloudFormation resource of the role."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        trusted: Sequence[iam.IPrincipal | iam.IRole | str],
        sealed: bool = False,
        mfa_max_age_seconds: int = 900,
        alerts: AlertChannel | sns.ITopic | None = None,
    ) -> None:
        """Make the role, its access entry and the alert.

        Args:
            scope: where they are made.
            id: construct id.
            cluster: the cluster.
            trusted: who may take the role: IAM users with MFA, or roles whose sessions carry MFA, or their ARNs. The
                sessions of IAM Identity Center carry none, so its roles are refused
                (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
            sealed: keep the role and its ARN, but let nobody take it and take it out of the cluster. To re-arm it in an
                emergency, deploy with ``sealed=False``.
            mfa_max_age_seconds: how old the MFA may be, 60 to 3600 seconds.
            alerts: is told whenever somebody takes the role, or tries to: a channel (`hardened_eks.alerts`), or a topic
                of yours, to which EventBridge must be allowed to publish. STS tells the region that was asked, so it
                sees the region's own endpoint only. Default: a topic is made; subscribe somebody to `topic_arn`.

        Raises:
            ConfigurationError: nobody is trusted, or everybody: ``*``, an account root, a group;
                or a role of Identity Center, which could not get in.
        """
        problems = problems_in(scope, f"BreakGlassRole '{id}'")
        problems.extend(cluster_problems(cluster))
        problems.extend(flag_problems(sealed=sealed))
        problems.extend(() if alerts is None else channel_problems(alerts=alerts))
        names = [arn_of(principal) for principal in trusted] if isinstance(trusted, list | tuple) else []
        problems.require(
            names,
            f"trusted needs a list of at least one role or user, got {trusted!r}: somebody must be able to get in",
        )
        for name in names:
            problems.extend(arn_problems("trusted", name, users=True, mfa=True))
        age = mfa_max_age_seconds
        problems.require(
            is_number_token(age)
            or (isinstance(age, int) and not isinstance(age, bool) and _LEAST_MFA_AGE <= age <= _MOST_MFA_AGE),
            f"mfa_max_age_seconds needs {_LEAST_MFA_AGE} to {_MOST_MFA_AGE} seconds, got {age!r}",
        )
        problems.raise_any()
        super().__init__(scope, id)
        self.sealed = sealed
        """Whether nobody can take the role now."""
        policy = iam.CfnManagedPolicy(
            self,
            "Policy",
            description=f"Read EKS cluster {cluster.name}",
            policy_document=document(
                {
                    "Action": ["eks:DescribeCluster", "eks:ListNodegroups", "eks:ListAddons", "eks:ListUpdates"],
                    "Resource": cluster.arn,
                }
            ),
        )
        self.resource = iam.CfnRole(
            self,
            "Role",
            description=f"Break glass: administrator of EKS cluster {cluster.name}",
            max_session_duration=_SESSION_SECONDS,
            assume_role_policy_document=_sealed_trust(names) if sealed else _trust(names, age),
            managed_policy_arns=[policy],
        )
        self.role_arn = self.resource.attr_arn
        """ARN of the role, the same sealed and armed."""
        self.access_entry = (
            None
            if sealed
            else AccessEntry(
                self, "AccessEntry", cluster=cluster, principal=self.role_arn, policy=AccessPolicy.CLUSTER_ADMIN
            )
        )
        """Makes the role cluster administrator; None while sealed."""
        key_arn = cluster.keys.notifications.key_arn
        self._targets = alarm(
            Construct(self, "Alarm"),
            role_arn=self.role_arn,
            what=f"Break-glass role of EKS cluster {cluster.name}",
            channel=PrivateTopic(key_arn) if alerts is None else as_channel(alerts),
            key_arn=key_arn,
        )

    @property
    def topic_arn(self) -> str:
        """ARN of the topic that is told.

        Raises:
            ConfigurationError: `alerts` is a channel without a topic.
        """
        for target in self._targets:
            if target.id == TOPIC:
                return target.arn
        problem = "topic_arn is not known: the role tells the channel passed as alerts, which has no topic"
        raise ConfigurationError(f"BreakGlassRole '{self.node.id}'", [problem])

    @property
    def role(self) -> iam.IRole:
        """The role as the CDK's interface, for alarms and further trust."""
        return role_view(self, self.resource)


def _trust(names: Sequence[str], mfa_max_age_seconds: int) -> dict[str, Any]:
    """Let named principals take the role; each condition must hold, and a missing key fails it."""
    return document(
        {
            "Sid": "NamedPeopleWithFreshMfa",
            "Principal": {"AWS": list(names)},
            "Action": "sts:AssumeRole",
            "Condition": {
                # The second keeps AWS services out that act on a person's behalf.
                "Bool": {"aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "false"},
                "NumericLessThan": {"aws:MultiFactorAuthAge": _text(mfa_max_age_seconds)},
                "StringLike": {"sts:SourceIdentity": "?*"},
            },
        },
        {
            "Sid": "NameYourself",
            "Principal": {"AWS": list(names)},
            "Action": "sts:SetSourceIdentity",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        },
    )


def _text(seconds: int) -> str:
    return cdk.Token.as_string(seconds) if is_number_token(seconds) else str(seconds)


def _sealed_trust(names: Sequence[str]) -> dict[str, Any]:
    return document(
        {
            "Sid": "Sealed",
            "Effect": "Deny",
            "Principal": {"AWS": list(names)},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        }
    )
