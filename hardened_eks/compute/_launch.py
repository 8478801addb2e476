"""The launch template of all machines of the library: nodes and the admin host."""

from __future__ import annotations

import base64
from dataclasses import field
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ec2 as ec2

from hardened_eks._records import dataclass
from hardened_eks._tokens import is_text_token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from hardened_eks.compute._capacity import NodeVolume

# One hop: a pod is one hop further away, so it cannot get the credentials of its node.
_METADATA = {
    "httpEndpoint": "enabled",
    "httpTokens": "required",
    "httpPutResponseHopLimit": 1,
    "instanceMetadataTags": "disabled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """The settings that differ between machines. The rest of the launch template is the same for all."""

    name: str
    """Value of their tag ``Name``, unless the CDK's tags have one."""
    security_group_id: str
    volumes_key_arn: str
    """ARN of the KMS key of the volumes. Volumes without a key would use the account's default key."""
    volumes: Mapping[str, int | None]
    """Size in GiB by device, for example ``/dev/xvda``. None: the size of the image."""
    tagged: Sequence[str] = ("instance", "volume")
    """Resource types that get the tags at launch, in addition to the launch template itself."""
    tags_follow: bool = True
    """Whether machines get all tags of the launch template. False: only the name, if the launcher adds the others, or
    if a new version of the launch template replaces the instance."""
    user_data: str | None = None
    """Settings at first boot. Default: none, or those of EKS."""
    image_id: str | None = None
    """ID of the image. Default: EKS chooses it, as for managed node groups."""
    instance_type: str | None = None
    """Instance type. Default: the launcher chooses it."""
    instance_profile_arn: str | None = None
    """ARN of the instance profile. Default: EKS creates one, as for managed node groups."""
    subnet_id: str | None = None
    """ID of the subnet. Default: the launcher chooses it."""
    protected: bool = False
    """Whether the API refuses to terminate the instance. Not for machines that are replaced."""
    ebs_optimized: bool | None = None
    """Whether the instance is EBS-optimized. Default: that of the instance type, which is on for all Nitro types."""
    more_volumes: Sequence[NodeVolume] = ()
    """Volumes in addition to those of the operating system."""
    efa_cards: int = 0
    """Number of network cards with an Elastic Fabric Adapter."""
    efa_first: int = 0
    """Index of the first network card that supports one."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further data of the launch template: capacity and placement."""
    delete_interface: bool | None = True
    """Whether the network interface is deleted with the machine. Otherwise its security group could not be deleted."""


@jsii.implements(cdk.ITaggableV2)
class TaggedLaunchTemplate(ec2.CfnLaunchTemplate):
    """A launch template that gets the CDK's tags and passes them on to the resources that it launches.

    The CDK's own resource supports tags only as a property. To exclude instances from a tag, because each new value
    replaces all nodes: ``Tags.of(...).add(key, value, exclude_resource_types=["AWS::EC2::LaunchTemplate"])``.
    """

    def __init__(self, scope: Construct, id: str, *, launch: Launch, data: dict[str, Any]) -> None:
        """Create the launch template with the tag ``Name`` and those that are added later."""
        # Like `create`, without the type checks that Node repeats.
        jsii.create(type(self), self, [scope, id, {"launchTemplateData": data}])
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
        """The tag manager, which the CDK's `Tags` uses."""
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

    EC2 refuses settings of public addresses with several interfaces, and assigns none then.
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
    """Encode user data now, or at deployment if it contains values that are known only then."""
    return cdk.Fn.base64(text) if is_text_token(text) else base64.b64encode(text.encode()).decode()


def _volume(key_arn: str, size: int | None) -> dict[str, Any]:
    volume = {"encrypted": True, "kmsKeyId": key_arn, "volumeType": "gp3", "deleteOnTermination": True}
    return {**volume, **_known(volumeSize=size)}


def _known(**properties: Any) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}
