"""Cases of the detection area."""

import json

from hardened_eks.controls import detection as c
from tests.controls.cases import Case, both, change, drop, hide, template

RULE, ALARM, FILTER, ADDON = "AWS::Events::Rule", "AWS::CloudWatch::Alarm", "AWS::Logs::MetricFilter", "AWS::EKS::Addon"
DETECTOR, HUB, RECORDER = "AWS::GuardDuty::Detector", "AWS::SecurityHub::Hub", "AWS::Config::ConfigurationRecorder"
AGGREGATOR, CONFIG, PACK = (
    "AWS::Config::ConfigurationAggregator",
    "AWS::Config::ConfigRule",
    "AWS::Config::ConformancePack",
)
ASSESSMENT, ANALYZER = "AWS::AuditManager::Assessment", "AWS::AccessAnalyzer::Analyzer"
CHANGES = [{"prefix": "Create"}, {"prefix": "Update"}, {"prefix": "Delete"}, {"prefix": "Associate"}]
NAMES = "EventPattern.detail.eventName"

ALERTS = template(
    {
        "Rule": (
            RULE,
            {
                "EventPattern": {
                    "source": ["aws.eks"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {"eventName": CHANGES},
                },
                "Targets": [{"Id": "1", "Arn": "arn:x"}],
            },
        )
    }
)
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
INSIGHTS = template(
    {
        "Addon": (
            ADDON,
            {
                "AddonName": "amazon-cloudwatch-observability",
                "ConfigurationValues": json.dumps({"containerLogs": {"enabled": True}}),
            },
        ),
        "Alarm": (ALARM, {"Namespace": "ContainerInsights", "MetricName": "node_cpu_utilization"}),
    }
)


def add(**resources):
    return lambda body: {**body, "Resources": {**body["Resources"], **template(resources)["Resources"]}}


def without(*names):
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k not in names}}


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


def legacy(**sources):
    return both(drop(DETECTOR, "Features"), change(DETECTOR, "DataSources", sources))


def managed(name, *rules):
    return {
        f"{name}{n}": (CONFIG, {"Source": {"Owner": "AWS", "SourceIdentifier": rule}}) for n, rule in enumerate(rules)
    }


IDENTIFIERS = (
    "EKS_ENDPOINT_NO_PUBLIC_ACCESS",
    "EKS_CLUSTER_SUPPORTED_VERSION",
    "EKS_SECRETS_ENCRYPTED",
    "ECR_PRIVATE_IMAGE_SCANNING_ENABLED",
    "ECR_PRIVATE_LIFECYCLE_POLICY_CONFIGURED",
    "ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED",
)
RULES = template(managed("Rule", *IDENTIFIERS))
RECORDED = template(
    {
        "Recorder": (
            RECORDER,
            {
                "RecordingGroup": {"AllSupported": True, "IncludeGlobalResourceTypes": True},
                "RoleARN": {
                    "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
                },
            },
        ),
        "Channel": ("AWS::Config::DeliveryChannel", {"S3BucketName": "config"}),
        "Aggregator": (AGGREGATOR, {"OrganizationAggregationSource": {"RoleArn": "arn:x", "AllAwsRegions": True}}),
    }
)
EVIDENCE = template(
    {
        "Assessment": (
            ASSESSMENT,
            {
                "FrameworkId": "f",
                "Roles": [{"RoleArn": "arn:x", "RoleType": "PROCESS_OWNER"}],
                "Status": "ACTIVE",
                "AssessmentReportsDestination": {"Destination": "s3://x", "DestinationType": "S3"},
            },
        )
    }
)
ANALYZED = template(
    {
        "Analyzer": (
            ANALYZER,
            {
                "Type": "ACCOUNT",
                "ArchiveRules": [{"RuleName": "own", "Filter": [{"Property": "principal.AWS", "Eq": ["1"]}]}],
            },
        )
    }
)

CASES = [
    Case(
        c.eks_changes_alerted,
        ALERTS,
        {
            "off": change(RULE, "State", "DISABLED"),
            "state hidden": hide(RULE, "State"),
            "nobody told": drop(RULE, "Targets"),
            "deletions only": change(RULE, NAMES, [{"prefix": "Delete"}]),
            "clusters only": change(RULE, NAMES, ["CreateCluster", "DeleteCluster", "UpdateClusterConfig"]),
            "all but access": change(RULE, NAMES, [{"anything-but": ["AssociateAccessPolicy", "CreateAccessEntry"]}]),
            "names hidden": hide(RULE, NAMES),
            "as text": change(
                RULE, "EventPattern", json.dumps({"source": ["aws.eks"], "detail": {"eventName": ["DeleteCluster"]}})
            ),
        },
        {
            "all calls": drop(RULE, "EventPattern.detail"),
            "all but reading": change(RULE, NAMES, [{"anything-but": {"prefix": "Describe"}}]),
            "by wildcard": change(RULE, NAMES, [{"wildcard": "*"}]),
            "by service": change(
                RULE,
                "EventPattern",
                {"detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventSource": ["eks.amazonaws.com"]}},
            ),
            "two rules together": lambda body: add(
                Second=(
                    RULE,
                    {
                        "Targets": [{"Id": "1"}],
                        "EventPattern": {"source": ["aws.eks"], "detail": {"eventName": CHANGES[2:]}},
                    },
                )
            )(change(RULE, NAMES, CHANGES[:2])(body)),
            "a rule about something else": add(
                Other=(RULE, {"EventPattern": {"source": ["aws.ec2"]}, "State": "DISABLED"})
            ),
            "health of EKS": add(Other=(RULE, {"EventPattern": {"source": ["aws.eks"], "detail-type": ["Health"]}})),
        },
    ),
    Case(
        c.audit_surge_alarmed,
        SURGE,
        {
            "no alarm": without("Alarm"),
            "alarm on another metric": change(ALARM, "MetricName", "Other"),
            "alarm on another namespace": change(ALARM, "Namespace", "Other"),
            "only 401": change(FILTER, "FilterPattern", "{ $.responseStatus.code = 401 }"),
            "something else": change(FILTER, "FilterPattern", '{ $.verb = "delete" }'),
            "hidden": hide(FILTER, "FilterPattern"),
            "group by name": both(change(FILTER, "LogGroupName", "/aws/eks/prod/cluster"), without("Alarm")),
        },
        {
            "all refusals": change(
                FILTER, "FilterPattern", "{ $.responseStatus.code >= 400 && $.responseStatus.code < 500 }"
            ),
            "another log": both(change(FILTER, "LogGroupName", "/app"), without("Alarm")),
            "alarm by metric query": both(
                drop(ALARM, "MetricName"),
                change(
                    ALARM,
                    "Metrics",
                    [{"Id": "m", "MetricStat": {"Metric": {"Namespace": "Audit", "MetricName": "Refused"}}}],
                ),
            ),
        },
    ),
    Case(
        c.alarm_has_action,
        SURGE,
        {
            "none": drop(ALARM, "AlarmActions"),
            "empty": change(ALARM, "AlarmActions", []),
            "off": change(ALARM, "ActionsEnabled", False),
            "hidden": hide(ALARM, "ActionsEnabled"),
            "composite without": add(All=("AWS::CloudWatch::CompositeAlarm", {"AlarmRule": "ALARM(x)"})),
        },
        {
            "part of a composite": both(
                drop(ALARM, "AlarmActions"),
                add(
                    All=(
                        "AWS::CloudWatch::CompositeAlarm",
                        {"AlarmRule": {"Fn::Sub": "ALARM(${Alarm})"}, "AlarmActions": ["arn:x"]},
                    )
                ),
            ),
            "topic in a parameter": change(ALARM, "AlarmActions", [{"Ref": "Topic"}]),
        },
    ),
    Case(
        c.container_insights,
        INSIGHTS,
        {
            "no add-on": without("Addon"),
            "another add-on": change(ADDON, "AddonName", "coredns"),
            "logs off": change(ADDON, "ConfigurationValues", json.dumps({"containerLogs": {"enabled": False}})),
            "agent off": change(ADDON, "ConfigurationValues", json.dumps({"agent": {"enabled": False}})),
            "hidden": hide(ADDON, "ConfigurationValues"),
        },
        {
            "default configuration": drop(ADDON, "ConfigurationValues"),
            "no JSON": change(ADDON, "ConfigurationValues", "{"),
            "observed by others": both(without("Addon"), change(ALARM, "Namespace", "Audit")),
        },
    ),
    Case(
        c.guardduty_enabled,
        GUARDED,
        {
            "suspended": change(DETECTOR, "Enable", False),
            "left out": drop(DETECTOR, "Enable"),
            "hidden": hide(DETECTOR, "Enable"),
        },
        {"text": change(DETECTOR, "Enable", "true")},
    ),
    Case(
        c.guardduty_eks_audit,
        GUARDED,
        off("EKS_AUDIT_LOGS"),
        {"older form": legacy(Kubernetes={"AuditLogs": {"Enable": True}})},
    ),
    Case(
        c.guardduty_eks_runtime,
        GUARDED,
        {
            **off("RUNTIME_MONITORING"),
            "no agent": only(on("RUNTIME_MONITORING")),
            "agent disabled": only(on("RUNTIME_MONITORING", EKS_ADDON_MANAGEMENT="DISABLED")),
        },
        {
            "for EKS only": only(on("EKS_RUNTIME_MONITORING", EKS_ADDON_MANAGEMENT="ENABLED")),
            "agent in the stack": both(
                only(on("RUNTIME_MONITORING")), add(Agent=(ADDON, {"AddonName": "aws-guardduty-agent"}))
            ),
        },
    ),
    Case(
        c.guardduty_malware_ec2,
        GUARDED,
        {
            **off("EBS_MALWARE_PROTECTION", "RUNTIME_MONITORING"),
            "no agent": only(on("EBS_MALWARE_PROTECTION"), on("RUNTIME_MONITORING")),
        },
        {
            "older form": both(
                only(RUNTIME),
                change(
                    DETECTOR,
                    "DataSources",
                    {"MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": True}}},
                ),
            )
        },
    ),
    Case(
        c.guardduty_s3_lambda,
        GUARDED,
        off("S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS"),
        {
            "older form": both(
                only(on("LAMBDA_NETWORK_LOGS")), change(DETECTOR, "DataSources", {"S3Logs": {"Enable": True}})
            )
        },
    ),
    Case(
        c.security_hub_enabled,
        template({"Hub": (HUB, {})}),
        {
            "no standard": change(HUB, "EnableDefaultStandards", False),
            "hidden": hide(HUB, "EnableDefaultStandards"),
            "new controls stay off": change(HUB, "AutoEnableControls", False),
            "switched off by policy": add(
                Policy=(
                    "AWS::SecurityHub::ConfigurationPolicy",
                    {"ConfigurationPolicy": {"SecurityHub": {"ServiceEnabled": False}}},
                )
            ),
        },
        {
            "standards written": both(
                change(HUB, "EnableDefaultStandards", False), add(Standard=("AWS::SecurityHub::Standard", {}))
            )
        },
    ),
    Case(
        c.config_recorder,
        RECORDED,
        {
            "some types": change(
                RECORDER, "RecordingGroup", {"AllSupported": False, "ResourceTypes": ["AWS::EKS::Cluster"]}
            ),
            "types left out": change(
                RECORDER, "RecordingGroup", {"ExclusionByResourceTypes": {"ResourceTypes": ["AWS::EC2::Instance"]}}
            ),
            "hidden": hide(RECORDER, "RecordingGroup.AllSupported"),
            "without IAM": drop(RECORDER, "RecordingGroup.IncludeGlobalResourceTypes"),
            "default group": drop(RECORDER, "RecordingGroup"),
            "a role of its own": change(RECORDER, "RoleARN", "arn:aws:iam::1:role/config"),
            "role hidden": hide(RECORDER, "RoleARN"),
            "never started": without("Channel"),
            "one Region": drop(AGGREGATOR, "OrganizationAggregationSource.AllAwsRegions"),
            "no source": drop(AGGREGATOR, "OrganizationAggregationSource"),
        },
        {
            "role made here": both(
                add(Linked=("AWS::IAM::ServiceLinkedRole", {"AWSServiceName": "config.amazonaws.com"})),
                change(RECORDER, "RoleARN", {"Fn::Join": ["", ["arn:aws:iam::1:role/", {"Ref": "Linked"}]]}),
            ),
            "accounts": both(
                drop(AGGREGATOR, "OrganizationAggregationSource"),
                change(AGGREGATOR, "AccountAggregationSources", [{"AccountIds": ["1"], "AllAwsRegions": True}]),
            ),
        },
    ),
    Case(
        c.config_eks_rules,
        RULES,
        {
            **{f"no {rule}": template(managed("Rule", *(r for r in IDENTIFIERS if r != rule))) for rule in IDENTIFIERS},
            "a cluster and other rules": add(Cluster=("AWS::EKS::Cluster", {}))(
                template(managed("Rule", "IAM_ROOT_ACCESS_KEY_CHECK"))
            ),
            "only AWS's pack on EKS": template(
                {"Pack": (PACK, {"TemplateSSMDocumentDetails": {"DocumentName": "Security-Best-Practices-for-EKS"}})}
            ),
            "a hidden pack beside a cluster": template(
                {"Pack": (PACK, {"TemplateBody": {"Ref": "Body"}}), "Cluster": ("AWS::EKS::Cluster", {})}
            ),
        },
        {
            "packs by name": template(
                {
                    "Eks": (PACK, {"TemplateS3Uri": "s3://packs/Security-Best-Practices-for-EKS.yaml"}),
                    "Ecr": (PACK, {"TemplateS3Uri": "s3://packs/Security-Best-Practices-for-ECR.yaml"}),
                }
            ),
            "in one body": template({"Pack": (PACK, {"TemplateBody": " ".join(IDENTIFIERS)})}),
            "rules about something else": template(managed("Rule", "IAM_ROOT_ACCESS_KEY_CHECK")),
        },
    ),
    Case(
        c.audit_manager_evidence,
        EVIDENCE,
        {
            "inactive": change(ASSESSMENT, "Status", "INACTIVE"),
            "hidden": hide(ASSESSMENT, "Status"),
            "no framework": drop(ASSESSMENT, "FrameworkId"),
            "no owner": change(ASSESSMENT, "Roles", []),
            "no reports": drop(ASSESSMENT, "AssessmentReportsDestination"),
        },
        {"framework in a parameter": hide(ASSESSMENT, "FrameworkId")},
    ),
    Case(
        c.access_analyzer,
        ANALYZED,
        {
            "unused access only": change(ANALYZER, "Type", "ACCOUNT_UNUSED_ACCESS"),
            "hidden": hide(ANALYZER, "Type"),
            "everything archived": drop(ANALYZER, "ArchiveRules.0.Filter"),
            "archiving hidden": hide(ANALYZER, "ArchiveRules"),
        },
        {
            "organization": change(ANALYZER, "Type", "ORGANIZATION"),
            "another one looks": add(Unused=(ANALYZER, {"Type": "ACCOUNT_UNUSED_ACCESS"})),
        },
    ),
]
