from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.ranges import is_private

_RULE: Final = "AWS::Route53Resolver::ResolverRule"
_ASSOCIATION: Final = "AWS::Route53Resolver::ResolverRuleAssociation"
_AUTODEFINED: Final = "rslvr-autodefined-"
_PROFILE: Final = "AWS::Route53Profiles::Profile"
_IN_VPC: Final = "AWS::Route53Profiles::ProfileAssociation"
_IN_PROFILE: Final = "AWS::Route53Profiles::ProfileResourceAssociation"
_PARTS: Final = (
    _RULE,
    "AWS::EC2::VPCEndpoint",
    "AWS::Route53::HostedZone",
    "AWS::Route53Resolver::FirewallRuleGroup",
    "AWS::Route53Resolver::ResolverQueryLoggingConfig",
)
"""What a profile can carry."""
_UNKNOWN: Final = "is not in the assembly, so nobody sees"
_LEADS_TO: Final = {
    _ASSOCIATION: ("ResolverRuleId", (_RULE,), f"the rule {{}} {_UNKNOWN} where it forwards"),
    _IN_VPC: ("ProfileId", (_PROFILE,), f"the profile {{}} {_UNKNOWN} what it brings"),
    _IN_PROFILE: ("ResourceArn", _PARTS, f"{{}} {_UNKNOWN} what answers through the profile"),
}
"""Type -> the property that names another resource, its types, and the message if that resource is missing."""


@control(
    id="NW-24",
    title="Resolver rules forward only the organization's own domains, and only to private servers",
    requirement=("vpc.connectivity.controlled", "sg.egress_restricted"),
    types=(_RULE, _ASSOCIATION, _IN_VPC, _IN_PROFILE),
    severity=Severity.MEDIUM,
    why=(
        "A rule for the root or a whole top-level domain sends every query to a server that somebody else may "
        "operate. A server on the internet receives all data that is encoded in names. A Route 53 Profile brings "
        "rules, private zones and DNS firewalls into a VPC, and its owner can change them."
    ),
    fix=(
        "Forward only your own domains (such as corp.example), to addresses inside your networks. Associate only a "
        "profile of this assembly, and include its contents."
    ),
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-rules-managing.html",
    blind=(
        "Who operates a private server, and the records of a private zone. A rule or profile that another account "
        "shares is known only by its ID and is a finding: waive it and name its owner."
    ),
    detective="No construct forwards queries: the Resolver of the VPC answers them.",
)
def dns_forwarding(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type in _LEADS_TO:
        path, types, what = _LEADS_TO[resource.type]
        named = resource.get(path)
        if assembly.target(named, *types, near=resource) is None and not str(named).startswith(_AUTODEFINED):
            yield Problem(what.format(named), path)
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
