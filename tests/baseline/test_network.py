"""What the network policies of a namespace let through."""

import ipaddress

import pytest

from hardened_eks.baseline import Namespace, Settings, manifests
from hardened_eks.baseline.addons import PROFILES
from hardened_eks.errors import ConfigurationError
from tests.baseline.connectivity import Pod, allowed

API, WEB = Pod("payments", {"app": "api"}), Pod("payments", {"app": "web"})
OTHER, GATE = Pod("orders", {"app": "api"}), Pod("ingress", {"app": "gate"})
DNS = Pod("kube-system", {"k8s-app": "kube-dns"})
IMDS = ("169.254.169.254", "fd00:ec2::254")
AGENT = "169.254.170.23"


def rendered(**arguments):
    settings = {k: arguments.pop(k) for k in ("ranges", "dns_addresses", "node_local_dns") if k in arguments}
    return manifests(
        Settings(namespaces=[Namespace(name="payments", **arguments), Namespace(name="ingress")], **settings)
    )


def test_a_namespace_is_closed_until_somebody_opens_it() -> None:
    objects = rendered()
    for other in (WEB, OTHER, GATE, "10.0.0.1", "198.51.100.7", AGENT, "169.254.20.10", "172.20.0.10", *IMDS):
        for port in (53, 80, 443, 8080):
            assert not allowed(objects, API, other, port), (other, port)
            if isinstance(other, Pod):
                assert not allowed(objects, other, API, port), (other, port)
    assert not allowed(objects, "10.0.0.1", API, 8080)
    assert allowed(objects, API, DNS, 53, "UDP")
    assert allowed(objects, API, DNS, 53, "TCP")
    assert not allowed(objects, API, DNS, 443)
    assert not allowed(objects, API, Pod("kube-system", {"app": "x"}), 53)
    assert not allowed(objects, API, Pod("orders", {"k8s-app": "kube-dns"}), 53)


WIDE = [
    "same-namespace",
    {"to": {"cidr": "0.0.0.0/0"}, "ports": ["1-65535"]},
    {"to": {"cidr": "::/0"}, "ports": ["1-65535", "1-65535/UDP"]},
    {"to": {"cidr": "169.254.0.0/16", "except": ["169.254.170.0/24"]}, "ports": [80]},
    {"to": {"cidr": "fd00:ec2::/32"}, "ports": [80]},
    {"to": {"range": "metadata"}, "ports": [80]},
    {"to": {"cidr": "0.0.0.0/1", "except": ["10.0.0.0/8"]}, "ports": [80]},
    {"to": {"cidr": "128.0.0.0/1", "except": ["169.254.0.0/16"]}, "ports": [80]},
]


@pytest.mark.parametrize("pod_identity", [False, True])
def test_the_metadata_service_is_never_reached(pod_identity: bool) -> None:
    ranges = {"metadata": ["169.254.169.0/24", "169.254.169.254/31", "fd00:ec2::254/127", "fd00::/8"]}
    for allow in ([], *[[entry] for entry in WIDE], WIDE):
        objects = rendered(allow=allow, pod_identity=pod_identity, ranges=ranges, node_local_dns=True,
                           dns_addresses=["172.20.0.10"])  # fmt: skip
        for address in IMDS:
            for port in (53, 80, 443):
                for protocol in ("TCP", "UDP"):
                    assert not allowed(objects, API, address, port, protocol), (allow, address, port)


def blocks(objects):
    for policy in objects:
        if policy["kind"] == "NetworkPolicy":
            for direction, side in (("egress", "to"), ("ingress", "from")):
                for rule in policy["spec"].get(direction, ()):
                    assert rule[side], "an empty list of peers allows every peer"
                    yield from (peer["ipBlock"] for peer in rule[side] if "ipBlock" in peer)


def test_what_the_agent_and_the_api_server_cannot_read_is_not_rendered() -> None:
    """In IPv4 clusters the agent programs no rule at all if an IPv6 range has exceptions, or no double colon."""
    ranges = {"metadata": ["169.254.169.0/24", "fd00:ec2::/64", "fd00::/8"]}
    objects = rendered(allow=WIDE, ranges=ranges) + manifests(Settings(addons=list(PROFILES), mutual_tls=True))
    found = [(ipaddress.ip_network(block["cidr"]), block.get("except", ())) for block in blocks(objects)]
    assert {network.version for network, _ in found} == {4, 6}
    for network, excepted in found:
        if network.version == 6:
            assert (list(excepted), "::" in str(network)) == ([], True), network
        for one in map(ipaddress.ip_network, excepted):
            assert one != network and one.subnet_of(network), (network, one)


def test_an_open_range_of_ipv6_keeps_its_other_addresses() -> None:
    allow = [{"to": {"cidr": "::/0", "except": ["2001:db8:1::/48"]}, "ports": [443]}]
    objects = rendered(allow=[*allow, {"from": {"cidr": "::/0"}, "ports": [80]}])
    for address in ("2600::1", "2001:db8:2::1", "fd00:ec1::1", "fd00:ec3::1", "fd12::1", "::1", "ffff::1"):
        assert allowed(objects, API, address, 443), address
        assert allowed(objects, address, API, 80), address
    for address in ("2001:db8:1::1", "fd00:ec2::254", "fd00:ec2::1"):
        assert not allowed(objects, API, address, 443), address
    assert [
        block for block in blocks(rendered(allow=[{"from": {"cidr": "::/0"}, "ports": [80]}])) if ":" in block["cidr"]
    ] == [{"cidr": "::/0"}]
    small = rendered(allow=[{"to": {"cidr": "fd00:ec2::/64"}, "ports": [443]}])
    assert [allowed(small, API, f"fd00:ec2::{last}", 443) for last in ("253", "254", "255")] == [True, False, True]


@pytest.mark.parametrize(
    ("allow", "ranges", "expected"),
    [
        (
            {"to": {"cidr": "169.254.169.254/32"}},
            {},
            "allow.0.to.cidr 169.254.169.254/32 is the instance metadata service",
        ),
        ({"from": {"cidr": "fd00:ec2:0::254/128"}}, {}, "is the instance metadata service, which stays closed"),
        ({"to": {"range": "x"}}, {"x": ["10.0.0.0/8", "169.254.169.254/32"]}, "ranges.x.1 169.254.169.254/32 is the"),
        ({"to": {"range": "x"}}, {"x": []}, "ranges.x needs at least one entry"),
        ({"to": {"domains": []}}, {}, "allow.0.to.domains needs at least one entry"),
    ],
)
def test_a_rule_that_would_allow_nothing_or_everything_is_a_mistake(allow, ranges, expected: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        rendered(allow=[{**allow, "ports": [80]}], ranges=ranges)
    assert expected in str(refused.value)


@pytest.mark.parametrize("pod_identity", [False, True])
def test_the_pod_identity_agent_is_reached_exactly_where_asked(pod_identity: bool) -> None:
    objects = rendered(pod_identity=pod_identity)
    for address in (AGENT, "fd00:ec2::23"):
        assert allowed(objects, API, address, 80) == pod_identity
        assert not allowed(objects, API, address, 443)
        assert not allowed(objects, API, address, 80, "UDP")
        assert not allowed(objects, Pod("ingress"), address, 80)
    assert not allowed(objects, API, "169.254.170.22", 80)


def test_named_connections() -> None:
    allow = [
        {"from": {"namespace": "ingress", "pods": {"app": "gate"}}, "ports": [8080], "pods": {"app": "web"}},
        {"to": {"namespace": "orders"}, "ports": ["9000-9002"]},
        {"to": {"pods": {"app": "web"}}, "ports": [8080], "pods": {"app": "api"}},
        {"from": {"pods": {"app": "api"}}, "ports": [8080]},
        {"to": {"range": "endpoints"}, "ports": [443]},
        {"from": {"cidr": "10.9.0.0/16", "except": ["10.9.1.0/24"]}, "ports": ["514/UDP"]},
    ]
    objects = rendered(allow=allow, ranges={"endpoints": ["10.1.0.0/24", "10.2.0.0/24"]})
    gate = [o for o in objects if o["metadata"].get("namespace") != "ingress"]
    assert allowed(gate, GATE, WEB, 8080)
    assert not allowed(gate, GATE, API, 8080)
    assert not allowed(gate, Pod("ingress"), WEB, 8080)
    assert not allowed(gate, GATE, WEB, 80)
    assert [allowed(objects, API, OTHER, port) for port in (8999, 9000, 9002, 9003)] == [False, True, True, False]
    assert allowed(objects, API, WEB, 8080)
    assert not allowed(objects, WEB, API, 8080)
    assert not allowed(objects, WEB, WEB, 8080)
    assert allowed(objects, API, "10.1.0.9", 443)
    assert allowed(objects, API, "10.2.0.9", 443)
    assert not allowed(objects, API, "10.3.0.9", 443)
    assert allowed(objects, "10.9.0.1", API, 514, "UDP")
    assert not allowed(objects, "10.9.1.1", API, 514, "UDP")
    assert not allowed(objects, "10.9.0.1", API, 514)


def test_same_namespace() -> None:
    objects = rendered(allow=["same-namespace"])
    assert allowed(objects, API, WEB, 8080)
    assert allowed(objects, WEB, API, 1)
    assert not allowed(objects, OTHER, API, 8080)
    assert not allowed(objects, API, OTHER, 8080)


@pytest.mark.parametrize(
    ("settings", "address"),
    [({"dns_addresses": ["172.20.0.10"]}, "172.20.0.10"), ({"node_local_dns": True}, "169.254.20.10"),
     ({"dns_addresses": ["fd00::a"]}, "fd00::a")],
)  # fmt: skip
def test_dns_that_is_not_a_pod(settings, address: str) -> None:
    objects = rendered(**settings)
    assert allowed(objects, API, address, 53, "UDP")
    assert not allowed(objects, API, address, 54, "UDP")
    assert allowed(objects, API, DNS, 53)


def test_policies_of_eks_are_rendered_on_request_only() -> None:
    own = {"ApplicationNetworkPolicy", "ClusterNetworkPolicy"}
    assert not [o for o in rendered(allow=WIDE, ranges={"metadata": ["10.0.0.0/8"]}) if o["kind"] in own]
    objects = rendered(allow=[{"to": {"domains": ["*.example.com"]}, "ports": [443], "pods": {"app": "api"}}])
    (policy,) = [o for o in objects if o["kind"] in own]
    assert policy["apiVersion"] == "networking.k8s.aws/v1alpha1"
    assert policy["metadata"]["namespace"] == "payments"
    assert policy["spec"] == {
        "podSelector": {"matchLabels": {"app": "api"}},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"domainNames": ["*.example.com"]}], "ports": [{"port": 443, "protocol": "TCP"}]}],
    }
    (closed,) = [o for o in manifests(Settings(cluster_network_policy=True)) if o["kind"] in own]
    assert (closed["spec"]["tier"], closed["spec"]["priority"]) == ("Admin", 0)
    assert closed["spec"]["egress"] == [{"action": "Deny", "name": "deny-imds", "to": [{"networks": [
        "169.254.169.254/32", "fd00:ec2::254/128"]}]}]  # fmt: skip
    (others,) = closed["spec"]["subject"]["namespaces"]["matchExpressions"]
    assert others["values"] == ["kube-node-lease", "kube-public", "kube-system"]
    (everywhere,) = [
        o for o in manifests(Settings(cluster_network_policy=True, system_namespaces=[])) if o["kind"] in own
    ]
    assert everywhere["spec"]["subject"] == {"namespaces": {}}


def test_security_groups_are_a_choice() -> None:
    assert not [o for o in rendered() if o["kind"] == "SecurityGroupPolicy"]
    (policy,) = [o for o in rendered(security_groups=["sg-0123456789abcdef0"]) if o["kind"] == "SecurityGroupPolicy"]
    assert policy["spec"]["securityGroups"] == {"groupIds": ["sg-0123456789abcdef0"]}


def test_mistakes_are_named_together() -> None:
    with pytest.raises(ConfigurationError) as refused:
        Namespace(name="Payments", level="open", allow=[{"to": {"cidr": "10.0.0.1/8"}, "ports": [0]}, "all"],
                  security_groups=["sg-1"], limits={"default": {}}, quota={"cpu": "much"})  # fmt: skip
    assert len(refused.value.problems) == 8, refused.value.problems
