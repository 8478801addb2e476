"""Detections on mutating calls of the EKS API, by caller."""

from hardened_eks.detections.clauses import EKS, GUARDDUTY, WHO, on_call, untrusted
from hardened_eks.detections.model import Detection, EventPattern, Severity

_CHANGE = {"readOnly": [False]}

EKS_CHANGES = (
    Detection(
        id="eks-changed",
        title="The configuration of EKS was changed",
        severity=Severity.LOW,
        default=True,
        digest=True,
        why=(
            "Records every change, including calls that are newer than this list. Auditors ask for this "
            "record, and after an incident it provides the timeline."
        ),
        first=(
            "No action at night: read the digest once a day.",
            "Match each change with a deployment or a ticket; treat a change without one as eks-changed-by-hand.",
        ),
        expressions=(on_call("eks", **_CHANGE),),
        false_positives="Every deployment.",
        technique="T1578",
        anchors=("conformity", "sigma"),
        requirements=("alerts.eks_config_change",),
        calls=(
            "AssociateEncryptionConfig",
            "CreateEksAnywhereSubscription",
            "CreateFargateProfile",
            "DeleteEksAnywhereSubscription",
            "DeleteFargateProfile",
            "StartInsightsRefresh",
            "TagResource",
            "UntagResource",
            "UpdateEksAnywhereSubscription",
        ),
    ),
    Detection(
        id="eks-changed-by-hand",
        title="EKS was changed by something other than trusted automation",
        severity=Severity.MEDIUM,
        default=True,
        why=(
            "Clusters change through reviewed templates. A change by hand, or through CloudFormation by a role "
            "that is not listed as trusted, skipped the review. The next deployment may undo it or fail because of it."
        ),
        first=(
            WHO,
            "If the change is intended, add it to the template and deploy, so that the drift ends.",
            (
                "If nobody confirms that it was intended, undo it (requestParameters shows the new settings), then "
                "revoke the role's sessions."
            ),
        ),
        expressions=(on_call("eks", **_CHANGE, by=untrusted(*EKS, GUARDDUTY)),),
        false_positives="Pipelines that are not in trusted_automation; eksctl and Terraform.",
        technique="T1578",
        anchors=("conformity", "elastic"),
        requirements=("alerts.eks_config_change",),
    ),
    Detection(
        id="eks-changed-by-root",
        title="EKS was changed by the root user",
        severity=Severity.CRITICAL,
        default=True,
        why="Nobody works as root. The root user bypasses every IAM policy and most guardrails.",
        first=(
            "Call the holders of the root credentials now; no task in EKS needs root.",
            (
                "If none of them did it: sign in as root, change the password, remove unknown MFA devices and access "
                "keys, and open a case with AWS Support for account compromise."
            ),
            "Undo the change: requestParameters shows the new settings.",
        ),
        expressions=(on_call("eks", **_CHANGE, by={"type": ["Root"]}),),
        false_positives="None known.",
        technique="T1078.004",
        anchors=("conformity", "cis-aws", "panther", "elastic"),
        requirements=("alerts.eks_config_change", "alerts.cis_root_usage", "account.root"),
    ),
    Detection(
        id="eks-changed-by-iam-user",
        title="EKS was changed by an IAM user",
        severity=Severity.HIGH,
        default=True,
        why="An IAM user means a long-lived key or password, the credentials that leak most often.",
        first=(
            (
                "Ask the user's owner. Without an answer, deactivate the key: `aws iam update-access-key --user-name "
                "USER --access-key-id KEY_ID --status Inactive`."
            ),
            "Undo the change: requestParameters shows the new settings.",
            (
                "List all other calls with the key in the last 24 hours (CloudTrail, by access key), then replace the "
                "key with a role."
            ),
        ),
        expressions=(on_call("eks", **_CHANGE, by={"type": ["IAMUser"]}),),
        false_positives="CI with access keys, which should use a role.",
        technique="T1078.004",
        anchors=("conformity",),
        requirements=("alerts.eks_config_change", "account.users", "eks.auth.sso"),
    ),
    Detection(
        id="eks-change-denied",
        title="A change to EKS was attempted and denied",
        severity=Severity.MEDIUM,
        default=True,
        why="Either somebody is testing what stolen credentials can do, or a pipeline has lost a permission.",
        first=(
            WHO,
            "Look for more denied calls of the same identity in other services: a series is reconnaissance.",
            "For a series, revoke the role's sessions before a call succeeds.",
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.eks"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {
                        "eventSource": ["eks.amazonaws.com"],
                        "readOnly": [False],
                        # No wildcards: only 30 rules of a bus can have them.
                        "errorCode": [
                            {"prefix": "AccessDenied"},
                            {"prefix": "Unauthorized"},
                            {"suffix": "UnauthorizedOperation"},
                        ],
                        "userIdentity": untrusted(),
                    },
                }
            ),
        ),
        false_positives=(
            "People who browse the console without permissions; a role whose permissions are being reduced."
        ),
        technique="T1526",
        anchors=("panther", "cis-aws"),
        requirements=("alerts.eks_config_change", "alerts.cis_unauthorized_api"),
        blind=(
            "Denied calls do not contain a cluster name, so calls on other clusters of the account are reported as "
            "well."
        ),
    ),
    Detection(
        id="eks-object-written-by-service",
        title="A Kubernetes object was written through the EKS API",
        severity=Severity.MEDIUM,
        default=False,
        why=(
            "With eks:MutateViaKubernetesApi an AWS service writes Kubernetes objects for a caller. No API "
            "model lists these calls, so allow lists and detections by call name miss them."
        ),
        first=(
            WHO,
            (
                "See in requestParameters which object was written, and compare it with what is in the cluster: "
                "`kubectl get KIND NAME -n NAMESPACE -o yaml`."
            ),
            "Delete the object if it is not intended, and remove eks:MutateViaKubernetesApi from the role.",
        ),
        expressions=(
            on_call(
                "eks",
                {"equals-ignore-case": "createKubernetesObject"},
                {"equals-ignore-case": "updateKubernetesObject"},
                {"equals-ignore-case": "deleteKubernetesObject"},
                by=untrusted(),
            ),
        ),
        false_positives="Amazon SageMaker HyperPod.",
        technique="T1610",
        requirements=("alerts.eks_config_change",),
        calls=("createKubernetesObject", "updateKubernetesObject", "deleteKubernetesObject"),
    ),
)
