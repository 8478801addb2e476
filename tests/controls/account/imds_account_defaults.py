from hardened_eks.controls.account import imds_account_defaults
from tests.controls.account.base import NOTHING_DECLARED, POLICY, as_text, declares
from tests.controls.cases import Bad, Case, both, change, drop, hide, template

SETTING = "AWS::EC2::InstanceMetadataDefaults"
PATH = "Content.ec2_attributes.instance_metadata_defaults.http_tokens.@@assign"
declared = declares("instance_metadata_defaults", "http_tokens")

HOPS = "Content.ec2_attributes.instance_metadata_defaults.http_put_response_hop_limit.@@assign"

CASE = Case(
    imds_account_defaults,
    template({"Setting": (SETTING, {"HttpTokens": "required", "HttpPutResponseHopLimit": 1})}),
    bad={
        "IMDSv1": Bad(change(SETTING, "HttpTokens", "optional"), "HttpTokens"),
        "nothing set": Bad(drop(SETTING, "HttpTokens"), "HttpTokens"),
        "hidden": Bad(hide(SETTING, "HttpTokens"), "HttpTokens"),
        "two hops": Bad(change(SETTING, "HttpPutResponseHopLimit", 2), "HttpPutResponseHopLimit"),
        "no limit": Bad(drop(SETTING, "HttpPutResponseHopLimit"), "HttpPutResponseHopLimit"),
        "limit hidden": Bad(hide(SETTING, "HttpPutResponseHopLimit"), "HttpPutResponseHopLimit"),
        "declared hops": Bad(change(POLICY, HOPS, "2")(declared("required")), HOPS),
        "declared otherwise": Bad(declared("optional"), PATH),
        "our policy, changed": Bad(both(lambda _: declared("x"), change(POLICY, PATH, "optional")), PATH),
        "declared as text": Bad(as_text(declared("optional")), "Content"),
    },
    edge={
        "declared": declared("required"),
        "declared as text": as_text(declared("required")),
        "another kind of policy": declared("x", "SERVICE_CONTROL_POLICY"),
        **NOTHING_DECLARED,
    },
)
