from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import inherit, key_arn_of, place_problems, region_of
from hardened_eks._kinds import cluster_problems, flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._roles import document
from hardened_eks._tokens import is_number_token
from hardened_eks._views import role_view
from hardened_eks.access._access_policy import AccessPolicy
from hardened_eks.access._alarm import alarm
from hardened_eks.access._entry import AccessEntry
from hardened_eks.access._trust import people_of, sealed_trust, size_problems, trust, trusted_problems
from hardened_eks.alerts._channel import TOPIC
from hardened_eks.alerts._combined import as_channel, channel_problems
from hardened_eks.alerts._topic import PrivateTopic
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_sns as sns

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.access._identity_center import IdentityCenterTrust
    from hardened_eks.alerts import AlertChannel

_SESSION_SECONDS = 3600
_LEAST_MFA_AGE, _MOST_MFA_AGE = 60, 3600
_WAIVER = "hardened-eks:waiver"
_NO_MFA_SEEN = "IA-16"
"""The control that reports that AWS cannot see whether people of Identity Center used MFA."""


class BreakGlassRole(Construct):
    """A cluster administrator for emergencies: named people, recent MFA, one-hour sessions, and an alert.

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
        trusted: Sequence[iam.IPrincipal | iam.IUser | str | IdentityCenterTrust],
        sealed: bool = False,
        mfa_max_age_seconds: int = 900,
        alerts: AlertChannel | sns.ITopic | None = None,
    ) -> None:
        """Create the role, its access entry and the alert.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster.
            trusted: the people who may assume the role: IAM users with an MFA device, or their ARNs, and people of IAM
                Identity Center as an `IdentityCenterTrust`. Roles are refused, because a session that comes from
                ``AssumeRole`` carries no MFA
                (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
            sealed: keep the role and its ARN, but let nobody assume it, and remove its access entry from the cluster.
                To use the role in an emergency, deploy with ``sealed=False``. Default: not sealed.
            mfa_max_age_seconds: maximum age of the MFA authentication, 60 to 3600 seconds. Default: 900 seconds.
            alerts: receives a message when somebody assumes the role or tries to: a channel (`hardened_eks.alerts`),
                or your own topic, to which EventBridge must be allowed to publish. The role can be assumed only
                through the STS endpoint of the stack's Region, because the alert's rule sees only that endpoint.
                Default: a topic is created; subscribe somebody to `topic_arn`.

        Raises:
            ConfigurationError: `trusted` is empty, names everybody (``*``, an account root), a group, a role or a user
                of another partition, or more people than fit into a trust policy; a cluster (or its account or Region),
                an age or a channel is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"BreakGlassRole '{id}'")
        problems.extend(cluster_problems(cluster))
        problems.extend(place_problems(scope, cluster=cluster))
        problems.extend(flag_problems(sealed=sealed))
        problems.extend(() if alerts is None else channel_problems(alerts=alerts))
        problems.extend(trusted_problems(trusted, region=region_of(scope)))
        age = mfa_max_age_seconds
        problems.require(
            is_number_token(age)
            or (isinstance(age, int) and not isinstance(age, bool) and _LEAST_MFA_AGE <= age <= _MOST_MFA_AGE),
            f"mfa_max_age_seconds needs {_LEAST_MFA_AGE} to {_MOST_MFA_AGE} seconds, got {age!r}",
        )
        users, center = people_of(trusted)
        if not problems.found:
            problems.extend(size_problems(trust(users, center, age), age))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.sealed = sealed
        """True while nobody can assume the role."""
        policy = create(
            iam.CfnManagedPolicy,
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
        self.resource = create(
            iam.CfnRole,
            self,
            "Role",
            description=f"Break glass: administrator of EKS cluster {cluster.name}",
            max_session_duration=_SESSION_SECONDS,
            assume_role_policy_document=sealed_trust(users, center) if sealed else trust(users, center, age),
            managed_policy_arns=[policy],
        )
        if center and not sealed:
            self._record(center)
        self.role_arn = self.resource.attr_arn
        """ARN of the role, sealed or armed."""
        self.access_entry = (
            None
            if sealed
            else AccessEntry(
                self, "AccessEntry", cluster=cluster, principal=self.role_arn, policy=AccessPolicy.CLUSTER_ADMIN
            )
        )
        """The access entry of the role as cluster administrator; None while sealed."""
        key_arn = key_arn_of(cluster.keys.notifications)
        below = Construct(self, "Alarm")
        inherit(below, self)
        self._targets = alarm(
            below,
            role_arn=self.role_arn,
            what=f"Break-glass role of EKS cluster {cluster.name}",
            channel=PrivateTopic(key_arn) if alerts is None else as_channel(alerts),
            key_arn=key_arn,
        )

    @property
    def topic_arn(self) -> str:
        """ARN of the topic that receives the messages.

        Raises:
            ConfigurationError: `alerts` is a channel without a topic.
        """
        for target in self._targets:
            if target.id == TOPIC:
                return target.arn
        problem = "topic_arn is not known: alerts is a channel without a topic; leave alerts out, or pass alerts.Topic"
        raise ConfigurationError(f"BreakGlassRole '{self.node.id}'", [problem])

    @property
    def role(self) -> iam.IRole:
        """The role as the CDK's interface, for alarms and additional trust."""
        return role_view(self, self.resource)

    def _record(self, center: Sequence[IdentityCenterTrust]) -> None:
        """Record the reason why MFA that AWS cannot see is accepted, as a waiver that the checks find."""
        reasons = "; ".join(dict.fromkeys(one.mfa_reason for one in center))
        waiver = {"control": _NO_MFA_SEEN, "reason": reasons, "until": min(one.day for one in center), "approver": ""}
        self.resource.node.add_metadata(_WAIVER, json.dumps(waiver))
