from hardened_eks.controls.deployable import nodegroup_version_alone
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import NG

DEPLOYED = {
    "ClusterName": "prod",
    "Version": "1.34",
    "Labels": {"team": "a"},
    "ScalingConfig": {"MinSize": 1, "DesiredSize": 1, "MaxSize": 3},
}
NEW = change(NG, "Version", "1.35")
NODES = template({"Nodes": (NG, DEPLOYED)})

CASE = Case(
    nodegroup_version_alone,
    NODES,
    bad={
        "labels": Bad(both(NEW, change(NG, "Labels.team", "b")), "Labels"),
        "label dropped": Bad(both(NEW, drop(NG, "Labels")), "Labels"),
        "size": Bad(both(NEW, change(NG, "ScalingConfig.MaxSize", 5)), "ScalingConfig"),
        "release": Bad(
            both(
                change(NG, "ReleaseVersion", "1.34.2-20261101"),
                change(NG, "Taints", [{"Key": "gpu", "Value": "true", "Effect": "NO_SCHEDULE"}]),
            ),
            "Taints",
        ),
        "several": Bad(
            both(NEW, both(change(NG, "UpdateConfig.MaxUnavailable", 2), change(NG, "NodeRepairConfig.Enabled", True))),
            "UpdateConfig",
            "NodeRepairConfig",
        ),
    },
    edge={
        "version alone": NEW,
        "with its launch template": both(NEW, change(NG, "LaunchTemplate", {"Id": "lt-1", "Version": "2"})),
        "labels alone": change(NG, "Labels.team", "b"),
        "new group": template({"New": (NG, {**DEPLOYED, "Version": "1.35", "Labels": {}})}),
    },
    previous=NODES,
)
