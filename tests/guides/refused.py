"""What the emulator refuses although it knows the operation: the words of the error, and the reason."""

REFUSED: dict[str, tuple[str, str]] = {
    "hardened-eks data": (
        "No route for",
        "ministack does not know what EKS offers: versions of Kubernetes and of add-ons",
    ),
    "ssm get-parameter": ("/aws/service/", "a public parameter of AWS, which the emulator does not have"),
    "configservice get-compliance-details-by-config-rule": (
        "NoSuchConfigRule",
        "no rule of AWS Config is deployed here",
    ),
    **dict.fromkeys(
        ("auditmanager create-control", "auditmanager list-keywords-for-data-source"),
        ("complete AWS Audit Manager setup", "Audit Manager is closed here, as it is for accounts that did not use it"),
    ),
}
