from hardened_eks.controls.deployable import karpenter_entry
from tests.controls.cases import Case, at, both, change, drop, hide, template, without
from tests.controls.self_managed import CL, ENTRY, NODES, PROFILE, ROLE

STARTED = without("Template", "Group")(NODES)
MANAGED = template(
    {
        **STARTED["Resources"],
        "Managed": (
            "AWS::EKS::Nodegroup",
            {"ClusterName": {"Ref": "Cluster"}, "NodeRole": {"Fn::GetAtt": ["Role", "Arn"]}},
        ),
    }
)
SECOND = template({**STARTED["Resources"], "Second": (CL, {"AccessConfig": {"AuthenticationMode": "API"}})})
CASE = Case(
    karpenter_entry,
    STARTED,
    bad=at(
        "Roles.0",
        {
            "no entry": without("Entry"),
            "the entry of another role of the assembly": change(
                ENTRY, "PrincipalArn", {"Fn::GetAtt": ["Drainer", "Arn"]}
            ),
            "the entry of another role": change(ENTRY, "PrincipalArn", "arn:aws:iam::111122223333:role/dev"),
            "for people": change(ENTRY, "Type", "STANDARD"),
            "for people, left out": drop(ENTRY, "Type"),
        },
    ),
    edge={
        "also by the ConfigMap": both(
            without("Entry"), change(CL, "AccessConfig.AuthenticationMode", "API_AND_CONFIG_MAP")
        ),
        "no cluster here": without("Entry", "Cluster"),
        "two clusters": lambda _: without("Entry")(SECOND),
        "of a machine that is no node": both(without("Entry"), drop(ROLE, "ManagedPolicyArns")),
        "a role elsewhere": both(without("Entry"), change(PROFILE, "Roles", ["nodes"])),
        "Windows": change(ENTRY, "Type", "EC2_WINDOWS"),
        "a type that is hidden": hide(ENTRY, "Type"),
        "a principal that is hidden": hide(ENTRY, "PrincipalArn"),
        "the role of a managed group": lambda _: without("Entry")(MANAGED),
        "self-managed nodes, which DP-80 judges": lambda _: without("Entry")(NODES),
    },
)
