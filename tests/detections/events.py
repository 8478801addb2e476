"""Builders of events and log records in the shape in which AWS and EKS write them.

CloudTrail: eventVersion 1.11 with userIdentity and sessionContext, as it comes through EventBridge or in a trail's log
group. Audit log: one compact JSON line, keys in the order of the Go types, at the level of EKS's audit policy.
"""

from __future__ import annotations

import copy
import json
from typing import Any

ACCOUNT, REGION, CLUSTER = "444455556666", "eu-central-1", "ledger"
KEY_ID = "9f8e7d6c-1111-4222-8333-0123456789ab"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"
LOGS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/aaaabbbb-1111-4222-8333-0123456789ab"
CREATOR = f"arn:aws:iam::{ACCOUNT}:role/ledger-creator"
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/emergency/ledger-break-glass"
LB_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ledger-load-balancer"
POD_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ledger-app"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ledger/db-A1b2C3"
SHARED = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ledger-shared/"
HOST, NODE = "i-0aaaaaaaaaaaaaaaa", "i-0bbbbbbbbbbbbbbbb"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/"
CLOUDFORMATION = "cloudformation.amazonaws.com"

PARAMETERS: dict[str, Any] = {
    "account": ACCOUNT,
    "region": REGION,
    "cluster": CLUSTER,
    "kms_key": KEY,
    "more_keys": [LOGS_KEY],
    "break_glass_role": BREAK_GLASS,
    "vpc_cidr": "10.40.0.0/16",
    "pod_cidrs": ["100.64.0.0/16"],
    "roles": ["ledger-cluster", "ledger-node"],
    "trusted_registries": [REGISTRY, "public.ecr.aws/eks/"],
    "trusted_automation": [CREATOR, f"arn:aws:iam::{ACCOUNT}:role/ledger-pipeline"],
    "secrets": [SECRET, SHARED + "*"],
    "pod_roles": [POD_ROLE],
    "admin_hosts": [HOST],
    "load_balancer_roles": [LB_ROLE],
}

Event = dict[str, Any]


def role(arn: str = f"arn:aws:iam::{ACCOUNT}:role/developer", *, via: str = "", session: str = "alice") -> Event:
    """A session of a role; `via` is the AWS service that made the call in its name."""
    name = arn.rsplit("/", 1)[-1]
    identity = {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE0000000000:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLE0000000000",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE0000000000",
                "arn": arn,
                "accountId": ACCOUNT,
                "userName": name,
            },
            "attributes": {"creationDate": "2026-11-02T08:00:00Z", "mfaAuthenticated": "false"},
        },
    }
    return {**identity, "invokedBy": via} if via else identity


def service_role(name: str, service: str) -> Event:
    """A service-linked role at work for its service."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{service}/{name}"
    return role(arn, via=service, session="Service")


PERSON = role()
TRUSTED = role(CREATOR, via=CLOUDFORMATION, session="AWSCloudFormation")
FOREIGN = role(f"arn:aws:iam::{ACCOUNT}:role/somebody-elses", via=CLOUDFORMATION, session="AWSCloudFormation")
DIRECT = role(CREATOR, session="mallory")  # the trusted role's credentials, used by hand
EKS_SERVICE = service_role("AWSServiceRoleForAmazonEKS", "eks.amazonaws.com")
NODEGROUP_SERVICE = service_role("AWSServiceRoleForAmazonEKSNodegroup", "eks-nodegroup.amazonaws.com")
GUARDDUTY_SERVICE = service_role("AWSServiceRoleForAmazonGuardDuty", "guardduty.amazonaws.com")
SCALING_SERVICE = service_role("AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com")
STEP_FUNCTIONS = role(via="states.amazonaws.com")  # a person's state machine: no service of its own accord
USER = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE0000000000",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/ci",
    "accountId": ACCOUNT,
    "accessKeyId": "AKIAEXAMPLE0000000000",
    "userName": "ci",
}
USER_STACK = {**USER, "invokedBy": CLOUDFORMATION}  # a stack without a service role runs with its creator's rights
ROOT = {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root", "accountId": ACCOUNT}
STRANGERS = [PERSON, FOREIGN, DIRECT, role(CREATOR, via="states.amazonaws.com"), USER, USER_STACK, ROOT, STEP_FUNCTIONS]
"""Everybody who is not trusted, and how they call."""
SERVICE = {"type": "AWSService", "invokedBy": "AWS Internal"}


def event(source: str, detail_type: str, detail: Event, *, resources: list[str] | None = None) -> Event:
    """An event of the default event bus."""
    return {
        "version": "0",
        "id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "detail-type": detail_type,
        "source": source,
        "account": ACCOUNT,
        "time": "2026-11-02T09:30:00Z",
        "region": REGION,
        "resources": resources or [],
        "detail": detail,
    }


def record(service: str, name: str, parameters: Event | None = None, *, by: Event = PERSON, **more: Any) -> Event:
    """A CloudTrail record of an API call."""
    via = by.get("invokedBy", "")
    return {
        "eventVersion": "1.11",
        "userIdentity": copy.deepcopy(by),
        "eventTime": "2026-11-02T09:29:58Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": via or "203.0.113.77",
        "userAgent": via or "aws-cli/2.31.0 md/awscrt#0.27 ua/2.1 os/linux",
        "requestParameters": parameters,
        "responseElements": None,
        "requestID": "0f1e2d3c-5555-4666-8777-888899990000",
        "eventID": "11112222-3333-4444-8555-666677778888",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
        **more,
    }


def call(service: str, name: str, parameters: Event | None = None, *, by: Event = PERSON, **more: Any) -> Event:
    """An API call as EventBridge delivers it."""
    return event(f"aws.{service}", "AWS API Call via CloudTrail", record(service, name, parameters, by=by, **more))


def line(record_: Event) -> str:
    """A record as one line of a log group."""
    return json.dumps(record_, separators=(",", ":"))


def denied(original: Event) -> Event:
    """The same call, refused by IAM: no parameters, no cluster."""
    changed = copy.deepcopy(original)
    changed["detail"] |= {"errorCode": "AccessDenied", "errorMessage": "not authorized"}
    return changed


def replayed(original: Event) -> Event:
    """The same event, put on the bus again by a program of ours."""
    return {**copy.deepcopy(original), "source": "com.example.replay"}


def described(original: Event) -> Event:
    """The same detail under another type of event of the service."""
    return {**copy.deepcopy(original), "detail-type": "AWS Service Event via CloudTrail"}


def elsewhere(original: Event) -> Event:
    """The same call of another API of the family."""
    changed = copy.deepcopy(original)
    changed["detail"]["eventSource"] = "other.amazonaws.com"
    return changed


def made_by(original: Event, by: Event) -> Event:
    """The same call by somebody else."""
    changed = copy.deepcopy(original)
    changed["detail"]["userIdentity"] = copy.deepcopy(by)
    return changed
