from hardened_eks.controls.nodes import container_os
from tests.controls.cases import Case, at, both, change, drop, hide, template
from tests.controls.nodes.base import GOOD, GROUP, chosen
from tests.controls.self_managed import AL2, AL2023, ASG, BOTTLEROCKET, IMAGE, LT, NODES

WINDOWS = "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Core-EKS_Optimized-1.36/image_id"
SPECIFIED = "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"


def self_managed(*mutations):
    mutation = both(*mutations)
    return lambda _: mutation(NODES)


def older(image, **properties):
    """Nodes with a launch configuration, and a tag that joins only in its user data."""
    start = {"Fn::Base64": {"Fn::Sub": "#!/bin/bash\n/etc/eks/bootstrap.sh ${Cluster}\n"}}
    settings = ("AWS::AutoScaling::LaunchConfiguration", {"ImageId": image, "UserData": start, **properties})
    group = (ASG, {"LaunchConfigurationName": {"Ref": "Older"}, "MinSize": "1", "MaxSize": "1"})
    return lambda _: template({"Older": settings, "Nodes": group})


CASE = Case(
    container_os,
    GOOD,
    bad={
        **at(
            SPECIFIED,
            {
                "AL2 of self-managed nodes": self_managed(change(LT, IMAGE, AL2.format("amazon-linux-2"))),
                "AL2 for ARM": self_managed(change(LT, IMAGE, AL2.format("amazon-linux-2-arm64"))),
                "AL2 in one case": self_managed(
                    change(LT, IMAGE, chosen(AL2.format("amazon-linux-2"), BOTTLEROCKET.format("1.36", "arm64")))
                ),
                "an image by its id": self_managed(change(LT, IMAGE, "ami-0123456789abcdef0")),
                "an image that is hidden": self_managed(hide(LT, IMAGE)),
                "no image": self_managed(drop(LT, IMAGE)),
                "Windows of self-managed nodes": self_managed(change(LT, IMAGE, WINDOWS)),
            },
        ),
        **at(
            "LaunchConfigurationName",
            {
                "AL2 of a launch configuration": older(AL2.format("amazon-linux-2")),
                "an image of a launch configuration by its id": older("ami-0123456789abcdef0"),
            },
        ),
        **at(
            "AmiType",
            {
                "AL2": change(GROUP, "AmiType", "AL2_x86_64"),
                "Windows": change(GROUP, "AmiType", "WINDOWS_CORE_2022_x86_64"),
                "custom": change(GROUP, "AmiType", "CUSTOM"),
                "left out": drop(GROUP, "AmiType"),
                "hidden": hide(GROUP, "AmiType"),
                "sometimes": change(GROUP, "AmiType", chosen("AL2023_x86_64_STANDARD")),
                "AL2 in one case": change(GROUP, "AmiType", chosen("AL2023_x86_64_STANDARD", "AL2_x86_64")),
                "malformed": change(GROUP, "AmiType", ["BOTTLEROCKET_ARM_64"]),
            },
        ),
    },
    edge={
        "Bottlerocket of self-managed nodes": NODES,
        "AL2023 of self-managed nodes": self_managed(change(LT, IMAGE, AL2023.format("1.36", "arm64"))),
        "an image joined": self_managed(
            change(LT, IMAGE, {"Fn::Sub": BOTTLEROCKET.format("1.36", "arm64").replace("latest", "${Release}")})
        ),
        "a current image of a launch configuration": older(AL2023.format("1.36", "arm64")),
        "a launch configuration of no node": older("ami-1", UserData="IyEvYmluL2Jhc2g="),
        "an image of no node": self_managed(
            change(LT, IMAGE, "ami-1"), drop(ASG, "Tags"), drop(LT, "LaunchTemplateData.UserData")
        ),
        "AL2023": change(GROUP, "AmiType", "AL2023_x86_64_STANDARD"),
        "FIPS": change(GROUP, "AmiType", "BOTTLEROCKET_x86_64_FIPS"),
        "architecture joined": change(GROUP, "AmiType", {"Fn::Sub": "AL2023_${Architecture}_STANDARD"}),
        "one or the other": change(GROUP, "AmiType", chosen("BOTTLEROCKET_ARM_64", "AL2023_ARM_64_STANDARD")),
    },
)
