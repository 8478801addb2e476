import re
from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls._unseen import launch_not_seen, user_data_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import CONFIGURATION, INSTANCE, TEMPLATE, prefix_of
from hardened_eks.evidence.views.launch_source import LAUNCHED
from hardened_eks.evidence.views.user_data import texts

_COMMENT: Final = regex(r"^\s*#(?!!).*$", re.MULTILINE)
_OPENINGS: Final = {
    "the kubelet answers anonymous requests": regex(
        r"""--anonymous-auth(?:[= ]["']?true|(?=["'\s]*(?:--|["'\n]|$)))"""
        r"""|["']?anonymous["']?\s*:\s*\{?\s*["']?enabled["']?\s*:\s*["']?true""",
        re.IGNORECASE,
        hints=("anonymous",),
    ),
    "the kubelet allows every request (AlwaysAllow)": regex(
        r"""--authorization-mode[= ]["']?[\w,]*AlwaysAllow|["']?mode["']?\s*[:=]\s*["']?AlwaysAllow""",
        re.IGNORECASE,
        hints=("alwaysallow",),
    ),
    "the kubelet serves its read-only port": regex(
        r"""--read-only-port[= ]["']?0*[1-9]|["']?readOnlyPort["']?\s*[:=]\s*["']?0*[1-9]""",
        re.IGNORECASE,
        hints=("read-only-port", "readonlyport"),
    ),
}
_KERNEL: Final = regex(
    r"""["']?protectKernelDefaults["']?\s*[:=]\s*["']?false|--protect-kernel-defaults[= ]["']?false""",
    re.IGNORECASE,
    hints=("protectkerneldefaults", "protect-kernel-defaults"),
)


@control(
    id="ND-21",
    title="User data does not open the kubelet to unauthorized requests",
    requirement=("kubelet.anonymous_auth", "kubelet.authorization_mode", "kubelet.read_only_port"),
    types=(TEMPLATE, INSTANCE, CONFIGURATION, *LAUNCHED),
    needs="assembly",
    severity=Severity.CRITICAL,
    why=(
        "Anyone who can reach an open kubelet can run commands in every pod of the node and read their secrets. The "
        "images of EKS configure the kubelet securely, but user data can change that."
    ),
    fix=(
        "Remove the settings, so that anonymous authentication stays off, authorization stays Webhook and "
        "readOnlyPort stays 0."
    ),
    source="https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html",
    blind="Scripts and files that user data downloads, and settings in a custom image.",
    enforced_by="NodeGroup",
)
def kubelet_guarded(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from launch_not_seen(resource, assembly, "UserData")
    yield from user_data_not_seen(resource)
    path = f"{prefix_of(resource)}UserData"
    read = [_COMMENT.sub("", text) for text in texts(resource.get(path))]
    for message, opening in _OPENINGS.items():
        if any(opening.search(text) for text in read):
            yield Problem(message, path)
    if any(_KERNEL.search(text) for text in read):
        yield Problem("the kubelet accepts any kernel settings (protectKernelDefaults)", path, severity=Severity.MEDIUM)
