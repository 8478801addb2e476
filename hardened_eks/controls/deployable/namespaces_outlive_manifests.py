from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.objects import MANIFEST, written_out

_TAKES_ALL = {"Namespace": "everything in it", "CustomResourceDefinition": "every object of its kind"}
_KEEPS = ("Retain", "RetainExceptOnCreate")


@control(
    id="DP-96",
    title="Manifests with namespaces are retained when their stack no longer contains them",
    types=(MANIFEST,),
    evidence="template",
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "The CDK's handler runs kubectl delete when the resource leaves the stack, is replaced, or is rolled back. "
        "Deleting the namespace deletes every workload, volume claim and secret in it."
    ),
    fix=(
        "Pass removal_policy=RemovalPolicy.RETAIN to the KubernetesManifest, which sets DeletionPolicy and "
        "UpdateReplacePolicy, and pass prune=False."
    ),
    source="https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_eks_v2.KubernetesManifest.html",
    blind="Manifests whose content is known only at deployment, and namespaces that a chart creates.",
    enforced_by="Workloads",
)
def namespaces_outlive_manifests(manifest: Resource, _: Assembly) -> Iterator[Problem]:
    objects = written_out(manifest.type, manifest.properties, manifest.template) or []
    kinds = [kind for kind in _TAKES_ALL if any(item["kind"] == kind for item in objects)]
    if not kinds:
        return
    lost = " and ".join(f"{_TAKES_ALL[kind]} ({kind})" for kind in kinds)
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if manifest.body.get(policy) not in _KEEPS:
            yield Problem(f"{policy} is not Retain: deleting the resource also deletes {lost}", policy)
    if manifest.get("PruneLabel") is not None:
        yield Problem(f"it is pruned: removing it from the manifest deletes {lost}", "PruneLabel")
