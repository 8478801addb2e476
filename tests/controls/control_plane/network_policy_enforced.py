from hardened_eks.controls.control_plane import network_policy_enforced
from tests.controls.cases import ITSELF, Bad, Case, both, change, drop, hide
from tests.controls.control_plane.base import ADDON, CLUSTER, GOOD


def configured(text):
    return change(ADDON, "ConfigurationValues", text)


CASE = Case(
    network_policy_enforced,
    GOOD,
    bad={
        "not configured": Bad(drop(ADDON, "ConfigurationValues"), "ConfigurationValues"),
        "off": Bad(configured('{"enableNetworkPolicy": "false"}'), "ConfigurationValues"),
        "something else": Bad(configured('{"env": {"enableNetworkPolicy": "true"}}'), "ConfigurationValues"),
        "nested in YAML": Bad(configured("env:\n  enableNetworkPolicy: true\n"), "ConfigurationValues"),
        "commented out": Bad(configured("# enableNetworkPolicy: true\n"), "ConfigurationValues"),
        "no JSON": Bad(configured("{"), "ConfigurationValues"),
        "hidden": Bad(hide(ADDON, "ConfigurationValues"), "ConfigurationValues"),
        "no add-on": Bad(drop(ADDON, ""), ITSELF),
        "of another cluster": Bad(change(ADDON, "ClusterName", "two"), ITSELF),
        "cluster hidden": Bad(hide(ADDON, "ClusterName"), ITSELF),
    },
    edge={
        "boolean": configured('{"enableNetworkPolicy": true}'),
        "YAML": configured("enableNetworkPolicy: 'true' # at last\n"),
        "joined": configured({"Fn::Sub": '{"enableNetworkPolicy": "true", "x": "${AWS::Region}"}'}),
        "by name": change(ADDON, "ClusterName", "one"),
        "Auto Mode": both(drop(ADDON, ""), change(CLUSTER, "ComputeConfig.Enabled", True)),
    },
)
