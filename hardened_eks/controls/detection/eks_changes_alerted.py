from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Subject, Unknown
from hardened_eks.evidence.views.events import RULE, eks_calls, hears_callers, listens

_NAMES: Final = "EventPattern.detail.eventName"
_CALLS: Final = (
    "CreateCluster",
    "UpdateClusterConfig",
    "DeleteCluster",
    "CreateNodegroup",
    "DeleteNodegroup",
    "CreateAccessEntry",
    "AssociateAccessPolicy",
    "DeleteAccessEntry",
    "CreatePodIdentityAssociation",
    "UpdateAddon",
    "DeleteAddon",
)


@control(
    id="DT-01",
    title="Changes to EKS resources raise an alert",
    requirement="alerts.eks_config_change",
    types=(RULE,),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Somebody should learn of a public endpoint, a new cluster administrator or a deleted cluster while the "
        "change can still be undone."
    ),
    fix=(
        "Add a rule for the source aws.eks and the detail-type 'AWS API Call via CloudTrail' that matches create, "
        "update, associate and delete calls, with a topic as its target."
    ),
    source="https://docs.aws.amazon.com/eks/latest/best-practices/auditing-and-logging.html",
    blind=(
        "Evaluated if the assembly has a rule about EKS calls: its rules together must match the calls that matter. "
        "Alerts in another stack are not seen, so an assembly without such a rule has no finding. EventBridge "
        "receives these events only if a trail records management events."
    ),
    enforced_by="Detection",
)
def eks_changes_alerted(rule: Resource, assembly: Assembly) -> Iterator[Problem]:
    if eks_calls(rule) == ():
        return
    state = rule.get("State", "ENABLED")
    if state not in ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"):
        yield Problem(f"the rule is off (State is {state})", "State")
    if not rule.items("Targets"):
        yield Problem("the rule alerts nobody", "Targets")
    ours = assembly.once("detection.eks_rules", lambda: [r for r in assembly.of(RULE) if eks_calls(r) != ()])
    heard = assembly.once("detection.rules_for_callers", lambda: [r for r in ours if hears_callers(r)])
    missed = [call for call in _CALLS if not any(listens(eks_calls(other), call) for other in heard)]
    if not missed:
        return
    message = f"no rule matches {', '.join(missed)}"
    if rule not in heard:
        message = f"{message} by any caller, because the rule {rule.logical_id} matches only some calls"
    hidden = assembly.once("detection.hidden_rules", lambda: [r for r in ours if isinstance(r.get(_NAMES), Unknown)])
    if rule in hidden:
        yield Problem(message, _NAMES)
    elif not hidden:
        yield Problem(message, subject=Subject.of_assembly(assembly, rule.template.region))
