"""One launch template: what is the same for all machines, and what a machine adds."""

from functools import cache
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.compute._launch import Launch, launch_template

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"


@cache
def same_for_all() -> dict[str, Any]:
    return rendered()


def rendered(**arguments: Any) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Launch")
    launch_template(
        stack,
        Launch(
            **{
                "name": "n",
                "security_group_id": "sg-1",
                "volumes_key_arn": KEY,
                "volumes": {"/dev/xvda": 20},
                **arguments,
            }
        ),
    )
    (template,) = Template.from_stack(stack).find_resources("AWS::EC2::LaunchTemplate").values()
    data: dict[str, Any] = template["Properties"]["LaunchTemplateData"]
    return data


SAME = {
    "MetadataOptions": {
        "HttpEndpoint": "enabled",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
        "InstanceMetadataTags": "disabled",
    },
    "Monitoring": {"Enabled": True},
}


def test_what_every_machine_has() -> None:
    tags = [{"Key": "Name", "Value": "n"}]
    assert same_for_all() == {
        **SAME,
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {
                    "Encrypted": True,
                    "KmsKeyId": KEY,
                    "VolumeType": "gp3",
                    "VolumeSize": 20,
                    "DeleteOnTermination": True,
                },
            }
        ],
        "NetworkInterfaces": [
            {"DeviceIndex": 0, "AssociatePublicIpAddress": False, "DeleteOnTermination": True, "Groups": ["sg-1"]}
        ],
        "TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in ("instance", "volume")],
    }


def test_what_a_machine_that_eks_does_not_launch_adds() -> None:
    added = rendered(
        image_id="ami-1",
        instance_type="m7g.large",
        instance_profile_arn="arn:aws:iam::123456789012:instance-profile/x",
        subnet_id="subnet-1",
        user_data="[settings]",
        protected=True,
        ebs_optimized=True,
        delete_interface=None,
        tagged=("instance",),
        volumes={"/dev/xvda": None, "/dev/xvdb": 100},
    )
    plain = same_for_all()
    assert {name: value for name, value in added.items() if name not in plain} == {
        "ImageId": "ami-1",
        "InstanceType": "m7g.large",
        "IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/x"},
        "UserData": "W3NldHRpbmdzXQ==",
        "DisableApiTermination": True,
        "EbsOptimized": True,
    }
    assert added["NetworkInterfaces"] == [
        {"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Groups": ["sg-1"], "SubnetId": "subnet-1"}
    ]
    assert [one.get("VolumeSize") for one in (m["Ebs"] for m in added["BlockDeviceMappings"])] == [None, 100]
    assert [one["ResourceType"] for one in added["TagSpecifications"]] == ["instance"]


def test_nodes_and_the_admin_host_start_alike() -> None:
    stack = cdk.Stack(cdk.App(), "Cluster")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    hardened.AdminHost(stack, "Host", cluster=cluster)
    templates = Template.from_stack(stack).find_resources("AWS::EC2::LaunchTemplate").values()
    assert len(templates) == 2
    for template in templates:
        assert SAME.items() <= template["Properties"]["LaunchTemplateData"].items()
