from hardened_eks.controls.messaging import queue_encrypted
from tests.controls.cases import Case, at, both, change, drop, hide
from tests.controls.messaging.base import QUEUE, QUEUES

CASE = Case(
    queue_encrypted,
    QUEUES,
    bad=at(
        "SqsManagedSseEnabled",
        {
            "off": both(drop(QUEUE, "KmsMasterKeyId"), change(QUEUE, "SqsManagedSseEnabled", False)),
            "off as text": both(drop(QUEUE, "KmsMasterKeyId"), change(QUEUE, "SqsManagedSseEnabled", "false")),
            "hidden": both(drop(QUEUE, "KmsMasterKeyId"), hide(QUEUE, "SqsManagedSseEnabled")),
        },
    ),
    edge={
        "the service's default": drop(QUEUE, "KmsMasterKeyId"),
        "a key instead": change(QUEUE, "SqsManagedSseEnabled", False),
    },
)
