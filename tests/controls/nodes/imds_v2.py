from hardened_eks.controls.nodes import imds_v2
from tests.controls.cases import Bad, Case, both, change, drop, hide
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
        "optional": Bad(
            change(LT, f"{METADATA}.HttpTokens", "optional"), "LaunchTemplateData.MetadataOptions.HttpTokens"
        ),
        "left out": Bad(drop(LT, f"{METADATA}.HttpTokens"), "LaunchTemplateData.MetadataOptions.HttpTokens"),
        "no options": Bad(drop(LT, METADATA), "LaunchTemplateData.MetadataOptions.HttpTokens"),
        "no data": Bad(drop(LT, DATA), "LaunchTemplateData.MetadataOptions.HttpTokens"),
        "hidden": Bad(hide(LT, f"{METADATA}.HttpTokens"), "LaunchTemplateData.MetadataOptions.HttpTokens"),
        "options hidden": Bad(hide(LT, METADATA), "LaunchTemplateData.MetadataOptions.HttpTokens"),
        "in one case only": Bad(
            change(LT, f"{METADATA}.HttpTokens", chosen("required", "optional")),
            "LaunchTemplateData.MetadataOptions.HttpTokens",
        ),
        "another case": Bad(
            change(LT, f"{METADATA}.HttpTokens", "Required"), "LaunchTemplateData.MetadataOptions.HttpTokens"
        ),
        "boolean": Bad(change(LT, f"{METADATA}.HttpTokens", True), "LaunchTemplateData.MetadataOptions.HttpTokens"),
        "malformed": Bad(change(LT, METADATA, ["required"]), "LaunchTemplateData.MetadataOptions.HttpTokens"),
        "no launch template": Bad(PLAIN_GROUP, "LaunchTemplate"),
        "launch template with no value": Bad(change(GROUP, "LaunchTemplate", NO_VALUE), "LaunchTemplate"),
        "launch template sometimes": Bad(
            change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}})), "LaunchTemplate"
        ),
        "launch template of no name": Bad(change(GROUP, "LaunchTemplate", {}), "LaunchTemplate"),
        "endpoint hidden": Bad(
            both(change(LT, f"{METADATA}.HttpTokens", "optional"), hide(LT, f"{METADATA}.HttpEndpoint")),
            "LaunchTemplateData.MetadataOptions.HttpTokens",
        ),
        "instance": Bad(instance(InstanceType="m7g.large"), "MetadataOptions.HttpTokens"),
        "instance overrides": Bad(
            both(lambda _: INHERITING, change(INSTANCE, "MetadataOptions", {"HttpTokens": "optional"})),
            "MetadataOptions.HttpTokens",
        ),
        "launch configuration": Bad(configuration(ImageId="ami-1"), "MetadataOptions.HttpTokens"),
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
