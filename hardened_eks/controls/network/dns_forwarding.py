from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.ranges import is_private

_RULE: Final = "AWS::Route53Resolver::ResolverRule"
_ASSOCIATION: Final = "AWS::Route53Resolver::ResolverRuleAssociation"
_AUTODEFINED: Final = "rslvr-autodefined-"


@control(
    id="NW-24",
    title="Resolver rules forward only the organization's own domains, and only to private servers",
    requirement=("vpc.connectivity.controlled", "sg.egress_restricted"),
    types=(_RULE, _ASSOCIATION),
    severity=Severity.MEDIUM,
    why=(
        "A rule for the root or a whole top-level domain sends every query to a server that somebody else may "
        "operate. A server on the internet receives all data that is encoded in names."
    ),
    fix="Forward only your own domains (such as corp.example), to addresses inside your networks.",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-rules-managing.html",
    blind=(
        "Who operates a private server. A rule that another account shares is known only by its ID and is a finding: "
        "waive it and name its owner."
    ),
    detective="No construct forwards queries: the Resolver of the VPC answers them.",
)
def dns_forwarding(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _ASSOCIATION:
        rule = resource.get("ResolverRuleId")
        if assembly.target(rule, _RULE, near=resource) is None and not str(rule).startswith(_AUTODEFINED):
            yield Problem(
                f"the rule {rule} is not in the assembly, so nothing shows where it forwards to", "ResolverRuleId"
            )
        return
    if resource.get("RuleType") in ("SYSTEM", "RECURSIVE"):
        return
    domain = resource.get("DomainName")
    if isinstance(domain, Unknown) or "." not in str(domain or "").strip("."):
        yield Problem(f"it forwards every name below {domain}", "DomainName")
    for path, target in resource.each("TargetIps"):
        for name, address in _addresses(target):
            if not isinstance(address, str) or not is_private(address):
                yield Problem(f"it forwards to {address}, which is not a private address", f"{path}{name}")


def _addresses(target: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(target, dict):
        yield "", target
        return
    for name in ("Ip", "Ipv6"):
        if target.get(name) is not None:
            yield f".{name}", target[name]
