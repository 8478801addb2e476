import json

from hardened_eks.controls.account import snapshots_never_public
from tests.controls.cases import Bad, Case, both, change, drop, hide, template

SETTING = "AWS::EC2::SnapshotBlockPublicAccess"

POLICY = "AWS::Organizations::Policy"
PATH = "Content.ec2_attributes.snapshot_block_public_access.state.@@assign"


def declared(value, type_="DECLARATIVE_POLICY_EC2"):
    content = {"ec2_attributes": {"snapshot_block_public_access": {"state": {"@@assign": value}}}}
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


CASE = Case(
    snapshots_never_public,
    template({"Setting": (SETTING, {"State": "block-all-sharing"})}),
    bad={
        "new ones": Bad(change(SETTING, "State", "block-new-sharing"), "State"),
        "left out": Bad(drop(SETTING, "State"), "State"),
        "hidden": Bad(hide(SETTING, "State"), "State"),
        "declared otherwise": Bad(declared("unblocked"), PATH),
        "our policy, changed": Bad(both(lambda _: declared("x"), change(POLICY, PATH, "unblocked")), PATH),
        "declared as text": Bad(both(lambda _: declared("x"), lambda body: text(body, "unblocked")), "Content"),
    },
    edge={
        "declared": declared("block_all_sharing"),
        "declared as text": lambda body: text(declared("block_all_sharing"), "block_all_sharing"),
        "another kind of policy": declared("x", "SERVICE_CONTROL_POLICY"),
        "not declared": template(
            {"Policy": (POLICY, {"Type": "DECLARATIVE_POLICY_EC2", "Content": {"ec2_attributes": {}}})}
        ),
        "text that is no JSON": template({"Policy": (POLICY, {"Type": "DECLARATIVE_POLICY_EC2", "Content": "{"})}),
    },
)
