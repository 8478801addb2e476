"""What the cases of the storage area are made of."""

import copy

from tests.controls.cases import change, template

B = "AWS::S3::Bucket"
BP = "AWS::S3::BucketPolicy"
AP = "AWS::S3::AccessPoint"
TRAIL = "AWS::CloudTrail::Trail"
FS = "AWS::EFS::FileSystem"
EAP = "AWS::EFS::AccessPoint"
MOUNT = "AWS::EFS::MountTarget"
BLOCK = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
ARN = {"Fn::GetAtt": ["Data", "Arn"]}
ACCESS = {"Fn::GetAtt": ["Access", "Arn"]}

TLS = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "s3:*",
    "Resource": [ARN, {"Fn::Join": ["", [ARN, "/*"]]}],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def encryption(algorithm):
    return {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}]}


BUCKETS = template(
    {
        "Data": (
            B,
            {
                "PublicAccessBlockConfiguration": BLOCK,
                "BucketEncryption": encryption("aws:kms"),
                "VersioningConfiguration": {"Status": "Enabled"},
                "LoggingConfiguration": {"DestinationBucketName": {"Ref": "Access"}},
                "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 400}]},
                "ObjectLockEnabled": True,
                "ObjectLockConfiguration": {"Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}},
                "ReplicationConfiguration": {
                    "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::copy"}}]
                },
            },
        ),
        "Access": (
            B,
            {
                "PublicAccessBlockConfiguration": BLOCK,
                "VersioningConfiguration": {"Status": "Enabled"},
                "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 400}]},
            },
        ),
        "Policy": (BP, {"Bucket": {"Ref": "Data"}, "PolicyDocument": {"Statement": [TLS]}}),
        "AccessPolicy": (
            BP,
            {
                "Bucket": {"Ref": "Access"},
                "PolicyDocument": {
                    "Statement": [
                        {**TLS, "Resource": [ACCESS, {"Fn::Join": ["", [ACCESS, "/*"]]}]},
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "logging.s3.amazonaws.com"},
                            "Action": "s3:PutObject",
                            "Resource": "*",
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        },
                    ]
                },
            },
        ),
        "Trail": (TRAIL, {"S3BucketName": {"Ref": "Data"}}),
        "Point": (AP, {"Bucket": {"Ref": "Data"}}),
    }
)


def edit(name, **properties):
    """Set properties of one resource; None takes one out."""

    def mutate(body):
        changed = copy.deepcopy(body)
        mine = changed["Resources"][name]["Properties"]
        for key, value in properties.items():
            mine.pop(key, None)
            if value is not None:
                mine[key] = value
        return changed

    return mutate


def policy(*statements):
    return change(BP, "PolicyDocument", {"Statement": list(statements)})


MOUNTED = {
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": ["elasticfilesystem:ClientMount"],
    "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
}

EFS_TLS = {**TLS, "Action": "*", "Resource": "*"}

FILES = template(
    {
        "Vpc": ("AWS::EC2::VPC", {}),
        "Subnet": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}}),
        "Files": (
            FS,
            {
                "Encrypted": True,
                "BackupPolicy": {"Status": "ENABLED"},
                "FileSystemPolicy": {"Statement": [EFS_TLS, MOUNTED]},
            },
        ),
        "Mount": (MOUNT, {"FileSystemId": {"Ref": "Files"}, "SubnetId": {"Ref": "Subnet"}}),
        "Point": (
            EAP,
            {
                "FileSystemId": {"Ref": "Files"},
                "RootDirectory": {"Path": "/app"},
                "PosixUser": {"Uid": "1000", "Gid": "1000"},
            },
        ),
    }
)
