from hardened_eks.controls.nodes import no_remote_access
from tests.controls.cases import ITSELF, Bad, Case, at, change, hide
from tests.controls.nodes.base import GOOD, GROUP, NO_VALUE, chosen, plus

# A version by its number is one that the template need not show.
SEEN = change(GROUP, "LaunchTemplate.Version", {"Fn::GetAtt": ["Template", "LatestVersionNumber"]})(GOOD)

CASE = Case(
    no_remote_access,
    SEEN,
    bad={
        "an Instance Connect endpoint": Bad(
            plus(Door=("AWS::EC2::InstanceConnectEndpoint", {"SubnetId": {"Ref": "Subnet"}})), ITSELF
        ),
        **at(
            "RemoteAccess",
            {
                "everybody": change(GROUP, "RemoteAccess", {"Ec2SshKey": "ops"}),
                "some": change(GROUP, "RemoteAccess", {"Ec2SshKey": "ops", "SourceSecurityGroups": ["sg-1"]}),
                "empty": change(GROUP, "RemoteAccess", {}),
                "sometimes": change(GROUP, "RemoteAccess", chosen({"Ec2SshKey": "ops"})),
                "hidden": hide(GROUP, "RemoteAccess"),
                "malformed": change(GROUP, "RemoteAccess", ["ops"]),
            },
        ),
    },
    edge={"no value": change(GROUP, "RemoteAccess", NO_VALUE)},
)
