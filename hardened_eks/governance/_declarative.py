from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_organizations as organizations
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks.governance._homes import home_problems
from hardened_eks.governance._in_turn import POLICY, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TARGET: Final = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12}")
_NAME: Final = re.compile(r"[\w+=,.@ -]{1,128}", re.ASCII)
_LONGEST: Final = 10_000
"""Of a declarative policy: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html
_ATTRIBUTES: Final[dict[str, dict[str, dict[str, str]]]] = {
    "instance_metadata": {
        "instance_metadata_defaults": {
            "http_tokens": "required",
            "http_put_response_hop_limit": "1",
            "http_endpoint": "enabled",
        }
    },
    "images": {"image_block_public_access": {"state": "block_new_sharing"}},
    "snapshots": {"snapshot_block_public_access": {"state": "block_all_sharing"}},
    "serial_console": {"serial_console_access": {"status": "disabled"}},
}


class OrganizationDefaults(Construct):
    """Defaults of EC2 for many accounts, as a declarative policy: an account under it can no longer change them.

    Make it in the management account or by a delegated administrator, in us-east-1 (China: cn-northwest-1), after the
    commands of docs/how-to/account-defaults.md that let Organizations do so. `AccountDefaults` of an account under it
    needs ``snapshots=False``: the account cannot set what the policy sets.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        targets: Sequence[str],
        name: str = "hardened-eks-defaults",
        instance_metadata: bool = True,
        images: bool = True,
        snapshots: bool = True,
        serial_console: bool = True,
        message: str = "",
    ) -> None:
        """Create the policy and attach it.

        Args:
            scope: where it is created.
            id: construct id.
            targets: IDs of a root, of organizational units, of accounts. Begin with one account.
            name: of the policy.
            instance_metadata: instances without settings require tokens (IMDSv2), one hop far.
            images: new machine images cannot be made public.
            snapshots: snapshots cannot be public, including existing ones.
            serial_console: nobody reaches the serial console of instances.
            message: what a person reads who is refused, such as whom to ask. Default: EC2's own words.

        Raises:
            ConfigurationError: naming every mistake in the arguments.
        """
        problems = problems_in(scope, f"OrganizationDefaults '{id}'")
        chosen = {
            "instance_metadata": instance_metadata,
            "images": images,
            "snapshots": snapshots,
            "serial_console": serial_console,
        }
        problems.extend(_target_problems(targets))
        problems.extend(flag_problems(**chosen))
        problems.require(
            isinstance(name, str) and _NAME.fullmatch(name),
            f"name needs 1 to 128 letters, digits or +=,.@_-, got {name!r}",
        )
        problems.require(is_literal(message), f"message needs a string that is known now, got {message!r}")
        problems.require(any(one is True for one in chosen.values()), "nothing is set: leave the construct out")
        problems.extend(home_problems(scope))
        content = _content([one for one, wanted in chosen.items() if wanted is True], str(message))
        size = len(json.dumps(content, separators=(",", ":")))
        problems.require(size <= _LONGEST, f"the policy has {size} characters, AWS takes {_LONGEST}: shorten message")
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.resource = organizations.CfnPolicy(
            self,
            "Policy",
            name=name,
            description="Defaults of EC2 that accounts cannot change",
            type="DECLARATIVE_POLICY_EC2",
            content=content,
            target_ids=list(targets),
        )
        """The CloudFormation resource."""
        in_turn(self, self.resource, POLICY)


def _content(chosen: Sequence[str], message: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        attribute: {key: {"@@assign": value} for key, value in values.items()}
        for name in chosen
        for attribute, values in _ATTRIBUTES[name].items()
    }
    if message:
        attributes["exception_message"] = {"@@assign": message}
    return {"ec2_attributes": attributes}


def _target_problems(targets: Any) -> Iterator[str]:
    if isinstance(targets, str) or not isinstance(targets, list | tuple) or not targets:
        yield f"targets needs a list with one ID or more of roots, organizational units or accounts, got {targets!r}"
        return
    for target in targets:
        if not isinstance(target, str) or not _TARGET.fullmatch(target):
            yield f"targets needs IDs, r-..., ou-...-... or 12 digits of an account, got {target!r}"
