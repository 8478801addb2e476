from hardened_eks.controls.nodes import imds_v2
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import (
    DATA,
    GOOD,
    GROUP,
    INHERITING,
    INSTANCE,
    LT,
    METADATA,
    NO_VALUE,
    PLAIN_GROUP,
    chosen,
    configuration,
    instance,
    of_cluster,
    types,
)

CASE = Case(
    imds_v2,
    GOOD,
    bad={
        **at(
            "LaunchTemplateData.MetadataOptions.HttpTokens",
            {
                "optional": change(LT, f"{METADATA}.HttpTokens", "optional"),
                "left out": drop(LT, f"{METADATA}.HttpTokens"),
                "no options": drop(LT, METADATA),
                "no data": drop(LT, DATA),
                "hidden": hide(LT, f"{METADATA}.HttpTokens"),
                "options hidden": hide(LT, METADATA),
                "in one case only": change(LT, f"{METADATA}.HttpTokens", chosen("required", "optional")),
                "another case": change(LT, f"{METADATA}.HttpTokens", "Required"),
                "boolean": change(LT, f"{METADATA}.HttpTokens", True),
                "malformed": change(LT, METADATA, ["required"]),
            },
        ),
        **at(
            "LaunchTemplate",
            {
                "no launch template": PLAIN_GROUP,
                "launch template with no value": change(GROUP, "LaunchTemplate", NO_VALUE),
                "launch template sometimes": change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}})),
                "AL2": both(PLAIN_GROUP, change(GROUP, "AmiType", "AL2_x86_64")),
                "image hidden": both(PLAIN_GROUP, hide(GROUP, "AmiType")),
                "EKS's choice, before AL2023": both(of_cluster("1.29"), drop(GROUP, "Version")),
                "EKS's choice, of a version not known": both(
                    both(PLAIN_GROUP, drop(GROUP, "AmiType")), hide(GROUP, "Version")
                ),
                "EKS's choice, with GPUs": both(of_cluster("1.31"), types("g6.xlarge")),
                "EKS's choice, of a type not known": both(of_cluster("1.31"), types("zz9.large")),
                "launch template of no name": change(GROUP, "LaunchTemplate", {}),
            },
        ),
        "endpoint hidden": Bad(
            both(change(LT, f"{METADATA}.HttpTokens", "optional"), hide(LT, f"{METADATA}.HttpEndpoint")),
            "LaunchTemplateData.MetadataOptions.HttpTokens",
        ),
        **at(
            "MetadataOptions.HttpTokens",
            {
                "instance": instance(InstanceType="m7g.large"),
                "instance overrides": both(
                    lambda _: INHERITING, change(INSTANCE, "MetadataOptions", {"HttpTokens": "optional"})
                ),
                "launch configuration": configuration(ImageId="ami-1"),
            },
        ),
    },
    edge={
        "AL2023 without a launch template": both(PLAIN_GROUP, change(GROUP, "AmiType", "AL2023_ARM_64_STANDARD")),
        "EKS's choice, by the group": both(PLAIN_GROUP, drop(GROUP, "AmiType")),
        "EKS's choice, by the cluster": both(of_cluster("1.31"), drop(GROUP, "Version")),
        "no metadata service": change(LT, METADATA, {"HttpEndpoint": "disabled"}),
        "either way": change(LT, f"{METADATA}.HttpTokens", chosen("required", "required")),
        "launch template elsewhere": both(drop(LT, ""), change(GROUP, "LaunchTemplate.Id", "lt-1")),
        "one template or another": change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}}, {"Id": "lt-1"})),
        "instance with a launch template": INHERITING,
        "instance": instance(MetadataOptions={"HttpTokens": "required"}),
        "launch configuration": configuration(MetadataOptions={"HttpTokens": "required"}),
    },
)
