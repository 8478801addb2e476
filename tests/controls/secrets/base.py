"""What the cases of the secrets area are made of."""

from tests.controls.cases import template

SECRET = "AWS::SecretsManager::Secret"
ROTATION = "AWS::SecretsManager::RotationSchedule"
POLICY = "AWS::SecretsManager::ResourcePolicy"

READERS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "secretsmanager:GetSecretValue",
    "Resource": "*",
    "Condition": {"StringNotLike": {"aws:PrincipalArn": ["arn:aws:iam::1:role/payments"]}},
}

SECRETS = template(
    {
        "Secret": (SECRET, {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
        "Key": ("AWS::KMS::Key", {}),
        "Rotation": (ROTATION, {"SecretId": {"Ref": "Secret"}, "RotationRules": {"AutomaticallyAfterDays": 30}}),
        "Policy": (
            POLICY,
            {"SecretId": {"Ref": "Secret"}, "BlockPublicPolicy": True, "ResourcePolicy": {"Statement": [READERS]}},
        ),
    }
)
