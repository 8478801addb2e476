from hardened_eks.controls.nodes import imds_hop_limit
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.nodes.base import GOOD, GROUP, LT, METADATA, PLAIN_GROUP, chosen, configuration, instance

CASE = Case(
    imds_hop_limit,
    GOOD,
    bad={
        "two": Bad(
            change(LT, f"{METADATA}.HttpPutResponseHopLimit", 2),
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        ),
        "two as text": Bad(
            change(LT, f"{METADATA}.HttpPutResponseHopLimit", "2"),
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        ),
        "left out": Bad(
            drop(LT, f"{METADATA}.HttpPutResponseHopLimit"),
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        ),
        "no options": Bad(drop(LT, METADATA), "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit"),
        "hidden": Bad(
            hide(LT, f"{METADATA}.HttpPutResponseHopLimit"),
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        ),
        "in one case only": Bad(
            change(LT, f"{METADATA}.HttpPutResponseHopLimit", chosen(1, 2)),
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        ),
        "boolean": Bad(
            change(LT, f"{METADATA}.HttpPutResponseHopLimit", True),
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        ),
        "no number": Bad(
            change(LT, f"{METADATA}.HttpPutResponseHopLimit", ["1"]),
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        ),
        "no launch template": Bad(PLAIN_GROUP, "LaunchTemplate"),
        "launch template sometimes": Bad(
            change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}})), "LaunchTemplate"
        ),
        "launch configuration": Bad(
            configuration(MetadataOptions={"HttpPutResponseHopLimit": 3}), "MetadataOptions.HttpPutResponseHopLimit"
        ),
    },
    edge={
        "text": change(LT, f"{METADATA}.HttpPutResponseHopLimit", "1"),
        "no metadata service": change(LT, METADATA, {"HttpEndpoint": "disabled"}),
        "launch template elsewhere": both(drop(LT, ""), change(GROUP, "LaunchTemplate.Id", "lt-1")),
        "launch configuration": configuration(MetadataOptions={"HttpPutResponseHopLimit": "1"}),
        "single instance": instance(InstanceType="m7g.large"),
    },
)
