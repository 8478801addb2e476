from hardened_eks.controls.account import documents_never_public
from tests.controls.cases import Bad, Case, both, change, drop, hide, template

SETTING = "AWS::SSM::ServiceSetting"
ID = "/ssm/documents/console/public-sharing-permission"

CASE = Case(
    documents_never_public,
    template({"Setting": (SETTING, {"SettingId": ID, "SettingValue": "Disable"})}),
    bad={
        "public": Bad(change(SETTING, "SettingValue", "Enable"), "SettingValue"),
        "left out": Bad(drop(SETTING, "SettingValue"), "SettingValue"),
        "hidden": Bad(hide(SETTING, "SettingValue"), "SettingValue"),
        "by ARN": Bad(
            both(
                change(SETTING, "SettingId", f"arn:aws:ssm:eu-west-1:111122223333:servicesetting{ID}"),
                change(SETTING, "SettingValue", "Enable"),
            ),
            "SettingValue",
        ),
    },
    edge={
        "another setting": both(change(SETTING, "SettingId", "/ssm/x"), change(SETTING, "SettingValue", "Enable")),
    },
)
