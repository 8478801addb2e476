from hardened_eks.controls.nodes import imds_hop_limit
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import (
    GOOD,
    GROUP,
    LT,
    METADATA,
    PLAIN_GROUP,
    chosen,
    configuration,
    instance,
    of_cluster,
)

CASE = Case(
    imds_hop_limit,
    GOOD,
    bad={
        **at(
            "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
            {
                "two": change(LT, f"{METADATA}.HttpPutResponseHopLimit", 2),
                "two as text": change(LT, f"{METADATA}.HttpPutResponseHopLimit", "2"),
                "left out": drop(LT, f"{METADATA}.HttpPutResponseHopLimit"),
                "no options": drop(LT, METADATA),
                "hidden": hide(LT, f"{METADATA}.HttpPutResponseHopLimit"),
                "in one case only": change(LT, f"{METADATA}.HttpPutResponseHopLimit", chosen(1, 2)),
                "boolean": change(LT, f"{METADATA}.HttpPutResponseHopLimit", True),
                "no number": change(LT, f"{METADATA}.HttpPutResponseHopLimit", ["1"]),
            },
        ),
        "no launch template": Bad(PLAIN_GROUP, "LaunchTemplate"),
        "AL2": Bad(both(PLAIN_GROUP, change(GROUP, "AmiType", "AL2_ARM_64")), "LaunchTemplate"),
        "EKS's choice, before AL2023": Bad(both(of_cluster("1.29"), drop(GROUP, "Version")), "LaunchTemplate"),
        "launch template sometimes": Bad(
            change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}})), "LaunchTemplate"
        ),
        "launch configuration": Bad(
            configuration(MetadataOptions={"HttpPutResponseHopLimit": 3}), "MetadataOptions.HttpPutResponseHopLimit"
        ),
    },
    edge={
        "AL2023 without a launch template": both(PLAIN_GROUP, change(GROUP, "AmiType", "AL2023_x86_64_STANDARD")),
        "EKS's choice": both(of_cluster("1.31"), drop(GROUP, "Version")),
        "text": change(LT, f"{METADATA}.HttpPutResponseHopLimit", "1"),
        "no metadata service": change(LT, METADATA, {"HttpEndpoint": "disabled"}),
        "launch template elsewhere": both(drop(LT, ""), change(GROUP, "LaunchTemplate.Id", "lt-1")),
        "launch configuration": configuration(MetadataOptions={"HttpPutResponseHopLimit": "1"}),
        "single instance": instance(InstanceType="m7g.large"),
    },
)
