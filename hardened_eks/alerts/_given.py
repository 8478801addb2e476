"""Checks of addresses, URLs and secrets of channels, before any construct is created."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._asked import region_of
from hardened_eks._kinds import SECRET, is_a, kind_problems
from hardened_eks._tokens import is_literal
from hardened_eks.data.regions import lacking
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

EMAIL: Final = re.compile(r"[^@\s\"<>,;]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]*[A-Za-z0-9])+")
PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_SECRET_ARN: Final = re.compile(r"arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[\w/+=.@!-]+-[A-Za-z0-9]{6}")
# The pattern of EventBridge: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html
_HTTPS: Final = re.compile(
    r"https://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?(?:/[-()_.!~*';/?:@&=+$,A-Za-z0-9%]*)?(?:\?[^\s#]*)?"
)
_FIELD: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def offered(scope: Construct, channel: str, type_: str) -> None:
    """Refuse a channel in a Region that is known to lack its resource type.

    Args:
        scope: a construct in the stack.
        channel: name of the channel.
        type_: CloudFormation type of its resource.

    Raises:
        ConfigurationError: the Region lacks the type.
    """
    problems = Problems(f"alerts.{channel}")
    instead = "use another channel, such as alerts.Email (docs/how-to/choose-channels.md)"
    problems.extend(lacking(region_of(scope), type_, needed_by=channel, instead=instead))
    problems.raise_any()


def text_problems(argument: str, value: object, form: re.Pattern[str], needs: str) -> Iterator[str]:
    """Yield that an argument does not match a pattern. Values that are known only at deployment are accepted."""
    if not isinstance(value, str) or (is_literal(value) and not form.fullmatch(value)):
        yield f"{argument} needs {needs}, got {value!r}"


def people_problems(
    argument: str, values: Sequence[object], form: re.Pattern[str], *, one: str, such_as: str
) -> Iterator[str]:
    """Yield that a list of recipients is empty, or that a recipient is malformed or occurs twice.

    Args:
        argument: name of the argument.
        values: addresses or numbers.
        form: pattern that each must match.
        one: noun for one of them.
        such_as: noun for several of them, with an example.
    """
    if not values:
        yield f"{argument} needs one {one} or more, got none"
    for number, value in enumerate(values):
        yield from text_problems(argument, value, form, such_as)
        if value in values[:number]:
            yield f"{argument} names {value!r} twice"


def url_problems(argument: str, value: object) -> Iterator[str]:
    """Yield why an argument is not an HTTPS URL, the only kind that EventBridge accepts."""
    if isinstance(value, str) and is_literal(value) and value.lower().startswith("http://"):
        yield f"{argument} needs https, got {value!r}: http would send the message and its secret unencrypted"
    else:
        yield from text_problems(argument, value, _HTTPS, "an HTTPS URL such as https://alerts.example.com/eks")


def secret_problems(argument: str, value: object) -> Iterator[str]:
    """Yield that an argument is not a secret. A string that is not an ARN is not printed: it may be the secret."""
    if isinstance(value, str):
        if is_literal(value) and not _SECRET_ARN.fullmatch(value):
            yield (
                f"{argument} needs a secret of Secrets Manager, or its complete ARN, which ends in a hyphen and six "
                f"characters; got a string of {len(value)} characters that is not an ARN (not shown, as it may be the "
                "secret itself): create a secret, and pass aws_secretsmanager.Secret.from_secret_complete_arn(...)"
            )
    elif value is None:
        yield f"{argument} needs {SECRET.text}, got None: pass {SECRET.made}"
    else:
        yield from kind_problems(SECRET, **{argument: value})


def field_problems(argument: str, value: object) -> Iterator[str]:
    """Yield that an argument is not the name of a key in a secret's JSON."""
    yield from text_problems(argument, value, _FIELD, "the name of a key in the secret's JSON")


def secret_value(secret: secretsmanager.ISecret | str, field: str) -> str:
    """Return the dynamic reference that CloudFormation replaces by the value of a key in a secret's JSON.

    The value is not in the template. CloudFormation reads it only when the resource is created or changed: a rotated
    secret reaches EventBridge with the next change of the connection
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html).
    """
    return f"{{{{resolve:secretsmanager:{arn_of(secret)}:SecretString:{field}::}}}}"


def arn_of(secret: secretsmanager.ISecret | str) -> str:
    """Return the ARN of a secret."""
    return secret if isinstance(secret, str) else secret.secret_arn


def told_apart(value: Any) -> str:
    """Return a string that identifies an argument. For a secret, its construct path, which every synthesis repeats."""
    return str(value.node.path) if is_a(SECRET, value) else str(value)
