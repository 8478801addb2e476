"""The one launch template: how every machine of the library starts, nodes and the admin host alike."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ec2 as ec2

from hardened_eks._tokens import is_text_token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from hardened_eks.compute._capacity import NodeVolume

# One hop: a pod is one further away, so that it cannot take the role of its node.
_METADATA = {
    "httpEndpoint": "enabled",
    "httpTokens": "required",
    "httpPutResponseHopLimit": 1,
    "instanceMetadataTags": "disabled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What differs between the machines; the rest of the launch template is the same for all."""

    name: str
    """Their tag ``Name``, unless the CDK's tags have one."""
    security_group_id: str
    volumes_key_arn: str
    """KMS key of the volumes: those of an instance follow the account's default key unless they are named."""
    volumes: Mapping[str, int | None]
    """Size in GiB by device, for example ``/dev/xvda``; None: as large as the image needs."""
    tagged: Sequence[str] = ("instance", "volume")
    """What gets the tags at launch, beside the launch template itself."""
    tags_follow: bool = True
    """Launch with all tags of the launch template. False: with the name alone, where the launcher adds the others, and
    where a new version of the launch template replaces the instance."""
    user_data: str | None = None
    """Settings at first boot. Default: none, or EKS's own."""
    image_id: str | None = None
    """Default: EKS chooses, as it does for managed node groups."""
    instance_type: str | None = None
    """Default: anyone who launches chooses."""
    instance_profile_arn: str | None = None
    """Default: EKS makes one, as it does for managed node groups."""
    subnet_id: str | None = None
    """Default: anyone who launches chooses."""
    protected: bool = False
    """Refuse to terminate the instance through the API. Not for machines that are replaced."""
    ebs_optimized: bool | None = None
    """Default: as the instance type has it, which is on for all of Nitro."""
    more_volumes: Sequence[NodeVolume] = ()
    """Beside those of the operating system."""
    efa_cards: int = 0
    """Network cards with an Elastic Fabric Adapter."""
    efa_first: int = 0
    """The first network card that takes one."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further data of the launch template: capacity and placement."""
    delete_interface: bool | None = True
    """Delete the network interface with the machine: one that stays keeps its security group from being deleted."""


@jsii.implements(cdk.ITaggableV2)
class TaggedLaunchTemplate(ec2.CfnLaunchTemplate):
    """A launch template that the CDK's tags reach, and with it what it launches.

    The CDK's own resource takes tags as a property only. To keep a tag from instances, where each new value replaces
    all nodes: ``Tags.of(...).add(key, value, exclude_resource_types=["AWS::EC2::LaunchTemplate"])``.
    """

    def __init__(self, scope: Construct, id: str, *, launch: Launch, data: dict[str, Any]) -> None:
        """Create the launch template with the tag ``Name`` and those that are added later."""
        super().__init__(scope, id, launch_template_data=data)
        self._tags = cdk.TagManager(cdk.TagType.KEY_VALUE, "AWS::EC2::LaunchTemplate", {"Name": launch.name})
        tags = self._tags.rendered_tags
        at_launch = tags if launch.tags_follow else [{"Key": "Name", "Value": launch.name}]
        launched = [{"ResourceType": kind, "Tags": at_launch} for kind in launch.tagged]
        itself = [{"ResourceType": "launch-template", "Tags": tags}]
        # The properties take lists that are known now, an override takes tags that are added later.
        self.add_override(
            "Properties", {"TagSpecifications": itself, "LaunchTemplateData": {"TagSpecifications": launched}}
        )

    @property
    @jsii.member(jsii_name="cdkTagManager")
    def cdk_tag_manager(self) -> cdk.TagManager:
        """The tags, as the CDK's `Tags` asks for them."""
        return self._tags


def launch_template(scope: Construct, launch: Launch) -> ec2.CfnLaunchTemplate:
    """Create a launch template: IMDSv2 only, encrypted volumes, no public address, no key pair, detailed monitoring."""
    data: dict[str, Any] = {
        "metadataOptions": _METADATA,
        "blockDeviceMappings": [
            {"deviceName": device, "ebs": _volume(launch.volumes_key_arn, size)}
            for device, size in launch.volumes.items()
        ]
        + [
            {
                "deviceName": one.device,
                "ebs": {
                    **_volume(launch.volumes_key_arn, one.size_gib),
                    **_known(iops=one.iops, throughput=one.throughput),
                },
            }
            for one in launch.more_volumes
        ],
        "networkInterfaces": _interfaces(launch),
        "monitoring": {"enabled": True},
        **_known(
            imageId=launch.image_id,
            instanceType=launch.instance_type,
            iamInstanceProfile=launch.instance_profile_arn and {"arn": launch.instance_profile_arn},
            ebsOptimized=launch.ebs_optimized,
            disableApiTermination=launch.protected or None,
            userData=launch.user_data and _encoded(launch.user_data),
        ),
        **launch.extra,
    }
    return TaggedLaunchTemplate(scope, "LaunchTemplate", launch=launch, data=data)


def _interfaces(launch: Launch) -> list[dict[str, Any]]:
    """Return the network interfaces: the first, and one for each further network card with EFA.

    EC2 refuses a word about public addresses where there are several interfaces, and gives none there.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html
    """
    efa = range(launch.efa_first, launch.efa_first + launch.efa_cards)
    further = [card for card in efa if card]
    first = _known(
        deviceIndex=0,
        associatePublicIpAddress=None if further else False,
        deleteOnTermination=launch.delete_interface,
        groups=[launch.security_group_id],
        subnetId=launch.subnet_id,
        interfaceType="efa" if 0 in efa else None,
    )
    more = [
        {
            "deviceIndex": 1,
            "networkCardIndex": card,
            "deleteOnTermination": True,
            "groups": [launch.security_group_id],
            "interfaceType": "efa-only",
        }
        for card in further
    ]
    return [first, *more]


def _encoded(text: str) -> str:
    """Encode user data now, or at deployment where it names what only the deployment knows."""
    return cdk.Fn.base64(text) if is_text_token(text) else base64.b64encode(text.encode()).decode()


def _volume(key_arn: str, size: int | None) -> dict[str, Any]:
    volume = {"encrypted": True, "kmsKeyId": key_arn, "volumeType": "gp3", "deleteOnTermination": True}
    return {**volume, **_known(volumeSize=size)}


def _known(**properties: Any) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}
