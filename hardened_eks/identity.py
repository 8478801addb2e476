"""AWS permissions for pods: Pod Identity, and IAM roles for service accounts if that cannot be used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import place_problems
from hardened_eks._grants import ManagedGrants
from hardened_eks._kinds import MANAGED_POLICY, cluster_problems, list_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._roles import document
from hardened_eks._tokens import is_literal, is_text_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks._cluster_like import ClusterLike

_NAMESPACE = regex(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_DESCRIPTION = regex(r"[\t\n\r\x20-\x7e\xa1-\xff]{0,1000}")
_SERVICE_ACCOUNT = regex(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


def pod_trust(cluster_arn: str, namespace: str, service_account: str) -> dict[str, Any]:
    """Return the trust policy of a role that one service account of one cluster may assume through Pod Identity.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html

    Args:
        cluster_arn: ARN of the cluster.
        namespace: Kubernetes namespace of the service account.
        service_account: name of the service account.
    """
    return document(
        {
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {
                    "aws:RequestTag/eks-cluster-arn": cluster_arn,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        }
    )


def service_account_problems(namespace: object, service_account: object) -> Iterator[str]:
    """Yield why the names of a namespace and a service account are invalid."""
    if not is_text_token(namespace) and not (isinstance(namespace, str) and _NAMESPACE.fullmatch(namespace)):
        yield f"namespace needs 1 to 63 lower-case letters, digits or '-', got {namespace!r}"
    if not is_text_token(service_account) and not (
        isinstance(service_account, str) and _SERVICE_ACCOUNT.fullmatch(service_account)
    ):
        yield f"service_account needs 1 to 253 lower-case letters, digits, '-' or '.', got {service_account!r}"


def _description_problems(description: object) -> Iterator[str]:
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    good = isinstance(description, str) and _DESCRIPTION.fullmatch(description)
    if description is not None and not is_text_token(description) and not good:
        yield f"description needs a string of up to 1000 Latin-1 characters, the limit of IAM, got {description!r}"


@jsii.implements(iam.IGrantable)
class PodRole(Construct):
    """An IAM role for the pods of one service account, through EKS Pod Identity.

    Only that service account in that namespace on that cluster can assume the role, because its trust policy requires
    the session tags that EKS sets (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html). You can grant it
    permissions: ``bucket.grant_read(pod_role)``.
    """

    role: iam.Role
    """The IAM role that the pods assume."""
    resource: eks.CfnPodIdentityAssociation
    """The CloudFormation resource that associates the role with the service account."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        namespace: str,
        service_account: str,
        managed_policies: Sequence[iam.IManagedPolicy] = (),
        description: str | None = None,
    ) -> None:
        """Create the role and its association with the service account.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster of the pods.
            namespace: Kubernetes namespace of the service account.
            service_account: name of the service account, which does not need to exist yet.
            managed_policies: managed policies to attach to the role. Default: none; prefer grants to the role.
            description: description of the role. Default: one that names the pods.

        Raises:
            ConfigurationError: the namespace or the service account is not a Kubernetes name, or another argument is
                invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"PodRole '{id}'")
        problems.extend(service_account_problems(namespace, service_account))
        problems.extend(cluster_problems(cluster))
        problems.extend(place_problems(scope, cluster=cluster))
        problems.extend(list_problems(MANAGED_POLICY, managed_policies=managed_policies))
        problems.extend(_description_problems(description))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("pods.eks.amazonaws.com"),
            description=description or f"Pods of {namespace}/{service_account} on {cluster.name}",
            managed_policies=list(managed_policies) or None,
        )
        resource = cast("iam.CfnRole", role.node.default_child)
        resource.assume_role_policy_document = pod_trust(cluster.arn, namespace, service_account)
        self.role = role
        self._grants = ManagedGrants(role)
        self.resource = create(
            eks.CfnPodIdentityAssociation,
            self,
            "Resource",
            cluster_name=cluster.ref,
            namespace=namespace,
            service_account=service_account,
            role_arn=role.role_arn,
        )

    @property
    @jsii.member(jsii_name="grantPrincipal")
    def grant_principal(self) -> iam.IPrincipal:
        """The principal for grants such as ``bucket.grant_read(pod_role)``, which are added to a managed policy."""
        return self._grants


@jsii.implements(iam.IGrantable)
class ServiceAccountRole(Construct):
    """An IAM role for the pods of one service account, through the cluster's OIDC provider (IRSA).

    For pods that cannot use Pod Identity: Fargate, Windows, hybrid nodes, old SDKs. Annotate the service account with
    ``eks.amazonaws.com/role-arn``. Only that service account in that namespace can assume the role. The names of the
    trust policy's conditions contain the cluster's issuer, which is known only at deployment, so the policy is a string
    that CloudFormation joins, without a custom resource.
    """

    role: iam.Role
    """The IAM role that the pods assume."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        namespace: str,
        service_account: str,
        managed_policies: Sequence[iam.IManagedPolicy] = (),
        description: str | None = None,
    ) -> None:
        """Create the role, and the cluster's OIDC provider if it does not exist yet.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster of the pods.
            namespace: Kubernetes namespace of the service account.
            service_account: name of the service account, which does not need to exist yet.
            managed_policies: managed policies to attach to the role. Default: none; prefer grants to the role.
            description: description of the role. Default: one that names the pods.

        Raises:
            ConfigurationError: the namespace or the service account is not a Kubernetes name, or another argument is
                invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"ServiceAccountRole '{id}'")
        problems.extend(service_account_problems(namespace, service_account))
        problems.extend(cluster_problems(cluster, "oidc_provider_arn", "oidc_issuer"))
        problems.extend(list_problems(MANAGED_POLICY, managed_policies=managed_policies))
        problems.extend(_description_problems(description))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.WebIdentityPrincipal(cluster.oidc_provider_arn),
            description=description or f"Pods of {namespace}/{service_account} on {cluster.name}",
            managed_policies=list(managed_policies) or None,
        )
        resource = cast("iam.CfnRole", self.role.node.default_child)
        self._grants = ManagedGrants(self.role)
        resource.assume_role_policy_document = _web_identity_trust(
            cluster.oidc_provider_arn, cluster.oidc_issuer, f"system:serviceaccount:{namespace}:{service_account}"
        )

    @property
    @jsii.member(jsii_name="grantPrincipal")
    def grant_principal(self) -> iam.IPrincipal:
        """The principal for grants such as ``bucket.grant_read(role)``, which are added to a managed policy."""
        return self._grants


def _web_identity_trust(provider_arn: str, issuer: str, subject: str) -> dict[str, Any] | str:
    literal = is_literal(issuer)
    host = issuer.removeprefix("https://") if literal else cdk.Fn.select(1, cdk.Fn.split("//", issuer))
    trust = document(
        {
            "Principal": {"Federated": provider_arn},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": subject}},
        }
    )
    # A key in a template cannot be an intrinsic function, but a policy can be a string, and strings can be joined.
    return trust if literal else json.dumps(trust)
