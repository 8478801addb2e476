"""A local double of AWS: a small account in memory that answers an audit's calls, refuses, breaks off and forgets.

It is no AWS and checks nothing; answers have the shape that botocore parses. What it is not told, it answers with
nothing there. `DoubleOfAws.refuse` makes a call fail, as denied, throttled for good, or broken off after some pages.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from typing import Any

import botocore.session
from botocore.exceptions import ClientError, EndpointConnectionError

from hardened_eks.sources.account.asking import Clients

ACCOUNT, REGION = "111122223333", "eu-west-1"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
_MODELS = botocore.session.get_session()


def failure(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"{code} of the double"}}, operation)


class DoubleOfAws:
    """One Region of one account with a cluster ``payments``."""

    def __init__(self, account: str = ACCOUNT, region: str = REGION, clusters: tuple[str, ...] = ("payments",)) -> None:
        self.account, self.region, self.clusters = account, region, list(clusters)
        self.calls: Counter[str] = Counter()
        self.regions: set[str] = set()
        self.at_once = self.most_at_once = 0
        self.seconds = 0.0
        """How long a call takes."""
        self._lock = threading.Lock()
        self.refused: dict[str, Exception] = {}
        self._pages: dict[str, list[Any]] = {}
        self.answers: dict[str, Any] = self._account()

    def refuse(self, call: str, code: str = "AccessDeniedException") -> None:
        """Make `call` (``kms:GetKeyPolicy``) fail with a code; ``network`` for no connection at all."""
        broken = EndpointConnectionError(endpoint_url="https://double") if code == "network" else None
        self.refused[call] = broken or failure(code, call.split(":")[1])

    def in_pages(self, call: str, pages: list[Any]) -> None:
        """Make `call` answer in pages; one that is an exception breaks off there."""
        self._pages[call] = pages

    def clients(self) -> Clients:
        return Clients(lambda service, region: _Client(self, service, region))

    def answer(self, call: str, arguments: dict[str, Any]) -> Any:
        with self._lock:
            self.calls[call] += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            time.sleep(self.seconds)
            return self._answer(call, arguments)
        finally:
            with self._lock:
                self.at_once -= 1

    def _answer(self, call: str, arguments: dict[str, Any]) -> Any:
        if call in self.refused:
            raise self.refused[call]
        if call in self._pages:
            token = next((v for k, v in arguments.items() if k.lower().endswith(("token", "marker"))), "0")
            page = self._pages[call][int(token)]
            if isinstance(page, Exception):
                raise page
            more = int(token) + 1 < len(self._pages[call])
            return {**page, **({"nextToken": str(int(token) + 1)} if more else {})}
        found = self.answers.get(call, {})
        return found(arguments) if callable(found) else found

    def arn(self, service: str, rest: str, *, everywhere: bool = False) -> str:
        return f"arn:aws:{service}:{'' if everywhere else self.region}:{self.account}:{rest}"

    def _account(self) -> dict[str, Any]:
        key = self.arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")
        self.key = key
        return {
            "sts:GetCallerIdentity": {"Account": self.account, "Arn": self.arn("iam", "user/me", everywhere=True)},
            "eks:ListClusters": lambda _: {"clusters": list(self.clusters)},
            "eks:DescribeCluster": self._cluster,
            "eks:ListAddons": {"addons": ["vpc-cni"]},
            "eks:DescribeAddon": lambda a: {"addon": {
                "addonName": "vpc-cni", "clusterName": a["clusterName"], "addonVersion": "v1.20.0-eksbuild.1",
                "addonArn": self.arn("eks", f"addon/{a['clusterName']}/vpc-cni/1"), "status": "ACTIVE",
                "configurationValues": '{"enableNetworkPolicy": "true"}', "tags": {"owner": "team"},
            }},
            "iam:GetAccountAuthorizationDetails": {"RoleDetailList": [
                {"RoleName": "eks", "Arn": self.arn("iam", "role/eks", everywhere=True), "Path": "/", "RoleId": "AROA1",
                 "AssumeRolePolicyDocument": TRUST, "AttachedManagedPolicies": [
                     {"PolicyName": "AmazonEKSClusterPolicy", "PolicyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"}]},
                {"RoleName": "elsewhere", "Arn": self.arn("iam", "role/elsewhere", everywhere=True), "Path": "/",
                 "AssumeRolePolicyDocument": TRUST},
            ]},
            "iam:ListRoles": {"Roles": [{"RoleName": name, "MaxSessionDuration": 3600} for name in ("eks", "elsewhere")]},
            "iam:GetOpenIDConnectProvider": lambda _: _absent("NoSuchEntity"),
            "kms:DescribeKey": lambda _: {"KeyMetadata": {
                "KeyId": key.rpartition("/")[2], "Arn": key, "KeyManager": "CUSTOMER", "Enabled": True,
                "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "MultiRegion": False}},
            "kms:GetKeyPolicy": {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": self.arn("iam", "root", everywhere=True)}, "Action": "kms:*", "Resource": "*"}]})},
            "kms:GetKeyRotationStatus": {"KeyRotationEnabled": True},
            "ec2:DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-0a1", "CidrBlock": "10.0.0.0/16"}]},
            "ec2:DescribeVpcAttribute": lambda a: {a["Attribute"][0].upper() + a["Attribute"][1:]: {"Value": True}},
            "ec2:DescribeSubnets": {"Subnets": [
                {"SubnetId": f"subnet-0a{n}", "VpcId": "vpc-0a1", "CidrBlock": f"10.0.{n}.0/24",
                 "AvailabilityZone": f"{self.region}{zone}", "MapPublicIpOnLaunch": False}
                for n, zone in enumerate("abc")]},
            "ec2:DescribeSecurityGroups": {"SecurityGroups": [
                {"GroupId": "sg-0a1", "GroupName": "default", "VpcId": "vpc-0a1", "Description": "default VPC security group",
                 "OwnerId": self.account}]},
            "ec2:DescribeVpcBlockPublicAccessOptions":
                {"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-bidirectional"}},
            "ec2:GetSnapshotBlockPublicAccessState": {"State": "block-all-sharing"},
            "securityhub:DescribeHub": {"HubArn": self.arn("securityhub", "hub/default")},
            "ecr:GetRegistryPolicy": lambda _: _absent("RegistryPolicyNotFoundException"),
            "logs:DescribeLogGroups": lambda a: {"logGroups": [
                {"logGroupName": f"/aws/eks/{name}/cluster", "arn": self.arn("logs", f"log-group:/aws/eks/{name}/cluster:*"),
                 "retentionInDays": 365, "kmsKeyId": key, "logGroupClass": "STANDARD"} for name in self.clusters
                if f"/aws/eks/{name}/cluster".startswith(a["logGroupNamePrefix"])]},
        }  # fmt: skip

    def _cluster(self, arguments: dict[str, Any]) -> dict[str, Any]:
        name = arguments["name"]
        if name not in self.clusters:
            return _absent("ResourceNotFoundException")
        return {"cluster": {
            "name": name, "arn": self.arn("eks", f"cluster/{name}"), "version": "1.36", "status": "ACTIVE",
            "roleArn": self.arn("iam", "role/eks", everywhere=True), "deletionProtection": True,
            "resourcesVpcConfig": {
                "subnetIds": ["subnet-0a0", "subnet-0a1", "subnet-0a2"], "securityGroupIds": [], "vpcId": "vpc-0a1",
                "clusterSecurityGroupId": "sg-0c1", "endpointPublicAccess": False, "endpointPrivateAccess": True,
                "publicAccessCidrs": []},
            "logging": {"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]},
            "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": self.key}}],
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            "identity": {"oidc": {"issuer": f"https://oidc.eks.{self.region}.amazonaws.com/id/ABC"}},
            "tags": {"owner": "team", "aws:cloudformation:stack-name": "Payments",
                     "aws:cloudformation:logical-id": "Cluster", "aws:cloudformation:stack-id": "x"},
        }}  # fmt: skip


def _absent(code: str) -> Any:
    raise failure(code, "Describe")


class _Client:
    """Answers as a client of one service does."""

    def __init__(self, double: DoubleOfAws, service: str, region: str) -> None:
        self._double, self._service = double, service
        double.regions.add(region)
        names = _MODELS.get_service_model(service).operation_names
        self._operations = {_snake(name): name for name in names}

    def __getattr__(self, method: str) -> Any:
        operation = self._operations[method]  # an operation that AWS has not is a mistake of the audit
        return lambda **arguments: self._double.answer(f"{self._service}:{operation}", arguments)


def _snake(name: str) -> str:
    from botocore import xform_name

    return str(xform_name(name))
