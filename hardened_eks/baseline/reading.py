"""A settings file: YAML, with the line and column of every mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from hardened_eks._records import dataclass
from hardened_eks.baseline import checking
from hardened_eks.baseline.namespaces import Namespace
from hardened_eks.baseline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardened_eks.baseline._checks import Path

_MAX_BYTES: Final = 4 * 2**20
_MAX_DEPTH: Final = 50
_MAX_VALUES: Final = 200_000
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG: Final = "tag:yaml.org,2002:"
Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """One mistake in a settings file, with its position."""

    file: str
    message: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.message}"


class SettingsError(ValueError):
    """An unusable settings file, with all its mistakes."""

    def __init__(self, problems: Iterable[SettingsProblem]) -> None:
        """Create the error from its problems, in the order of the file."""
        self.problems = tuple(sorted(problems, key=lambda p: (p.line or 0, p.column or 0)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


def read_settings(raw: bytes, file: str) -> Settings:
    """Return the settings of a file.

    Args:
        raw: content of the file.
        file: name of the file, for messages.

    Raises:
        SettingsError: the file is not valid YAML, or a setting is invalid. The error lists all mistakes with line and
            column.
    """
    reader = _Reader(file)
    data = reader.read_all(raw)
    problems = reader.problems or [reader.problem(path, what) for path, what in checking.settings(data)]
    if problems:
        raise SettingsError(problems)
    namespaces = [Namespace(**entry) for entry in data.pop("namespaces", ())]
    return Settings(**data, namespaces=namespaces)


class _Reader:
    """Reads YAML as data, and records the position of each value."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[SettingsProblem] = []
        self._marks: dict[Path, Mark] = {}
        self._values = 0

    def read_all(self, raw: bytes) -> Any:
        if len(raw) > _MAX_BYTES:
            self._add(f"{len(raw)} bytes, settings have at most {_MAX_BYTES}")
            return {}
        try:
            node = yaml.compose(raw.decode("utf-8-sig"), Loader=_LOADER)
        except UnicodeDecodeError as error:
            self._add(f"not UTF-8 text (byte 0x{raw[error.start]:02x}), save the file as UTF-8",
                      (raw.count(b"\n", 0, error.start) + 1, 1))  # fmt: skip
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = " ".join(filter(None, (error.context, error.problem)))
            self._add(f"not valid YAML: {what}", (mark.line + 1, mark.column + 1) if mark else None)
        except yaml.YAMLError as error:
            self._add(f"not valid YAML: {' '.join(str(error).split())}")
        except RecursionError:
            self._add(f"nested more than {_MAX_DEPTH} levels deep")
        else:
            return {} if node is None else self._read(node, ())
        return {}

    def problem(self, path: Path, message: str) -> SettingsProblem:
        """Return a problem with the position of the value, or of the nearest enclosing value."""
        name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        while path and path not in self._marks:
            path = path[:-1]
        return SettingsProblem(self.file, f"{name} {message}".strip(), *self._marks.get(path, (None, None)))

    def _add(self, message: str, mark: Mark | None = None) -> None:
        self.problems.append(SettingsProblem(self.file, message, *(mark or (None, None))))

    def _read(self, node: Any, path: Path) -> Any:
        mark = (node.start_mark.line + 1, node.start_mark.column + 1)
        self._marks.setdefault(path, mark)
        self._values += 1
        if len(path) > _MAX_DEPTH or self._values > _MAX_VALUES:
            self._add(f"nested more than {_MAX_DEPTH} levels deep, or more than {_MAX_VALUES} values", mark)
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, mark)
        if not node.tag.startswith(_TAG):
            self._add(f"unknown tag {node.tag}, use plain YAML", mark)
        if isinstance(node, yaml.SequenceNode):
            return [self._read(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._mapping(node.value, path)

    def _mapping(self, pairs: Sequence[tuple[Any, Any]], path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in pairs:
            mark = (key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode) or key.tag == f"{_TAG}merge":
                self._add("a key must be a string; merge keys are not supported, write the keys out", mark)
                continue
            here = (*path, key.value)
            if key.value in data:
                self._add(f"duplicate key {key.value!r}, it is first on line {self._marks[here][0]}", mark)
            data[key.value] = self._read(value, here)
            if not isinstance(value, yaml.ScalarNode):
                self._marks[here] = mark
        return data

    def _scalar(self, node: Any, mark: Mark) -> Any:
        kind = node.tag.removeprefix(_TAG)
        if kind == "bool":
            return yaml.SafeLoader.bool_values.get(node.value.lower(), node.value)
        if kind == "null":
            return None
        if kind in {"int", "float"}:
            try:
                return int(node.value) if kind == "int" else float(node.value)
            except ValueError:
                return node.value
        if kind not in {"str", "timestamp", "value"}:
            self._add(f"unknown tag {node.tag}, use plain YAML", mark)
        return node.value
