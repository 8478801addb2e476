import json
from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Family, Problem, Severity, control


@control(
    id="DP-10",
    title="Add-on configuration is a JSON object",
    types=("AWS::EKS::Addon",),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS refuses the add-on: configuration values must be JSON (or YAML) of an object. A value of the "
        "wrong shape is silently the default in some add-ons."
    ),
    fix="Write one JSON object as text.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-field-management.html",
    blind="Keys and values that the add-on version does not know; YAML text.",
)
def addon_configuration_json(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    text = resource.get("ConfigurationValues")
    if text is None or not isinstance(text, str):
        return
    try:
        value = json.loads(text)
    except ValueError as error:
        if text.lstrip().startswith(("{", "[")) or ":" not in text:
            yield Problem(f"the configuration is no JSON: {error}", "ConfigurationValues")
        return
    if not isinstance(value, dict):
        yield Problem(f"the configuration is a JSON {type(value).__name__}, an object is needed", "ConfigurationValues")
    elif resource.get("AddonName") == "vpc-cni" and isinstance(value.get("enableNetworkPolicy"), bool):
        yield Problem(
            'enableNetworkPolicy is a boolean, the add-on\'s schema takes the text "true"', "ConfigurationValues"
        )
