"""Pods: what each policy refuses in a container, a container's list or a pod; and the pods that all admit."""

from typing import Any

from tests.baseline.objects import DIGEST, IMAGE, REGISTRY, container

HEX = "a1" * 32
SYSCTLS = """kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports
    net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl
    net.ipv4.tcp_keepalive_probes net.ipv4.tcp_keepalive_time net.ipv4.tcp_rmem net.ipv4.tcp_syncookies
    net.ipv4.tcp_wmem""".split()


def context(**fields: Any) -> Any:
    """Set fields of a container's security context; None removes one."""

    def change(c: dict[str, Any]) -> None:
        for name, value in fields.items():
            if value is None:
                c["securityContext"].pop(name, None)
            else:
                c["securityContext"][name] = value

    return change


def fields(**values: Any) -> Any:
    def change(c: dict[str, Any]) -> None:
        for name, value in values.items():
            if value is None:
                c.pop(name, None)
            else:
                c[name] = value

    return change


def both(*changes: Any) -> Any:
    def change(c: dict[str, Any]) -> None:
        for one in changes:
            one(c)

    return change


def pod_context(**values: Any) -> Any:
    def change(pod: dict[str, Any]) -> None:
        for name, value in values.items():
            if value is None:
                pod["securityContext"].pop(name, None)
            else:
                pod["securityContext"][name] = value

    return change


def volume(**source: Any) -> Any:
    return lambda pod: pod["volumes"].append({"name": "extra", **source})


def every_container(change: Any) -> Any:
    def changed(pod: dict[str, Any]) -> None:
        for name in ("containers", "initContainers", "ephemeralContainers"):
            for c in pod.get(name, ()):
                change(c)

    return changed


RESOURCES = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}


def resources(side: str, name: str, value: Any = "removed") -> Any:
    def change(c: dict[str, Any]) -> None:
        c["resources"] = {k: dict(v) for k, v in RESOURCES.items()}
        if value == "removed":
            del c["resources"][side][name]
        else:
            c["resources"][side][name] = value
        if not c["resources"][side]:
            del c["resources"][side]

    return change


def no_memory(c: dict[str, Any]) -> None:
    c["resources"] = {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}


PROBE = {"httpGet": {"path": "/", "port": 80, "host": "169.254.169.254"}}
TCP = {"tcpSocket": {"port": 80, "host": "10.0.0.1"}}

CONTAINERS: dict[str, dict[str, Any]] = {
    "trusted-registry": {
        "docker hub": fields(image="nginx:1.27.1"),
        "another registry": fields(image="ghcr.io/payments/api:1.4.2"),
        "look-alike host": fields(image=f"{REGISTRY}.evil.example/payments/api:1.4.2"),
        "look-alike host without a dot": fields(image=f"{REGISTRY}evil/api:1.4.2"),
        "port": fields(image=f"{REGISTRY}:5000/api:1.4.2"),
        "registry in the path": fields(image=f"evil.example/{REGISTRY}/api:1.4.2"),
        "registry alone": fields(image=REGISTRY),
        "no image": fields(image=None),
        "blank before": fields(image=f" {IMAGE}"),
        "scheme": fields(image=f"https://{IMAGE}"),
    },
    "image-pinned": {
        "no tag": fields(image=f"{REGISTRY}/api"),
        "latest": fields(image=f"{REGISTRY}/api:latest"),
        "latest with a number": fields(image=f"{REGISTRY}/api:v1-latest"),
        "Latest": fields(image=f"{REGISTRY}/api:1.Latest"),
        "a name": fields(image=f"{REGISTRY}/api:main"),
        "numbered port, named tag": fields(image="registry.example:5000/api:main"),
        "port but no tag": fields(image="registry.example:5000/team/api"),
        "port alone but no tag": fields(image="registry.example:5000/api"),
        "short digest": fields(image=f"{REGISTRY}/api@sha256:abc123"),
        "short digest after a tag": fields(image=f"{REGISTRY}/api:1.0@sha256:abc123"),
        "digest in capitals": fields(image=f"{REGISTRY}/api@sha256:{HEX.upper()}"),
        "long digest": fields(image=f"{REGISTRY}/api@sha256:{HEX}00"),
        "longer digest": fields(image=f"{REGISTRY}/api@sha512:{HEX * 2}"),
        "digest of another kind": fields(image=f"{REGISTRY}/api@md5:{HEX[:32]}"),
        "empty tag": fields(image=f"{REGISTRY}/api:"),
        "empty digest": fields(image=f"{REGISTRY}/api@"),
        "two tags": fields(image=f"{REGISTRY}/api:1:2"),
        "text before": fields(image=f"x {IMAGE}"),
        "text before a digest": fields(image=f"x {DIGEST}"),
        "text after": fields(image=f"{IMAGE} x"),
        "a step up": fields(image=f"{REGISTRY}/../api:1.4.2"),
        "a step up before a digest": fields(image=f"{REGISTRY}/../api@sha256:{HEX}"),
        "an empty part": fields(image=f"{REGISTRY}//api:1.4.2"),
        "an empty part before a digest": fields(image=f"{REGISTRY}//api@sha256:{HEX}"),
        "no image": fields(image=None),
    },
    "privilege-escalation": {
        "privileged": context(privileged=True),
        "may escalate": context(allowPrivilegeEscalation=True),
        "escalation unset": context(allowPrivilegeEscalation=None),
        "no security context": fields(securityContext=None),
        "host process": context(windowsOptions={"hostProcess": True}),
        "adds SYS_ADMIN": context(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "SYS_ADMIN"]}),
        "adds CAP_SYS_ADMIN": context(capabilities={"drop": ["ALL"], "add": ["CAP_SYS_ADMIN"]}),
        "adds all": context(capabilities={"add": ["ALL"]}),
    },
    "non-root": {
        "may be root": context(runAsNonRoot=False),
        "user 0": context(runAsUser=0),
        "user 0 that says it is not": context(runAsUser=0, runAsNonRoot=True),
    },
    "read-only-rootfs": {
        "unset": context(readOnlyRootFilesystem=None),
        "writable": context(readOnlyRootFilesystem=False),
        "no security context": fields(securityContext=None),
        "null": fields(securityContext={"readOnlyRootFilesystem": None}),
    },
    "capabilities": {
        "none dropped": context(capabilities=None),
        "null": fields(securityContext={"capabilities": None}),
        "no drop": context(capabilities={"add": ["NET_BIND_SERVICE"]}),
        "drop is null": context(capabilities={"drop": None}),
        "one dropped": context(capabilities={"drop": ["NET_RAW"]}),
        "adds": context(capabilities={"drop": ["ALL"], "add": ["SYS_ADMIN"]}),
        "adds with prefix": context(capabilities={"drop": ["ALL"], "add": ["CAP_NET_RAW"]}),
        "adds two": context(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "SYS_PTRACE"]}),
    },
    "seccomp": {
        "unconfined": context(seccompProfile={"type": "Unconfined"}),
        "unknown": context(seccompProfile={"type": "None"}),
    },
    "security-profiles": {
        "AppArmor unconfined": context(appArmorProfile={"type": "Unconfined"}),
        "AppArmor of no type": context(appArmorProfile={}),
        "SELinux type": context(seLinuxOptions={"type": "spc_t"}),
        "SELinux user": context(seLinuxOptions={"user": "system_u"}),
        "SELinux role": context(seLinuxOptions={"role": "sysadm_r"}),
    },
    "host-access": {
        "host port": fields(ports=[{"containerPort": 80}, {"containerPort": 81, "hostPort": 81}]),
        "privileged": context(privileged=True),
        "proc": context(procMount="Unmasked"),
        "host process": context(windowsOptions={"hostProcess": True}),
        "liveness": fields(livenessProbe=PROBE),
        "readiness": fields(readinessProbe=PROBE),
        "startup": fields(startupProbe=TCP),
        "after start": fields(lifecycle={"postStart": PROBE}),
        "before stop": fields(lifecycle={"preStop": TCP}),
    },
    "resources": {
        "none": fields(resources=None),
        "null": lambda c: c.update(resources=None),
        "empty": fields(resources={}),
        "no CPU": resources("requests", "cpu"),
        "no CPU, zero": resources("requests", "cpu", "0"),
        "no CPU, zero with an exponent": resources("requests", "cpu", "0e1"),
        "limits alone": fields(resources={"limits": {"cpu": "1", "memory": "1Gi"}}),
        "no memory request": resources("requests", "memory"),
        "memory request zero": resources("requests", "memory", "0e2"),
        "memory request is null": resources("requests", "memory", None),
        "memory limit is null": resources("limits", "memory", None),
        "null requests": fields(resources={"requests": None, "limits": None}),
        "CPU is null": resources("requests", "cpu", None),
        "no memory": no_memory,
        "memory limit alone missing": resources("limits", "memory"),
        "memory limit zero": resources("limits", "memory", "0"),
        "memory limit zero with a unit": resources("limits", "memory", "0Gi"),
        "memory limit zero with an exponent": resources("limits", "memory", "0e3"),
        "memory limit zero as a number": resources("limits", "memory", 0),
    },
    "secret-env": {
        "secretKeyRef": fields(env=[{"name": "P", "valueFrom": {"secretKeyRef": {"name": "s", "key": "p"}}}]),
        "second": fields(
            env=[{"name": "A", "value": "1"}, {"name": "P", "valueFrom": {"secretKeyRef": {"name": "s", "key": "p"}}}]
        ),
        "envFrom": fields(envFrom=[{"configMapRef": {"name": "c"}}, {"secretRef": {"name": "s"}}]),
        "access key": fields(env=[{"name": "ID", "value": "AKIAABCDEFGHIJKLMNOP"}]),
        "session key within text": fields(env=[{"name": "ID", "value": "id=ASIAABCDEFGHIJKLMNOP;"}]),
        "private key": fields(env=[{"name": "K", "value": "-----BEGIN RSA PRIVATE KEY-----\nMII"}]),
    },
}
"""Policy -> case -> change of one container, which the policy then refuses in every list of containers."""

WITHOUT_EPHEMERAL = {"resources"}
"""Policies that do not read ephemeral containers, whose resources the API refuses."""


def token(**source: Any) -> Any:
    return {"projected": {"sources": [{"configMap": {"name": "ca"}}, {"serviceAccountToken": {"path": "t", **source}}]}}


def certificate(**source: Any) -> Any:
    return {"projected": {"sources": [{"configMap": {"name": "ca"}}, {"podCertificate": source}]}}


def default_account(*changes: Any, name: str | None = "default") -> Any:
    def change(pod: dict[str, Any]) -> None:
        pod.pop("serviceAccountName")
        if name is not None:
            pod["serviceAccountName"] = name
        for one in changes:
            one(pod)

    return change


def mounted(where: str, path: str) -> Any:
    def change(pod: dict[str, Any]) -> None:
        pod[where][0]["volumeMounts"] = [{"name": "tmp", "mountPath": "/tmp"}, {"name": "t", "mountPath": path}]

    return change


INJECTED = "/var/run/secrets/kubernetes.io/serviceaccount"


def without_drop(pod: dict[str, Any]) -> None:
    """A pod without a profile, of which all containers but one have their own."""
    pod["securityContext"].pop("seccompProfile")
    every_container(context(seccompProfile={"type": "RuntimeDefault"}))(pod)
    del pod["initContainers"][1]["securityContext"]["seccompProfile"]


PODS: dict[str, dict[str, Any]] = {
    "trusted-registry": {
        "image volume": volume(image={"reference": "docker.io/x/y:1.0"}),
        "image volume of a look-alike": volume(image={"reference": f"{REGISTRY}.evil.example/x:1.0"}),
    },
    "image-pinned": {"image volume": volume(image={"reference": f"{REGISTRY}/y:latest"})},
    "privilege-escalation": {
        "host process": pod_context(windowsOptions={"hostProcess": True}),
        "Windows may not be privileged": both(
            fields(os={"name": "windows"}), lambda pod: context(privileged=True)(pod["containers"][0])
        ),
        "Windows of another name": both(
            fields(os={"name": "linux"}), lambda pod: context(allowPrivilegeEscalation=None)(pod["containers"][0])
        ),
    },
    "non-root": {
        "unset": pod_context(runAsNonRoot=None),
        "false": pod_context(runAsNonRoot=False),
        "no security context": fields(securityContext=None),
        "null security context": lambda pod: pod.update(securityContext=None),
        "user 0": pod_context(runAsUser=0),
        "user namespace": both(pod_context(runAsNonRoot=None), fields(hostUsers=False)),
        "all containers but one": both(
            pod_context(runAsNonRoot=None),
            lambda pod: [context(runAsNonRoot=True)(c) for n in ("containers", "initContainers") for c in pod[n]],
        ),
        "null in a container": both(
            pod_context(runAsNonRoot=None), lambda pod: pod["containers"][0].update(securityContext=None)
        ),
    },
    "read-only-rootfs": {
        "Linux by name": both(
            fields(os={"name": "linux"}), lambda pod: context(readOnlyRootFilesystem=None)(pod["containers"][0])
        ),
    },
    "capabilities": {
        "Linux by name": both(
            fields(os={"name": "linux"}), lambda pod: context(capabilities=None)(pod["containers"][0])
        ),
        "Windows adds": both(
            fields(os={"name": "windows"}),
            lambda pod: context(capabilities={"add": ["SYS_ADMIN"]})(pod["containers"][0]),
        ),
    },
    "seccomp": {
        "unset": pod_context(seccompProfile=None),
        "no security context": fields(securityContext=None),
        "null": lambda pod: pod["securityContext"].update(seccompProfile=None),
        "empty": pod_context(seccompProfile={}),
        "unconfined": pod_context(seccompProfile={"type": "Unconfined"}),
        "unconfined, but each container has its own": both(
            pod_context(seccompProfile={"type": "Unconfined"}),
            every_container(context(seccompProfile={"type": "RuntimeDefault"})),
        ),
        "all containers but one": without_drop,
        "Linux by name": both(fields(os={"name": "linux"}), pod_context(seccompProfile=None)),
    },
    "security-profiles": {
        "AppArmor unconfined": pod_context(appArmorProfile={"type": "Unconfined"}),
        "SELinux type": pod_context(seLinuxOptions={"type": "unconfined_t"}),
    },
    "host-access": {
        "host network": fields(hostNetwork=True),
        "host PID": fields(hostPID=True),
        "host IPC": fields(hostIPC=True),
        "hostPath": volume(hostPath={"path": "/"}),
        "flexVolume": volume(flexVolume={"driver": "x/y"}),
        "gitRepo": volume(gitRepo={"repository": "https://x"}),
        "host process": pod_context(windowsOptions={"hostProcess": True}),
        "sysctl": pod_context(sysctls=[{"name": "net.ipv4.tcp_syncookies"}, {"name": "kernel.msgmax", "value": "1"}]),
        "sysctl of a later version": pod_context(sysctls=[{"name": "net.ipv4.tcp_slow_start_after_idle"}]),
        "sysctl without a name": pod_context(sysctls=[{}]),
    },
    "resources": {
        "null resources of the pod": lambda pod: (pod.update(resources=None), pod["containers"][0].pop("resources")),
        "pod limits memory only": lambda pod: (
            pod.update(resources={"limits": {"memory": "1Gi"}}),
            pod["containers"][0].pop("resources"),
        ),
    },
    "priority": {
        "node critical": fields(priorityClassName="system-node-critical"),
        "cluster critical": fields(priorityClassName="system-cluster-critical"),
    },
    "automount-token": {
        "explicit": default_account(fields(automountServiceAccountToken=True)),
        "explicit, no account": default_account(fields(automountServiceAccountToken=True), name=None),
        "explicit, empty account": default_account(fields(automountServiceAccountToken=True), name=""),
        "explicit, older field": default_account(
            fields(automountServiceAccountToken=True, serviceAccount="default"), name=None
        ),
        "explicit, null accounts": default_account(
            lambda p: p.update(automountServiceAccountToken=True, serviceAccountName=None, serviceAccount=None)
        ),
        "explicit, empty accounts": default_account(
            fields(automountServiceAccountToken=True, serviceAccount=""), name=""
        ),
        "injected": default_account(mounted("containers", INJECTED)),
        "injected into an init container": default_account(mounted("initContainers", INJECTED), name=None),
        "injected into an ephemeral container": default_account(mounted("ephemeralContainers", INJECTED)),
        "injected, other spelling": default_account(mounted("containers", INJECTED.removeprefix("/var") + "/")),
        "own volume": default_account(volume(**token())),
        "own volume, null audience": default_account(volume(**token(audience=None))),
        "own certificate": default_account(volume(**certificate(signerName="kubernetes.io/kube-apiserver-client-pod"))),
        "own certificate of no signer": default_account(volume(**certificate(keyType="ED25519"))),
        "own volume, API audience": default_account(volume(**token(audience="https://kubernetes.default.svc"))),
    },
}
"""Policy -> case -> change of a pod, which the policy then refuses in every kind of workload."""


def annotated(value: str) -> dict[str, str]:
    return {"container.apparmor.security.beta.kubernetes.io/main": value}


def windows(pod: dict[str, Any]) -> None:
    """A Windows pod, which cannot set the fields of Linux."""
    pod["os"] = {"name": "windows"}
    pod["securityContext"] = {"runAsNonRoot": True, "windowsOptions": {"runAsUserName": "ContainerUser"}}
    every_container(fields(securityContext=None))(pod)


def nulls(pod: dict[str, Any]) -> None:
    """Fields that are there and null, as some clients send them."""
    pod.update(initContainers=None, ephemeralContainers=None, volumes=None, os=None, priorityClassName=None,
               automountServiceAccountToken=None, hostNetwork=None, hostPID=None, hostIPC=None, resources=None)  # fmt: skip
    pod["containers"][0].update(env=None, envFrom=None, ports=None, volumeMounts=None, livenessProbe=None,
                                readinessProbe=None, startupProbe=None, lifecycle=None)  # fmt: skip
    pod["containers"][0]["securityContext"].update(
        privileged=None, runAsNonRoot=None, runAsUser=None, seccompProfile=None, procMount=None, windowsOptions=None,
        seLinuxOptions=None, appArmorProfile=None, capabilities={"drop": ["ALL"], "add": None},
    )  # fmt: skip
    pod["securityContext"].update(sysctls=None, windowsOptions=None, seLinuxOptions=None)


def inner_nulls(pod: dict[str, Any]) -> None:
    pod["volumes"] += [
        {"name": "a", "image": None, "hostPath": None, "projected": None},
        {"name": "b", "projected": {"sources": None}},
        {"name": "c", "projected": {"sources": [{"serviceAccountToken": None}]}},
        {"name": "h", "projected": {"sources": [{"podCertificate": None}]}},
        {"name": "d", "image": {"reference": ""}},
        {"name": "e", "projected": {}, "flexVolume": None, "gitRepo": None},
        {"name": "f", "image": {}},
        {"name": "g", "image": {"reference": None}},
    ]
    pod["containers"][0].update(
        env=[
            {"name": "A"},
            {"name": "B", "valueFrom": None},
            {"name": "C", "valueFrom": {"secretKeyRef": None}},
            {"name": "D", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            {"name": "E", "value": None},
            {"name": "F", "value": "AKIA is a prefix"},
        ],
        envFrom=[{"configMapRef": {"name": "c"}}, {"secretRef": None}],
        ports=[{"containerPort": 8080}, {"containerPort": 81, "hostPort": 0}, {"containerPort": 82, "hostPort": None}],
        volumeMounts=[{"name": "tmp"}],
        lifecycle={"postStart": None, "preStop": None},
        livenessProbe={"httpGet": None, "tcpSocket": None},
        readinessProbe={"httpGet": {"port": 80, "host": ""}},
        startupProbe={"exec": {"command": ["true"]}},
    )
    pod["initContainers"][1].update(
        livenessProbe={"httpGet": {"port": 80, "host": None}},
        readinessProbe={"tcpSocket": {"port": 80, "host": None}},
        startupProbe={"tcpSocket": {"port": 80, "host": ""}},
        lifecycle={"preStop": {"tcpSocket": {"port": 80}}},
    )
    pod["initContainers"][0].update(
        livenessProbe={"httpGet": {"port": 80}},
    )  # fmt: skip
    pod["containers"][0]["securityContext"].update(
        windowsOptions={"hostProcess": False}, seLinuxOptions={"type": "", "user": "", "role": ""},
        privileged=False,
    )  # fmt: skip
    pod.update(serviceAccountName=None, serviceAccount="api", os={}, hostPID=False)


GOOD: dict[str, Any] = {
    "as it is": lambda pod: None,
    "digest": every_container(fields(image=DIGEST)),
    "tag and digest": every_container(fields(image=DIGEST.replace("@", ":latest@"))),
    "commit as a tag": every_container(fields(image=f"{REGISTRY}/a/b_c/d-e:3f9c2d1")),
    "latest in the name": every_container(fields(image=f"{REGISTRY}/latest/app-latest:1.0")),
    "second registry with a path": every_container(fields(image="registry.example:5000/team/a:v2")),
    "image volume": volume(image={"reference": DIGEST}),
    "binds low ports": every_container(context(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]})),
    "drops more": every_container(context(capabilities={"drop": ["NET_RAW", "ALL"]})),
    "containers say it all": both(
        pod_context(runAsNonRoot=None, seccompProfile=None, runAsUser=None),
        every_container(context(runAsNonRoot=True, runAsUser=1000, seccompProfile={"type": "Localhost"})),
    ),
    "containers overrule the pod": both(pod_context(runAsNonRoot=False), every_container(context(runAsNonRoot=True))),
    "windows": windows,
    "windows, null capabilities": both(
        windows, every_container(lambda c: c.update(securityContext={"capabilities": None}))
    ),
    "nulls": nulls,
    "inner nulls": inner_nulls,
    "no lists": lambda pod: [pod.pop(n) for n in ("initContainers", "ephemeralContainers", "volumes")],
    "numbers": lambda pod: pod["containers"][0].update(
        resources={"requests": {"cpu": 0.5, "memory": 1000}, "limits": {"memory": ".5Gi"}}
    ),
    "resources of the pod": lambda pod: (
        pod.update(resources=RESOURCES),
        pod["containers"][0].update(resources=None),
        pod["initContainers"][0].pop("resources"),
        pod["initContainers"][1].update(resources={"requests": None, "limits": None}),
    ),
    "safe sysctls": pod_context(sysctls=[{"name": name, "value": "1"} for name in SYSCTLS]),
    "own priority": fields(priorityClassName="high"),
    "own priority that only ends alike": fields(priorityClassName="my-system-critical"),
    "SELinux of containers": pod_context(seLinuxOptions={"type": "container_t", "level": "s0:c1,c2"}),
    **{
        f"SELinux type {name}": every_container(context(seLinuxOptions={"type": name}))
        for name in ("container_t", "container_init_t", "container_kvm_t", "container_engine_t")
    },
    "SELinux level": every_container(context(seLinuxOptions={"level": "s0:c1,c2"})),
    "AppArmor": pod_context(appArmorProfile={"type": "RuntimeDefault"}),
    "AppArmor of the node": every_container(context(appArmorProfile={"type": "Localhost", "localhostProfile": "p"})),
    "proc": every_container(context(procMount="Default")),
    "default account without a token": default_account(fields(automountServiceAccountToken=False)),
    "default account, nothing said": default_account(mounted("containers", "/data"), name=None),
    "default account with Pod Identity": default_account(volume(**token(audience="pods.eks.amazonaws.com"))),
    "default account with a certificate of the mesh": default_account(
        volume(**certificate(signerName="mesh-kubernetes.io/serving"))
    ),
    "default account with IRSA": default_account(volume(**token(audience="sts.amazonaws.com"))),
    "default account with IRSA in China": default_account(volume(**token(audience="sts.amazonaws.com.cn"))),
    "default account, mounts of another name": default_account(
        mounted("containers", f"{INJECTED}-2"), mounted("initContainers", f"/data{INJECTED}")
    ),
    "default account, nulls": default_account(
        nulls, fields(serviceAccountName=""), lambda p: p.update(serviceAccount=None)
    ),
    "default account, inner nulls": both(inner_nulls, lambda p: p.update(serviceAccount="")),
    "own account with its certificate": volume(**certificate(signerName="kubernetes.io/kube-apiserver-client-pod")),
    "own account with its token": both(
        mounted("containers", INJECTED), volume(**token()), fields(automountServiceAccountToken=True)
    ),
    "own account, older field": default_account(
        fields(serviceAccount="api", automountServiceAccountToken=True), name=None
    ),
    "no containers": lambda pod: pod.update(containers=[container()], volumes=[]),
}
"""Case -> change, after which every policy still admits the pod."""
