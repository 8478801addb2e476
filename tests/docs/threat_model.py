"""Who the threat model speaks of, with the policies that decide, and the things that they act on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.access.creator_role import statements_of
from tests.access.creator_stacks import ACCOUNT, REGION, resolve
from tests.iam import Policies, Request, evaluate
from tests.iam.aws_managed import POLICIES as AWS

FOREIGN = "111122223333"
BREAK_GLASS, KEY, ECR = "BreakGlass", "AWS::KMS::Key", "AWS::ECR::Repository"
Templates = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Thing:
    """What an action is on."""

    arn: str
    key: str = ""
    """Logical id of the key whose policy has a say."""
    repository: bool = False
    owner: str = ACCOUNT
    context: Mapping[str, Any] = field(default_factory=dict)


def _arn(service: str, name: str, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{account}:{name}"


def _owned(stack: str) -> dict[str, Any]:
    return {"aws:ResourceTag/hardened-eks:owner": stack, "aws:RequestTag/hardened-eks:owner": stack}


FOUNDATION, CLUSTER = _owned("HardenedEks-Foundation"), _owned("HardenedEks-Cluster")
THINGS = {
    "everything": Thing("*"),
    "a bucket in this account": Thing("arn:aws:s3:::ours/x"),
    "a bucket in another account": Thing("arn:aws:s3:::theirs/x", owner=FOREIGN),
    "an image layer": Thing(f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/x", owner=FOREIGN),
    "a role in this account": Thing(_arn("iam", "role/Payroll", region="")),
    "a role in another account": Thing(_arn("iam", "role/Theirs", FOREIGN, ""), owner=FOREIGN),
    "a role in the stacks": Thing(_arn("iam", "role/HardenedEks-Cluster-x", region="")),
    "the break-glass role": Thing(_arn("iam", "role/HardenedEks-Cluster-BreakGlass", region="")),
    "a user": Thing(_arn("iam", "user/eve", region="")),
    "a secret in this account": Thing(_arn("secretsmanager", "secret:payroll-1")),
    "a parameter": Thing(_arn("ssm", "parameter/payroll")),
    "a log group in another account": Thing(_arn("logs", "log-group:theirs:*", FOREIGN), owner=FOREIGN),
    "the audit log": Thing(_arn("logs", "log-group:/aws/eks/hardened/cluster")),
    "another log group": Thing(_arn("logs", "log-group:aws-cloudtrail-logs")),
    "a repository in another account": Thing(_arn("ecr", "repository/theirs", FOREIGN), owner=FOREIGN),
    "any repository": Thing(_arn("ecr", "repository/payroll")),
    "the repository": Thing(_arn("ecr", "repository/hardenedeks-registry-x"), repository=True),
    "any subnet": Thing(_arn("ec2", "subnet/subnet-1")),
    "an instance": Thing(_arn("ec2", "instance/i-1")),
    "a network interface": Thing(_arn("ec2", "network-interface/eni-1")),
    "a route table": Thing(_arn("ec2", "route-table/rtb-1")),
    "a volume": Thing(_arn("ec2", "volume/vol-1")),
    "a snapshot": Thing(_arn("ec2", "snapshot/snap-1")),
    "the VPC": Thing(_arn("ec2", "vpc/vpc-1"), context=FOUNDATION),
    "the DNS firewall": Thing(_arn("route53resolver", "firewall-rule-group/rslvr-1"), context=FOUNDATION),
    "the cluster": Thing(
        _arn("eks", "cluster/hardened"),
        context={"eks:principalArn": _arn("iam", "role/Payroll", region=""), **CLUSTER},
    ),
    "another cluster": Thing(
        _arn("eks", "cluster/payroll"), context={"eks:principalArn": _arn("iam", "role/Payroll", region="")}
    ),
    "the volumes key": Thing(_arn("kms", "key/volumes"), key="KeysVolumes", context=FOUNDATION),
    "the Secrets key": Thing(_arn("kms", "key/secrets"), key="KeysSecrets", context=FOUNDATION),
    "a key in the stacks": Thing(_arn("kms", "key/volumes"), key="KeysVolumes", context=FOUNDATION),
    "another key": Thing(_arn("kms", "key/payroll")),
    "the alert rule": Thing(_arn("events", "rule/HardenedEks-Cluster-x")),
    "the alert topic": Thing(_arn("sns", "HardenedEks-Cluster-x")),
    "the event bus": Thing(_arn("events", "event-bus/default")),
    "a trail": Thing(_arn("cloudtrail", "trail/organization")),
}  # fmt: skip
ROLES = {
    "aws-node": "ClusterBeforeNodesvpccniRole",
    "EBS driver": "ClusterAfterNodesawsebscsidriverRole",
    "node": "ClustergeneralRole",
    "break-glass role": "ClusterBreakGlassRole",
}
"""Who -> how the logical id of the role begins."""
USER, OTHER = _arn("iam", "user/on-call", region=""), _arn("iam", "user/eve", region="")
PERSON = {
    "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60", "aws:ViaAWSService": "false",
    "aws:username": "on-call", "sts:SourceIdentity": "on-call", "aws:RequestedRegion": REGION,
}  # fmt: skip
PEOPLE: dict[str, tuple[str, dict[str, str]]] = {
    "on-call with MFA": (USER, PERSON),
    "on-call without MFA": (USER, {k: v for k, v in PERSON.items() if "MultiFactor" not in k}),
    "on-call with old MFA": (USER, {**PERSON, "aws:MultiFactorAuthAge": "901"}),
    "on-call under another name": (USER, {**PERSON, "sts:SourceIdentity": "eve"}),
    "on-call in another Region": (USER, {**PERSON, "aws:RequestedRegion": "us-west-2"}),
    "another user with MFA": (OTHER, {**PERSON, "aws:username": "eve", "sts:SourceIdentity": "eve"}),
}
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class World:
    """The default deployment as IAM sees it."""

    def __init__(self, templates: Templates) -> None:
        """Read the reference app's templates."""
        self.resources: dict[str, dict[str, Any]] = {
            logical_id: resolve(body, stack)
            for stack, template in templates.items()
            for logical_id, body in template["Resources"].items()
        }
        self.creator = {"Statement": statements_of(cluster_prefix="hardened")}

    def allows(self, who: str, action: str, on: str, **context: Any) -> bool:
        """Say whether `who` may do `action` on a thing."""
        thing = THINGS[on]
        if who in PEOPLE:
            principal, said = PEOPLE[who]
            policies = Policies(resource=self.trust(BREAK_GLASS), resource_decides=True)
            return bool(evaluate(Request(action=action, resource="*", principal=principal, context=said), policies))
        foreign = who.startswith("foreign")
        account = FOREIGN if foreign else ACCOUNT
        name = "ci" if who == "image pusher" else "caller"
        asked = Request(
            action=action,
            resource=thing.arn,
            principal=f"arn:aws:iam::{account}:role/{name}",
            context={
                "aws:PrincipalAccount": account, "aws:ResourceAccount": thing.owner, "aws:RequestedRegion": REGION,
                "aws:SecureTransport": "true", "kms:CallerAccount": account,
                "kms:ScheduleKeyDeletionPendingWindowInDays": "30", "kms:GrantIsForAWSResource": "false",
                "aws:PrincipalIsAWSService": "false", **thing.context, **context,
            },
        )  # fmt: skip
        if who.endswith("credentials"):
            return bool(evaluate(asked, Policies(identity=[EVERYTHING], limits=[self.endpoint(action)])))
        resource = self.key(thing.key) if thing.key else self.repository() if thing.repository else None
        policies = Policies(
            identity=self.identity(who),
            resource=resource,
            resource_decides=bool(thing.key),
            resource_account=thing.owner,
        )
        return bool(evaluate(asked, policies))

    def identity(self, who: str) -> list[Mapping[str, Any]]:
        """Return the policies of an identity."""
        if who.endswith("administrator"):
            return [EVERYTHING]
        if who == "creator role":
            return [self.creator]
        return [] if who == "image pusher" else self.attached(ROLES[who])

    def attached(self, start: str) -> list[Mapping[str, Any]]:
        """Return the policies of a role of the templates; those of AWS by name."""
        found: list[Mapping[str, Any]] = []
        for arn in self.one(start, "AWS::IAM::Role")["ManagedPolicyArns"]:
            if isinstance(arn, str) and arn.startswith("arn:aws:iam::aws:policy/"):
                found.append({"Statement": AWS[arn.rpartition("/")[2]]})
            else:
                found.append(self.one(str(arn), "AWS::IAM::ManagedPolicy")["PolicyDocument"])
        return [self.filled(document) for document in found]

    def filled(self, document: Any) -> Any:
        """Put ARNs for references to the keys of the other stack."""
        text = json.dumps(document)
        for name in ("Volumes", "Secrets"):
            for value in _references(document, f"Keys{name}"):
                text = text.replace(json.dumps(value), json.dumps(_arn("kms", f"key/{name.lower()}")))
        return json.loads(text)

    def endpoint(self, action: str) -> list[Mapping[str, Any]]:
        """Return the policy of the endpoint that carries an action; empty, so nothing is allowed, where there is none."""
        services = {"ecr": "ecr.api"}
        service = action.partition(":")[0]
        return [
            body["Properties"]["PolicyDocument"]
            for body in self.resources.values()
            if body["Type"] == "AWS::EC2::VPCEndpoint"
            and body["Properties"]["ServiceName"].endswith(f".{services.get(service, service)}")
        ]

    def trust(self, start: str) -> Mapping[str, Any]:
        """Return the trust policy of a role."""
        document: Mapping[str, Any] = self.one(f"Cluster{start}Role", "AWS::IAM::Role")["AssumeRolePolicyDocument"]
        return document

    def key(self, start: str) -> Mapping[str, Any]:
        """Return a key's policy."""
        document: Mapping[str, Any] = self.one(start, KEY)["KeyPolicy"]
        return document

    def repository(self) -> Mapping[str, Any]:
        """Return the repository's policy."""
        document: Mapping[str, Any] = self.one("Repository", ECR)["RepositoryPolicyText"]
        return document

    def one(self, start: str, kind: str) -> Mapping[str, Any]:
        """Return the properties of the one resource of a type whose logical id begins so."""
        (found,) = [b for k, b in self.resources.items() if k.startswith(start) and b["Type"] == kind]
        properties: Mapping[str, Any] = found["Properties"]
        return properties


def _references(value: Any, name: str) -> list[Any]:
    if isinstance(value, dict):
        if "Fn::GetStackOutput" in value and name in json.dumps(value):
            return [value]
        return [one for item in value.values() for one in _references(item, name)]
    return [one for item in value for one in _references(item, name)] if isinstance(value, list) else []
