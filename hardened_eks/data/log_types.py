"""The logs of a control plane that EKS can export; pure.

Read on https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html, November 2026.
"""

CONTROL_PLANE = ("api", "audit", "authenticator", "controllerManager", "scheduler")
