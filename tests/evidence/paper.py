"""Deploy templates on paper: every resource gets the ids that AWS gives it, every reference becomes such an id.

What comes out is shaped as a running account is: no intrinsic function is left, and what a resource is called stands
where the provider schema has it (``SubnetId``, ``Arn``, ``RoleName``), or beside it as its physical id.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from hardened_eks.evidence import Assembly, Resource, Template, identifiers
from hardened_eks.evidence.expressions import VARIABLE
from hardened_eks.evidence.intrinsics import condition

ACCOUNT, REGION = "123456789012", "eu-west-1"

_PREFIXES = {
    "Subnet": "subnet", "VPC": "vpc", "SecurityGroup": "sg", "RouteTable": "rtb", "InternetGateway": "igw",
    "NatGateway": "nat", "VPCEndpoint": "vpce", "LaunchTemplate": "lt", "NetworkAcl": "acl", "EIP": "eipalloc",
    "FlowLog": "fl", "Instance": "i",
}  # fmt: skip
_ARNS = {
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::IAM::ManagedPolicy": "iam::{account}:policy/{name}",
    "AWS::IAM::User": "iam::{account}:user/{name}",
    "AWS::IAM::InstanceProfile": "iam::{account}:instance-profile/{name}",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::KMS::Key": "kms:{region}:{account}:key/{name}",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    "AWS::SecretsManager::Secret": "secretsmanager:{region}:{account}:secret:{name}-AbCdEf",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Events::Rule": "events:{region}:{account}:rule/{name}",
}
_PSEUDO = {
    "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com", "AWS::StackId": "arn:aws:cloudformation:stack",
    "AWS::NotificationARNs": [],
}  # fmt: skip
_NOTHING = object()
_WITH_IDS = {"AWS::EC2::LaunchTemplate", "AWS::EC2::SecurityGroup"}
"""Types that have a name and an id, of which Ref returns the id."""


def deployed(assembly: Assembly, *, as_properties: bool = True) -> Assembly:
    """Return the account that the templates of an assembly make.

    Args:
        assembly: the templates; parameters take their defaults.
        as_properties: whether what AWS assigns is among the properties. Else only the physical id is known.
    """
    paper = _Paper(assembly)
    made = []
    for template in assembly.templates:
        resources = list(template.resources.values())
        body = {
            resource.logical_id: {
                **{key: value for key, value in resource.body.items() if key != "Properties"},
                "Properties": paper.properties(resource, with_assigned=as_properties),
            }
            for resource in resources
        }
        account, region = paper.place(template)
        made.append(
            Template(
                template.name, {"Resources": body}, path=template.path, account=account, region=region,
                physical_ids={} if as_properties else {r.logical_id: paper.physical_id(r) for r in resources},
            )
        )  # fmt: skip
    return Assembly(made, today=assembly.today)


class _Paper:
    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self._functions: dict[str, Callable[[Any, Template], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._sub,
            "Fn::Join": lambda a, t: a[0].join(map(_text, self.value(a[1], t))),
            "Fn::Select": lambda a, t: self.value(a[1], t)[int(self.value(a[0], t))],
            "Fn::Split": lambda a, t: self.value(a[1], t).split(a[0]),
            "Fn::GetAZs": lambda _a, t: [f"{self.place(t)[1]}{zone}" for zone in "abc"],
            "Fn::If": lambda a, t: self.value(a[1 if condition(a[0], t) is not False else 2], t),
            "Fn::FindInMap": self._map,
            "Fn::ImportValue": self._import,
            "Fn::GetStackOutput": self._output,
        }

    def place(self, template: Template) -> tuple[str, str]:
        return template.account or ACCOUNT, template.region or REGION

    def properties(self, resource: Resource, *, with_assigned: bool) -> dict[str, Any]:
        written = self.value(resource.body.get("Properties", {}), resource.template)
        if not with_assigned:
            return written
        known = identifiers.own(resource.type)
        assigned = {
            name: self.attribute(resource, name)
            for name in (*known.ids, *known.names, *known.brought)
            if _has(resource, name)
        }
        return {**assigned, **written}

    def physical_id(self, resource: Resource) -> str:
        """Return what Ref returns: the primary identifier, with few exceptions."""
        if resource.type == "AWS::Events::Rule":
            return self.name(resource)
        primary = identifiers.own(resource.type).primary
        return "|".join(_text(self.attribute(resource, part)) for part in primary) or self.name(resource)

    def attribute(self, resource: Resource, name: str) -> Any:
        written = resource.body.get("Properties", {}).get(name)
        if written is not None:
            return self.value(written, resource.template)
        account, region = self.place(resource.template)
        if name.upper().endswith("ARN"):
            service, last = resource.type.lower().split("::")[1:] if resource.type.count("::") == 2 else ("x", "x")
            form = _ARNS.get(resource.type, f"{service}:{{region}}:{{account}}:{last}/{{name}}")
            return "arn:aws:" + form.format(region=region, account=account, name=self.name(resource))
        if name == "QueueUrl":
            return f"https://sqs.{region}.amazonaws.com/{account}/{self.name(resource)}"
        if name == "Id" and resource.type == "AWS::SecretsManager::Secret":
            return self.attribute(resource, "Arn")
        if name in {"DefaultSecurityGroup", "ClusterSecurityGroupId"}:
            return f"sg-{_hash(resource.id + name)}"
        if name == "OpenIdConnectIssuerUrl":
            return f"https://oidc.eks.{region}.amazonaws.com/id/{_hash(resource.id).upper()}"
        if name.endswith("VersionNumber"):
            return "1"
        if name.endswith("Name"):
            return self.name(resource, an_id=False)
        return self.name(resource) if name.endswith("Id") else f"{name.lower()}-{_hash(resource.id + name)}"

    def name(self, resource: Resource, *, an_id: bool = True) -> str:
        """Return a name, or the id of what has an id."""
        for property_ in identifiers.own(resource.type).names if not (an_id and resource.type in _WITH_IDS) else ():
            written = resource.body.get("Properties", {}).get(property_)
            if written is not None:
                return str(self.value(written, resource.template))
        last = resource.type.rpartition("::")[2]
        if resource.type == "AWS::KMS::Key":
            return re.sub(r"(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", _hash(resource.id, 32))
        if resource.type.startswith("AWS::EC2::") and an_id:
            return f"{_PREFIXES.get(last, last.lower())}-{_hash(resource.id)}"
        stack = re.sub(r"\W", "-", resource.template.name.rpartition("/")[2])
        name = f"{stack[:20]}-{resource.logical_id[:20]}-{_hash(resource.id, 12)}"
        return name.lower() if last in {"Repository", "Bucket"} else name

    def value(self, written: Any, template: Template) -> Any:
        """Return a value with every intrinsic function worked out."""
        if isinstance(written, list):
            return [v for item in written if (v := self.value(item, template)) is not _NOTHING]
        if not isinstance(written, dict):
            return written
        function = next(iter(written), None)
        if len(written) == 1 and function in self._functions:
            return self._functions[function](written[function], template)
        return {k: v for k, item in written.items() if (v := self.value(item, template)) is not _NOTHING}

    def _ref(self, name: str, template: Template) -> Any:
        account, region = self.place(template)
        pseudo = {**_PSEUDO, "AWS::AccountId": account, "AWS::Region": region, "AWS::StackName": template.name}
        if name == "AWS::NoValue":
            return _NOTHING
        if name in pseudo:
            return pseudo[name]
        if name in template.resources:
            return self.physical_id(template.resources[name])
        if name in template.parameters:
            return template.parameters[name]
        if template.parent is not None and name in template.parent[1]:
            return self.value(template.parent[1][name], template.parent[0])
        parameter = template.section("Parameters")[name]
        default = parameter.get("Default", f"parameter-{name}")
        return default.split(",") if "List" in str(parameter.get("Type")) else default

    def _attribute(self, argument: Any, template: Template) -> Any:
        logical_id, name = argument.split(".", 1) if isinstance(argument, str) else argument
        return self.attribute(template.resources[logical_id], name)

    def _sub(self, argument: Any, template: Template) -> str:
        pattern, variables = argument if isinstance(argument, list) else (argument, {})

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            reference = {"Fn::GetAtt": name} if "." in name else {"Ref": name}
            return _text(self.value(variables.get(name, reference), template))

        return VARIABLE.sub(replace, pattern)

    def _map(self, argument: list[Any], template: Template) -> Any:
        entry: Any = template.section("Mappings")
        for part in argument[:3]:
            entry = entry[self.value(part, template)]
        return entry

    def _import(self, argument: Any, template: Template) -> Any:
        exported = self.assembly.output("Fn::ImportValue", self.value(argument, template), template)
        assert exported is not None, argument
        home, _, written = exported
        assert isinstance(home, Template)
        return self.value(written, home)

    def _output(self, argument: Mapping[str, Any], template: Template) -> Any:
        name = self.value(argument["StackName"], template)
        home = next(t for t in self.assembly.templates if t.name == name)
        return self.value(home.section("Outputs")[argument["OutputName"]]["Value"], home)


def _has(resource: Resource, name: str) -> bool:
    """Say whether a resource has an identifier; which ones a type without data has is a guess, so it gets none."""
    return bool(identifiers.own(resource.type).primary) or name in resource.body.get("Properties", {})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _hash(text: str, length: int = 17) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
