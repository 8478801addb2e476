"""One page of each kind that the site has: what the smoke test opens, and what screenshots are taken of."""

from typing import Final

KINDS: Final = {
    "home": "",
    "home-dark": "",
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
"""Kind -> the address below that of the home page."""
