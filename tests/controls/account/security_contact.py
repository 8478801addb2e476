from hardened_eks.controls.account import security_contact
from tests.controls.cases import Bad, Case, both, change, drop, template

SETTING = "AWS::Account::AlternateContact"

CASE = Case(
    security_contact,
    template(
        {
            "Setting": (
                SETTING,
                {
                    "AlternateContactType": "SECURITY",
                    "EmailAddress": "security@example.com",
                    "PhoneNumber": "+491511234567",
                },
            )
        }
    ),
    bad={
        "no mail": Bad(drop(SETTING, "EmailAddress"), "EmailAddress"),
        "empty phone": Bad(change(SETTING, "PhoneNumber", ""), "PhoneNumber"),
    },
    edge={
        "another contact": both(change(SETTING, "AlternateContactType", "BILLING"), drop(SETTING, "EmailAddress")),
    },
)
