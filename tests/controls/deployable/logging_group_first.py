from hardened_eks.controls.deployable import logging_group_first
from tests.controls.cases import Bad, Case, at, both, change, drop, template
from tests.controls.deployable.base import CL, depend, without

LOGGED = depend("Cluster", "Logs")(
    template(
        {
            "Logs": ("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/prod/cluster"}),
            "Cluster": (CL, {"Name": "prod", "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}]}}}),
        }
    )
)

CASE = Case(
    logging_group_first,
    LOGGED,
    bad={
        **at(
            "Logging.ClusterLogging",
            {
                "no group": without("Logs"),
                "other name": change("AWS::Logs::LogGroup", "LogGroupName", "/aws/eks/other/cluster"),
                "no dependency": depend("Cluster"),
            },
        ),
        "generated name": Bad(drop(CL, "Name"), "Name"),
        "hidden name": Bad(change(CL, "Name", {"Ref": "P"}), "Logging.ClusterLogging"),
    },
    edge={
        "no logging": both(without("Logs"), drop(CL, "Logging")),
        "one hidden name": both(
            change(CL, "Name", {"Ref": "P"}),
            change("AWS::Logs::LogGroup", "LogGroupName", {"Fn::Sub": "/aws/eks/${P}/cluster"}),
        ),
    },
)
