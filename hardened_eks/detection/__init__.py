"""Detection: alerts on changes of a cluster and on attacks.

hardened.Detection(stack, "Detection", cluster=cluster, alerts=[topic], trusted_automation=[deployer])
"""

from hardened_eks.detection._detection import Detection
from hardened_eks.detection._global_events import GlobalEvents
from hardened_eks.detection._managed import ManagedDetectors, Suppression

__all__ = ["Detection", "GlobalEvents", "ManagedDetectors", "Suppression"]
