"""Detections on access to the cluster: access entries, authentication, identity providers, pod identities."""

from hardened_eks.detections.clauses import EKS, WHO, on_call, untrusted
from hardened_eks.detections.model import Detection, Severity

_CHANGES = ("alerts.eks_config_change",)
_LIST = "Compare with the template: `aws eks list-access-entries --cluster-name <cluster>`."
_REMOVE = (
    "Unless somebody confirms it, remove the entry: "
    "`aws eks delete-access-entry --cluster-name <cluster> --principal-arn ROLE_ARN`."
)

EKS_ACCESS = (
    Detection(
        id="eks-admin-granted",
        title="An identity was granted administrator access to the cluster",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "AmazonEKSClusterAdminPolicy allows reading every secret and running any workload on any node. Attackers "
            "use it to keep access."
        ),
        first=(
            _REMOVE,
            WHO,
            (
                "Check what the new administrator has done since: filter the audit log by user.username with its "
                "role's name."
            ),
            "Search for ways to keep access: cluster role bindings, DaemonSets, webhooks and tokens.",
        ),
        expressions=(
            on_call(
                "eks",
                "AssociateAccessPolicy",
                by=untrusted(),
                requestParameters={
                    "policyArn": [
                        {"suffix": "/AmazonEKSClusterAdminPolicy"},
                        {"suffix": "/AmazonEKSAdminPolicy"},
                        {"suffix": "%2FAmazonEKSClusterAdminPolicy"},
                        {"suffix": "%2FAmazonEKSAdminPolicy"},
                    ]
                },
            ),
        ),
        false_positives="Setting up a break-glass role by hand.",
        technique="T1098.006",
        anchors=("elastic", "stratus"),
        requirements=(*_CHANGES, "k8s.rbac.cluster_admin"),
        calls=("AssociateAccessPolicy",),
    ),
    Detection(
        id="eks-masters-entry",
        title="An access entry contains system:masters or a group reserved for EKS",
        severity=Severity.CRITICAL,
        default=False,
        why="system:masters bypasses all authorization, and groups that begin with eks: are reserved for EKS.",
        first=(_REMOVE, WHO, _LIST),
        expressions=(
            on_call(
                "eks",
                "CreateAccessEntry",
                "UpdateAccessEntry",
                by=untrusted(),
                requestParameters={"kubernetesGroups": ["system:masters", {"prefix": "eks:"}]},
            ),
        ),
        false_positives="None known; EKS rejects groups that begin with system:.",
        technique="T1098.006",
        requirements=(*_CHANGES, "k8s.rbac.system_masters"),
    ),
    Detection(
        id="eks-access-entry-changed",
        title="Access to the cluster was changed by something other than trusted automation",
        severity=Severity.HIGH,
        default=True,
        why="An access entry remains after the stolen session that created it. Removing an entry locks people out.",
        first=(WHO, _LIST, _REMOVE),
        expressions=(
            on_call(
                "eks",
                *(
                    entry_calls := (
                        "CreateAccessEntry",
                        "UpdateAccessEntry",
                        "DeleteAccessEntry",
                        "AssociateAccessPolicy",
                        "DisassociateAccessPolicy",
                    )
                ),
                by=untrusted(*EKS),
            ),
        ),
        false_positives="None: entries that EKS creates for node roles are excluded.",
        technique="T1098",
        anchors=("elastic", "stratus"),
        requirements=(*_CHANGES, "eks.auth.access_entries", "eks.auth.review"),
        calls=entry_calls,
    ),
    Detection(
        id="eks-auth-mode-changed",
        title="The authentication mode of a cluster was changed",
        severity=Severity.HIGH,
        default=False,
        why=(
            "With CONFIG_MAP, anyone who can write the aws-auth ConfigMap can create administrators, and IAM does not "
            "show it."
        ),
        first=(
            WHO,
            (
                "Read the mode: `aws eks describe-cluster --name <cluster> --query cluster.accessConfig`. The change "
                "from API_AND_CONFIG_MAP to API cannot be undone."
            ),
            "Check the ConfigMap: `kubectl get configmap aws-auth -n kube-system -o yaml`.",
        ),
        expressions=(
            on_call(
                "eks",
                "UpdateClusterConfig",
                by=untrusted(),
                requestParameters={"accessConfig": {"authenticationMode": [{"exists": True}]}},
            ),
        ),
        false_positives="The one-time migration to access entries.",
        technique="T1556",
        requirements=(*_CHANGES, "eks.auth.access_entries"),
    ),
    Detection(
        id="eks-idp-changed",
        title="An identity provider was attached to the cluster or removed",
        severity=Severity.HIGH,
        default=False,
        why="The operator of an attached OIDC provider can issue tokens for any user and group of the cluster.",
        first=(
            WHO,
            (
                "Detach one that nobody requested: `aws eks disassociate-identity-provider-config --cluster-name "
                "<cluster> --identity-provider-config type=oidc,name=NAME`."
            ),
            "Search the audit log for user names of the provider since then.",
        ),
        expressions=(
            on_call(
                "eks",
                *(idp_calls := ("AssociateIdentityProviderConfig", "DisassociateIdentityProviderConfig")),
                by=untrusted(),
            ),
        ),
        false_positives="None known.",
        technique="T1556.007",
        requirements=_CHANGES,
        calls=idp_calls,
    ),
    Detection(
        id="eks-pod-identity-changed",
        title="A Pod Identity association was changed",
        severity=Severity.MEDIUM,
        default=False,
        why="An association gives the pods of a service account an IAM role, and therefore access to the account.",
        first=(
            WHO,
            (
                "List the associations: `aws eks list-pod-identity-associations --cluster-name <cluster>`; check the "
                "role's permissions."
            ),
            (
                "Delete one that nobody requested: `aws eks delete-pod-identity-association --cluster-name <cluster> "
                "--association-id ID`, then restart the pods."
            ),
        ),
        expressions=(
            on_call(
                "eks",
                *(
                    pod_calls := (
                        "CreatePodIdentityAssociation",
                        "UpdatePodIdentityAssociation",
                        "DeletePodIdentityAssociation",
                    )
                ),
                by=untrusted(*EKS),
            ),
        ),
        false_positives="Add-ons that are installed manually, which create their associations.",
        technique="T1098.003",
        requirements=(*_CHANGES, "iam.workload_identity"),
        calls=pod_calls,
    ),
)
