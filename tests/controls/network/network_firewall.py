from hardened_eks.controls.network import network_firewall
from tests.controls.cases import Bad, Case, ITSELF, at, change, drop, hide, template, without

FIREWALL = "AWS::NetworkFirewall::Firewall"
POLICY = "AWS::NetworkFirewall::FirewallPolicy"

WALLED = template(
    {
        "Firewall": (
            FIREWALL,
            {"DeleteProtection": True, "SubnetMappings": [{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}]},
        ),
        "Log": ("AWS::NetworkFirewall::LoggingConfiguration", {"FirewallArn": {"Ref": "Firewall"}}),
        "Policy": (
            POLICY,
            {
                "FirewallPolicy": {
                    "StatelessDefaultActions": ["aws:forward_to_sfe"],
                    "StatelessFragmentDefaultActions": ["aws:drop"],
                    "StatefulRuleGroupReferences": [{"ResourceArn": "arn:x"}],
                }
            },
        ),
    }
)

CASE = Case(
    network_firewall,
    WALLED,
    bad={
        **at(
            "DeleteProtection",
            {
                "unprotected": change(FIREWALL, "DeleteProtection", False),
                "protection left out": drop(FIREWALL, "DeleteProtection"),
                "protection hidden": hide(FIREWALL, "DeleteProtection"),
            },
        ),
        "one zone": Bad(change(FIREWALL, "SubnetMappings", [{"SubnetId": "subnet-1"}]), "SubnetMappings"),
        "not logged": Bad(without("Log"), ITSELF),
        "packets pass": Bad(
            change(POLICY, "FirewallPolicy.StatelessDefaultActions", ["aws:pass"]),
            "FirewallPolicy.StatelessDefaultActions",
        ),
        "fragments left out": Bad(
            drop(POLICY, "FirewallPolicy.StatelessFragmentDefaultActions"),
            "FirewallPolicy.StatelessFragmentDefaultActions",
        ),
        "no rules": Bad(drop(POLICY, "FirewallPolicy.StatefulRuleGroupReferences"), "FirewallPolicy"),
    },
    edge={"no firewall of ours": without("Firewall", "Log")},
)
