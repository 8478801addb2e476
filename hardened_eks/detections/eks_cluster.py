"""Detections on changes of the cluster itself: endpoint, logs, existence and version."""

from hardened_eks.detections.clauses import ABSENT, WHO, on_call, untrusted
from hardened_eks.detections.model import Detection, Severity

_CHANGES = ("alerts.eks_config_change",)
_CREATE, _UPDATE = "CreateCluster", "UpdateClusterConfig"
_CLOSE = (
    "Close it: `aws eks update-cluster-config --name <cluster> "
    "--resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true`."
)
_FOREIGN = (
    "Look in the audit log for calls from outside the VPC since then (detection k8s-outside-vpc); if there are any, "
    "treat the credentials that they used as stolen."
)


def _vpc(**settings: object) -> dict[str, object]:
    return {"requestParameters": {"resourcesVpcConfig": settings}}


EKS_CLUSTER = (
    Detection(
        id="eks-endpoint-public",
        title="The Kubernetes API was opened to the internet",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "A stolen token or an unpatched vulnerability in the API server can now be used from anywhere. The "
            "endpoint of a new cluster is public by default."
        ),
        first=(_CLOSE, WHO, _FOREIGN),
        expressions=(
            on_call(
                "eks",
                by=untrusted(),
                either=[
                    {"eventName": [_CREATE, _UPDATE], **_vpc(endpointPublicAccess=[True])},
                    {"eventName": [_CREATE], **_vpc(endpointPublicAccess=[ABSENT])},
                ],
            ),
        ),
        false_positives="A development cluster of the same account that is meant to be public.",
        technique="T1133",
        anchors=("sumo-logic",),
        requirements=(*_CHANGES, "eks.endpoint.private_only"),
        calls=(_UPDATE,),
    ),
    Detection(
        id="eks-endpoint-anywhere",
        title="The public endpoint of the Kubernetes API allows every address",
        severity=Severity.CRITICAL,
        default=False,
        why="0.0.0.0/0 or ::/0 among the public access CIDRs leaves authentication as the only protection.",
        first=(
            (
                "Narrow it: `aws eks update-cluster-config --name <cluster> --resources-vpc-config "
                "publicAccessCidrs=CIDR`, or close it as for eks-endpoint-public."
            ),
            WHO,
            _FOREIGN,
        ),
        expressions=(
            on_call(
                "eks",
                _CREATE,
                _UPDATE,
                by=untrusted(),
                **_vpc(publicAccessCidrs=["0.0.0.0/0", "::/0"], endpointPublicAccess=[ABSENT, True]),
            ),
        ),
        false_positives="A development cluster of the same account that is meant to be public.",
        technique="T1133",
        requirements=(*_CHANGES, "eks.endpoint.public_cidrs_restricted"),
        blind="A request without CIDRs, which means 0.0.0.0/0: see eks-endpoint-public.",
    ),
    Detection(
        id="eks-logging-disabled",
        title="A control-plane log was turned off",
        severity=Severity.CRITICAL,
        default=True,
        why="Without the audit log nobody sees what happens in the cluster, and half of these detections stop working.",
        first=(
            (
                "Turn it on again: `aws eks update-cluster-config --name <cluster> --logging "
                '\'{"clusterLogging":[{"types":["api","audit","authenticator","controllerManager","scheduler"],"enabled":true}]}\'`.'
            ),
            WHO,
            (
                "Read the identity's other calls of the last hour in CloudTrail: somebody may have turned the log off "
                "to hide them."
            ),
            (
                "No records exist for the time in between. GuardDuty, which has its own copy of the audit log, may "
                "have findings."
            ),
        ),
        expressions=(
            on_call(
                "eks",
                _UPDATE,
                by=untrusted(),
                requestParameters={
                    "logging": {
                        "clusterLogging": {
                            "enabled": [False],
                            "types": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
                        }
                    }
                },
            ),
        ),
        false_positives="None: the empty list of types that the console always sends does not match.",
        technique="T1562.008",
        anchors=("elastic",),
        requirements=(*_CHANGES, "eks.logging.all_types", "eks.logging.audit"),
    ),
    Detection(
        id="eks-cluster-deleted",
        title="A cluster was deleted or deregistered",
        severity=Severity.CRITICAL,
        default=True,
        why="The workloads are gone, and with them the contents of etcd.",
        first=(
            (
                "Find out which cluster it was: requestParameters.name. If it is <cluster> and nobody planned it, "
                "declare an incident."
            ),
            "Stop the identity before it goes on: revoke the role's sessions (IAM console, Revoke active sessions).",
            "Protect the remaining resources: keys (pending deletion can be canceled), log groups, backups, volumes.",
            "Recreate the cluster from its template and restore from backup.",
        ),
        expressions=(on_call("eks", "DeleteCluster", "DeregisterCluster", by=untrusted()),),
        false_positives="Test clusters that are deleted manually.",
        technique="T1485",
        anchors=("conformity", "sigma"),
        requirements=(*_CHANGES, "eks.deletion_protection"),
        calls=("DeleteCluster", "DeregisterCluster"),
    ),
    Detection(
        id="eks-deletion-protection-off",
        title="The deletion protection of a cluster was turned off",
        severity=Severity.HIGH,
        default=True,
        why="The next call can delete the cluster.",
        first=(
            "Turn it on again: `aws eks update-cluster-config --name <cluster> --deletion-protection`.",
            WHO,
        ),
        expressions=(on_call("eks", _UPDATE, by=untrusted(), requestParameters={"deletionProtection": [False]}),),
        false_positives="The first step of an intended deletion.",
        technique="T1562.001",
        requirements=(*_CHANGES, "eks.deletion_protection"),
    ),
    Detection(
        id="eks-cluster-created",
        title="A cluster was created or registered",
        severity=Severity.MEDIUM,
        default=False,
        why=(
            "A cluster that was not reviewed does not have the protection of the others, and somebody pays for the "
            "workloads in it."
        ),
        first=(
            WHO,
            (
                "If nobody requested it, check its workloads, then delete it. Attackers use new clusters for crypto "
                "mining."
            ),
        ),
        expressions=(on_call("eks", "CreateCluster", "RegisterCluster", by=untrusted()),),
        false_positives="Test clusters.",
        technique="T1578.002",
        anchors=("conformity", "sigma"),
        requirements=_CHANGES,
        calls=("CreateCluster", "RegisterCluster"),
    ),
    Detection(
        id="eks-version-changed",
        title="The Kubernetes version was changed, or a version change was canceled",
        severity=Severity.MEDIUM,
        default=False,
        why="An unplanned upgrade can break workloads. It can be rolled back only within seven days.",
        first=(
            WHO,
            "Monitor the update: `aws eks list-updates --name <cluster>`; check for failing webhooks and removed APIs.",
        ),
        expressions=(on_call("eks", "UpdateClusterVersion", "CancelUpdate", by=untrusted()),),
        false_positives="Planned manual upgrades.",
        technique="",
        anchors=("conformity",),
        requirements=(*_CHANGES, "eks.version.supported"),
        calls=("UpdateClusterVersion", "CancelUpdate"),
        blind="The automatic upgrade at the end of support is a service event, not an API call.",
    ),
    Detection(
        id="eks-capability-or-ca-changed",
        title="A capability or a certificate authority of the cluster was changed",
        severity=Severity.HIGH,
        default=False,
        why=(
            "A certificate authority signs identities that do not need IAM. A capability acts in the cluster "
            "with its own role."
        ),
        first=(
            WHO,
            (
                "List both: `aws eks list-capabilities --cluster-name <cluster>`, and the cluster's certificate "
                "authorities in the console; remove those that nobody requested."
            ),
        ),
        expressions=(
            on_call(
                "eks",
                *(
                    ca_calls := (
                        "CreateCapability",
                        "UpdateCapability",
                        "DeleteCapability",
                        "CreateCertificateAuthority",
                        "ActivateCertificateAuthority",
                        "DeleteCertificateAuthority",
                    )
                ),
                by=untrusted(),
            ),
        ),
        false_positives="None known.",
        technique="T1556",
        requirements=_CHANGES,
        calls=ca_calls,
    ),
)
