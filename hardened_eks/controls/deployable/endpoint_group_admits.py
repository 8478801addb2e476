from collections.abc import Iterator

from hardened_eks.controls._unseen import not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.security_groups import GROUP, rules_of
from hardened_eks.evidence.views.vpc import ENDPOINT, NODEGROUP, SUBNET, VPC

_PATH = "SecurityGroupIds"
_CALLERS = (
    NODEGROUP,
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::Instance",
    "AWS::EKS::FargateProfile",
    "AWS::Lambda::Function",
)


@control(
    id="DP-53",
    title="The security groups of an endpoint admit clients on port 443",
    types=(ENDPOINT,),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "The endpoint is created and its private name replaces the public one, so every call times out: nodes do not "
        "join and images cannot be pulled."
    ),
    fix="Add an ingress rule for TCP 443 from the security group of the nodes.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    blind="Rules that are not in the assembly, and VPCs that contain no resource of the assembly.",
    enforced_by="Network",
)
def endpoint_group_admits(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.get("VpcEndpointType") != "Interface":
        return
    groups = [assembly.target(value, GROUP, near=resource) for value in resource.items(_PATH)]
    if any(rule.opens(443) for group in groups if group for rule in rules_of(group, "Ingress", assembly)):
        return
    hidden = [*not_seen(resource, assembly, "VpcId", VPC), *not_seen(resource, assembly, _PATH, GROUP)]
    if hidden or not _has_callers(resource, assembly):  # rules are created together with the callers
        yield from hidden
    elif groups:
        names = ", ".join(group.logical_id for group in groups if group is not None)
        yield Problem(f"no rule of {names} admits clients on port 443", _PATH)


def _has_callers(endpoint: Resource, assembly: Assembly) -> bool:
    """Return whether a resource of the assembly runs in the VPC of the endpoint."""
    vpc = assembly.target(endpoint.get("VpcId"), VPC, near=endpoint)
    subnets = assembly.pointing("VpcId", vpc, SUBNET) if vpc is not None else ()
    return any(True for subnet in subnets for _ in assembly.referring(subnet, *_CALLERS))
