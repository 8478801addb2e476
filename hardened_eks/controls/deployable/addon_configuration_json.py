import json
from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.expressions import broken_json


@control(
    id="DP-10",
    title="Add-on configuration is a JSON object",
    types=("AWS::EKS::Addon",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects the add-on: the configuration values must be a JSON or YAML object. Some add-ons silently use "
        "the default if a value has the wrong type."
    ),
    fix="Write one JSON object as a string.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-field-management.html",
    blind="Keys and values that the add-on version does not know.",
    enforced_by="Addon",
)
def addon_configuration_json(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    text = resource.get("ConfigurationValues")
    if isinstance(text, Unknown):
        if broken_json(str(text)):
            yield Problem(
                "the configuration is not JSON, regardless of the values inserted at deployment", "ConfigurationValues"
            )
        return
    if text is None:
        return
    if not isinstance(text, str):
        yield Problem(f"the configuration is a {type(text).__name__}, but a string is needed", "ConfigurationValues")
        return
    try:
        value = _read(text)
    except ValueError as error:
        yield Problem(f"the configuration is not JSON or YAML: {error}", "ConfigurationValues")
        return
    if not isinstance(value, dict):
        yield Problem(f"the configuration is a {type(value).__name__}, but an object is needed", "ConfigurationValues")
    elif resource.get("AddonName") == "vpc-cni" and isinstance(value.get("enableNetworkPolicy"), bool):
        yield Problem(
            'enableNetworkPolicy is a boolean, but the schema of the add-on requires the string "true"',
            "ConfigurationValues",
        )


def _read(text: str) -> Any:
    """Return the content of JSON or YAML; raise ValueError if it is neither."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        if text.lstrip().startswith(("{", "[")):
            raise
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        message = " ".join(str(error).split())
        raise ValueError(message) from error


def _refuse(name: str) -> None:
    message = f"{name} is not a JSON value"
    raise ValueError(message)
