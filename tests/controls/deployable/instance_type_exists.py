from hardened_eks.controls.deployable import instance_type_exists
from tests.controls.cases import Bad, Case, change, template
from tests.controls.deployable.base import LT, NG, NODES

CASE = Case(
    instance_type_exists,
    NODES,
    bad={
        "unknown": Bad(change(NG, "InstanceTypes", ["m99.large"]), "InstanceTypes.0"),
        "mistyped": Bad(change(NG, "InstanceTypes", ["m7g-large"]), "InstanceTypes.0"),
        "retired": Bad(change(NG, "InstanceTypes", ["p3.2xlarge", "f1.2xlarge"]), "InstanceTypes.0", "InstanceTypes.1"),
        "in the template": Bad(
            change(LT, "LaunchTemplateData.InstanceType", "m7g.mega"), "LaunchTemplateData.InstanceType"
        ),
        "instance": Bad(template({"Host": ("AWS::EC2::Instance", {"InstanceType": "t9.micro"})}), "InstanceType"),
    },
    edge={
        "parameter": change(NG, "InstanceTypes", [{"Ref": "P"}]),
        "known by name": change(NG, "InstanceTypes", ["g4ad.xlarge", "g3.4xlarge", "u-12tb1.metal"]),
        "a size newer than the data": change(NG, "InstanceTypes", ["m7g.128xlarge"]),
    },
)
