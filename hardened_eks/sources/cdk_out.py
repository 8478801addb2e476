"""A cdk.out directory: its stacks with their environments, construct paths and waivers."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence.waiver import METADATA_KEY
from hardened_eks.sources.cloudformation.parsing import decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hardened_eks.evidence import Resource, Waiver

MANIFEST: Final = "manifest.json"
_ENVIRONMENT: Final = regex(r"aws://([^/]*)/([^/]*)")
_HASH: Final = regex(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CloudAssembly:
    """The stacks and stages of one manifest."""

    stacks: tuple[StackArtifact, ...]
    stages: tuple[Path, ...]
    """The directories of nested assemblies."""

    @classmethod
    def read(cls, directory: Path) -> CloudAssembly:
        """Read the manifest of `directory`.

        Raises:
            UnusableInputError: the manifest is missing or invalid.
        """
        file = directory / MANIFEST
        if not file.is_file():
            message = f"no {MANIFEST}: not a cdk.out directory; run `cdk synth` or pass template files"
            raise UnusableInputError([InputProblem(str(directory), message)])
        manifest = _read_json(file)
        artifacts = manifest.get("artifacts", {}) if isinstance(manifest, dict) else None
        if not isinstance(artifacts, dict):
            raise UnusableInputError([InputProblem(str(file), "not a cloud assembly: artifacts is not a mapping")])
        stacks: list[StackArtifact] = []
        stages: list[Path] = []
        for id_, artifact in artifacts.items():
            if not isinstance(artifact, dict):
                raise UnusableInputError([InputProblem(str(file), f"artifact {id_!r} is not a mapping")])
            properties = _mapping(artifact.get("properties"))
            if artifact.get("type") == "aws:cloudformation:stack":
                stacks.append(_stack(directory, id_, artifact, properties))
            elif artifact.get("type") == "cdk:cloud-assembly":
                stages.append(directory / str(properties.get("directoryName")))
        return cls(tuple(stacks), tuple(stages))


def _stack(directory: Path, id_: str, artifact: Mapping[str, Any], properties: Mapping[str, Any]) -> StackArtifact:
    template, name = properties.get("templateFile"), properties.get("stackName")
    if not isinstance(template, str):
        problem = InputProblem(str(directory / MANIFEST), f"the stack {id_!r} has no templateFile")
        raise UnusableInputError([problem])
    match = _ENVIRONMENT.fullmatch(str(artifact.get("environment", "")))
    account, region = match.groups() if match else ("", "")
    further = artifact.get("additionalMetadataFile")
    return StackArtifact(
        name=name if isinstance(name, str) else id_,
        file=directory / template,
        account="" if account.startswith("unknown-") else account,
        region="" if region.startswith("unknown-") else region,
        inline=_mapping(artifact.get("metadata")),
        metadata_file=directory / further if isinstance(further, str) else None,
        assets_file=directory / f"{id_}.assets.json",
    )


@dataclass(frozen=True)
class StackArtifact:
    """One stack of an assembly."""

    name: str
    file: Path
    account: str
    region: str
    inline: Mapping[str, Any]
    """Metadata in the manifest itself, as written by older CDK versions."""
    metadata_file: Path | None
    assets_file: Path

    def waivers(self) -> Iterator[Waiver]:
        """Yield the waivers that were created in code. A stack without waivers needs no parsing."""
        if METADATA_KEY.encode() not in self._raw_metadata and METADATA_KEY not in str(self.inline):
            return
        from hardened_eks.sources.waivers import from_metadata

        for path, entry in self._entries(METADATA_KEY):
            yield from_metadata(entry, path.removeprefix("/"), str(self.metadata_file or self.file.parent / MANIFEST))

    def construct_paths(self, prefix: str) -> dict[str, str]:
        """Return logical ID -> construct path for the template with constructs under `prefix`."""
        inner = [other for other in self._nested_prefixes.values() if other.startswith(f"{prefix}/")]
        return {
            logical_id: path.removeprefix("/")
            for path, logical_id in self._entries("aws:cdk:logicalId")
            if isinstance(logical_id, str)
            and path.startswith(f"{prefix}/")
            and not any(path.startswith(f"{other}/") for other in inner)
        }

    def nested_prefix(self, file: Path) -> str:
        """Return the construct path (with a leading slash) of the nested stack with template `file`."""
        return self._nested_prefixes.get(file.name, "\0")

    def nested_file(self, resource: Resource) -> Path | None:
        """Return the template file of an ``AWS::CloudFormation::Stack``, from its metadata or its asset hash."""
        name = _mapping(resource.body.get("Metadata")).get("aws:asset:path")
        if not isinstance(name, str):
            text = json.dumps(_mapping(resource.body.get("Properties")).get("TemplateURL"), default=str)
            name = next((self._asset_sources[h] for h in _HASH.findall(text) if h in self._asset_sources), None)
        file = self.file.parent / name if isinstance(name, str) else None
        return file if file is not None and file.is_file() else None

    @cached_property
    def _raw_metadata(self) -> bytes:
        return read_bytes(self.metadata_file) if self.metadata_file and self.metadata_file.is_file() else b""

    @cached_property
    def _metadata(self) -> Mapping[str, Any]:
        """Metadata entries by construct path (with a leading slash)."""
        further = _mapping(_read_json(self.metadata_file)) if self.metadata_file and self._raw_metadata else {}
        return {**self.inline, **further}

    def _entries(self, type_: str) -> Iterator[tuple[str, Any]]:
        for path, entries in self._metadata.items():
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict) and entry.get("type") == type_:
                    yield str(path), entry.get("data")

    @cached_property
    def _nested_prefixes(self) -> Mapping[str, str]:
        """Template file name -> construct path, for nested stacks."""
        named = ((data, path) for path, data in self._entries("aws:cdk:templateFile") if isinstance(data, str))
        return {data: path for data, path in named if data != self.file.name}

    @cached_property
    def _asset_sources(self) -> Mapping[str, str]:
        manifest = _mapping(_read_json(self.assets_file)) if self.assets_file.is_file() else {}
        sources = {hash_: _mapping(_mapping(e).get("source")) for hash_, e in _mapping(manifest.get("files")).items()}
        return {hash_: source["path"] for hash_, source in sources.items() if isinstance(source.get("path"), str)}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _read_json(file: Path) -> Any:
    text = decode(read_bytes(file), str(file))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg} at column {error.colno}"
        raise UnusableInputError([InputProblem(str(file), message, error.lineno)]) from None
    except (RecursionError, ValueError) as error:
        raise UnusableInputError([InputProblem(str(file), f"not valid JSON: {error}")]) from None
