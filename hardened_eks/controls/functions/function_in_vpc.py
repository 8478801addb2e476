from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.functions._functions import FUNCTION, serves_deployment
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown


@control(
    id="FN-03",
    title="Functions run in a VPC, in subnets of two zones",
    requirement="lambda.in_vpc",
    types=(FUNCTION,),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "Outside a VPC, a function can reach the whole internet, and neither flow logs nor security groups apply to it."
    ),
    fix="Set VpcConfig with subnets of two Availability Zones and a security group with restricted egress.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-3",
    blind=(
        "A function that only CloudFormation calls, for a custom resource or a hook, runs for seconds during "
        "deployments and passes; Security Hub Lambda.3 and the cdk-nag packs require a VPC for it too."
    ),
    enforced_by="Network",
)
def function_in_vpc(function: Resource, assembly: Assembly) -> Iterator[Problem]:
    if serves_deployment(function, assembly):
        return
    subnets = function.items("VpcConfig.SubnetIds")
    if not subnets:
        yield Problem("it does not run in a VPC", "VpcConfig")
    elif (len(subnets) < 2 and not isinstance(subnets[0], Unknown)) or (
        len(subnets) < 2 and assembly.target(subnets[0], "AWS::EC2::Subnet", near=function) is not None
    ):
        yield Problem("it runs in one subnet only", "VpcConfig.SubnetIds")
    elif len(subnets) < 2:  # perhaps a list as a whole
        yield from not_seen(function, assembly, "VpcConfig.SubnetIds", "AWS::EC2::Subnet")
