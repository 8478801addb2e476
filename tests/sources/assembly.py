"""A cdk.out directory by hand, as the CDK writes it."""

import json
from pathlib import Path
from typing import Any

CLUSTER = {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": {"EndpointPublicAccess": False}}}
PUBLIC = {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": {"EndpointPublicAccess": True}}}


def write(path: Path, data: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data, indent=1), encoding="utf-8")
    return path


def stack(
    directory: Path,
    id: str,
    body: Any,
    *,
    name: str | None = None,
    environment: str = "aws://unknown-account/unknown-region",
    metadata: dict[str, list[dict[str, Any]]] | None = None,
    assets: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Write the files of one stack and return its artifact."""
    write(directory / f"{id}.template.json", body)
    artifact: dict[str, Any] = {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": f"{id}.template.json", **({"stackName": name} if name else {})},
    }
    if metadata is not None:
        write(directory / f"{id}.metadata.json", metadata)
        artifact["additionalMetadataFile"] = f"{id}.metadata.json"
    if assets is not None:
        files = {hash_: {"source": {"path": path, "packaging": "file"}} for hash_, path in assets.items()}
        write(directory / f"{id}.assets.json", {"version": "55.0.0", "files": files})
    return artifact


def manifest(directory: Path, artifacts: dict[str, Any]) -> Path:
    write(directory / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    return directory


def waiver(**entry: Any) -> dict[str, Any]:
    """Return the metadata entry that `hardened_eks.waive` writes."""
    full = {"control": "CP-01", "reason": "the VPN is late", "until": "2027-01-31", "approver": "", **entry}
    return {"type": "hardened-eks:waiver", "data": json.dumps(full)}
