from hardened_eks.controls.network import dns_alerts_first
from tests.controls.cases import Bad, Case, both, change
from tests.controls.network.base import HOME, edit
from tests.controls.network.dns_firewall import ALLOW_AWS, BLOCK_ALL, CLOSED, GROUP, LIST, rules

ALERTING = rules(ALLOW_AWS, {**BLOCK_ALL, "Action": "ALERT"})

CASE = Case(
    dns_alerts_first,
    ALERTING(CLOSED),
    bad={
        "blocks at once": Bad(CLOSED, "VpcId"),
        "blocks among other rules": Bad(rules(ALLOW_AWS, BLOCK_ALL, {**ALLOW_AWS, "Priority": 950}), "VpcId"),
    },
    edge={
        "blocks a few names": both(rules(BLOCK_ALL), change(LIST, "Domains", ["*.evil.example"])),
        "a group by id": both(lambda body: CLOSED, edit("Firewall", FirewallRuleGroupId="rslvr-frg-1")),
        "a new VPC": lambda body: {
            **CLOSED,
            "Resources": {
                **{name: r for name, r in CLOSED["Resources"].items() if name != "Vpc"},
                "NewVpc": CLOSED["Resources"]["Vpc"],
                "Firewall": {
                    **CLOSED["Resources"]["Firewall"],
                    "Properties": {**CLOSED["Resources"]["Firewall"]["Properties"], "VpcId": {"Ref": "NewVpc"}},
                },
            },
        },
        "no rules": change(GROUP, "FirewallRules", []),
    },
    previous=HOME,
)
