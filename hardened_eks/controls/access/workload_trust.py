from collections.abc import Iterator

from hardened_eks.controls.access._documents import trust
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

_TAGS = ("eks-cluster-arn", "kubernetes-namespace", "kubernetes-service-account")


@control(
    id="IA-10",
    title="Roles of pods trust one service account of one cluster",
    requirement="iam.workload_identity.trust_scope",
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why="A role that any pod of any cluster can take belongs to the weakest of them.",
    fix=(
        "Condition on cluster ARN, namespace and service account (Pod Identity tags), or on the exact sub and "
        "aud (IRSA)."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html",
)
def workload_trust(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in trust(role):
        names = [name for _, name in statement.principals]
        if not statement.allows:
            continue
        if any(name.startswith("pods.eks.") for name in names):
            missing = [tag for tag in _TAGS if not _exact(statement.condition(f"aws:requesttag/{tag}"))]
            if missing and not (missing == ["eks-cluster-arn"] and statement.condition("aws:SourceArn")):
                yield Problem(f"the trust is not limited by {', '.join(missing)}", f"{path}.Condition")
        elif any("oidc" in name.lower() for name in names):
            keys = {key: values for wanted in statement.conditions.values() for key, values in wanted.items()}
            for claim in ("sub", "aud"):
                values = next((v for key, v in keys.items() if key.endswith(f":{claim}")), ())
                if not _exact(values):
                    yield Problem(f"the trust is not limited to an exact {claim}", f"{path}.Condition")


def _exact(values: tuple[str, ...]) -> bool:
    return bool(values) and not any("*" in value for value in values)
