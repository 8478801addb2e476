from collections.abc import Iterator

from hardened_eks.baseline.policies.host_access import POLICY
from hardened_eks.controls.kubernetes._admission import PODS_AND_VOLUMES, refused
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KB-04",
    title=POLICY.title,
    requirement=(
        "k8s.pod.host_pid",
        "k8s.pod.host_ipc",
        "k8s.pod.host_network",
        "k8s.pod.host_ports",
        "k8s.pod.host_path",
        "k8s.pod.runtime_socket",
        "k8s.pod.proc_mount",
        "k8s.pod.sysctls",
        "k8s.pod.windows_host_process",
        "k8s.pod.host_probes",
    ),
    types=PODS_AND_VOLUMES,
    needs="assembly",
    severity=Severity.HIGH,
    why=POLICY.why,
    fix="Do not set hostNetwork, hostPID, hostIPC, host ports, hostPath volumes, procMount or unsafe sysctls.",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    detective="The admission policy `host-access` of `hardened-eks manifests` and Workloads enforces it.",
)
def no_host_access(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from refused(POLICY, resource, assembly)
