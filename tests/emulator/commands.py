"""Runs the commands of docs/how-to/account-defaults.md, as the AWS CLI reads their words."""

from __future__ import annotations

from typing import Any

from botocore import xform_name

from hardened_eks.governance._commands import COMMANDS, Command
from tests.emulator.conftest import Account
from tests.emulator.service import ACCOUNT, REGION

WORDS = {
    "KEY_ARN": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab", "ACCOUNT": ACCOUNT, "NAME": "Sam",
    "TITLE": "CISO", "MAIL": "security@example.com", "PHONE": "+491511234567",
}  # fmt: skip
"""What somebody writes for the words in capitals."""


def run_all(account: Account) -> list[str]:
    """Run each command that is for the account, or for a Region; return their lines."""
    mine = [one for one in COMMANDS if one.where != "management"]
    for one in mine:
        run(account, one)
    return [one.line for one in mine]


def run(account: Account, command: Command) -> None:
    client = account.client(command.service)
    method = command.operation.replace("-", "_")
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    members: dict[str, Any] = dict(operation.input_shape.members) if operation.input_shape else {}
    names = {xform_name(name, "-"): name for name in members}
    arguments = {
        names[name]: _value(members[names[name]], WORDS.get(value, value)) for name, value in command.parameters.items()
    } | {
        names[flag]: True for flag, value in command.parameters.items() if not value
    }  # fmt: skip
    getattr(client, method)(**arguments)


def _value(shape: Any, text: str) -> Any:
    """Read a value in the CLI's shorthand."""
    if shape.type_name == "list":
        return [_value(shape.member, one) for one in text.split()]
    if shape.type_name in {"map", "structure"}:
        pairs = dict(one.split("=") for one in text.split(","))
        inside = {name: shape.value if shape.type_name == "map" else shape.members[name] for name in pairs}
        return {name: _value(inside[name], value) for name, value in pairs.items()}
    if shape.type_name == "boolean":
        return text.lower() == "true"
    return int(text) if shape.type_name in {"integer", "long"} else text
