"""EC2: security groups with inline rules. Without egress, the API means no rule, but a template means all traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.shape import ec2_filter, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker

NOTHING: Final = {
    "CidrIp": "255.255.255.255/32", "Description": "Disallow all traffic", "IpProtocol": "icmp", "FromPort": 252,
    "ToPort": 86,
}  # fmt: skip
"""The egress of a group without outbound traffic in a template; an empty list would allow everything."""


def security_groups(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the security groups of a VPC, including the default group."""
    where = ec2_filter("vpc-id", vpc_id)
    for entry in asker.shared("ec2:DescribeSecurityGroups", "SecurityGroups", Filters=where):
        id_ = entry["GroupId"]
        ingress = [rule for one in entry.get("IpPermissions", ()) for rule in _rules(one, "Source", asker.account)]
        egress = [
            rule for one in entry.get("IpPermissionsEgress", ()) for rule in _rules(one, "Destination", asker.account)
        ]
        properties: dict[str, Any] = {
            "Id": id_, "GroupId": id_, "GroupName": entry.get("GroupName", ""),
            "GroupDescription": entry.get("Description", ""), "VpcId": vpc_id,
            "SecurityGroupEgress": egress or [dict(NOTHING)],
        }  # fmt: skip
        if ingress:
            properties["SecurityGroupIngress"] = ingress
        arn = f"arn:{asker.partition}:ec2:{asker.region}:{asker.account}:security-group/{id_}"
        yield Found(
            "AWS::EC2::SecurityGroup", id_, with_tags(properties, entry.get("Tags")), arn, tag_map(entry.get("Tags"))
        )


def _rules(permission: Mapping[str, Any], side: str, account: str) -> Iterator[dict[str, Any]]:
    """Yield one rule for each range, prefix list and group of a permission."""
    base = {
        "IpProtocol": permission.get("IpProtocol", "-1"),
        **{key: permission[key] for key in ("FromPort", "ToPort") if permission.get(key) is not None},
    }
    kinds = (
        ("IpRanges", "CidrIp", "CidrIp"), ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", f"{side}PrefixListId"),
        ("UserIdGroupPairs", "GroupId", f"{side}SecurityGroupId"),
    )  # fmt: skip
    for key, told, name in kinds:
        for one in permission.get(key, ()):
            rule = {**base, name: one[told]}
            if one.get("UserId", account) != account and side == "Source":
                rule["SourceSecurityGroupOwnerId"] = one["UserId"]
            yield {**rule, **({"Description": one["Description"]} if one.get("Description") else {})}
