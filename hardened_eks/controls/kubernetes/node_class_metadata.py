from collections.abc import Iterator

from hardened_eks.controls.kubernetes._karpenter import NODE_CLASS
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_OPTIONS = "spec.metadataOptions"


@control(
    id="KB-21",
    title="Karpenter nodes require IMDSv2 session tokens, with a hop limit of 1",
    requirement=("node.imds.v2_required", "node.imds.hop_limit"),
    types=(NODE_CLASS,),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Without tokens, an attacker who can trick a pod into sending one request gets the node's credentials. With a "
        "hop limit above 1, every pod can read them."
    ),
    fix="Set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1, or omit metadataOptions.",
    source="https://karpenter.sh/docs/concepts/nodeclasses/#specmetadataoptions",
    blind="Pods on the host network can reach the service in any case.",
    enforced_by="Karpenter",
)
def node_class_metadata(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.get(f"{_OPTIONS}.httpEndpoint", "enabled") == "disabled":
        return
    tokens = resource.get(f"{_OPTIONS}.httpTokens", "required")
    if tokens != "required":
        yield Problem(f"httpTokens is {tokens}", f"{_OPTIONS}.httpTokens")
    # If omitted, it is 1 since v1 of the API, and was 2 before.
    old = str(resource.get("apiVersion", "")).endswith("beta1")
    limit = resource.number(f"{_OPTIONS}.httpPutResponseHopLimit", 2 if old else 1)
    if limit != 1 or limit is True:
        yield Problem(f"the hop limit is {limit}", f"{_OPTIONS}.httpPutResponseHopLimit")
