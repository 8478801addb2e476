"""Look-ups for several controls on Lambda functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hardened_eks.evidence import Assembly, Resource

FUNCTION: Final = "AWS::Lambda::Function"
_CALLERS: Final = (FUNCTION, "AWS::StepFunctions::StateMachine")
_HOOK: Final = "AWS::CloudFormation::LambdaHook"
_CALL_NOTHING: Final = ("AWS::IAM::", "AWS::Logs::LogGroup")


def serves_deployment(function: Resource, assembly: Assembly) -> bool:
    """Return whether only CloudFormation calls the function, for a custom resource or a hook during deployments.

    This includes functions that only such functions call, as in the provider framework of the CDK.
    """
    return _serves(function, assembly, frozenset())


def _serves(resource: Resource, assembly: Assembly, above: frozenset[Resource]) -> bool:
    users = [user for user in assembly.referring(resource) if not user.type.startswith(_CALL_NOTHING)]
    if any(
        (user.written_type.startswith("Custom::") or user.type == "AWS::CloudFormation::CustomResource")
        and assembly.target(user.get("ServiceToken"), FUNCTION, near=user) is resource
        for user in users
    ) or any(
        user.type == _HOOK and assembly.target(user.get("LambdaFunction"), FUNCTION, near=user) is resource
        for user in users
    ):
        return True
    above |= {resource}
    callers = [user for user in users if user not in above]
    return bool(callers) and all(user.type in _CALLERS and _serves(user, assembly, above) for user in callers)
