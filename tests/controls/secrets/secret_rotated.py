from hardened_eks.controls.secrets import secret_rotated
from tests.controls.cases import ITSELF, Case, at, change, drop, hide, template
from tests.controls.secrets.base import ROTATION, SECRETS

ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
RULES = "RotationRules"


def attached(body):
    """Rotate through the attachment to a database, as the CDK does."""
    link = template({"Link": (ATTACHMENT, {"SecretId": {"Ref": "Secret"}})})["Resources"]
    return change(ROTATION, "SecretId", {"Ref": "Link"})({**body, "Resources": {**body["Resources"], **link}})


CASE = Case(
    secret_rotated,
    SECRETS,
    bad=at(
        ITSELF,
        {
            "never": drop(ROTATION, ""),
            "another's": change(ROTATION, "SecretId", "other"),
            "yearly": change(ROTATION, f"{RULES}.AutomaticallyAfterDays", 365),
            "hidden": hide(ROTATION, f"{RULES}.AutomaticallyAfterDays"),
            "no rule": drop(ROTATION, RULES),
            "a slow rate": change(ROTATION, RULES, {"ScheduleExpression": "rate(200 days)"}),
        },
    ),
    edge={
        "a rate": change(ROTATION, RULES, {"ScheduleExpression": "rate(12 hours)"}),
        "cron": change(ROTATION, RULES, {"ScheduleExpression": "cron(0 4 1 * ? *)"}),
        "through an attachment": attached,
    },
)
