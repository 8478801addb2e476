"""Calls of the APIs around the cluster."""

from typing import Any

from tests.detections.cases import BUS, TRAIL, Case, Table, calls, lines
from tests.detections.events import (
    ACCOUNT,
    BREAK_GLASS,
    CREATOR,
    CLUSTER,
    DIRECT,
    EKS_SERVICE,
    FOREIGN,
    GUARDDUTY_SERVICE,
    HOST,
    KEY,
    KEY_ID,
    LB_ROLE,
    LOGS_KEY,
    NODE,
    NODEGROUP_SERVICE,
    PERSON,
    POD_ROLE,
    REGION,
    ROOT,
    SCALING_SERVICE,
    SECRET,
    SERVICE,
    SHARED,
    STRANGERS,
    TRUSTED,
    USER,
    USER_STACK,
    Event,
    call,
    denied,
    event,
    line,
    made_by,
    record,
    role,
)

OTHER_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000ffff-1111-4222-8333-0123456789ab"
OPEN = "AuthorizeSecurityGroupIngress"
ANY, ANY_6 = "0.0.0.0/0", "::/0"


def kms(name: str, by: Event = PERSON, /, *, key: str = KEY, typed: str | None = "", resources: bool = True) -> Event:
    """A call on a key: `typed` is what the caller named it by."""
    parameters = None if typed is None else {"keyId": typed or key}
    named = [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": key}]
    return call("kms", name, parameters, by=by, resources=named if resources else None)


def trail(name: str, by: Event = PERSON, /) -> Event:
    return call("cloudtrail", name, {"name": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/org"}, by=by)


def logs(name: str, by: Event = PERSON, /, **parameters: Any) -> Event:
    return call("logs", name, parameters, by=by, apiVersion="20140328")


GROUP = f"/aws/eks/{CLUSTER}/cluster"
GROUP_ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"


def unprotect(group: str, by: Event = PERSON, *, on: bool = False) -> Event:
    return logs("PutLogGroupDeletionProtection", by, logGroupIdentifier=group, deletionProtectionEnabled=on)


def ec2(name: str, by: Event = PERSON, /, **parameters: Any) -> Event:
    return call("ec2", name, parameters, by=by)


def ingress(v4: list[str] | None = None, v6: list[str] | None = None, by: Event = PERSON, *, name: str = OPEN) -> Event:
    """The structured shape: a list of permissions, each with ranges."""
    permission = {
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "groups": {},
        "prefixListIds": {},
        "ipRanges": {"items": [{"cidrIp": cidr} for cidr in v4]} if v4 else {},
        "ipv6Ranges": {"items": [{"cidrIpv6": cidr} for cidr in v6]} if v6 else {},
    }
    return ec2(name, by, groupId="sg-0123", ipPermissions={"items": [permission]})


def flat(cidr: str, by: Event = PERSON, *, name: str = OPEN) -> Event:
    """The flat shape of the old parameters."""
    return ec2(name, by, groupId="sg-0123", ipPermissions={}, ipProtocol="tcp", fromPort=22, toPort=22, cidrIp=cidr)


def modified(name: str = "ModifySecurityGroupRules", /, **rule: str) -> Event:
    return ec2(
        name,
        ModifySecurityGroupRulesRequest={
            "GroupId": "sg-0123",
            "SecurityGroupRule": {
                "tag": 1,
                "SecurityGroupRuleId": "sgr-01",
                "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 22, **rule},
            },
        },
    )


def imds(tokens: str, by: Event = PERSON, *, name: str = "ModifyInstanceMetadataOptions") -> Event:
    return ec2(name, by, ModifyInstanceMetadataOptionsRequest={"InstanceId": NODE, "HttpTokens": tokens})


BY_LB = made_by(flat(ANY), role(LB_ROLE, session="controller"))
LB_STACK = made_by(flat(ANY), role(LB_ROLE, via="cloudformation.amazonaws.com"))
PATHS = (
    "CreateRoute",
    "ReplaceRoute",
    "DeleteRoute",
    "ReplaceRouteTableAssociation",
    "CreateInternetGateway",
    "AttachInternetGateway",
    "CreateNatGateway",
    "DeleteVpcEndpoints",
    "ModifyVpcEndpoint",
    "CreateVpcPeeringConnection",
    "AcceptVpcPeeringConnection",
    "CreateNetworkAclEntry",
    "ReplaceNetworkAclEntry",
    "DeleteNetworkAclEntry",
    "CreateNetworkAcl",
    "DeleteNetworkAcl",
    "ReplaceNetworkAclAssociation",
    "CreateCustomerGateway",
    "DeleteCustomerGateway",
    "DeleteInternetGateway",
    "DetachInternetGateway",
    "CreateRouteTable",
    "DeleteRouteTable",
    "DisassociateRouteTable",
    "CreateVpc",
    "DeleteVpc",
    "ModifyVpcAttribute",
    "DeleteVpcPeeringConnection",
    "RejectVpcPeeringConnection",
    # The same by other calls.
    "AssociateRouteTable",
    "CreateEgressOnlyInternetGateway",
    "CreateTransitGatewayVpcAttachment",
    "AcceptTransitGatewayVpcAttachment",
    "CreateTransitGatewayRoute",
    "CreateVpnConnection",
    "AttachVpnGateway",
    "CreateCarrierGateway",
    "EnableVgwRoutePropagation",
    "CreateVpcEndpoint",
    "CreateClientVpnRoute",
    "AssociateClientVpnTargetNetwork",
    "ModifyVpcBlockPublicAccessOptions",
    "CreateVpcBlockPublicAccessExclusion",
)
GROUP_CALLS = (
    OPEN,
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "ModifySecurityGroupRules",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
    "AssociateSecurityGroupVpc",
    "DisassociateSecurityGroupVpc",
)

STOPS = ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors",
         "DeleteEventDataStore", "StopEventDataStoreIngestion", "UpdateEventDataStore")  # fmt: skip
ROLE_CALLS = (
    "UpdateAssumeRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "DeleteRole",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
    "UpdateRole",
)


def iam(name: str, by: Event = PERSON, /, *, role_name: str = "ledger-node") -> Event:
    return call("iam", name, {"roleName": role_name, "policyName": "p"}, by=by)


def sts(name: str = "AssumeRole", arn: str = BREAK_GLASS, **more: Any) -> Event:
    return call(
        "sts", name, {"roleArn": arn, "roleSessionName": "alice", "durationSeconds": 3600}, readOnly=True, **more
    )


WHY = " because no identity-based policy allows the sts:AssumeRole action"


def refused(arn: str = BREAK_GLASS, *, why: str = "") -> Event:
    """A call that IAM denies: it has no parameters."""
    text = f"User: {PERSON['arn']} is not authorized to perform: sts:AssumeRole on resource: {arn}{why}"
    return call("sts", "AssumeRole", None, readOnly=True, errorCode="AccessDenied", errorMessage=text)


def sign_in(
    mfa: str = "No",
    result: str = "Success",
    who: Event = USER,
    kind: str = "AWS Console Sign In via CloudTrail",
    name: str = "ConsoleLogin",
) -> Event:
    detail = record(
        "signin",
        name,
        None,
        by=who,
        eventType="AwsConsoleSignIn",
        responseElements={name: result},
        additionalEventData={"LoginTo": "https://console.aws.amazon.com/", "MobileVersion": "No", "MFAUsed": mfa},
    )
    return event("aws.signin", kind, detail)


def bucket(name: str, by: Event = PERSON, /, *, read: bool = False) -> Event:
    parameters = {"bucketName": "ledger-trail", "Host": "ledger-trail.s3.eu-central-1.amazonaws.com"}
    resources = [{"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::ledger-trail", "accountId": ACCOUNT}]
    return call("s3", name, parameters, by=by, resources=resources, readOnly=read)


BUCKET_CALLS = (
    "PutBucketPolicy",
    "DeleteBucketPolicy",
    "PutBucketAcl",
    "PutBucketCors",
    "DeleteBucketCors",
    "PutBucketLifecycle",
    "DeleteBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketReplication",
    "PutBucketPublicAccessBlock",
    "DeleteBucketPublicAccessBlock",
    "PutAccountPublicAccessBlock",
    "DeleteAccountPublicAccessBlock",
)


POLICY_CALLS = (
    *(f"{verb}Policy" for verb in ("Create", "Delete")),
    *(f"{verb}PolicyVersion" for verb in ("Create", "Delete")),
    "SetDefaultPolicyVersion",
    *(f"{verb}{kind}Policy" for verb in ("Attach", "Detach", "Put", "Delete") for kind in ("Role", "User", "Group")),
)


def organization(name: str = "DetachPolicy", by: Event = PERSON, /, *, read: bool = False) -> Event:
    return call("organizations", name, {"policyId": "p-abcdefgh", "targetId": ACCOUNT}, by=by, readOnly=read)


SWITCHED = sign_in()
SWITCHED["detail"]["eventName"] = "SwitchRole"
PIPELINE = role(f"arn:aws:iam::{ACCOUNT}:role/ledger-pipeline", via="cloudformation.amazonaws.com")


def secret(name: str = "GetSecretValue", by: Event = PERSON, /, **parameters: Any) -> Event:
    return call("secretsmanager", name, parameters or {"secretId": SECRET}, by=by, readOnly=True)


APP = role(POD_ROLE, session="eks-ledger-cart")


def session(name: str = "StartSession", service: str = "ssm", by: Event = PERSON, **parameters: Any) -> Event:
    return call(service, name, parameters or {"target": NODE}, by=by)


def detail(one: Event) -> str:
    return line(one["detail"])


GONE = "DeleteAlarms"


def alerting(name: str = GONE, source: str = "monitoring", by: Event = PERSON, **more: Any) -> Event:
    return call(source, name, {"alarmNames": ["ledger-audit-silent"], **more}, by=by)


AWS: Table = {
    ("kms-key-at-risk", BUS): calls(
        [*(kms(name, typed="alias/ledger") for name in ("DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DeleteImportedKeyMaterial",
                                  "DisableKeyRotation", "UpdatePrimaryRegion")),
         *(kms(name, typed=typed, resources=False) for typed in (KEY, KEY_ID) for name in (
             "DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DeleteImportedKeyMaterial", "DisableKeyRotation",
             "UpdatePrimaryRegion")),
         *(kms("DisableKey", by, typed=KEY_ID, resources=False) for by in STRANGERS),
         kms("DisableKey"), kms("ScheduleKeyDeletion", key=LOGS_KEY, typed="alias/logs"),
         kms("DisableKey", typed=LOGS_KEY, resources=False), kms("DisableKey", typed=LOGS_KEY[-36:], resources=False),
         kms("RevokeGrant"), kms("RetireGrant", typed=None), kms("RevokeGrant", key=LOGS_KEY),
         kms("RevokeGrant", FOREIGN), kms("RevokeGrant", USER_STACK), kms("RevokeGrant", DIRECT),
         *(kms("RevokeGrant", role(via=f"{name}.amazonaws.com")) for name in ("states", "scheduler", "ssm"))],
        [kms("DisableKey", key=OTHER_KEY), kms("EnableKey"), kms("DescribeKey"), kms("RevokeGrant", key=OTHER_KEY),
         kms("RetireGrant", role(via="ec2.amazonaws.com"), typed=None), kms("RetireGrant", SERVICE, typed=None),
         kms("EnableKey", typed=KEY, resources=False), kms("DisableKey", key=OTHER_KEY, resources=False),
         kms("DisableKey", TRUSTED, typed=KEY, resources=False), kms("CreateGrant")]),
    ("kms-key-grant", BUS): calls(
        [kms("CreateGrant"), kms("CreateGrant", SCALING_SERVICE, key=LOGS_KEY)],
        [kms("CreateGrant", key=OTHER_KEY), kms("RetireGrant")], trust=False),
    ("trail-stopped", BUS): calls([trail(name) for name in STOPS], [trail("StartLogging"), trail("CreateTrail")]),
    ("trail-stopped", TRAIL): lines(
        [*(detail(trail(name)) for name in STOPS), *(detail(trail("StopLogging", by)) for by in STRANGERS)],
        [detail(trail("StartLogging")), detail(denied(trail("StopLogging"))), detail(call("logs", "StopLogging")),
         detail(trail("StopLogging", PIPELINE)),
         *(detail(trail(name, TRUSTED)) for name in STOPS)]),
    ("log-group-tampered", BUS): calls(
        [*(logs(name, logGroupName=GROUP) for name in (
            "DeleteLogGroup", "DeleteLogStream", "PutRetentionPolicy", "DeleteRetentionPolicy", "DisassociateKmsKey",
            "DeleteMetricFilter", "DeleteSubscriptionFilter")),
         *(logs(name, resourceIdentifier=GROUP_ARN + GROUP) for name in (
            "DeleteLogGroup", "DeleteLogStream", "PutRetentionPolicy", "DeleteRetentionPolicy", "DisassociateKmsKey",
            "DeleteMetricFilter", "DeleteSubscriptionFilter")),
         *(logs("DeleteLogGroup", logGroupName=f"/aws/{of}") for of in ("cloudtrail/org", "vpc/ledger")),
         *(logs("DisassociateKmsKey", resourceIdentifier=GROUP_ARN + of) for of in (
             GROUP + ":*", "/aws/cloudtrail/org", "/aws/vpc/ledger")),
         *(logs(name, logGroupName=GROUP) for name in ("AssociateKmsKey", "PutMetricFilter")),
         logs("AssociateKmsKey", resourceIdentifier=GROUP_ARN + GROUP),
         *(logs(name, logGroupIdentifier=of) for name in ("PutDataProtectionPolicy", "PutTransformer")
           for of in (GROUP, GROUP_ARN + GROUP, GROUP_ARN + "/aws/cloudtrail/org")),
         *(logs("PutAccountPolicy", policyName="a", policyType=kind)
           for kind in ("DATA_PROTECTION_POLICY", "TRANSFORMER_POLICY")),
         *(unprotect(of) for of in (GROUP, "/aws/cloudtrail/org", "/aws/vpc/ledger")),
         *(unprotect(GROUP_ARN + of) for of in (GROUP, GROUP + ":*", "/aws/cloudtrail/org", "/aws/vpc/ledger"))],
        [logs("DeleteLogGroup", logGroupName="/aws/lambda/other"), logs("CreateLogGroup", logGroupName=GROUP),
         logs("PutTransformer", logGroupIdentifier=GROUP_ARN + "/aws/lambda/other"),
         logs("PutAccountPolicy", policyName="a", policyType="SUBSCRIPTION_FILTER_POLICY"),
         logs("DeleteAccountPolicy", policyName="a", policyType="DATA_PROTECTION_POLICY"),
         logs("CreateLogStream", resourceIdentifier=GROUP_ARN + GROUP),
         logs("DisassociateKmsKey", resourceIdentifier=GROUP_ARN + "/aws/lambda/other"),
         unprotect(GROUP, on=True), unprotect(GROUP_ARN + GROUP, on=True), unprotect("/aws/lambda/other"),
         logs("TagLogGroup", logGroupIdentifier=GROUP, deletionProtectionEnabled=False),
         logs("TagLogGroup", logGroupIdentifier=GROUP_ARN + GROUP, deletionProtectionEnabled=False)]),
    ("flow-logs-deleted", BUS): calls(
        [ec2("DeleteFlowLogs", DeleteFlowLogsRequest={"FlowLogId": {"tag": 1, "content": "fl-1"}}),
         ec2("DeleteFlowLogs", FOREIGN)],
        [ec2("CreateFlowLogs"), ec2("DescribeFlowLogs", readOnly=True)]),
    ("guardduty-off", BUS): calls(
        [call("guardduty", name, {"detectorId": "d1"}) for name in (
            "DeleteDetector", "StopMonitoringMembers", "DisassociateMembers", "DeleteMembers",
            "DisassociateFromAdministratorAccount", "DisassociateFromMasterAccount", "DisableOrganizationAdminAccount",
            "UpdateOrganizationConfiguration", "UpdateMemberDetectors", "UpdateMalwareScanSettings", "CreateFilter",
            "UpdateFilter", "CreateIPSet", "UpdateIPSet", "CreateTrustedEntitySet", "UpdateTrustedEntitySet",
            "ArchiveFindings", "DeletePublishingDestination", "UpdateDetector")],
        [call("guardduty", "CreateDetector"), call("guardduty", "UnarchiveFindings")]),
    ("config-off", BUS): calls(
        [call("config", name) for name in (
            "StopConfigurationRecorder", "DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DeleteConfigRule",
            "DeleteConformancePack", "DeleteOrganizationConfigRule", "DeleteOrganizationConformancePack",
            "PutConfigurationRecorder", "PutDeliveryChannel", "DeleteServiceLinkedConfigurationRecorder",
            "DisassociateResourceTypes")],
        [call("config", "StartConfigurationRecorder"), call("config", "PutConfigRule")]),
    ("hook-off", BUS): calls(
        [call("cloudformation", name) for name in ("DeactivateType", "DeregisterType", "SetTypeConfiguration")],
        [call("cloudformation", "ActivateType"), call("cloudformation", "RegisterType")]),
    ("security-hub-off", BUS): calls(
        [call("securityhub", name) for name in (
            "DisableSecurityHub", "DisableSecurityHubV2", "DisableSecurityHubFeatureV2", "BatchDisableStandards",
            "BatchUpdateStandardsControlAssociations", "UpdateStandardsControl", "DisableImportFindingsForProduct",
            "DisassociateFromAdministratorAccount", "DisassociateFromMasterAccount", "DisassociateMembers",
            "DeleteMembers", "DisableOrganizationAdminAccount", "StartConfigurationPolicyDisassociation",
            "DeleteActionTarget")],
        [call("securityhub", "EnableSecurityHub"), call("securityhub", "BatchEnableStandards")]),
    ("alerting-tampered", BUS): calls(
        [*(alerting(name) for name in (GONE, "DisableAlarmActions", "PutAlarmMuteRule")),
         *(alerting(name, "events") for name in (
             "DeleteRule", "DisableRule", "RemoveTargets", "RemovePermission", "DeleteConnection", "UpdateConnection",
             "DeauthorizeConnection", "DeleteApiDestination", "UpdateApiDestination")),
         *(alerting(name, "sns") for name in (
             "DeleteTopic", "Unsubscribe", "SetTopicAttributes", "SetSubscriptionAttributes", "RemovePermission")),
         alerting("PutRule", "events", state="DISABLED"),
         *(alerting(name, actionsEnabled=False) for name in ("PutMetricAlarm", "PutCompositeAlarm", "PutLogAlarm"))],
        [alerting("PutMetricAlarm", actionsEnabled=True), alerting("PutRule", "events", state="ENABLED"),
         alerting("EnableRule", "events", state="DISABLED"), alerting("EnableAlarmActions", actionsEnabled=False),
         alerting(by=SCALING_SERVICE),
         alerting("Unsubscribe", "sqs")], api=False),
    ("iam-role-changed", BUS): calls(
        [*(iam(name) for name in ROLE_CALLS), iam("PutRolePolicy", role_name="ledger-cluster")],
        [iam("PutRolePolicy", role_name="other"), iam("GetRole"), iam("TagRole")]),
    ("iam-role-changed", TRAIL): lines(
        [*(detail(iam(name)) for name in ROLE_CALLS), detail(iam("PutRolePolicy", role_name="ledger-cluster")),
         *(detail(iam("PutRolePolicy", by)) for by in STRANGERS)],
        [detail(iam("PutRolePolicy", role_name="other")), detail(iam("GetRolePolicy")), detail(iam("PutRolePolicy", TRUSTED)),
         detail(denied(iam("PutRolePolicy"))), line(record("sso", "PutRolePolicy", {"roleName": "ledger-node"})),
         detail(iam("PutRolePolicy", PIPELINE))]),
    ("break-glass-assumed", BUS): calls(
        [sts(), sts("AssumeRoleWithSAML"), made_by(sts(), TRUSTED), refused(), refused(why=WHY)],
        [sts(arn=CREATOR), refused(CREATOR), refused(BREAK_GLASS + "-2"), refused(BREAK_GLASS + "-2", why=WHY),
         sts("DecodeAuthorizationMessage")], trust=False, denials=True),
    ("break-glass-assumed", TRAIL): lines(
        [detail(sts()), detail(sts("AssumeRoleWithSAML")), detail(refused()), detail(refused(why=WHY))],
        [detail(sts(arn=CREATOR)), detail(refused(CREATOR)), detail(refused(BREAK_GLASS + "-2", why=WHY)),
         detail(sts("GetFederationToken")),
         line(record("other", "AssumeRole", {"roleArn": BREAK_GLASS}))]),
    ("console-login-no-mfa", BUS): Case(
        (sign_in(), sign_in(who=ROOT), sign_in(kind="AWS Console Signin via CloudTrail")),
        (sign_in(mfa="Yes"), sign_in(result="Failure"), sign_in(who=PERSON), SWITCHED,
         {**sign_in(), "source": "com.example.replay"}, {**sign_in(), "detail-type": "AWS API Call via CloudTrail"},
         sign_in(kind="AWS Service Event via CloudTrail"))),
    ("console-login-no-mfa", TRAIL): lines(
        [detail(sign_in()), detail(sign_in(who=ROOT))],
        [detail(sign_in(mfa="Yes")), detail(sign_in(result="Failure")), detail(sign_in(who=PERSON)),
         detail(SWITCHED)]),
    ("console-login-failed", TRAIL): lines(
        [detail(sign_in(result="Failure")), detail(sign_in(result="Failure", who=ROOT, mfa="Yes"))],
        [detail(sign_in()), detail(sign_in(result="Failure", name="CheckMfa")),
         line(record("signin", "SwitchRole", responseElements={"ConsoleLogin": "Failure"})),
         line(record("other", "ConsoleLogin", responseElements={"ConsoleLogin": "Failure"}))]),
    ("api-denied", TRAIL): lines(
        [detail(denied(iam("CreateUser"))), line(record("eks", "ListClusters", errorCode="AccessDeniedException")),
         line(record("ec2", "RunInstances", errorCode="Client.UnauthorizedOperation"))],
        [detail(iam("CreateUser")), line(record("eks", "DescribeCluster", errorCode="ResourceNotFoundException")),
         line(record("iam", "GetRole", by=SCALING_SERVICE, errorCode="AccessDenied"))]),
    ("iam-policy-changed", BUS): calls(
        [call("iam", name, {"policyArn": "arn:aws:iam::444455556666:policy/p"}) for name in POLICY_CALLS],
        [call("iam", "GetPolicyVersion", readOnly=True), call("iam", "CreateRole"), call("iam", "UpdateAssumeRolePolicy")]),
    ("iam-policy-changed", TRAIL): lines(
        [*(line(record("iam", name)) for name in POLICY_CALLS), *(line(record("iam", "CreatePolicy", by=by)) for by in STRANGERS)],
        [line(record("iam", "GetPolicyVersion", readOnly=True)), line(record("iam", "GetRolePolicy", readOnly=True)),
         line(record("iam", "CreateRole")), line(record("iam", "CreatePolicy", by=TRUSTED)),
         line(record("iam", "CreatePolicy", by=PIPELINE)), line(record("iam", "CreatePolicy", errorCode="AccessDenied")),
         line(record("organizations", "AttachPolicy"))]),
    ("s3-policy-changed", BUS): calls(
        [bucket(name) for name in BUCKET_CALLS], [bucket("CreateBucket"), bucket("PutBucketTagging"), bucket("GetBucketPolicy", read=True)]),
    ("s3-policy-changed", TRAIL): lines(
        [*(detail(bucket(name)) for name in BUCKET_CALLS), *(detail(bucket("PutBucketPolicy", by)) for by in STRANGERS)],
        [detail(bucket("PutBucketTagging")), detail(bucket("GetBucketPolicy", read=True)),
         detail(bucket("PutBucketPolicy", TRUSTED)),
         detail(bucket("PutBucketPolicy", PIPELINE)), detail(denied(bucket("PutBucketPolicy"))),
         line(record("other", "PutBucketPolicy", {"bucketName": "ledger-trail"}))]),
    ("organization-changed", BUS): calls(
        [*(organization(name) for name in ("DetachPolicy", "MoveAccount", "LeaveOrganization", "CreateAccount"))],
        [organization("DescribePolicy", read=True), organization("ListRoots", read=True)]),
    ("organization-changed", TRAIL): lines(
        [*(detail(organization("DetachPolicy", by)) for by in STRANGERS), detail(organization("EnableAllFeatures"))],
        [detail(organization("DescribePolicy", read=True)), detail(organization("UpdatePolicy", TRUSTED)),
         detail(organization("UpdatePolicy", PIPELINE)), detail(denied(organization())),
         line(record("other", "DetachPolicy"))]),
    ("root-used", BUS): Case(
        (made_by(ec2("RunInstances"), ROOT), sign_in(who=ROOT, mfa="Yes"),
         sign_in(who=ROOT, kind="AWS Console Signin via CloudTrail")),
        (ec2("RunInstances"), made_by(ec2("RunInstances"), {**ROOT, "invokedBy": "support.amazonaws.com"}),
         made_by(call("signin", "x", eventType="AwsServiceEvent"), ROOT), sign_in(),
         {**made_by(ec2("RunInstances"), ROOT), "detail-type": "AWS Service Event via CloudTrail"})),
    ("root-used", TRAIL): lines(
        [line(record("ec2", "RunInstances", by=ROOT)), detail(sign_in(who=ROOT))],
        [line(record("ec2", "RunInstances")), line(record("ec2", "RunInstances", by={**ROOT, "invokedBy": "s3.amazonaws.com"})),
         line(record("x", "y", by=ROOT, eventType="AwsServiceEvent"))]),
    ("secret-read", BUS): calls(
        [secret(), secret(secretId=SECRET[:-7]), secret(secretId="ledger/db"), secret(secretId=SHARED + "mq-aaaaaa"),
         secret(secretId="ledger-shared/mq"), secret("BatchGetSecretValue", secretIdList=["x", "ledger-shared/mq"]),
         secret("BatchGetSecretValue", secretIdList=[SHARED + "mq"]), secret("BatchGetSecretValue", secretIdList=[
            "other", SECRET]), secret("BatchGetSecretValue", secretIdList=[SECRET[:-7]]),
         secret("BatchGetSecretValue", secretIdList=["ledger/db"]),
         made_by(secret(), role(POD_ROLE, via="cloudformation.amazonaws.com"))],
        [secret(secretId="ledger/other"), secret("DescribeSecret"), made_by(secret(), APP),
         secret("BatchGetSecretValue", secretIdList=["other"])]),
    ("secret-read", TRAIL): lines(
        [*(detail(secret("GetSecretValue", by)) for by in STRANGERS),
         *(detail(secret(secretId=name)) for name in ("ledger/db", SHARED + "mq-aaaaaa", "ledger-shared/mq"))],
        [detail(made_by(secret(), APP)), detail(made_by(secret(), TRUSTED)), detail(made_by(secret(), PIPELINE)), detail(secret("DescribeSecret")),
         detail(secret(secretId="other")), detail(denied(secret())),
         line(record("other", "GetSecretValue", {"secretId": SECRET}))]),
    ("admin-host-session", BUS): calls(
        [session(target=HOST), session(by=DIRECT, target=HOST)],
        [session(), session("TerminateSession", target=HOST)], trust=False),
    ("node-session", BUS): calls(
        [session(), session("SendCommand", instanceIds=[HOST, NODE], documentName="AWS-RunShellScript"),
         session("SendCommand", targets=[{"key": "tag:eks:cluster-name", "values": [CLUSTER]}]),
         session("OpenTunnel", "ec2-instance-connect", instanceConnectEndpointId="eici-0123456789abcdef0",
                 privateIpAddress="10.40.3.4", remotePort="22"),
         session("SendSSHPublicKey", "ec2-instance-connect", instanceId=NODE, instanceOSUser="ec2-user"),
         session("SendSerialConsoleSSHPublicKey", "ec2-instance-connect", instanceId=NODE),
         *(session("SendCommand", by=role(via=f"{name}.amazonaws.com"), instanceIds=[NODE]) for name in ("states", "scheduler"))],
        [session(target=HOST), session("SendCommand", instanceIds=[HOST]),
         session("SendSSHPublicKey", "ec2-instance-connect", instanceId=HOST),
         session("SendCommand", by=role(via="ssm.amazonaws.com"), instanceIds=[NODE]),
         session("TerminateSession", target=NODE), session("CancelCommand", instanceIds=[NODE]),
         session("StartAssociationsOnce", targets=[{"key": "tag:a", "values": ["b"]}]),
         session("SendCommand", by=role(via="ssm.amazonaws.com"), targets=[{"key": "tag:a", "values": ["b"]}]),
         session("GetConsole", "ec2-instance-connect", instanceId=NODE)], trust=False, api=False),
    ("sg-opened-to-world", BUS): calls(
        [flat(ANY), ingress([ANY]), ingress(["10.0.0.0/8", ANY]), ingress(v6=[ANY_6]), flat(ANY_6),
         modified(CidrIpv4=ANY), modified(CidrIpv6=ANY_6), LB_STACK],
        [flat("10.0.0.0/8"), ingress(["10.0.0.0/8"], ["fd00::/8"]), modified(CidrIpv4="10.0.0.0/8"), BY_LB,
         modified(CidrIpv6="fd00::/8"), flat(ANY, name="AuthorizeSecurityGroupEgress"),
         ingress([ANY], name="AuthorizeSecurityGroupEgress"), ingress(v6=[ANY_6], name="RevokeSecurityGroupIngress"),
         modified("DescribeSecurityGroupRules", CidrIpv4=ANY), modified("DescribeSecurityGroupRules", CidrIpv6=ANY_6)]),
    ("sg-changed", BUS): calls(
        [*(ec2(name, groupId="sg-0123") for name in GROUP_CALLS), LB_STACK],
        [ec2("CreateSecurityGroups"), ec2("DescribeSecurityGroups"), BY_LB,
         *(made_by(flat("10.0.0.0/8"), by) for by in (EKS_SERVICE, NODEGROUP_SERVICE, GUARDDUTY_SERVICE))]),
    ("network-path-changed", BUS): calls(
        [ec2(name, vpcId="vpc-1") for name in PATHS],
        [ec2("CreateVpcEndpointServiceConfiguration"), ec2("DescribeRouteTables"), ec2("CreateSubnet"),
         *(made_by(ec2("DeleteVpcEndpoints"), by) for by in (EKS_SERVICE, NODEGROUP_SERVICE, GUARDDUTY_SERVICE))]),
    ("imds-weakened", BUS): calls(
        [imds("optional"), imds("optional", FOREIGN)],
        [imds("required"), imds("optional", name="DescribeInstances")]),
    ("ecr-weakened", BUS): calls(
        [*(call("ecr", name, {"repositoryName": "cart"}) for name in (
            "PutRegistryScanningConfiguration", "BatchUpdateRepositoryScanningConfiguration", "SetRepositoryPolicy",
            "PutRegistryPolicy", "DeleteRepositoryPolicy", "DeleteRegistryPolicy", "DeleteRepository",
            "DeleteLifecyclePolicy", "PutLifecyclePolicy", "DeleteSigningConfiguration", "PutSigningConfiguration",
            "PutReplicationConfiguration", "CreatePullThroughCacheRule", "UpdatePullThroughCacheRule",
            "CreateRepositoryCreationTemplate", "UpdateRepositoryCreationTemplate", "PutAccountSetting")),
         *(call("ecr", "PutImageTagMutability", {"repositoryName": "cart", "imageTagMutability": how})
           for how in ("MUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION")),
         call("ecr", "PutImageScanningConfiguration",
              {"repositoryName": "cart", "imageScanningConfiguration": {"scanOnPush": False}})],
        [call("ecr", "PutImageTagMutability", {"repositoryName": "cart", "imageTagMutability": "IMMUTABLE"}),
         call("ecr", "PutImageScanningConfiguration",
              {"repositoryName": "cart", "imageScanningConfiguration": {"scanOnPush": True}}),
         call("ecr", "CreateRepository", {"repositoryName": "cart", "imageTagMutability": "MUTABLE",
                                          "imageScanningConfiguration": {"scanOnPush": False}})]),
    ("ecr-policy-public", BUS): calls(
        [call("ecr", "SetRepositoryPolicy", {"repositoryName": "cart", "policyText": text}) for text in (
            '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}',
            '{\n  "Statement": [{\n    "Effect": "Allow",\n    "Principal": {\n      "AWS": ["*"]\n    }}]}')]
        + [call("ecr", "PutRegistryPolicy", {"policyText": '{"Statement":[{"Principal":{"AWS": "*"}}]}'})],
        [call("ecr", "SetRepositoryPolicy", {"policyText":
            '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":["ecr:*"]}]}'}),
         call("ecr", "SetRepositoryPolicy", {"policyText": '{"Statement":[{"Action":"*","Effect":"Deny"}]}'}),
         call("ecr", "CreateRepository", {"policyText": '{"Statement":[{"Principal":"*"}]}'})]),
}  # fmt: skip
