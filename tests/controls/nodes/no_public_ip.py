from hardened_eks.controls.nodes import no_public_ip
from tests.controls.cases import ITSELF, Bad, Case, at, change, drop, hide, template
from tests.controls.nodes.base import DATA, GOOD, INSTANCE, LT, NO_VALUE, chosen, configuration, instance

INTERFACES = "LaunchTemplateData.NetworkInterfaces"

CASE = Case(
    no_public_ip,
    GOOD,
    bad={
        **at(
            "LaunchTemplateData.NetworkInterfaces.0.AssociatePublicIpAddress",
            {
                "on": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", True),
                "on as text": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", "true"),
                "hidden": hide(LT, f"{INTERFACES}.0.AssociatePublicIpAddress"),
            },
        ),
        "interfaces hidden": Bad(hide(LT, INTERFACES), "LaunchTemplateData.NetworkInterfaces"),
        "data hidden": Bad(hide(LT, DATA), "LaunchTemplateData.NetworkInterfaces"),
        "second on": Bad(
            change(LT, INTERFACES, [{"DeviceIndex": 0}, {"AssociatePublicIpAddress": True}]),
            "LaunchTemplateData.NetworkInterfaces.1.AssociatePublicIpAddress",
        ),
        "on sometimes": Bad(
            change(LT, INTERFACES, [chosen({"AssociatePublicIpAddress": True}, {"DeviceIndex": 0})]),
            "LaunchTemplateData.NetworkInterfaces.0.AssociatePublicIpAddress",
        ),
        "malformed": Bad(change(LT, INTERFACES, ["eth0"]), "LaunchTemplateData.NetworkInterfaces.0"),
        "instance": Bad(
            instance(NetworkInterfaces=[{"DeviceIndex": "0", "AssociatePublicIpAddress": True}]),
            "NetworkInterfaces.0.AssociatePublicIpAddress",
        ),
        "Elastic IP": Bad(
            template({"Host": (INSTANCE, {}), "Ip": ("AWS::EC2::EIP", {"InstanceId": {"Ref": "Host"}})}), ITSELF
        ),
        "Elastic IP associated": Bad(
            template(
                {
                    "Host": (INSTANCE, {}),
                    "Ip": ("AWS::EC2::EIPAssociation", {"InstanceId": {"Ref": "Host"}, "AllocationId": "eipalloc-1"}),
                }
            ),
            ITSELF,
        ),
        "launch configuration": Bad(configuration(AssociatePublicIpAddress=True), "AssociatePublicIpAddress"),
        "launch configuration, hidden": Bad(
            configuration(AssociatePublicIpAddress={"Ref": "Public"}), "AssociatePublicIpAddress"
        ),
    },
    edge={
        "text": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", "False"),
        "as the subnet says": drop(LT, INTERFACES),
        "not said": drop(LT, f"{INTERFACES}.0.AssociatePublicIpAddress"),
        "no value": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", NO_VALUE),
        "one interface or another": change(
            LT, INTERFACES, [chosen({"AssociatePublicIpAddress": False}, {"DeviceIndex": 0})]
        ),
        "launch configuration": configuration(AssociatePublicIpAddress="false"),
        "Elastic IP of a NAT gateway": template({"Host": (INSTANCE, {}), "Ip": ("AWS::EC2::EIP", {})}),
    },
)
