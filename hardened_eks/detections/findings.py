"""Findings of AWS's own detectors."""

from hardened_eks.detections.model import Detection, EventPattern, Severity

_FINDING = {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
_EXTERNAL = [
    "AWS::IAM::Role", "AWS::KMS::Key", "AWS::ECR::Repository", "AWS::S3::Bucket", "AWS::SecretsManager::Secret",
    "AWS::SNS::Topic",
]  # fmt: skip
_READ = "Open the finding in the GuardDuty console; the remediation page of its type is linked there."

FINDINGS = (
    Detection(
        id="guardduty-critical",
        title="GuardDuty found an attack sequence or a critical threat",
        severity=Severity.CRITICAL,
        default=True,
        why="GuardDuty joined several signals into one attack; its critical findings are rarely wrong.",
        first=(
            "Declare an incident. " + _READ,
            "Contain what it names: isolate the pod, cordon the node, or revoke the role's sessions.",
            "Keep evidence before you delete anything: snapshot the node's volumes, export the audit log.",
        ),
        expressions=(EventPattern(pattern={**_FINDING, "detail": {"severity": [{"numeric": [">=", 9]}]}}),),
        false_positives="Penetration tests; sample findings.",
        technique="",
        anchors=("panther", "guardduty"),
        requirements=("guardduty.findings_handled", "guardduty.enabled"),
    ),
    Detection(
        id="guardduty-eks",
        title="GuardDuty found a threat in a cluster",
        severity=Severity.HIGH,
        default=True,
        why=(
            "The finding is about the Kubernetes API or what runs in a container: this is what GuardDuty is "
            "enabled for."
        ),
        first=(
            _READ,
            (
                "Runtime finding: resource details name pod, node and process. Isolate the pod with a NetworkPolicy, "
                "cordon the node, keep both."
            ),
            (
                "Kubernetes finding: kubernetesUserDetails name the user. Look at what else that user did in the "
                "audit log, and take the access away."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    **_FINDING,
                    "detail": {
                        "severity": [{"numeric": [">=", 4]}],
                        "type": [
                            {"wildcard": "*:Kubernetes/*"},
                            {"wildcard": "*:Runtime/*"},
                            {"prefix": "AttackSequence:EKS/"},
                        ],
                    },
                }
            ),
        ),
        false_positives="Your own node agents: add a suppression filter by image in GuardDuty.",
        technique="",
        anchors=("guardduty",),
        requirements=("guardduty.findings_handled", "guardduty.eks_audit", "guardduty.eks_runtime"),
        blind="Not narrowed to one cluster: runtime findings do not always name it.",
    ),
    Detection(
        id="guardduty-high",
        title="GuardDuty found a high threat anywhere in the account",
        severity=Severity.HIGH,
        default=False,
        why="A compromised instance or role of the same account is a step away from the cluster.",
        first=(
            _READ,
            "Does it name a role, instance or address of the cluster? Then treat it as guardduty-eks.",
        ),
        expressions=(EventPattern(pattern={**_FINDING, "detail": {"severity": [{"numeric": [">=", 7, "<", 9]}]}}),),
        false_positives="Suppress by filters in GuardDuty, not here.",
        technique="",
        anchors=("panther", "guardduty"),
        requirements=("guardduty.findings_handled",),
    ),
    Detection(
        id="access-analyzer",
        title="Access Analyzer found access from outside the account",
        severity=Severity.HIGH,
        default=False,
        why="A role, key, repository, bucket, secret or topic can be used from outside the account.",
        first=(
            "Read principal, action and condition in the finding.",
            (
                "If the access is intended, archive the finding with a rule. Otherwise remove the statement and look "
                "in CloudTrail for calls by that principal."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.access-analyzer"],
                    "detail-type": ["Access Analyzer Finding"],
                    "detail": {"status": ["ACTIVE"], "resourceType": _EXTERNAL},
                }
            ),
        ),
        false_positives="Access of other accounts that is intended and not archived yet.",
        technique="T1199",
        requirements=("accessanalyzer.enabled",),
    ),
    Detection(
        id="config-noncompliant",
        title="A Config rule became noncompliant",
        severity=Severity.MEDIUM,
        default=False,
        why="The setting drifted from what was agreed.",
        first=(
            "Open the resource's timeline in AWS Config: it shows which call changed it.",
            "Repair it by deploying its template again.",
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.config"],
                    "detail-type": ["Config Rules Compliance Change"],
                    "detail": {
                        "messageType": ["ComplianceChangeNotification"],
                        "newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]},
                    },
                }
            ),
        ),
        false_positives="A storm when a pack is evaluated for the first time.",
        technique="",
        requirements=("config.eks_rules",),
    ),
    Detection(
        id="security-hub-finding",
        title="Security Hub has a new critical or high finding",
        severity=Severity.HIGH,
        default=False,
        why="Failed controls and findings of partner products arrive here.",
        first=(
            "Read Title, Resources and Remediation in the finding.",
            (
                "Set its workflow status to NOTIFIED when someone works on it, SUPPRESSED with a reason if it is "
                "accepted."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.securityhub"],
                    "detail-type": ["Security Hub Findings - Imported"],
                    "detail": {
                        "findings": {
                            "Severity": {"Label": ["CRITICAL", "HIGH"]},
                            "Workflow": {"Status": ["NEW"]},
                            "RecordState": ["ACTIVE"],
                            "ProductName": [{"anything-but": ["GuardDuty", "Inspector"]}],
                        }
                    },
                }
            ),
        ),
        false_positives=(
            "Standards that are new. GuardDuty and Inspector are excluded: they have detections of their own."
        ),
        technique="",
        requirements=("securityhub.enabled",),
    ),
    Detection(
        id="backup-failed",
        title="A backup, copy or restore job failed",
        severity=Severity.HIGH,
        default=False,
        why="Until the next job, there is no recovery point from this one.",
        first=(
            "Read statusMessage in the event: most often a key policy, a role or a vault that is locked.",
            "Start the job again by hand once the cause is gone; check that the last good point is young enough.",
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.backup"],
                    "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
                    "detail": {
                        "$or": [
                            {"state": ["FAILED", "EXPIRED", "ABORTED"]},
                            {"status": ["FAILED", "EXPIRED", "ABORTED"]},
                        ]
                    },
                }
            ),
        ),
        false_positives="Jobs that someone aborted.",
        technique="T1490",
        requirements=("backup.plan", "backup.protected"),
    ),
    Detection(
        id="health-eks",
        title="AWS Health has an event about EKS, EC2, ECR or KMS",
        severity=Severity.MEDIUM,
        default=False,
        why="An outage or a retirement at AWS explains what looks like an attack, and sets dates.",
        first=(
            "Read eventDescription and the affected entities.",
            "Service issue: expect scaling and changes to fail; hold deployments. Scheduled change: plan it.",
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.health"],
                    "detail-type": ["AWS Health Event"],
                    "detail": {"service": ["EKS", "EC2", "ECR", "KMS"]},
                }
            ),
        ),
        false_positives="Events about resources that are not the cluster's.",
        technique="",
        requirements=("process.incident_response",),
    ),
)
