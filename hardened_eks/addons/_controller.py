"""Common parts of controllers that call AWS: a role, endpoints, a chart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._kinds import cluster_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks.baseline.addons import PROFILES
from hardened_eks.data.controllers import CONTROLLERS
from hardened_eks.data.endpoints import PRIVATE_CLUSTER
from hardened_eks.errors import Problems
from hardened_eks.identity import PodRole, service_account_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.addons._addon import Addon
    from hardened_eks.data.controllers import Controller as KnownController
    from hardened_eks.data.controllers import Statement

_AGENT = "eks-pod-identity-agent"


class Controller(Construct):
    """A controller that runs in the cluster and calls AWS with its own role, through EKS Pod Identity.

    Only its service account on this cluster can assume the role. ``hardened_eks/data/controllers.json`` has its policy,
    statement by statement, with the source and how it is narrower than the source.
    """

    cluster: ClusterLike
    """The cluster in which the controller runs."""
    namespace: str
    """Kubernetes namespace of the controller."""
    known: KnownController
    """Chart, endpoints and policy of the controller, with their source."""
    roles: Mapping[str, PodRole]
    """The role of its pods by service account. Empty if the controller calls no AWS API."""

    def _prepare(
        self,
        name: str,
        cluster: ClusterLike,
        scope: Construct | None,
        id: str,
        *,
        namespace: str | None,
        service_accounts: Sequence[str],
        problems: Iterable[str] = (),
        far: bool = False,
    ) -> None:
        """Check the arguments that all controllers share, and create the construct.

        Args:
            name: name of the controller in the data.
            cluster: the cluster.
            scope: the parent construct. None: the cluster.
            id: construct ID.
            namespace: Kubernetes namespace. None: that of its profile.
            service_accounts: its service accounts.
            problems: what is wrong with its own arguments.
            far: it calls an AWS service that has no VPC endpoint.

        Raises:
            ConfigurationError: naming every mistake, those in `problems` as well.
        """
        subject = f"{type(self).__name__} '{id}'"
        known = CONTROLLERS[name]
        self.known = known
        space = PROFILES[known.profile].namespace if namespace is None and known.profile else namespace
        wrong = Problems(subject) if scope is None else problems_in(scope, subject)
        of_cluster = list(cluster_problems(cluster, "network"))
        wrong.extend(of_cluster)
        named = (one for account in service_accounts for one in service_account_problems(space, account))
        wrong.extend(dict.fromkeys(named))  # the namespace is the same for all
        wrong.extend(problems)
        home: Any = cluster if scope is None else scope
        if not of_cluster:
            wrong.extend(_clash(home, id, known))
            wrong.extend(_cluster_problems(cluster, known, far=far))
        wrong.raise_any()
        super().__init__(home, id)
        _owner.tag(self, home)
        self.cluster, self.namespace, self.roles = cluster, str(space), {}

    def _allow(
        self,
        service_accounts: Sequence[str],
        parts: Sequence[str],
        values: Mapping[str, str | Sequence[str]],
    ) -> None:
        """Create the roles and their policies, and the endpoints."""
        cluster = self.cluster
        roles = {
            account: PodRole(
                self,
                "Role" if len(service_accounts) == 1 else account,
                cluster=cluster,
                namespace=self.namespace,
                service_account=account,
                description=f"{self.known.what} on EKS cluster {cluster.name}",
            )
            for account in service_accounts
        }
        self.roles = roles
        filled = {
            "cluster": cluster.name,
            "partition": _aws.partition(),
            "region": _aws.region(),
            "account": _aws.account(),
            **values,
        }
        policies: dict[str, list[tuple[Statement, dict[str, Any]]]] = {}
        for rule, statement in self.known.statements(parts, filled):
            policies.setdefault(rule.policy, []).append((rule, statement))
        for policy, statements in policies.items():
            made = create(
                iam.CfnManagedPolicy,
                self,
                policy if policy.endswith("Policy") else f"{policy}Policy",
                description=f"{self.known.what} on EKS cluster {cluster.name}",
                policy_document=document(*(statement for _, statement in statements)),
                roles=[role.role.role_name for role in roles.values()],
            )
            if reasons := dict(_accepted(statements)):
                acknowledge(made, reasons)
        for endpoint in self.known.needs(parts):
            if endpoint not in PRIVATE_CLUSTER:  # every network has these
                cluster.network.add_endpoint(endpoint)

    def _image(self, given: str | None, name: str) -> str | None:
        """Return the repository of an image: in an isolated network, one in the account's own registry."""
        if given is not None or not self.cluster.network.isolated:
            return given
        return f"{_aws.account()}.dkr.ecr.{_aws.region()}.{_aws.url_suffix()}/{name}"


class AddonController(Controller):
    """A controller that EKS installs as an add-on, after its role."""

    addon: Addon
    """The EKS add-on."""

    def _install(self, version: str | None, configuration: Mapping[str, Any] | None) -> None:
        assert self.known.addon is not None
        home: Any = self.cluster
        self.addon = home.add_addon(self.known.addon, version=version, configuration=configuration)
        for child in self.node.children:
            self.addon.node.add_dependency(child)


def text_problems(**given: object) -> Iterator[str]:
    """Yield which arguments, by name, are neither None nor a nonempty string."""
    for argument, value in given.items():
        if value is not None and not is_text_token(value) and not (isinstance(value, str) and value.strip()):
            yield f"{argument} needs a string, got {value!r}"


def arn_problems(service: str, **given: object) -> Iterator[str]:
    """Yield which arguments, by name, are not lists of ARNs of a service."""
    for argument, values in given.items():
        if not isinstance(values, list | tuple):
            yield f"{argument} needs a list of ARNs, got {values!r}"
            continue
        for value in values:
            good = isinstance(value, str) and re.fullmatch(rf"arn:[a-z0-9-]+:{service}:[^*]+", value)
            if not is_text_token(value) and not good:
                yield f"{argument} needs ARNs such as arn:aws:{service}:..., without wildcards, got {value!r}"


def _clash(home: Construct, id: object, known: KnownController) -> Iterator[str]:
    if isinstance(id, str) and home.node.try_find_child(id) is not None:
        yield f"{home.node.path} already has {known.what}, and one serves the whole cluster: leave out the second"


def _cluster_problems(cluster: ClusterLike, known: KnownController, *, far: bool) -> Iterator[str]:
    if not is_literal(cluster.name):
        yield f"cluster needs a name that is known during synthesis, since policies contain it, got {cluster.name!r}"
    if cluster.lacks_addon(_AGENT):
        yield (
            f"the cluster has no add-on {_AGENT}, which provides the role to {known.what}: remove it from "
            "AddonOptions.exclude"
        )
    if known.addon in getattr(cluster, "addons", ()):
        yield f"the cluster already has the add-on {known.addon}: remove it from AddonOptions.extra or add_addon"
    if far and cluster.network.isolated:
        yield (
            f"{known.what} calls {known.unreachable}, which has no VPC endpoint, and the network has no internet "
            "access: use Egress.NAT, or run it in a cluster whose network has internet access"
        )


def _accepted(statements: Sequence[tuple[Statement, Mapping[str, Any]]]) -> Iterator[tuple[str, str]]:
    """Yield each finding of cdk-nag on the statements, and the reason why it is accepted."""
    names = {_aws.partition(): "Partition", _aws.region(): "Region", _aws.account(): "AccountId"}
    for rule, statement in statements:
        for resource in statement["Resource"]:
            if "*" in resource:
                written = resource
                for token, name in names.items():
                    written = written.replace(token, f"<AWS::{name}>")
                yield f"AwsSolutions::AwsSolutions-IAM5[Resource::{written}]", rule.why
