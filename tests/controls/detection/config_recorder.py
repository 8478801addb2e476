from hardened_eks.controls.detection import config_recorder
from tests.controls.cases import Bad, Case, ITSELF, add, at, both, change, drop, hide, template, without

RECORDER = "AWS::Config::ConfigurationRecorder"
AGGREGATOR = "AWS::Config::ConfigurationAggregator"

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

CASE = Case(
    config_recorder,
    RECORDED,
    bad={
        **at(
            "RecordingGroup.AllSupported",
            {
                "some types": change(
                    RECORDER, "RecordingGroup", {"AllSupported": False, "ResourceTypes": ["AWS::EKS::Cluster"]}
                ),
                "types left out": change(
                    RECORDER, "RecordingGroup", {"ExclusionByResourceTypes": {"ResourceTypes": ["AWS::EC2::Instance"]}}
                ),
                "hidden": hide(RECORDER, "RecordingGroup.AllSupported"),
            },
        ),
        "without IAM": Bad(
            drop(RECORDER, "RecordingGroup.IncludeGlobalResourceTypes"), "RecordingGroup.IncludeGlobalResourceTypes"
        ),
        "default group": Bad(drop(RECORDER, "RecordingGroup"), "RecordingGroup.IncludeGlobalResourceTypes"),
        "a role of its own": Bad(change(RECORDER, "RoleARN", "arn:aws:iam::1:role/config"), "RoleARN"),
        "role hidden": Bad(hide(RECORDER, "RoleARN"), "RoleARN"),
        "never started": Bad(without("Channel"), ITSELF),
        "one Region": Bad(
            drop(AGGREGATOR, "OrganizationAggregationSource.AllAwsRegions"),
            "OrganizationAggregationSource.AllAwsRegions",
        ),
        "no source": Bad(drop(AGGREGATOR, "OrganizationAggregationSource"), "AccountAggregationSources"),
    },
    edge={
        "role made here": both(
            add(Linked=("AWS::IAM::ServiceLinkedRole", {"AWSServiceName": "config.amazonaws.com"})),
            change(RECORDER, "RoleARN", {"Fn::Join": ["", ["arn:aws:iam::1:role/", {"Ref": "Linked"}]]}),
        ),
        "accounts": both(
            drop(AGGREGATOR, "OrganizationAggregationSource"),
            change(AGGREGATOR, "AccountAggregationSources", [{"AccountIds": ["1"], "AllAwsRegions": True}]),
        ),
    },
)
