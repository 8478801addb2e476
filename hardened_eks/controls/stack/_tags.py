"""Tags, however a type writes them."""

from hardened_eks.controls.evidence import Resource, Unknown


def tagged(resource: Resource) -> bool:
    """Say whether the resource carries a tag that is neither AWS's own nor its name."""
    tags = resource.get("Tags")
    if isinstance(tags, Unknown):
        return False
    if isinstance(tags, dict):
        keys = [str(key) for key in tags]
    else:
        keys = [str(tag.get("Key")) for tag in tags or () if isinstance(tag, dict)]
    return any(key != "Name" and not key.startswith(("aws:", "kubernetes.io/")) for key in keys)
