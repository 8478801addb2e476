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
    "cloudformation continue-update-rollback": ("current stack status", "no update of a stack has failed here"),
    "cloudformation wait": (
        "DELETE_FAILED",
        "the stack is whole here and its cluster keeps the network, while the page is about one that failed",
    ),
    "cdk deploy --import-existing-resources": (
        "already exists",
        "needs the deleted stack, which the line before leaves here",
    ),
    "hardened-eks audit": ("(InvalidAction)", "ministack knows no organizational units and no aggregator"),
    "hardened-eks image-gate": ("InvalidAction: Unknown action", "the emulator scans no image"),
    **dict.fromkeys(
        ("stepfunctions send-task-success", "stepfunctions send-task-failure"),
        ("TaskDoesNotExist", "the token is in the answer of the line before, from which the reader copies it"),
    ),
    "signer start-signing-job": ("not found", "the archive is in no bucket here: the reader uploads it before"),
    **dict.fromkeys(
        ("logs put-log-group-deletion-protection", "logs delete-log-group"),
        ("ResourceNotFoundException", "the stack deleted one of the log groups itself"),
    ),
    "logs get-query-results": ("ResourceNotFoundException", "the ID is in the answer of the line before"),
    "ssm stop-automation-execution": ("AutomationExecutionNotFound", "the ID is in the answer of the line before"),
    "organizations enable-policy-type": ("AlreadyEnabled", "the emulator's organization has it on"),
    **dict.fromkeys(
        ("auditmanager create-control", "auditmanager list-keywords-for-data-source"),
        ("complete AWS Audit Manager setup", "Audit Manager is closed here, as it is for accounts that did not use it"),
    ),
}
