"""Pods that each check of Pod Security admits and refuses.

One for each case of the pods that Kubernetes publishes for its own tests (k8s.io/pod-security-admission, test/): written
here as changes of one pod with a container and an init container.
"""

from collections.abc import Callable
from typing import Any

from tests.baseline.pod_cases import SYSCTLS, both, context, fields, pod_context, volume
from tests.baseline.pod_security import APPARMOR, BASELINE_CAPABILITIES

Spec = dict[str, Any]
Change = Callable[[Spec], Any]


def main(change: Change) -> Change:
    return lambda spec: change(spec["containers"][0])


def init(change: Change) -> Change:
    return lambda spec: change(spec["initContainers"][0])


def each(change: Change) -> Change:
    return both(main(change), init(change))


def nothing(_: Spec) -> None:
    pass


LINUX = {"capabilities": None, "allowPrivilegeEscalation": None, "seccompProfile": None}
"""What a Windows pod leaves out."""
WINDOWS = both(fields(os={"name": "windows"}), pod_context(seccompProfile=None, runAsUser=None), each(context(**LINUX)))
OWN_USERS = fields(hostUsers=False)
HOST_PROCESS = {"windowsOptions": {"hostProcess": True}}
NO_HOST_PROCESS = {"windowsOptions": {"hostProcess": False}}
HTTP, TCP = {"httpGet": {"port": 80, "host": "bad.host"}}, {"tcpSocket": {"port": 80, "host": "8.8.8.8"}}
PLAIN = {"httpGet": {"port": 80}}
GOOD_VOLUMES = {
    "configMap": {"name": "c"}, "csi": {"driver": "d"}, "downwardAPI": {}, "emptyDir": {}, "ephemeral": {},
    "image": {"reference": "r"}, "persistentVolumeClaim": {"claimName": "c"}, "projected": {}, "secret": {},
}  # fmt: skip
OTHER_VOLUMES = (
    "gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc"
    " azureFile vsphereVolume quobyte azureDisk portworxVolume scaleIO storageos".split()
)


def annotated(value: str) -> Change:
    return lambda spec: spec.setdefault("annotations", {}).update({f"{APPARMOR}main": value})


PASS: dict[str, list[Change]] = {
    "base": [nothing, WINDOWS, OWN_USERS, lambda spec: spec.pop("initContainers")],
    "hostNamespaces": [fields(hostNetwork=False, hostPID=False, hostIPC=False)],
    "privileged": [each(context(privileged=False)), main(context(privileged=None))],
    "windowsHostProcess": [both(pod_context(**NO_HOST_PROCESS), each(context(**NO_HOST_PROCESS))),
                           pod_context(windowsOptions={})],
    "hostPorts": [main(fields(ports=[{"containerPort": 12345}])), main(fields(ports=[{"containerPort": 1, "hostPort": 0}]))],
    "hostProbesAndHostLifecycle": [
        each(fields(livenessProbe=PLAIN, lifecycle={"preStop": PLAIN})),
        main(fields(startupProbe={"tcpSocket": {"port": 80, "host": ""}}, readinessProbe={"grpc": {"port": 1}})),
        main(fields(lifecycle={"postStart": {"exec": {"command": ["x"]}}})),
    ],
    "appArmorProfile": [annotated("runtime/default"), annotated("localhost/foo"), annotated(""),
                        pod_context(appArmorProfile={"type": "RuntimeDefault"}),
                        each(context(appArmorProfile={"type": "Localhost", "localhostProfile": "foo"}))],
    "seLinuxOptions": [
        *(each(context(seLinuxOptions={"type": t, "level": "s0"})) for t in ("container_t", "container_init_t",
          "container_kvm_t", "container_engine_t", "")),
        pod_context(seLinuxOptions={"level": "somevalue"}), each(context(seLinuxOptions={})),
    ],
    "procMount": [each(context(procMount="Default"))],
    "sysctls": [pod_context(sysctls=[]), pod_context(sysctls=[{"name": n, "value": "0"} for n in SYSCTLS])],
    "restrictedVolumes": [volume(**{kind: source}) for kind, source in GOOD_VOLUMES.items()],
    "allowPrivilegeEscalation": [each(context(allowPrivilegeEscalation=False))],
    "runAsNonRoot": [both(pod_context(runAsNonRoot=True), each(context(runAsNonRoot=None))),
                     both(pod_context(runAsNonRoot=None), each(context(runAsNonRoot=True)))],
    "runAsUser": [both(pod_context(runAsUser=1000), each(context(runAsUser=1000)))],
    "seccompProfile_restricted": [
        both(pod_context(seccompProfile=None), each(context(seccompProfile={"type": "RuntimeDefault"}))),
        both(pod_context(seccompProfile={"type": "Localhost"}), main(context(seccompProfile={"type": "RuntimeDefault"}))),
    ],
    "capabilities_restricted": [each(context(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]})),
                                each(context(capabilities={"drop": ["NET_RAW", "ALL"]}))],
}  # fmt: skip
"""Check -> pods that restricted admits, and so baseline, in every version."""

FAIL: dict[str, list[Change]] = {
    "hostNamespaces": [fields(hostNetwork=True), fields(hostPID=True), fields(hostIPC=True)],
    "privileged": [main(context(privileged=True)), init(context(privileged=True))],
    "windowsHostProcess": [pod_context(**HOST_PROCESS), main(context(**HOST_PROCESS)), init(context(**HOST_PROCESS)),
                           both(WINDOWS, pod_context(**HOST_PROCESS))],
    "capabilities_baseline": [
        where(context(capabilities={"drop": ["ALL"], "add": [name]}))
        for where in (main, init) for name in ("NET_RAW", "SYS_ADMIN", "bogus", "ALL", "CAP_CHOWN")
    ],
    "hostPathVolumes": [volume(hostPath={"path": "/dev/null"}),
                        both(volume(emptyDir={}), volume(hostPath={"path": "/a"}))],
    "hostPorts": [main(fields(ports=[{"containerPort": 1, "hostPort": 12345}])),
                  init(fields(ports=[{"containerPort": 1}, {"containerPort": 2, "hostPort": 2}]))],
    "hostProbesAndHostLifecycle": [
        *(where(fields(**{probe: handler})) for where in (main, init) for handler in (HTTP, TCP)
          for probe in ("livenessProbe", "readinessProbe", "startupProbe")),
        *(where(fields(lifecycle={hook: handler})) for where in (main, init) for handler in (HTTP, TCP)
          for hook in ("postStart", "preStop")),
        main(fields(livenessProbe={"httpGet": {"port": 80, "host": "127.0.0.1"}})),
    ],
    "appArmorProfile": [annotated("unconfined"), annotated("unknown"), pod_context(appArmorProfile={"type": "Unconfined"}),
                        main(context(appArmorProfile={"type": "Unconfined"})),
                        init(context(appArmorProfile={"type": "Unconfined"}))],
    "seLinuxOptions": [
        where(options)
        for option in ({"type": "somevalue"}, {"type": "container_foo_t"}, {"user": "somevalue"}, {"role": "somevalue"})
        for where, options in ((lambda c: c, pod_context(seLinuxOptions=option)), (main, context(seLinuxOptions=option)),
                               (init, context(seLinuxOptions=option)))
    ],
    "procMount": [main(context(procMount="Unmasked")), init(context(procMount="Unmasked"))],
    "seccompProfile_baseline": [pod_context(seccompProfile={"type": "Unconfined"}),
                                main(context(seccompProfile={"type": "Unconfined"})),
                                init(context(seccompProfile={"type": "Unconfined"}))],
    "sysctls": [pod_context(sysctls=[{"name": "othersysctl", "value": "other"}]),
                pod_context(sysctls=[{"name": SYSCTLS[0], "value": "0"}, {"name": "net.core.somaxconn", "value": "1"}])],
    "restrictedVolumes": [volume(), *(volume(**{kind: {}}) for kind in OTHER_VOLUMES)],
    "allowPrivilegeEscalation": [where(context(allowPrivilegeEscalation=v)) for where in (main, init) for v in (True, None)]
    + [main(fields(securityContext=None))],
    "runAsNonRoot": [pod_context(runAsNonRoot=None), pod_context(runAsNonRoot=False), main(context(runAsNonRoot=False)),
                     init(context(runAsNonRoot=False)), both(WINDOWS, pod_context(runAsNonRoot=None)),
                     both(pod_context(runAsNonRoot=False), each(context(runAsNonRoot=True)))],
    "runAsUser": [pod_context(runAsUser=0), main(context(runAsUser=0)), init(context(runAsUser=0))],
    "seccompProfile_restricted": [pod_context(seccompProfile=None),
                                  both(pod_context(seccompProfile=None), main(context(seccompProfile={"type": "Localhost"})))],
    "capabilities_restricted": [
        *(where(context(capabilities=c)) for where in (main, init)
          for c in (None, {}, {"drop": []}, {"drop": ["all"]}, {"drop": ["NET_RAW"]})),
        *(main(context(capabilities={"drop": ["ALL"], "add": [name]}))
          for name in sorted(BASELINE_CAPABILITIES - {"NET_BIND_SERVICE"})),
    ],
}  # fmt: skip
"""Check -> pods that it refuses in 1.34."""

CHANGED: list[tuple[str, Change, str, str]] = [
    ("root with users of its own", both(OWN_USERS, pod_context(runAsNonRoot=None)), "aaaa", "daaa"),
    ("user 0 with users of its own", both(OWN_USERS, main(context(runAsUser=0))), "aaaa", "daaa"),
    ("/proc with users of its own", both(OWN_USERS, main(context(procMount="Unmasked"))), "daaa", "dddd"),
    ("privileged with users of its own", both(OWN_USERS, main(context(privileged=True))), "dddd", "dddd"),
    ("users of the host, said", both(fields(hostUsers=True), pod_context(runAsNonRoot=None)), "aaaa", "dddd"),
    *(
        (f"sysctl {name}", pod_context(sysctls=[{"name": name, "value": "1"}]), "ddda", "ddda")
        for name in ("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat")
    ),
    ("probe of a host", main(fields(livenessProbe=HTTP)), "dddd", "dddd"),
    ("image volume", volume(image={"reference": "r"}), "aaaa", "aaaa"),
]
"""(case, change, verdicts of baseline, of restricted): a(dmitted) or d(enied) in 1.34, 1.35, 1.36 and 1.37."""
