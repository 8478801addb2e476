from hardened_eks.controls.logs import log_group_class
from tests.controls.cases import Case, at, both, change, drop, hide, template
from tests.controls.logs.base import GROUP

NAME = "LogGroupName"


def writer(type_, **properties):
    return lambda body: {
        **body, "Resources": {**body["Resources"], "Writer": {"Type": type_, "Properties": properties}}
    }  # fmt: skip


ARN = {"Fn::GetAtt": ["Audit", "Arn"]}
AUDIT = template({"Audit": (GROUP, {NAME: "/aws/eks/prod/cluster"})})
RARE = change(GROUP, "LogGroupClass", "INFREQUENT_ACCESS")
PLAIN = both(drop(GROUP, NAME), RARE)

CASE = Case(
    log_group_class,
    AUDIT,
    bad=at(
        "LogGroupClass",
        {
            "infrequent access": RARE,
            "delivery": change(GROUP, "LogGroupClass", "DELIVERY"),
            "hidden": hide(GROUP, "LogGroupClass"),
            "name in parts": both(RARE, change(GROUP, NAME, {"Fn::Sub": "/aws/eks/${Name}/cluster"})),
            "of flow logs": both(PLAIN, writer("AWS::EC2::FlowLog", LogGroupName={"Ref": "Audit"})),
            "of flow logs by ARN": both(PLAIN, writer("AWS::EC2::FlowLog", LogDestination=ARN)),
            "of DNS queries": both(
                PLAIN, writer("AWS::Route53Resolver::ResolverQueryLoggingConfig", DestinationArn=ARN)
            ),
            "of a trail": both(PLAIN, writer("AWS::CloudTrail::Trail", CloudWatchLogsLogGroupArn=ARN)),
        },
    ),
    edge={
        "written out": change(GROUP, "LogGroupClass", "STANDARD"),
        "of an application": both(RARE, change(GROUP, NAME, "/payments/api")),
    },
)
