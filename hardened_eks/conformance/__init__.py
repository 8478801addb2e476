"""AWS Config conformance packs, generated from the catalog without the CDK.

`hardened-eks controls config-pack` writes them, `hardened.ConformancePacks` deploys them.
"""

from hardened_eks.conformance._entries import Remedy
from hardened_eks.conformance._guard import CUSTOM, CustomRule
from hardened_eks.conformance._packs import MOST_BYTES, MOST_RULES, NEW_REGION, PREFIX, TIERS, Pack, Packs, packs
from hardened_eks.conformance._values import LEFT_OUT, NEVER

__all__ = [
    "CUSTOM",
    "LEFT_OUT",
    "MOST_BYTES",
    "MOST_RULES",
    "NEVER",
    "NEW_REGION",
    "PREFIX",
    "TIERS",
    "CustomRule",
    "Pack",
    "Packs",
    "Remedy",
    "packs",
]
