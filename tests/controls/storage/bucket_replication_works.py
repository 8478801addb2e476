from hardened_eks.controls.storage import bucket_replication_works
from tests.controls.cases import Bad, Case
from tests.controls.storage.base import BUCKETS, edit

CASE = Case(
    bucket_replication_works,
    BUCKETS,
    bad={
        "disabled": Bad(
            edit("Data", ReplicationConfiguration={"Rules": [{"Status": "Disabled"}]}),
            "ReplicationConfiguration.Rules.0.Status",
        ),
        "hidden": Bad(
            edit("Data", ReplicationConfiguration={"Rules": [{"Status": {"Ref": "Status"}}]}),
            "ReplicationConfiguration.Rules.0.Status",
        ),
        "to the same Region": Bad(
            edit(
                "Data",
                ReplicationConfiguration={
                    "Rules": [{"Status": "Enabled", "Destination": {"Bucket": {"Fn::GetAtt": ["Access", "Arn"]}}}]
                },
            ),
            "ReplicationConfiguration.Rules.0.Destination",
        ),
        "no target": Bad(edit("Data", NotificationConfiguration={}), "NotificationConfiguration"),
    },
    edge={
        "not used": edit("Data", ReplicationConfiguration=None),
        "to EventBridge": edit(
            "Data", NotificationConfiguration={"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
        ),
    },
)
