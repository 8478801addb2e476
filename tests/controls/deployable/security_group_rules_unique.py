from hardened_eks.controls.deployable import security_group_rules_unique
from tests.controls.cases import ITSELF, Bad, Case, at, both, change, template
from tests.controls.deployable.base import CL

GROUP = template(
    {
        "Group": (
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": "nodes",
                "SecurityGroupEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}],
            },
        ),
        "Rule": (
            "AWS::EC2::SecurityGroupEgress",
            {
                "GroupId": {"Fn::GetAtt": ["Group", "GroupId"]},
                "IpProtocol": "tcp",
                "FromPort": 10250,
                "ToPort": 10250,
                "CidrIp": "10.0.0.0/16",
            },
        ),
    }
)


def repeating(logical_id):
    """Add a separate rule that repeats the inline one."""
    rule = {"GroupId": {"Ref": "Group"}, **GROUP["Resources"]["Group"]["Properties"]["SecurityGroupEgress"][0]}
    return lambda body: {
        **body,
        "Resources": {**body["Resources"], logical_id: {"Type": "AWS::EC2::SecurityGroupEgress", "Properties": rule}},
    }


CASE = Case(
    security_group_rules_unique,
    GROUP,
    bad={
        "separate repeats inline": Bad(
            both(
                change("AWS::EC2::SecurityGroupEgress", "FromPort", 443),
                change("AWS::EC2::SecurityGroupEgress", "ToPort", 443),
            ),
            ITSELF,
        ),
        "separate repeats inline, whatever its id says": Bad(repeating("SecurityGroupEgressRule"), ITSELF),
        "inline twice": Bad(
            change(
                "AWS::EC2::SecurityGroup",
                "SecurityGroupEgress",
                [
                    {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                    {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8", "Description": "x"},
                ],
            ),
            "SecurityGroupEgress.1",
        ),
        "as text": Bad(
            both(
                change("AWS::EC2::SecurityGroupEgress", "FromPort", "443"),
                change("AWS::EC2::SecurityGroupEgress", "ToPort", "443"),
            ),
            ITSELF,
        ),
        "protocol by number": Bad(
            change(
                "AWS::EC2::SecurityGroup",
                "SecurityGroupEgress",
                [{"IpProtocol": p, "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8"} for p in ("tcp", "6")],
            ),
            "SecurityGroupEgress.1",
        ),
        "ports of all protocols": Bad(
            change(
                "AWS::EC2::SecurityGroup",
                "SecurityGroupEgress",
                [
                    {"IpProtocol": -1, "CidrIp": "10.0.0.0/8"},
                    {"IpProtocol": "-1", "FromPort": 0, "ToPort": 1, "CidrIp": "10.0.0.0/8"},
                ],
            ),
            "SecurityGroupEgress.1",
        ),
        **at(
            ITSELF,
            {
                "one group, written in two ways": template(
                    {
                        "Group": ("AWS::EC2::SecurityGroup", {}),
                        **{
                            f"Rule{n}": (
                                "AWS::EC2::SecurityGroupIngress",
                                {"GroupId": {"Ref": "Group"}, "IpProtocol": "-1", "SourceSecurityGroupId": g},
                            )
                            for n, g in enumerate(({"Ref": "Group"}, {"Fn::GetAtt": ["Group", "GroupId"]}))
                        },
                    }
                ),
                "group elsewhere": template(
                    {
                        f"Rule{n}": (
                            "AWS::EC2::SecurityGroupIngress",
                            {"GroupId": "sg-1", "IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                        )
                        for n in range(2)
                    }
                ),
                "group of the cluster": template(
                    {
                        "Cluster": (CL, {}),
                        **{
                            f"Rule{n}": (
                                "AWS::EC2::SecurityGroupIngress",
                                {
                                    "GroupId": {"Fn::GetAtt": ["Cluster", "ClusterSecurityGroupId"]},
                                    "IpProtocol": "-1",
                                    "CidrIp": "10.0.0.0/8",
                                },
                            )
                            for n in range(2)
                        },
                    }
                ),
            },
        ),
    },
    edge={
        "groups elsewhere": template(
            {
                f"Rule{n}": (
                    "AWS::EC2::SecurityGroupIngress",
                    {"GroupId": f"sg-{n}", "IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                )
                for n in range(2)
            }
        ),
    },
)
