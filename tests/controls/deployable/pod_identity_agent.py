from hardened_eks.controls.deployable import pod_identity_agent
from tests.controls.cases import Bad, Case, change, hide, template
from tests.controls.deployable.base import ADDON, CL, ROLE, without

POD = "AWS::EKS::PodIdentityAssociation"
OF = {"ClusterName": {"Ref": "Cluster"}}
PODS = template(
    {
        "Cluster": (CL, {"Name": "prod"}),
        "Agent": (ADDON, {**OF, "AddonName": "eks-pod-identity-agent"}),
        "Pod": (POD, {**OF, "Namespace": "a", "ServiceAccount": "b", "RoleArn": ROLE}),
    }
)
DRIVER = {
    **OF,
    "AddonName": "aws-ebs-csi-driver",
    "PodIdentityAssociations": [{"ServiceAccount": "ebs-csi-controller-sa", "RoleArn": ROLE}],
}

CASE = Case(
    pod_identity_agent,
    PODS,
    bad={
        "no agent": Bad(without("Agent"), "ClusterName"),
        "another add-on": Bad(change(ADDON, "AddonName", "vpc-cni"), "ClusterName"),
        "agent of another cluster": Bad(change(ADDON, "ClusterName", "other"), "ClusterName"),
        "add-on with a role": Bad(
            template({"Cluster": PODS["Resources"]["Cluster"], "Driver": (ADDON, DRIVER)}), "PodIdentityAssociations"
        ),
    },
    edge={
        "Auto Mode": change(CL, "ComputeConfig.Enabled", True)(without("Agent")(PODS)),
        "hidden add-on": hide(ADDON, "AddonName"),
        "foreign cluster": change(POD, "ClusterName", "other")(without("Agent")(PODS)),
        "add-on without a role": template(
            {
                "Cluster": PODS["Resources"]["Cluster"],
                "Pod": PODS["Resources"]["Agent"],
                "Cni": (ADDON, {**OF, "AddonName": "vpc-cni"}),
            }
        ),
    },
)
