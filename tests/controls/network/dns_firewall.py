from hardened_eks.controls.network import dns_firewall
from tests.controls.cases import Case, ITSELF, add, at, both, change, hide, template, without
from tests.controls.network.base import HOME, ROUTE, VPC, edit

LIST = "AWS::Route53Resolver::FirewallDomainList"
GROUP = "AWS::Route53Resolver::FirewallRuleGroup"
ASSOCIATION = "AWS::Route53Resolver::FirewallRuleGroupAssociation"


def ref(name):
    return {"Ref": name}


def rule(priority, action, **settings):
    return {"Priority": priority, "Action": action, **settings}


ALLOW_AWS = rule(100, "ALLOW", FirewallDomainListId={"Fn::GetAtt": ["Aws", "Id"]})
BLOCK_ALL = rule(900, "BLOCK", BlockResponse="NXDOMAIN", FirewallDomainListId={"Fn::GetAtt": ["All", "Id"]})

FIREWALL = {
    "Aws": (LIST, {"Domains": ["*.eu-west-1.amazonaws.com", "*.0.10.in-addr.arpa"]}),
    "All": (LIST, {"Domains": ["*"]}),
    "Rules": (GROUP, {"FirewallRules": [BLOCK_ALL, ALLOW_AWS]}),
    "Firewall": (ASSOCIATION, {"FirewallRuleGroupId": ref("Rules"), "VpcId": ref("Vpc"), "Priority": 200}),
}
CLOSED = add(**FIREWALL)(HOME)


def rules(*given):
    return change(GROUP, "FirewallRules", list(given))


def allowed(*domains):
    return edit("Aws", Domains=list(domains))


EARLIER = {
    "Other": (GROUP, {"FirewallRules": [rule(1, "ALLOW", FirewallDomainListId={"Fn::GetAtt": ["All", "Id"]})]}),
    "First": (ASSOCIATION, {"FirewallRuleGroupId": ref("Other"), "VpcId": ref("Vpc"), "Priority": "150"}),
}

CASE = Case(
    dns_firewall,
    CLOSED,
    bad=at(
        ITSELF,
        {
            "no firewall": without("Firewall"),
            "of another VPC": both(add(Elsewhere=(VPC, {})), edit("Firewall", VpcId=ref("Elsewhere"))),
            "VPC by id": edit("Firewall", VpcId="vpc-1"),
            "group by id": edit("Firewall", FirewallRuleGroupId="rslvr-frg-1"),
            "group hidden": hide(ASSOCIATION, "FirewallRuleGroupId"),
            "nothing blocked": rules(ALLOW_AWS),
            "no rules": rules(),
            "rules hidden": hide(GROUP, "FirewallRules"),
            "one rule hidden": rules(ref("Rule"), BLOCK_ALL),
            "priority hidden": rules({**ALLOW_AWS, "Priority": ref("First")}, BLOCK_ALL),
            "only alerts": rules(ALLOW_AWS, {**BLOCK_ALL, "Action": "ALERT"}),
            "action hidden": rules(ALLOW_AWS, {**BLOCK_ALL, "Action": ref("Action")}),
            "blocked by default": rules(ALLOW_AWS, {"Priority": 900, "FirewallDomainListId": "x"}),
            "alerts first": rules({**BLOCK_ALL, "Priority": 1, "Action": "ALERT"}, BLOCK_ALL),
            "A records alone": rules(ALLOW_AWS, {**BLOCK_ALL, "Qtype": "A"}),
            "rule switched off": rules(ALLOW_AWS, {**BLOCK_ALL, "Status": "DISABLED"}),
            "a few names blocked": edit("All", Domains=["*.evil.example"]),
            "blocked names hidden": edit("All", Domains=ref("Names")),
            "everything allowed": allowed("*.eu-west-1.amazonaws.com", "*"),
            "everything allowed, with a dot": allowed("*."),
            "a top-level domain allowed": allowed("*.com"),
            "all reverse names allowed": allowed("*.in-addr.arpa"),
            "all IPv6 reverse names allowed": allowed("*.ip6.arpa."),
            "allowed names hidden": allowed(ref("Names")),
            "allowed names hidden in part": allowed({"Fn::Sub": "*.${Name}"}),
            "a malformed name": allowed(5),
            "allowed list hidden": edit("Aws", Domains=ref("Names")),
            "allowed names in a file": edit("Aws", Domains=None, DomainFileUrl="s3://names/list"),
            "allowed list by id": rules({**ALLOW_AWS, "FirewallDomainListId": "rslvr-fdl-1"}, BLOCK_ALL),
            "tunnels only alerted": rules(
                rule(50, "ALERT", DnsThreatProtection="DNS_TUNNELING", ConfidenceThreshold="LOW"), BLOCK_ALL
            ),
            "a firewall before it allows everything": add(**EARLIER),
            "a firewall before it is hidden": add(
                First=(ASSOCIATION, {"FirewallRuleGroupId": "rslvr-frg-1", "VpcId": ref("Vpc"), "Priority": 101})
            ),
            "its order is hidden": add(
                First=(ASSOCIATION, {**EARLIER["First"][1], "Priority": ref("Order")}), Other=EARLIER["Other"]
            ),
            "seen from the node group": both(
                without("Firewall", "Cluster"), add(Nodes=("AWS::EKS::Nodegroup", {"Subnets": [ref("A")]}))
            ),
        },
    ),
    edge={
        "names of the team": allowed("*.eu-west-1.amazonaws.com", "*.corp.example", "db.corp.example"),
        "names of the region": allowed({"Fn::Sub": "*.${AWS::Region}.${AWS::URLSuffix}"}, ref("AWS::NoValue")),
        "one name of a top-level domain": allowed("example.com"),
        "priorities as text": rules({**ALLOW_AWS, "Priority": "100"}, {**BLOCK_ALL, "Priority": "900"}),
        "everything with a dot": edit("All", Domains=["*."]),
        "tunnels blocked first": rules(
            rule(50, "BLOCK", BlockResponse="NODATA", DnsThreatProtection="DGA", ConfidenceThreshold="HIGH"),
            ALLOW_AWS,
            BLOCK_ALL,
        ),
        "allowed after everything is blocked": add(
            **{**EARLIER, "First": (ASSOCIATION, {**EARLIER["First"][1], "Priority": 9000})}
        ),
        "no cluster": without("Firewall", "Cluster"),
        "a way out": both(
            without("Firewall"),
            add(Out=(ROUTE, {"RouteTableId": ref("Table"), "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "n"})),
        ),
        "cluster in an imported VPC": template({"Vpc": (VPC, {})}),
    },
)
