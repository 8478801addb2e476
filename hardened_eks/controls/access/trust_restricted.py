from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls.access._federation import open_federations
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, conditions
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import every_action, trust
from hardened_eks.evidence.views.resource_policies import may_be_anybody

_ACCOUNT = regex(r"(\d{12}|\$\{AWS::AccountId\})|.*:root")


@control(
    id="IA-07",
    title="Role trust policies name their principals",
    requirement="iam.role.trust_restricted",
    types=("AWS::IAM::Role",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "If a role trusts everybody, a whole account or a whole identity provider, somebody else decides who can "
        "assume it."
    ),
    fix=(
        "Name the roles or services. If the role trusts an account, add a condition on the caller (aws:PrincipalArn, "
        "sts:ExternalId or MFA). If it trusts an identity provider, add a condition on sub or aud."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html",
    enforced_by="Cluster",
)
def trust_restricted(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in trust(role):
        if not statement.allows:
            continue
        if statement.unknown:
            yield Problem("the trust policy is not known before deployment", path)
            continue
        if every_action(statement) or statement.not_actions or "sts:*" in {a.lower() for a in statement.actions}:
            key = "NotAction" if statement.not_actions else "Action"
            yield Problem("actions other than those to assume the role are allowed", f"{path}.{key}")
        if statement.public:
            key = "NotPrincipal" if statement.not_principals else "Principal"
            yield Problem("everybody is trusted", f"{path}.{key}")
            continue
        for message in open_federations(statement):
            yield Problem(message, f"{path}.Condition" if statement.conditions else path)
        yield from _wholes(statement, path)


def _wholes(statement: Statement, path: str) -> Iterator[Problem]:
    """Yield a problem for each account or organization that is trusted as a whole."""
    who = conditions.says_who(statement.conditions)
    if statement.not_principals and not who:
        yield Problem("everybody except some principals is trusted, within the condition", f"{path}.NotPrincipal")
    for kind, name in statement.principals:
        if kind != "AWS" or (who and name != "*"):
            continue
        if name == "*":
            if not conditions.says_who(statement.conditions, by_network=False):
                yield Problem("a whole account, organization or network is trusted", f"{path}.Principal")
        elif _ACCOUNT.fullmatch(name):
            yield Problem(f"the whole account {name} is trusted, without a condition", f"{path}.Principal")
        elif may_be_anybody(name) and not statement.narrowed:
            yield Problem(f"who is trusted is not known before deployment: {name}", f"{path}.Principal")
