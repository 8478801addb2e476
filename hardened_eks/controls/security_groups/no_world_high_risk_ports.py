from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import GROUP, INGRESS, open_to_world

_EC2_19: Final = (20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601,
    8080, 8088, 8888, 9200, 9300)  # fmt: skip
_DATABASES: Final = (1521, 2483, 6379, 7199, 9092, 9160, 11211, 27017, 27018)
_KUBERNETES: Final = (2379, 2380, 6443, 10250, 10255)
_PORTS: Final = (*_EC2_19, *_DATABASES, *_KUBERNETES)


@control(
    id="SG-03",
    title="No security group opens a high-risk port to the internet",
    requirement="sg.no_world_high_risk",
    types=(GROUP, INGRESS),
    needs="assembly",
    severity=Severity.CRITICAL,
    why=(
        "Databases, caches, consoles and the kubelet often respond without a password. If they are open to the "
        "internet, attackers can steal data or run code on a node."
    ),
    fix="Admit the security group of the client instead of an address range, or use a load balancer.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19",
    blind=(
        "Only TCP is evaluated. The ports are those of Security Hub EC2.19, additional databases and message brokers, "
        "and the ports of Kubernetes; SG-04 covers services on other ports. A source that is a template parameter "
        "counts as the internet."
    ),
    enforced_by="Cluster",
)
def no_world_high_risk_ports(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, cidr, ports in open_to_world(resource, assembly, *_PORTS):
        severity = Severity.HIGH if "known only at deployment" in cidr else None  # everybody, or only the office
        yield Problem(f"high-risk ports are open to {cidr}: {ports}", path, severity=severity)
