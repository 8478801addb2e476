from hardened_eks.controls.deployable import custom_ami_alone
from tests.controls.cases import Bad, Case, both, change, drop
from tests.controls.deployable.base import LT, NG, NODES

CASE = Case(
    custom_ami_alone,
    NODES,
    bad={
        "type": Bad(change(LT, "LaunchTemplateData.ImageId", "ami-1"), "AmiType", "Version"),
        "version": Bad(
            both(change(LT, "LaunchTemplateData.ImageId", "ami-1"), change(NG, "AmiType", "CUSTOM")), "Version"
        ),
        "custom without image": Bad(change(NG, "AmiType", "CUSTOM"), "AmiType"),
    },
    edge={
        "custom": both(
            change(LT, "LaunchTemplateData.ImageId", "ami-1"), change(NG, "AmiType", "CUSTOM"), drop(NG, "Version")
        )
    },
)
