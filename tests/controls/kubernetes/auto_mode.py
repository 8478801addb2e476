"""The objects of Auto Mode as the library renders them: what the cases of its controls start from."""

from hardened_eks.baseline.auto_mode import AutoModePool, auto_mode_objects
from hardened_eks.evidence.objects import name_of, type_of
from tests.controls.cases import template

NODE_CLASS = "Kubernetes::eks.amazonaws.com::NodeClass"
STORAGE_CLASS = "Kubernetes::storage.k8s.io::StorageClass"
_OBJECTS = auto_mode_objects(
    role="nodes",
    subnet_ids=["subnet-0123456789abcdef0"],
    security_group_id="sg-0123456789abcdef0",
    volumes_key_arn="arn:aws:kms:eu-west-1:111122223333:key/0a1b",
    pools=[AutoModePool()],
)


def only(kind):
    """The rendered objects of a type, as a template."""
    return template(
        {name_of(item).replace("/", ""): (type_of(item), item) for item in _OBJECTS if type_of(item) == kind}
    )
