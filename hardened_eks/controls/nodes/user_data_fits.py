import re
import tomllib
from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import NODEGROUP, TEMPLATE, launch_template
from hardened_eks.evidence.views.user_data import decoded, whole

_PATH: Final = "LaunchTemplateData.UserData"
_BOTTLEROCKET: Final = "BOTTLEROCKET_"
_AMAZON_LINUX: Final = ("AL2023_", "AL2_")
_WINDOWS: Final = "WINDOWS_"
_LATER: Final = "${"
_TABLE: Final = re.compile(r"^\[([^\[\]]+)\]", re.MULTILINE)


@control(
    id="ND-23",
    title="User data is what the nodes' image reads",
    types=(TEMPLATE,),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 refuses what is not base64, EKS refuses a bare script for Amazon Linux, and Bottlerocket does not start "
        "with anything but TOML: the node group fails, or its nodes run without the settings that harden them."
    ),
    fix=(
        "Encode it (Fn::Base64). Bottlerocket: TOML below settings; NodeGroup(kubelet=, bottlerocket=) adds to ours. "
        "Amazon Linux: a MIME multi-part document, with a NodeConfig on AL2023. Windows: <powershell>."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-user-data",
    blind="Custom images (ImageId or AmiType CUSTOM). A node group without AmiType counts as AL2023.",
    enforced_by="NodeGroup",
)
def user_data_fits(template: Resource, assembly: Assembly) -> Iterator[Problem]:
    written = template.get(_PATH)
    if isinstance(written, str) and written and decoded(written) is None:
        yield Problem("it is not base64", _PATH)
        return
    if template.get("LaunchTemplateData.ImageId") is not None:
        return
    found = [
        message
        for group in assembly.referring(template, NODEGROUP)
        if launch_template(group, assembly) is template
        for text in whole(written)
        for message in _misfits(text, str(group.get("AmiType", "AL2023_x86_64_STANDARD")))
    ]
    for message in dict.fromkeys(found):
        yield Problem(message, _PATH)


def _misfits(text: str, image: str) -> Iterator[str]:
    start = text.lstrip().lower()
    if not start or start.startswith(_LATER):
        return
    if image.startswith(_BOTTLEROCKET):
        if not _is_settings(text):
            twice = next(iter(_twice(text)), None)
            why = "" if twice is None else f": the table [{twice}] stands twice, TOML takes each once"
            yield f"{image} reads TOML with settings, this is not{why}"
    elif image.startswith(_WINDOWS):
        if not start.startswith(("<powershell>", "<script>")):
            yield f"{image} reads <powershell>, this is not"
    elif image.startswith(_AMAZON_LINUX):
        if not start.startswith(("mime-version:", "content-type: multipart/")):
            yield f"{image} reads a MIME multi-part document, this is not"
        elif image.startswith("AL2023_") and "/etc/eks/bootstrap.sh" in text:
            yield f"{image} has no /etc/eks/bootstrap.sh: write a NodeConfig"
        elif image.startswith("AL2_") and "node.eks.aws/" in text:
            yield f"{image} reads no NodeConfig"


def _twice(text: str) -> Iterator[str]:
    tables = _TABLE.findall(text)
    yield from (table for table in dict.fromkeys(tables) if tables.count(table) > 1)


def _is_settings(text: str) -> bool:
    if _LATER in text:  # only the deployment knows the whole
        return "[settings" in text or text.lstrip().startswith("settings")
    try:
        return tomllib.loads(text).keys() == {"settings"}
    except tomllib.TOMLDecodeError:
        return False
