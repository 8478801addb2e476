from hardened_eks.controls.deployable import ports_in_order
from tests.controls.cases import Bad, Case, at, both, change, hide, template

GROUP, RULE, ENTRY = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::NetworkAclEntry"
HIGH = {"IpProtocol": "tcp", "FromPort": 1024, "ToPort": 65535, "CidrIp": "10.0.0.0/16"}
RULES = template(
    {
        "Group": (GROUP, {"SecurityGroupIngress": [HIGH], "SecurityGroupEgress": [{**HIGH, "FromPort": "443"}]}),
        "Rule": (RULE, {"GroupId": {"Ref": "Group"}, **HIGH}),
        "Entry": (ENTRY, {"Protocol": 6, "PortRange": {"From": 443, "To": 443}}),
    }
)

CASE = Case(
    ports_in_order,
    RULES,
    bad={
        "ingress": Bad(change(GROUP, "SecurityGroupIngress.0.ToPort", 80), "SecurityGroupIngress.0.FromPort"),
        "egress": Bad(change(GROUP, "SecurityGroupEgress.0.ToPort", "80"), "SecurityGroupEgress.0.FromPort"),
        "rule": Bad(change(RULE, "ToPort", 80), "FromPort"),
        "both": Bad(both(change(RULE, "FromPort", 9000), change(RULE, "ToPort", 8000)), "FromPort"),
        "entry": Bad(change(ENTRY, "PortRange.To", 80), "PortRange.From"),
        **at("ToPort", {"no port": change(RULE, "ToPort", 65536)}),
        "below the first": Bad(change(RULE, "FromPort", -1), "FromPort"),
    },
    edge={
        "all ports, the old way": both(change(RULE, "FromPort", -1), change(RULE, "ToPort", -1)),
        "ping": both(change(RULE, "IpProtocol", "icmp"), both(change(RULE, "FromPort", 8), change(RULE, "ToPort", -1))),
        "everything": both(
            change(RULE, "IpProtocol", "-1"), both(change(RULE, "FromPort", 9), change(RULE, "ToPort", 1))
        ),
        "hidden": hide(RULE, "FromPort"),
        "hidden protocol": both(hide(RULE, "IpProtocol"), change(RULE, "ToPort", 1)),
        "one port": both(change(RULE, "FromPort", 443), change(RULE, "ToPort", "443")),
    },
)
