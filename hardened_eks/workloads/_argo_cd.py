"""Argo CD as a capability of EKS, which AWS runs outside of the cluster's nodes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import place_problems, stack_of
from hardened_eks._kinds import cluster_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._roles import document
from hardened_eks._tokens import is_text_token
from hardened_eks.baseline._checks import LABEL
from hardened_eks.data.regions import plausible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_ec2 as ec2

    from hardened_eks._cluster_like import ClusterLike

_INSTANCE: Final = regex(r"arn:aws[a-z-]*:sso:::instance/(sso)?ins-[a-z0-9-]{16,}")
_ENDPOINT: Final = regex(r"vpce-[0-9a-f]{8,17}")
_GROUP: Final = regex(r"[A-Za-z0-9-]{8,64}")
_SYSTEM: Final = ("kube-system", "kube-public", "kube-node-lease", "default")
_STEPS: Final = (
    "Argo CD can do nothing in the cluster until a cluster administrator performs both steps of the stack's output "
    "{output}: the permissions of its access entry, and the Secret that registers the cluster"
)


class ArgoCdCapability(Construct):
    """Argo CD, run by EKS: private, with people of IAM Identity Center, and permissions in named namespaces.

    EKS itself creates the access entry of the capability, without permissions, and does not register the cluster: the
    output ``Steps`` has the two commands for that. To deploy the in-cluster baseline, use `Workloads`, or let an
    administrator apply it, because Argo CD gets no permission to change admission policies.

    Its CloudFormation handler creates an application in IAM Identity Center (``sso:CreateApplication`` and others),
    which a `CreatorRole` does not allow: deploy this stack with another role.

    A cluster has one such capability. When it is deleted, its objects stay in the cluster. AWS owns its server,
    repositories and network: https://docs.aws.amazon.com/eks/latest/userguide/argocd.html
    """

    resource: eks.CfnCapability
    """The CloudFormation resource, for settings that no argument covers."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        identity_center: str,
        vpc_endpoints: Sequence[ec2.IInterfaceVpcEndpoint | str],
        namespaces: Sequence[str],
        admins: Sequence[str],
        editors: Sequence[str] = (),
        viewers: Sequence[str] = (),
        identity_center_region: str | None = None,
        namespace: str = "argocd",
    ) -> None:
        """Create the capability and its role.

        Args:
            scope: the parent construct: a stack of the cluster's account and Region.
            id: construct ID.
            cluster: the cluster.
            identity_center: ARN of the instance of IAM Identity Center, ``arn:aws:sso:::instance/ssoins-...``, from
                which all users come. It cannot be changed later.
            vpc_endpoints: interface endpoints, or their IDs, for access to the server, which then has no public address
                (CP-20); at least one.
            namespaces: namespaces in which Argo CD deploys, with AmazonEKSEditPolicy; at least one, no system
                namespaces.
            admins: IDs of IAM Identity Center groups that administrate Argo CD; at least one.
            editors: IDs of groups that may change applications. Default: none.
            viewers: IDs of groups that may view applications. Default: none.
            identity_center_region: Region of the instance. Default: that of the stack.
            namespace: namespace of Argo CD's objects. It cannot be changed later. Default: ``argocd``.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        people = {"ADMIN": admins, "EDITOR": editors, "VIEWER": viewers}
        ids = [_id_of(one) for one in vpc_endpoints] if isinstance(vpc_endpoints, list | tuple) else vpc_endpoints
        problems = problems_in(scope, f"ArgoCdCapability '{id}'")
        problems.extend(cluster_problems(cluster))
        problems.extend(place_problems(scope, cluster=cluster))
        problems.extend(_problems(identity_center, ids, [*_listed(namespaces), namespace]))
        problems.require(bool(_listed(namespaces)), "namespaces needs at least one namespace, such as ['payments']")
        problems.extend(_people_problems(people))
        problems.extend(_region_problems(identity_center_region))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        # From EKS's documentation: https://docs.aws.amazon.com/eks/latest/userguide/capability-role.html
        trust = {
            "Principal": {"Service": "capabilities.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
        self.role = create(
            iam.CfnRole,
            self,
            "Role",
            description=f"Argo CD of EKS cluster {cluster.name}",
            assume_role_policy_document=document(trust),
        )
        """The role of the capability. Public and OCI sources need no permissions; grant what other sources need."""
        argo: dict[str, Any] = {
            "awsIdc": {
                "idcInstanceArn": identity_center,
                **({"idcRegion": identity_center_region} if identity_center_region else {}),
            },
            "namespace": namespace,
            "networkAccess": {"vpceIds": list(ids)},
            "rbacRoleMappings": [
                {"role": role, "identities": [{"id": group, "type": "SSO_GROUP"} for group in groups]}
                for role, groups in people.items()
                if groups
            ],
        }
        self.resource = create(
            eks.CfnCapability,
            self,
            "Resource",
            capability_name="argocd",
            cluster_name=cluster.ref,
            configuration={"argoCd": argo},
            delete_propagation_policy="RETAIN",
            role_arn=self.role.attr_arn,
            type="ARGOCD",
        )
        self._tell(cluster, namespaces, namespace)

    def _tell(self, cluster: ClusterLike, namespaces: Sequence[str], namespace: str) -> None:
        policy = f"arn:{_aws.partition()}:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"
        grant = (
            f"aws eks associate-access-policy --cluster-name {cluster.ref} --principal-arn {self.role.attr_arn} "
            f"--policy-arn {policy} --access-scope type=namespace,namespaces={','.join(namespaces)}"
        )
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": "this-cluster",
                "namespace": namespace,
                "labels": {"argocd.argoproj.io/secret-type": "cluster"},
            },
            "stringData": {"name": "this-cluster", "server": cluster.arn},
        }
        output = create(
            cdk.CfnOutput,
            self,
            "Steps",
            description=f"Let Argo CD deploy to cluster {cluster.name}",
            value=f"1. {grant}; 2. echo '{json.dumps(secret)}' | kubectl apply -f -",
        )
        name = stack_of(self).get_logical_id(output)
        cdk.Annotations.of(self).add_warning_v2("hardened-eks:argo-cd-steps", _STEPS.format(output=name))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _id_of(endpoint: ec2.IInterfaceVpcEndpoint | str) -> Any:
    if isinstance(endpoint, str) or not hasattr(endpoint, "vpc_endpoint_id"):
        return endpoint  # the latter is refused
    return endpoint.vpc_endpoint_id


def _problems(instance: object, endpoints: object, namespaces: Sequence[object]) -> Iterator[str]:
    if not is_text_token(instance) and not (isinstance(instance, str) and _INSTANCE.fullmatch(instance)):
        yield (
            "identity_center needs the ARN of an instance of IAM Identity Center, arn:aws:sso:::instance/ssoins-..., "
            f"got {instance!r}"
        )
    if not isinstance(endpoints, list | tuple) or not endpoints:
        yield f"vpc_endpoints needs at least one endpoint, or the server would be public, got {endpoints!r}"
    else:
        for one in endpoints:
            if not is_text_token(one) and not (isinstance(one, str) and _ENDPOINT.fullmatch(one)):
                yield f"vpc_endpoints needs interface endpoints or their IDs (vpce-...), got {one!r}"
    for name in namespaces:
        if not isinstance(name, str) or not LABEL.fullmatch(name):
            yield f"namespaces needs names of up to 63 lower-case letters, digits and '-', got {name!r}"
        elif name in _SYSTEM:
            yield f"namespaces names {name!r}, whose workloads have permissions of the cluster itself: leave it out"


def _region_problems(region: object) -> Iterator[str]:
    if region is None or is_text_token(region):
        return
    if not isinstance(region, str) or not plausible(region):
        yield f"identity_center_region needs a Region such as eu-west-1, got {region!r}"


def _people_problems(people: dict[str, Sequence[str]]) -> Iterator[str]:
    for role, groups in people.items():
        argument = f"{role.lower()}s"
        if isinstance(groups, str) or not isinstance(groups, list | tuple):
            yield f"{argument} needs a list of IDs of groups, got {groups!r}"
            continue
        if role == "ADMIN" and not groups:
            yield "admins needs at least one group, because nobody else can change Argo CD's settings, got none"
        for group in groups:
            if not is_text_token(group) and not (isinstance(group, str) and _GROUP.fullmatch(group)):
                yield f"{argument} needs IDs of groups of IAM Identity Center, not their names, got {group!r}"
