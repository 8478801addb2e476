from hardened_eks.controls.deployable import metadata_hop_limit_range
from tests.controls.cases import Case, at, change
from tests.controls.deployable.base import LT, NODES

CASE = Case(
    metadata_hop_limit_range,
    NODES,
    bad=at(
        "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
        {
            "zero": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 0),
            "65": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 65),
            "text": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", "100"),
            "word": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", "two"),
        },
    ),
    edge={"64": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 64)},
)
