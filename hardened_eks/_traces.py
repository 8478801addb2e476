"""Creation stack traces, with which the CDK records in cdk.out where the program created each construct."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hardened_eks._asked import node_of

if TYPE_CHECKING:
    from constructs import Construct

_CONTEXT = "aws:cdk:disable-creation-stack-traces"


def leave_out_useless(construct: Construct, scope: Construct) -> None:
    """Do not record creation stack traces below `construct`, which must not have children yet, if they are useless.

    From Node, they show only jsii's frames and no line of the Python program, and take a twentieth of the time of each
    cluster (docs/explanation/speed.md). With ``JSII_HOST_STACK_TRACES=1``, they show the program's lines and are
    recorded; ``cdk --debug`` records them in any case.
    """
    if os.environ.get("JSII_HOST_STACK_TRACES", "").lower() in ("1", "true", "yes"):
        return
    if not type(scope).__module__.startswith("hardened_eks."):  # one of ours inherits it
        node_of(construct).set_context(_CONTEXT, value=True)
