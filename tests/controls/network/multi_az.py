from hardened_eks.controls.network import multi_az
from tests.controls.cases import Bad, Case, ITSELF, add, both, change, drop, hide
from tests.controls.network.base import HOME, SUBNET, VPC, edit

CASE = Case(
    multi_az,
    HOME,
    bad={
        "one zone": Bad(change(SUBNET, "AvailabilityZone", "eu-west-1a"), ITSELF, "SubnetIds"),
        "zones left to EC2": Bad(drop(SUBNET, "AvailabilityZone"), ITSELF, "SubnetIds"),
        "one parameter": Bad(hide(SUBNET, "AvailabilityZone"), ITSELF, "SubnetIds"),
        "endpoint in one subnet": Bad(edit("Sts", SubnetIds=[{"Ref": "A"}]), "SubnetIds"),
        "endpoint without subnets": Bad(edit("Sts", SubnetIds=None), "SubnetIds"),
    },
    edge={
        "zones by name": both(edit("A", AvailabilityZone="eu-west-1a"), edit("B", AvailabilityZone="eu-west-1b")),
        "endpoint in imported subnets": edit("Sts", SubnetIds=["subnet-1", "subnet-2"]),
        "endpoint in a list that is passed in": edit("Sts", SubnetIds={"Ref": "Subnets"}),
        "VPC without subnets": add(Empty=(VPC, {})),
    },
)
