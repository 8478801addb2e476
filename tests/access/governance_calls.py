"""The calls that creating, reading, changing and deleting stacks of governance and recovery makes."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.access import creator_calls
from tests.access.creator_calls import GIVEN, OWNED, Call, Calls, request
from tests.access.creator_stacks import ACCOUNT, REGION, Made, arn, iam_arn
from tests.iam import Request
from tests.stacks.test_wildcards import knows_a_resource

# By type and pattern: what the handlers' schemas list for properties that are not set.
NOT_NEEDED = {
    ("AWS::Athena::WorkGroup", "s3:*"): "results are kept by Athena (ManagedQueryResultsConfiguration)",
    ("AWS::Athena::WorkGroup", "iam:*"): "ExecutionRole is not set",
    ("AWS::Glue::*", "*Connection"): "FederatedDatabase is not set",
    ("AWS::Glue::*", "lakeformation:*"): "the buckets are no locations of Lake Formation",
    ("AWS::Glue::Table", "s3:*"): "OpenTableFormatInput is not set",
    ("AWS::Glue::Table", "iam:*"): "the buckets are no locations of Lake Formation",
    ("AWS::Glue::Table", "glue:GetSchemaVersion"): "SchemaReference is not set",
    ("AWS::S3::Bucket", "iam:PassRole"): "ReplicationConfiguration is not set",
    ("AWS::S3::Bucket", "s3tables:*"): "MetadataTableConfiguration is not set",
    ("AWS::S3::Bucket", "s3:*Metadata*Configuration"): "MetadataTableConfiguration is not set",
    ("AWS::S3::Bucket", "s3:*Object"): "no action on objects is needed for an empty bucket",
    ("AWS::S3::Bucket", "s3:PutObjectAcl"): "no action on objects is needed for an empty bucket",
    ("AWS::S3::Bucket", "s3:PutObjectLockConfiguration"): "no action of IAM: s3:PutBucketObjectLockConfiguration is",
    ("AWS::S3::Bucket", "s3:*BucketAcl"): "AccessControl is not set",
    ("AWS::S3::Bucket", "s3:*Cors"): "CorsConfiguration is not set",
    ("AWS::S3::Bucket", "s3:*CORS"): "CorsConfiguration is not set",
    ("AWS::S3::Bucket", "s3:*BucketWebsite"): "WebsiteConfiguration is not set",
    ("AWS::S3::Bucket", "s3:PutBucketNotification"): "NotificationConfiguration is not set",
    ("AWS::S3::Bucket", "s3:PutBucketAbac"): "AbacStatus is not set",
    ("AWS::S3::Bucket", "s3:*ReplicationConfiguration"): "ReplicationConfiguration is not set",
    ("AWS::S3::Bucket", "s3:*BucketReplication"): "ReplicationConfiguration is not set",
    ("AWS::S3::Bucket", "s3:DeleteBucket[EL]*"): "no action of IAM: the Put action covers it",
    ("AWS::S3::Bucket", "s3:DeleteBucketAnalyticsConfiguration"): "AnalyticsConfigurations is not set",
    ("AWS::S3::Bucket", "s3:DeleteBucketMetricsConfiguration"): "MetricsConfigurations is not set",
    ("AWS::S3::Bucket", "s3:Put[AIM]*Configuration"): "acceleration, analytics, tiering, inventory, metrics: not set",
    ("AWS::Config::*", "s3:*"): "no template in S3 and no delivery bucket is named",
    ("AWS::SSM::Document", "s3:*"): "Attachments is not set",
    ("AWS::SSM::Document", "iam:PassRole"): "the document takes its role as a parameter",
    ("AWS::IAM::ServiceLinkedRole", "iam:UpdateRole"): "Description is not set",
    ("AWS::CloudTrail::Trail", "*:PutEventConfiguration"): "AggregationConfigurations is not set",
    ("AWS::CloudTrail::Trail", "iam:GetRole"): "the role is the stack's own, listed with its type",
    ("AWS::Backup::BackupVault", "backup-storage:Mount"): "no action of IAM: backup-storage:MountCapsule is",
    ("AWS::Backup::BackupVault", "backup:*Notifications"): "Notifications is not set",
    ("AWS::GuardDuty::Detector", "guardduty:DeleteDetector"): "DeletionPolicy is Retain",
    ("AWS::SecurityHub::Hub", "securityhub:DisableSecurityHub"): "DeletionPolicy is Retain",
    ("AWS::AuditManager::Assessment", "*:*DelegationByAssessment"): "Delegations is not set",
    ("AWS::AccessAnalyzer::Analyzer", "organizations:*"): "Type is of the account",
    ("AWS::Logs::LogGroup", "logs:*LogDelivery"): "DataProtectionPolicy is not set",
    ("AWS::Logs::LogGroup", "firehose:*"): "DataProtectionPolicy is not set",
    ("AWS::Logs::LogGroup", "s3:*"): "DataProtectionPolicy is not set",
    ("AWS::Logs::LogGroup", "logs:PutResourcePolicy"): "ResourcePolicyDocument is not set",
}
LINKED = {
    "AWS::AccessAnalyzer::Analyzer": ("access-analyzer.amazonaws.com",),
    "AWS::Backup::BackupSelection": ("backup.amazonaws.com",),
    "AWS::Backup::RestoreTestingPlan": ("restore-testing.backup.amazonaws.com",),
    "AWS::CloudTrail::Trail": ("cloudtrail.amazonaws.com",),
    "AWS::Config::ConformancePack": ("config-conforms.amazonaws.com",),
    "AWS::Config::OrganizationConformancePack": ("config-multiaccountsetup.amazonaws.com",),
    "AWS::GuardDuty::Detector": ("guardduty.amazonaws.com", "malware-protection.guardduty.amazonaws.com"),
    "AWS::IAM::ServiceLinkedRole": ("config.amazonaws.com",),
    "AWS::SecurityHub::Hub": ("securityhub.amazonaws.com",),
}
PASSED = {
    "AWS::Backup::BackupPlan": (),
    "AWS::Backup::BackupSelection": ("backup.amazonaws.com",),
    "AWS::Backup::RestoreTestingSelection": ("backup.amazonaws.com",),
    "AWS::CloudTrail::Trail": ("cloudtrail.amazonaws.com",),
    "AWS::Config::ConfigurationAggregator": ("config.amazonaws.com",),
    "AWS::Config::ConformancePack": ("ssm.amazonaws.com",),
    "AWS::EKS::PodIdentityAssociation": ("pods.eks.amazonaws.com",),
    "AWS::SNS::Topic": ("sns.amazonaws.com",),
}
OF_CONFIG = "role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
DECLARATIVE = {"organizations:PolicyType": "DECLARATIVE_POLICY_EC2"}
ANYWHERE = ("DescribeTrails", "ListAnalyzers", "ListTrails", "PutQueryDefinition", "DeleteQueryDefinition")


class GovernanceCalls(Calls):
    """The calls of stacks of these constructs, each with the resource that it names."""

    def _handled(self) -> Iterator[Call]:
        for made in self.stacks:
            for handler, permission in made.handlers():
                if not _never(made, permission):
                    for one in self._of(made, handler, permission):
                        yield Call(one, f"{made.kind} {handler} (schema)")

    def _of(self, made: Made, handler: str, permission: str) -> Iterator[Request]:
        service, action = permission.split(":", 1)
        yield from super()._of(made, handler, f"{service.lower()}:{action}")

    def _by_hand(self) -> Iterator[Call]:
        for made in self.stacks:
            if made.kind == "AWS::IAM::Role":
                yield from self._handed(made)

    def _iam(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if action == "CreateServiceLinkedRole":
            for service in LINKED[made.kind]:
                linked = iam_arn(f"role/aws-service-role/{service}/AWSServiceRoleForIt")
                yield request("iam:CreateServiceLinkedRole", linked, **{"iam:AWSServiceName": service})
        elif made.kind == "AWS::GuardDuty::Detector":
            for service in LINKED[made.kind]:
                yield request("iam:GetRole", iam_arn(f"role/aws-service-role/{service}/AWSServiceRoleForIt"))
        elif made.kind == "AWS::IAM::ServiceLinkedRole":
            yield request(f"iam:{action}", iam_arn(OF_CONFIG))
        elif made.kind == "AWS::Config::ConfigurationRecorder":
            yield request("iam:PassRole", iam_arn(OF_CONFIG), **{"iam:PassedToService": "config.amazonaws.com"})
        elif made.kind == "AWS::AuditManager::Assessment":
            owner = made.properties["Roles"][0]["RoleArn"]
            yield request("iam:PassRole", owner, **{"iam:PassedToService": "auditmanager.amazonaws.com"})
        elif action == "PassRole":
            for service in PASSED.get(made.kind, ()):
                yield request("iam:PassRole", iam_arn("role/HardenedEks-Role"), **{"iam:PassedToService": service})
        else:
            yield from super()._iam(made, handler, action)

    def _cloudtrail(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named(
            "cloudtrail", "*" if action in ANYWHERE else f"trail/{made.properties['TrailName']}", action
        )

    def _config(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        properties = made.properties
        places = {
            "AWS::Config::ConfigurationRecorder": "configuration-recorder/default/id",
            "AWS::Config::ConformancePack": f"conformance-pack/{properties.get('ConformancePackName')}/id",
            "AWS::Config::OrganizationConformancePack": (
                f"organization-conformance-pack/{properties.get('OrganizationConformancePackName')}-id"
            ),
            "AWS::Config::ConfigurationAggregator": "config-aggregator/config-aggregator-id",
            "AWS::Config::AggregationAuthorization": "aggregation-authorization/111122223333/eu-central-1",
        }
        known = knows_a_resource(f"config:{action}")
        yield from self._named("config", places[made.kind] if known else "*", action)

    def _organizations(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        place = f"arn:aws:organizations::{ACCOUNT}"
        policy = f"{place}:policy/o-exampleorg1/declarative_policy_ec2/p-0123456789"
        if made.kind != "AWS::Organizations::Policy" or not knows_a_resource(f"organizations:{action}"):
            services = {
                "AWS::Config::ConfigurationAggregator": "config.amazonaws.com",
                "AWS::Config::OrganizationConformancePack": "config-multiaccountsetup.amazonaws.com",
            }
            asked = {"EnableAWSServiceAccess": {"organizations:ServicePrincipal": services.get(made.kind)},
                     "ListPolicies": DECLARATIVE}.get(action, {})  # fmt: skip
            yield request(f"organizations:{action}", "*", **asked)
        elif action == "CreatePolicy":
            yield request("organizations:CreatePolicy", policy, **{GIVEN: made.owner or ""}, **DECLARATIVE)
        else:
            yield request(f"organizations:{action}", policy, **{OWNED: made.owner or ""}, **DECLARATIVE)
            for target in ("root/o-exampleorg1/r-ab12", f"account/o-exampleorg1/{ACCOUNT}"):
                if action in ("AttachPolicy", "DetachPolicy"):
                    yield request(f"organizations:{action}", f"{place}:{target}", **DECLARATIVE)

    def _auditmanager(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        kind = "assessment" if made.kind.endswith("Assessment") else "assessmentFramework"
        given = {GIVEN: made.owner or "", "aws:TagKeys": [creator_calls._owner.KEY]}
        if handler == "create" and action in ("CreateAssessment", "CreateAssessmentFramework", "TagResource"):
            place = f"{kind}/new" if knows_a_resource(f"auditmanager:{action}") else "*"
            yield from self._named_with(place, action, given)
        else:
            yield from self._named_with(f"{kind}/id", action, {OWNED: made.owner or ""})
        if action.endswith("ateAssessmentFramework"):
            for set_ in made.properties["ControlSets"]:
                for control in set_["Controls"]:
                    asked = given if action.startswith("Create") else {}
                    yield from self._named_with(f"control/{control['Id']}", action, asked)

    def _named_with(self, place: str, action: str, context: dict[str, Any]) -> Iterator[Request]:
        yield request(f"auditmanager:{action}", "*" if place == "*" else arn("auditmanager", place), **context)

    def _guardduty(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        place = "detector/id/filter/known" if made.kind.endswith("Filter") else "detector/id"
        given, owned = {GIVEN: made.owner or ""}, {OWNED: made.owner or ""}
        if not knows_a_resource(f"guardduty:{action}"):
            yield request(f"guardduty:{action}", "*", **(given if action.startswith("Create") else {}))
        else:
            new = handler == "create" and action in ("CreateFilter", "TagResource")
            yield request(f"guardduty:{action}", arn("guardduty", place), **(given if new else owned))

    def _securityhub(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("securityhub", "hub/default", action)
        if action == "EnableSecurityHub":
            # https://docs.aws.amazon.com/securityhub/latest/userguide/using-service-linked-roles.html
            yield from self._iam(made, handler, "CreateServiceLinkedRole")

    def _s3(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield request(f"s3:{action}", f"arn:aws:s3:::{made.name.lower()}")

    def _athena(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("athena", f"workgroup/{made.name}", action)

    def _glue(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        for name in ("catalog", "database/hardened_eks_trails", "table/hardened_eks_trails/cloudtrail"):
            yield from self._named("glue", name, action)

    def _access_analyzer(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("access-analyzer", "*" if action in ANYWHERE else "analyzer/id", action)

    def _logs(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        everywhere = action in ANYWHERE or action.startswith("Describe")
        yield from self._named("logs", "*" if everywhere else f"log-group:{made.name}", action)

    def _cloudwatch(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("cloudwatch", f"alarm:{made.name}", action)

    def _ec2(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind != "AWS::EC2::VPCBlockPublicAccessExclusion" or action.startswith("Describe"):
            yield request(f"ec2:{action}", "*")
            return
        own = arn("ec2", "vpc-block-public-access-exclusion/id")
        given = {GIVEN: made.owner or "", "aws:TagKeys": [creator_calls._owner.KEY]}
        if action.startswith("CreateVpc"):
            yield request(f"ec2:{action}", own.replace("/id", "/new"), **given)
            yield request(f"ec2:{action}", arn("ec2", "vpc/vpc-0123abcd"), **given)
        elif action == "CreateTags" and handler == "create":
            born = {"ec2:CreateAction": "CreateVpcBlockPublicAccessExclusion"}
            yield request("ec2:CreateTags", own.replace("/id", "/new"), **given, **born)
        else:
            yield request(f"ec2:{action}", own, **{OWNED: made.owner or ""})

    def _ssm(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind == "AWS::SSM::Document":
            yield from self._named("ssm", f"document/{made.name}", action)
            return
        yield from self._named("ssm", f"servicesetting{made.properties['SettingId']}", action)

    def _backup_storage(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield request(f"backup-storage:{action}", "*")

    def _backup(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        owner = f"{made.stack}"
        if made.kind == "AWS::Backup::BackupVault":
            yield from self._named("backup", f"backup-vault:{made.properties['BackupVaultName']}", action)
        elif made.kind.startswith("AWS::Backup::RestoreTesting"):
            name = made.properties["RestoreTestingPlanName"]
            plan = name if made.kind.endswith("Plan") else self.by_kind["AWS::Backup::RestoreTestingPlan"].properties[
                "RestoreTestingPlanName"
            ]  # fmt: skip
            yield from self._named("backup", f"restore-testing-plan:{plan}-id", action)
        elif action == "CreateBackupPlan":
            yield request("backup:CreateBackupPlan", arn("backup", "backup-plan:id"), **{GIVEN: owner})
        else:
            yield request(f"backup:{action}", arn("backup", "backup-plan:id"), **{OWNED: owner})

    def _kms(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        services = {"AWS::Backup::BackupVault": "backup", "AWS::Athena::WorkGroup": "athena"}
        if made.kind in services:
            via = {"kms:ViaService": f"{services[made.kind]}.{REGION}.amazonaws.com"}
            yield request(f"kms:{action}", arn("kms", "key/id"), **self.tag_of("AWS::KMS::Key"), **via)
        else:
            yield from super()._kms(made, handler, action)


def _never(made: Made, permission: str) -> bool:
    general = {
        pattern: why for pattern, why in creator_calls.creator_excluded.NEVER_NEEDED.items() if pattern != "s3:*"
    }
    if any(fnmatchcase(permission, pattern) for pattern in general):
        return True
    if (
        creator_calls.never_needed(made.kind, permission)
        and not permission.startswith("s3:")
        and permission != "iam:PassRole"
    ):
        return True
    return any(fnmatchcase(made.kind, kind) and fnmatchcase(permission, one) for kind, one in NOT_NEEDED)


def unused(stacks: list[Made]) -> list[Any]:
    """Return exclusions that exclude nothing."""
    listed = [(made.kind, permission) for made in stacks for _, permission in made.handlers()]
    return [
        (kind, one)
        for kind, one in NOT_NEEDED
        if not any(fnmatchcase(k, kind) and fnmatchcase(p, one) for k, p in listed)
    ]
