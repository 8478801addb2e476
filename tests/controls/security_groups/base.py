"""What the cases of the security-groups area are made of."""

from tests.controls.cases import ITSELF, Bad, both, change, drop, hide, template

SG = "AWS::EC2::SecurityGroup"
IN = "AWS::EC2::SecurityGroupIngress"
OUT = "AWS::EC2::SecurityGroupEgress"
VPC = "AWS::EC2::VPC"
LIST = "AWS::EC2::PrefixList"
NOTHING = {"IpProtocol": "icmp", "CidrIp": "255.255.255.255/32", "FromPort": 252, "ToPort": 86, "Description": "none"}
ID = {"Fn::GetAtt": ["Group", "GroupId"]}
OTHER = {"Fn::GetAtt": ["Other", "GroupId"]}


def rule(port, to=None, protocol="tcp", **peer):
    return {
        "IpProtocol": protocol,
        "FromPort": port,
        "ToPort": to or port,
        "Description": "why",
        **(peer or {"CidrIp": "10.0.0.0/16"}),
    }


GROUPS = template(
    {
        "Vpc": (VPC, {"CidrBlock": "10.0.0.0/16"}),
        "Other": (SG, {"GroupDescription": "clients", "VpcId": {"Ref": "Vpc"}, "SecurityGroupEgress": [NOTHING]}),
        "Group": (
            SG,
            {
                "GroupDescription": "nodes",
                "VpcId": {"Ref": "Vpc"},
                "SecurityGroupIngress": [rule(443)],
                "SecurityGroupEgress": [rule(443)],
            },
        ),
        "In": (IN, {"GroupId": ID, **rule(443, SourceSecurityGroupId=OTHER)}),
        "Out": (OUT, {"GroupId": ID, **rule(443, DestinationSecurityGroupId=OTHER)}),
    }
)


def inline(*rules, name="SecurityGroupIngress"):
    return change(SG, name, list(rules))


def world(*ports):
    """Every way in which `ports` come to be open to anybody."""
    port = ports[0]
    first = "SecurityGroupIngress.0.CidrIp"
    own = both(change(IN, "CidrIp", "0.0.0.0/0"), change(IN, "FromPort", port), change(IN, "ToPort", port))
    listed = lambda *ranges: both(  # noqa: E731
        inline(rule(port, SourcePrefixListId={"Ref": "List"})),
        lambda body: {
            **body,
            "Resources": {**body["Resources"], **template({"List": (LIST, {"Entries": list(ranges)})})["Resources"]},
        },
    )
    halves = inline(rule(port, CidrIp="0.0.0.0/1"), rule(port, CidrIp="128.0.0.0/1"))
    conditional = inline({"Fn::If": ["Open", rule(port, CidrIp="0.0.0.0/0"), {"Ref": "AWS::NoValue"}]})
    return {
        "inline": Bad(inline(rule(port, CidrIp="0.0.0.0/0")), first),
        "IPv6": Bad(inline(rule(port, CidrIpv6="::/0")), "SecurityGroupIngress.0.CidrIpv6"),
        "a resource of its own": Bad(own, "CidrIp"),
        "in a range": Bad(inline(rule(1, 65535, CidrIp="0.0.0.0/0")), first),
        "all protocols": Bad(inline({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}), first),
        "protocol by number": Bad(inline(rule(port, CidrIp="0.0.0.0/0", protocol="6")), first),
        "all protocols by name": Bad(inline({"IpProtocol": "All", "CidrIp": "0.0.0.0/0"}), first),
        "a protocol with spaces": Bad(inline(rule(port, CidrIp="0.0.0.0/0", protocol=" tcp ")), first),
        "a macro beside a rule": Bad(
            lambda body: {
                **body,
                "Resources": {
                    name: ({**one, "Fn::Transform": {"Name": "M"}} if one["Type"] == IN else one)
                    for name, one in body["Resources"].items()
                },
            },
            ITSELF,
        ),
        "ports as text": Bad(inline(rule(str(port), CidrIp="0.0.0.0/0")), first),
        "a /8": Bad(inline(rule(port, CidrIp="52.0.0.0/8")), first),
        "a /12": Bad(inline(rule(port, CidrIp="52.16.0.0/12")), first),
        "global IPv6": Bad(inline(rule(port, CidrIpv6="2000::/3")), "SecurityGroupIngress.0.CidrIpv6"),
        "a registry's IPv6": Bad(inline(rule(port, CidrIpv6="2600::/12")), "SecurityGroupIngress.0.CidrIpv6"),
        "in a prefix list": Bad(
            listed({"Cidr": "10.0.0.0/8"}, {"Cidr": "0.0.0.0/0"}), "SecurityGroupIngress.0.SourcePrefixListId"
        ),
        "half in a prefix list": Bad(listed({"Cidr": "128.0.0.0/1"}), "SecurityGroupIngress.0.SourcePrefixListId"),
        "in a prefix list by a parameter": Bad(
            listed({"Cidr": {"Ref": "Range"}}), "SecurityGroupIngress.0.SourcePrefixListId"
        ),
        "two halves": Bad(halves, first, "SecurityGroupIngress.1.CidrIp"),
        "source in a parameter": Bad(inline(rule(port, CidrIp={"Ref": "Source"})), first),
        "ports in a parameter": Bad(inline(rule({"Ref": "Port"}, {"Ref": "Port"}, CidrIp="0.0.0.0/0")), first),
        "behind a condition": Bad(conditional, first),
        "all rules in a parameter": Bad(hide(SG, "SecurityGroupIngress"), "SecurityGroupIngress"),
    }


CLOSED = {
    "another port": inline(rule(443, CidrIp="0.0.0.0/0")),
    "from the VPC": inline(
        rule(22, CidrIp={"Fn::GetAtt": ["Vpc", "CidrBlock"]}), rule(3389, CidrIp={"Fn::GetAtt": ["Vpc", "CidrBlock"]})
    ),
    "from a group": inline(rule(22, SourceSecurityGroupId=OTHER)),
    "from all private addresses": inline(rule(22, CidrIp="10.0.0.0/8"), rule(3389, CidrIpv6="fd00::/8")),
    "from a prefix list": inline(rule(22, SourcePrefixListId="pl-1")),
    "no rule": drop(SG, "SecurityGroupIngress"),
    "a bad range": inline(rule(22, CidrIp="nowhere")),
}
