"""What the cases of the detection area are made of."""

from tests.controls.cases import change, drop, hide, template

ALARM = "AWS::CloudWatch::Alarm"
FILTER = "AWS::Logs::MetricFilter"
ADDON = "AWS::EKS::Addon"
DETECTOR = "AWS::GuardDuty::Detector"

SURGE = template(
    {
        "Logs": ("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/prod/cluster"}),
        "Filter": (
            FILTER,
            {
                "LogGroupName": {"Ref": "Logs"},
                "FilterPattern": "{ ($.responseStatus.code = 401) || ($.responseStatus.code = 403) }",
                "MetricTransformations": [{"MetricNamespace": "Audit", "MetricName": "Refused", "MetricValue": "1"}],
            },
        ),
        "Alarm": (ALARM, {"Namespace": "Audit", "MetricName": "Refused", "AlarmActions": ["arn:x"]}),
    }
)


def on(name, **agents):
    further = [{"Name": agent, "Status": status} for agent, status in agents.items()]
    return {"Name": name, "Status": "ENABLED"} | ({"AdditionalConfiguration": further} if further else {})


RUNTIME = on("RUNTIME_MONITORING", EKS_ADDON_MANAGEMENT="ENABLED", EC2_AGENT_MANAGEMENT="ENABLED")

FEATURES = [
    on("EKS_AUDIT_LOGS"),
    RUNTIME,
    on("EBS_MALWARE_PROTECTION"),
    on("S3_DATA_EVENTS"),
    on("LAMBDA_NETWORK_LOGS"),
]

GUARDED = template({"Detector": (DETECTOR, {"Enable": True, "Features": FEATURES})})


def only(*features):
    return change(DETECTOR, "Features", list(features))


def off(*names):
    """Every way in which one of the features `names` comes to be off."""
    ways = {}
    for name in names:
        rest = [f for f in FEATURES if f["Name"] != name]
        ways |= {
            f"{name} left out": only(*rest),
            f"{name} disabled": only(*rest, {"Name": name, "Status": "DISABLED"}),
            f"{name} hidden": only(*rest, {"Name": name, "Status": {"Ref": "Status"}}),
        }
    return {**ways, "no features": drop(DETECTOR, "Features"), "all hidden": hide(DETECTOR, "Features")}
