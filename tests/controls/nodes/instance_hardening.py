from hardened_eks.controls.nodes import instance_hardening
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import DATA, HOST, INHERITING, INSTANCE, LT

CASE = Case(
    instance_hardening,
    HOST,
    bad={
        **at(
            "DisableApiTermination",
            {
                "may be terminated": change(INSTANCE, "DisableApiTermination", False),
                "may be terminated by default": drop(INSTANCE, "DisableApiTermination"),
                "hidden": hide(INSTANCE, "DisableApiTermination"),
            },
        ),
        "not optimized": Bad(change(INSTANCE, "EbsOptimized", "false"), "EbsOptimized"),
        "not optimized by default": Bad(drop(INSTANCE, "EbsOptimized"), "EbsOptimized"),
        **at(
            "SubnetId",
            {
                "default VPC": drop(INSTANCE, "SubnetId"),
                "interface in the default VPC": both(
                    drop(INSTANCE, "SubnetId"), change(INSTANCE, "NetworkInterfaces", [{"DeviceIndex": "0"}])
                ),
                "interfaces hidden": both(drop(INSTANCE, "SubnetId"), hide(INSTANCE, "NetworkInterfaces")),
            },
        ),
        "overrides its template": Bad(
            both(lambda _: INHERITING, change(INSTANCE, "DisableApiTermination", False)), "DisableApiTermination"
        ),
        "template lets it go": Bad(
            both(lambda _: INHERITING, drop(LT, f"{DATA}.DisableApiTermination")), "DisableApiTermination"
        ),
        "template names no subnet": Bad(
            both(lambda _: INHERITING, drop(LT, f"{DATA}.NetworkInterfaces.0.SubnetId")), "SubnetId"
        ),
        "template hidden": Bad(
            both(lambda _: INHERITING, hide(LT, DATA)), "DisableApiTermination", "EbsOptimized", "SubnetId"
        ),
        "malformed": Bad(change(INSTANCE, "DisableApiTermination", ["true"]), "DisableApiTermination"),
        # as our own admin host is made
        "may be terminated, whatever its template says": Bad(
            both(change(INSTANCE, "DisableApiTermination", False), change(LT, f"{DATA}.DisableApiTermination", False)),
            "DisableApiTermination",
        ),
    },
    edge={
        "text": change(INSTANCE, "EbsOptimized", "true"),
        "its template": INHERITING,
        "its template by name": both(
            lambda _: INHERITING, change(INSTANCE, "LaunchTemplate", {"LaunchTemplateName": "admin"})
        ),
        "interface": both(
            drop(INSTANCE, "SubnetId"), change(INSTANCE, "NetworkInterfaces", [{"SubnetId": {"Ref": "S"}}])
        ),
        "interface made before": both(
            drop(INSTANCE, "SubnetId"), change(INSTANCE, "NetworkInterfaces", [{"NetworkInterfaceId": "eni-1"}])
        ),
        "subnet in a parameter": hide(INSTANCE, "SubnetId"),
    },
)
