from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, conditions, policies
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.resource_policies import spares_only

_CREATE: Final = "kms:CreateGrant"
_ONLY_AWS: Final = "kms:GrantIsForAWSResource"
_FALSE: Final = frozenset({_ONLY_AWS.lower(), "aws:principalisawsservice"})


@control(
    id="KY-03",
    title="Only AWS services can create grants on a key",
    requirement="kms.grants_aws_services_only",
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "A grant lets any principal, in any account, use the key, but appears in no policy. Attackers use grants to "
        "keep access unnoticed."
    ),
    fix=(
        "Add a statement that denies kms:CreateGrant to everybody, with BoolIfExists kms:GrantIsForAWSResource false "
        "and aws:PrincipalIsAWSService false."
    ),
    source="https://docs.aws.amazon.com/controltower/latest/controlreference/kms-rules.html",
    blind=(
        "Control Tower CT.KMS.PR.3 accepts only the deny. This control also accepts a policy in which each Allow of "
        "kms:CreateGrant has the condition; the account's own kms:* delegates the permission to IAM and so counts as "
        "an Allow without the condition. The key for a cluster's API data is not evaluated: EKS creates its grant in "
        "a way that the condition does not match."
    ),
    enforced_by="Keys",
)
def grants_for_aws_services(key: Resource, assembly: Assembly) -> Iterator[Problem]:
    if any(_is_secrets_key(cluster, key, assembly) for cluster in assembly.referring(key, "AWS::EKS::Cluster")):
        return
    statements = policies.of(key, "KeyPolicy")
    if any(_refuses_others(statement) for statement in statements):
        return
    if not statements:
        yield Problem("the default key policy lets the account create grants for anybody", "KeyPolicy")
    for statement in statements:
        if statement.allows and statement.does(_CREATE) and not _for_services(statement):
            names = ", ".join(value for _, value in statement.principals) or "everybody"
            yield Problem(f"{names} may create grants for anybody", statement.at("KeyPolicy"))


def _for_services(statement: Statement) -> bool:
    return _ONLY_AWS.lower() in conditions.narrowing_keys(statement.conditions)


def _is_secrets_key(cluster: Resource, key: Resource, assembly: Assembly) -> bool:
    paths = (f"EncryptionConfig.{index}.Provider.KeyArn" for index in range(len(cluster.items("EncryptionConfig"))))
    return any(assembly.target(cluster.get(path), near=cluster) is key for path in paths)


def _one_service(key: str, value: str) -> bool:
    return key == "kms:viaservice" and not value.startswith(("*", "?"))


def _refuses_others(statement: Statement) -> bool:
    return (
        not statement.allows
        and statement.anybody
        and statement.does(_CREATE)
        and bool(statement.condition(_ONLY_AWS))
        and spares_only(statement, _one_service, false=_FALSE)
    )
