"""One page of each kind on the site, for the smoke test and for screenshots."""

from typing import Final

KINDS: Final = {
    "home": "",
    "tutorial": "tutorial/first-cluster/",
    "blueprint": "blueprints/payments/",
    "guide": "how-to/choose-nodes/",
    "catalogue": "reference/controls/",
    "control": "reference/controls/control_plane/#cp-01",
    "detections": "reference/detections/#eks-endpoint-public",
    "policies": "reference/policies/",
    "api": "reference/api/cluster/",
    "coverage": "reference/coverage/",
    "benchmarks": "reference/benchmarks/",
    "diagram": "#what-this-creates",
    "decision": "adr/0009-a-flag-says-that-an-app-is-new/",
    "search": "?q=break+glass",
}
"""Map from each kind of page to its path relative to the home page."""
