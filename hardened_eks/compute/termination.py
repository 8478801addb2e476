"""The handler that drains self-managed nodes before they are terminated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_eks as eks
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import key_arn_of
from hardened_eks._kinds import cluster_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document, role
from hardened_eks.alerts._resources import dead_letters, tls_only
from hardened_eks.identity import pod_trust, service_account_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks._cluster_like import ClusterLike

MANAGED_TAG = "aws-node-termination-handler/managed"
"""Tag of the instances that the handler drains; its value is the name of their cluster."""
_RETENTION = 300  # seconds: an event is useless after the node is gone
_MOST_RECEIVES = 100  # a message comes back every 20 seconds while the handler drains

_GROUPS = "autoScalingGroup:*:autoScalingGroupName/*"
_GROUPS_IN_PACKS = f"arn:<AWS::Partition>:autoscaling:<AWS::Region>:<AWS::AccountId>:{_GROUPS}"
_ANY_GROUP = "CloudFormation names the groups, in this stack and in others; the tag of the cluster limits them"


class TerminationHandler(Construct):
    """The AWS resources of the AWS Node Termination Handler, which drains self-managed nodes before their termination.

    When Amazon EC2 Auto Scaling is about to terminate a node, the lifecycle hook of its group keeps the node, and an
    EventBridge rule sends the event to an encrypted queue. The handler, a deployment in the cluster, reads the queue,
    drains the node and completes the hook. **Install it** with the values of `helm_values`: until it runs, no node is
    drained, and each node is terminated after the heartbeat timeout of its hook.

    A cluster needs one handler for all its self-managed groups. The first group creates it, unless you pass one.
    Source: https://github.com/aws/aws-node-termination-handler (queue processor)
    """

    cluster: ClusterLike
    """The cluster whose nodes are drained."""
    queue: sqs.CfnQueue
    """The queue that the handler reads."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        namespace: str = "kube-system",
        service_account: str = "aws-node-termination-handler",
    ) -> None:
        """Create queue, rule and role.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster whose nodes are drained.
            namespace: Kubernetes namespace of the handler. Default: ``kube-system``.
            service_account: service account of the handler, which gets the role through Pod Identity. Default:
                ``aws-node-termination-handler``.

        Raises:
            ConfigurationError: the cluster's network is not known, or a name is not a Kubernetes name. The error lists
                all mistakes.
        """
        problems = problems_in(scope, f"TerminationHandler '{id}'")
        problems.extend(cluster_problems(cluster, "network"))
        problems.extend(service_account_problems(namespace, service_account))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.cluster = cluster
        self.hook_name = f"{cluster.name}-drain"
        """Name of the lifecycle hooks whose events the handler receives."""
        self._account = service_account
        for service in ("autoscaling", "sqs"):
            cluster.network.add_endpoint(service)
        key_arn = key_arn_of(cluster.keys.notifications)
        rule = self._make_rule()
        undelivered = dead_letters(self, key_arn=key_arn, rule_arn=rule.attr_arn)
        self.queue = create(
            sqs.CfnQueue,
            self,
            "Queue",
            kms_master_key_id=key_arn,
            message_retention_period=_RETENTION,
            redrive_policy={"deadLetterTargetArn": undelivered, "maxReceiveCount": _MOST_RECEIVES},
        )
        queue_arn = self.queue.attr_arn
        target: Any = {"id": "Queue", "arn": queue_arn, "deadLetterConfig": {"arn": undelivered}}
        rule.targets = [target]
        self._admit(rule.attr_arn, queue_arn)
        made = role(
            self,
            "Role",
            description=f"Node termination handler on EKS cluster {cluster.name}",
            trust=pod_trust(cluster.arn, namespace, service_account),
            aws_policies={},
            statements=_statements(cluster, queue_arn=queue_arn, key_arn=key_arn),
            wildcard="these describe calls take no resource ARN",
        )
        policy = self.node.find_child("RolePolicy")
        acknowledge(policy, {f"AwsSolutions::AwsSolutions-IAM5[Resource::{_GROUPS_IN_PACKS}]": _ANY_GROUP})
        create(
            eks.CfnPodIdentityAssociation,
            self,
            "Association",
            cluster_name=cluster.ref,
            namespace=namespace,
            service_account=service_account,
            role_arn=made.attr_arn,
        )

    @property
    def queue_url(self) -> str:
        """URL of the queue."""
        return self.queue.ref

    def helm_values(self, *, image_repository: str) -> Mapping[str, Any]:
        """Return values of the handler's chart with which its pods meet the restricted Pod Security Standard.

        The chart is `hardened_eks.data.termination_handler.CHART`, in the version of that module.

        Args:
            image_repository: repository of the handler's image. An isolated network needs a copy in ECR.
        """
        return {
            "enableSqsTerminationDraining": True,
            "queueURL": self.queue_url,
            "awsRegion": _aws.region(),
            "checkTagBeforeDraining": True,
            "managedTag": MANAGED_TAG,
            "serviceAccount": {"create": True, "name": self._account},
            "image": {"repository": image_repository},
            "rbac": {"create": True, "pspEnabled": False},
            "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
                "runAsGroup": 1000,
                "runAsNonRoot": True,
                "runAsUser": 1000,
            },
            "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
            # With two replicas, one can drain the node of the other.
            "replicas": 2,
            "podDisruptionBudget": {"maxUnavailable": 1},
        }

    def _make_rule(self) -> events.CfnRule:
        # The hook's name identifies the cluster. There is no reference to nodes, which may be in other stacks.
        return create(
            events.CfnRule,
            self,
            "Rule",
            description=f"Nodes of EKS cluster {self.cluster.name} that are about to be terminated",
            event_pattern={
                "source": ["aws.autoscaling"],
                "detail-type": ["EC2 Instance-terminate Lifecycle Action"],
                "detail": {"LifecycleHookName": [self.hook_name]},
            },
        )

    def _admit(self, rule_arn: str, queue_arn: str) -> None:
        create(
            sqs.CfnQueuePolicy,
            self,
            "QueuePolicy",
            queues=[self.queue.ref],
            policy_document=document(
                {
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": queue_arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
                },
                tls_only("sqs:*", queue_arn),
            ),
        )


def _statements(cluster: ClusterLike, *, queue_arn: str, key_arn: str) -> list[dict[str, Any]]:
    groups = _aws.arn("autoscaling", _GROUPS)
    return [
        {"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": queue_arn},
        {"Action": "kms:Decrypt", "Resource": key_arn},
        {
            "Action": "autoscaling:CompleteLifecycleAction",
            "Resource": groups,
            "Condition": {"StringEquals": {f"aws:ResourceTag/{MANAGED_TAG}": cluster.name}},
        },
        {
            "Action": ["autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeTags", "ec2:DescribeInstances"],
            "Resource": "*",
        },
    ]
