from hardened_eks.controls.deployable import self_managed_entry
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template, without
from tests.controls.self_managed import ASG, CL, ENTRY, NODES, PROFILE, named, older, set_on

MANAGED = template(
    {
        **NODES["Resources"],
        "Managed": (
            "AWS::EKS::Nodegroup",
            {"ClusterName": {"Ref": "Cluster"}, "NodeRole": {"Fn::GetAtt": ["Role", "Arn"]}},
        ),
    }
)
CASE = Case(
    self_managed_entry,
    NODES,
    bad={
        **at(
            "MixedInstancesPolicy",
            {
                "no entry": without("Entry"),
                "the entry of another role of the assembly": change(
                    ENTRY, "PrincipalArn", {"Fn::GetAtt": ["Drainer", "Arn"]}
                ),
                "the entry of another role": change(ENTRY, "PrincipalArn", "arn:aws:iam::111122223333:role/dev"),
                "the entry of another cluster": change(ENTRY, "ClusterName", "two"),
                "for people": change(ENTRY, "Type", "STANDARD"),
                "for people, left out": drop(ENTRY, "Type"),
                "for hybrid nodes": change(ENTRY, "Type", "HYBRID_LINUX"),
                "known by the image alone": both(without("Entry"), drop(ASG, "Tags")),
                "a managed group of another cluster": lambda _: set_on("Managed", "ClusterName", "two")(
                    without("Entry")(MANAGED)
                ),
            },
        ),
        "no entry for older nodes": Bad(both(older, without("Entry")), "LaunchConfigurationName"),
    },
    edge={
        "older nodes": older,
        "also by the ConfigMap": both(
            without("Entry"), change(CL, "AccessConfig.AuthenticationMode", "API_AND_CONFIG_MAP")
        ),
        "by the ConfigMap": both(without("Entry"), drop(CL, "AccessConfig")),
        "a cluster elsewhere": both(without("Entry"), named("two")),
        "a role elsewhere": both(without("Entry"), change(PROFILE, "Roles", ["nodes"])),
        "Windows": change(ENTRY, "Type", "EC2_WINDOWS"),
        "a type that is hidden": hide(ENTRY, "Type"),
        "a principal that is hidden": hide(ENTRY, "PrincipalArn"),
        "the role of a managed group": lambda _: without("Entry")(MANAGED),
        "no nodes": both(without("Entry", "Cluster"), drop(ASG, "Tags")),
    },
)
