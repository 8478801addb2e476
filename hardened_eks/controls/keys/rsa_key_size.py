from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.worst import at_worst


@control(
    id="KY-04",
    title="RSA keys for encryption are longer than 2048 bits",
    requirement="kms.key_spec",
    types=("AWS::KMS::Key",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "RSA with 2048 bits is close to the minimum that standards still allow, and data that is encrypted today will "
        "be read for years."
    ),
    fix=(
        "Use RSA_3072 or RSA_4096, or better a symmetric key. The spec of a key cannot be changed, so create a new key."
    ),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html",
    blind="Keys that sign or verify are not evaluated, as in Control Tower CT.KMS.PR.2.",
    detective="No construct creates asymmetric keys.",
)
def rsa_key_size(key: Resource, assembly: Assembly) -> Iterator[Problem]:
    spec, usage = key.get("KeySpec", "SYMMETRIC_DEFAULT"), key.get("KeyUsage", "ENCRYPT_DECRYPT")
    if usage == "ENCRYPT_DECRYPT" or isinstance(usage, Unknown):
        if isinstance(spec, Unknown):
            yield Problem(f"the key length is known only at deployment ({spec})", "KeySpec")
        elif spec == "RSA_2048":
            yield Problem(at_worst("an RSA key of 2048 bits encrypts data", "KeyUsage", usage), "KeySpec")
