from hardened_eks.controls.storage import audit_bucket_locked
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, without
from tests.controls.storage.base import ARN, BUCKETS, B

CASE = Case(
    audit_bucket_locked,
    BUCKETS,
    bad={
        **at(
            "ObjectLockEnabled",
            {
                "left out": drop(B, "ObjectLockEnabled"),
                "off": change(B, "ObjectLockEnabled", False),
                "hidden": hide(B, "ObjectLockEnabled"),
            },
        ),
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
