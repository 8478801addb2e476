from collections.abc import Iterator
from typing import Any

from hardened_eks.controls._unseen import launch_not_seen, user_data_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.expressions import LATER
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, TEMPLATE, prefix_of
from hardened_eks.evidence.views.launch_source import LAUNCHED
from hardened_eks.evidence.views.user_data import whole


@control(
    id="ND-22",
    title="Bottlerocket settings leave the admin container off and the kernel locked down",
    requirement=("node.ssh.no_remote_access", "node.os.container_optimized"),
    types=(TEMPLATE, INSTANCE, CONFIGURATION, *LAUNCHED),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "The admin container and every superpowered container are root on the host, which defeats the purpose of "
        "Bottlerocket. Without lockdown, root can also load code into the kernel."
    ),
    fix=(
        "Set settings.host-containers.admin.enabled to false and settings.kernel.lockdown to integrity or "
        "confidentiality. Start no superpowered container and no bootstrap container, or waive the one that you need."
    ),
    source="https://bottlerocket.dev/en/os/latest/api/settings/host-containers/",
    blind=(
        "Settings that are changed later through the API or the control container. The defaults of the image: the "
        "admin container is off, and lockdown depends on the variant."
    ),
    enforced_by="NodeGroup",
)
def bottlerocket_closed(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from launch_not_seen(resource, assembly, "UserData")
    yield from user_data_not_seen(resource)
    path = f"{prefix_of(resource)}UserData"
    found = (message for text in whole(resource.get(path)) for message in _openings(_settings(text)))
    for message in dict.fromkeys(found):
        yield Problem(message, path)


def _settings(text: str) -> dict[str, Any]:
    """Return user data as Bottlerocket settings; values that are known only at deployment are open."""
    import tomllib  # 2 ms that a template without user data does not need

    try:
        settings = tomllib.loads(LATER.sub("later", text)).get("settings")
    except tomllib.TOMLDecodeError:
        try:
            settings = tomllib.loads(LATER.sub('"later"', text)).get("settings")
        except tomllib.TOMLDecodeError:
            return {}
    return settings if isinstance(settings, dict) else {}


def _openings(settings: dict[str, Any]) -> Iterator[str]:
    containers = settings.get("host-containers")
    for name, container in containers.items() if isinstance(containers, dict) else ():
        if not isinstance(container, dict):
            continue
        if name == "admin" and container.get("enabled", False) is not False:
            yield "the admin container is on"
        elif container.get("superpowered", False) is not False and container.get("enabled", True) is not False:
            yield f"the host container {name} is superpowered"
    before = settings.get("bootstrap-containers")
    for name, container in before.items() if isinstance(before, dict) else ():
        if isinstance(container, dict) and container.get("mode", "off") != "off":
            yield f"the bootstrap container {name} can access the host's file system before the node joins"
    kernel = settings.get("kernel")
    lockdown = kernel.get("lockdown", "integrity") if isinstance(kernel, dict) else "integrity"
    if lockdown not in ("integrity", "confidentiality"):
        yield f"the kernel is not locked down (lockdown is {lockdown})"
