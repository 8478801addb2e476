"""What the cases of the logs area are made of."""

from tests.controls.cases import both, change, drop, template

GROUP = "AWS::Logs::LogGroup"
TRAIL = "AWS::CloudTrail::Trail"
BUCKET = "AWS::S3::Bucket"

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


def advanced(*selectors):
    return both(drop(TRAIL, "EventSelectors"), change(TRAIL, "AdvancedEventSelectors", list(selectors)))
