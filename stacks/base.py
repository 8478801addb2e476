from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.settings import Settings


class ReferenceStack(cdk.Stack):
    """A stack in the configured account and Region, created by the configured role, protected from `cdk destroy`."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings, role_arn: str | None = None) -> None:
        """Create the stack in the account and Region of `settings`.

        Args:
            scope: the app.
            id: construct ID, which is also the stack name.
            settings: account, Region and all other settings.
            role_arn: CloudFormation execution role; "" for the role of the bootstrap stack. Default: the creator role
                of `settings`.
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
