from hardened_eks.controls.storage import efs_backed_up
from tests.controls.cases import ITSELF, Bad, Case, at, both, change, drop, hide, template
from tests.controls.storage.base import EFS_TLS, FILES, FS, MOUNTED

PUBLIC = template(
    {
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Table": ("AWS::EC2::RouteTable", {}),
        "To": (
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Table"}},
        ),
        "Route": (
            "AWS::EC2::Route",
            {"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}},
        ),
    }
)["Resources"]

CASE = Case(
    efs_backed_up,
    FILES,
    bad={
        **at(
            "BackupPolicy.Status",
            {
                "off": change(FS, "BackupPolicy.Status", "DISABLED"),
                "left out": drop(FS, "BackupPolicy"),
                "hidden": hide(FS, "BackupPolicy.Status"),
            },
        ),
        "one zone": Bad(change(FS, "AvailabilityZoneName", "eu-west-1a"), "AvailabilityZoneName"),
        "everybody": Bad(
            change(FS, "FileSystemPolicy.Statement", [EFS_TLS, {**MOUNTED, "Condition": {}}]),
            "FileSystemPolicy.Statement.1",
        ),
        "policy hidden": Bad(hide(FS, "FileSystemPolicy"), "FileSystemPolicy"),
        "in a public subnet": Bad(lambda body: {**body, "Resources": {**body["Resources"], **PUBLIC}}, ITSELF),
    },
    edge={
        "in a backup selection": both(
            drop(FS, "BackupPolicy"),
            lambda body: {
                **body,
                "Resources": {
                    **body["Resources"],
                    "Selection": {
                        "Type": "AWS::Backup::BackupSelection",
                        "Properties": {"BackupSelection": {"Resources": [{"Fn::GetAtt": ["Files", "Arn"]}]}},
                    },
                },
            },
        ),
        "no policy": drop(FS, "FileSystemPolicy"),
    },
)
