from hardened_eks.controls.security_groups import egress_restricted
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.security_groups.base import GROUPS, LIST, NOTHING, OUT, SG, inline, rule

CASE = Case(
    egress_restricted,
    GROUPS,
    bad={
        **at(
            "SecurityGroupEgress",
            {
                "left out": both(drop(SG, "SecurityGroupEgress"), drop(OUT, "")),
                "empty": both(change(SG, "SecurityGroupEgress", []), drop(OUT, "")),
                "a rule of another group": both(drop(SG, "SecurityGroupEgress"), change(OUT, "GroupId", "sg-1")),
            },
        ),
        "everything": Bad(
            inline({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, name="SecurityGroupEgress"),
            "SecurityGroupEgress.0.CidrIp",
        ),
        "everything, IPv6": Bad(
            inline({"IpProtocol": "-1", "CidrIpv6": "::/0"}, name="SecurityGroupEgress"),
            "SecurityGroupEgress.0.CidrIpv6",
        ),
        "a port to the internet": Bad(
            both(
                drop(OUT, "DestinationSecurityGroupId"), change(OUT, "CidrIp", "0.0.0.0/0"), change(OUT, "FromPort", 22)
            ),
            "CidrIp",
        ),
        "all protocols to the VPC": Bad(
            inline({"IpProtocol": -1, "CidrIp": "10.0.0.0/16"}, name="SecurityGroupEgress"),
            "SecurityGroupEgress.0.IpProtocol",
        ),
        "a port to a prefix list that nobody sees": Bad(
            inline(rule(22, DestinationPrefixListId="pl-1"), name="SecurityGroupEgress"),
            "SecurityGroupEgress.0.DestinationPrefixListId",
        ),
        "a port to a prefix list with everything": Bad(
            both(
                inline(rule(22, DestinationPrefixListId={"Ref": "List"}), name="SecurityGroupEgress"),
                lambda body: {
                    **body,
                    "Resources": {
                        **body["Resources"],
                        "List": {"Type": LIST, "Properties": {"Entries": [{"Cidr": "0.0.0.0/0"}]}},
                    },
                },
            ),
            "SecurityGroupEgress.0.DestinationPrefixListId",
        ),
        "a port to global IPv6": Bad(
            inline(rule(22, CidrIpv6="2000::/3"), name="SecurityGroupEgress"), "SecurityGroupEgress.0.CidrIpv6"
        ),
        "to itself and to all": Bad(
            inline({"IpProtocol": "-1", "CidrIp": "127.0.0.1/32", "CidrIpv6": "::/0"}, name="SecurityGroupEgress"),
            "SecurityGroupEgress.0.CidrIpv6",
        ),
        "more than itself": Bad(
            inline({"IpProtocol": "-1", "CidrIp": "127.0.0.0/8"}, name="SecurityGroupEgress"),
            "SecurityGroupEgress.0.IpProtocol",
        ),
        "hidden": Bad(hide(SG, "SecurityGroupEgress"), "SecurityGroupEgress"),
    },
    edge={
        "HTTPS to a prefix list": inline(rule(443, DestinationPrefixListId="pl-1"), name="SecurityGroupEgress"),
        "HTTPS to the internet": inline(rule(443, CidrIp="0.0.0.0/0"), name="SecurityGroupEgress"),
        "to itself": inline(
            {"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"},
            {"IpProtocol": "-1", "CidrIpv6": "::1/128"},
            name="SecurityGroupEgress",
        ),
        "a rule of its own alone": {
            "Resources": {
                **GROUPS["Resources"],
                "Group": {"Type": SG, "Properties": {"GroupDescription": "nodes", "VpcId": {"Ref": "Vpc"}}},
            }
        },
        "CDK's rule for none": inline(NOTHING, name="SecurityGroupEgress"),
        "all to another group": both(change(OUT, "IpProtocol", "-1"), drop(OUT, "FromPort"), drop(OUT, "ToPort")),
    },
)
