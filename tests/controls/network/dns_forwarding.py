from hardened_eks.controls.network import dns_forwarding
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

RULE = "AWS::Route53Resolver::ResolverRule"
ASSOCIATION = "AWS::Route53Resolver::ResolverRuleAssociation"
IN_VPC = "AWS::Route53Profiles::ProfileAssociation"
IN_PROFILE = "AWS::Route53Profiles::ProfileResourceAssociation"
ZONE = {"Fn::Sub": "arn:${AWS::Partition}:route53:::hostedzone/${Zone}"}

COMPANY = template(
    {
        "Rule": (RULE, {"RuleType": "FORWARD", "DomainName": "corp.example", "TargetIps": [{"Ip": "10.9.0.53"}]}),
        "Used": (ASSOCIATION, {"ResolverRuleId": {"Ref": "Rule"}, "VPCId": "vpc-1"}),
        "Zone": ("AWS::Route53::HostedZone", {"Name": "corp.example", "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "eu-west-1"}]}),
        "Profile": ("AWS::Route53Profiles::Profile", {"Name": "corp"}),
        "InVpc": (IN_VPC, {"Name": "vpc", "ProfileId": {"Ref": "Profile"}, "ResourceId": "vpc-1"}),
        "InProfile": (
            IN_PROFILE, {"Name": "rule", "ProfileId": {"Ref": "Profile"}, "ResourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}},
        ),
    }
)  # fmt: skip

CASE = Case(
    dns_forwarding,
    COMPANY,
    bad={
        **at(
            "DomainName",
            {
                "everything": change(RULE, "DomainName", "."),
                "a top-level domain": change(RULE, "DomainName", "com."),
                "left out": drop(RULE, "DomainName"),
                "hidden": hide(RULE, "DomainName"),
            },
        ),
        **at(
            "TargetIps.0.Ip",
            {
                "to the internet": change(RULE, "TargetIps.0.Ip", "198.51.100.53"),
                "to a hidden server": hide(RULE, "TargetIps.0.Ip"),
            },
        ),
        "to the internet by IPv6": Bad(change(RULE, "TargetIps", [{"Ipv6": "2001:db8::53"}]), "TargetIps.0.Ipv6"),
        "a second server": Bad(change(RULE, "TargetIps", [{"Ip": "10.0.0.1"}, {"Ip": "8.8.8.8"}]), "TargetIps.1.Ip"),
        "servers hidden": Bad(hide(RULE, "TargetIps"), "TargetIps"),
        **at(
            "ResolverRuleId",
            {
                "a rule by id": change(ASSOCIATION, "ResolverRuleId", "rslvr-rr-1"),
                "a hidden rule": hide(ASSOCIATION, "ResolverRuleId"),
            },
        ),
        **at(
            "ProfileId",
            {
                "a profile by id": change(IN_VPC, "ProfileId", "rp-1234567890abcdef0"),
                "a profile that another account shares": change(
                    IN_VPC, "ProfileId", "arn:aws:route53profiles:eu-west-1:999999999999:profile/rp-1234567890abcdef0"
                ),
                "a hidden profile": hide(IN_VPC, "ProfileId"),
                "something else as the profile": change(IN_VPC, "ProfileId", {"Ref": "Rule"}),
            },
        ),
        **at(
            "ResourceArn",
            {
                "a rule of another account in the profile": change(
                    IN_PROFILE, "ResourceArn", "arn:aws:route53resolver:eu-west-1:999999999999:resolver-rule/rslvr-rr-1"
                ),
                "a hidden part of the profile": hide(IN_PROFILE, "ResourceArn"),
            },
        ),
        "a profile with a rule for everything": Bad(change(RULE, "DomainName", "."), "DomainName"),
    },
    edge={
        "answered by Amazon": template({"Rule": (RULE, {"RuleType": "SYSTEM", "DomainName": "."})}),
        "Amazon's own rule": change(ASSOCIATION, "ResolverRuleId", "rslvr-autodefined-rr-internet-resolver"),
        "a zone in the profile": change(IN_PROFILE, "ResourceArn", ZONE),
        "an empty profile": drop(IN_PROFILE, ""),
        "private IPv6": change(RULE, "TargetIps", [{"Ipv6": "fd00::53"}]),
    },
)
