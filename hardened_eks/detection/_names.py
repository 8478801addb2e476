"""Construct IDs of detections."""


def camel(id_: str) -> str:
    """Return a construct ID: ``k8s-exec`` as ``K8sExec``."""
    return "".join(part[:1].upper() + part[1:] for part in id_.replace("_", "-").split("-"))
