"""Names."""


def camel(id_: str) -> str:
    """Return a construct id: ``k8s-exec`` as ``K8sExec``."""
    return "".join(part[:1].upper() + part[1:] for part in id_.replace("_", "-").split("-"))
