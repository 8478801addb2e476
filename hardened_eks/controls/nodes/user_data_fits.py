import re
from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls._unseen import launch_not_seen, user_data_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.errors import repeated
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.auto_scaling import node_image
from hardened_eks.evidence.views.launch import NODEGROUP, TEMPLATE
from hardened_eks.evidence.views.launch_source import launch_template
from hardened_eks.evidence.views.user_data import decoded, whole

_PATH: Final = "LaunchTemplateData.UserData"
_BOTTLEROCKET: Final = "BOTTLEROCKET_"
_AMAZON_LINUX: Final = ("AL2023_", "AL2_")
_WINDOWS: Final = "WINDOWS_"
_SETTINGS: Final = ("cluster-name", "api-server", "cluster-certificate")
"""The settings with which Bottlerocket finds the cluster
(https://bottlerocket.dev/en/os/latest/install/quickstart/aws/eks/)."""
_NODE_CONFIG: Final = ("name", "apiServerEndpoint", "certificateAuthority", "cidr")
"""The keys of ``spec.cluster`` with which AL2023 finds the cluster
(https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/)."""
_LATER: Final = "${"
_TABLE: Final = regex(r"^\[([^\[\]]+)\]", re.MULTILINE)


@control(
    id="ND-23",
    title="User data has the format that the image of the nodes reads",
    types=(TEMPLATE, NODEGROUP),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EC2 rejects user data that is not base64, EKS rejects a plain script for Amazon Linux, and Bottlerocket "
        "starts only with TOML. The node group fails, or its nodes run without the hardening settings."
    ),
    fix=(
        "Encode the user data (Fn::Base64). Bottlerocket: TOML with the settings table; NodeGroup(kubelet=, "
        "bottlerocket=) adds to the settings of this library. Amazon Linux: a MIME multi-part document, with a "
        "NodeConfig for AL2023. Windows: a `<powershell>` script."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-user-data",
    blind="Custom images (ImageId or AmiType CUSTOM). A node group without AmiType counts as AL2023.",
    enforced_by="NodeGroup",
)
def user_data_fits(template: Resource, assembly: Assembly) -> Iterator[Problem]:
    if template.type == NODEGROUP:
        yield from launch_not_seen(template, assembly, "UserData")
        return
    yield from user_data_not_seen(template)
    written = template.get(_PATH)
    if isinstance(written, str) and written and decoded(written) is None:
        yield Problem("it is not base64", _PATH)
        return
    found = list(_of_image(template, written))
    if template.get("LaunchTemplateData.ImageId") is not None:
        for message in dict.fromkeys(found):
            yield Problem(message, _PATH)
        return
    found += [
        message
        for group in assembly.referring(template, NODEGROUP)
        if launch_template(group, assembly) is template
        for text in whole(written)
        for message in _misfits(text, str(group.get("AmiType", "AL2023_x86_64_STANDARD")))
    ]
    for message in dict.fromkeys(found):
        yield Problem(message, _PATH)


def _of_image(template: Resource, written: object) -> Iterator[str]:
    """Yield user data that does not fit the image of self-managed nodes, and missing settings for their cluster."""
    image = node_image(template)
    if image is None or not image.current:
        return
    bottlerocket = image.name == "bottlerocket"
    kind = f"{_BOTTLEROCKET if bottlerocket else _AMAZON_LINUX[0]}{image.architecture}"
    read = list(whole(written))
    if not read and written is None:
        yield f"{kind} starts without user data, so nodes do not know their cluster"
    for text in read:
        misfits = list(_misfits(text, kind))
        yield from misfits
        lacks = [name for name in (_SETTINGS if bottlerocket else _NODE_CONFIG) if name not in text]
        if lacks and not misfits and not text.lstrip().startswith(_LATER):
            yield f"the user data for {kind} does not set {', '.join(lacks)}, so nodes do not find their cluster"


def _misfits(text: str, image: str) -> Iterator[str]:
    start = text.lstrip().lower()
    if not start or start.startswith(_LATER):
        return
    if image.startswith(_BOTTLEROCKET):
        if not _is_settings(text):
            twice = next(iter(repeated(_TABLE.findall(text))), None)
            why = "" if twice is None else f": the table [{twice}] is defined twice, which TOML does not allow"
            yield f"{image} reads TOML with settings, but this is not such TOML{why}"
    elif image.startswith(_WINDOWS):
        if not start.startswith(("<powershell>", "<script>")):
            yield f"{image} reads a <powershell> script, but this is not one"
    elif image.startswith(_AMAZON_LINUX):
        if not start.startswith(("mime-version:", "content-type: multipart/")):
            yield f"{image} reads a MIME multi-part document, but this is not one"
        elif image.startswith("AL2023_") and "/etc/eks/bootstrap.sh" in text:
            yield f"{image} has no /etc/eks/bootstrap.sh: write a NodeConfig"
        elif image.startswith("AL2_") and "node.eks.aws/" in text:
            yield f"{image} does not read a NodeConfig"


def _is_settings(text: str) -> bool:
    if _LATER in text:  # the whole text is known only at deployment
        return "[settings" in text or text.lstrip().startswith("settings")
    import tomllib  # 2 ms that a template without user data does not need

    try:
        return tomllib.loads(text).keys() == {"settings"}
    except tomllib.TOMLDecodeError:
        return False
