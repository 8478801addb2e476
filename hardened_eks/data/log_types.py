"""The control-plane logs that EKS can export.

Read on https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html, November 2026.
"""

CONTROL_PLANE = ("api", "audit", "authenticator", "controllerManager", "scheduler")
