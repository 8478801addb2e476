import re
from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control

_LOGS = re.compile(r"logs\.([\w-]+\.)?(amazonaws\.com(\.cn)?|\$\{AWS::URLSuffix\})|logs\.\$\{.+")


@control(
    id="DP-20",
    title="The key of a log group admits CloudWatch Logs",
    types=("AWS::Logs::LogGroup",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='CloudWatch Logs refuses the group: "The specified KMS key does not exist or is not allowed to be used".',
    fix="Allow logs.REGION.amazonaws.com to use the key, limited by kms:EncryptionContext:aws:logs:arn.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    blind="Keys that are not in the assembly.",
)
def log_key_admits_logs(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = assembly.target(resource.get("KmsKeyId"), "AWS::KMS::Key")
    if key is None:
        return
    for statement in key.items("KeyPolicy.Statement"):
        if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
            continue
        principal = statement.get("Principal")
        services = principal.get("Service") if isinstance(principal, dict) else None
        names = services if isinstance(services, list) else [services]
        if any(_LOGS.fullmatch(str(name)) for name in names):
            return
    yield Problem(f"the policy of its key {key.logical_id} does not name logs.REGION.amazonaws.com", "KmsKeyId")
