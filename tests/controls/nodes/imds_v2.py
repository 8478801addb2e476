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
        "no metadata service": change(LT, METADATA, {"HttpEndpoint": "disabled"}),
        "either way": change(LT, f"{METADATA}.HttpTokens", chosen("required", "required")),
        "launch template elsewhere": both(drop(LT, ""), change(GROUP, "LaunchTemplate.Id", "lt-1")),
        "one template or another": change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}}, {"Id": "lt-1"})),
        "instance with a launch template": INHERITING,
        "instance": instance(MetadataOptions={"HttpTokens": "required"}),
        "launch configuration": configuration(MetadataOptions={"HttpTokens": "required"}),
    },
)
