import json

from hardened_eks.controls.account import imds_account_defaults
from tests.controls.cases import Bad, Case, both, change, drop, hide, template

SETTING = "AWS::EC2::InstanceMetadataDefaults"

POLICY = "AWS::Organizations::Policy"
PATH = "Content.ec2_attributes.instance_metadata_defaults.http_tokens.@@assign"


def declared(value, type_="DECLARATIVE_POLICY_EC2"):
    content = {"ec2_attributes": {"instance_metadata_defaults": {"http_tokens": {"@@assign": value}}}}
    return template({"Policy": (POLICY, {"Name": "defaults", "Type": type_, "Content": content})})


def text(body, value):
    policy = body["Resources"]["Policy"]["Properties"]
    return template(
        {
            "Policy": (
                POLICY,
                {**policy, "Content": json.dumps(declared(value)["Resources"]["Policy"]["Properties"]["Content"])},
            )
        }
    )


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
        "declared as text": Bad(both(lambda _: declared("x"), lambda body: text(body, "optional")), "Content"),
    },
    edge={
        "declared": declared("required"),
        "declared as text": lambda body: text(declared("required"), "required"),
        "another kind of policy": declared("x", "SERVICE_CONTROL_POLICY"),
        "not declared": template(
            {"Policy": (POLICY, {"Type": "DECLARATIVE_POLICY_EC2", "Content": {"ec2_attributes": {}}})}
        ),
        "text that is no JSON": template({"Policy": (POLICY, {"Type": "DECLARATIVE_POLICY_EC2", "Content": "{"})}),
    },
)
