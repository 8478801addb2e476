from __future__ import annotations

from typing import TYPE_CHECKING

import hardened_eks as hardened
from stacks.base import ReferenceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.foundation import FoundationStack
    from stacks.settings import Settings


class RegistryStack(ReferenceStack):
    """The registry and the repository for the cluster's images."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings, foundation: FoundationStack) -> None:
        """Create the account's registry settings and one repository."""
        super().__init__(scope, id, settings=settings)
        self.registry = hardened.Registry(self, "Registry", encryption_key=foundation.keys.images)
        self.repository = hardened.Repository(
            self, "Repository", encryption_key=foundation.keys.images, push=settings.image_pushers
        )
