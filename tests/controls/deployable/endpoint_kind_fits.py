from hardened_eks.controls.deployable import endpoint_kind_fits
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template

ENDPOINT = "AWS::EC2::VPCEndpoint"
NAME = {"Fn::Sub": "com.amazonaws.${AWS::Region}.sts"}
S3 = {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.s3", "RouteTableIds": ["rtb-1"]}
STS = template(
    {
        "Sts": (
            ENDPOINT,
            {
                "VpcId": "vpc-1",
                "VpcEndpointType": "Interface",
                "ServiceName": NAME,
                "SubnetIds": ["subnet-1"],
                "SecurityGroupIds": ["sg-1"],
                "PrivateDnsEnabled": True,
            },
        )
    }
)


def gateway(**more):
    return template({"S3": (ENDPOINT, {**S3, **more})})


CASE = Case(
    endpoint_kind_fits,
    STS,
    bad={
        "private names of a gateway": Bad(
            gateway(VpcEndpointType="Gateway", PrivateDnsEnabled=True), "PrivateDnsEnabled"
        ),
        "kind left out": Bad(gateway(SecurityGroupIds=["sg-1"]), "SecurityGroupIds"),
        "subnets of a gateway": Bad(gateway(SubnetIds=["subnet-1"]), "SubnetIds"),
        "route tables of an interface": Bad(change(ENDPOINT, "RouteTableIds", ["rtb-1"]), "RouteTableIds"),
        "service without a gateway": Bad(
            change(ENDPOINT, "VpcEndpointType", "Gateway"),
            "SubnetIds",
            "SecurityGroupIds",
            "PrivateDnsEnabled",
            "VpcEndpointType",
        ),
        **at(
            "VpcEndpointType",
            {
                "route tables for all": template(
                    {"Sts": (ENDPOINT, {"VpcId": "vpc-1", "ServiceName": NAME, "RouteTableIds": ["rtb-1"]})}
                ),
            },
        ),
    },
    edge={
        "gateway": gateway(PrivateDnsEnabled=False, SubnetIds=[]),
        "addresses of a gateway": gateway(DnsOptions={"DnsRecordIpType": "dualstack"}),
        "table": gateway(ServiceName="com.amazonaws.eu-west-1.dynamodb"),
        "S3 by interface": change(ENDPOINT, "ServiceName", "com.amazonaws.eu-west-1.s3"),
        "hidden kind": hide(ENDPOINT, "VpcEndpointType"),
        "hidden service": template(
            {"It": (ENDPOINT, {"VpcId": "vpc-1", "ServiceName": {"Ref": "Service"}, "RouteTableIds": ["rtb-1"]})}
        ),
        "hidden groups": both(
            drop(ENDPOINT, "SubnetIds"),
            both(
                drop(ENDPOINT, "PrivateDnsEnabled"),
                both(
                    change(ENDPOINT, "ServiceName", "com.amazonaws.eu-west-1.s3"),
                    both(change(ENDPOINT, "VpcEndpointType", "Gateway"), hide(ENDPOINT, "SecurityGroupIds")),
                ),
            ),
        ),
    },
)
