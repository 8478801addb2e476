"""Reading of paths: cloud assemblies with their stages and nested stacks, and files."""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence import Assembly, Template
from hardened_eks.sources import folders, manifests, stack_sets, unseen
from hardened_eks.sources.cdk_out import MANIFEST, CloudAssembly, StackArtifact
from hardened_eks.sources.cloudformation import doubled, loops, shape
from hardened_eks.sources.cloudformation.parameters import Parameters
from hardened_eks.sources.cloudformation.parsing import (
    LazyMapping,
    decode,
    key_lines,
    parse,
    read_bytes,
    read_standard_input,
)
from hardened_eks.sources.loaded import Loaded
from hardened_eks.sources.stack_sets import STACK_SET, local_file
from hardened_eks.sources.waivers import in_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hardened_eks.evidence import Resource, Waiver

STDIN: Final = "-"
_MAX_NESTING: Final = 20
_NOTHING: Final = (
    f"no {MANIFEST}: not a cdk.out directory (run `cdk synth`), and no file in it is a template or a "
    f"Kubernetes manifest ({', '.join(folders.SUFFIXES)})"
)


@dataclass(slots=True)
class Reader:
    """Collects templates and mistakes over all paths."""

    parameters: Parameters
    templates: list[Template] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    problems: list[InputProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _hides_eks: bool = False
    _seen: set[str] = field(default_factory=set)
    _nested_files: set[str] = field(default_factory=set)

    def add(self, name: str) -> None:
        """Read one path of the user, and collect its mistakes."""
        path = Path(name)
        try:
            if name == STDIN:
                self._template("stdin", Path("<stdin>"), read_standard_input())
            elif path.is_dir():
                self._folder(path)
            elif not self._in_assembly(path):
                self._template(name, path)
        except UnusableInputError as error:
            self.problems.extend(error.problems)
        except (OSError, ValueError) as error:
            self.problems.append(InputProblem.unreadable(name, error))

    def _folder(self, path: Path) -> None:
        """Read a cdk.out directory, or the templates and manifests of any other folder, with notes on the rest."""
        if folders.is_assembly(path):
            self.directory(CloudAssembly.read(path))
            return
        found = folders.look(path)
        self.problems += found.problems
        self.notes += found.notes(str(path))
        if not (found.files or found.assemblies or found.problems):
            self.problems.append(InputProblem(str(path), _NOTHING))
        for one in (*found.assemblies, *found.files):
            self.add(str(one))

    def add_body(self, name: str, body: Any) -> None:
        """Add a template in memory."""
        loop = loops.expand(body, {}, name, lambda _keys: None) if loops.WORD in str(body) else loops.Expanded(body)
        problems = [*loop.problems, *shape.mistakes(loop.body, name, lambda _keys: None)]
        if problems:
            self.problems += problems
            return
        template = Template(name, loop.body)
        self.notes += [*loop.notes, *unseen.notes_of(template)]
        self._add(template, None)

    def add_text(self, name: str, raw: bytes, *, account: str = "", region: str = "") -> None:
        """Add the JSON or YAML text of a template in memory.

        Raises:
            UnusableInputError: the text is not a template.
        """
        template = self._read(name, Path(name), raw)
        template.account, template.region = account, region
        self._add(template, None)

    def directory(self, assembly: CloudAssembly, *, only: Iterable[str] | None = None) -> None:
        """Read the stacks of an assembly (with `only`, those with these files) and, without `only`, its stages."""
        for stack in assembly.stacks:
            if only is None or os.path.realpath(stack.file) in only:
                self._stack(stack)
        for stage in assembly.stages if only is None else ():
            real = os.path.realpath(stage)
            if real in self._seen:  # it contains itself
                continue
            self._seen.add(real)
            try:
                self.directory(CloudAssembly.read(stage))
            except UnusableInputError as error:
                self.problems.extend(error.problems)

    def finish(self, *, partial: bool = False) -> Loaded:
        """Return what was read.

        Raises:
            UnusableInputError: there is any mistake; with `partial`, only if the readable input is not enough.
        """
        self._drop_nested()
        wrong = list(self._twins())
        if not self.problems and not wrong:
            wrong += self.parameters.unused()
        if not self.templates and not self.problems:
            wrong.append(InputProblem("input", "no template was found; pass a cdk.out directory or a template"))
        if wrong or (self.problems and not (partial and self.templates)):
            raise UnusableInputError((*self.problems, *wrong))
        hides = self._hides_eks or any(map(unseen.hides_eks, self.templates))
        notes = dict.fromkeys((*self.notes, *(f"not read: {problem}" for problem in self.problems)))
        return Loaded(Assembly(self.templates), _once(self.waivers), tuple(notes), hides, tuple(self.problems))

    def _in_assembly(self, path: Path) -> bool:
        """Read a template in a cdk.out directory, with the data of the assembly."""
        if not (path.parent / MANIFEST).is_file():
            return False
        try:
            stacks = CloudAssembly.read(path.parent).stacks
        except UnusableInputError:
            return False
        stack = next((stack for stack in stacks if stack.file.name == path.name), None)
        if stack is not None:
            self._stack(stack)
        return stack is not None

    def _stack(self, stack: StackArtifact) -> None:
        try:
            self._template(stack.name, stack.file, stack=stack)
            self.waivers.extend(stack.waivers())
        except UnusableInputError as error:
            self.problems.extend(error.problems)
        except (OSError, ValueError) as error:
            self.problems.append(InputProblem.unreadable(str(stack.file), error))

    def _template(self, name: str, path: Path, raw: bytes | None = None, *, stack: StackArtifact | None = None) -> None:
        real = os.path.realpath(path)  # `resolve` raises an error if a link leads to itself
        if real in self._seen:
            return
        self._seen.add(real)
        template = self._read(name, path, raw, stack=stack)
        self._add(template, stack)

    def _read(
        self,
        name: str,
        path: Path,
        raw: bytes | None = None,
        *,
        stack: StackArtifact | None = None,
        parent: tuple[Template, Mapping[str, Any]] | None = None,
    ) -> Template:
        file = str(path)
        text = decode(read_bytes(path) if raw is None else raw, file)
        alone = stack is None and parent is None
        if alone and manifests.is_stream(text, file):
            return self._objects(name, file, manifests.documents(text, file))
        twice: list[InputProblem] = []
        body = parse(text, file, twice)
        lines: Mapping[tuple[str, ...], int] = LazyMapping(lambda: key_lines(text, file))
        if alone and manifests.is_manifest(body):
            if twice:
                raise UnusableInputError(twice)
            return self._objects(name, file, [(body, lines)])
        known = self.parameters.of(name, body) if parent is None else {}
        loop = loops.Expanded(body)
        if loops.WORD in text:
            loop = loops.expand(body, {**(_literal(parent[1], body) if parent else {}), **known}, file, lines.get)
            body, lines = loop.body, loops.MovedLines(lines, loop.moved)
        problems = [*loop.problems, *shape.mistakes(body, file, lines.get, by_cdk=stack is not None)]
        if problems:
            raise UnusableInputError(problems)
        self.notes += [*map(doubled.note, twice), *loop.notes]
        above = parent[0] if parent else None
        paths: LazyMapping[str, str] = LazyMapping(
            lambda: _construct_paths(stack, path, nested=parent is not None) if stack else {}
        )
        template = Template(
            name,
            body,
            path=file,
            lines=lines,
            account=above.account if above else stack.account if stack else "",
            region=above.region if above else stack.region if stack else "",
            parent=parent,
            parameters=known,
            construct_paths=paths,
        )
        self.notes += unseen.notes_of(template, has_transforms="Fn::Transform" in text or "!Transform" in text)
        return template

    def _objects(self, name: str, file: str, documents: list[tuple[Any, Mapping[tuple[str, ...], int]]]) -> Template:
        template, notes = manifests.as_template(documents, file, name)
        self.notes += [*notes, *unseen.notes_of(template, has_transforms=False)]
        return template

    def _add(self, template: Template, stack: StackArtifact | None, depth: int = 0) -> None:
        """Add a template and its nested stacks."""
        self.templates.append(template)
        self.waivers += in_template(template)
        for resource in template.resources.values():
            if resource.type == STACK_SET:
                self._stack_set(resource, depth)
            elif resource.type == "AWS::CloudFormation::Stack":
                try:
                    nested = self._nested(resource, stack)
                except UnusableInputError as error:
                    self.problems.extend(error.problems)
                    continue
                except (OSError, ValueError) as error:
                    self.problems.append(InputProblem.unreadable(resource.id, error))
                    continue
                if nested is None:
                    self._hides_eks = True
                    note = f"the nested stack {resource.id} is not evaluated: its template is not among the files"
                    self.notes.append(note)
                elif depth >= _MAX_NESTING:
                    message = f"nested stacks are more than {_MAX_NESTING} levels deep; one may contain itself"
                    self.problems.append(InputProblem(nested.path, message))
                else:
                    self._add(nested, stack, depth + 1)

    def _nested(self, resource: Resource, stack: StackArtifact | None) -> Template | None:
        properties = resource.body.get("Properties") or {}
        passed = properties.get("Parameters")
        parent = resource.template
        if stack is not None:
            file = stack.nested_file(resource)
        else:
            file = local_file(properties.get("TemplateURL"), parent.path)
        if file is None:
            return None
        self._nested_files.add(os.path.realpath(file))
        return self._read(resource.id, file, stack=stack, parent=(parent, passed if isinstance(passed, dict) else {}))

    def _twins(self) -> Iterator[InputProblem]:
        first: dict[tuple[str, str, str], Template] = {}
        for template in self.templates:
            key = (template.name, template.account, template.region)
            other = first.setdefault(key, template)
            if other is not template and template.parent is None:
                message = (
                    f"two templates belong to the stack {template.name!r}: {other.path} and "
                    f"{template.path}; check them one at a time (`--against` compares with an earlier template)"
                )
                yield InputProblem(template.path, message)

    def _drop_nested(self) -> None:
        """Remove files that are the template of a nested stack, which is evaluated as such."""
        self.templates = [
            template
            for template in self.templates
            if template.parent is not None or os.path.realpath(template.path) not in self._nested_files
        ]

    def _stack_set(self, resource: Resource, depth: int) -> None:
        """Add the template of a stack set separately, because it is deployed to other accounts and Regions."""
        template, note = stack_sets.template_of(resource)
        self.notes += note
        self._hides_eks |= template is None
        if template is not None and depth < _MAX_NESTING:
            self.notes += unseen.notes_of(template)
            self._add(template, None, depth + 1)


def _once(waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Remove duplicates of waivers that are in a template and in its cloud assembly, keeping those of the latter."""
    found: dict[tuple[Any, ...], dict[str, Waiver]] = {}
    for one in waivers:
        found.setdefault((one.control, one.scope, one.reason, one.until, one.approver), {})[one.template] = one
    return tuple(one for same in found.values() for one in ([same[""]] if "" in same else same.values()))


def _construct_paths(stack: StackArtifact, file: Path, *, nested: bool) -> Mapping[str, str]:
    """Return logical ID -> construct path, or nothing if the metadata cannot be read."""
    try:
        return stack.construct_paths(stack.nested_prefix(file) if nested else "")
    except (OSError, ValueError):
        return {}


def _literal(passed: Mapping[str, Any], body: Any) -> dict[str, Any]:
    """Return the literal parameters that a parent passes to a nested stack, as in `Parameters.of`."""
    texts = {name: value for name, value in passed.items() if isinstance(value, str)}
    return Parameters(texts).of("", body)
