from hardened_eks.controls.account import snapshots_never_public
from tests.controls.account.base import NOTHING_DECLARED, POLICY, as_text, declares
from tests.controls.cases import Bad, Case, both, change, drop, hide, template

SETTING = "AWS::EC2::SnapshotBlockPublicAccess"
PATH = "Content.ec2_attributes.snapshot_block_public_access.state.@@assign"
declared = declares("snapshot_block_public_access", "state")

CASE = Case(
    snapshots_never_public,
    template({"Setting": (SETTING, {"State": "block-all-sharing"})}),
    bad={
        "new ones": Bad(change(SETTING, "State", "block-new-sharing"), "State"),
        "left out": Bad(drop(SETTING, "State"), "State"),
        "hidden": Bad(hide(SETTING, "State"), "State"),
        "declared otherwise": Bad(declared("unblocked"), PATH),
        "our policy, changed": Bad(both(lambda _: declared("x"), change(POLICY, PATH, "unblocked")), PATH),
        "declared as text": Bad(as_text(declared("unblocked")), "Content"),
    },
    edge={
        "declared": declared("block_all_sharing"),
        "declared as text": as_text(declared("block_all_sharing")),
        "another kind of policy": declared("x", "SERVICE_CONTROL_POLICY"),
        **NOTHING_DECLARED,
    },
)
