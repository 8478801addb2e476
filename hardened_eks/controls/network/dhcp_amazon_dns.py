from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_OPTIONS: Final = "AWS::EC2::DHCPOptions"
_ASSOCIATION: Final = "AWS::EC2::VPCDHCPOptionsAssociation"
# https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
_AMAZON: Final = ("AmazonProvidedDNS", "169.254.169.253", "fd00:ec2::253")


@control(
    id="NW-23",
    title="DHCP options use the Amazon DNS server",
    requirement=("vpc.network_firewall", "sg.egress_restricted"),
    types=(_OPTIONS, _ASSOCIATION),
    severity=Severity.HIGH,
    why=(
        "DNS Firewall and query logs cover only queries to the Amazon resolver. Another server in the DHCP options "
        "bypasses both without an error."
    ),
    fix="Set DomainNameServers to AmazonProvidedDNS, and resolve the organization's own domains with a Resolver rule.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html",
    blind=(
        "DNS servers that are configured in a pod or on a node. The default DHCP options of a VPC use the Amazon DNS "
        "server."
    ),
    detective="No construct creates DHCP options: a VPC without them uses the Amazon DNS server.",
)
def dhcp_amazon_dns(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _ASSOCIATION:
        options = resource.get("DhcpOptionsId")
        if options != "default" and assembly.target(options, _OPTIONS, near=resource) is None:
            yield Problem(f"the DHCP options {options} are not in the assembly", "DhcpOptionsId")
        return
    servers = list(resource.each("DomainNameServers"))
    if not servers:
        yield Problem("no DNS server is set, so instances do not use the Amazon DNS server", "DomainNameServers")
    for path, server in servers:
        if server not in _AMAZON:
            yield Problem(f"instances use {server} instead of the Amazon DNS server", path)
