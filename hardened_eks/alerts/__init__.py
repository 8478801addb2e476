"""Channels: where alerts go. Each has one method, so that a new one is a small class of its own.

alerts = hardened.alerts.Topic(stack, "Alerts")
cluster.add_break_glass_role(trusted=[...], alerts=alerts)
"""

from hardened_eks.alerts._channel import AlertChannel, Sender, Target
from hardened_eks.alerts._combined import nobody, several
from hardened_eks.alerts._route import Route
from hardened_eks.alerts._topic import Topic

__all__ = ["AlertChannel", "Route", "Sender", "Target", "Topic", "nobody", "several"]
