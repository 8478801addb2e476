from hardened_eks.controls.network import dhcp_amazon_dns
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

OPTIONS = "AWS::EC2::DHCPOptions"
ASSOCIATION = "AWS::EC2::VPCDHCPOptionsAssociation"
SERVERS = "DomainNameServers"

AMAZON = template(
    {
        "Vpc": ("AWS::EC2::VPC", {}),
        "Options": (OPTIONS, {"DomainName": "corp.example", SERVERS: ["AmazonProvidedDNS"]}),
        "Used": (ASSOCIATION, {"VpcId": {"Ref": "Vpc"}, "DhcpOptionsId": {"Ref": "Options"}}),
    }
)

CASE = Case(
    dhcp_amazon_dns,
    AMAZON,
    bad={
        **at(
            f"{SERVERS}.0",
            {
                "a public server": change(OPTIONS, SERVERS, ["8.8.8.8"]),
                "a server of the company": change(OPTIONS, SERVERS, ["10.0.0.53"]),
                "hidden in the list": change(OPTIONS, SERVERS, [{"Ref": "Server"}]),
            },
        ),
        "beside Amazon's": Bad(change(OPTIONS, SERVERS, ["AmazonProvidedDNS", "8.8.8.8"]), f"{SERVERS}.1"),
        **at(SERVERS, {"left out": drop(OPTIONS, SERVERS), "hidden": hide(OPTIONS, SERVERS)}),
        **at(
            "DhcpOptionsId",
            {
                "options by id": change(ASSOCIATION, "DhcpOptionsId", "dopt-1"),
                "options hidden": hide(ASSOCIATION, "DhcpOptionsId"),
            },
        ),
    },
    edge={
        "by its address": change(OPTIONS, SERVERS, ["169.254.169.253", "fd00:ec2::253"]),
        "default options": change(ASSOCIATION, "DhcpOptionsId", "default"),
    },
)
