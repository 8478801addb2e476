from hardened_eks.controls.network import endpoints_of_private_cluster
from tests.controls.cases import Case, ITSELF, add, at, both, without
from tests.controls.network.base import HOME, allow, edit, fine, logical, lost

CASE = Case(
    endpoints_of_private_cluster,
    HOME,
    bad=at(
        ITSELF,
        {
            **lost("sts"),
            **{
                f"no {service}": without(logical(service))
                for service in ("eks-auth", "eks", "logs", "elasticloadbalancing", "autoscaling", "guardduty-data")
            },
            "no S3": without("S3"),
            "S3 in no route table": edit("S3", RouteTableIds=None),
            "Pod Identity, no eks-auth": both(
                without("Agent", "EksAuth"), add(Pod=("AWS::EKS::PodIdentityAssociation", {}))
            ),
            "nodes are let go": both(
                without("Autoscaling"),
                edit("Balancer", Policies=None),
                add(
                    Drainer=(
                        "AWS::IAM::Policy",
                        {
                            "Roles": [{"Ref": "Balancer"}],
                            "PolicyDocument": allow("autoscaling:CompleteLifecycleAction"),
                        },
                    )
                ),
            ),
            "policy beside the role": both(
                without("Autoscaling"),
                edit("Balancer", Policies=None),
                add(
                    Policy=(
                        "AWS::IAM::Policy",
                        {"Roles": [{"Ref": "Balancer"}], "PolicyDocument": allow("autoscaling:*")},
                    )
                ),
            ),
        },
    ),
    edge={
        **fine("sts"),
        "nothing uses load balancers": without("Balancer", "Elasticloadbalancing", "Autoscaling"),
        "S3 through an interface": edit("S3", VpcEndpointType="Interface"),
        "no Pod Identity": without("Agent", "EksAuth"),
        "a CNI with the nodes' role": both(
            without("Agent", "EksAuth"), add(Cni=("AWS::EKS::Addon", {"AddonName": "vpc-cni"}))
        ),
    },
)
