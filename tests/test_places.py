"""Parts of a cluster in stacks of other accounts and Regions: EKS would refuse them, or they would be somebody else's."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from hardened_eks import response

ACCOUNT, REGION = "111122223333", "eu-west-1"
OTHER_ACCOUNT, OTHER_REGION = "444455556666", "us-east-1"
PLACES = {
    "Region": (cdk.Environment(account=ACCOUNT, region=OTHER_REGION), f"Region {REGION}, and this stack in {OTHER_REGION}"),
    "account": (cdk.Environment(account=OTHER_ACCOUNT, region=REGION), f"account {ACCOUNT}, and this stack in {OTHER_ACCOUNT}"),
}  # fmt: skip
MEMBER = f"arn:aws:iam::{ACCOUNT}:role/payments"
USER = f"arn:aws:iam::{ACCOUNT}:user/ana"
ISSUER = "https://issuer.example.com"
PARTS: dict[str, Callable[[Any, Any], Any]] = {
    "NodeGroup": lambda s, c: hardened.NodeGroup(s, "X", cluster=c, instance_types=["m7g.large"]),
    "SelfManagedNodeGroup": lambda s, c: hardened.SelfManagedNodeGroup(s, "X", cluster=c, instance_types=["m7g.large"]),
    "FargateProfile": lambda s, c: hardened.FargateProfile(
        s, "X", cluster=c, selectors=[hardened.FargateSelector(namespace="a")]
    ),
    "Addon": lambda s, c: hardened.Addon(s, "X", cluster=c, name="snapshot-controller"),
    "AccessEntry": lambda s, c: hardened.AccessEntry(
        s, "X", cluster=c, principal=MEMBER, policy=hardened.AccessPolicy.VIEW
    ),
    "BreakGlassRole": lambda s, c: hardened.BreakGlassRole(s, "X", cluster=c, trusted=[USER]),
    "PodRole": lambda s, c: hardened.PodRole(s, "X", cluster=c, namespace="a", service_account="b"),
    "AdminHost": lambda s, c: hardened.AdminHost(s, "X", cluster=c),
    "IdentityProvider": lambda s, c: hardened.IdentityProvider(s, "X", cluster=c, issuer=ISSUER, client_id="x"),
}
MAIL = hardened.alerts.Email("on-call@example.com")
SERVICES: dict[str, Callable[[Any, Any], Any]] = {
    "Backups": lambda s, c: hardened.Backups(s, "X", clusters=[c], alerts=MAIL),
    "VeleroStore": lambda s, c: hardened.VeleroStore(s, "X", cluster=c),
    "ClusterRules": lambda s, c: hardened.ClusterRules(s, "X", clusters=[c], registries=["r.example.com"], alerts=MAIL),
    "Response": lambda s, c: hardened.Response(s, "X", cluster=c, actions=[response.CloseEndpoint()], alerts=MAIL),
    "Detection": lambda s, c: hardened.Detection(s, "X", cluster=c, alerts=MAIL, trail="elsewhere"),
}


@pytest.fixture(scope="module")
def cluster() -> hardened.Cluster:
    stack = cdk.Stack(cdk.App(), "Home", env=cdk.Environment(account=ACCOUNT, region=REGION))
    return hardened.Cluster(stack, "Cluster", version="1.36")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_cluster_is_in_its_place(cluster: hardened.Cluster, part: str, place: str) -> None:
    env, told = PLACES[place]
    stack = cdk.Stack(cluster.node.root, f"{part}{place}", env=env)
    with pytest.raises(hardened.ConfigurationError, match=f"{part} 'X': cluster is in the {told}"):
        PARTS[part](stack, cluster)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_for_a_cluster_is_in_its_place(cluster: hardened.Cluster, service: str, place: str) -> None:
    env, told = PLACES[place]
    stack = cdk.Stack(cluster.node.root, f"{service}{place}", env=env)
    with pytest.raises(hardened.ConfigurationError, match=f"{service} 'X': .*clusters? is in the {told}"):
        SERVICES[service](stack, cluster)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("given", ["network", "keys"])
def test_a_cluster_is_where_its_network_and_its_keys_are(cluster: hardened.Cluster, given: str, place: str) -> None:
    env, told = PLACES[place]
    stack = cdk.Stack(cluster.node.root, f"{given}{place}", env=env)
    argument: Any = {given: getattr(cluster, given)}
    with pytest.raises(hardened.ConfigurationError, match=f"{given} is in the {told}"):
        hardened.Cluster(stack, "New", version="1.36", **argument)
    with pytest.raises(hardened.ConfigurationError, match=f"{given} is in the {told}"):
        hardened.Cluster.from_cluster_attributes(stack, "Imported", name="x", **argument)


def test_a_cluster_of_a_class_of_ones_own_is_in_its_place_too(cluster: hardened.Cluster) -> None:
    class Network(hardened.Network):
        """A network with the defaults of a team."""

    other = cdk.Stack(cluster.node.root, "Team", env=PLACES["Region"][0])
    here = cdk.Stack(cluster.node.root, "Here", env=cdk.Environment(account=ACCOUNT, region=REGION))
    with pytest.raises(hardened.ConfigurationError, match=f"network is in the Region {OTHER_REGION}"):
        hardened.Cluster(here, "New", version="1.36", network=Network(other, "Network"))


def test_a_place_that_is_not_known_is_no_other_place(cluster: hardened.Cluster) -> None:
    stack = cdk.Stack(cluster.node.root, "Anywhere")
    hardened.PodRole(stack, "Role", cluster=cluster, namespace="a", service_account="b")
