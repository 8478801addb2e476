from hardened_eks.controls.storage import bucket_access_logged
from tests.controls.cases import Case, at, both, without
from tests.controls.storage.base import BUCKETS, edit

CASE = Case(
    bucket_access_logged,
    BUCKETS,
    bad=at(
        "LoggingConfiguration",
        {
            "left out": edit("Data", LoggingConfiguration=None),
            "empty": edit("Data", LoggingConfiguration={}),
            "to another stack's": edit("Data", LoggingConfiguration={"DestinationBucketName": "logs"}),
        },
    ),
    edge={
        "alone, to another stack's": both(
            without("Access"), edit("Data", LoggingConfiguration={"DestinationBucketName": "logs"})
        )
    },
)
