from hardened_eks.controls.deployable import keys_can_encrypt
from tests.controls.cases import Bad, Case, at, both, change, hide, template

KEY = "AWS::KMS::Key"
ARN = {"Fn::GetAtt": ["Key", "Arn"]}
SECRETS = template(
    {
        "Key": (KEY, {"Enabled": True}),
        "Cluster": ("AWS::EKS::Cluster", {"EncryptionConfig": [{"Provider": {"KeyArn": ARN}}]}),
    }
)


def keyed(type_, properties):
    return template({"Key": (KEY, {"Enabled": False}), "User": (type_, properties)})


BUCKET = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"KMSMasterKeyID": ARN}}]}
VOLUME = {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"KmsKeyId": ARN}}]}

CASE = Case(
    keys_can_encrypt,
    SECRETS,
    bad={
        **at(
            "EncryptionConfig.0.Provider.KeyArn",
            {
                "disabled": change(KEY, "Enabled", False),
                "disabled in text": change(KEY, "Enabled", "false"),
                "asymmetric": change(KEY, "KeySpec", "RSA_4096"),
                "for codes": both(change(KEY, "KeySpec", "HMAC_256"), change(KEY, "KeyUsage", "GENERATE_VERIFY_MAC")),
                "for signatures": change(KEY, "KeyUsage", "SIGN_VERIFY"),
            },
        ),
        "volume of nodes": Bad(
            keyed("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": VOLUME}),
            "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",
        ),
        "log group": Bad(keyed("AWS::Logs::LogGroup", {"KmsKeyId": ARN}), "KmsKeyId"),
        "bucket": Bad(
            keyed("AWS::S3::Bucket", {"BucketEncryption": BUCKET}),
            "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID",
        ),
        "by alias": Bad(
            template(
                {
                    "Key": (KEY, {"Enabled": False}),
                    "Alias": ("AWS::KMS::Alias", {"AliasName": "alias/topics", "TargetKeyId": {"Ref": "Key"}}),
                    "Topic": ("AWS::SNS::Topic", {"KmsMasterKeyId": {"Ref": "Alias"}}),
                }
            ),
            "KmsMasterKeyId",
        ),
    },
    edge={
        "nothing said": template({**SECRETS["Resources"], "Key": (KEY, {})}),
        "defaults written": both(
            change(KEY, "KeySpec", "SYMMETRIC_DEFAULT"), change(KEY, "KeyUsage", "ENCRYPT_DECRYPT")
        ),
        "hidden": both(hide(KEY, "KeySpec"), hide(KEY, "Enabled")),
        "foreign key": change(
            "AWS::EKS::Cluster", "EncryptionConfig.0.Provider.KeyArn", "arn:aws:kms:eu-west-1:123456789012:key/a"
        ),
        "bucket without a key": template(
            {
                **SECRETS["Resources"],
                "Bucket": (
                    "AWS::S3::Bucket",
                    {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": True}]}},
                ),
            }
        ),
    },
)
