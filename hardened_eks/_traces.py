"""Creation stacks: where in the program each construct was created, as the CDK notes in cdk.out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hardened_eks._asked import node_of

if TYPE_CHECKING:
    from constructs import Construct

_CONTEXT = "aws:cdk:disable-creation-stack-traces"


def leave_out_useless(construct: Construct, scope: Construct) -> None:
    """Do not note creation stacks below `construct`, which must not have children yet, where they name no user code.

    From Node they show jsii's frames and nothing of the Python program, and cost a twentieth of each cluster
    (docs/explanation/speed.md). With ``JSII_HOST_STACK_TRACES=1`` they show the program's lines and are noted;
    ``cdk --debug`` notes them in any case.
    """
    if os.environ.get("JSII_HOST_STACK_TRACES", "").lower() in ("1", "true", "yes"):
        return
    if not type(scope).__module__.startswith("hardened_eks."):  # one of ours has it from its own scope
        node_of(construct).set_context(_CONTEXT, value=True)
