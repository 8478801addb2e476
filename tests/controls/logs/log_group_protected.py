from hardened_eks.controls.logs import log_group_protected
from tests.controls.cases import Case, at, both, change, drop, hide, template
from tests.controls.logs.base import GROUP
from tests.controls.logs.log_group_class import ARN, NAME, writer

ON = "DeletionProtectionEnabled"
AUDIT = template({"Audit": (GROUP, {NAME: "/aws/eks/prod/cluster", ON: True})})
PLAIN = both(drop(GROUP, NAME), drop(GROUP, ON))

CASE = Case(
    log_group_protected,
    AUDIT,
    bad=at(
        ON,
        {
            "off": change(GROUP, ON, False),
            "left out": drop(GROUP, ON),
            "hidden": hide(GROUP, ON),
            "of flow logs": both(PLAIN, writer("AWS::EC2::FlowLog", LogGroupName={"Ref": "Audit"})),
            "of DNS queries": both(
                PLAIN, writer("AWS::Route53Resolver::ResolverQueryLoggingConfig", DestinationArn=ARN)
            ),
        },
    ),
    edge={
        "as text": change(GROUP, ON, "true"),
        "of an application": both(drop(GROUP, ON), change(GROUP, NAME, "/payments/api")),
    },
)
