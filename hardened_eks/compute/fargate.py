"""Fargate profiles, whose pods run without nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._kinds import COMPUTE, problems_in
from hardened_eks._l1 import create
from hardened_eks._roles import document, role
from hardened_eks.baseline.fargate_logging import logging_objects
from hardened_eks.compute._fargate_arguments import FargateArguments, FargateSelector
from hardened_eks.compute._fargate_logs import Fargate, log_statements
from hardened_eks.compute._of_cluster import once
from hardened_eks.identity import ServiceAccountRole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs
    from constructs import IDependable

    from hardened_eks._cluster_like import ClusterLike

_PULLS = {"AmazonEKSFargatePodExecutionRolePolicy": "pulling images, maintained by AWS"}
_NO_WAY_FOR_LOGS = (
    "the log router of Fargate is reported to need internet access in addition to the endpoint of CloudWatch Logs "
    "(https://github.com/aws/containers-roadmap/issues/1254), which this isolated network does not have; it fails "
    "silently. Check whether logs arrive, then acknowledge this warning; or use Network(egress=Egress.NAT), or "
    "logs=False and a sidecar"
)
_UNREACHABLE = (
    "pods on Fargate have the security group that EKS created for the cluster, which is not known for an imported "
    "cluster: admit it to the endpoints yourself (Network.admit), and let it and nodes reach each other"
)


@COMPUTE.own
class FargateProfile(Construct):
    """A Fargate profile, whose pods run on AWS Fargate, each on its own virtual machine, in private subnets.

    Fargate does not support **EKS Pod Identity** (use `add_role`, which creates a `ServiceAccountRole`), the runtime
    agent of **Amazon GuardDuty**, network policies of the VPC CNI (pods have the cluster's security group, or one of a
    ``SecurityGroupPolicy``), EBS volumes, DaemonSets, privileged pods and GPUs.

    Every change of a profile replaces it.
    """

    cluster: ClusterLike
    """The cluster of the pods."""
    resource: eks.CfnFargateProfile
    """The CloudFormation resource."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        selectors: Sequence[FargateSelector],
        subnets: Sequence[ec2.ISubnet] | None = None,
        role: iam.IRole | None = None,
        logs: bool = True,
        log_group: aws_logs.ILogGroup | None = None,
        log_retention_days: int = 365,
    ) -> None:
        """Create the profile.

        Args:
            scope: the parent construct.
            id: construct ID. The profile itself gets a generated name, so that it can be replaced.
            cluster: the cluster of the pods.
            selectors: selectors of the pods, one to five. A pod that matches one of them runs on Fargate. A cluster
                without nodes needs `FargateSelector.SYSTEM`, and ``addons=AddonOptions.for_fargate()``.
            subnets: private subnets of the pods. Default: the network's node subnets.
            role: role that pulls the pods' images and writes their logs. Default: a new role with only these
                permissions, which EKS can assume only for profiles of this cluster.
            logs: let the log router write the pods' logs to CloudWatch, after you apply `logging_objects`. Default:
                yes.
            log_group: log group for the pods' logs. Default: ``/aws/eks/<cluster>/fargate``, created with the first
                profile: encrypted, protected and retained.
            log_retention_days: days for which a new log group keeps the pods' logs; a value that CloudWatch Logs
                supports, such as 90 or 400. Default: 365.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        given = FargateArguments(
            cluster=cluster,
            selectors=selectors,
            subnets=subnets,
            role=role,
            logs=logs,
            log_group=log_group,
            log_retention_days=log_retention_days,
        )
        problems = problems_in(scope, f"FargateProfile '{id}'")
        problems.extend(given.problems(scope))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.cluster = cluster
        self._selectors = tuple(selectors)
        shared = once(cluster, Fargate, lambda where, name: Fargate(where, name, cluster=cluster))
        self._log_group = shared.log_group(log_group, log_retention_days) if logs else None
        self.role_arn = self._make_role() if role is None else role.role_arn
        """ARN of the pod execution role."""
        self.resource = self._make_resource(given)
        shared.follow(self.resource)
        self._reach()
        if logs and cluster.network.isolated:
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:fargate-log-router", _NO_WAY_FOR_LOGS)
        if given.takes_system:
            cluster.register_nodes(self, scope=scope)

    def wait_for(self, *needed: IDependable) -> None:
        """Create the profile after the resources that its pods need. The cluster calls this.

        Args:
            *needed: these resources.
        """
        self.resource.node.add_dependency(*needed)

    @property
    def logging_objects(self) -> list[dict[str, Any]]:
        """The Kubernetes objects that send the pods' logs to CloudWatch, once per cluster; empty without `logs`.

        Apply them before the pods start, because Fargate reads them when it starts a pod.
        """
        return [] if self._log_group is None else logging_objects(log_group=self._log_group[0], region=_aws.region())

    def add_role(
        self,
        id: str,
        *,
        namespace: str,
        service_account: str,
        managed_policies: Sequence[iam.IManagedPolicy] = (),
        description: str | None = None,
    ) -> ServiceAccountRole:
        """Add AWS permissions for pods on Fargate, where EKS Pod Identity does not work.

        Args:
            id: construct ID.
            namespace: Kubernetes namespace of the service account, which a selector must match.
            service_account: name of the service account.
            managed_policies: managed policies to attach to the role. Default: none; prefer grants to the role.
            description: description of the role. Default: one that names the pods.

        Returns:
            The role.

        Raises:
            ConfigurationError: no selector matches the namespace, or a name is not a Kubernetes name. The error lists
                all mistakes.
        """
        problems = problems_in(self, f"add_role of FargateProfile '{self.node.id}'")
        problems.require(
            isinstance(namespace, str) and any(selector.takes(namespace) for selector in self._selectors),
            f"namespace {namespace!r} is not one of the profile's ({', '.join(s.namespace for s in self._selectors)}): "
            "use a PodRole for pods on nodes",
        )
        problems.raise_any()
        return ServiceAccountRole(
            self,
            id,
            cluster=self.cluster,
            namespace=namespace,
            service_account=service_account,
            managed_policies=managed_policies,
            description=description,
        )

    def _make_role(self) -> str:
        # https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html: a profile's name is not known yet
        profiles = _aws.arn("eks", f"fargateprofile/{self.cluster.name}/*")
        made = role(
            self,
            "Role",
            description=f"Fargate pods of EKS cluster {self.cluster.name}: images and logs",
            trust=document(
                {
                    "Principal": {"Service": "eks-fargate-pods.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": _aws.account()},
                        "ArnLike": {"aws:SourceArn": profiles},
                    },
                }
            ),
            aws_policies=_PULLS,
            statements=() if self._log_group is None else log_statements(self._log_group[1]),
        )
        return made.attr_arn

    def _make_resource(self, given: FargateArguments) -> eks.CfnFargateProfile:
        network = self.cluster.network
        return create(
            eks.CfnFargateProfile,
            self,
            "Resource",
            cluster_name=self.cluster.ref,
            pod_execution_role_arn=self.role_arn,
            subnets=network.node_subnet_ids if given.subnets is None else [s.subnet_id for s in given.subnets],
            selectors=[selector.rendered() for selector in given.selectors],
        )

    def _reach(self) -> None:
        rules = self.cluster.admit_fargate()
        if rules:
            self.resource.node.add_dependency(*rules)
        else:
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:fargate-security-group", _UNREACHABLE)
