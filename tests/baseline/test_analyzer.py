"""Who may talk to whom by network-config-analyzer, which reads network policies as their specification says."""

import ipaddress
import json
import re
import subprocess

import pytest
import yaml

from hardened_eks.baseline import Namespace, Settings, manifests
from tests.baseline.connectivity import allowed
from tests.baseline.test_network import AGENT, API, DNS, GATE, IMDS, OTHER, WEB, WIDE
from tools import environments

PODS = {"payments/api": API, "payments/web": WEB, "orders/other": OTHER, "ingress/gate": GATE, "kube-system/dns": DNS}
ADDRESSES = (*IMDS, AGENT, "fd00:ec2::23", "169.254.169.253", "169.254.170.22", "10.1.0.9", "10.9.0.1", "10.9.1.1",
             "198.51.100.7", "2001:db8::1", "172.20.0.10", "169.254.20.10")  # fmt: skip
PORTS = ((53, "UDP"), (53, "TCP"), (80, "TCP"), (443, "TCP"), (514, "UDP"), (8080, "TCP"), (9001, "TCP"))
NAMED = [
    {"from": {"namespace": "ingress", "pods": {"app": "gate"}}, "ports": [8080], "pods": {"app": "web"}},
    {"to": {"namespace": "orders"}, "ports": ["9000-9002"]},
    {"to": {"range": "endpoints"}, "ports": [443]},
    {"from": {"cidr": "10.9.0.0/16", "except": ["10.9.1.0/24"]}, "ports": ["514/UDP"]},
]
CASES = {
    "closed": {},
    "Pod Identity": {"pod_identity": True},
    "same namespace": {"allow": ["same-namespace"]},
    "named": {"allow": NAMED},
    "wide": {"allow": WIDE, "pod_identity": True},
    "DNS elsewhere": {"node_local_dns": True, "dns_addresses": ["172.20.0.10"]},
}
RANGES = {"endpoints": ["10.1.0.0/24"], "metadata": ["169.254.169.0/24", "169.254.169.254/31", "fd00:ec2::254/127"]}


def rendered(**arguments):
    settings = {k: arguments.pop(k) for k in ("dns_addresses", "node_local_dns") if k in arguments}
    return manifests(Settings(namespaces=[Namespace(name="payments", **arguments), Namespace(name="ingress")],
                              ranges=RANGES, **settings))  # fmt: skip


@pytest.fixture(scope="module")
def analyzer():
    try:
        return environments.python("network-analyzer").with_name("nca")
    except environments.UnavailableError as error:
        pytest.skip(f"network-config-analyzer cannot run here: {error}")


def analyzed(analyzer, folder, objects) -> list[tuple[str, str, str]]:
    """Return the connections that there are: from, to (a pod or a range of addresses), by which protocols and ports."""
    policies = [json.loads(json.dumps(o)) for o in objects if o["kind"] == "NetworkPolicy"]
    for policy in policies:
        if len(policy["spec"]["policyTypes"]) == 2:
            policy["spec"]["policyTypes"] = ["Ingress", "Egress"]  # the analyzer refuses them in alphabetical order
    spaces = sorted({pod.namespace for pod in PODS.values()})
    files = {
        "policies": policies,
        "spaces": [thing("Namespace", {"name": n, "labels": {"kubernetes.io/metadata.name": n}}) for n in spaces],
        "pods": [
            thing("Pod", {"name": name.partition("/")[2], "namespace": pod.namespace, "labels": pod.labels})
            for name, pod in PODS.items()
        ],
    }
    for name, items in files.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump_all(items))
    options = ["--connectivity", "policies.yaml", "--ns_list", "spaces.yaml", "--pod_list", "pods.yaml", "--print_ipv6"]
    command = [str(analyzer), *options, "--output_format", "txt_no_fw_rules"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return re.findall(r"^(\S+) => (\S+) : (.+)$", run.stdout.replace("[Pod]", ""), re.MULTILINE)


def thing(kind, metadata):
    body = {"spec": {"containers": [{"name": "c"}]}, "status": {"hostIP": "192.0.2.1"}} if kind == "Pod" else {}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **body}


def is_in(who: str, entry: str) -> bool:
    """Return whether a pod or an address is that of an entry, such as 10.0.0.0-10.0.0.255."""
    if "/" in who or "/" in entry:
        return who == entry
    first, _, last = entry.partition("-")
    low, high = ipaddress.ip_address(first), ipaddress.ip_address(last or first)
    address = ipaddress.ip_address(who)
    return address.version == low.version and low <= address <= high


def opens(connection: str, port: int, protocol: str) -> bool:
    if connection == "All connections":
        return True
    parts = re.findall(r"\{protocols:([A-Z, ]+?)(?:,dst_ports:([0-9,-]+))?\}", connection)
    assert parts, connection
    for protocols, ports in parts:
        spans = [tuple(map(int, (span + "-" + span).split("-")[:2])) for span in ports.split(",") if span]
        if protocol in protocols.split(", ") and (not spans or any(low <= port <= high for low, high in spans)):
            return True
    return False


@pytest.mark.parametrize("case", CASES)
def test_the_analyzer_finds_what_we_say_and_nothing_else(case: str, analyzer, tmp_path) -> None:
    objects = rendered(**CASES[case])
    connections = analyzed(analyzer, tmp_path, objects)

    def connected(source: str, target: str, port: int, protocol: str) -> bool:
        return any(is_in(source, a) and is_in(target, b) and opens(c, port, protocol) for a, b, c in connections)

    asked = 0
    for source in (*PODS, *ADDRESSES):
        for target in (*PODS, *ADDRESSES):
            if source == target or not {source, target} & PODS.keys():
                continue
            for port, protocol in PORTS:
                expected = allowed(objects, PODS.get(source, source), PODS.get(target, target), port, protocol)
                assert connected(source, target, port, protocol) == expected, (source, target, port, protocol)
                asked += 1
    assert asked > 1000
    for pod in ("payments/api", "payments/web", "ingress/gate"):
        assert not [target for target in IMDS for p in PORTS if connected(pod, target, *p)], pod
    for address in (AGENT, "fd00:ec2::23"):
        wide = CASES[case].get("pod_identity", False)
        assert connected("payments/api", address, 80, "TCP") == wide
        assert not connected("ingress/gate", address, 80, "TCP")


def test_one_policy_of_a_team_would_open_the_metadata_service(analyzer, tmp_path) -> None:
    """Policies only add: this is why the policy `network-policy` refuses it, and why nodes have a hop limit of 1."""
    hole = {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1",
            "metadata": {"name": "hole", "namespace": "payments"},
            "spec": {"podSelector": {}, "policyTypes": ["Egress"],
                     "egress": [{"to": [{"ipBlock": {"cidr": "169.254.0.0/16"}}]}]}}  # fmt: skip
    connections = analyzed(analyzer, tmp_path, [*rendered(), hole])
    assert any(is_in("payments/api", a) and is_in(IMDS[0], b) and opens(c, 80, "TCP") for a, b, c in connections)


@pytest.mark.parametrize(
    ("text", "port", "protocol", "expected"),
    [("All connections", 1, "UDP", True), ("{protocols:TCP, UDP,dst_ports:53}", 53, "UDP", True),
     ("{protocols:TCP,dst_ports:80,443}", 443, "TCP", True), ("{protocols:TCP,dst_ports:80,443}", 81, "TCP", False),
     ("{protocols:TCP,dst_ports:1-9}", 9, "TCP", True), ("{protocols:UDP}", 9, "TCP", False)],
)  # fmt: skip
def test_we_read_the_analyzer(text: str, port: int, protocol: str, expected: bool) -> None:
    assert opens(text, port, protocol) == expected
