from hardened_eks.controls.nodes import managed_nodes
from tests.controls.cases import Case, at, both, change, drop, hide, template, without
from tests.controls.nodes.base import ASG, GOOD, SCALED, chosen, instance
from tests.controls.self_managed import NODES, ROLE, RULE, set_on

HOOKS = "LifecycleHookSpecificationList"
HOOK = "AWS::AutoScaling::LifecycleHook"
NOTIFIED = {"NotificationTargetARN": {"Fn::GetAtt": ["Queue", "Arn"]}, "RoleARN": "arn:aws:iam::111122223333:role/x"}


def of(*mutations):
    """Mutate nodes that are drained, instead of a group that is none."""
    mutation = both(*mutations)
    return lambda _: mutation(NODES)


HOOKED_APART = template(
    {
        **NODES["Resources"],
        "Hook": (
            HOOK,
            {
                "AutoScalingGroupName": {"Ref": "Group"},
                "LifecycleHookName": "drain",
                "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
            },
        ),
    }
)
CASE = Case(
    managed_nodes,
    SCALED,
    bad=at(
        "Tags",
        {
            "tagged": change(ASG, "Tags", [{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
            "name joined": change(ASG, "Tags.0.Key", {"Fn::Sub": "kubernetes.io/cluster/${Cluster}"}),
            "among others": change(ASG, "Tags", [{"Key": "a"}, "odd", {"Key": "kubernetes.io/cluster/one"}]),
            "sometimes": change(ASG, "Tags", [chosen({"Key": "kubernetes.io/cluster/one", "Value": "owned"})]),
            "all tags sometimes": change(ASG, "Tags", chosen([{"Key": "kubernetes.io/cluster/one"}], [])),
            "single instance": instance(Tags=[{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
            "for ever": of(drop(ASG, "MaxInstanceLifetime")),
            "for ever, by zero": of(change(ASG, "MaxInstanceLifetime", 0)),
            "for half a year": of(change(ASG, "MaxInstanceLifetime", 15_552_000)),
            "as long as somebody says": of(hide(ASG, "MaxInstanceLifetime")),
            "replaced at once": of(drop(ASG, "InstanceMaintenancePolicy")),
            "not held": of(drop(ASG, HOOKS)),
            "held when it starts": of(
                change(ASG, f"{HOOKS}.0.LifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING")
            ),
            "nobody hears": of(without("Rule")),
            "the rule is off": of(change(RULE, "State", "DISABLED")),
            "the rule tells nobody": of(drop(RULE, "Targets")),
            "of another group": of(change(RULE, "EventPattern.detail.AutoScalingGroupName", ["other"])),
            "of another hook": of(change(RULE, "EventPattern.detail", {"LifecycleHookName": ["other"]})),
            "of another event": of(change(RULE, "EventPattern.detail-type", ["EC2 Instance Launch Successful"])),
            "nobody lets it go": of(without("Drainer")),
            "a person lets it go": of(
                set_on("Drainer", "AssumeRolePolicyDocument.Statement.0.Principal", {"AWS": "arn:aws:iam::1:root"})
            ),
            "a program that may not": of(
                set_on("Drainer", "Policies.0.PolicyDocument.Statement.0.Action", "autoscaling:Describe*")
            ),
            "a target elsewhere": of(
                without("Rule"), change(ASG, f"{HOOKS}.0.NotificationTargetARN", "arn:aws:sqs:eu-west-1:1:q")
            ),
        },
    ),
    edge={
        "no tags": drop(ASG, "Tags"),
        "similar": change(ASG, "Tags.0.Key", "kubernetes.io/role"),
        "malformed": change(ASG, "Tags", {"kubernetes.io": 1}),
        "tags hidden": hide(ASG, "Tags"),
        "managed": GOOD,
        "bounded, replaced one by one and drained": NODES,
        "by the name of the hook": of(change(RULE, "EventPattern.detail", {"LifecycleHookName": ["drain"]})),
        "every group": of(drop(RULE, "EventPattern.detail")),
        "a hook of its own": drop(ASG, HOOKS)(HOOKED_APART),
        "a queue of its own": of(
            without("Rule"),
            change(
                ASG,
                f"{HOOKS}.0",
                {
                    **NODES["Resources"]["Group"]["Properties"][HOOKS][0],
                    **NOTIFIED,
                },
            ),
        ),
        "by a function": of(
            set_on("Drainer", "AssumeRolePolicyDocument.Statement.0.Principal", {"Service": "lambda.amazonaws.com"})
        ),
        "by IRSA": of(
            set_on(
                "Drainer",
                "AssumeRolePolicyDocument.Statement.0.Principal",
                {"Federated": "arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"},
            )
        ),
        "thirty days": of(change(ASG, "MaxInstanceLifetime", "2592000")),
        "another role for nodes": of(drop(ROLE, "ManagedPolicyArns")),
    },
)
