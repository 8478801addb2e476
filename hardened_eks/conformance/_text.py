"""Templates of packs as YAML, with policies as readable blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def as_yaml(template: Mapping[str, Any]) -> str:
    """Return a template as YAML; a string with several lines becomes a block."""
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # libyaml writes the same text in a fifth of the time

    class Dumper(base):  # type: ignore[misc]
        """A YAML dumper that writes multi-line strings as blocks."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Dumper.add_representer(str, text)
    written: str = yaml.dump(dict(template), Dumper=Dumper, sort_keys=False, width=4096)
    return written
