from hardened_eks.controls.deployable import endpoint_service_exists
from tests.controls.cases import Case, at, both, change, template

CASE = Case(
    endpoint_service_exists,
    template(
        {
            "E": (
                "AWS::EC2::VPCEndpoint",
                {
                    "VpcEndpointType": "Interface",
                    "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.ecr.api"},
                },
            )
        }
    ),
    bad=at(
        "ServiceName",
        {
            "unknown": change("AWS::EC2::VPCEndpoint", "ServiceName", {"Fn::Sub": "com.amazonaws.${AWS::Region}.ecr"}),
            "literal region": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1.eksauth"),
            "gateway": change("AWS::EC2::VPCEndpoint", "VpcEndpointType", "Gateway"),
            "FIPS misspelt": change(
                "AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.us-east-1.secretmanager-fips"
            ),
            "FIPS of half a name": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.us-east-1.ecr-fips"),
            "region misspelt": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-wst-1.ecr.api"),
            "zone for a region": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1a.ecr.api"),
            "short": change("AWS::EC2::VPCEndpoint", "ServiceName", "ecr.api"),
            "com.amazon": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazon.eu-west-1.ecr.api"),
            "region by parameter": change(
                "AWS::EC2::VPCEndpoint", "ServiceName", {"Fn::Sub": "com.amazonaws.${Region}.eksauth"}
            ),
        },
    ),
    edge={
        "FIPS": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.us-east-1.eks-fips"),
        "FIPS in the middle": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.us-east-1.ecr-fips.api"),
        "FIPS at the end": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.us-east-1.ecr.dkr-fips"),
        "newer than the data": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1.newest-service"),
        "of somebody else": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.vpce.eu-west-1.vpce-svc-1"),
        "of all regions": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.s3-global.accesspoint"),
        "sovereign cloud": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eusc-de-east-1.ecr.api"),
        "GovCloud": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.us-gov-west-1.ecr.api"),
        "s3 gateway": both(
            change("AWS::EC2::VPCEndpoint", "VpcEndpointType", "Gateway"),
            change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1.s3"),
        ),
    },
)
