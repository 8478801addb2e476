"""The objects that send the logs of pods on AWS Fargate to CloudWatch.

Source: https://docs.aws.amazon.com/eks/latest/userguide/fargate-logging.html
"""

from __future__ import annotations

from typing import Any, Final

from hardened_eks.baseline import levels
from hardened_eks.baseline.objects import thing

NAMESPACE: Final = "aws-observability"
"""The namespace with the settings of Fargate's log router. No pod runs in it."""
LONGEST: Final = 5300
"""Maximum characters of the log router's settings."""


def logging_objects(*, log_group: str, region: str) -> list[dict[str, Any]]:
    """Return the namespace and the settings of Fargate's log router, one for the whole cluster.

    The log group must exist: the router must not create one, which would be unencrypted and never expire.

    Args:
        log_group: name of the log group.
        region: Region of the log group.
    """
    output = (
        "[OUTPUT]\n"
        "    Name cloudwatch_logs\n"
        "    Match kube.*\n"
        f"    region {region}\n"
        f"    log_group_name {log_group}\n"
        "    log_stream_prefix from-fargate-\n"
        "    auto_create_group false\n"
    )
    filters = (
        "[FILTER]\n"
        "    Name kubernetes\n"
        "    Match kube.*\n"
        "    Merge_Log On\n"
        "    Keep_Log Off\n"
        "    Buffer_Size 0\n"
        "    Kube_Meta_Cache_TTL 300s\n"
    )
    labels = {**levels.labels("restricted"), "aws-observability": "enabled"}
    data = {"flb_log_cw": "false", "filters.conf": filters, "output.conf": output}
    return [
        thing("v1", "Namespace", NAMESPACE, labels=labels),
        thing("v1", "ConfigMap", "aws-logging", namespace=NAMESPACE, data=data),
    ]
