from hardened_eks.controls.control_plane import network_policy_enforced
from tests.controls.cases import ITSELF, Case, at, both, change, drop, hide
from tests.controls.control_plane.base import ADDON, CLUSTER, GOOD


def configured(text):
    return change(ADDON, "ConfigurationValues", text)


CASE = Case(
    network_policy_enforced,
    GOOD,
    bad={
        **at(
            "ConfigurationValues",
            {
                "not configured": drop(ADDON, "ConfigurationValues"),
                "off": configured('{"enableNetworkPolicy": "false"}'),
                "something else": configured('{"env": {"enableNetworkPolicy": "true"}}'),
                "nested in YAML": configured("env:\n  enableNetworkPolicy: true\n"),
                "commented out": configured("# enableNetworkPolicy: true\n"),
                "no JSON": configured("{"),
                "hidden": hide(ADDON, "ConfigurationValues"),
            },
        ),
        **at(
            ITSELF,
            {
                "no add-on": drop(ADDON, ""),
                "of another cluster": change(ADDON, "ClusterName", "two"),
                "cluster hidden": hide(ADDON, "ClusterName"),
            },
        ),
    },
    edge={
        "boolean": configured('{"enableNetworkPolicy": true}'),
        "YAML": configured("enableNetworkPolicy: 'true' # at last\n"),
        "joined": configured({"Fn::Sub": '{"enableNetworkPolicy": "true", "x": "${AWS::Region}"}'}),
        "by name": change(ADDON, "ClusterName", "one"),
        "Auto Mode": both(drop(ADDON, ""), change(CLUSTER, "ComputeConfig.Enabled", True)),
    },
)
