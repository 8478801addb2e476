"""Write `hardened_eks/data/identifiers.json` from the provider schemas in cfn-lint.

    python -m tools.identifiers            # write the file
    python -m tools.identifiers --check    # exit with 1 if the file is stale

The file covers the CloudFormation types that the package's source names.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

import hardened_eks
from hardened_eks import _clock

PACKAGE = Path(hardened_eks.__file__).parent
FILE = PACKAGE / "data" / "identifiers.json"
REGION = "us-east-1"

_TYPE = re.compile(r"AWS::\w+::\w+")
# These do not identify the resource: an account ID, the function that a URL calls, the name of an inline policy.
_BORROWED = {"AccountId", "RegistryId", ("AWS::Lambda::Url", "FunctionArn"), ("AWS::IAM::Policy", "PolicyName")}
# Created and deleted with a resource: a reference to one is a reference to the resource.
_BROUGHT = {
    "AWS::EC2::Subnet": ["NetworkAclAssociationId"],
    "AWS::EC2::VPC": ["DefaultNetworkAcl", "DefaultSecurityGroup"],
    "AWS::EKS::Cluster": ["ClusterSecurityGroupId"],
}


def types() -> list[str]:
    """Return the types that occur in the package's source and have a schema."""
    named = {type_ for file in PACKAGE.rglob("*.py") for type_ in _TYPE.findall(file.read_text(encoding="utf-8"))}
    return sorted(type_ for type_ in named if _schema(type_) is not None)


def identifiers(type_: str) -> dict[str, list[str]]:
    """Return the properties that identify a resource of a type.

    ``primary``: the properties of its primary identifier, in the order of its physical ID. ``ids``: properties that AWS
    fills in, each of which identifies the resource by itself. ``names``: properties that a user can choose.
    ``brought``: IDs of objects that are created with the resource.
    """
    schema = _schema(type_) or {}
    primary = _top_level(schema, "primaryIdentifier")
    read_only = _top_level(schema, "readOnlyProperties")
    alone = primary if len(primary) == 1 or set(primary) <= set(read_only) else []
    own = [*alone, *(name for name in sorted(schema["properties"]) if _is_own(type_, name, composite=not alone))]
    own = [name for name in dict.fromkeys(own) if not {name, (type_, name)} & _BORROWED]
    names = [name for name in own if name.endswith("Name")]
    ids = [name for name in own if name in read_only and name not in names]
    found = {"primary": primary, "ids": ids, "names": names, "brought": _BROUGHT.get(type_, [])}
    return {kind: properties for kind, properties in found.items() if properties}


def _is_own(type_: str, name: str, *, composite: bool) -> bool:
    """Return whether a property is named after its type: Arn, RoleName, RoleId of a role; GroupId of a security group.

    The name of a part of another resource, such as a policy of a role, does not count: other parts can have that name.
    """
    stem = re.sub(r"(Name|Arn|ARN|Id)$", "", name)
    ours = stem != name and type_.rpartition("::")[2].lower().endswith(stem.lower())
    return ours and not (composite and name.endswith("Name"))


def _top_level(schema: dict[str, Any], key: str) -> list[str]:
    paths = [path.removeprefix("/properties/") for path in schema.get(key, ())]
    return [path for path in paths if "/" not in path]


def _schema(type_: str) -> dict[str, Any] | None:
    try:
        schema: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, type_).schema
    except ResourceNotFoundError:
        return None
    return schema


def document(read: str) -> dict[str, Any]:
    """Return the file's content, with the date on which the schemas were read."""
    source = f"CloudFormation provider schemas of {REGION}, as cfn-lint {version('cfn-lint')} carries them"
    return {"source": source, "read": read, "types": {type_: identifiers(type_) for type_ in types()}}


def text(content: dict[str, Any]) -> str:
    """Return the content as JSON, one type per line."""
    types_ = ",\n".join(f"    {json.dumps(type_)}: {json.dumps(entry)}" for type_, entry in content["types"].items())
    head = json.dumps({key: content[key] for key in ("source", "read")}, indent=2).removesuffix("\n}")
    return f'{head},\n  "types": {{\n{types_}\n  }}\n}}\n'


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` report whether it is stale."""
    if "--check" in arguments:
        stored = json.loads(FILE.read_text(encoding="utf-8"))
        stale = stored["types"] != document(stored["read"])["types"]
        sys.stdout.write("hardened_eks/data/identifiers.json is stale: python -m tools.identifiers\n" if stale else "")
        return int(stale)
    FILE.write_text(text(document(_clock.today().isoformat())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
