"""Findings and events of AWS's own detectors."""

from tests.detections.cases import BUS, Table, events
from tests.detections.events import ACCOUNT, CLUSTER, NODE, REGION, Event, event

FULL_SCAN = {
    "scan-status": "COMPLETE",
    "repository-name": "cart",
    "image-digest": "sha256:7f5b",
    "image-tags": ["1.4"],
    "finding-severity-counts": {"MEDIUM": 9, "LOW": 2},
}


def scan(*, status: str = "COMPLETE", **counts: int) -> Event:
    body = FULL_SCAN | {"scan-status": status, "finding-severity-counts": {"MEDIUM": 3, **counts}}
    return event("aws.ecr", "ECR Image Scan", body, resources=[f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/cart"])


def inspected(*, status: str = "INITIAL_SCAN_COMPLETE", **counts: int) -> Event:
    """The first scan of an image by Inspector, whose name of the repository is an ARN."""
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/cart"
    return event(
        "aws.inspector2",
        "Inspector2 Scan",
        {
            "scan-status": status,
            "repository-name": arn,
            "finding-severity-counts": {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 6, "TOTAL": 10, **counts},
            "image-digest": "sha256:7f5b",
            "image-tags": ["1.4"],
        },
        resources=[arn],
    )


def image(action: str = "DELETE", result: str = "SUCCESS") -> Event:
    return event(
        "aws.ecr",
        "ECR Image Action",
        {
            "result": result,
            "repository-name": "cart",
            "image-digest": "sha256:7f5b",
            "action-type": action,
            "image-tag": "1.4",
        },
    )


def guardduty(severity: float, kind: str = "Execution:Runtime/NewBinaryExecuted") -> Event:
    return event(
        "aws.guardduty",
        "GuardDuty Finding",
        {
            "schemaVersion": "2.0",
            "accountId": ACCOUNT,
            "region": REGION,
            "partition": "aws",
            "id": "5ac3",
            "arn": f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/d1/finding/5ac3",
            "type": kind,
            "severity": severity,
            "resource": {"resourceType": "Container", "containerDetails": {"name": "cart"}},
            "service": {"serviceName": "guardduty", "archived": False, "count": 1},
            "title": "t",
            "description": "d",
        },
    )


def inspector(severity: str = "HIGH", status: str = "ACTIVE", kind: str = "AWS_ECR_CONTAINER_IMAGE") -> Event:
    return event(
        "aws.inspector2",
        "Inspector2 Finding",
        {
            "awsAccountId": ACCOUNT,
            "findingArn": f"arn:aws:inspector2:{REGION}:{ACCOUNT}:finding/1",
            "severity": severity,
            "status": status,
            "type": "PACKAGE_VULNERABILITY",
            "title": "CVE-2026-0001 - openssl",
            "fixAvailable": "YES",
            "resources": [
                {"type": kind, "id": "arn:aws:ecr:x", "details": {"awsEcrContainerImage": {"registry": ACCOUNT}}}
            ],
        },
    )


def analyzer(kind: str = "AWS::IAM::Role", status: str = "ACTIVE") -> Event:
    return event(
        "aws.access-analyzer",
        "Access Analyzer Finding",
        {
            "version": "1.0",
            "id": "f1",
            "status": status,
            "resourceType": kind,
            "resource": "arn:x",
            "isPublic": False,
            "principal": {"AWS": "123456789012"},
            "action": ["sts:AssumeRole"],
            "condition": {},
            "isDeleted": False,
        },
    )


def config(compliance: str = "NON_COMPLIANT", message: str = "ComplianceChangeNotification") -> Event:
    return event(
        "aws.config",
        "Config Rules Compliance Change",
        {
            "messageType": message,
            "configRuleName": "eks-endpoint",
            "resourceType": "AWS::EKS::Cluster",
            "resourceId": CLUSTER,
            "awsAccountId": ACCOUNT,
            "awsRegion": REGION,
            "newEvaluationResult": {"complianceType": compliance},
            "oldEvaluationResult": {"complianceType": "COMPLIANT"},
        },
    )


def hub(label: str = "HIGH", status: str = "NEW", state: str = "ACTIVE", product: str = "Security Hub") -> Event:
    return event(
        "aws.securityhub",
        "Security Hub Findings - Imported",
        {
            "findings": [
                {
                    "SchemaVersion": "2018-10-08",
                    "Id": "f1",
                    "ProductName": product,
                    "Severity": {"Label": label, "Normalized": 70},
                    "Workflow": {"Status": status},
                    "RecordState": state,
                    "Title": "EKS.1",
                    "AwsAccountId": ACCOUNT,
                    "Resources": [{"Type": "AwsEksCluster", "Id": CLUSTER}],
                }
            ]
        },
    )


def job(kind: str = "Backup", key: str = "state", value: str = "FAILED") -> Event:
    return event(
        "aws.backup",
        f"{kind} Job State Change",
        {"backupVaultName": "ledger", "resourceType": "EBS", "percentDone": 0, "statusMessage": "m", key: value},
    )


def health(service: str) -> Event:
    return event(
        "aws.health",
        "AWS Health Event",
        {
            "eventArn": "arn:aws:health:x",
            "service": service,
            "eventTypeCategory": "issue",
            "eventTypeCode": "AWS_X_ISSUE",
            "statusCode": "open",
            "eventDescription": [{"language": "en_US", "latestDescription": "d"}],
            "affectedEntities": [],
        },
    )


def dns(action: str = "BLOCK", kind: str = "Block") -> Event:
    return event(
        "aws.route53resolver",
        f"DNS Firewall {kind}",
        {
            "account-id": ACCOUNT,
            "last-observed-at": "2026-11-02T09:29:00Z",
            "query-name": "c2.example.org.",
            "query-type": "A",
            "query-class": "IN",
            "transport": "UDP",
            "firewall-rule-action": action,
            "firewall-rule-group-id": "rslvr-frg-1",
            "firewall-domain-list-id": "rslvr-fdl-1",
            "resources": [{"resource-type": "instance", "instance-details": {"id": NODE}}],
        },
    )


MIXED_HUB = hub()
MIXED_HUB["detail"]["findings"] = [
    hub(product="GuardDuty")["detail"]["findings"][0],
    hub("LOW")["detail"]["findings"][0],
]

FOUND: Table = {
    ("dns-blocked", BUS): events(
        [dns(), dns() | {"region": "us-east-1"}], [dns("ALERT", "Alert"), dns("ALERT")]),
    ("ecr-image-deleted", BUS): events(
        [image(), image() | {"resources": ["arn:aws:ecr:x"]}], [image("PUSH"), image(result="FAILURE")]),
    ("ecr-scan", BUS): events(
        [scan(CRITICAL=1), scan(HIGH=4)], [scan(), scan(CRITICAL=0, HIGH=0), scan(status="FAILED", CRITICAL=1)]),
    ("ecr-scan-failed", BUS): events([scan(status="FAILED"), scan(status="UNSUPPORTED_IMAGE")], [scan(), scan(HIGH=1)]),
    ("inspector-image", BUS): events(
        [inspector(), inspector("CRITICAL")],
        [inspector("MEDIUM"), inspector(status="CLOSED"), inspector(kind="AWS_EC2_INSTANCE")]),
    ("inspector-scan", BUS): events(
        [inspected(CRITICAL=1), inspected(HIGH=4)],
        [inspected(), inspected(TOTAL=900), inspected(status="SCAN_ELIGIBILITY_EXPIRED", CRITICAL=1)]),
    ("guardduty-critical", BUS): events([guardduty(9), guardduty(9.5, "AttackSequence:IAM/X")], [guardduty(8.9), guardduty(2)]),
    ("guardduty-high", BUS): events(
        [guardduty(7, "UnauthorizedAccess:EC2/TorClient"), guardduty(8.9)], [guardduty(9), guardduty(6.9)]),
    ("guardduty-eks", BUS): events(
        [guardduty(4), guardduty(5, "Discovery:Kubernetes/TorIPCaller"), guardduty(9, "AttackSequence:EKS/CompromisedCluster")],
        [guardduty(3.9), guardduty(8, "Trojan:EC2/BlackholeTraffic"), guardduty(9, "AttackSequence:S3/CompromisedData")]),
    ("access-analyzer", BUS): events(
        [analyzer(kind) for kind in ("AWS::IAM::Role", "AWS::KMS::Key", "AWS::ECR::Repository", "AWS::S3::Bucket",
                                     "AWS::SecretsManager::Secret", "AWS::SNS::Topic")],
        [analyzer(status="ARCHIVED"), analyzer("AWS::Lambda::Function")]),
    ("config-noncompliant", BUS): events(
        [config(), config() | {"region": "us-east-1"}], [config("COMPLIANT"), config(message="ConfigRuleEvaluation")]),
    ("security-hub-finding", BUS): events(
        [hub(), hub("CRITICAL", product="Macie")],
        [hub("MEDIUM"), hub(status="RESOLVED"), hub(state="ARCHIVED"), hub(product="GuardDuty"), hub(product="Inspector"),
         MIXED_HUB]),
    ("backup-failed", BUS): events(
        [job(kind, key, value) for kind, key in (("Backup", "state"), ("Copy", "state"), ("Restore", "status"))
         for value in ("FAILED", "EXPIRED", "ABORTED", "PARTIAL")],
        [job(value="COMPLETED"), job("Restore", "status", "RUNNING")]),
    ("health-eks", BUS): events([health(name) for name in ("EKS", "EC2", "ECR", "KMS")], [health("RDS"), health("S3")]),
}  # fmt: skip
