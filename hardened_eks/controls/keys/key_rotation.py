from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_NOT_ROTATED: Final = ("EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE")


@control(
    id="KY-01",
    title="Customer managed symmetric keys rotate automatically",
    requirement="kms.rotation",
    types=("AWS::KMS::Key",),
    needs="resource",
    severity=Severity.HIGH,
    why="A key that is never rotated protects more and more data, and a single compromise exposes all of it.",
    fix=(
        "Set EnableKeyRotation to true (enable_key_rotation=True). KMS keeps the old key material, so nothing has to "
        "be encrypted again."
    ),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    blind=(
        "Asymmetric keys, HMAC keys and keys with external key material (EXTERNAL, CloudHSM, external key store) are "
        "not evaluated, because AWS cannot rotate them automatically."
    ),
    enforced_by="Keys",
)
def key_rotation(key: Resource, assembly: Assembly) -> Iterator[Problem]:
    spec = key.get("KeySpec", "SYMMETRIC_DEFAULT")
    if (not isinstance(spec, Unknown) and spec != "SYMMETRIC_DEFAULT") or key.get("Origin", "AWS_KMS") in _NOT_ROTATED:
        return
    rotates = key.flag("EnableKeyRotation", default=False)  # absent means never
    if rotates is not True:
        yield Problem(f"the key is never rotated (EnableKeyRotation is {rotates})", "EnableKeyRotation")
