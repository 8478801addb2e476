"""Detections on findings of AWS services."""

from hardened_eks.detections.model import Detection, EventPattern, Severity

_FINDING = {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
_EXTERNAL = [
    "AWS::IAM::Role", "AWS::KMS::Key", "AWS::ECR::Repository", "AWS::S3::Bucket", "AWS::SecretsManager::Secret",
    "AWS::SNS::Topic",
]  # fmt: skip
_FAILED = ["FAILED", "EXPIRED", "ABORTED", "PARTIAL"]  # PARTIAL: parts of a composite backup, such as of a cluster
_READ = "Open the finding in the GuardDuty console; it links to the remediation page for its type."

FINDINGS = (
    Detection(
        id="guardduty-critical",
        title="GuardDuty found an attack sequence or a critical threat",
        severity=Severity.CRITICAL,
        default=True,
        why="GuardDuty combined several signals into one attack sequence. Its critical findings are rarely wrong.",
        first=(
            "Declare an incident. " + _READ,
            "Contain the affected resources: isolate the pod, cordon the node, or revoke the role's sessions.",
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
        why=("The finding is about the Kubernetes API or about processes in a container."),
        first=(
            _READ,
            (
                "Runtime finding: the resource details name the pod, node and process. Isolate the pod with a "
                "NetworkPolicy, cordon the node, and keep both for evidence."
            ),
            (
                "Kubernetes finding: kubernetesUserDetails names the user. Check in the audit log what else that "
                "user did, and remove the user's access."
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
        title="GuardDuty found a high-severity threat in the account",
        severity=Severity.HIGH,
        default=False,
        why="From a compromised instance or role in the same account, an attacker can soon reach the cluster.",
        first=(
            _READ,
            "If it names a role, instance or address of the cluster, follow the steps of guardduty-eks.",
        ),
        expressions=(EventPattern(pattern={**_FINDING, "detail": {"severity": [{"numeric": [">=", 7, "<", 9]}]}}),),
        false_positives="Depends on the finding type: suppress findings with filters in GuardDuty, not here.",
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
            "Read the principal, action and condition in the finding.",
            (
                "If the access is intended, archive the finding with an archive rule. Otherwise, remove the "
                "statement and search CloudTrail for calls by that principal."
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
        false_positives="Intended access of other accounts that is not archived yet.",
        technique="T1199",
        requirements=("accessanalyzer.enabled",),
    ),
    Detection(
        id="config-noncompliant",
        title="A Config rule became noncompliant",
        severity=Severity.MEDIUM,
        default=False,
        why="A setting no longer matches its rule.",
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
        false_positives="Many events when a conformance pack is evaluated for the first time.",
        technique="",
        requirements=("config.eks_rules",),
    ),
    Detection(
        id="security-hub-finding",
        title="Security Hub has a new critical or high finding",
        severity=Severity.HIGH,
        default=False,
        why="Failed controls and findings of partner products are reported here.",
        first=(
            "Read Title, Resources and Remediation in the finding.",
            (
                "Set its workflow status to NOTIFIED when somebody works on it, or to SUPPRESSED with a reason "
                "if it is accepted."
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
            "Standards that were just enabled. A finding that stays NEW is reported again with every update of its "
            "product. GuardDuty and Inspector are excluded: they have their own detections."
        ),
        technique="",
        requirements=("securityhub.enabled",),
    ),
    Detection(
        id="backup-failed",
        title="A backup, copy or restore job failed, or is incomplete",
        severity=Severity.HIGH,
        default=False,
        why="There is no recovery point from this job; the next one comes only with the next job.",
        first=(
            "Read statusMessage in the event. The most common causes are a key policy, a role or a locked vault.",
            (
                "Start the job again manually once the cause is fixed, and check that the last good recovery point is "
                "recent enough."
            ),
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.backup"],
                    "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
                    "detail": {
                        "$or": [
                            {"state": _FAILED},
                            {"status": _FAILED},
                        ]
                    },
                }
            ),
        ),
        false_positives="Jobs that somebody aborted.",
        technique="T1490",
        requirements=("backup.plan", "backup.protected"),
    ),
    Detection(
        id="health-eks",
        title="AWS Health has an event about EKS, EC2, ECR or KMS",
        severity=Severity.MEDIUM,
        default=False,
        why="An AWS outage or retirement can look like an attack, and its notice states the dates.",
        first=(
            "Read eventDescription and the affected entities.",
            "Service issue: expect scaling and changes to fail, and pause deployments. Scheduled change: plan for it.",
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
        false_positives="Events about resources that do not belong to the cluster.",
        technique="",
        requirements=("process.incident_response",),
    ),
)
