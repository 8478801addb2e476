"""Detections on the keys that encrypt the data of the cluster."""

from hardened_eks.detections.clauses import WHO, by_hand, on_call, untrusted
from hardened_eks.detections.model import Detection, Severity

_HARM = [
    "DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DeleteImportedKeyMaterial", "DisableKeyRotation",
    "UpdatePrimaryRegion",
]  # fmt: skip
_GRANT_LOST = ["RevokeGrant", "RetireGrant"]
_NAMED = {"requestParameters": {"keyId": [{"suffix": "<key_ids>"}]}}  # the ID or the ARN
_KEY = {"resources": {"ARN": ["<keys>"]}}
KEYS = (
    Detection(
        id="kms-key-at-risk",
        title="A key of the cluster was disabled, scheduled for deletion, or lost a policy or grant",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "The key encrypts all data of the Kubernetes API. Disabling it degrades the cluster at "
            "once; if it is deleted or its grant is revoked, the cluster cannot be recovered."
        ),
        first=(
            (
                "See which key: `resources` in the event. Disabled: `aws kms enable-key --key-id KEY_ARN`. Scheduled "
                "for deletion: `aws kms cancel-key-deletion --key-id KEY_ARN`, then enable it: the key stays disabled "
                "otherwise."
            ),
            (
                "Policy changed: compare `aws kms get-key-policy --key-id KEY_ARN --policy-name default` with the "
                "template and restore it. Keep the statement for the account root principal: without it, the "
                "key can become unmanageable."
            ),
            (
                "Grant revoked: open a case with AWS Support, severity production system down; change nothing on the "
                "cluster."
            ),
            WHO,
        ),
        expressions=(
            on_call(
                "kms",
                either=[
                    {"eventName": _HARM, "userIdentity": untrusted(), "$or": [_KEY, _NAMED]},
                    # Services retire their own grants whenever a volume is detached.
                    {"eventName": _GRANT_LOST, **_KEY, "userIdentity": by_hand()},
                ],
            ),
        ),
        false_positives="Manual changes of the key policy. Grants that services retire are excluded.",
        technique="T1485",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=("alerts.cis_kms_deletion", "kms.not_pending_deletion", "eks.secrets.customer_managed_key"),
    ),
    Detection(
        id="kms-key-grant",
        title="A grant was created on a key of the cluster",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="A grant allows use of the key without a change to its policy. It is easy to overlook and does not expire.",
        first=(
            "Read the digest: any grantee other than EKS, Auto Scaling and EC2 needs an explanation.",
            "List them: `aws kms list-grants --key-id <kms_key>`; revoke unknown grants, but never those of EKS.",
        ),
        expressions=(on_call("kms", "CreateGrant", **_KEY),),
        false_positives="EBS and Auto Scaling create grants whenever a node starts.",
        technique="T1098",
        requirements=("kms.grants_aws_services_only",),
    ),
)
