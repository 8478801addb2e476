from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

import hardened_eks as hardened

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.foundation import FoundationStack
    from stacks.settings import Settings


class RegistryStack(cdk.Stack):
    """Where the cluster's images come from."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Settings, foundation: FoundationStack, **kwargs: Any
    ) -> None:
        """Make the account's registry settings and one repository."""
        super().__init__(scope, id, **kwargs)
        self.registry = hardened.Registry(self, "Registry", encryption_key=foundation.keys.images)
        self.repository = hardened.Repository(
            self, "Repository", encryption_key=foundation.keys.images, push=settings.image_pushers
        )
