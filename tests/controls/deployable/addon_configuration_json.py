from hardened_eks.controls.deployable import addon_configuration_json
from tests.controls.cases import Case, at, change, drop, template
from tests.controls.deployable.base import ADDON

CASE = Case(
    addon_configuration_json,
    template({"A": (ADDON, {"AddonName": "vpc-cni", "ConfigurationValues": '{"enableNetworkPolicy": "true"}'})}),
    bad=at(
        "ConfigurationValues",
        {
            "broken": change(ADDON, "ConfigurationValues", '{"enableNetworkPolicy": "true"'),
            "text": change(ADDON, "ConfigurationValues", "enable"),
            "list": change(ADDON, "ConfigurationValues", "[1]"),
            "boolean": change(ADDON, "ConfigurationValues", '{"enableNetworkPolicy": true}'),
            "an object, not text": change(ADDON, "ConfigurationValues", {"enableNetworkPolicy": "true"}),
            "no number": change(ADDON, "ConfigurationValues", '{"replicaCount": NaN}'),
            "broken YAML": change(ADDON, "ConfigurationValues", "replicaCount: 2\n  tolerations: ["),
            "YAML list": change(ADDON, "ConfigurationValues", "- replicaCount: 2"),
            "broken around a parameter": change(ADDON, "ConfigurationValues", {"Fn::Sub": '{"replicaCount": ${Count}'}),
        },
    ),
    edge={
        "none": drop(ADDON, "ConfigurationValues"),
        "yaml": change(ADDON, "ConfigurationValues", "replicaCount: 2"),
        "parameters inside": change(ADDON, "ConfigurationValues", {"Fn::Sub": '{"a": ${Count}, "b": "${Name}"}'}),
        "a value and a pair": change(ADDON, "ConfigurationValues", {"Fn::Sub": '{"a": ${Count}, ${Rest}}'}),
        "a parameter": change(ADDON, "ConfigurationValues", {"Ref": "P"}),
    },
)
