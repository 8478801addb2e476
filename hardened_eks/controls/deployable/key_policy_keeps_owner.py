from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown


@control(
    id="DP-37",
    title="A key policy lets a principal of the account change it",
    types=("AWS::KMS::Key",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "KMS rejects a policy that locks out the caller. If the safety check is bypassed, nobody can manage or delete "
        "the key again."
    ),
    fix="Keep the statement that grants kms:* to the account root principal.",
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
    yield Problem("no statement allows a principal of the account to change the key policy", "KeyPolicy")
