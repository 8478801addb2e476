from collections.abc import Iterator

from hardened_eks.controls._unseen import value_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.iam import bare, own_statements

_POLICY = "AWS::IAM::ManagedPolicy"
_READS = ("batchget", "describe", "filter", "get", "head", "list", "lookup", "query", "search", "view")
_READ_ONLY = ("ReadOnly", "ViewOnly", "AWSDenyAll", "SecurityAudit")
"""Words in the names of read-only AWS managed policies."""
_BY_DEFAULT = "without one, the limit is AdministratorAccess"


@control(
    id="MQ-13",
    title="A guardrail policy keeps chat channels from changing resources",
    requirement="iam.policy.no_admin",
    types=("AWS::Chatbot::SlackChannelConfiguration", "AWS::Chatbot::MicrosoftTeamsChannelConfiguration"),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Anyone who can write in the channel can run commands with the channel role, within the guardrail policies. "
        "Without a guardrail policy, the limit is AdministratorAccess."
    ),
    fix="Set GuardrailPolicies to a policy that denies everything, or to ReadOnlyAccess: alerts need no permissions.",
    source="https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html",
    blind="The permissions of the role itself.",
    enforced_by="alerts",
)
def chat_guardrail(chat: Resource, assembly: Assembly) -> Iterator[Problem]:
    given = chat.get("GuardrailPolicies")
    if isinstance(given, Unknown):
        yield Problem(f"the guardrail policy is known only at deployment ({given}); {_BY_DEFAULT}", "GuardrailPolicies")
        return
    if not given:
        yield Problem(f"there is no guardrail policy; {_BY_DEFAULT}", "GuardrailPolicies")
        return
    for path, value in chat.each("GuardrailPolicies"):
        policy = assembly.target(value, _POLICY, near=chat)
        name = str(value).rpartition("/")[2]
        if policy is not None:
            writes = _writes(policy)
            if writes:
                yield Problem(f"the guardrail policy {policy.logical_id} allows {', '.join(writes[:3])}", path)
        elif ":aws:policy/" not in str(value):
            yield from value_not_seen(chat, assembly, path, value, _POLICY)
        elif not any(word in name for word in _READ_ONLY):
            yield Problem(f"the guardrail policy {name} is not read-only", path)


def _writes(policy: Resource) -> list[str]:
    """Return the actions of a policy that may change something; nothing if it denies everything."""
    statements = [statement for _, statement in own_statements(policy)]
    if any(not s.allows and "*" in s.actions and "*" in s.resources and not s.conditions for s in statements):
        return []
    found = []
    for statement in statements:
        if statement.allows:
            found += ["everything but some actions"] if statement.not_actions else []
            found += [action for action in statement.actions if not _reads(action)]
    return found


def _reads(action: str) -> bool:
    return bare(action).partition(":")[2].lower().startswith(_READS)
