"""Custom policy rules, in Guard, where AWS has no managed rule and the configuration item carries the property.

AWS Config has no managed rule on the hop limit and on the hypervisor of launch templates. Items of other resources are
no place for such rules: log groups have none, and those of clusters lack access mode, deletion protection and support
type (https://github.com/awslabs/aws-config-resource-schema). AWS Config runs Guard 2, so that nothing newer is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from hardened_eks.data import instances

if TYPE_CHECKING:
    from collections.abc import Callable

RUNTIME: Final = "guard-2.x.x"
MOST_CHARACTERS: Final = 10_000
"""Of a policy (https://docs.aws.amazon.com/config/latest/APIReference/API_CustomPolicyDetails.html)."""
_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
_DATA: Final = "configuration.LaunchTemplateData"
_RETIRED: Final = frozenset({"cc2", "cg1", "cr1", "f1", "g2", "g3", "g3s", "hi1", "hs1", "p2", "p3"})
"""Families on Xen that EC2 offers no more, or not everywhere, so that its answers lack them
(https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html)."""
_HEAD: Final = f"""when resourceType == "{_TEMPLATE}"
     configurationItemStatus in ["OK", "ResourceDiscovered"]"""
"""A deleted item has the configuration null, in which every property is missing: it must not be evaluated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRule:
    """One custom policy rule."""

    name: str
    """The name of the Config rule."""
    requirement: str
    """Key of the requirement that it answers."""
    control: str
    """Name of the control that asks the same of templates."""
    types: tuple[str, ...]
    """CloudFormation types whose items it evaluates."""
    policy: Callable[[], str] = field(repr=False)
    """Creates the policy; the list of instance types is read on first use."""

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
    on_xen = f"/^({'|'.join(xen())})\\.([^m]|m[^e]|me[^t])/"  # bare metal of these families is of the Nitro system
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
    """Return the families whose virtual machines run on Xen. AWS adds none: all new ones are of the Nitro system."""
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
