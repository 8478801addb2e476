import fnmatch
from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.intrinsics import LATER
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.keys import KEY, key_of

_LOGS = regex(r"logs\.([\w-]+\.)?(amazonaws\.com(\.cn)?|\$\{AWS::URLSuffix\})|logs\.\$\{.+")

_NEEDED = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")


@control(
    id="DP-20",
    title="The key of a log group allows CloudWatch Logs to use it",
    types=("AWS::Logs::LogGroup",),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='CloudWatch Logs rejects the log group: "The specified KMS key does not exist or is not allowed to be used".',
    fix="Allow logs.REGION.amazonaws.com to use the key, limited by kms:EncryptionContext:aws:logs:arn.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    enforced_by="Keys",
)
def log_key_admits_logs(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    key = key_of(resource.get("KmsKeyId"), resource, assembly)
    if key is None:
        yield from not_seen(resource, assembly, "KmsKeyId", KEY)
        return
    ours = [s for s in policies.of(key, "KeyPolicy") if s.allows and (s.unknown or _names_logs(s))]
    if not ours:
        yield Problem(f"the policy of its key {key.logical_id} does not name logs.REGION.amazonaws.com", "KmsKeyId")
        return
    missing = [action for action in _NEEDED if not any(s.does(action) for s in ours)]
    if missing:
        yield Problem(
            f"the policy of its key {key.logical_id} does not allow CloudWatch Logs {', '.join(missing)}", "KmsKeyId"
        )
    name = resource.get("LogGroupName")
    if isinstance(name, str) and not any(_covers(s, name) for s in ours):
        yield Problem(f"the condition in the policy of its key {key.logical_id} leaves out {name}", "KmsKeyId")


def _names_logs(statement: Statement) -> bool:
    return any(kind == "Service" and _LOGS.fullmatch(name) for kind, name in statement.principals)


def _covers(statement: Statement, name: str) -> bool:
    """Return whether the encryption context in the statement may be that of the log group `name`."""
    arns = statement.condition("kms:encryptioncontext:aws:logs:arn")
    groups = [LATER.sub("*", arn).partition(":log-group:")[2] or "*" for arn in arns]
    return not groups or any(fnmatch.fnmatchcase(n, group) for group in groups for n in (name, f"{name}:*"))
