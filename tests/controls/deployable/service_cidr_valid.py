from hardened_eks.controls.deployable import service_cidr_valid
from tests.controls.cases import Case, at, change
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    service_cidr_valid,
    cluster(KubernetesNetworkConfig={"ServiceIpv4Cidr": "172.20.0.0/16"}),
    bad=at(
        "KubernetesNetworkConfig.ServiceIpv4Cidr",
        {
            "public": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "100.64.0.0/16"),
            "too large": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.0/8"),
            "too small": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.0/28"),
            "host bits": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.1/16"),
            "ipv6": change(CL, "KubernetesNetworkConfig.IpFamily", "ipv6"),
        },
    ),
)
