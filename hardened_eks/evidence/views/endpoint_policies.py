"""Policies of VPC endpoints: whose principals can access whose resources through them.

Data can leave in two ways: with foreign credentials to the account of those credentials, or with own credentials to a
foreign resource that admits them.

Source: https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/vpc_endpoint_policies
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks.evidence import conditions
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.views.iam import every_resource
from hardened_eks.evidence.views.owners import account_of, owners
from hardened_eks.evidence.views.resource_policies import may_be_anybody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.policies import Statement

DEFAULT_POLICY: Final = "VPC endpoints have the default policy"
"""The cause that findings about endpoints without a policy share."""
_ROLES: Final = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
CARRIES: Final = {
    "s3": ("s3:PutObject", "s3:DeleteObject", "s3:CreateMultipartUpload"),
    "s3express": ("s3express:CreateSession",),
    "dynamodb": ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"),
    "sqs": ("sqs:SendMessage",),
    "sns": ("sns:Publish",),
    "kinesis-streams": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "lambda": ("lambda:InvokeFunction",),
    "events": ("events:PutEvents",),
    "states": ("states:StartExecution",),
    "execute-api": ("execute-api:Invoke",),
    "secretsmanager": ("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"),
    "sts": _ROLES,
    "ecr.api": ("ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:DeleteRepository"),
}
"""Service of an endpoint -> actions that transfer data to another account if its resource admits them."""
CARRIES["ecr.dkr"] = CARRIES["ecr.api"]
CARRIES["s3-global.accesspoint"] = CARRIES["s3"]

_PRINCIPAL: Final = ("aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn")
_RESOURCE: Final = ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount")
_SPARED: Final = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})
_LAYERS: Final = regex(r"prod-[\w-]+-starport-layer-bucket")
"""The buckets of ECR with the layers of images."""
_AWS_BUCKETS: Final = regex(
    r"(?:amazon|aws)-ssm-[\w-]+|[\w-]+-birdwatcher-prod|al2023-repos-[\w-]+"
    r"|aws-ssm-document-attachments-[\w-]+|patch-baseline-snapshot-[\w-]+|aws-patch-manager-[\w-]+"
    r"|amazonlinux(?:-2-repos)?[\w-]*|(?:repo|packages)\.[\w*-]+\.amazonaws\.com|aws-windows-downloads-[\w-]+"
    r"|cloudformation-custom-resource-response-[\w-]+",
    hints=("-ssm-", "-birdwatcher-prod", "al2023-repos-", "patch-baseline-snapshot-", "aws-patch-manager-",
           "amazonlinux", ".amazonaws.com", "aws-windows-downloads-", "cloudformation-custom-resource-response-"),
)  # fmt: skip
"""Other buckets of AWS for packages, agents and CloudFormation responses. Nobody else can own these names."""


def service_of(endpoint: Resource) -> str:
    """Return the service name without its Region: ``ecr.api``."""
    name = LATER.sub("x", str(endpoint.get("ServiceName", ""))).removesuffix("-fips")
    return ".".join(name.split(".")[3:])


class Side(enum.Enum):
    """The owner of the principals or resources of a statement."""

    OURS = enum.auto()
    NAMED = enum.auto()
    """Named individually, by an owner that is not known."""
    ANY = enum.auto()


class Perimeter:
    """The policy of one endpoint, evaluated statement by statement."""

    def __init__(self, endpoint: Resource, statements: Sequence[Statement], assembly: Assembly) -> None:
        self._own = owners(endpoint, endpoint.get("PolicyDocument"), assembly)
        self._prefixes = {action.partition(":")[0] for action in CARRIES.get(service_of(endpoint), ())}
        refusals = [statement for statement in statements if not statement.allows and not statement.unknown]
        self._no_strangers = any(self._refuses(statement, _PRINCIPAL) for statement in refusals)
        self._no_strange_resources = any(self._refuses(statement, _RESOURCE) for statement in refusals)

    def principals(self, statement: Statement) -> Side:
        """Return whose principals an Allow admits, regardless of their network (aws:SourceVpc)."""
        if self._no_strangers or _service(statement) or self._tied(statement, _PRINCIPAL):
            return Side.OURS
        names = [value for _, value in statement.principals]
        if statement.anybody or not names or any(map(may_be_anybody, names)):
            return Side.ANY
        return Side.NAMED if any(self._own.account(account_of(name)) is False for name in names) else Side.OURS

    def resources(self, statement: Statement) -> Side:
        """Return whose resources an Allow covers."""
        if self._no_strange_resources or _service(statement) or self._tied(statement, _RESOURCE):
            return Side.OURS
        if statement.not_resources or not statement.resources:
            return Side.ANY
        sides = {self._resource(resource) for resource in statement.resources}
        return next(side for side in (Side.ANY, Side.NAMED, Side.OURS) if side in sides)

    def _resource(self, resource: str) -> Side:
        if every_resource(resource):
            return Side.ANY
        parts = LATER.sub(lambda found: found[0].replace(":", "."), resource).split(":", 5)
        if len(parts) == 6 and parts[2].startswith("s3") and not parts[4]:
            return self._bucket(parts[5].split("/", 1)[0])
        if len(parts) == 6:
            account = parts[4].replace("..", "::")
            named = bool(account.strip("*?"))
            return Side.OURS if named and self._own.of_one_account(account) else Side.NAMED if named else Side.ANY
        return (
            Side.OURS
            if self._own.arn(resource.split("}", 1)[0] + "}")
            else Side.ANY
            if LATER.fullmatch(resource)
            else Side.NAMED
        )

    def _bucket(self, name: str) -> Side:
        if "${AWS..AccountId}" in name or self._own.arn(name):
            return Side.OURS
        plain = LATER.sub("x", name)
        if _LAYERS.fullmatch(plain) or _AWS_BUCKETS.fullmatch(plain):
            return Side.OURS
        if any(account in name for account in self._own.accounts):
            return Side.OURS
        return Side.ANY if len(LATER.sub("xxx", name).replace("*", "")) < 3 else Side.NAMED

    def _tied(self, statement: Statement, keys: Iterable[str]) -> bool:
        return any(
            conditions.requires(operator) and key in keys and values and all(self._own.value(key, v) for v in values)
            for operator, key, values in conditions.elements(statement.conditions)
        )

    def _refuses(self, statement: Statement, keys: Iterable[str]) -> bool:
        """Return whether a Deny excludes everything that is not own on one side, the principals or the resources."""
        if not statement.anybody or statement.not_actions or not self._every_action(statement):
            return False
        if not (any(map(every_resource, statement.resources)) or self._spares_ours(statement)):
            return False
        found = False
        for operator, key, values in conditions.elements(statement.conditions):
            plain = operator.removeprefix("forallvalues:").removesuffix("ifexists")
            if key in _SPARED and plain == "bool" and {value.lower() for value in values} == {"false"}:
                continue
            if not values or not plain.startswith(("stringnot", "arnnot")):
                return False
            if key.startswith("aws:principaltag/") and not any(set(value) <= set("*?") for value in values):
                continue  # an exception by a tag that policies of the organization protect
            if key not in keys or not all(self._own.value(key, value) for value in values):
                return False
            found = True
        return found

    def _every_action(self, statement: Statement) -> bool:
        """Return whether a statement covers every action of the endpoint's service."""
        return any(
            action == "*" or (action.endswith(":*") and (not self._prefixes or action[:-2].lower() in self._prefixes))
            for action in statement.actions
        )

    def _spares_ours(self, statement: Statement) -> bool:
        spared = statement.not_resources
        return bool(spared) and all(self._resource(resource) is Side.OURS for resource in spared)


def _service(statement: Statement) -> bool:
    """Return whether a statement admits only AWS services."""
    return any(
        operator == "bool" and key == "aws:principalisawsservice" and {value.lower() for value in values} == {"true"}
        for operator, key, values in conditions.elements(statement.conditions)
    )
