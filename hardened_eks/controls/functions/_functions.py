"""What several controls on Lambda functions look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hardened_eks.controls.evidence import Assembly, Resource

FUNCTION: Final = "AWS::Lambda::Function"


def serves_deployment(function: Resource, assembly: Assembly) -> bool:
    """Say whether CloudFormation itself calls the function, for a custom resource: it runs at deployments only."""
    return any(
        (user.type.startswith("Custom::") or user.type == "AWS::CloudFormation::CustomResource")
        and assembly.target(user.get("ServiceToken"), FUNCTION) is function
        for user in assembly.referring(function)
    )
