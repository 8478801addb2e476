"""Detections on add-ons and node groups."""

from hardened_eks.detections.clauses import WHO, on_call, untrusted
from hardened_eks.detections.model import Detection, Severity

_CHANGES = ("alerts.eks_config_change",)

EKS_NODES = (
    Detection(
        id="eks-addon-removed",
        title="An add-on that security depends on was removed",
        severity=Severity.HIGH,
        default=True,
        why=(
            "Without it, the cluster loses runtime monitoring, network policies, pod credentials or log shipping, "
            "depending on the add-on."
        ),
        first=(
            (
                "Install it again from the template, or at once: `aws eks create-addon --cluster-name <cluster> "
                "--addon-name NAME`."
            ),
            WHO,
            (
                "For aws-guardduty-agent and vpc-cni: look for new pods and connections since then, because nothing "
                "monitored them."
            ),
        ),
        expressions=(
            on_call(
                "eks",
                "DeleteAddon",
                by=untrusted(),
                requestParameters={
                    "addonName": [
                        "aws-guardduty-agent",
                        "vpc-cni",
                        "eks-pod-identity-agent",
                        "amazon-cloudwatch-observability",
                        "kube-proxy",
                        "coredns",
                    ]
                },
            ),
        ),
        false_positives="A migration to a self-managed add-on.",
        technique="T1562.001",
        requirements=(*_CHANGES, "eks.network.vpc_cni_policy", "guardduty.eks_runtime", "alerts.container_insights"),
        calls=("DeleteAddon",),
    ),
    Detection(
        id="eks-addon-changed",
        title="An add-on was installed or updated",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="Add-ons run with broad rights in kube-system. The record shows which version ran at what time.",
        first=(
            "Read the digest: each change should belong to a deployment.",
            "See the state: `aws eks describe-addon --cluster-name <cluster> --addon-name NAME`.",
        ),
        expressions=(on_call("eks", "CreateAddon", "UpdateAddon"),),
        false_positives="Every deployment of an add-on.",
        technique="T1610",
        requirements=_CHANGES,
        calls=("CreateAddon", "UpdateAddon"),
    ),
    Detection(
        id="eks-nodegroup-changed",
        title="A node group was created, changed or deleted",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="Nodes run the workloads. The record shows which image ran at what time.",
        first=(
            "Read the digest: each change should belong to a deployment.",
            "See the state: `aws eks describe-nodegroup --cluster-name <cluster> --nodegroup-name NAME`.",
        ),
        expressions=(
            on_call(
                "eks",
                *(
                    group_calls := (
                        "CreateNodegroup",
                        "UpdateNodegroupConfig",
                        "UpdateNodegroupVersion",
                        "DeleteNodegroup",
                    )
                ),
            ),
        ),
        false_positives="Every deployment of node groups.",
        technique="T1578",
        requirements=_CHANGES,
        calls=group_calls,
    ),
    Detection(
        id="eks-nodegroup-ssh",
        title="A node group with SSH access was created",
        severity=Severity.HIGH,
        default=False,
        why="remoteAccess opens port 22 (to 0.0.0.0/0 unless security groups are set) and uses a shared key.",
        first=(
            WHO,
            (
                "Replace it with a node group without remoteAccess. Session Manager provides shells and records the "
                "sessions."
            ),
            "Until then, remove the ingress rule for port 22 of the group's remote-access security group.",
        ),
        expressions=(
            on_call(
                "eks",
                "CreateNodegroup",
                by=untrusted(),
                requestParameters={"remoteAccess": {"ec2SshKey": [{"exists": True}]}},
            ),
        ),
        false_positives="None known.",
        technique="T1021.004",
        requirements=(*_CHANGES, "node.ssh.no_remote_access"),
    ),
)
