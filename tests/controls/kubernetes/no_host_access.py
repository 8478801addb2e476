from hardened_eks.baseline.policies.host_access import POLICY
from hardened_eks.controls.kubernetes import no_host_access
from tests.controls.cases import Bad, Case, at, change, hide
from tests.controls.kubernetes.base import (
    DEPLOYMENT,
    GOOD,
    MAIN,
    POD,
    PREPARE,
    everywhere,
    thing,
    workload,
)

CASE = Case(
    no_host_access,
    GOOD,
    bad={
        **at(
            POD,
            {
                "network": change(DEPLOYMENT, f"{POD}.hostNetwork", True),
                "processes": change(DEPLOYMENT, f"{POD}.hostPID", True),
                "memory": change(DEPLOYMENT, f"{POD}.hostIPC", True),
                "path": change(DEPLOYMENT, f"{POD}.volumes", [{"name": "root", "hostPath": {"path": "/"}}]),
                "sysctl": change(
                    DEPLOYMENT, f"{POD}.securityContext.sysctls", [{"name": "kernel.msgmax", "value": "1"}]
                ),
                "hidden": hide(DEPLOYMENT, f"{POD}.hostNetwork"),
            },
        ),
        "port": Bad(change(DEPLOYMENT, f"{MAIN}.ports", [{"containerPort": 80, "hostPort": 80}]), MAIN),
        "init container's port": Bad(
            change(DEPLOYMENT, f"{PREPARE}.ports", [{"containerPort": 80, "hostPort": 80}]), PREPARE
        ),
        "volume of the cluster": Bad(
            thing("v1", "PersistentVolume", namespace="", spec={"hostPath": {"path": "/"}}), ""
        ),
    },
    edge={
        "volume of a driver": thing(
            "v1", "PersistentVolume", namespace="", spec={"csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-1"}}
        ),
        **everywhere(POLICY, workload(hostNetwork=True)),
    },
)
