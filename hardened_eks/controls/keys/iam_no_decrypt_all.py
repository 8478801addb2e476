from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, conditions, policies
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.boundaries import is_boundary
from hardened_eks.evidence.views.iam import IDENTITY, STANDALONE, covers_all

_ACTIONS: Final = ("kms:Decrypt", "kms:ReEncryptFrom")
_PINS: Final = (
    "kms:resourcealiases",
    "kms:requestalias",
    "aws:resourcetag/",
    "kms:encryptioncontext:",
    "kms:viaservice",
)


@control(
    id="KY-06",
    title="IAM policies do not allow decryption with every key",
    requirement="kms.iam_no_decrypt_all",
    types=IDENTITY,
    needs="resource",
    severity=Severity.MEDIUM,
    why="Anyone who assumes such a role can read everything in the account that is encrypted, for any purpose.",
    fix=(
        "Set the ARNs of the keys as the resource (key.grant_decrypt(role)), or limit the statement by "
        "kms:ViaService, kms:ResourceAliases or a tag."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-1",
    blind=(
        "AWS managed policies. A condition on an alias, tag, encryption context or calling service passes; Security "
        "Hub KMS.1 and KMS.2 ignore conditions. Permissions that a key policy itself grants are not evaluated here."
    ),
    enforced_by="Addon",
)
def iam_no_decrypt_all(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in STANDALONE and is_boundary(resource, policies.of(resource, "PolicyDocument")):
        return
    paths = (
        ["PolicyDocument"]
        if resource.type in STANDALONE
        else [f"Policies.{index}.PolicyDocument" for index in range(len(resource.items("Policies")))]
    )
    for path in paths:
        for statement in policies.of(resource, path):
            if statement.unknown:
                yield Problem("the policy is known only at deployment", statement.at(path))
            elif _decrypts_all(statement):
                yield Problem("it allows decryption with every key", statement.at(path))


def _decrypts_all(statement: Statement) -> bool:
    if not statement.allows or not any(statement.does(action) for action in _ACTIONS):
        return False
    if any(key.startswith(_PINS) for key in conditions.narrowing_keys(statement.conditions, statement.actions)):
        return False
    every = any(
        value.endswith((":key/*", ":kms:*")) or _any_kms(value) or covers_all(value, "kms", "key/")
        for value in statement.resources
    )
    return every or bool(statement.not_resources)


def _any_kms(resource: str) -> bool:
    return resource.startswith("arn:") and ":kms:" in resource and resource.endswith(":*")
