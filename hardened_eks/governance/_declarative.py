from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_organizations as organizations
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._kinds import flag_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks.governance._homes import TARGET, home_problems
from hardened_eks.governance._in_turn import POLICY, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME: Final = regex(r"[\w+=,.@ -]{1,128}", re.ASCII)
_LONGEST: Final = 10_000
"""Maximum size: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""
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
    """Defaults of EC2 for many accounts, as a declarative policy, which these accounts cannot change.

    Create it in the management account or in a delegated administrator, in us-east-1 (China: cn-northwest-1), after the
    commands of docs/how-to/account-defaults.md that prepare the organization. `AccountDefaults` of an account with this
    policy needs ``snapshots=False``, because the account cannot change what the policy sets.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        target_ids: Sequence[str],
        name: str = "hardened-eks-defaults",
        instance_metadata: bool = True,
        images: bool = True,
        snapshots: bool = True,
        serial_console: bool = True,
        message: str = "",
    ) -> None:
        """Create the policy and attach it.

        Args:
            scope: the parent construct.
            id: construct ID.
            target_ids: IDs of a root, organizational units or accounts. Begin with one account.
            name: name of the policy, 1 to 128 characters. Default: ``hardened-eks-defaults``.
            instance_metadata: instances without own settings require tokens (IMDSv2) with one hop. Default: yes.
            images: refuse to make new machine images public. Default: yes.
            snapshots: refuse public snapshots, including existing ones. Default: yes.
            serial_console: refuse access to the serial console of instances. Default: yes.
            message: message for principals whose call is refused, for example the team to contact. Default: the message
                of EC2.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        problems = problems_in(scope, f"OrganizationDefaults '{id}'")
        chosen = {
            "instance_metadata": instance_metadata,
            "images": images,
            "snapshots": snapshots,
            "serial_console": serial_console,
        }
        problems.extend(_target_problems(target_ids))
        problems.extend(flag_problems(**chosen))
        problems.require(
            isinstance(name, str) and _NAME.fullmatch(name),
            f"name needs 1 to 128 letters, digits or +=,.@_-, got {name!r}",
        )
        problems.require(is_literal(message), f"message needs a string that is known now, got {message!r}")
        problems.require(
            any(one is True for one in chosen.values()),
            "nothing is set: leave the construct out, or set images, snapshots or more",
        )
        problems.extend(home_problems(scope))
        content = _content([one for one, wanted in chosen.items() if wanted is True], str(message))
        size = len(json.dumps(content, separators=(",", ":")))
        problems.require(size <= _LONGEST, f"the policy has {size} characters, AWS allows {_LONGEST}: shorten message")
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        self.resource = create(
            organizations.CfnPolicy,
            self,
            "Policy",
            name=name,
            description="Defaults of EC2 that accounts cannot change",
            type="DECLARATIVE_POLICY_EC2",
            content=content,
            target_ids=list(target_ids),
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


def _target_problems(target_ids: Any) -> Iterator[str]:
    if isinstance(target_ids, str) or not isinstance(target_ids, list | tuple) or not target_ids:
        yield (
            "target_ids needs a list with one ID or more of roots, organizational units or accounts, got "
            f"{target_ids!r}"
        )
        return
    for target in target_ids:
        if not isinstance(target, str) or not TARGET.fullmatch(target):
            yield f"target_ids needs IDs, r-..., ou-...-... or 12 digits of an account, got {target!r}"
