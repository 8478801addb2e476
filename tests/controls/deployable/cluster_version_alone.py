from hardened_eks.controls.deployable import cluster_version_alone
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import CL

DEPLOYED = {
    "Name": "prod",
    "Version": "1.35",
    "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "audit"}]}},
    "ResourcesVpcConfig": {"EndpointPublicAccess": False, "SubnetIds": ["subnet-1"]},
    "Tags": [{"Key": "owner", "Value": "payments"}],
}
NEW = change(CL, "Version", "1.36")
CLUSTER = template({"Cluster": (CL, DEPLOYED)})

CASE = Case(
    cluster_version_alone,
    CLUSTER,
    bad={
        "logs": Bad(both(NEW, drop(CL, "Logging")), "Logging"),
        "endpoint": Bad(
            both(NEW, change(CL, "ResourcesVpcConfig.PublicAccessCidrs", ["192.0.2.0/24"])), "ResourcesVpcConfig"
        ),
        "several": Bad(
            both(
                change(CL, "Version", "1.34"),
                both(
                    change(CL, "AccessConfig", {"AuthenticationMode": "API"}),
                    change(CL, "UpgradePolicy", {"SupportType": "STANDARD"}),
                ),
            ),
            "AccessConfig.AuthenticationMode",
            "UpgradePolicy",
        ),
    },
    edge={
        "version alone": NEW,
        "in quotation marks": both(NEW, change(CL, "ResourcesVpcConfig.EndpointPublicAccess", "false")),
        "with tags": both(NEW, change(CL, "Tags", [])),
        "with what belongs to it": both(NEW, change(CL, "RollbackConfig", {"TimeoutMinutes": 120})),
        "logs alone": drop(CL, "Logging"),
        "new cluster": template({"New": (CL, {"Version": "1.36"})}),
    },
    previous=CLUSTER,
)
