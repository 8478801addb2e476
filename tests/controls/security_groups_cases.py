"""Cases of the security-group area."""

from hardened_eks.controls import security_groups as c
from tests.controls.cases import Case, both, change, drop, hide, template

SG, IN, OUT = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"
CL, NG, LT, VPC = "AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate", "AWS::EC2::VPC"
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
    return {
        "inline": inline(rule(port, CidrIp="0.0.0.0/0")),
        "IPv6": inline(rule(port, CidrIpv6="::/0")),
        "a resource of its own": both(
            change(IN, "CidrIp", "0.0.0.0/0"), change(IN, "FromPort", port), change(IN, "ToPort", port)
        ),
        "in a range": inline(rule(1, 65535, CidrIp="0.0.0.0/0")),
        "all protocols": inline({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}),
        "protocol by number": inline(rule(port, CidrIp="0.0.0.0/0", protocol="6")),
        "ports as text": inline(rule(str(port), CidrIp="0.0.0.0/0")),
        "two halves": inline(rule(port, CidrIp="0.0.0.0/1"), rule(port, CidrIp="128.0.0.0/1")),
        "source in a parameter": inline(rule(port, CidrIp={"Ref": "Source"})),
        "ports in a parameter": inline(rule({"Ref": "Port"}, {"Ref": "Port"}, CidrIp="0.0.0.0/0")),
        "behind a condition": inline({"Fn::If": ["Open", rule(port, CidrIp="0.0.0.0/0"), {"Ref": "AWS::NoValue"}]}),
        "all rules in a parameter": hide(SG, "SecurityGroupIngress"),
    }


CLOSED = {
    "another port": inline(rule(443, CidrIp="0.0.0.0/0")),
    "from the VPC": inline(
        rule(22, CidrIp={"Fn::GetAtt": ["Vpc", "CidrBlock"]}), rule(3389, CidrIp={"Fn::GetAtt": ["Vpc", "CidrBlock"]})
    ),
    "from a group": inline(rule(22, SourceSecurityGroupId=OTHER)),
    "from a prefix list": inline(rule(22, SourcePrefixListId="pl-1")),
    "no rule": drop(SG, "SecurityGroupIngress"),
    "a bad range": inline(rule(22, CidrIp="nowhere")),
}

CLUSTER = template(
    {
        "Group": (
            SG,
            {"GroupDescription": "control plane", "VpcId": "vpc-1", "SecurityGroupEgress": [rule(443), rule(10250)]},
        ),
        "Cluster": (CL, {"ResourcesVpcConfig": {"SecurityGroupIds": [ID]}}),
        "Template": (LT, {"LaunchTemplateData": {"SecurityGroupIds": [ID]}}),
        "Nodes": (NG, {"LaunchTemplate": {"Id": {"Ref": "Template"}}}),
    }
)

CASES = [
    Case(c.no_world_ssh, GROUPS, world(22), CLOSED),
    Case(c.no_world_rdp, GROUPS, world(3389), CLOSED),
    Case(
        c.no_world_high_risk_ports,
        GROUPS,
        {**world(10250), "a database": inline(rule(5432, CidrIp="0.0.0.0/0"))},
        CLOSED,
    ),
    Case(
        c.no_world_ingress,
        GROUPS,
        {
            **world(8443),
            "HTTP": inline(rule(80, CidrIp="0.0.0.0/0")),
            "ICMP": inline({"IpProtocol": "icmp", "CidrIp": "0.0.0.0/0"}),
        },
        CLOSED,
    ),
    Case(
        c.narrow_ingress,
        GROUPS,
        {
            "all protocols from a range": inline({"IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}),
            "all protocols from another group": both(change(IN, "IpProtocol", "-1"), drop(IN, "FromPort")),
            "all ports": inline(rule(0, 65535)),
            "ports left out": both(drop(IN, "FromPort"), drop(IN, "ToPort")),
            "protocol hidden": hide(IN, "IpProtocol"),
            "all rules hidden": hide(SG, "SecurityGroupIngress"),
        },
        {
            "within the group": both(change(IN, "IpProtocol", "-1"), change(IN, "SourceSecurityGroupId", ID)),
            "within an imported group": both(
                change(IN, "IpProtocol", "-1"),
                change(IN, "GroupId", "sg-1"),
                change(IN, "SourceSecurityGroupId", "sg-1"),
            ),
            "two ports": inline(rule(10250, 10251)),
            "ICMP": inline({"IpProtocol": "icmp", "CidrIp": "10.0.0.0/16"}),
        },
    ),
    Case(
        c.egress_restricted,
        GROUPS,
        {
            "left out": both(drop(SG, "SecurityGroupEgress"), drop(OUT, "")),
            "empty": both(change(SG, "SecurityGroupEgress", []), drop(OUT, "")),
            "a rule of another group": both(drop(SG, "SecurityGroupEgress"), change(OUT, "GroupId", "sg-1")),
            "everything": inline({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, name="SecurityGroupEgress"),
            "everything, IPv6": inline({"IpProtocol": "-1", "CidrIpv6": "::/0"}, name="SecurityGroupEgress"),
            "a port to the internet": both(
                drop(OUT, "DestinationSecurityGroupId"), change(OUT, "CidrIp", "0.0.0.0/0"), change(OUT, "FromPort", 22)
            ),
            "all protocols to the VPC": inline({"IpProtocol": -1, "CidrIp": "10.0.0.0/16"}, name="SecurityGroupEgress"),
            "hidden": hide(SG, "SecurityGroupEgress"),
        },
        {
            "HTTPS to the internet": inline(rule(443, CidrIp="0.0.0.0/0"), name="SecurityGroupEgress"),
            "a rule of its own alone": {
                "Resources": {
                    **GROUPS["Resources"],
                    "Group": {"Type": SG, "Properties": {"GroupDescription": "nodes", "VpcId": {"Ref": "Vpc"}}},
                }
            },
            "CDK's rule for none": inline(NOTHING, name="SecurityGroupEgress"),
            "all to another group": both(change(OUT, "IpProtocol", "-1"), drop(OUT, "FromPort"), drop(OUT, "ToPort")),
        },
    ),
    Case(
        c.described,
        GROUPS,
        {
            "no group description": change(SG, "GroupDescription", ""),
            "no VPC": drop(SG, "VpcId"),
            "inline rule": drop(SG, "SecurityGroupEgress.0.Description"),
            "ingress rule": drop(IN, "Description"),
            "egress rule": change(OUT, "Description", ""),
        },
        {"text in a parameter": hide(IN, "Description"), "no rules": drop(SG, "SecurityGroupIngress")},
    ),
    Case(
        c.cluster_to_node,
        CLUSTER,
        {
            "no group": drop(CL, "ResourcesVpcConfig.SecurityGroupIds"),
            "no launch template": drop(NG, "LaunchTemplate"),
            "a launch template without groups": drop(LT, "LaunchTemplateData.SecurityGroupIds"),
            "its group lets everything out": change(
                SG, "SecurityGroupEgress", [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}]
            ),
            "its group lets everything in": change(SG, "SecurityGroupIngress", [rule(0, 65535)]),
        },
        {
            "groups on the interface": both(
                drop(LT, "LaunchTemplateData.SecurityGroupIds"),
                change(LT, "LaunchTemplateData.NetworkInterfaces", [{"Groups": [ID]}]),
            ),
            "groups of another stack": change(CL, "ResourcesVpcConfig.SecurityGroupIds", ["sg-1"]),
            "a foreign launch template": change(NG, "LaunchTemplate", {"Id": "lt-1"}),
        },
    ),
]
