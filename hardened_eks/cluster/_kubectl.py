"""The kubectl handler for Helm charts and manifests of CDK apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks._asked import key_arn_of, node_of, place_problems
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks.access import AccessEntry, AccessPolicy
from hardened_eks.cluster import _kubectl_functions as functions
from hardened_eks.cluster import _security_groups
from hardened_eks.cluster._kubectl_arguments import KubectlArguments
from hardened_eks.network._security_group import SecurityGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_eks_v2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_lambda as lambda_
    from constructs import IDependable

    from hardened_eks._cluster_like import ClusterLike

_ENDPOINTS = ("eks", "sts", "lambda")
_FRAMEWORK_MIB = 256


class Kubectl(Construct):
    """The handler that runs kubectl and Helm for CDK apps, inside the network and with its own access entry.

    Anyone who can deploy to the account through CloudFormation can use the handler's permissions in the cluster, so
    they are limited to namespaces. The handler adds only the following:

    - Two Lambda functions in the node subnets, with their own security group without inbound rules. They can reach the
      Kubernetes API, the VPC endpoints and, for charts and responses, Amazon S3 through its endpoint, on TCP 443.
    - The VPC endpoints ``lambda``, ``eks`` and ``sts``, and CloudFormation's response bucket in the policy of the S3
      endpoint.
    - An IAM role that can read the endpoint of this cluster, and the log group of the functions. Grant the role the
      permissions that a chart needs, for example ``repository.grant_pull(kubectl.role)``.

    The handler logs complete manifests and values. The log group is encrypted, but a secret in a manifest is also in
    the template: do not put secrets into manifests.
    """

    entry: AccessEntry | None
    """The access entry of the handler; None for a provider that already has one."""
    provider: aws_eks_v2.IKubectlProvider
    """The kubectl provider that `Cluster.as_cdk_cluster` passes to charts and manifests."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        layer: lambda_.ILayerVersion | None = None,
        provider: aws_eks_v2.IKubectlProvider | None = None,
        policy: AccessPolicy = AccessPolicy.EDIT,
        namespaces: Sequence[str] = (),
        log_retention_days: int = 365,
        memory_mib: int = 1024,
    ) -> None:
        """Create the handler, or use an existing one. Prefer `Cluster.add_kubectl`, which calls this.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster.
            layer: layer with kubectl and Helm for a new handler. Default: none; then `provider` is required.
            provider: an existing handler. Default: none; then `layer` is required.
            policy: permissions of the handler in the namespaces. Default: `AccessPolicy.EDIT`.
            namespaces: existing namespaces for charts and manifests. Required with `layer`, unless `policy` is
                `AccessPolicy.CLUSTER_ADMIN`. Default: none; with `provider`, no access entry is created.
            log_retention_days: days for which the handler's log is kept; a value that CloudWatch Logs supports, such as
                90 or 400. Default: 365.
            memory_mib: memory of the handler, 512 to 10,240 MiB. Default: 1024.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        given = KubectlArguments(
            cluster=cluster,
            layer=layer,
            provider=provider,
            policy=policy,
            namespaces=namespaces,
            log_retention_days=log_retention_days,
            memory_mib=memory_mib,
        )
        problems = problems_in(scope, f"Kubectl '{id}'")
        problems.extend(given.problems())
        problems.extend(place_problems(scope, cluster=cluster))
        problems.raise_any()
        super().__init__(scope, id)
        self.entry = None
        self._made_group: SecurityGroup | None = None
        self._rules: list[IDependable] = []
        if provider is not None:
            self.provider = provider
            if given.makes_entry:
                self.entry = self._make_entry(given)
            return
        self._make_security_group(given)
        self._make_provider(given)

    @property
    def role(self) -> iam.IRole:
        """The role of the handler, for example for ``repository.grant_pull(kubectl.role)``."""
        return cast("iam.IRole", self.provider.role)

    @property
    def security_group(self) -> ec2.ISecurityGroup | None:
        """The security group of the functions; None for an existing provider."""
        return None if self._made_group is None else self._made_group.view

    def _make_security_group(self, given: KubectlArguments) -> None:
        cluster = given.cluster
        network, api = cluster.network, cluster.security_group_id
        for service in _ENDPOINTS:
            network.add_endpoint(service)
        network.admit_custom_resources()
        network.admit_functions()
        security = Construct(self, "Security")
        made = SecurityGroup(
            security,
            "SecurityGroup",
            description=f"Kubectl handler of EKS cluster {cluster.name}",
            vpc_id=network.vpc_id,
            egress=_security_groups.client_egress(network, api),
        )
        _security_groups.admit_to_api(security, "ApiFromKubectl", api, made.group_id, "Kubernetes API from kubectl")
        network.admit(made)
        self._made_group = made
        self._rules = [security, *network.ready]

    def _make_provider(self, given: KubectlArguments) -> None:
        from aws_cdk import aws_eks_v2

        cluster = given.cluster
        # Without the VPC, because a view of it takes fifty requests; `Surroundings` places the functions.
        view = aws_eks_v2.Cluster.from_cluster_attributes(
            self, "Cluster", cluster_name=cluster.ref, security_group_ids=[cluster.security_group_id]
        )
        role = functions.FunctionRole(self, "Role", description=f"Runs kubectl and Helm on EKS cluster {cluster.name}")
        assert given.layer is not None
        made = aws_eks_v2.KubectlProvider(
            self,
            "Provider",
            cluster=view,
            kubectl_layer=given.layer,
            role=cast("iam.IRole", role),
        )
        role.complete = True
        for layer in (given.layer, node_of(made).find_child("AwsCliLayer")):
            functions.name_layer(cast("Construct", layer))
        self.provider = cast("aws_eks_v2.IKubectlProvider", made)
        self.entry = self._make_entry(given)
        self._harden(given, made, role)

    def _make_entry(self, given: KubectlArguments) -> AccessEntry:
        return AccessEntry(
            self,
            "Access",
            cluster=given.cluster,
            principal=self.role,
            policy=given.policy,
            namespaces=given.namespaces,
        )

    def _harden(self, given: KubectlArguments, made: Construct, role: functions.FunctionRole) -> None:
        group, keys = self._made_group, given.cluster.keys
        assert group is not None
        log = create(
            logs.CfnLogGroup, self, "Log", kms_key_id=key_arn_of(keys.logs), retention_in_days=given.log_retention_days
        )  # a group that Lambda creates would be unencrypted and never expire
        around = functions.Surroundings(
            key=keys.functions,
            log_name=log.ref,
            log_arn=log.attr_arn,
            subnet_ids=given.cluster.network.node_subnet_ids,
            security_group_id=group.group_id,
        )
        framework = cast("Construct", node_of(made).find_child("Provider").node.find_child("framework-onEvent"))
        first = cast("Construct", node_of(made).find_child("Handler"))
        for function in (first, framework):
            # @aws-cdk/aws-lambda:useCdkManagedLogGroup adds a group for each, unencrypted and without expiration.
            node_of(function).try_remove_child("LogGroup")
        node_of(self).try_remove_child("HasEcrPublic")  # the condition of a policy that `FunctionRole` ignores
        handler = cast("lambda_.CfnFunction", node_of(first).default_child)
        around.harden(handler, memory=given.memory_mib)
        functions.accept_runtime(handler)
        role.allow(around.rights())
        # The function that CloudFormation calls. It calls the handler and sends the response.
        caller = cast("lambda_.CfnFunction", node_of(framework).default_child)
        around.harden(caller, memory=_FRAMEWORK_MIB)
        self._called: str = caller.ref
        calls = {"Action": ["lambda:InvokeFunction", "lambda:GetFunction"], "Resource": handler.attr_arn}
        functions.restrict(cast("Construct", node_of(framework).find_child("ServiceRole")), [*around.rights(), calls])
        # Charts and manifests wait for this function, so it waits for the resources that they need.
        assert self.entry is not None
        caller.node.add_dependency(self.entry, role, *self._rules)
