"""Templates of packs as YAML, with policies as blocks that a person can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def as_yaml(template: Mapping[str, Any]) -> str:
    """Write a template; a string of several lines becomes a block."""
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml, a fifth of the time, the same text

    class Dumper(base):  # type: ignore[misc]
        """Writes blocks."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Dumper.add_representer(str, text)
    written: str = yaml.dump(dict(template), Dumper=Dumper, sort_keys=False, width=4096)
    return written
