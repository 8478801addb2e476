from hardened_eks.controls.network import dns_forwarding
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

RULE = "AWS::Route53Resolver::ResolverRule"
ASSOCIATION = "AWS::Route53Resolver::ResolverRuleAssociation"

COMPANY = template(
    {
        "Rule": (RULE, {"RuleType": "FORWARD", "DomainName": "corp.example", "TargetIps": [{"Ip": "10.9.0.53"}]}),
        "Used": (ASSOCIATION, {"ResolverRuleId": {"Ref": "Rule"}, "VPCId": "vpc-1"}),
    }
)

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
    },
    edge={
        "answered by Amazon": template({"Rule": (RULE, {"RuleType": "SYSTEM", "DomainName": "."})}),
        "Amazon's own rule": change(ASSOCIATION, "ResolverRuleId", "rslvr-autodefined-rr-internet-resolver"),
        "private IPv6": change(RULE, "TargetIps", [{"Ipv6": "fd00::53"}]),
    },
)
