from hardened_eks.controls.network import flow_logs
from tests.controls.cases import Case, ITSELF, add, at, both, change, hide, template, without
from tests.controls.network.base import VPC

LOG = "AWS::EC2::FlowLog"

FLOWING = template(
    {"Vpc": (VPC, {}), "Log": (LOG, {"ResourceId": {"Ref": "Vpc"}, "ResourceType": "VPC", "TrafficType": "ALL"})}
)

CASE = Case(
    flow_logs,
    FLOWING,
    bad=at(
        ITSELF,
        {
            "removed": without("Log"),
            "accepted traffic only": change(LOG, "TrafficType", "ACCEPT"),
            "traffic hidden": hide(LOG, "TrafficType"),
            "of a subnet": change(LOG, "ResourceId", "subnet-1"),
            "of another VPC": both(add(Other=(VPC, {})), change(LOG, "ResourceId", {"Ref": "Other"})),
        },
    ),
    edge={"refused traffic": change(LOG, "TrafficType", "REJECT")},
)
