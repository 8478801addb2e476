"""Changes of the cluster itself: endpoint, logs, existence, version."""

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
        title="The Kubernetes API was opened to the Internet",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "A stolen token or an unpatched vulnerability of the API server now works from anywhere. EKS makes "
            "the endpoint of a new cluster public unless the request says otherwise."
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
        why="0.0.0.0/0 or ::/0 among the public access CIDRs leaves authentication as the only barrier.",
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
        blind="A request without CIDRs means 0.0.0.0/0: eks-endpoint-public reports it.",
    ),
    Detection(
        id="eks-logging-disabled",
        title="A control-plane log was switched off",
        severity=Severity.CRITICAL,
        default=True,
        why="Without the audit log nobody sees what happens in the cluster, and half of these detections are blind.",
        first=(
            (
                "Switch it on again: `aws eks update-cluster-config --name <cluster> --logging "
                '\'{"clusterLogging":[{"types":["api","audit","authenticator","controllerManager","scheduler"],"enabled":true}]}\'`.'
            ),
            WHO,
            "Read the identity's other calls of the last hour in CloudTrail: the log was in someone's way.",
            (
                "Records of the time in between do not exist; GuardDuty, which has its own copy of the audit log, may "
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
        why="The workloads are gone, and with them what etcd held.",
        first=(
            "See which cluster: requestParameters.name. If it is <cluster> and nobody planned it, declare an incident.",
            "Stop the identity before it goes on: revoke the role's sessions (IAM console, Revoke active sessions).",
            "Protect what is left: keys (pending deletion can be canceled), log groups, backups, volumes.",
            "Recreate the cluster from its template and restore from backup.",
        ),
        expressions=(on_call("eks", "DeleteCluster", "DeregisterCluster", by=untrusted()),),
        false_positives="Test clusters that are torn down by hand.",
        technique="T1485",
        anchors=("conformity", "sigma"),
        requirements=(*_CHANGES, "eks.deletion_protection"),
        calls=("DeleteCluster", "DeregisterCluster"),
    ),
    Detection(
        id="eks-deletion-protection-off",
        title="The deletion protection of a cluster was switched off",
        severity=Severity.HIGH,
        default=True,
        why="The next call can delete the cluster.",
        first=(
            "Switch it on again: `aws eks update-cluster-config --name <cluster> --deletion-protection`.",
            WHO,
        ),
        expressions=(on_call("eks", _UPDATE, by=untrusted(), requestParameters={"deletionProtection": [False]}),),
        false_positives="The first step of a intended deletion.",
        technique="T1562.001",
        requirements=(*_CHANGES, "eks.deletion_protection"),
    ),
    Detection(
        id="eks-cluster-created",
        title="A cluster was created or registered",
        severity=Severity.MEDIUM,
        default=False,
        why="A cluster beside the reviewed ones has none of their protection, and someone pays for what runs in it.",
        first=(
            WHO,
            "If nobody ordered it, look at what runs in it, then delete it. Miners like new clusters.",
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
        title="The Kubernetes version was changed, or its change canceled",
        severity=Severity.MEDIUM,
        default=False,
        why="An upgrade outside the plan can break workloads; it can be rolled back for seven days only.",
        first=(
            WHO,
            "Watch the update: `aws eks list-updates --name <cluster>`; look at failing webhooks and removed APIs.",
        ),
        expressions=(on_call("eks", "UpdateClusterVersion", "CancelUpdate", by=untrusted()),),
        false_positives="Planned upgrades by hand.",
        technique="",
        anchors=("conformity",),
        requirements=(*_CHANGES, "eks.version.supported"),
        calls=("UpdateClusterVersion", "CancelUpdate"),
        blind="The automatic upgrade at the end of support is an event of the service, not a call.",
    ),
    Detection(
        id="eks-capability-or-ca-changed",
        title="A capability or a certificate authority of the cluster was changed",
        severity=Severity.HIGH,
        default=False,
        why=(
            "A certificate authority signs identities that need no IAM; a capability acts in the cluster with a "
            "role of its own."
        ),
        first=(
            WHO,
            (
                "List both: `aws eks list-capabilities --cluster-name <cluster>`, and the cluster's certificate "
                "authorities in the console; remove what nobody ordered."
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
