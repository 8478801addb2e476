from hardened_eks.controls.network import network_acl_no_open_admin
from tests.controls.cases import Bad, Case, both, change, drop, hide, template
from tests.controls.network.base import ENTRY

ALLOWED = template(
    {
        "Entry": (
            ENTRY,
            {
                "RuleAction": "allow",
                "Protocol": 6,
                "CidrBlock": "0.0.0.0/0",
                "RuleNumber": 100,
                "PortRange": {"From": 443, "To": 443},
            },
        )
    }
)

CASE = Case(
    network_acl_no_open_admin,
    ALLOWED,
    bad={
        "SSH": Bad(change(ENTRY, "PortRange", {"From": 22, "To": 22}), "PortRange"),
        "RDP in a range": Bad(change(ENTRY, "PortRange", {"From": 1024, "To": 65535}), "PortRange"),
        "all protocols": Bad(change(ENTRY, "Protocol", -1), "Protocol"),
        "all protocols, IPv6": Bad(
            both(change(ENTRY, "Protocol", "-1"), drop(ENTRY, "CidrBlock"), change(ENTRY, "Ipv6CidrBlock", "::/0")),
            "Protocol",
        ),
        "half the internet": Bad(
            both(change(ENTRY, "Protocol", -1), change(ENTRY, "CidrBlock", "0.0.0.0/1")), "Protocol"
        ),
        "global IPv6": Bad(
            both(change(ENTRY, "Protocol", -1), drop(ENTRY, "CidrBlock"), change(ENTRY, "Ipv6CidrBlock", "2000::/3")),
            "Protocol",
        ),
        "no ports": Bad(drop(ENTRY, "PortRange"), "PortRange"),
        "protocol hidden": Bad(hide(ENTRY, "Protocol"), "Protocol"),
        "source and port hidden": Bad(both(hide(ENTRY, "CidrBlock"), hide(ENTRY, "PortRange.From")), "PortRange"),
    },
    edge={
        "denied": both(change(ENTRY, "Protocol", -1), change(ENTRY, "RuleAction", "deny")),
        "outbound": both(change(ENTRY, "Protocol", -1), change(ENTRY, "Egress", True)),
        "from the VPC": both(change(ENTRY, "Protocol", -1), change(ENTRY, "CidrBlock", "10.0.0.0/16")),
        "from all private addresses": both(change(ENTRY, "Protocol", -1), change(ENTRY, "CidrBlock", "10.0.0.0/8")),
        "ICMP": both(change(ENTRY, "Protocol", 1), drop(ENTRY, "PortRange")),
    },
)
