"""Lines of what containers print, as Fluent Bit of the add-on amazon-cloudwatch-observability writes them."""

import json
from typing import Any

from tests.detections.cases import CONTAINERS, Table, lines


def printed(container: str = "kube-bench-node", namespace: str = "kube-bench", **processed: Any) -> str:
    """One record: JSON that a container prints is merged, other text is not."""
    record: dict[str, Any] = {
        "kubernetes": {"container_name": container, "namespace_name": namespace, "host": "ip-10-0-1-7"},
        "log": "...",
    }
    return json.dumps({**record, **({"log_processed": processed} if processed else {})})


def report(fails: int, **more: Any) -> str:
    """A report of kube-bench."""
    controls = [{"id": "3", "node_type": "node", "total_fail": fails}]
    return printed(Controls=controls, Totals={"total_pass": 9, "total_fail": fails, "total_warn": 1}, **more)


CONTAINER_LINES: Table = {
    ("kube-bench-failed", CONTAINERS): lines(
        [report(1), report(12)],
        [report(0), report(7, container="kube-bench-policies"), report(1, namespace="shop"), printed(),
         printed(Totals={"total_pass": 3}), "total_fail > 0"]),
}  # fmt: skip
