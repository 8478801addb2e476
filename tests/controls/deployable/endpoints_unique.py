from hardened_eks.controls.deployable import endpoints_unique
from tests.controls.cases import Bad, Case, at, change, template

VPC, ENDPOINT = "AWS::EC2::VPC", "AWS::EC2::VPCEndpoint"
NAME = {"Fn::Sub": "com.amazonaws.${AWS::Region}.sts"}


def interface(service=NAME, vpc=None, **more):
    vpc = vpc or {"Ref": "Vpc"}
    return (
        ENDPOINT,
        {"VpcId": vpc, "VpcEndpointType": "Interface", "ServiceName": service, "PrivateDnsEnabled": True, **more},
    )


def gateway(*tables):
    return (
        ENDPOINT,
        {
            "VpcId": {"Ref": "Vpc"},
            "ServiceName": "com.amazonaws.eu-west-1.s3",
            "RouteTableIds": [{"Ref": table} for table in tables],
        },
    )


def beside(one, other, **more):
    tables = {name: ("AWS::EC2::RouteTable", {"VpcId": {"Ref": "Vpc"}}) for name in ("Rt", "Other")}
    return template({"Vpc": (VPC, {"CidrBlock": "10.0.0.0/16"}), **tables, "A": one, "B": other, **more})


CASE = Case(
    endpoints_unique,
    beside(interface(), interface({"Fn::Sub": "com.amazonaws.${AWS::Region}.logs"})),
    bad={
        **at(
            "PrivateDnsEnabled",
            {
                "twice": beside(interface(), interface(SubnetIds=["subnet-2"])),
                "all for one": change(ENDPOINT, "ServiceName", NAME),
                "in a foreign VPC": beside(interface(vpc="vpc-1"), interface(vpc="vpc-1")),
            },
        ),
        "gateways": Bad(beside(gateway("Rt"), gateway("Other", "Rt")), "RouteTableIds"),
    },
    edge={
        "without a private name": beside(interface(), interface(PrivateDnsEnabled=False)),
        "gateways of other tables": beside(gateway("Rt"), gateway("Other")),
        "gateway and interface": beside(gateway("Rt"), interface("com.amazonaws.eu-west-1.s3")),
        "in another VPC": beside(interface(), interface(vpc="vpc-2")),
        "one or the other": beside(
            {"Type": ENDPOINT, "Condition": "New", "Properties": interface()[1]},
            {"Type": ENDPOINT, "Condition": "Old", "Properties": interface()[1]},
        ),
    },
)
