"""Cases of the secrets area."""

from hardened_eks.controls import secrets as c
from tests.controls.cases import Case, change, drop, hide, template

SECRET, ROTATION, POLICY = (
    "AWS::SecretsManager::Secret",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SecretsManager::ResourcePolicy",
)
ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
READERS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "secretsmanager:GetSecretValue",
    "Resource": "*",
    "Condition": {"StringNotLike": {"aws:PrincipalArn": ["arn:aws:iam::1:role/payments"]}},
}
RULES = "RotationRules"


def allow(principal, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


def policy(*statements):
    return change(POLICY, "ResourcePolicy", {"Statement": list(statements)})


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


def attached(body):
    """Rotate through the attachment to a database, as the CDK does."""
    link = template({"Link": (ATTACHMENT, {"SecretId": {"Ref": "Secret"}})})["Resources"]
    return change(ROTATION, "SecretId", {"Ref": "Link"})({**body, "Resources": {**body["Resources"], **link}})


CASES = [
    Case(
        c.secret_rotated,
        SECRETS,
        {
            "never": drop(ROTATION, ""),
            "another's": change(ROTATION, "SecretId", "other"),
            "yearly": change(ROTATION, f"{RULES}.AutomaticallyAfterDays", 365),
            "hidden": hide(ROTATION, f"{RULES}.AutomaticallyAfterDays"),
            "no rule": drop(ROTATION, RULES),
            "a slow rate": change(ROTATION, RULES, {"ScheduleExpression": "rate(200 days)"}),
        },
        {
            "a rate": change(ROTATION, RULES, {"ScheduleExpression": "rate(12 hours)"}),
            "cron": change(ROTATION, RULES, {"ScheduleExpression": "cron(0 4 1 * ? *)"}),
            "through an attachment": attached,
        },
    ),
    Case(
        c.secret_customer_key,
        SECRETS,
        {
            "left out": drop(SECRET, "KmsKeyId"),
            "empty": change(SECRET, "KmsKeyId", ""),
            "of AWS": change(SECRET, "KmsKeyId", "alias/aws/secretsmanager"),
        },
        {"in a parameter": hide(SECRET, "KmsKeyId")},
    ),
    Case(
        c.secret_policy_restrictive,
        SECRETS,
        {
            "no policy": drop(POLICY, ""),
            "no deny": policy(allow({"AWS": "123456789012"})),
            "a deny for one": policy({**READERS, "Principal": {"AWS": "123456789012"}}),
            "a deny of nothing": policy({**READERS, "Condition": {}}),
            "a deny of another action": policy({**READERS, "Action": "secretsmanager:DeleteSecret"}),
            "public": policy(READERS, allow("*")),
            "principal hidden": policy(READERS, allow({"AWS": {"Ref": "Who"}})),
            "hidden": hide(POLICY, "ResourcePolicy"),
        },
        {
            "all actions": policy({**READERS, "Action": "secretsmanager:*"}),
            "all but one": policy(
                {
                    k: v
                    for k, v in {**READERS, "NotPrincipal": {"AWS": "x"}}.items()
                    if k not in ("Principal", "Condition")
                }
            ),
            "organization": policy(READERS, allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
        },
    ),
]
