from hardened_eks.controls.functions import function_in_vpc
from tests.controls.cases import Bad, Case, add, both, change, drop, hide
from tests.controls.functions.base import CUSTOM, FN, FRAMEWORK, FUNCTIONS, HOOK

CASE = Case(
    function_in_vpc,
    FUNCTIONS,
    bad={
        "left out": Bad(drop(FN, "VpcConfig"), "VpcConfig"),
        "with a hook that calls another": Bad(
            both(drop(FN, "VpcConfig"), add(Hook=(HOOK["Type"], {**HOOK["Properties"], "LambdaFunction": "other"}))),
            "VpcConfig",
        ),
        "empty": Bad(change(FN, "VpcConfig", {"SubnetIds": []}), "VpcConfig"),
        "one subnet": Bad(change(FN, "VpcConfig", {"SubnetIds": ["subnet-1"]}), "VpcConfig.SubnetIds"),
        "one subnet of the stack": Bad(
            both(add(Subnet=("AWS::EC2::Subnet", {})), change(FN, "VpcConfig", {"SubnetIds": [{"Ref": "Subnet"}]})),
            "VpcConfig.SubnetIds",
        ),
    },
    edge={
        "subnets in a parameter": hide(FN, "VpcConfig.SubnetIds"),
        "a hook of CloudFormation": both(drop(FN, "VpcConfig"), add(Hook=HOOK)),
        "custom resource": both(drop(FN, "VpcConfig"), add(Custom=CUSTOM)),
        "behind a custom resource": both(add(**FRAMEWORK), drop(FN, "VpcConfig")),
    },
)
