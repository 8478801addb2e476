import re
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks._patterns import regex
from hardened_eks.controls.functions._functions import FUNCTION
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_SECRET_NAME: Final = regex(r"passw(or)?d|secret|token|api_?key|private_?key|access_?key|credential", re.IGNORECASE)
_POINTER_NAME: Final = regex(
    r"(_|^)(arn|name|id|path|url|uri|parameter|ttl|expiry|file|region|enabled)s?$", re.IGNORECASE
)
_SECRET_VALUE: Final = regex(
    r"(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|ghp_[A-Za-z0-9]{36}|xox[bp]-[A-Za-z0-9-]{20,}",
    hints=("akia", "asia", "private key-----", "ghp_", "xoxb-", "xoxp-"),
)


@control(
    id="FN-05",
    title="Function code and environment variables hold no secrets, and a customer managed key encrypts the variables",
    requirement="lambda.no_secrets",
    types=(FUNCTION,),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Anyone who can read the configuration of the function, or the template, can read the secret. It is also in "
        "every change set and backup."
    ),
    fix="Put the ARN of a secret or parameter into the variable, read the value at run time, and set KmsKeyArn.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
    blind=(
        "Code that is uploaded as an asset, layers, and secrets in variables whose names do not suggest a secret. "
        "References to resources of the assembly count as ARNs or names."
    ),
    enforced_by="Network",
)
def function_without_secrets(function: Resource, assembly: Assembly) -> Iterator[Problem]:
    variables = function.get("Environment.Variables", {})
    if variables and isinstance(variables, dict):
        if function.get("KmsKeyArn", "") == "":
            message = "no customer managed key encrypts its variables"
            yield Problem(message, "KmsKeyArn", cause=message, severity=Severity.MEDIUM)
        for name, value in variables.items():
            if _is_secret(str(name), value, assembly):
                yield Problem(f"the variable {name} holds a secret", f"Environment.Variables.{name}")
    if _SECRET_VALUE.search(str(function.get("Code.ZipFile", ""))):
        yield Problem("its code holds a secret", "Code.ZipFile")


def _is_secret(name: str, value: Any, assembly: Assembly) -> bool:
    text = str(value)
    if _SECRET_VALUE.search(text) or text.startswith("{{resolve:secretsmanager:") or "{{resolve:ssm-secure:" in text:
        return True
    if not _SECRET_NAME.search(name) or _POINTER_NAME.search(name):
        return False
    if isinstance(value, Unknown):
        return assembly.target(value) is None and "arn:" not in text
    return isinstance(value, str) and value.lower() not in {"", "true", "false"} and not value.startswith("arn:")
