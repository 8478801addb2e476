"""A rule in the Region of global services that sends their events to the bus of the cluster's Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from constructs import Construct

from hardened_eks import _aws, _owner, _roles
from hardened_eks._asked import region_of
from hardened_eks._kinds import key_argument_problems, problems_in
from hardened_eks._patterns import regex
from hardened_eks._principals import arn_problems
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks._traces import leave_out_useless
from hardened_eks.alerts._channel import Target
from hardened_eks.alerts._combined import channel_problems, unseen_key_problems
from hardened_eks.alerts._rules import Rules
from hardened_eks.alerts._stack import StackAlerts
from hardened_eks.data.regions import PARTITIONS
from hardened_eks.detection._channels import listed, one_of
from hardened_eks.detection._global import home
from hardened_eks.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from hardened_eks.alerts import AlertChannel

_REGION: Final = regex(r"[a-z]{2,4}(-[a-z]+)+-\d")
_CALLS: Final = "AWS API Call via CloudTrail"
_SIGN_IN: Final = ["AWS Console Sign In via CloudTrail", "AWS Console Signin via CloudTrail"]


class GlobalEvents(Construct):
    """A rule that sends events of IAM, the organization, console sign-in and root to the Region of a cluster.

    EventBridge has these events only in us-east-1; in GovCloud only in us-gov-west-1, and in China only in cn-north-1.
    Changes of trails with this home Region are sent, too. The rules of a `Detection` in the cluster's Region define
    which of them are reported.
    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        region: str,
        alerts: AlertChannel | sns.ITopic | Sequence[AlertChannel | sns.ITopic],
        break_glass_role_arn: str | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the rules.

        Args:
            scope: the parent construct: a stack of the same account in us-east-1, us-gov-west-1 or cn-north-1.
            id: construct ID.
            region: the Region of the cluster.
            alerts: channels in this Region that receive a message when events cannot be forwarded: a channel, a topic,
                or up to five of them.
            break_glass_role_arn: ARN of the break-glass role; calls that assume it are forwarded, too. Default: none.
            encryption_key: KMS key that encrypts the queue of undelivered events; it must admit
                ``events.amazonaws.com``. Default: a new key.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"GlobalEvents '{id}'")
        here = region_of(scope)
        there = home(here)
        problems.require(
            not is_literal(here) or here == there,
            f"scope needs a stack in {there}, which has the events of global services, got one in {here}",
        )
        problems.require(
            is_text_token(region) or (isinstance(region, str) and _REGION.fullmatch(region)),
            f"region needs a Region such as eu-west-1, got {region!r}",
        )
        problems.require(
            region != there, f"region is {there}, where the detection itself sees global events: leave it out"
        )
        problems.require(
            not is_literal(here) or not isinstance(region, str) or region not in PARTITIONS or home(region) == there,
            f"region {region!r} is in another partition than {here}: pass the Region of a cluster of this account",
        )
        if break_glass_role_arn is not None:
            known = region if is_literal(region) else ""
            problems.extend(arn_problems("break_glass_role_arn", break_glass_role_arn, region=known))
        for channel in listed(alerts):
            problems.extend(channel_problems(alerts=channel))
            problems.extend(unseen_key_problems(alerts=channel))
        problems.require(listed(alerts), "alerts needs a channel such as alerts.Topic, got none")
        problems.extend(key_argument_problems("encryption_key", encryption_key, use="notifications"))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        bus = f"arn:{_aws.partition()}:events:{region}:{_aws.account()}:event-bus/default"
        made = _roles.role(
            self,
            "Role",
            description=f"EventBridge sends events of global services to {region} with it",
            trust=_roles.document(
                {
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": _aws.account()}},
                }
            ),
            aws_policies={},
            statements=[{"Action": "events:PutEvents", "Resource": bus}],
        )
        role: Any = made.attr_arn
        key = Keys(self, "Keys").notifications if encryption_key is None else encryption_key
        rules = Rules(
            scope=Construct(self, "Rules"), place=_owner.Place.of(self).below("Rules"),
            channel=one_of(listed(alerts)), stack=StackAlerts.of(self, key.key_arn),
        )  # fmt: skip
        target = Target(id="Bus", arn=bus)
        by_root = {"userIdentity": {"type": ["Root"]}}
        pattern = {
            "detail-type": [_CALLS, *_SIGN_IN],
            # Most trails are changed in this Region, too: it is the default home Region.
            "$or": [
                {"source": ["aws.iam", "aws.signin", "aws.organizations", "aws.cloudtrail"]},
                {"detail": by_root},
            ],
        }
        rules.start("Global", target, pattern=pattern, description=f"Global services, to {region}", role_arn=role)
        if break_glass_role_arn is not None:
            taken = {
                "source": ["aws.sts"],
                "detail-type": [_CALLS],
                "detail": {
                    "$or": [
                        {"requestParameters": {"roleArn": [break_glass_role_arn]}},
                        {"errorMessage": [{"wildcard": f"*: {break_glass_role_arn}*"}]},
                    ]
                },
            }
            rules.start(
                "BreakGlass",
                target,
                pattern=taken,
                description=f"The break-glass role is taken through the global endpoint, to {region}",
                role_arn=role,
                read_only_events=True,
            )
        rules.finish()
