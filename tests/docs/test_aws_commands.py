"""Commands of the AWS CLI on the pages: services, operations, options, values and queries that AWS's own models know."""

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import botocore.session
import jmespath
import pytest
from botocore import xform_name
from botocore.model import ListShape, OperationModel, Shape, StructureShape

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
FENCE = re.compile(r"^ *```(?:sh|console|bash)[^\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(aws [a-z0-9-]+ [a-z-]+[^`]*)`")
FILE = "cli-input-json"
"""All arguments in a file, which a test of its own holds against the model."""
GLOBAL = {"query", "output", "region", "profile", "no-cli-pager", FILE}
PAGED = {"max-items", "page-size", "starting-token", "no-paginate"}
# Written for the CLI alone, not by the service's model: https://docs.aws.amazon.com/cli/latest/reference/
OF_THE_CLI = {
    ("eks", "update-kubeconfig"): {"name", "alias", "role-arn", "kubeconfig", "user-alias", "dry-run"},
    ("cloudtrail", "validate-logs"): {"trail-arn", "start-time", "end-time", "s3-bucket", "verbose"},
    ("s3", "cp"): {"recursive"},
    ("cloudformation", "package"): {"template-file", "s3-bucket", "output-template-file"},
    ("cloudformation", "deploy"): {"template-file", "stack-name", "capabilities", "parameter-overrides"},
}
# The CLI's own --version and --output are taken: `ARGUMENT_RENAMES` in
# https://github.com/aws/aws-cli/blob/v2/awscli/customizations/argrename.py
RENAMED = {
    (verb, "version"): "kubernetes-version"
    for verb in ("create-cluster", "create-nodegroup", "update-cluster-version", "update-nodegroup-version")
} | {("send-task-success", "output"): "task-output"}
# https://github.com/aws/aws-cli/blob/v2/awscli/customizations/configservice/rename_cmd.py
SERVICES = {"configservice": "config", "s3api": "s3"}
FLATTENED = {("ec2", "modify-instance-attribute"): {"no-disable-api-termination", "disable-api-termination"}}
HIDDEN = re.compile(r"[<$]|\.\.\.")  # stands for what the reader puts there


class Command(NamedTuple):
    page: str
    words: tuple[str, ...]
    whole: bool = True
    """Not part of a sentence, which may leave out what goes without saying."""

    @property
    def options(self) -> Iterator[tuple[str, list[str]]]:
        """Each option with its values."""
        rest = self.words[4:] if self.words[2] == "wait" else self.words[3:]
        name, values = "", []
        for word in rest:
            if word.startswith("--"):
                if name:
                    yield name, values
                name, values = word.removeprefix("--"), []
            else:
                values.append(word)
        if name:
            yield name, values


def commands() -> Iterator[Command]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in FENCE.findall(text):
            lines = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*\$ |\s+#.*$", "", block))
            for found in re.finditer(r"(?:^|[\s(;|&])(aws [a-z0-9-]+ [a-z-]+)", lines):
                yield Command(page.name, tuple(_words(lines[found.start(1) :])))
        for inline in INLINE.findall(FENCE.sub("", text)):
            yield Command(page.name, tuple(_words(inline.replace("\n", " "))), whole=False)


def _words(text: str) -> Iterator[str]:
    """Yield the words up to the end of the command; a quoted word may go over lines."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();|&\n")
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    lexer.commenters = ""
    for word in lexer:
        if word[0] in ";|&)\n" or word in (">", ">>"):
            return
        yield word


def called(command: Command) -> str:
    return f"{command.page}: {' '.join(command.words[1:3])}"


COMMANDS = list(commands())


@cache
def service(name: str) -> Any:
    return botocore.session.get_session().get_service_model(SERVICES.get(name, name))


@cache
def waiters(name: str) -> dict[str, str]:
    """Return the operation that each waiter asks."""
    model = botocore.session.get_session().get_waiter_model(name)
    return {xform_name(waiter, "-"): model.get_waiter(waiter).operation for waiter in model.waiter_names}


def operation(command: Command) -> OperationModel | None:
    """Return the operation's model; None for what the CLI has of its own."""
    _, name, verb, *rest = command.words
    if verb == "wait":
        assert rest[0] in waiters(name), rest[0]
        return service(name).operation_model(waiters(name)[rest[0]])  # type: ignore[no-any-return]
    if (name, verb) in OF_THE_CLI:
        return None
    known = {xform_name(operation, "-"): operation for operation in service(name).operation_names}
    assert verb in known, f"aws {name} has no {verb}"
    return service(name).operation_model(known[verb])  # type: ignore[no-any-return]


def option_of(verb: str, member: str) -> str:
    name = xform_name(member, "-")
    return RENAMED.get((verb, name), name)


def members(verb: str, shape: Shape | None) -> dict[str, Shape]:
    return {option_of(verb, n): s for n, s in shape.members.items()} if isinstance(shape, StructureShape) else {}


def wrong_values(shape: Shape, values: Sequence[str]) -> Iterator[str]:
    """Yield what the shape has no place for: other choices, other keys."""
    if not values or any(HIDDEN.search(value) for value in values):
        return
    if values[0][0] in "[{" and shape.type_name != "string":
        yield from _wrong_json(shape, json.loads(values[0]))
    elif isinstance(shape, ListShape):
        for value in values:
            yield from wrong_values(shape.member, [value])
    elif isinstance(shape, StructureShape):
        keys = re.findall(r"(?:^|,)(\w+)=", values[0])
        yield from (f"{shape.name} has no {key}" for key in keys if key not in shape.members)
    elif getattr(shape, "enum", None):
        yield from (f"{value} is none of {shape.enum}" for value in values if value not in shape.enum)  # type: ignore[attr-defined]
    elif shape.type_name in ("integer", "long"):
        yield from (f"{value} is no number" for value in values if not value.lstrip("-").isdigit())


def _wrong_json(shape: Shape, value: Any) -> Iterator[str]:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for key, item in value.items():
            if key in shape.members:
                yield from _wrong_json(shape.members[key], item)
            else:
                yield f"{shape.name} has no {key}"
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for item in value:
            yield from _wrong_json(shape.member, item)
    elif value not in getattr(shape, "enum", [value]):
        yield f"{value} is none of {shape.enum}"  # type: ignore[attr-defined]


def names(shape: Shape | None, seen: frozenset[str] = frozenset()) -> set[str]:
    """Every member's name that an answer can have."""
    if shape is None or shape.name in seen:
        return set()
    seen |= {shape.name}
    if isinstance(shape, StructureShape):
        return set(shape.members).union(*(names(member, seen) for member in shape.members.values()))
    return names(shape.member, seen) if isinstance(shape, ListShape) else set()


def fields(node: dict[str, Any]) -> Iterator[str]:
    """Every name that a JMESPath expression asks for."""
    if node["type"] == "field":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, dict):
            yield from fields(child)


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 50
    assert {command.words[1] for command in COMMANDS} > {"eks", "cloudformation", "ec2", "logs", "kms", "ssm"}


@pytest.mark.parametrize("command", COMMANDS, ids=called)
def test_aws_knows_it(command: Command) -> None:
    model = operation(command)
    name, verb = command.words[1:3]
    if model is None:
        assert {option for option, _ in command.options} <= OF_THE_CLI[name, verb] | GLOBAL
        return
    known = members(verb, model.input_shape)
    switches = {f"no-{option}" for option, shape in known.items() if shape.type_name == "boolean"}
    more = GLOBAL | PAGED | switches | FLATTENED.get((name, verb), set())
    for option, values in command.options:
        assert option in known or option in more, f"--{option}; there are {', '.join(sorted(known))}"
        if option in known:
            assert list(wrong_values(known[option], values)) == []
        elif option == "query":
            parsed = jmespath.compile(" ".join(values)).parsed
            assert set(fields(parsed)) - names(model.output_shape) == set(), values


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.whole], ids=called)
def test_it_says_what_it_must(command: Command) -> None:
    given = {option.removeprefix("no-") for option, _ in command.options}
    model = operation(command)
    if model is None or FILE in given:
        return
    required = {option_of(command.words[2], name) for name in getattr(model.input_shape, "required_members", ())}
    assert required - given == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("aws eks describe-clusters --name a", "no describe-clusters"),
        ("aws eks describe-cluster --cluster-name a", "--cluster-name"),
        ("aws eks update-cluster-config --name a --upgrade-policy supportTyp=STANDARD", "no supportTyp"),
        ("aws eks describe-cluster --name a --query cluster.stat", "stat"),
        ("aws kms schedule-key-deletion --key-id a --pending-window-in-days soon", "no number"),
        ('aws eks list-insights --cluster-name a --filter \'{"categories": ["READY"]}\'', "READY is none of"),
    ],
)
def test_a_wrong_one_is_found(text: str, words: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(words)):
        test_aws_knows_it(Command("", tuple(_words(text))))
