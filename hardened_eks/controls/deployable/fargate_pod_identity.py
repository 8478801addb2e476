from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.fargate import FARGATE, selects


@control(
    id="DP-83",
    title="Pods on Fargate get roles through the OIDC provider instead of Pod Identity",
    types=("AWS::EKS::PodIdentityAssociation",),
    needs="assembly",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "The Pod Identity agent is a DaemonSet, which Fargate does not run. EKS accepts the association, but the pods "
        "get no credentials."
    ),
    fix=(
        "Use a role for the service account (IRSA, ServiceAccountRole), or remove the namespace from the Fargate "
        "profile."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html",
    blind="Selectors with labels, which some pods of the namespace may not have; Fargate profiles of other templates.",
    detective="The team chooses its namespaces; FargateProfile.add_role creates the right kind of role.",
)
def fargate_pod_identity(association: Resource, assembly: Assembly) -> Iterator[Problem]:
    cluster = assembly.target(association.get("ClusterName"), "AWS::EKS::Cluster", near=association)
    namespace = association.get("Namespace")
    if cluster is None:
        yield from not_seen(association, assembly, "ClusterName", "AWS::EKS::Cluster")
    if cluster is None or not isinstance(namespace, str):
        return
    for profile in assembly.pointing("ClusterName", cluster, FARGATE):
        if selects(profile, namespace, whole=True):
            yield Problem(f"the Fargate profile {profile.logical_id} selects the pods of {namespace}", "Namespace")
