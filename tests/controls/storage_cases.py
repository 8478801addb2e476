"""Cases of the storage area."""

import copy

from hardened_eks.controls import storage as c
from tests.controls.cases import Case, both, change, drop, hide, template

B, BP, AP, TRAIL = "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::S3::AccessPoint", "AWS::CloudTrail::Trail"
FS, EAP, MOUNT = "AWS::EFS::FileSystem", "AWS::EFS::AccessPoint", "AWS::EFS::MountTarget"
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
ENCRYPTED = "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm"


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


def without(*names):
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k not in names}}


def policy(*statements):
    return change(BP, "PolicyDocument", {"Statement": list(statements)})


def allow(principal, action="s3:GetObject", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


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
PUBLIC = template(
    {
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Table": ("AWS::EC2::RouteTable", {}),
        "To": (
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Table"}},
        ),
        "Route": (
            "AWS::EC2::Route",
            {"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}},
        ),
    }
)["Resources"]

CASES = [
    Case(
        c.bucket_blocks_public,
        BUCKETS,
        {
            "left out": drop(B, "PublicAccessBlockConfiguration"),
            "one off": change(B, "PublicAccessBlockConfiguration.BlockPublicPolicy", False),
            "one left out": drop(B, "PublicAccessBlockConfiguration.RestrictPublicBuckets"),
            "one hidden": hide(B, "PublicAccessBlockConfiguration.IgnorePublicAcls"),
            "all hidden": hide(B, "PublicAccessBlockConfiguration"),
            "access point": change(AP, "PublicAccessBlockConfiguration", {"BlockPublicPolicy": False}),
        },
        {"text": change(B, "PublicAccessBlockConfiguration.BlockPublicAcls", "true")},
    ),
    Case(
        c.bucket_policy_narrow,
        BUCKETS,
        {
            "everybody": policy(allow("*")),
            "everybody in AWS": policy(allow({"AWS": "*"})),
            "principal hidden": policy(allow({"AWS": {"Ref": "Who"}})),
            "every action": policy(allow({"Service": "x.amazonaws.com"}, "s3:*")),
            "an open condition": policy(allow("*", StringLike={"aws:PrincipalOrgID": "*"})),
            "hidden": hide(BP, "PolicyDocument"),
        },
        {
            "organization": policy(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
            "from one endpoint": policy(allow("*", StringEquals={"aws:SourceVpce": "vpce-1"})),
            "role of the stack": policy(allow({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, ["s3:GetObject*", "s3:List*"])),
            "a deny": policy(TLS),
        },
    ),
    Case(
        c.bucket_tls_only,
        BUCKETS,
        {
            "no policy": drop(BP, ""),
            "for reads only": policy({**TLS, "Action": "s3:GetObject"}),
            "for the bucket alone": policy({**TLS, "Resource": ARN}),
            "for one principal": policy({**TLS, "Principal": {"AWS": "123456789012"}}),
            "true instead": policy({**TLS, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
            "another bucket's": change(BP, "Bucket", "other"),
            "hidden": hide(BP, "PolicyDocument"),
        },
        {"for everything": policy({**TLS, "Principal": "*", "Resource": "*", "Action": ["*"]})},
    ),
    Case(
        c.bucket_encrypted,
        BUCKETS,
        {
            "left out": edit("Data", BucketEncryption=None),
            "S3's key": edit("Data", BucketEncryption=encryption("AES256")),
            "hidden": edit("Data", BucketEncryption=encryption({"Ref": "Algorithm"})),
            "no use for access logs": edit("Data", LoggingConfiguration=None),
        },
        {"two layers": edit("Data", BucketEncryption=encryption("aws:kms:dsse"))},
    ),
    Case(
        c.bucket_versioned,
        BUCKETS,
        {
            "left out": drop(B, "VersioningConfiguration"),
            "suspended": change(B, "VersioningConfiguration.Status", "Suspended"),
            "hidden": hide(B, "VersioningConfiguration.Status"),
        },
    ),
    Case(
        c.bucket_access_logged,
        BUCKETS,
        {
            "left out": edit("Data", LoggingConfiguration=None),
            "empty": edit("Data", LoggingConfiguration={}),
            "to another stack's": edit("Data", LoggingConfiguration={"DestinationBucketName": "logs"}),
        },
        {
            "alone, to another stack's": both(
                without("Access"), edit("Data", LoggingConfiguration={"DestinationBucketName": "logs"})
            )
        },
    ),
    Case(
        c.bucket_lifecycle,
        BUCKETS,
        {
            "left out": drop(B, "LifecycleConfiguration"),
            "disabled": change(B, "LifecycleConfiguration.Rules.0.Status", "Disabled"),
            "status hidden": hide(B, "LifecycleConfiguration.Rules.0.Status"),
            "hidden": hide(B, "LifecycleConfiguration"),
        },
    ),
    Case(
        c.audit_bucket_locked,
        BUCKETS,
        {
            "left out": drop(B, "ObjectLockEnabled"),
            "off": change(B, "ObjectLockEnabled", False),
            "hidden": hide(B, "ObjectLockEnabled"),
            "no retention": drop(B, "ObjectLockConfiguration"),
            "of a flow log": both(
                drop(B, "ObjectLockEnabled"),
                lambda body: {
                    **without("Trail")(body),
                    "Resources": {
                        **without("Trail")(body)["Resources"],
                        "Flow": {"Type": "AWS::EC2::FlowLog", "Properties": {"LogDestination": ARN}},
                    },
                },
            ),
        },
        {"no audit log": both(without("Trail"), drop(B, "ObjectLockEnabled"))},
    ),
    Case(
        c.bucket_without_acl,
        BUCKETS,
        {
            "public": change(B, "AccessControl", "PublicRead"),
            "log delivery": change(B, "AccessControl", "LogDeliveryWrite"),
            "hidden": hide(B, "AccessControl"),
            "owner of the object": change(B, "OwnershipControls", {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
            "ownership hidden": hide(B, "OwnershipControls"),
        },
        {
            "written": change(B, "OwnershipControls", {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
            "private": change(B, "AccessControl", "Private"),
        },
    ),
    Case(
        c.bucket_replication_works,
        BUCKETS,
        {
            "disabled": edit("Data", ReplicationConfiguration={"Rules": [{"Status": "Disabled"}]}),
            "hidden": edit("Data", ReplicationConfiguration={"Rules": [{"Status": {"Ref": "Status"}}]}),
            "to the same Region": edit(
                "Data",
                ReplicationConfiguration={
                    "Rules": [{"Status": "Enabled", "Destination": {"Bucket": {"Fn::GetAtt": ["Access", "Arn"]}}}]
                },
            ),
            "no target": edit("Data", NotificationConfiguration={}),
        },
        {
            "not used": edit("Data", ReplicationConfiguration=None),
            "to EventBridge": edit(
                "Data", NotificationConfiguration={"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
            ),
        },
    ),
    Case(
        c.efs_encrypted,
        FILES,
        {
            "off": change(FS, "Encrypted", False),
            "left out": drop(FS, "Encrypted"),
            "hidden": hide(FS, "Encrypted"),
            "no policy": drop(FS, "FileSystemPolicy"),
            "no TLS": change(FS, "FileSystemPolicy.Statement", [MOUNTED]),
            "policy hidden": hide(FS, "FileSystemPolicy"),
        },
        {"text": change(FS, "Encrypted", "true")},
    ),
    Case(
        c.efs_access_points,
        FILES,
        {
            "whole": change(EAP, "RootDirectory.Path", "/"),
            "directory left out": drop(EAP, "RootDirectory"),
            "no user": drop(EAP, "PosixUser"),
            "root": change(EAP, "PosixUser.Uid", "0"),
            "root's group": change(EAP, "PosixUser.Gid", 0),
        },
        {"user in a parameter": hide(EAP, "PosixUser.Uid")},
    ),
    Case(
        c.efs_backed_up,
        FILES,
        {
            "off": change(FS, "BackupPolicy.Status", "DISABLED"),
            "left out": drop(FS, "BackupPolicy"),
            "hidden": hide(FS, "BackupPolicy.Status"),
            "one zone": change(FS, "AvailabilityZoneName", "eu-west-1a"),
            "everybody": change(FS, "FileSystemPolicy.Statement", [EFS_TLS, {**MOUNTED, "Condition": {}}]),
            "policy hidden": hide(FS, "FileSystemPolicy"),
            "in a public subnet": lambda body: {**body, "Resources": {**body["Resources"], **PUBLIC}},
        },
        {
            "in a backup selection": both(
                drop(FS, "BackupPolicy"),
                lambda body: {
                    **body,
                    "Resources": {
                        **body["Resources"],
                        "Selection": {
                            "Type": "AWS::Backup::BackupSelection",
                            "Properties": {"BackupSelection": {"Resources": [{"Fn::GetAtt": ["Files", "Arn"]}]}},
                        },
                    },
                },
            ),
            "no policy": drop(FS, "FileSystemPolicy"),
        },
    ),
]
