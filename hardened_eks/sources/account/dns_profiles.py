"""Route 53 Profiles, which bring rules, zones, firewalls and endpoints of this or another account into a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account import dns, network
from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import is_gone, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hardened_eks.sources.account.asking import Asker


def associations(asker: Asker, vpc_id: str) -> Iterator[Found | Wanted]:
    """Yield the profile of a VPC, if its owner is known."""
    for entry in asker.shared("route53profiles:ListProfileAssociations", "ProfileAssociations"):
        if entry["ResourceId"].rpartition("/")[2] != vpc_id or is_gone(entry.get("Status")):
            continue
        before = len(asker.refusals)
        mine = asker.shared("route53profiles:ListProfiles", "ProfileSummaries")
        if len(asker.refusals) > before:
            continue
        properties = {**pick(entry, "Id", "Name", "ProfileId"), "ResourceId": vpc_id}
        yield Found("AWS::Route53Profiles::ProfileAssociation", entry["Id"], properties)
        for one in mine:
            if one["Id"] == entry["ProfileId"] and one.get("ShareStatus") != "SHARED_WITH_ME":
                properties = pick(one, "Id", "Arn", "Name")
                yield Found("AWS::Route53Profiles::Profile", one["Id"], properties, one.get("Arn", ""))
                yield Wanted("dns-profile", one["Id"])


def profile(asker: Asker, id_: str) -> Iterator[Found | Wanted]:
    """Yield the contents of a profile of this account, if their owner is known."""
    every = asker.pages("route53profiles:ListProfileResourceAssociations", "ProfileResourceAssociations", ProfileId=id_)
    for one in every:
        if is_gone(one.get("Status")):
            continue
        before = len(asker.refusals)
        yield from _part(asker, one["ResourceArn"])
        if len(asker.refusals) == before:
            properties = pick(one, "Id", "Name", "ProfileId", "ResourceArn", "ResourceProperties")
            yield Found("AWS::Route53Profiles::ProfileResourceAssociation", one["Id"], properties)


def _part(asker: Asker, arn: str) -> Iterator[Found | Wanted]:
    """Yield a part of a profile if it may belong to this account. The ARN of a zone has no account."""
    account, _, kind = arn.partition("/")[0].split(":", 4)[4].partition(":")
    if kind in _PARTS and account in {"", asker.account}:
        yield from _PARTS[kind](asker, arn.partition("/")[2])


def zone(asker: Asker, id_: str) -> Iterator[Found | Wanted]:
    """Yield a hosted zone of this account."""
    told = asker.ask("route53:GetHostedZone", Id=id_)
    if told:
        vpcs: list[dict[str, Any]] = [
            {"VPCId": one["VPCId"], "VPCRegion": one["VPCRegion"]} for one in told.get("VPCs", ())
        ]
        properties = {"Id": id_, "Name": told["HostedZone"]["Name"], **({"VPCs": vpcs} if vpcs else {})}
        yield Found("AWS::Route53::HostedZone", id_, properties, f"arn:{asker.partition}:route53:::hostedzone/{id_}")


_PARTS: Final[dict[str, Callable[[Asker, str], Iterator[Found | Wanted]]]] = {
    "firewall-rule-group": dns.rules, "hostedzone": zone, "resolver-query-log-config": dns.query_log,
    "resolver-rule": dns.rule, "vpc-endpoint": network.endpoint,
}  # fmt: skip
"""Kind in an ARN -> the function that reads it."""
