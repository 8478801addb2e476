"""Governance: the audit trail of an account, its defaults, AWS Config and guardrails.

trail = hardened.Trail(stack, "Trail", custody=hardened.LogCustody(readers=[auditor], denied=[administrators]))
hardened.Detection(stack, "Detection", cluster=cluster, alerts=topic, trail=trail)
"""

from hardened_eks.governance._bucket import TrailBucket
from hardened_eks.governance._custody import ArchiveBucket, LogCustody
from hardened_eks.governance._declarative import OrganizationDefaults
from hardened_eks.governance._defaults import AccountDefaults
from hardened_eks.governance._trail import Trail

__all__ = ["AccountDefaults", "ArchiveBucket", "LogCustody", "OrganizationDefaults", "Trail", "TrailBucket"]
