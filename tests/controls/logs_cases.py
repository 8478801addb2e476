"""Cases of the logs area."""

from hardened_eks.controls import logs as c
from tests.controls.cases import Case, both, change, drop, hide, template

GROUP, TRAIL, BUCKET = "AWS::Logs::LogGroup", "AWS::CloudTrail::Trail", "AWS::S3::Bucket"
LOGS = template(
    {
        "Key": ("AWS::KMS::Key", {}),
        "Logs": (GROUP, {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "RetentionInDays": 365}),
    }
)
EVERYTHING = [
    {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
    }
]
ADVANCED = [
    {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
    {
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ]
    },
]
WRITES = {"Field": "readOnly", "Equals": ["false"]}
TRAILS = template(
    {
        "Bucket": {
            "Type": BUCKET,
            "DeletionPolicy": "Retain",
            "Properties": {
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "LoggingConfiguration": {"DestinationBucketName": "access-logs"},
                "VersioningConfiguration": {"Status": "Enabled"},
            },
        },
        "Trail": (
            TRAIL,
            {
                "IsLogging": True,
                "IsMultiRegionTrail": True,
                "EnableLogFileValidation": True,
                "KMSKeyId": "alias/trail",
                "S3BucketName": {"Ref": "Bucket"},
                "CloudWatchLogsLogGroupArn": "arn:x",
                "CloudWatchLogsRoleArn": "arn:y",
                "SnsTopicName": "trail",
                "EventSelectors": EVERYTHING,
            },
        ),
    }
)


def second(**properties):
    return lambda body: {
        **body,
        "Resources": {**body["Resources"], **template({"Other": (TRAIL, properties)})["Resources"]},
    }


def delete_bucket(body):
    bucket = {k: v for k, v in body["Resources"]["Bucket"].items() if k != "DeletionPolicy"}
    return {**body, "Resources": {**body["Resources"], "Bucket": bucket}}


def advanced(*selectors):
    return both(drop(TRAIL, "EventSelectors"), change(TRAIL, "AdvancedEventSelectors", list(selectors)))


CASES = [
    Case(
        c.log_group_encrypted,
        LOGS,
        {
            "left out": drop(GROUP, "KmsKeyId"),
            "empty": change(GROUP, "KmsKeyId", ""),
            "no value": change(GROUP, "KmsKeyId", {"Ref": "AWS::NoValue"}),
        },
        {
            "a key in a parameter": hide(GROUP, "KmsKeyId"),
            "a key by ARN": change(GROUP, "KmsKeyId", "arn:aws:kms:eu-west-1:1:key/1"),
        },
    ),
    Case(
        c.log_group_retention,
        LOGS,
        {
            "a quarter": change(GROUP, "RetentionInDays", 90),
            "left out": drop(GROUP, "RetentionInDays"),
            "hidden": hide(GROUP, "RetentionInDays"),
            "as text": change(GROUP, "RetentionInDays", "30"),
            "a week in tests": change(GROUP, "RetentionInDays", {"Fn::If": ["Production", 731, 7]}),
        },
        {
            "longer": change(GROUP, "RetentionInDays", 3653),
            "as text": change(GROUP, "RetentionInDays", "400"),
            "two years or one": change(GROUP, "RetentionInDays", {"Fn::If": ["Production", 731, "365"]}),
        },
    ),
    Case(
        c.trail_multi_region,
        TRAILS,
        {
            "one Region": change(TRAIL, "IsMultiRegionTrail", False),
            "left out": drop(TRAIL, "IsMultiRegionTrail"),
            "hidden": hide(TRAIL, "IsMultiRegionTrail"),
            "not logging": change(TRAIL, "IsLogging", False),
            "no global services": change(TRAIL, "IncludeGlobalServiceEvents", False),
            "writes only": change(TRAIL, "EventSelectors", [{"ReadWriteType": "WriteOnly"}]),
            "no management events": change(TRAIL, "EventSelectors", [{"IncludeManagementEvents": False}]),
            "data events only": advanced(ADVANCED[1]),
            "selectors hidden": hide(TRAIL, "EventSelectors"),
        },
        {
            "no selectors": drop(TRAIL, "EventSelectors"),
            "advanced": advanced(*ADVANCED),
            "a narrower one beside it": second(IsLogging=True, EventSelectors=[{"IncludeManagementEvents": False}]),
        },
    ),
    Case(
        c.trail_encrypted,
        TRAILS,
        {
            "left out": drop(TRAIL, "KMSKeyId"),
            "empty": change(TRAIL, "KMSKeyId", ""),
            "second trail": second(IsLogging=True),
        },
        {"in a parameter": hide(TRAIL, "KMSKeyId")},
    ),
    Case(
        c.trail_validated,
        TRAILS,
        {
            "off": change(TRAIL, "EnableLogFileValidation", False),
            "left out": drop(TRAIL, "EnableLogFileValidation"),
            "hidden": hide(TRAIL, "EnableLogFileValidation"),
        },
        {"text": change(TRAIL, "EnableLogFileValidation", "true")},
    ),
    Case(
        c.trail_to_cloudwatch,
        TRAILS,
        {
            "no group": drop(TRAIL, "CloudWatchLogsLogGroupArn"),
            "no role": drop(TRAIL, "CloudWatchLogsRoleArn"),
            "empty": change(TRAIL, "CloudWatchLogsLogGroupArn", ""),
        },
        {"in a parameter": hide(TRAIL, "CloudWatchLogsLogGroupArn")},
    ),
    Case(
        c.trail_bucket_protected,
        TRAILS,
        {
            "public": drop(BUCKET, "PublicAccessBlockConfiguration"),
            "one block off": change(BUCKET, "PublicAccessBlockConfiguration.BlockPublicPolicy", False),
            "one block hidden": hide(BUCKET, "PublicAccessBlockConfiguration.IgnorePublicAcls"),
            "not logged": drop(BUCKET, "LoggingConfiguration"),
            "deleted with the stack": delete_bucket,
            "not versioned": drop(BUCKET, "VersioningConfiguration"),
        },
        {
            "in another account": change(TRAIL, "S3BucketName", "log-archive"),
            "locked": both(drop(BUCKET, "VersioningConfiguration"), change(BUCKET, "ObjectLockEnabled", True)),
        },
    ),
    Case(
        c.trail_s3_data_events,
        TRAILS,
        {
            "left out": drop(TRAIL, "EventSelectors"),
            "reads only": change(TRAIL, "EventSelectors.0.ReadWriteType", "ReadOnly"),
            "one bucket": change(TRAIL, "EventSelectors.0.DataResources.0.Values", ["arn:aws:s3:::mine/"]),
            "another type": change(TRAIL, "EventSelectors.0.DataResources.0.Type", "AWS::Lambda::Function"),
            "hidden": hide(TRAIL, "EventSelectors"),
            "advanced, writes only": advanced({"FieldSelectors": [*ADVANCED[1]["FieldSelectors"], WRITES]}),
        },
        {"advanced": advanced(*ADVANCED), "another trail does it": second(IsLogging=True)},
    ),
    Case(
        c.trail_notifies,
        TRAILS,
        {
            "left out": drop(TRAIL, "SnsTopicName"),
            "empty": change(TRAIL, "SnsTopicName", ""),
            "second trail": second(IsLogging=True),
        },
        {"in a parameter": hide(TRAIL, "SnsTopicName")},
    ),
]
