from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import required, trust

_TAGS = ("eks-cluster-arn", "kubernetes-namespace", "kubernetes-service-account")
_SEVERAL = (":sub", "/kubernetes-service-account")
"""Condition keys that may have several values, because pods that share a role are named individually."""


@control(
    id="IA-10",
    title="Roles for pods trust named service accounts of one cluster",
    requirement="iam.workload_identity.trust_scope",
    types=("AWS::IAM::Role",),
    needs="assembly",
    severity=Severity.HIGH,
    why="A role that any pod of any cluster can assume is only as safe as the weakest of those pods.",
    fix=(
        "Add conditions on the cluster ARN, namespace and service account (Pod Identity session tags), or on the "
        "exact sub and aud (IRSA)."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html",
    blind=(
        "IA-07 covers trust policies whose content is not known, and trust in an identity provider that does not "
        "belong to a cluster."
    ),
    enforced_by="PodRole",
)
def workload_trust(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in trust(role):
        if not statement.allows:
            continue
        if any(kind == "Service" and name.startswith("pods.eks.") for kind, name in statement.principals):
            missing = [tag for tag in _TAGS if not _one(statement, f"aws:RequestTag/{tag}")]
            if missing and not (missing == ["eks-cluster-arn"] and _one(statement, "aws:SourceArn")):
                yield Problem(f"the trust policy is not limited to one of {', '.join(missing)}", f"{path}.Condition")
        elif statement.does("sts:AssumeRoleWithWebIdentity") and any(
            kind == "Federated" and _may_be_a_cluster(name) for kind, name in statement.principals
        ):
            for claim in ("sub", "aud"):
                if not _one(statement, f":{claim}"):
                    yield Problem(f"the trust policy is not limited to one {claim}", f"{path}.Condition")


def _may_be_a_cluster(provider: str) -> bool:
    """Return whether an identity provider belongs to a cluster, or is not known before deployment."""
    _, _, issuer = provider.partition("oidc-provider/")
    return "oidc.eks" in issuer or (issuer or provider).startswith("${")


def _one(statement: Statement, key: str) -> bool:
    """Return whether a condition requires one value of the key, or individually named service accounts."""
    several = key.endswith(_SEVERAL)
    return any(
        (several or len(values) == 1) and not any(set("*?") & set(value) for value in values)
        for values in required(statement, key)
    )
