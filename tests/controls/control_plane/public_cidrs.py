from hardened_eks.controls.control_plane import public_cidrs
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD, VPC


def public(*ranges):
    return both(
        change(CLUSTER, f"{VPC}.EndpointPublicAccess", True), change(CLUSTER, f"{VPC}.PublicAccessCidrs", list(ranges))
    )


CASE = Case(
    public_cidrs,
    GOOD,
    bad={
        "everybody": Bad(public("0.0.0.0/0"), "ResourcesVpcConfig.PublicAccessCidrs.0"),
        "everybody in two halves": Bad(
            public("0.0.0.0/1", "128.0.0.0/1"),
            "ResourcesVpcConfig.PublicAccessCidrs.0",
            "ResourcesVpcConfig.PublicAccessCidrs.1",
        ),
        "everybody on IPv6": Bad(public("203.0.113.0/28", "::/0"), "ResourcesVpcConfig.PublicAccessCidrs.1"),
        "a provider's range": Bad(public("3.0.0.0/8"), "ResourcesVpcConfig.PublicAccessCidrs.0"),
        **at(
            "ResourcesVpcConfig.PublicAccessCidrs",
            {
                "not written": change(CLUSTER, f"{VPC}.EndpointPublicAccess", True),
                "empty": public(),
                "no network settings": drop(CLUSTER, VPC),
                "switch hidden": hide(CLUSTER, f"{VPC}.EndpointPublicAccess"),
            },
        ),
        "range hidden": Bad(
            both(public("x"), hide(CLUSTER, f"{VPC}.PublicAccessCidrs.0")), "ResourcesVpcConfig.PublicAccessCidrs.0"
        ),
        "list hidden": Bad(
            both(public("x"), hide(CLUSTER, f"{VPC}.PublicAccessCidrs")), "ResourcesVpcConfig.PublicAccessCidrs"
        ),
        "no range": Bad(public("office"), "ResourcesVpcConfig.PublicAccessCidrs.0"),
    },
    edge={
        "offices": public("8.8.8.0/24", "8.8.4.4/32", "2a00:1450::/48"),
        "private": public("10.0.0.0/8"),
        "closed, whatever the list says": change(CLUSTER, f"{VPC}.PublicAccessCidrs", ["0.0.0.0/0"]),
    },
)
