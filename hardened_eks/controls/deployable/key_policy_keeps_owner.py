from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown


@control(
    id="DP-37",
    title="A key policy lets somebody in the account change it",
    types=("AWS::KMS::Key",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "KMS refuses a policy that locks the caller out; with the safety check bypassed the key can never be "
        "managed or deleted again."
    ),
    fix="Keep the statement that gives the account root principal kms:*.",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    enforced_by="Keys",
)
def key_policy_keeps_owner(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    statements = resource.items("KeyPolicy.Statement")
    if resource.get("KeyPolicy") is None or any(isinstance(s, Unknown) for s in statements):
        return
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
            continue
        value = statement.get("Action")
        actions = {str(a).lower() for a in (value if isinstance(value, list) else [value])}
        if actions & {"kms:*", "*", "kms:put*", "kms:putkeypolicy"}:
            return
    yield Problem("no statement lets anybody change the key policy", "KeyPolicy")
