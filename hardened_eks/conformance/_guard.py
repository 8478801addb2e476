"""Custom policy rules in Guard, for properties in configuration items without an AWS managed rule.

AWS Config has no managed rules for the hop limit and the hypervisor of launch templates. Items of other resources do
not support such rules: log groups have no items, and cluster items lack access mode, deletion protection and support
type (https://github.com/awslabs/aws-config-resource-schema). AWS Config runs Guard 2, so no newer syntax is used.
"""

from __future__ import annotations

from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Final

from hardened_eks._records import dataclass
from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Callable

RUNTIME: Final = "guard-2.x.x"
MOST_CHARACTERS: Final = 10_000
"""The maximum number of characters of a policy
(https://docs.aws.amazon.com/config/latest/APIReference/API_CustomPolicyDetails.html)."""
_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
_DATA: Final = "configuration.LaunchTemplateData"
_RETIRED: Final = frozenset({"cc2", "cg1", "cr1", "f1", "g2", "g3", "g3s", "hi1", "hs1", "p2", "p3"})
"""Xen families that EC2 no longer offers, or not in all Regions, so its API responses lack them
(https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html)."""
_HEAD: Final = f"""when resourceType == "{_TEMPLATE}"
     configurationItemStatus in ["OK", "ResourceDiscovered"]"""
"""The condition that excludes deleted items, whose configuration is null, so every property is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRule:
    """One custom policy rule."""

    name: str
    """The name of the Config rule."""
    requirement: str
    """The key of the requirement that it covers."""
    control: str
    """The name of the control with the same check for templates."""
    types: tuple[str, ...]
    """The CloudFormation types whose items it evaluates."""
    policy: Callable[[], str] = field(repr=False)
    """A function that creates the policy; it reads the list of instance types on first use."""

    @property
    def text(self) -> str:
        """The policy."""
        return self.policy()


def _hop_limit() -> str:
    options = f"{_DATA}.MetadataOptions"
    return f"""rule launch_template_hop_limit_is_one {_HEAD} {{
  {options}.HttpEndpoint == "disabled" or
  {options}.HttpPutResponseHopLimit in [1, "1"]
}}
"""


def _nitro() -> str:
    on_xen = f"/^({'|'.join(xen())})\\.([^m]|m[^e]|me[^t])/"  # bare metal types of these families use the Nitro System
    allowed = f"{_DATA}.InstanceRequirements.AllowedInstanceTypes"
    return f"""rule launch_template_type_is_nitro {_HEAD}
     {_DATA}.InstanceType !empty {{
  {_DATA}.InstanceType != {on_xen}
}}

rule launch_template_requirements_are_nitro {_HEAD}
     {_DATA}.InstanceRequirements !empty {{
  {allowed} !empty
  {allowed}[*] == /^[a-z0-9-]+\\./
  {allowed}[*] != {on_xen}
}}
"""


@cache
def xen() -> tuple[str, ...]:
    """Return the families whose virtual machines run on Xen. All new families use the Nitro System."""
    known = {name for name in instances.families() if (found := instances.family(name)) and not found.nitro}
    return tuple(sorted(known | _RETIRED))


CUSTOM: Final = (
    CustomRule(
        name="launch-template-hop-limit",
        requirement="node.imds.hop_limit",
        control="imds_hop_limit",
        types=(_TEMPLATE,),
        policy=_hop_limit,
    ),
    CustomRule(
        name="launch-template-nitro",
        requirement="node.nitro_only",
        control="nitro_only",
        types=(_TEMPLATE,),
        policy=_nitro,
    ),
)
"""All of them."""
