"""DNS Firewall rules and their domain names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence import Unknown

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource

ASSOCIATION: Final = "AWS::Route53Resolver::FirewallRuleGroupAssociation"
GROUP: Final = "AWS::Route53Resolver::FirewallRuleGroup"
LIST: Final = "AWS::Route53Resolver::FirewallDomainList"
_EVERYTHING: Final = ("*", "*.")


def blocks_everything(rule: dict[str, Any], group: Resource, assembly: Assembly) -> bool:
    """Return whether a rule blocks every query that no earlier rule decides, of every type."""
    domains = domains_of(rule, group, assembly)
    return (
        rule.get("Action") == "BLOCK"
        and rule.get("Qtype") is None
        and rule.get("Status", "ENABLED") == "ENABLED"
        and any(name in _EVERYTHING for name in domains or ())
    )


def domains_of(rule: dict[str, Any], group: Resource, assembly: Assembly) -> list[Any] | None:
    """Return the domain names of a rule, or None if they are not in the assembly."""
    found = assembly.target(rule.get("FirewallDomainListId"), LIST, near=group)
    if found is None or isinstance(found.get("Domains"), Unknown) or found.get("DomainFileUrl") is not None:
        return None
    return found.items("Domains")
