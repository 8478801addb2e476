"""Stacks as CloudFormation sees them when it calls the handlers of their resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from hardened_eks import _owner

ACCOUNT, REGION = "123456789012", "eu-central-1"
PSEUDO = {
    "AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::URLSuffix": "amazonaws.com",
}  # fmt: skip


def arn(service: str, resource: str, *, account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def iam_arn(resource: str) -> str:
    return arn("iam", resource, region="")


def resolve(value: Any, stack: str = "") -> Any:
    """Render what CloudFormation would; a reference to another resource becomes its logical id."""
    if isinstance(value, list):
        return [resolve(item, stack) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return stack if value["Ref"] == "AWS::StackName" else PSEUDO.get(value["Ref"], value["Ref"])
    if set(value) == {"Fn::Join"}:
        separator, parts = value["Fn::Join"]
        return separator.join(str(resolve(part, stack)) for part in parts)
    return {key: resolve(item, stack) for key, item in value.items()}


@dataclass(frozen=True)
class Made:
    """A resource of a stack."""

    stack: str
    logical_id: str
    kind: str
    raw: Mapping[str, Any]

    @cached_property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = resolve(self.raw.get("Properties", {}), self.stack)
        return found

    @property
    def name(self) -> str:
        """Name that the template gives, or that CloudFormation makes."""
        for key in ("LogGroupName", "RepositoryName", "RoleName", "Name", "ManagedPolicyName", "LayerName"):
            if isinstance(self.properties.get(key), str):
                return str(self.properties[key])
        if self.kind == "AWS::Lambda::LayerVersion":
            return self.logical_id  # https://github.com/aws/aws-cdk/issues/8742
        made = f"{self.stack[:24]}-{self.logical_id[:24]}-1A2B3C4D5E6F"
        return made.lower() if self.kind == "AWS::ECR::Repository" else made

    @property
    def cluster(self) -> str:
        """Name of the cluster, for types of EKS."""
        if self.kind == "AWS::EKS::Cluster":
            return self.name
        return str(self.properties["ClusterName"])

    @property
    def is_uploaded_function(self) -> bool:
        """A function whose code the CDK uploaded, with a key for its variables; the library's own has neither."""
        return self.kind == "AWS::Lambda::Function" and "S3Key" in self.properties["Code"]

    @property
    def owner(self) -> str | None:
        """Value of the owner tag that the template writes; None where it writes none."""
        tags = self.properties.get("Tags")
        for specification in self.properties.get("TagSpecifications", ()):  # of a launch template
            tags = specification["Tags"]
        pairs = tags.items() if isinstance(tags, dict) else [(tag["Key"], tag["Value"]) for tag in tags or ()]
        return dict(pairs).get(_owner.KEY)

    def handlers(self) -> Iterator[tuple[str, str]]:
        """Yield each handler but the listing one, with each permission that its schema says it needs."""
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", self.kind).schema
        for handler, needs in schema["handlers"].items():
            for permission in needs["permissions"] if handler != "list" else ():
                yield handler, permission


def made_of(templates: Mapping[str, Mapping[str, Any]]) -> list[Made]:
    """Return the resources of templates by the names of their stacks, which have handlers."""
    clusters = {
        (stack, logical): resolve(resource["Properties"]["Name"], stack)
        for stack, template in templates.items()
        for logical, resource in template["Resources"].items()
        if resource["Type"] == "AWS::EKS::Cluster"
    }
    found = []
    for stack, template in templates.items():
        for logical, resource in template["Resources"].items():
            made = Made(stack, logical, resource["Type"], resource)
            name = made.properties.get("ClusterName")
            if (stack, name) in clusters:
                made.properties["ClusterName"] = clusters[stack, name]
            found.append(made)
    return [made for made in found if not made.kind.startswith(("Custom::", "AWS::CDK"))]
