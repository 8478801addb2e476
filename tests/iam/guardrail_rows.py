"""Who asks for what, in which context, and which statement refuses it; empty where it is allowed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hardened_eks.guardrails import Settings

ACCOUNT, OTHER, PARTNER, REGION = "123456789012", "999988887777", "444455556666", "eu-central-1"
SETTINGS = Settings(organization_id="o-exampleorg1", partners=(PARTNER,), log_groups=("/aws/eks/*", "trail"))


def role(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


DEV, SSO = role("payments-dev"), role("aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Admin_1a2b")
CREATOR, GLASS = role("hardened-eks-creator"), role("Payments-ClusterBreakGlassRole0A1B-Xy12")
NAMED_GLASS, SELF_MANAGED = role("payments-break-glass"), role("AWSCloudFormationStackSetExecutionRole")
BACKUP, STACKS = role("service-role/AWSBackupDefaultServiceRole"), role("stacksets-exec-0123456789abcdef")
OWN_BACKUP = role("Recovery-BackupsRole0A1B2C3D-Xy12")
TOWER, CDK = role("AWSControlTowerExecution"), role("cdk-hnb659fds-cfn-exec-role-123456789012-eu-central-1")
LINKED = role("aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS")
FOREIGN, REGISTRY = role("intruder", OTHER), role("Payments-RegistryCreatorRole76D3-Xy12")

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"
LOGS = {
    f"eks:loggingType/{name}": "true" for name in ("api", "audit", "authenticator", "controllerManager", "scheduler")
}
HARDENED: Mapping[str, Any] = {
    "eks:endpointPublicAccess": "false", "eks:endpointPrivateAccess": "true", "eks:authenticationMode": "API",
    "eks:bootstrapClusterCreatorAdminPermissions": "false", "eks:deletionProtection": "true",
    "eks:supportType": "STANDARD", "eks:encryptionConfigProviderKeyArns": [KEY], "eks:kubernetesVersion": "1.36", **LOGS,
}  # fmt: skip
BAD: Mapping[str, Any] = {
    "eks:endpointPublicAccess": "true", "eks:endpointPrivateAccess": "false", "eks:authenticationMode": "CONFIG_MAP",
    "eks:bootstrapClusterCreatorAdminPermissions": "true", "eks:deletionProtection": "false",
    "eks:supportType": "EXTENDED", "eks:kubernetesVersion": "1.33",
    "eks:encryptionConfigProviderKeyArns": [KEY.replace(ACCOUNT, OTHER)], **dict.fromkeys(LOGS, "false"),
}  # fmt: skip
OWNED = {"aws:ResourceTag/hardened-eks:owner": "Payments"}
ADMIN, NAMESPACED = "AmazonEKSClusterAdminPolicy", {"eks:accessScope": "namespace"}


class Row(NamedTuple):
    who: str
    action: str
    resource: str
    context: Mapping[str, Any]
    refused_by: str = ""


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in HARDENED.items() if key not in keys}


def but(key: str, value: Any) -> dict[str, Any]:
    return {**HARDENED, key: value}


def creates(context: Mapping[str, Any], refused_by: str = "", who: str = CREATOR) -> Row:
    return Row(who, "eks:CreateCluster", "*", context, refused_by)


def updates(context: Mapping[str, Any], refused_by: str = "", who: str = CREATOR) -> Row:
    return Row(who, "eks:UpdateClusterConfig", CLUSTER, context, refused_by)


def entry(name: str, who: str, refused_by: str = "", *, groups: Any = None, account: str = ACCOUNT) -> Row:
    context = {"eks:principalArn": role(name, account), "eks:accessEntryType": "STANDARD"}
    return Row(
        who,
        "eks:CreateAccessEntry",
        CLUSTER,
        context | ({"eks:kubernetesGroups": groups} if groups else {}),
        refused_by,
    )


def associates(policy: str, name: str, who: str, refused_by: str = "", **scope: str) -> Row:
    arn = f"arn:aws:eks:{REGION}:{ACCOUNT}:access-entry/payments/role/{ACCOUNT}/{name.rpartition('/')[2]}/0a1b2c3d"
    context = {"eks:policyArn": f"arn:aws:eks::aws:cluster-access-policy/{policy}", "eks:accessScope": "cluster"}
    return Row(who, "eks:AssociateAccessPolicy", arn, context | (NAMESPACED if scope else {}), refused_by)


def asks(who: str, action: str, refused_by: str = "", *, resource: str = "*", **context: Any) -> Row:
    return Row(who, action, resource, context.get("context", {}), refused_by)


_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"
SHAPE = [
    creates(HARDENED),
    creates(without("eks:kubernetesVersion")),
    creates({}, "CreatePublic"),
    creates(HARDENED, "ChangeNothing", DEV),
    creates(HARDENED, "ChangeNothing", SSO),
    creates(HARDENED, "ChangeNothing", CDK),
    creates({}, who=GLASS),
    creates(HARDENED, who=STACKS),
    creates(without("eks:endpointPublicAccess"), "CreatePublic", STACKS),
    creates(HARDENED, who=BACKUP),
    creates(without("eks:deletionProtection"), "CreateNoProtection", BACKUP),
    creates({}, who=NAMED_GLASS),
    creates({}, who=LINKED),
    *(creates(without(key), f"Create{sid}") for key, sid in (
        ("eks:endpointPublicAccess", "Public"), ("eks:endpointPrivateAccess", "NotPrivate"),
        ("eks:bootstrapClusterCreatorAdminPermissions", "CreatorAdmin"), ("eks:deletionProtection", "NoProtection"),
        ("eks:authenticationMode", "AuthenticationMode"), ("eks:supportType", "SupportType"),
        ("eks:encryptionConfigProviderKeyArns", "NoKey"), ("eks:loggingType/api", "NoApiLog"),
        ("eks:loggingType/audit", "NoAuditLog"), ("eks:loggingType/authenticator", "NoAuthenticatorLog"),
        ("eks:loggingType/controllerManager", "NoControllerManagerLog"), ("eks:loggingType/scheduler", "NoSchedulerLog"),
    )),
    *(creates(but(key, bad), f"Create{sid}") for key, bad, sid in (
        ("eks:endpointPublicAccess", "true", "Public"), ("eks:endpointPrivateAccess", "false", "NotPrivate"),
        ("eks:bootstrapClusterCreatorAdminPermissions", "true", "CreatorAdmin"),
        ("eks:deletionProtection", "false", "NoProtection"), ("eks:authenticationMode", "API_AND_CONFIG_MAP", "AuthenticationMode"),
        ("eks:supportType", "EXTENDED", "SupportType"), ("eks:kubernetesVersion", "1.33", "OldVersion"),
        ("eks:loggingType/audit", "false", "NoAuditLog"),
    )),
    creates(but("eks:kubernetesVersion", "1.38")),
    creates(but("eks:encryptionConfigProviderKeyArns", [KEY.replace(ACCOUNT, OTHER)]), "ForeignKey"),
    creates(but("eks:encryptionConfigProviderKeyArns", [KEY, KEY.replace(ACCOUNT, OTHER)]), "ForeignKey"),
    asks(CREATOR, "eks:AssociateEncryptionConfig", "ForeignKey", resource=CLUSTER,
         context={"eks:encryptionConfigProviderKeyArns": [KEY.replace(ACCOUNT, OTHER)]}),
    asks(CREATOR, "eks:AssociateEncryptionConfig", resource=CLUSTER, context={"eks:encryptionConfigProviderKeyArns": [KEY]}),
    updates({}),
    updates(HARDENED),
    updates({}, "ChangeNothing", DEV),
    *(updates({key: bad}, f"Update{sid}") for key, bad, sid in (
        ("eks:endpointPublicAccess", "true", "Public"), ("eks:endpointPrivateAccess", "false", "NotPrivate"),
        ("eks:authenticationMode", "CONFIG_MAP", "AuthenticationMode"), ("eks:supportType", "EXTENDED", "SupportType"),
        ("eks:loggingType/api", "false", "NoApiLog"), ("eks:loggingType/audit", "false", "NoAuditLog"),
        ("eks:loggingType/authenticator", "false", "NoAuthenticatorLog"),
        ("eks:loggingType/controllerManager", "false", "NoControllerManagerLog"),
        ("eks:loggingType/scheduler", "false", "NoSchedulerLog"),
    )),
    updates({"eks:endpointPublicAccess": "true"}, who=GLASS),
    updates({"eks:deletionProtection": "false"}),
    updates({"eks:deletionProtection": "false"}, "UpdateNoProtection", STACKS),
    updates({}, who=STACKS),
    *(creates(BAD, who=who) for who in (GLASS, NAMED_GLASS)),
    *(updates(BAD, who=who) for who in (GLASS, NAMED_GLASS)),
    asks(CREATOR, "eks:UpdateClusterVersion", resource=CLUSTER, context={"eks:kubernetesVersion": "1.33"}),
]  # fmt: skip
ACCESS = [
    entry("payments-dev", CREATOR),
    entry("payments-dev", DEV, "ChangeNothing"),
    entry("Rules-RulesFunctionRole-Xy12", CREATOR, groups=["hardened-eks:config-rules"]),
    entry("Rules-RulesFunctionRole-Xy12", DEV, "ChangeNothing", groups=["hardened-eks:config-rules"]),
    entry("payments-dev", CREATOR, "Masters", groups=["viewers", "system:masters"]),
    entry("payments-dev", GLASS, "Masters", groups=["system:masters"]),
    entry("hardened-eks-delivery", CREATOR, groups=["hardened-eks:delivery"]),
    entry("hardened-eks-delivery", STACKS, "PowerfulGroups", groups=["hardened-eks:delivery"]),
    entry("service-role/AWSBackupDefaultServiceRole", BACKUP, "PowerfulGroups", groups=["break-glass"]),
    entry("intruder", CREATOR, "ForeignPrincipal", account=OTHER),
    entry("partner", GLASS, account=OTHER),
    entry(GLASS.rpartition("/")[2], GLASS),
    entry("service-role/AWSBackupDefaultServiceRole", BACKUP),
    entry("Recovery-BackupsRole0A1B2C3D-Xy12", OWN_BACKUP),
    associates("AWSBackupFullAccessPolicyForBackup", "Recovery-BackupsRole0A1B2C3D-Xy12", OWN_BACKUP),
    asks(DEV, "iam:PutRolePolicy", "ProtectedRoles", resource=OWN_BACKUP),
    entry("node", LINKED),
    associates(ADMIN, GLASS, CREATOR),
    associates(ADMIN, GLASS, GLASS),
    associates(ADMIN, "payments-dev", CREATOR, "SecondAdmin"),
    associates(ADMIN, "payments-dev", GLASS, "SecondAdmin"),
    associates(ADMIN, "payments-dev", STACKS, "SecondAdmin"),
    associates(ADMIN, GLASS, DEV, "ChangeNothing"),
    associates("AmazonEKSAdminPolicy", "payments-dev", CREATOR, "AdminEverywhere"),
    associates("AmazonEKSAdminPolicy", "payments-dev", CREATOR, scope="namespace"),
    associates("AmazonEKSViewPolicy", "payments-dev", CREATOR),
    associates("AWSBackupFullAccessPolicyForBackup", "AWSBackupDefaultServiceRole", BACKUP),
    associates("AWSBackupFullAccessPolicyForRestore", "AWSBackupDefaultServiceRole", BACKUP),
    associates("AWSBackupFullAccessPolicyForRestore", "payments-dev", CREATOR, "BackupAdmin"),
    asks(DEV, "eks:UpdateAccessEntry", "ChangeNothing", resource=CLUSTER),
    asks(CREATOR, "eks:UpdateAccessEntry", resource=CLUSTER),
    asks(CREATOR, "eks:AssociateIdentityProviderConfig", "IdentityProvider", resource=CLUSTER),
    asks(GLASS, "eks:AssociateIdentityProviderConfig", resource=CLUSTER),
    asks(DEV, "eks:MutateViaKubernetesApi", "ChangeNothing", resource=CLUSTER),
    asks(DEV, "eks:DescribeCluster", resource=CLUSTER),
    asks(DEV, "eks:AccessKubernetesApi", resource=CLUSTER),
    asks(DEV, "eks:DeleteCluster", "ChangeNothing", resource=CLUSTER),
    asks(CREATOR, "eks:DeleteCluster", resource=CLUSTER),
    asks(DEV, "ec2:RunInstances"),
    asks(DEV, "iam:UpdateAssumeRolePolicy", "ProtectedRoles", resource=CREATOR),
    asks(SSO, "iam:AttachRolePolicy", "ProtectedRoles", resource=GLASS),
    asks(GLASS, "iam:UpdateAssumeRolePolicy", "ProtectedRoles", resource=GLASS),
    asks(DEV, "iam:CreateRole", "ProtectedRoles", resource=role("My-BreakGlass-too")),
    asks(DEV, "iam:CreateRole", resource=role("payments-app")),
    asks(CREATOR, "iam:CreateRole", resource=GLASS),
    asks(STACKS, "iam:CreateRole", resource=CREATOR),
    asks(TOWER, "iam:UpdateAssumeRolePolicy", resource=GLASS),
    asks(SELF_MANAGED, "iam:UpdateAssumeRolePolicy", resource=GLASS),
    *(
        asks(DEV, "iam:DeleteRole", "ProtectedRoles", resource=name)
        for name in (NAMED_GLASS, BACKUP, STACKS, TOWER, SELF_MANAGED)
    ),
    *(asks(who, "eks:UpdateAddon", resource=CLUSTER) for who in (GLASS, NAMED_GLASS, STACKS, TOWER, SELF_MANAGED)),
    entry("hardened-eks-delivery", GLASS, groups=["break-glass"]),
    entry("hardened-eks-delivery", NAMED_GLASS, groups=["break-glass"]),
    entry("partner", NAMED_GLASS, account=OTHER),
    asks(NAMED_GLASS, "eks:AssociateIdentityProviderConfig", resource=CLUSTER),
    associates(ADMIN, NAMED_GLASS, CREATOR),
    associates("AmazonEKSAdminPolicy", NAMED_GLASS, CREATOR),
    associates("AmazonEKSAdminPolicy", GLASS, CREATOR),
    associates("AWSBackupFullAccessPolicyForRestore", "payments-dev", GLASS),
    associates("AWSBackupFullAccessPolicyForRestore", "payments-dev", NAMED_GLASS),
]
EVIDENCE = [
    asks(CREATOR, "cloudtrail:StopLogging", "TrailStays"),
    asks(GLASS, "cloudtrail:StopLogging", "TrailStays"),
    asks(TOWER, "cloudtrail:StopLogging"),
    asks(CREATOR, "cloudtrail:UpdateTrail"),
    asks(DEV, "cloudtrail:PutEventSelectors", "SetupStays"),
    asks(GLASS, "config:StopConfigurationRecorder", "SetupStays"),
    asks(DEV, "config:DescribeConfigurationRecorders"),
    asks(TOWER, "config:PutConfigurationRecorder"),
    asks(SSO, "guardduty:CreateFilter", "SetupStays"),
    asks(DEV, "ec2:ModifyInstanceMetadataOptions", "AccountStays"),
    asks(DEV, "ec2:DeleteFlowLogs", "AccountStays"),
    asks(CREATOR, "ec2:DeleteFlowLogs"),
    asks(DEV, "logs:DeleteLogGroup", "LogsStay", resource=f"{_GROUP}/aws/eks/payments/cluster"),
    asks(DEV, "logs:DeleteLogGroup", "LogsStay", resource=f"{_GROUP}trail"),
    asks(DEV, "logs:DeleteLogGroup", "LogsStay", resource=f"{_GROUP}trail:*"),
    asks(DEV, "logs:DeleteLogStream", "LogsStay", resource=f"{_GROUP}trail:log-stream:a"),
    asks(DEV, "logs:DeleteLogGroup", resource=f"{_GROUP}/aws/lambda/theirs"),
    asks(CREATOR, "logs:PutRetentionPolicy", resource=f"{_GROUP}/aws/eks/payments/cluster"),
    asks(DEV, "logs:DeleteLogGroup", "OwnedLogsStay", resource=f"{_GROUP}Payments-FlowLogs-Xy12", context=OWNED),
    asks(DEV, "logs:DeleteLogGroup", resource=f"{_GROUP}Payments-FlowLogs-Xy12"),
    asks(CREATOR, "logs:DeleteLogGroup", resource=f"{_GROUP}Payments-FlowLogs-Xy12", context=OWNED),
    asks(DEV, "logs:UntagResource", "OwnedLogsStay", resource=f"{_GROUP}Payments-FlowLogs-Xy12", context=OWNED),
    asks(DEV, "logs:UntagLogGroup", "OwnedLogsStay", resource=f"{_GROUP}Payments-FlowLogs-Xy12", context=OWNED),
    asks(DEV, "logs:AssociateKmsKey", "LogsStay", resource=f"{_GROUP}/aws/eks/payments/cluster"),
    asks(DEV, "logs:UntagResource", resource=f"{_GROUP}/aws/lambda/theirs"),
    asks(DEV, "logs:TagResource", resource=f"{_GROUP}Payments-FlowLogs-Xy12", context=OWNED),
    asks(DEV, "kms:ScheduleKeyDeletion", "KeysStay", resource=KEY, context=OWNED),
    asks(DEV, "kms:ScheduleKeyDeletion", resource=KEY),
    asks(CREATOR, "kms:PutKeyPolicy", resource=KEY, context=OWNED),
    asks(DEV, "kms:CreateGrant", "NoGrants", resource=KEY, context=OWNED),
    asks(DEV, "kms:CreateGrant", resource=KEY, context={**OWNED, "kms:GrantIsForAWSResource": "true"}),
    asks(REGISTRY, "kms:CreateGrant", resource=KEY, context={**OWNED, "kms:ViaService": f"ecr.{REGION}.amazonaws.com"}),
    asks(DEV, "kms:CreateGrant", "NoGrants", resource=KEY, context={**OWNED, "kms:ViaService": "rds.x.amazonaws.com"}),
    asks(DEV, "ecr:BatchDeleteImage", "ImagesStay", context=OWNED),
    asks(DEV, "ecr:PutImage", context=OWNED),
    asks(DEV, "lambda:UpdateFunctionCode", "FunctionsStay", context=OWNED),
    asks(GLASS, "lambda:RemovePermission", "FunctionsStay", context=OWNED),
    asks(DEV, "lambda:PutFunctionConcurrency", "FunctionsStay", context=OWNED),
    asks(DEV, "lambda:UpdateFunctionCode"),
    asks(DEV, "lambda:InvokeFunction", context=OWNED),
    asks(CREATOR, "lambda:UpdateFunctionCode", context=OWNED),
    asks(CREATOR, "backup:DeleteRecoveryPoint", "BackupsStay"),
    asks(DEV, "ecr:BatchDeleteImage"),
    asks(DEV, "kms:CreateGrant", resource=KEY),
    *(asks(who, action, resource=f"{_GROUP}trail", context=OWNED)
      for who in (STACKS, TOWER, SELF_MANAGED)
      for action in ("cloudtrail:DeleteTrail", "config:DeleteConfigRule", "ec2:DeleteFlowLogs", "logs:DeleteLogGroup",
                     "kms:DisableKey", "kms:CreateGrant", "ecr:DeleteRepository", "backup:DeleteRecoveryPoint",
                     "lambda:DeleteFunction")),
    *(asks(CREATOR, action, resource=f"{_GROUP}trail", context=OWNED)
      for action in ("config:DeleteConfigRule", "kms:CreateGrant", "ecr:DeleteRepository")),
]  # fmt: skip
