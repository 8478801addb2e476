from hardened_eks.controls.storage import audit_bucket_locked
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.storage.base import ARN, BUCKETS, B, without

CASE = Case(
    audit_bucket_locked,
    BUCKETS,
    bad={
        "left out": Bad(drop(B, "ObjectLockEnabled"), "ObjectLockEnabled"),
        "off": Bad(change(B, "ObjectLockEnabled", False), "ObjectLockEnabled"),
        "hidden": Bad(hide(B, "ObjectLockEnabled"), "ObjectLockEnabled"),
        "no retention": Bad(drop(B, "ObjectLockConfiguration"), "ObjectLockConfiguration.Rule"),
        "of a flow log": Bad(
            both(
                drop(B, "ObjectLockEnabled"),
                lambda body: {
                    **without("Trail")(body),
                    "Resources": {
                        **without("Trail")(body)["Resources"],
                        "Flow": {"Type": "AWS::EC2::FlowLog", "Properties": {"LogDestination": ARN}},
                    },
                },
            ),
            "ObjectLockEnabled",
        ),
    },
    edge={"no audit log": both(without("Trail"), drop(B, "ObjectLockEnabled"))},
)
