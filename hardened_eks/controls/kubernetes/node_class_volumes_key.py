from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import MAPPINGS, NODE_CLASS, volumes
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.keys import customer_key


@control(
    id="KB-23",
    title="Volumes of Karpenter nodes are encrypted with a customer managed key",
    requirement="node.ebs.cmk",
    types=(NODE_CLASS,),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "You cannot write a policy for the account's aws/ebs key, and cannot share it, limit its use or revoke access "
        "to it."
    ),
    fix="Set ebs.kmsKeyID of every device in blockDeviceMappings to the ARN of a key of your own.",
    source="https://karpenter.sh/docs/concepts/nodeclasses/#specblockdevicemappings",
    blind="Every key that is set counts as a customer managed key, except an alias of AWS.",
    enforced_by="Karpenter",
)
def node_class_volumes_key(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    found = list(volumes(resource))
    if not found:
        yield Problem("no blockDeviceMappings: Karpenter's defaults use the key aws/ebs", MAPPINGS)
    for path, device, ebs in found:
        if not customer_key(ebs.get("kmsKeyID"), assembly):
            yield Problem(f"{device} has no customer managed key", f"{path}.ebs.kmsKeyID")
