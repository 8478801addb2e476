from hardened_eks.controls.detection import guardduty_s3_lambda
from tests.controls.cases import Case, at, both, change
from tests.controls.detection.base import DETECTOR, GUARDED, off, on, only

CASE = Case(
    guardduty_s3_lambda,
    GUARDED,
    bad=at("Features", off("S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS")),
    edge={
        "older form": both(
            only(on("LAMBDA_NETWORK_LOGS")), change(DETECTOR, "DataSources", {"S3Logs": {"Enable": True}})
        )
    },
)
