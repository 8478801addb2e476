from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.network._usage import pods_may
from hardened_eks.data.addons import ADDONS
from hardened_eks.data.regions import lacks_endpoint
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import ADDON, NO_ENDPOINTS, VPC, clusters_in, missing_endpoints

_ALWAYS: Final = ("s3", "sts", "eks", "logs")
_POD_IDENTITY: Final = "eks-auth"  # required only if an add-on gets its role through Pod Identity
_OWN_CONTROL: Final = {"ecr.api", "ecr.dkr", "ec2", "ssm", "ssmmessages", "secretsmanager"}
_BY_ACTION: Final = {
    "elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing",
    "autoscaling:SetDesiredCapacity": "autoscaling",
    "autoscaling:CompleteLifecycleAction": "autoscaling",
    "sqs:ReceiveMessage": "sqs",
}


@control(
    id="NW-15",
    title="A cluster's VPC has the endpoints that its nodes, add-ons and controllers call",
    requirement="vpc.endpoint.private_cluster_set",
    types=(VPC,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Endpoints are the only way for nodes, add-ons and pods to reach AWS without leaving the network. A missing "
        "one is noticed only when a node does not join or a pod gets no credentials."
    ),
    fix=(
        "Add the endpoints with private DNS, and the S3 gateway endpoint in every route table (hardened_eks.Network "
        "creates them; Network.add_endpoint adds more)."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html",
    blind=(
        "Always required: s3, sts, eks, logs. Required if used: eks-auth with Pod Identity, the services that the "
        "documentation of each add-on names, and elasticloadbalancing, autoscaling and sqs if the role of a pod "
        "allows using them. Roles that have only AWS managed policies, and controllers from other stacks, are not "
        "seen. VPCs outside the assembly and endpoints shared from a central VPC are not seen. ECR, EC2, SSM and "
        "Secrets Manager have their own controls. Endpoints that a Region is known not to support are not required "
        "there."
    ),
    enforced_by="Network",
)
def endpoints_of_private_cluster(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    if clusters_in(vpc, assembly):
        needed = assembly.once("network.needed", lambda: _needed(assembly))
        here = [service for service in needed if not lacks_endpoint(service, vpc.template.region)]
        yield from (Problem(message, cause=NO_ENDPOINTS) for message in missing_endpoints(vpc, assembly, *here))


def _needed(assembly: Assembly) -> list[str]:
    needed = dict.fromkeys(_ALWAYS)
    pod_identity = bool(assembly.of("AWS::EKS::PodIdentityAssociation"))
    for addon in assembly.of(ADDON):
        known = ADDONS.get(str(addon.get("AddonName")))
        needed |= dict.fromkeys(
            service for service in (known.endpoints if known else ()) if service not in {*_OWN_CONTROL, _POD_IDENTITY}
        )
        if addon.items("PodIdentityAssociations") or addon.get("AddonName") == "eks-pod-identity-agent":
            pod_identity = True
    if pod_identity:
        needed[_POD_IDENTITY] = None
    needed |= {service: None for action, service in _BY_ACTION.items() if pods_may(assembly, action)}
    return list(needed)
