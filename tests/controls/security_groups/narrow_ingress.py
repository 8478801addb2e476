from hardened_eks.controls.security_groups import narrow_ingress
from tests.controls.cases import Bad, Case, both, change, drop, hide, template
from tests.controls.security_groups.base import GROUPS, ID, IN, SG, inline, rule


def between_nodes():
    """Return a node group and another group of nodes whose security groups admit each other on every port."""

    def admit(group, source):
        return IN, {
            "GroupId": {"Ref": group},
            "SourceSecurityGroupId": {"Ref": source},
            "IpProtocol": "-1",
            "Description": "nodes",
        }

    described = {"GroupDescription": "nodes", "VpcId": "vpc-1"}
    return template(
        {
            "One": (SG, described),
            "Other": (SG, described),
            "There": admit("One", "Other"),
            "Back": admit("Other", "One"),
            "Launch": ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"SecurityGroupIds": [{"Ref": "One"}]}}),
            "Nodes": ("AWS::EKS::Nodegroup", {"LaunchTemplate": {"Id": {"Ref": "Launch"}}}),
        }
    )


DATABASE = {"Fn::GetAtt": ["Database", "Endpoint.Port"]}

CASE = Case(
    narrow_ingress,
    GROUPS,
    bad={
        "all protocols from a range": Bad(
            inline({"IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}), "SecurityGroupIngress.0.IpProtocol"
        ),
        "all protocols from another group": Bad(
            both(change(IN, "IpProtocol", "-1"), drop(IN, "FromPort")), "IpProtocol"
        ),
        "all ports": Bad(inline(rule(0, 65535)), "SecurityGroupIngress.0.ToPort"),
        "ports left out": Bad(both(drop(IN, "FromPort"), drop(IN, "ToPort")), "ToPort"),
        "protocol hidden": Bad(hide(IN, "IpProtocol"), "IpProtocol"),
        "a prefix list that nobody sees": Bad(
            inline(rule(22, SourcePrefixListId="pl-1")), "SecurityGroupIngress.0.SourcePrefixListId"
        ),
        "a prefix list in a parameter": Bad(
            inline(rule(22, SourcePrefixListId={"Ref": "List"})), "SecurityGroupIngress.0.SourcePrefixListId"
        ),
        "two ports not known": Bad(inline(rule(DATABASE, {"Ref": "Last"})), "SecurityGroupIngress.0.ToPort"),
        "all rules hidden": Bad(hide(SG, "SecurityGroupIngress"), "SecurityGroupIngress"),
    },
    edge={
        "within the group": both(change(IN, "IpProtocol", "-1"), change(IN, "SourceSecurityGroupId", ID)),
        "within an imported group": both(
            change(IN, "IpProtocol", "-1"),
            change(IN, "GroupId", "sg-1"),
            change(IN, "SourceSecurityGroupId", "sg-1"),
        ),
        "HTTPS from a prefix list": inline(rule(443, SourcePrefixListId="pl-1")),
        "a port not known": inline(rule(DATABASE, DATABASE, SourceSecurityGroupId="sg-1")),
        "two ports": inline(rule(10250, 10251)),
        "between nodes": between_nodes(),
        "ICMP": inline({"IpProtocol": "icmp", "CidrIp": "10.0.0.0/16"}),
    },
)
