import fnmatch
from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Template, policies
from hardened_eks.evidence.environment import differ
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.keys import KEY, key_of

_LOGS = regex(r"logs\.(?:(?P<region>[\w-]+)\.)?(amazonaws\.com(\.cn)?|\$\{AWS::URLSuffix\})|logs\.\$\{.+")

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
    home = resource.template
    ours = [s for s in policies.of(key, "KeyPolicy") if s.allows and (s.unknown or _names_logs(s, home.region))]
    if not ours:
        service = f"logs.{home.region or 'REGION'}.amazonaws.com"
        yield Problem(f"the policy of its key {key.logical_id} does not name {service}", "KmsKeyId")
        return
    missing = [action for action in _NEEDED if not any(s.does(action) for s in ours)]
    if missing:
        yield Problem(
            f"the policy of its key {key.logical_id} does not allow CloudWatch Logs {', '.join(missing)}", "KmsKeyId"
        )
    name = resource.get("LogGroupName")
    if isinstance(name, str) and not any(_covers(s, name, home) for s in ours):
        yield Problem(f"the condition in the policy of its key {key.logical_id} leaves out {name}", "KmsKeyId")


def _names_logs(statement: Statement, region: str) -> bool:
    """Return whether the statement names CloudWatch Logs in `region`, which may be unknown."""
    named = [_LOGS.fullmatch(name) for kind, name in statement.principals if kind == "Service"]
    return any(match is not None and not differ(match["region"] or "", region) for match in named)


def _covers(statement: Statement, name: str, home: Template) -> bool:
    """Return whether the encryption context in the statement may be that of the log group `name` of a template."""
    arns = statement.condition("kms:encryptioncontext:aws:logs:arn")
    return not arns or any(_may_be(LATER.sub("*", arn), name, home) for arn in arns)


def _may_be(arn: str, name: str, home: Template) -> bool:
    place, _, group = arn.partition(":log-group:")
    region, account = ("" if "*" in part else part for part in [*place.split(":"), *[""] * 5][3:5])
    if differ(region, home.region) or differ(account, home.account):
        return False
    return any(fnmatch.fnmatchcase(one, group or "*") for one in (name, f"{name}:*"))
