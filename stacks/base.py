from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.settings import Settings


class ReferenceStack(cdk.Stack):
    """A stack in the account and region of the settings, created by their creator role, safe from `cdk destroy`."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings, role_arn: str | None = None) -> None:
        """Place the stack where `settings` say.

        Args:
            scope: the app.
            id: construct id, and name of the stack.
            settings: account, region and the rest.
            role_arn: CloudFormation execution role; empty for the bootstrap stack's own. Default: that of `settings`.
        """
        super().__init__(
            scope,
            id,
            env=cdk.Environment(account=settings.account or None, region=settings.region or None),
            synthesizer=cdk.DefaultStackSynthesizer(
                cloud_formation_execution_role=(settings.creator_role_arn if role_arn is None else role_arn) or None
            ),
            termination_protection=True,
        )
