from hardened_eks.controls.account import password_policy
from tests.controls.cases import Bad, Case, change, drop, hide, template

SETTING = "AWS::IAM::AccountPasswordPolicy"
FLAGS = ("RequireSymbols", "RequireNumbers", "RequireUppercaseCharacters", "RequireLowercaseCharacters")

CASE = Case(
    password_policy,
    template(
        {
            "Setting": (
                SETTING,
                {
                    "MinimumPasswordLength": 16,
                    "MaxPasswordAge": 90,
                    "PasswordReusePrevention": 24,
                    **dict.fromkeys(FLAGS, True),
                },
            )
        }
    ),
    bad={
        "short": Bad(change(SETTING, "MinimumPasswordLength", 13), "MinimumPasswordLength"),
        "no length": Bad(drop(SETTING, "MinimumPasswordLength"), "MinimumPasswordLength"),
        "length hidden": Bad(hide(SETTING, "MinimumPasswordLength"), "MinimumPasswordLength"),
        **{f"{name} off": Bad(change(SETTING, name, False), name) for name in FLAGS},
        "symbols left out": Bad(drop(SETTING, "RequireSymbols"), "RequireSymbols"),
        "for ever": Bad(drop(SETTING, "MaxPasswordAge"), "MaxPasswordAge"),
        "zero days": Bad(change(SETTING, "MaxPasswordAge", 0), "MaxPasswordAge"),
        "a year": Bad(change(SETTING, "MaxPasswordAge", 365), "MaxPasswordAge"),
        "again": Bad(change(SETTING, "PasswordReusePrevention", 5), "PasswordReusePrevention"),
        "nothing remembered": Bad(drop(SETTING, "PasswordReusePrevention"), "PasswordReusePrevention"),
    },
    edge={
        "fourteen": change(SETTING, "MinimumPasswordLength", 14),
        "each month": change(SETTING, "MaxPasswordAge", 30),
    },
)
